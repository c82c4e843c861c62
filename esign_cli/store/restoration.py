"""Putting a backup's database in the place of the one that is there, whole or not at all."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.credentials import Places
from esign_cli.foundation.errors.store import DatabaseUnreadable, ErasuresUnmatched
from esign_cli.store import erasure, erasure_list, list_numbers, trail, trail_check
from esign_cli.store.connection import connect
from esign_cli.store.custody_key import key_file, key_id
from esign_cli.store.database import (
    Store,
    as_store_errors,
    copy_to,
    open_store,
    primary_code,
    use_wal,
)

_WAIT = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A backup's database, checked and brought up to date, before it replaces anything."""

    path: Path
    forgotten_again: int
    """People who were forgotten since the backup was made."""
    altered: tuple[str, ...]
    """Tables that something else than esign changed, here or in the backup."""


def prepare(
    path: Path,
    database: Path,
    places: Places | None,
    now: datetime,
    *,
    anywhere: bool = False,
) -> Prepared:
    """Check the copy at `path`, migrate it, and forget in it whoever was forgotten since.

    Raises DatabaseUnreadable, DatabaseNewer, ErasuresUnmatched, and as `open_store`.
    """
    remembered = erasure_list.everywhere(database)
    altered = trail_check.altered(database, places)
    with open_store(path, places, stands_for=database, anywhere=anywhere) as store:
        check(store.sqlite, path)
        altered += trail_check.altered_in(store)
        use_wal(store.sqlite)
        _carry_trail(store, database)
        _carry_numbers(store, database)
        # by what the backup knows, not by the time: a clock may have been set back
        people = _told(store, remembered - set(erasure_list.in_database(store.db)))
        if people:
            erasure.forget(store, people, now)
        if remembered:
            with store.writing() as db:
                erasure_list.add(db, remembered)
        if erasure_list.in_database(store.db):
            erasure_list.write_beside(store)
    return Prepared(path, len(people), tuple(dict.fromkeys(altered)))


def _carry_trail(store: Store, database: Path) -> None:
    """Let the audit trail go on with what was done since, where it is the same trail."""
    if not database.exists():
        return
    try:
        with contextlib.closing(trail.beside(database)) as old:
            known, ended = list(trail.values(old)), trail.last(store.db)
            people = trail.owners(old)
    except sqlite3.DatabaseError:
        return  # the old one cannot be read; it is kept, and its end stands beside it
    at = ended.number if ended else 0
    if len(known) > at and (ended is None or known[at - 1][-1] == ended.link):
        with store.writing() as db:
            trail.add_as_they_are(db, known[at:], people)


def _carry_numbers(store: Store, database: Path) -> None:
    """Let the numbers of lists mean whom they meant last: somebody has them on the screen."""
    if not database.exists():
        return
    try:
        with contextlib.closing(trail.beside(database)) as old:
            given = list_numbers.every(old)
    except sqlite3.DatabaseError:
        return  # those of the backup are all that is known
    with store.writing() as db:
        list_numbers.keep(db, given)


def check(db: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseUnreadable unless SQLite finds all of it whole."""
    (checked,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    dangling = db.execute("PRAGMA foreign_key_check").fetchone()
    if checked != "ok" or dangling is not None:
        detail = checked if checked != "ok" else f"foreign key: {dangling[0]} {dangling[1]}"
        raise DatabaseUnreadable(path=str(path), detail=str(detail))


def check_file(path: Path) -> None:
    """Check the same of a file that nobody else has open."""
    with as_store_errors(path), contextlib.closing(connect(path)) as db:
        check(db, path)


def replace(new: Path, database: Path, stamp: str) -> Path | None:
    """Put the database `new` where `database` is; gives where an old one is kept.

    One transaction of SQLite's where the old one can be read, so that others who have it open see
    the old or the new. Raises DatabaseBusy, DatabaseUnopenable, DiskFull.
    """
    if not database.exists():
        _move(new, database)
        return None
    aside = database.with_name(f"{database.name}.before-restore-{stamp}.bak")
    with as_store_errors(database):
        try:
            _write_into(new, database, aside)
        except sqlite3.DatabaseError as error:
            if primary_code(error) in _WAIT:
                raise
            _keep_broken(database, aside)
            _move(new, database)
    return aside


def _write_into(new: Path, database: Path, aside: Path) -> None:
    with contextlib.closing(connect(database)) as old:
        (checked,) = old.execute("PRAGMA quick_check(1)").fetchone()
        if checked != "ok":
            raise sqlite3.DatabaseError(checked)
        copy_to(old, aside)
        old.execute("PRAGMA secure_delete = ON")
        with contextlib.closing(connect(new)) as source:
            source.backup(old)
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    remove(new)


def _keep_broken(database: Path, aside: Path) -> None:
    """Keep what cannot be read as it is, with what SQLite has not yet written into it."""
    files.copy_private(database, aside)
    for ending in _BESIDE:
        part = database.with_name(database.name + ending)
        if part.exists():
            files.copy_private(part, aside.with_name(aside.name + ending))


def _move(new: Path, database: Path) -> None:
    for ending in _BESIDE:  # of the old one: SQLite would write them into the new one
        database.with_name(database.name + ending).unlink(missing_ok=True)
    new.replace(database)


def remove(database: Path) -> None:
    """Remove a copy, and what SQLite left beside it."""
    for ending in ("", *_BESIDE):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def keep_key(database: Path, key: bytes) -> bool:
    """Put a backup's key beside the database if none lies there; gives whether it was."""
    path = key_file(database)
    if path.exists():
        return False
    files.write_private(path, key)
    return True


def _told(store: Store, since: Iterable[erasure_list.Entry]) -> list[str]:
    """Those in the store of whom the entries speak."""
    entries = list(since)
    if not entries:
        return []
    others = sum(one[2] != key_id(store.key) for one in entries)
    if others:
        raise ErasuresUnmatched(path=str(key_file(store.home)), count=others)
    digests = {one[0] for one in entries}
    ids = erasure.everybody(store)
    return [one for one in ids if erasure_list.digest(store.key, one) in digests]
