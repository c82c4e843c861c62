"""What imports did: written down as they do it, to be shown afterwards and to be taken back.

A record that an import brought in carries the import's file (`born`). A record that it changed is
kept as it was, and as it became, as JSON.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esign_cli.foundation.errors.store import DatabaseUnreadable
from esign_cli.foundation.errors.workbooks import (
    ImportDetailsGone,
    NoSuchImport,
    NotTheNewestImport,
)
from esign_cli.foundation.i18n import N_
from esign_cli.store import dialect, import_columns
from esign_cli.store import import_journal_sql as journal
from esign_cli.store.connection import Db
from esign_cli.store.database import Store
from esign_cli.store.dialect import both, next_number
from esign_cli.store.import_columns import Answer
from esign_cli.store.import_sql import DUTY_KEY
from esign_cli.store.imports import Entry, Figures, ProblemRow, Scope

_STATES = ("new", "changed", "unchanged")
_KINDS = ("person", "duty", "certificate")
_NOT_ITS_OWN = N_("records that this import did not bring in say that it did")
_MAKE_WAY = both(
    lambda d: (
        f"""
DELETE FROM certificate WHERE origin = 'list' AND EXISTS (
    SELECT 1 FROM change WHERE import_id = ? AND what = 'certificate'
        AND change.national_id = certificate.national_id
        AND {d.at("before", "not_after")} = certificate.not_after
        AND CAST({d.at("before", "id")} AS BIGINT) <> certificate.id)
"""
    )
)
"""Another that was told since of the same day."""
_KEYS = {"person": ("national_id",), "duty": DUTY_KEY, "certificate": ("id",)}
_FILES = "(SELECT id FROM file WHERE import_id = :number)"
_NOT_SHOWN = frozenset(
    ("file_id", "sheet", "row", "sources", "born", "name_key", "district_key", "end_column",
     "seen_at", "province_assumed", "district_assumed", "revoked_on", "missing_since", "closed_by")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import as it is listed; the figures are those of the moment."""

    number: int
    at: str
    """RFC 3339, UTC."""
    as_of: str
    kind: str
    full: bool
    province: str
    district: str
    rows_read: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    ignored: int
    missing: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record that was not known before."""

    what: str
    """person, duty or certificate; the duty of a new person is not named beside the person."""
    national_id: str
    name: str
    label: str
    """What tells it from others of the person: an institution, an end date."""


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field that is otherwise now; None: there was, or is, no value."""

    what: str
    national_id: str
    name: str
    label: str
    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Diff:
    """What an import made of the database."""

    new: Sequence[NewRecord]
    changed: Sequence[ChangedField]
    missing: Sequence[NewRecord]
    """People whom the full snapshot lacked."""


@dataclass(frozen=True, slots=True)
class Written:
    """An import that is written, but not yet kept."""

    number: int
    _db: Db

    def keep_problems(self, problems: Iterable[ProblemRow]) -> None:
        """Keep what was pointed out."""
        write_problems(self._db, self.number, problems)

    def keep_answers(self, answers: Iterable[Answer], now: datetime) -> None:
        """Keep what was said of doubtful columns, for the next file with the same header."""
        import_columns.remember(self._db, answers, now)

    def diff(self) -> Diff:
        """Return what it made of the database."""
        return diff(self._db, self.number)


# --- writing it down -----------------------------------------------------------------------------


def write_entry(db: Db, entry: Entry, figures: Figures, *, now: datetime, as_of: str) -> int:
    """Write down the import and its files; gives its number."""
    counts = figures.counts.values()
    conflicts = sum(one.conflicts for one in counts)
    scope = entry.scope or Scope("")
    (number,) = db.execute(
        "INSERT INTO import (id, at, as_of, kind, \"full\", province, district, rows_read, new,"
        f" changed, unchanged, rejected, ignored, missing) VALUES ({next_number('import', 'id')},"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            now.isoformat(timespec="seconds"), as_of, entry.kind, entry.scope is not None,
            scope.province, scope.district, entry.read,
            *(sum(getattr(one, state) for one in counts) for state in _STATES),
            entry.rejected + conflicts, entry.ignored, figures.missing,
        ),
    ).fetchone()  # fmt: skip
    for place, file in enumerate(entry.files):
        (added,) = db.execute(
            "INSERT INTO file (import_id, name, sha256, how) VALUES (?, ?, ?, ?) RETURNING id",
            (number, file.name, file.sha256, file.how),
        ).fetchone()
        db.execute("UPDATE sheet_base SET file_id = ? WHERE file = ?", (added, place))
    return int(number)


def write_problems(db: Db, number: int, problems: Iterable[ProblemRow]) -> None:
    """Keep what was pointed out; each problem begins with its file's number in the command."""
    files = [
        one
        for (one,) in db.execute("SELECT id FROM file WHERE import_id = ? ORDER BY id", (number,))
    ]
    db.executemany(
        'INSERT INTO problem (file_id, sheet, row, "column", field, code, value, rejected,'
        " national_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((files[file], *rest) for file, *rest in problems),
    )


def keep_before(db: Db, number: int, duplicates: Iterable[str]) -> None:
    """Keep, as they are, the records that this import is about to change."""
    db.execute("DROP TABLE IF EXISTS touched")
    db.execute(journal.TOUCHED)
    db.executemany("INSERT INTO touched VALUES (?)", ((one,) for one in duplicates))
    for what, which in journal.TO_BE_CHANGED.items():
        db.execute(
            "INSERT INTO change (import_id, what, national_id, before)"
            f" SELECT ?, ?, r.national_id, {_as_json(db, what)} FROM {what} r WHERE {which}",
            (number, what),
        )


def keep_after(db: Db, number: int) -> None:
    """Keep what became of them; those that are as they were need not be kept."""
    for what, same in journal.same_record(dialect.of(db)).items():
        db.execute(
            f"UPDATE change SET after = (SELECT {_as_json(db, what)} FROM {what} r"
            f" WHERE {same}) WHERE import_id = ? AND what = ?",
            (number, what),
        )
    db.execute("DELETE FROM change WHERE import_id = ? AND after = before", (number,))


def _columns(db: Db, table: str) -> list[tuple[str, str]]:
    """The names and types of the columns that are kept as JSON."""
    columns = db.execute(dialect.of(db).columns, (table,))
    return [(name, kind) for name, kind, _key in columns if name != "der"]


def _as_json(db: Db, table: str) -> str:
    ours = dialect.of(db)
    pairs = (f"'{name}', r.\"{name}\"" for name, _kind in _columns(db, table))
    return ours.json_text.format(ours.json_object.format(", ".join(pairs)))


# --- showing it ----------------------------------------------------------------------------------


def past(store: Store) -> list[PastImport]:
    """Return all imports, the newest first."""
    with store.reading() as db:
        names: dict[int, list[str]] = defaultdict(list)
        for number, name in db.execute("SELECT import_id, name FROM file ORDER BY id"):
            names[number].append(name)
        rows = db.execute(
            'SELECT id, at, as_of, kind, "full", province, district, rows_read, new, changed,'
            " unchanged, rejected, ignored, missing FROM import ORDER BY id DESC"
        )
        values: list[list[Any]] = [list(row) for row in rows]
    return [PastImport(*[*row[:4], bool(row[4]), *row[5:], tuple(names[row[0]])]) for row in values]


def one(store: Store, number: int) -> PastImport:
    """Return the import of this number; raises NoSuchImport."""
    for known in past(store):
        if known.number == number:
            return known
    raise NoSuchImport(number=number)


def problems_of(store: Store, number: int) -> list[tuple[Any, ...]]:
    """Return what was pointed out: file, sheet, row, column, field, code, value, rejected."""
    rows = store.db.execute(
        'SELECT name, sheet, row, "column", field, code, value, rejected FROM problem'
        " JOIN file ON file.id = file_id WHERE import_id = ? ORDER BY problem.rowid",
        (number,),
    )
    return [tuple(row) for row in rows]


def diff(db: Db, number: int) -> Diff:
    """Return what this import made new, changed, and found missing."""
    names = _Names(db)
    facts = {"number": number}
    new = [
        NewRecord(what, national_id, names.name_of(national_id), label)
        for what, query in journal.BORN.items()
        for national_id, label in db.execute(query, facts)
    ]
    changed: list[ChangedField] = []
    missing: list[NewRecord] = []
    rows = db.execute(
        "SELECT what, national_id, before, after FROM change WHERE import_id = :number"
        " ORDER BY national_id, what DESC, change.rowid",
        facts,
    )
    for what, national_id, before, after in rows:
        old, now = json.loads(before), json.loads(after)
        name = names.name_of(national_id)
        if now.get("missing_since") and not old.get("missing_since"):
            missing.append(NewRecord("person", national_id, name, ""))
        changed += _changed(what, national_id, name, old, now)
    return Diff(new, changed, missing)


@dataclass(frozen=True, slots=True)
class PastChange:
    """What an import found otherwise of one person."""

    number: int
    """Of the import."""
    as_of: date
    """The day of its export."""
    changed: ChangedField


def changes_of(db: Db, national_id: str) -> tuple[PastChange, ...]:
    """Return everything that imports changed of a person, oldest first."""
    rows = db.execute(
        "SELECT import_id, as_of, what, before, after FROM change"
        " JOIN import ON import.id = import_id WHERE national_id = ?"
        " ORDER BY import_id, what DESC, change.rowid",
        (national_id,),
    )
    return tuple(
        PastChange(number, date.fromisoformat(as_of), one)
        for number, as_of, what, before, after in rows
        for one in _changed(what, national_id, "", json.loads(before), json.loads(after))
    )


def _changed(
    what: str, national_id: str, name: str, old: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[ChangedField]:
    label = _label(what, now)
    for field, a, b in _differences(old, now):
        yield ChangedField(what, national_id, name, label, field, _text(a), _text(b))


def _differences(old: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for field, value in now.items():
        if field not in _NOT_SHOWN and (old[field] or None) != (value or None):
            yield field, old[field], value
    closed = [one.get("closed_by") is not None for one in (old, now)]
    if closed[0] != closed[1]:
        yield "closed", str(closed[0]).lower(), str(closed[1]).lower()


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _label(what: str, record: Mapping[str, Any]) -> str:
    if what == "duty":
        return str(record["institution"] or record["institution_code"])
    return str(record["not_after"]) if what == "certificate" else ""


class _Names:
    """Names by national id."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def name_of(self, national_id: str) -> str:
        row = self._db.execute(
            "SELECT trim(given_name || ' ' || family_name) FROM person WHERE national_id = ?",
            (national_id,),
        ).fetchone()
        return str(row[0]) if row else ""


# --- taking it back ------------------------------------------------------------------------------


def undo(store: Store, number: int) -> PastImport:
    """Take the newest import back: the database is as it was before it.

    Raises NoSuchImport; NotTheNewestImport for any other than the newest; ImportDetailsGone where
    what was before it has been deleted (`retention.history`).
    """
    taken = one(store, number)
    with _as_damage(store), store.writing() as db:
        newest = db.execute("SELECT max(id) FROM import").fetchone()[0]
        if newest != number:
            raise NotTheNewestImport(number=number, newest=newest)
        facts = {"number": number}
        if taken.changed + taken.missing and not _has_changes(db, number):
            raise ImportDetailsGone(number=number)
        for what in _KINDS:
            db.execute(f"DELETE FROM {what} WHERE born IN {_FILES}", facts)
            _restore(db, what, number)
        db.execute(f"DELETE FROM problem WHERE file_id IN {_FILES}", facts)
        for table in ("change", "import_place", "file"):
            db.execute(f"DELETE FROM {table} WHERE import_id = :number", facts)
        db.execute("DELETE FROM seen")
        db.execute("DELETE FROM import WHERE id = :number", facts)
    return taken


@contextlib.contextmanager
def _as_damage(store: Store) -> Iterator[None]:
    """Raise DatabaseUnreadable where records that it did not bring in name a file of its own."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise DatabaseUnreadable(path=str(store.path), detail=_NOT_ITS_OWN) from error


def _has_changes(db: Db, number: int) -> bool:
    query = "SELECT 1 FROM change WHERE import_id = ? LIMIT 1"
    return db.execute(query, (number,)).fetchone() is not None


def _restore(db: Db, what: str, number: int) -> None:
    """Put back what was before; a certificate that was read since is no list's, and stays."""
    columns, before = _columns(db, what), dialect.of(db).at
    values = ", ".join(f"CAST({before('before', name)} AS {kind})" for name, kind in columns)
    named = ", ".join(f'"{name}"' for name, _kind in columns)
    if what == "certificate":
        db.execute(_MAKE_WAY, (number,))
    key = ", ".join(_KEYS[what])
    renewed = ", ".join(f'"{name}" = excluded."{name}"' for name, _kind in columns)
    db.execute(
        f"INSERT INTO {what} ({named}) SELECT {values} FROM change"
        f" WHERE import_id = ? AND what = ? ON CONFLICT ({key}) DO UPDATE SET {renewed}",
        (number, what),
    )
