"""How the database file is, looked at without changing anything of it."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.errors.store import DatabaseUnopenable
from esign_cli.store import inspection, schema
from esign_cli.store.connection import connect
from esign_cli.store.database import UNREADABLE_PARTS, as_store_errors, primary_code

LATEST = """
SELECT max(at) FROM (
    SELECT max(at) AS at FROM import UNION ALL SELECT max(seen_at) FROM certificate
    UNION ALL SELECT max(at) FROM application_event
) AS written
"""
_BACKUP = "SELECT max(at) FROM backup"


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """How a server answers."""

    version: str
    user: str
    rights: str
    """What this user may do: owner, editor, reader or none."""
    milliseconds: int
    """Of one question and its answer."""
    tls: str
    """The version; "" without."""
    sslmode: str
    """What this computer wants of the server's certificate."""
    is_local: bool
    """Whether it is reached by a socket of this computer."""
    clock_ahead: int
    """Seconds."""
    size: int
    """Bytes of the database."""
    folder: str
    """Of the server's data; "" where this user may not see it."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of the file."""

    broken: str
    """What SQLite's own check found; "" when nothing."""
    unknown: tuple[str, ...]
    """Migrations of a later version."""
    pending: tuple[str, ...]
    """Migrations that the next use applies."""
    open_to_others: bool
    backup: datetime | None
    """When the newest backup was made."""
    latest: datetime | None
    """The last instant that was written into it, so one that is over."""
    server: ServerFacts | None = None
    """Of the server that it is on; None: it is a file."""


def health(path: Path) -> Health | None:
    """Return the state of the database; None when there is none yet.

    Raises DatabaseBusy, DatabaseUnopenable, or DatabaseUnreadable where it is no database.
    """
    try:
        if not path.exists():
            return None
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        others = files.open_to_others(path)
    except OSError as error:
        raise DatabaseUnopenable(path=str(path), detail=error.strerror or "") from error
    with as_store_errors(path):
        return _looked_at(path, others=others)


def _looked_at(path: Path, *, others: bool) -> Health:
    try:
        with contextlib.closing(connect(path, readonly=True)) as db:
            with inspection.limited(db):
                inspection.guard(db)
                inspection.check_code(db, path)
            (checked,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            applied = _applied(db)
            unknown, pending = schema.unknown(applied), schema.pending(applied)
            current = not (unknown or pending)
            dangling = db.execute("PRAGMA foreign_key_check").fetchone()
            if current:
                inspection.check_schema(db, path)
            bad = inspection.first_bad_value(db) if current and checked == "ok" else ""
            latest = db.execute(LATEST).fetchone()[0] if current else None
            backup = db.execute(_BACKUP).fetchone()[0] if current else None
    except sqlite3.DatabaseError as error:
        if primary_code(error) != sqlite3.SQLITE_CORRUPT:
            raise
        return Health(UNREADABLE_PARTS, (), (), others, None, None)
    return Health(
        broken=_broken(checked, dangling, bad),
        unknown=unknown,
        pending=pending,
        open_to_others=others,
        backup=None if bad else _instant(backup),
        latest=None if bad else _instant(latest),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _broken(checked: str, dangling: tuple[str, int, str, int] | None, bad: str) -> str:
    if checked != "ok":
        return checked
    return f"foreign key: {dangling[0]} {dangling[1]}" if dangling else bad


def _applied(db: sqlite3.Connection) -> list[str]:
    known = db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone()
    if known is None:
        return []
    rows = db.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'esign'")
    return [name for (name,) in rows]
