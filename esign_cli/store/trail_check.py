"""Whether the audit trail fits together, and whether everything is as its last row left it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.credentials import Places
from esign_cli.store import trail, trail_state
from esign_cli.store.custody_key import key_file, key_id
from esign_cli.store.database import Store, as_store_errors


class Misfit(StrEnum):
    """What does not fit."""

    MISSING = "row-missing"
    CHANGED = "row-changed"
    CUT_OFF = "rows-cut-off"
    OTHER_KEY = "other-key"
    ALTERED_BEFORE = "table-altered-before"
    ALTERED_SINCE = "table-altered-since"


@dataclass(frozen=True, slots=True)
class Finding:
    """The first row that something is wrong with, and the table that it is wrong of."""

    kind: Misfit
    row: int
    table: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What the check of a whole trail gave."""

    head: str
    """"" where there is no row yet."""
    rows: int
    findings: tuple[Finding, ...]
    """The first row's first."""
    under_way: int
    """Runs that have no row yet: while there are any, tables are not compared."""


def of_file(path: Path, places: Places | None) -> Verified | None:
    """Return the same without changing anything of the file; None where there is no trail yet.

    Raises as `verify`.
    """
    if not key_file(path).exists() and not trail.head_file(path).exists():
        return None
    with as_store_errors(path), contextlib.closing(trail.beside(path)) as db:
        db.isolation_level = None
        return verify(Store(path, db, places))


def verify(store: Store) -> Verified:
    """Check every row against the one before, and the tables against the last.

    Raises as `Store.reading`, and what reading the key raises.
    """
    with store.reading() as db:
        known = tuple(trail.rows(db))
        running = trail.open_runs(store)
        findings = [*_chain(store, known), *_end(store, known)]
        if not running and known:
            findings += _tables(store, known)
    ordered = tuple(sorted(findings, key=lambda one: one.row))
    return Verified(known[-1].head if known else "", len(known), ordered, len(running))


def _chain(store: Store, known: tuple[trail.Row, ...]) -> Iterator[Finding]:
    links = trail.links(store.db, store.key)
    for place, (row, right) in enumerate(zip(known, links, strict=True), 1):
        if row.number != place:
            yield Finding(Misfit.MISSING, place)
            return
        if row.key_id != key_id(store.key):
            yield Finding(Misfit.OTHER_KEY, row.number)
            return
        if row.link != right:
            yield Finding(Misfit.CHANGED, row.number)
            return
        for table in row.altered:
            yield Finding(Misfit.ALTERED_BEFORE, row.number, table)


def _end(store: Store, known: tuple[trail.Row, ...]) -> Iterator[Finding]:
    """Whether rows are missing at the end: the file beside the database says how it ended."""
    path = trail.head_file(store.home)
    if not path.exists():
        return
    number, _colon, link = files.read(path).decode("ascii", "replace").strip().partition(":")
    if not number.isdecimal():
        return
    at = int(number)
    if at > len(known) or (at and known[at - 1].link != link):
        yield Finding(Misfit.CUT_OFF, min(at, len(known) + 1))


def _tables(store: Store, known: tuple[trail.Row, ...]) -> Iterator[Finding]:
    for table, digest in known[-1].tables.items():
        if trail_state.digest(store.db, store.key, table) != digest:
            left = next(row.number for row in known if row.tables.get(table) == digest)
            yield Finding(Misfit.ALTERED_SINCE, left, table)
