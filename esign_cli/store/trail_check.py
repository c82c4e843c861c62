"""Whether the audit trail fits together, and whether everything is as its last row left it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from esign_cli.foundation.credentials import Places
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.credentials import CredentialMissing
from esign_cli.store import trail, trail_head, trail_state
from esign_cli.store.custody_key import key_id, own_key
from esign_cli.store.database import Store, as_store_errors


class Misfit(StrEnum):
    """What does not fit."""

    MISSING = "row-missing"
    CHANGED = "row-changed"
    CUT_OFF = "rows-cut-off"
    OTHER_KEY = "other-key"
    KEY_MISSING = "key-missing"
    SEAL = "seal-differs"
    ALTERED_BEFORE = "table-altered-before"
    ALTERED_SINCE = "table-altered-since"


_SEEN_LATER = frozenset({Misfit.MISSING, Misfit.CHANGED, Misfit.CUT_OFF, Misfit.ALTERED_SINCE})
"""What another row at the end would hide, or may."""


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
    with as_store_errors(path), contextlib.closing(trail.beside(path)) as db:
        db.isolation_level = None
        rows = _count(db)
        if not rows:
            return None
        try:
            key = own_key(path, places, may_make=lambda: False)
        except CredentialMissing:
            return Verified(trail.head(db), rows, (Finding(Misfit.KEY_MISSING, 1),), 0)
        store = Store(path, db, places)
        store.key = key
        return verify(store)


def _count(db: sqlite3.Connection) -> int:
    known = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'audit'").fetchone()
    return int(db.execute("SELECT count(*) FROM audit").fetchone()[0]) if known else 0


def verify(store: Store, seals: Collection[tuple[int, str]] = ()) -> Verified:
    """Check every row against the one before, the tables against the last, and its seals.

    `seals` are rows and links that the trail had, kept elsewhere: it has to pass through each, also
    where two speak of one row. Raises as `Store.reading`, and what reading the key raises.
    """
    with store.reading() as db:
        links = {columns[0]: columns[-1] for columns in trail.values(db)}
        running = trail.open_runs(store)
        vouched, findings = _chain(store)
        findings += _end(store, links)
        missed = {row for row, link in seals if links.get(row) != link}
        findings += [Finding(Misfit.SEAL, row) for row in missed]
        last = max(links, default=0)
        if not running and vouched and vouched[-1].number == last:
            findings += _tables(store, vouched)
    ordered = tuple(sorted(findings, key=lambda one: one.row))
    head = f"{last}:{links[last]}" if links else ""
    return Verified(head, len(links), ordered, len(running))


def altered(path: Path, places: Places | None) -> tuple[str, ...]:
    """Return the tables of a database that something else than esign has changed.

    None where it cannot be told: it has no trail, no key is there, or it cannot be read.
    """
    try:
        check = of_file(path, places)
    except (EsignError, OSError):
        return ()
    return () if check is None else _tables_of(check.findings)


def altered_in(store: Store) -> tuple[str, ...]:
    """Return the same of a copy that is open, of which no file says how its trail ended.

    None where the key is not there, or is another: the trail is not of this place.
    """
    try:
        key = own_key(store.home, store.secret_places, may_make=lambda: False)
    except CredentialMissing:
        return ()
    vouched, findings = _chain(store)
    last = trail.last(store.db)
    if last is None or last.key_id != key_id(key):
        return ()
    if vouched and vouched[-1].number == last.number:
        findings += _tables(store, vouched)
    return _tables_of(findings)


def _tables_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    wrong = [one for one in findings if one.kind in _SEEN_LATER]
    return tuple(dict.fromkeys(one.table or trail_state.TRAIL for one in wrong))


def _chain(store: Store) -> tuple[list[trail.Row], list[Finding]]:
    """The rows that the key vouches for, and the first that does not fit with what rows before say.

    No row is read that nobody vouches for.
    """
    vouched: list[trail.Row] = []
    findings: list[Finding] = []
    broken = False
    each = zip(trail.values(store.db), trail.links(store.db, store.key), strict=True)
    for place, (columns, right) in enumerate(each, 1):
        misfit = _misfit(store, place, columns, right)
        if misfit and not broken:
            broken = True
            findings.append(Finding(misfit, place))
        if columns[-1] != right:
            continue
        row = trail.row_of(columns)
        vouched.append(row)
        if not broken:
            findings += (Finding(Misfit.ALTERED_BEFORE, place, table) for table in row.altered)
    return vouched, findings


def _misfit(store: Store, place: int, columns: Sequence[Any], right: str) -> Misfit | None:
    number, key, link = columns[0], columns[-2], columns[-1]
    if number != place:
        return Misfit.MISSING
    if key != key_id(store.key):
        return Misfit.OTHER_KEY
    return None if link == right else Misfit.CHANGED


def _end(store: Store, links: Mapping[int, str]) -> Iterator[Finding]:
    """Whether rows are missing at the end: the file beside the database says how it ended."""
    try:
        missed = trail.is_head_expected(store)
    except sqlite3.DatabaseError:
        return  # the chain has said so
    last = max(links, default=0)
    lost = trail_head.lost_from(store.home, store.key, last, links.get, missed=missed)
    if lost is not None:
        yield Finding(Misfit.CUT_OFF, lost)


def _tables(store: Store, vouched: Sequence[trail.Row]) -> Iterator[Finding]:
    """The tables that are not as the last row left them."""
    numbers = {row.number for row in vouched}
    for table, digest in vouched[-1].tables.items():
        if trail_state.digest(store.db, store.key, table) == digest:
            continue
        left = next(row.number for row in vouched if row.tables.get(table) == digest)
        if left == 1 or left - 1 in numbers:  # else it may be of the rows with another key
            yield Finding(Misfit.ALTERED_SINCE, left, table)
