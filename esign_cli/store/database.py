"""The SQLite file itself: where it may be opened, migrated and written to.

Reading loads no sqlite-utils, which takes 150 ms to import: only a migration that is due does.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from esign_cli.foundation import database_server, files, locks, log
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import store as errors
from esign_cli.foundation.errors.environment import DiskFull
from esign_cli.foundation.i18n import N_
from esign_cli.store import connection as connections
from esign_cli.store import file_place, inspection, log_state, schema
from esign_cli.store.caller import Caller
from esign_cli.store.connection import Connection, Db, connect

if TYPE_CHECKING:
    from esign_cli.foundation.credentials import Places
    from esign_cli.foundation.database_server import Server

WAIT_SECONDS = 0.02
_LOOKS_AGAIN = 0.11
"""Seconds after which whoever waits for the database has looked at it again."""
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
UNREADABLE_PARTS = N_("SQLite cannot read all of it")
_CONTENT = {
    sqlite3.SQLITE_NOTADB: N_("the file is no database"),
    sqlite3.SQLITE_CORRUPT: UNREADABLE_PARTS,
    sqlite3.SQLITE_INTERRUPT: N_("looking at it took too long"),
    sqlite3.SQLITE_AUTH: N_("its audit trail cannot be read"),  # before the first change
    sqlite3.SQLITE_TOOBIG: N_("a value in it is larger than any of esign's"),
}
_UNOPENABLE = {
    sqlite3.SQLITE_CANTOPEN: file_place.CANNOT_BE_OPENED,
    sqlite3.SQLITE_IOERR: N_("reading or writing it failed"),
    sqlite3.SQLITE_READONLY: N_("it may only be read"),
    sqlite3.SQLITE_PERM: N_("Permission denied"),
    sqlite3.SQLITE_PROTOCOL: N_("it cannot be locked"),
}
"""What SQLite's codes mean of the file; the rest is said in SQLite's own words."""


class Store:
    """An open database; the modules beside this one read and write it."""

    def __init__(
        self,
        path: Path,
        connection: Db,
        secret_places: Places | None = None,
        stands_for: Path | None = None,
    ) -> None:
        self.path = path
        self.origin: Path | Server = path
        """What was opened."""
        self.caller: Caller | None = None
        self.db = connection
        self.secret_places = secret_places
        self.home = stands_for or path
        """The database beside which its key lies, and the list of who was forgotten."""
        self.recovered = False
        """Whether opening it has taken in what a run that was cut off had left in the log."""
        self.migrated = False
        """Whether opening it has brought it up to date."""
        self.before_commit: Callable[[Db], None] | None = None
        """Called at the end of each transaction that writes, as a part of it."""
        self.expects_changes: Callable[[Sequence[str]], None] = lambda _tables: None
        """Told of tables that are likely to be changed, before something that takes long."""

    @property
    def place(self) -> str:
        """Where the database is, as it is told to people."""
        return str(self.path)

    @property
    def may_change(self) -> bool:
        """Whether this user may write more than a row of the trail and the numbers of lists."""
        return True

    @property
    def sqlite(self) -> sqlite3.Connection:
        """The connection to the file; for what only a file knows."""
        assert isinstance(self.db, sqlite3.Connection)  # noqa: S101  (a server's store has its own)
        return self.db

    @contextlib.contextmanager
    def committed(self) -> Iterator[Db]:
        """Look at what is committed, beside a transaction that is open."""
        from esign_cli.store import trail

        with contextlib.closing(trail.beside(self.path)) as db:
            yield db

    @cached_property
    def key(self) -> bytes:
        """The key of the audit trail and of what is kept of the forgotten; as `own_key` raises.

        None is made for a trail whose key never lay beside it: a run without a session (cron) only
        fails to reach the keyring, and would go on with another key.
        """
        from esign_cli.store import custody_key

        return custody_key.derived(self.secret)

    @property
    def secret(self) -> bytes:
        """What that key is derived from, as it is kept."""
        from esign_cli.store import custody_key

        return custody_key.secret(self.home, self.secret_places, may_make=self._may_make_key)

    def _may_make_key(self) -> bool:
        from esign_cli.store import custody_key

        if custody_key.lay_beside(self.home):
            return True
        return self.db.execute("SELECT 1 FROM audit LIMIT 1").fetchone() is None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Db]:
        """Begin one transaction as a writer: all of it is kept, or nothing.

        Raises DatabaseBusy when another program writes for BUSY_SECONDS, DiskFull,
        DatabaseUnopenable or DatabaseUnreadable, and as `key` where an audit trail watches.
        """
        if self.before_commit is not None:
            _ = self.key  # within a statement SQLite would say why it cannot be had, and wrongly
        with self._transaction("BEGIN IMMEDIATE", "COMMIT"):
            yield self.db

    def first_bad_value(self) -> str:
        """Return "table.column" of the first value that esign cannot have written; "" for none."""
        with as_store_errors(self.path):
            return inspection.first_bad_value(self.sqlite)

    def pack(self) -> None:
        """Leave nothing of what was deleted; raises as `compaction.pack`."""
        from esign_cli.store import compaction

        compaction.pack(self)

    def may_be_silent(self) -> None:
        """Let this transaction take its time between two statements: a file's always may."""

    @staticmethod
    def give_way() -> None:
        """Let another program write, between two transactions of a batch.

        SQLite does not queue writers: one that waits looks again every tenth of a second, and who
        begins anew at once shuts it out for the whole batch.
        """
        time.sleep(_LOOKS_AGAIN)

    @contextlib.contextmanager
    def staging(self) -> Iterator[Db]:
        """Begin a transaction on temporary tables, which nobody else has to wait for.

        Raises DiskFull, DatabaseUnopenable or DatabaseUnreadable.
        """
        with self._transaction("BEGIN", "COMMIT"):
            yield self.db

    @contextlib.contextmanager
    def reading(self) -> Iterator[Db]:
        """Take one consistent look at the database, whatever others write meanwhile."""
        with self._transaction("BEGIN", "ROLLBACK"):
            yield self.db

    @contextlib.contextmanager
    def _transaction(self, begin: str, end: str) -> Iterator[None]:
        with as_store_errors(self.path):
            self.db.execute(begin)
            log.event("database", "%s", begin)
            try:
                yield
                if end == "COMMIT" and self.before_commit is not None:
                    self.before_commit(self.db)
                self.db.execute(end)
                log.event("database", "%s", end)
            finally:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")


def open_store(
    place: Path | Server,
    secret_places: Places | None = None,
    *,
    stands_for: Path | None = None,
    anywhere: bool = False,
    caller: Caller | None = None,
) -> AbstractContextManager[Store]:
    """Open a database, a file's (`open_file`) or a server's (`server.session.open_server`).

    Raises as those, and ServerDriverMissing.
    """
    if isinstance(place, Path):
        machine = caller.machine if caller else ""
        return open_file(
            place, secret_places, stands_for=stands_for, anywhere=anywhere, machine=machine
        )
    try:
        from esign_cli.store.server.session import open_server
    except ImportError as error:
        raise database_server.driver_missing(place) from error
    return open_server(place, secret_places, caller or Caller())


def is_there(place: Path | Server) -> bool:
    """Return whether there may be a database; of a server that is not asked here."""
    return not isinstance(place, Path) or place.exists()


def exclusive_run(
    place: Path | Server,
    command: str,
    wait: float,
    secret_places: Places | None = None,
    caller: Caller | None = None,
) -> AbstractContextManager[None]:
    """Keep a second run of this command from the same database for a `with` block.

    Raises AlreadyRunning, DiskFull, OutputUnwritable, and of a server what opening it raises.
    """
    if isinstance(place, Path):
        files.private_folder(place.parent)
        return locks.lock(place.with_name(f"{place.name}.{command}.lock"), command, wait=wait)
    try:
        from esign_cli.store.server.exclusive import exclusive
    except ImportError as error:
        raise database_server.driver_missing(place) from error
    return exclusive(place, command, wait, secret_places, caller or Caller())


@contextlib.contextmanager
def open_file(
    path: Path,
    secret_places: Places | None = None,
    *,
    stands_for: Path | None = None,
    anywhere: bool = False,
    machine: str = "",
) -> Iterator[Store]:
    """Open the database at `path`, made if it is not there and brought up to date.

    `machine` is this computer's name, for what is entered. `secret_places` are where its key may
    be kept, if not beside it; a copy that `stands_for`
    another uses the other's key. `anywhere`: on another computer's disk, too. Raises
    DatabaseOnNetwork, DatabaseNewer (a later version wrote it),
    DatabaseUnreadable, DatabaseUnopenable, DatabaseBusy, DiskFull, OutputUnwritable.
    """
    if not anywhere:
        file_place.check_disk(path)
    files.private_folder(path.parent)
    with as_store_errors(path):
        file_place.check_place(path)
        if not files.is_file(path):
            file_place.make_private(path)
        recovered = log_state.left_by_a_crash(path)
        connection = connect(path, kind=Connection)
        assert isinstance(connection, Connection)  # noqa: S101  (the kind that was asked for)
        connection.row_factory = sqlite3.Row
        connection.machine = machine
        try:
            store = Store(path, connection, secret_places, stands_for)
            store.recovered = recovered
            with inspection.limited(connection):
                inspection.guard(connection)
                connection.execute("PRAGMA foreign_keys = ON")
                inspection.check_code(connection, path)
                inspection.check_owner(connection, path)
            file_place.make_private(path)  # only now: it is ours, or new
            _bring_up_to_date(store)
            with inspection.limited(connection):
                inspection.check_schema(connection, path)
            _finish_erasure(store)
            yield store
        finally:
            connection.close()


def _finish_erasure(store: Store) -> None:
    """Do what is left to do of a forgetting: a reader held it back, or it was cut off."""
    if store.db.execute("PRAGMA user_version").fetchone()[0] == ERASURE_PENDING:
        from esign_cli.store import erasure

        erasure.finish(store)


ERASURE_PENDING = 1
"""The user_version of a database in which something forgotten is yet to be overwritten."""


def truncate_log(db: sqlite3.Connection) -> bool:
    """Write the log into the database and empty it; gives whether no reader held it back.

    It waits as long as a writer does.
    """
    (held, _log, _moved) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not held


def _bring_up_to_date(store: Store) -> None:
    applied = _applied(store)
    if unknown := schema.unknown(applied):
        raise errors.DatabaseNewer(path=str(store.path), migrations=list(unknown))
    if not schema.pending(applied):
        return
    from sqlite_utils import Database

    use_wal(store.sqlite)
    if applied and store.home == store.path:
        _back_up(store, applied[-1])
    with store.writing():
        store.migrated = True
        log.event("database", "brought up to date from %s", applied[-1] if applied else "nothing")
        ours = Database(store.sqlite, execute_plugins=False)  # nobody else's code on it
        schema.migrations().apply(ours)  # whoever came second finds nothing to do


def use_wal(db: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite itself does not wait there for another that is just doing the same."""
    end = time.monotonic() + connections.BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(WAIT_SECONDS)
        else:
            return


def _applied(store: Store) -> list[str]:
    known = store.db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'")
    if known.fetchone() is None:
        return []
    rows = store.db.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = 'esign' ORDER BY id"
    )
    return [row["name"] for row in rows]


def _back_up(store: Store, last: str) -> None:
    """Keep the database as it was before a migration, beside it."""
    copy_to(store.sqlite, store.path.with_name(f"{store.path.name}.{last}.bak"))


def copy_to(db: sqlite3.Connection, target: Path) -> None:
    """Leave the database at `target` as it is at one instant, whatever others write meanwhile.

    All of it in the one file, private. Raises DatabaseUnopenable.
    """
    file_place.make_private(target)
    with contextlib.closing(connect(target)) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


@contextlib.contextmanager
def as_store_errors(path: Path) -> Iterator[None]:
    """Raise SQLite's own errors as ours: a file that cannot be had now is not a broken one."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # ours, not the file's
    except sqlite3.DatabaseError as error:
        raise _ours(path, error) from error


def _ours(path: Path, error: sqlite3.DatabaseError) -> EsignError:
    code = primary_code(error)
    if code in _BUSY:
        return errors.DatabaseBusy(path=str(path), seconds=connections.BUSY_SECONDS)
    full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE
    if code == sqlite3.SQLITE_FULL or full:  # its shared index could not be made as large
        return DiskFull(path=str(path))
    if code in _UNOPENABLE:
        return file_place.unusable(path) or errors.DatabaseUnopenable(
            path=str(path), detail=_UNOPENABLE[code]
        )
    return errors.DatabaseUnreadable(path=str(path), detail=_CONTENT.get(code, str(error)))


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's code without its extension; 0 where it gave none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
