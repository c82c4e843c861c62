"""Imports: rows of workbooks staged, compared with what is known, and merged in one transaction."""

from __future__ import annotations

import itertools
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from esign_cli.mebbis_import import Rows
from esign_cli.rules.lifetime import SAME_CERTIFICATE_DAYS
from esign_cli.store import applications
from esign_cli.store import import_sql as sql
from esign_cli.store.database import Store
from esign_cli.turkish import fold, mask

STATES = ("new", "changed", "unchanged")
CACHE_KIB = 64 * 1024


@dataclass(frozen=True, slots=True)
class Scope:
    """What a full snapshot is a snapshot of: a plate code or "all", and a district or ""."""

    province: str
    district: str = ""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file of the command; `how` are the options that change what is read from it."""

    name: str
    sha256: str
    how: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of one file's rows; `conflicts` were rejected here."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that is pointed out, by its file's number in the command."""

    code: str
    file: int
    sheet: str
    row: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What an import does, or did."""

    counts: Mapping[int, Counts]
    """By the file's number in the command."""
    findings: Sequence[Finding]
    missing: int
    known: int
    """People known in the scope of a full snapshot; 0 without one."""
    suspended: bool
    """A full snapshot flagged nobody, because some of its national ids could not be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How the import is written down: `read`, `rejected` and `ignored` are those of the rows."""

    files: Sequence[ImportedFile]
    kind: str
    scope: Scope | None
    """The scope of a full snapshot; None for a partial import."""
    read: int
    rejected: int
    ignored: int


def known_since(store: Store, sha256: str) -> str | None:
    """The day (ISO) this file's facts were first brought in, if they were."""
    found = store.db.execute(
        "SELECT min(as_of) FROM import JOIN file ON import_id = import.id WHERE sha256 = ?",
        (sha256,),
    )
    day: str | None = found.fetchone()[0]
    return day


def is_known(store: Store, file: ImportedFile) -> bool:
    """Whether this very file was imported with these very options."""
    found = store.db.execute(
        "SELECT 1 FROM file WHERE sha256 = ? AND how = ?", (file.sha256, file.how)
    )
    return found.fetchone() is not None


def staging(store: Store) -> Staging:
    """Temporary tables for the rows of one command; they go with the connection."""
    store.db.execute("PRAGMA temp_store = MEMORY")
    store.db.execute(f"PRAGMA main.cache_size = -{CACHE_KIB}")
    with store.staging() as db:
        _run(db, sql.drop((*sql.STAGED_TABLES, *sql.NEXT_TABLES)))
        _run(db, sql.TABLES)
    return Staging(store)


class Staging:
    """The rows of one command, before anything is kept of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._end = 0
        self._duplicates: list[tuple[str, str]] = []
        self._unreadable = 0

    def add_sheet(
        self, file: int, sheet: str, blocks: Iterable[Rows], *, weak: bool, known: bool
    ) -> None:
        """Stage a sheet of the command's `file`th file.

        `weak`: a list of certificates, which only fills in what is not known of a person.
        `known`: of this sheet nothing is taken again; its rows are only counted.
        """
        first = self._end + 1
        with self._store.staging() as db:
            for rows in blocks:
                self._add(db, rows, first - 1, weak=weak, known=known)
                self._end += rows.read
            db.execute(
                "INSERT INTO temp.sheet_base VALUES (?, ?, ?, ?, NULL)",
                (first, self._end, file, sheet),
            )

    def _add(
        self, db: sqlite3.Connection, rows: Rows, base: int, *, weak: bool, known: bool
    ) -> None:
        for table, extra, tuples in (
            ("line", (int(weak), int(known), 0), rows.people),
            ("line_duty", (0,), () if known else rows.duties),
            ("line_certificate", (), () if known else rows.certificates),
        ):
            if tuples:
                # numbers of our own making, written into the statement to spare a tuple a row
                marks = ", ".join("?" * (len(tuples[0]) - 1))
                rest = "".join(f", {number}" for number in extra)
                values = f"(? + {base:d}, {marks}{rest})"
                db.executemany(f"INSERT INTO temp.{table} VALUES {values}", tuples)  # noqa: S608
        db.executemany(
            "INSERT OR IGNORE INTO temp.refused VALUES (?)", ((one,) for one in rows.rejected_ids)
        )
        self._unreadable += rows.unreadable_ids

    def compare(self, scope: Scope | None) -> Figures:
        """What the import would do; nothing is changed."""
        with self._store.reading() as db:
            return self._compare(db, scope)

    def apply(self, entry: Entry, *, now: datetime, today: date) -> Figures:
        """Merge the staged rows, all of them or, if anything goes wrong, none."""
        with self._store.writing() as db:
            figures = self._compare(db, entry.scope)
            as_of = self._as_of(entry, today)
            number = _write_entry(db, entry, figures, now=now, as_of=as_of)
            for statement in (
                sql.WRITE_NEW_PEOPLE, sql.WRITE_CHANGED_PEOPLE, sql.MARK_CONFLICTS,
                sql.WRITE_NEW_DUTIES, sql.WRITE_CHANGED_DUTIES, sql.REFRESH_DUTIES,
            ):  # fmt: skip
                db.execute(statement)
            db.execute(sql.WRITE_CERTIFICATES, {"now": now.isoformat(timespec="seconds")})
            applications.notice(db, now)
            db.execute(sql.CLOSE, (number,))
            db.execute(sql.MARK_MISSING, (as_of,))
            db.execute(sql.UNMARK_MISSING)
            db.executemany(
                "UPDATE person SET duplicate_of = ? WHERE national_id = ?", self._duplicates
            )
        return figures

    def _as_of(self, entry: Entry, today: date) -> str:
        days = [known_since(self._store, file.sha256) for file in entry.files]
        return today.isoformat() if None in days else max(day for day in days if day)

    def _compare(self, db: sqlite3.Connection, scope: Scope | None) -> Figures:
        _run(db, sql.INDEXES)
        _run(db, sql.drop(sql.NEXT_TABLES))
        db.execute("UPDATE temp.line SET conflict = 0 WHERE conflict")
        db.execute(sql.CONFLICT_WITH_KNOWN)
        db.execute(sql.CONFLICT_AMONG_THEMSELVES)
        db.execute(
            "INSERT OR IGNORE INTO temp.refused SELECT national_id FROM temp.line WHERE conflict"
        )
        for statement in (
            sql.FILL_FROM_OTHER_LINES, sql.NEXT_PERSON, sql.LOSERS, sql.NEXT_DUTY,
            sql.NEXT_CERTIFICATE, sql.STATES,
        ):  # fmt: skip
            db.execute(statement)
        for state in (sql.NEW, sql.CHANGED):
            db.execute(sql.STATE, {"state": state})
        missing, known = self._snapshot(db, scope)
        counts = {row["file"]: Counts(*tuple(row)[1:]) for row in db.execute(sql.COUNTS)}
        findings = _found(db, "identity-conflict", "family_name", sql.CONFLICTS)
        days = (SAME_CERTIFICATE_DAYS,)
        findings += _found(db, "certificate-disagrees", "certificate_end", sql.DISAGREEMENTS, days)
        self._duplicates = _duplicates(db)
        findings += _new_duplicates(db, self._duplicates)
        suspended = bool(scope and self._unreadable)
        return Figures(counts, findings, missing, known, suspended)

    def _snapshot(self, db: sqlite3.Connection, scope: Scope | None) -> tuple[int, int]:
        facts = {
            "province": scope.province if scope else "",
            "district": fold(scope.district) if scope else "",
            "suspended": int(scope is None or self._unreadable > 0),
        }
        db.execute(sql.GONE, facts)
        db.execute(sql.MISSING)
        missing = int(db.execute("SELECT count(*) FROM temp.missing").fetchone()[0])
        known = int(db.execute(sql.KNOWN, facts).fetchone()[0]) if scope else 0
        return missing, known


def _run(db: sqlite3.Connection, script: str) -> None:
    """Several statements, inside whatever transaction is open (`executescript` would end it)."""
    for statement in script.split(";"):
        if statement.strip():
            db.execute(statement)


def _found(
    db: sqlite3.Connection, code: str, field: str, query: str, given: Sequence[int] = ()
) -> list[Finding]:
    return [_at(db, line, code, field, str(value)) for line, value in db.execute(query, given)]


def _at(db: sqlite3.Connection, line: int, code: str, field: str, value: str) -> Finding:
    place = db.execute(
        "SELECT file, sheet, ? - first + 1 FROM temp.sheet_base WHERE first <= ?"
        " ORDER BY first DESC LIMIT 1",
        (line, line),
    ).fetchone()
    file, sheet, row = place
    return Finding(code, file, sheet, row, field, value)


def _write_entry(
    db: sqlite3.Connection, entry: Entry, figures: Figures, *, now: datetime, as_of: str
) -> int:
    """Write down the import and its files; gives its number."""
    counts = figures.counts.values()
    conflicts = sum(one.conflicts for one in counts)
    scope = entry.scope or Scope("")
    written = db.execute(
        "INSERT INTO import (at, as_of, kind, full, province, district, rows_read, new, changed,"
        " unchanged, rejected, ignored, missing) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            now.isoformat(timespec="seconds"), as_of, entry.kind, entry.scope is not None,
            scope.province, scope.district, entry.read,
            *(sum(getattr(one, state) for one in counts) for state in STATES),
            entry.rejected + conflicts, entry.ignored, figures.missing,
        ),
    )  # fmt: skip
    number = int(written.lastrowid or 0)
    for place, file in enumerate(entry.files):
        added = db.execute(
            "INSERT INTO file (import_id, name, sha256, how) VALUES (?, ?, ?, ?)",
            (number, file.name, file.sha256, file.how),
        )
        db.execute(
            "UPDATE temp.sheet_base SET file_id = ? WHERE file = ?", (added.lastrowid, place)
        )
    return number


def _duplicates(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """New people with the name of another and an id one swap of digits away: (the other, the one).

    One digit changed never leaves a valid id, and no other is kept; a swap may.
    """
    pairs = [pair for (ids,) in db.execute(sql.NAMESAKES) for pair in _swapped(ids.split(","))]
    return [*pairs, *((second, first) for first, second in pairs)]


def _new_duplicates(db: sqlite3.Connection, duplicates: Sequence[tuple[str, str]]) -> list[Finding]:
    found = []
    for other, one in duplicates:
        line = db.execute(
            "SELECT line FROM temp.next_person WHERE national_id = ? AND state = ?", (one, sql.NEW)
        ).fetchone()
        if line:
            found.append(_at(db, line[0], "possible-duplicate", "national_id", mask(other)))
    return found


def _swapped(ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    same_digits: dict[str, list[str]] = defaultdict(list)
    for one in ids:
        same_digits["".join(sorted(one))].append(one)
    for group in same_digits.values():
        for first, second in itertools.combinations(group, 2):
            if sum(a != b for a, b in zip(first, second, strict=True)) == 2:  # noqa: PLR2004
                yield first, second
