"""A desk's view of the shared database: one writer at a time, and who that is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cached_property

import psycopg

from esign_cli.foundation import log
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.errors.store import ServerBusy
from esign_cli.store import custody_key
from esign_cli.store.caller import Caller, named
from esign_cli.store.connection import BUSY_SECONDS, Db
from esign_cli.store.database import Store
from esign_cli.store.server import roles
from esign_cli.store.server.connection import ServerConnection
from esign_cli.store.server.failures import as_store_errors

AUDIT_KEY = "audit"
_SPACE = 0x6573
"""Of the advisory locks, so that they are nobody else's in the same database."""
LOCK = f"SELECT pg_advisory_xact_lock({_SPACE}, hashtext(current_schema))"
_WRITER = f"""
SELECT application_name, coalesce(usename, '') FROM pg_locks JOIN pg_stat_activity USING (pid)
 WHERE locktype = 'advisory' AND classid = {_SPACE} AND granted
   AND objid = CAST(CAST(hashtext(current_schema) AS bigint) & 4294967295 AS oid)
   AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""  # noqa: S608  (a number)
_BEGIN = (
    "BEGIN ISOLATION LEVEL READ COMMITTED",
    "SET LOCAL lock_timeout = '{patience:g}s'",
    LOCK,
    "SET LOCAL idle_in_transaction_session_timeout = '8s'",
    "SELECT set_config('application_name', left(current_setting('application_name'), 52) || '/'"
    " || CAST(floor(extract(epoch FROM clock_timestamp())) AS bigint), true)",
)
"""A writer's transaction: every statement sees what is committed when it begins, so also what the
writer before has just written (REPEATABLE READ would look from before the lock). A desk that falls
silent is gone: between two statements of a writer lie fractions of a second (0.2 s in an import of
20,000 on a busy computer), but for who says otherwise (`may_be_silent`)."""
_PATIENCE = (1.0, BUSY_SECONDS - 1.0)
"""Seconds after which whoever waits is told for whom, and then gives up."""
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ"


class Desk(Store):
    """An open database on a server."""

    def __init__(self, server: Server, connection: ServerConnection, caller: Caller) -> None:
        super().__init__(server.files, connection)
        self.server, self.origin = server, server
        self.caller: Caller = caller
        self.connection = connection
        connection.machine, connection.database_user = caller.machine, connection.raw.info.user

    @property
    def may_change(self) -> bool:
        return self._rights in (roles.OWNER, roles.EDITOR)

    @cached_property
    def _rights(self) -> str:
        return roles.rights(self.db)

    @property
    def place(self) -> str:
        return str(self.server)

    @cached_property
    def key(self) -> bytes:
        """The key of the audit trail, which all desks share."""
        return custody_key.derived(self.secret)

    @property
    def secret(self) -> bytes:
        """What that key is derived from."""
        query = "SELECT value FROM custody WHERE name = ?"
        return bytes(self.db.execute(query, (AUDIT_KEY,)).fetchone()[0])

    @contextlib.contextmanager
    def committed(self) -> Iterator[Db]:
        """Look at what is committed: a writer has changed nothing of what it asks here for."""
        yield self.db

    @contextlib.contextmanager
    def writing(self) -> Iterator[Db]:
        """Begin one transaction as the only writer: all of it is kept, or nothing.

        Raises ServerBusy when another desk writes for BUSY_SECONDS, ServerLost, DiskFull or
        ServerRightMissing.
        """
        with self._transaction("; ".join(_BEGIN), "COMMIT"):
            yield self.db

    @contextlib.contextmanager
    def reading(self) -> Iterator[Db]:
        """Take one consistent look at the database, whatever others write meanwhile."""
        with self._transaction(_READ, "ROLLBACK"):
            yield self.db

    def may_be_silent(self) -> None:
        """Let this transaction take its time between two statements."""
        self.connection.later("SET LOCAL idle_in_transaction_session_timeout = '600s'")

    @staticmethod
    def give_way() -> None:
        """Let another desk write: the server lets them in by turns."""

    def first_bad_value(self) -> str:
        """Return "table.column" of the first value that esign cannot have written; "" for none."""
        from esign_cli.store.server import values

        return values.first_bad_value(self.db)

    def pack(self) -> None:
        """Leave what was deleted to the server, which takes its rows away by itself."""

    @contextlib.contextmanager
    def _transaction(self, begin: str, end: str) -> Iterator[None]:
        with as_store_errors(self.server, self.connection):
            self._begin(begin)
            try:
                yield
                if end == "COMMIT":
                    if self.before_commit is not None:
                        self.before_commit(self.db)
                    self.db.execute(end)
                log.event("database", "%s", end)
            finally:
                self.connection.drop_unsent()  # nobody has wanted its answers
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")

    def _begin(self, begin: str) -> None:
        log.event("database", "%s", begin.partition(";")[0])
        if LOCK not in begin:
            self.connection.later(begin)
            return
        told, given_up = _PATIENCE
        if self._begun(begin.format(patience=told)):
            return
        if self.caller.waits is not None:
            self.caller.waits(*self.writer())
        if not self._begun(begin.format(patience=given_up)):
            desk, seconds = self.writer()
            raise ServerBusy(address=self.place, desk=desk, seconds=seconds)

    def _begun(self, begin: str) -> bool:
        """Whether the transaction has begun; not while another desk writes."""
        try:
            self.db.execute(begin)
        except psycopg.errors.LockNotAvailable:
            self.db.execute("ROLLBACK")
            return False
        return True

    def writer(self) -> tuple[str, int]:
        """Return who is writing just now, and for how many seconds; "" and 0: nobody."""
        row = self.db.execute(_WRITER).fetchone()
        if row is None:
            return "", 0
        label, user = row
        who, machine = named(label)
        now = self.db.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()[0]
        seconds = int(now) - (writing_since(label) or int(now))
        return (f"{who} ({machine})" if machine else user), max(seconds, 0)


def writing_since(label: str) -> int | None:
    """Return since when a session of this name has been writing, as Unix time; None: it is not."""
    began = label.rpartition("/")[2]
    return int(began) if "/" in label and began.isdigit() else None
