"""Copying a whole roster from one database into an empty one, be they files or on servers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from esign_cli.foundation.errors.store import CopyDiffers, CopyTargetNotEmpty, DatabaseValue
from esign_cli.store import custody_key, dialect, trail, trail_head, trail_state
from esign_cli.store.connection import Db, done_from, plain
from esign_cli.store.database import Store
from esign_cli.store.server import tables

_OF_THE_MOMENT = frozenset({"audit_run"})
"""What is of a running command alone."""
_COUNTERS = "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), max({1})) FROM {0}"


@dataclass(frozen=True, slots=True)
class Copied:
    """A table, its rows, and the SHA-256 over what they hold in the order of their key."""

    table: str
    rows: int
    sha256: str


def copy(
    source: Store, target: Store, run: trail.Run, progress: Callable[[int, int], None]
) -> tuple[Copied, ...]:
    """Copy everything in one transaction: read back and compared, or nothing of it is kept.

    The trail goes along with its key; a row in each of the two says that it was copied. `progress`
    is told how many tables of how many are done. Raises CopyTargetNotEmpty,
    CopyDiffers, DatabaseValue for a source that holds what is not esign's, and as `Store.writing`.
    """
    with source.reading() as theirs:
        if bad := source.first_bad_value():
            raise DatabaseValue(path=source.place, place=bad)
        with target.writing() as ours:
            target.may_be_silent()  # while much is read back
            _refuse_rows(target)
            _take_key(source, target)
            copied = tuple(_tables(theirs, target, ours, progress))
            _count_on(ours)
            ended = trail.Ended(_by(ours, run), ok=True, touched=trail_state.TABLES, replaced=True)
            row = trail.add(ours, target.key, ended, trail.last(ours))
    trail_head.keep(target.home, target.key, row.number, row.link)
    trail.write(source, trail.Ended(_by(source.db, run), ok=True, exported=("copy",)))
    return copied


def _by(db: Db, run: trail.Run) -> trail.Run:
    return replace(run, database_user=done_from(db)[1])


def _tables(
    theirs: Db, target: Store, ours: Db, progress: Callable[[int, int], None]
) -> Iterator[Copied]:
    each = [name for name in tables.names() if name not in _OF_THE_MOMENT]
    for done, table in enumerate(each, 1):
        read = _Read(theirs, table)
        _put(ours, table, read.columns, read)
        written = _Read(ours, table)
        for _row in written:
            continue
        if written.copied != read.copied:
            raise CopyDiffers(path=target.place, table=table)
        progress(done, len(each))
        yield read.copied


class _Read:
    """The rows of a table in the order of its key, which are counted and hashed as they pass."""

    def __init__(self, db: Db, table: str) -> None:
        self._db, self._table = db, table
        described = db.execute(dialect.of(db).columns, (table,)).fetchall()
        self.columns = tuple(sorted(row[0] for row in described))
        key = sorted((row[2], row[0]) for row in described if row[2])
        self._order = ", ".join(f'"{name}"' for _place, name in key) or "rowid"
        self._count, self._hash = 0, hashlib.sha256()

    @property
    def copied(self) -> Copied:
        return Copied(self._table, self._count, self._hash.hexdigest())

    def __iter__(self) -> Iterator[Sequence[Any]]:
        names = ", ".join(f'"{name}"' for name in self.columns)
        query = f'SELECT {names} FROM "{self._table}" ORDER BY {self._order}'  # noqa: S608  (names of ours)
        for row in _stream(self._db, query):
            self._count += 1
            self._hash.update(repr(row).encode("utf-8", "surrogatepass"))
            yield row


def _stream(db: Db, query: str) -> Iterator[tuple[Any, ...]]:
    streamed = getattr(db, "stream", None)
    if streamed is not None:
        yield from streamed(query)
        return
    yield from plain(db, query)


def _put(db: Db, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    copied = getattr(db, "copy", None)
    if copied is not None:
        copied(table, rows, columns)
        return
    names, places = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
    db.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)  # noqa: S608  (the same)


def _refuse_rows(target: Store) -> None:
    for table in tables.names():
        if target.db.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():  # noqa: S608  (the same)
            raise CopyTargetNotEmpty(path=target.place, table=table)


def _take_key(source: Store, target: Store) -> None:
    """Let the trail's key go along; one that the target has made for itself vouches for nothing."""
    if isinstance(target.origin, Path):
        custody_key.put(target.home, source.secret)
    else:
        target.db.execute("UPDATE custody SET value = ? WHERE name = 'audit'", (source.secret,))


def _count_on(db: Db) -> None:
    """Let a server count on behind what was copied, and know how much there is."""
    if dialect.of(db) is dialect.SQLITE:
        return
    for table in tables.COUNTED:
        db.execute(_COUNTERS.format(table, "id"))
    db.execute("ANALYZE")
