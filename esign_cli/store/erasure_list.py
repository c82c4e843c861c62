"""Who was forgotten, so that no backup brings them back: keyed hashes of national ids and days.

They stand in the database, and in a file beside it that outlives a database which is broken.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from esign_cli.foundation import files, own_files
from esign_cli.store.connection import Db, connect
from esign_cli.store.custody_key import key_id, keyed
from esign_cli.store.database import Store

ENDING = ".erased"
Entry = tuple[str, str, str]
"""The keyed hash, when it was (RFC 3339, UTC), and the id of the key."""
_WORDS = 3


def digest(key: bytes, national_id: str) -> str:
    """Return what stands for somebody who was forgotten."""
    return keyed(key, "erased", national_id)


def note(db: Db, key: bytes, national_ids: Iterable[str], at: datetime) -> None:
    """Remember, inside a transaction, that these people were forgotten."""
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    add(db, ((digest(key, one), when, key_id(key)) for one in national_ids))


def add(db: Db, entries: Iterable[Entry]) -> None:
    """Remember entries that stood elsewhere."""
    db.executemany("INSERT INTO erasure VALUES (?, ?, ?) ON CONFLICT DO NOTHING", entries)


def in_database(db: Db) -> list[Entry]:
    """Return the entries of a database."""
    return [
        tuple(row)
        for row in db.execute("SELECT digest, at, key_id FROM erasure ORDER BY digest, at")
    ]


def write_beside(store: Store) -> None:
    """Leave all entries in the file beside the database, too."""
    lines = sorted(" ".join(entry) + "\n" for entry in in_database(store.db))
    files.write_private(_beside(store.home), "".join(lines).encode())


def everywhere(database: Path) -> set[Entry]:
    """Return what is remembered in a database, if it can be read, and beside it."""
    path = _beside(database)
    entries: set[Entry] = set()
    if path.exists():
        for line in own_files.read(path).decode("ascii", "replace").splitlines():
            words = line.split()
            if len(words) == _WORDS:
                entries.add((words[0], words[1], words[2]))
    if database.exists():
        with (
            contextlib.suppress(sqlite3.DatabaseError),  # what stands beside it is for this
            contextlib.closing(connect(database, readonly=True)) as db,
        ):
            entries |= set(in_database(db))
    return entries


def _beside(database: Path) -> Path:
    return database.with_name(database.name + ENDING)
