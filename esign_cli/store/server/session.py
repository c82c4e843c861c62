"""A database on a server, opened: connected, known to be ours, and made where it is empty."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from esign_cli.foundation import files
from esign_cli.foundation.credentials import Places, find
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.errors import store as errors
from esign_cli.foundation.errors.credentials import CredentialMissing
from esign_cli.store import schema
from esign_cli.store.caller import Caller
from esign_cli.store.server import tables
from esign_cli.store.server.connection import ServerConnection
from esign_cli.store.server.desk import Desk
from esign_cli.store.server.failures import as_store_errors, refused, wants_password
from esign_cli.store.server.line import Line

OLDEST = 150000
"""PostgreSQL 15."""
PASSWORD = "database-password"  # noqa: S105  (the name of a secret, not one)
_CONNECT_SECONDS = 8
_SESSION = {
    "idle_in_transaction_session_timeout": "600s",
    "tcp_user_timeout": "8s",
    "tcp_keepalives_idle": "4",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "2",
    "work_mem": "64MB",
    "temp_buffers": "64MB",
    "jit": "off",
    "client_min_messages": "error",
    "TimeZone": "UTC",
}
"""What this session wants otherwise than the server's own settings."""
_CLIENT = {
    "client_encoding": "utf8",
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives_idle": 4,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 8000,
}
_NOTICES_A_DEAD_CLIENT = """
DO $$ BEGIN PERFORM set_config('client_connection_check_interval', '1s', false);
EXCEPTION WHEN OTHERS THEN NULL; END $$
"""
"""Not every server's system can look."""
_APPLIED = "SELECT name FROM esign_migration ORDER BY name"
_STRANGERS = """
SELECT relname FROM pg_class
 WHERE relnamespace = CAST(current_schema AS regnamespace) AND relkind IN ('r', 'p') ORDER BY 1
"""


@contextlib.contextmanager
def open_server(server: Server, places: Places | None, caller: Caller) -> Iterator[Desk]:
    """Open the database, made by its first user where it is empty.

    Raises ServerUnreachable, ServerLoginRefused, ServerTooOld, ServerRightMissing, ServerLost,
    ServerBusy, ServerMigrationDue, DatabaseForeign, DatabaseNewer.
    """
    known = caller.spare.take(server.address) if caller.spare else None
    raw: psycopg.Connection[Any] = known or connect(server, places, caller)
    try:
        desk = Desk(server, ServerConnection(raw), caller)
        with as_store_errors(server, desk.connection):
            if known is None:
                files.private_folder(desk.path.parent)
                _check(desk)
            yield desk
    finally:
        if caller.spare and raw.info.transaction_status == TransactionStatus.IDLE:
            caller.spare.put(server.address, raw)
        else:
            raw.close()


@contextlib.contextmanager
def unchecked(server: Server, places: Places | None, caller: Caller) -> Iterator[Desk]:
    """Connect for a `with` block, whatever is in the database; raises as `connect`, ServerLost and
    ServerRightMissing.
    """
    raw = connect(server, places, caller)
    try:
        desk = Desk(server, ServerConnection(raw), caller)
        with as_store_errors(server, desk.connection):
            desk.db.execute(_NOTICES_A_DEAD_CLIENT)
            yield desk
    finally:
        raw.close()


def connect(server: Server, places: Places | None, caller: Caller) -> psycopg.Connection[Any]:
    """Connect; the password comes from libpq's own places, from a secret or from a question.

    Raises ServerUnreachable, ServerLoginRefused, ServerTooOld.
    """
    os.environ.setdefault("PGSSLMODE", "verify-full")  # below what the address or a service says
    last = None
    for password in _passwords(places, caller):
        try:
            raw = Line.connect(_conninfo(server, caller), password=password, autocommit=True)
        except psycopg.OperationalError as error:
            if not wants_password(error):
                raise refused(server, error) from error
            last = error
        else:
            return _settled(server, raw)
    assert last is not None  # noqa: S101  (the first try asks nobody)
    raise refused(server, last) from last


def _passwords(places: Places | None, caller: Caller) -> Iterator[str | None]:
    yield None
    with contextlib.suppress(CredentialMissing):
        yield find(PASSWORD, places or Places()).reveal()
    if caller.password is not None:
        yield caller.password()


def _conninfo(server: Server, caller: Caller) -> str:
    given = conninfo_to_dict(server.conninfo)
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    given["options"] = f"{session} {given.get('options', '')}".strip()
    given.setdefault("application_name", caller.label)
    merged: dict[str, Any] = {**_CLIENT, **given}
    return make_conninfo("", **merged)


def _settled(server: Server, raw: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    if raw.info.server_version < OLDEST:
        raw.close()
        raise errors.ServerTooOld(
            address=str(server), version=str(raw.info.server_version // 10_000)
        )
    return raw


def _check(desk: Desk) -> None:
    known = _first_asked(desk)
    if not known:
        _make(desk)
        known = applied(desk)
    refuse_newer(desk, known)
    if schema.pending(known):
        raise errors.ServerMigrationDue(address=desk.place)


def refuse_newer(desk: Desk, known: Collection[str]) -> None:
    """Raise DatabaseNewer where a later version has been."""
    if unknown := schema.unknown(known):
        raise errors.DatabaseNewer(path=desk.place, migrations=list(unknown))


def version(raw: psycopg.Connection[Any]) -> str:
    """Return which PostgreSQL it is, as people say it."""
    return f"PostgreSQL {raw.info.server_version // 10_000}.{raw.info.server_version % 10_000}"


def _first_asked(desk: Desk) -> list[str]:
    """What is applied, asked in one message with what the session still has to be told."""
    try:
        answer = desk.db.execute(f"{_NOTICES_A_DEAD_CLIENT}; {_APPLIED}")
    except psycopg.errors.UndefinedTable:
        desk.db.execute(_NOTICES_A_DEAD_CLIENT)
        return []
    return [name for (name,) in answer]


def applied(desk: Desk) -> list[str]:
    """Return the migrations that the database has; none: it has no tables of ours."""
    (known,) = desk.db.execute("SELECT to_regclass('esign_migration') IS NOT NULL").fetchone()
    if not known:
        return []
    return [name for (name,) in desk.db.execute(_APPLIED)]


def _make(desk: Desk) -> None:
    """Make the tables, unless another desk has just done so; none where others' tables are."""
    with desk.writing():
        if applied(desk):
            return
        check_foreign(desk)
        desk.connection.later(*tables.statements())
        desk.migrated = True


def check_foreign(desk: Desk) -> None:
    """Raise DatabaseForeign where another program's tables are."""
    strangers = [name for (name,) in desk.db.execute(_STRANGERS)]
    if strangers:
        raise errors.DatabaseForeign(path=desk.place, kind="table", name=strangers[0])
