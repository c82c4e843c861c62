"""Rows of workbooks staged, compared with what is known, and merged in one transaction."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from esign_cli.mebbis_import import Rows, Tuple
from esign_cli.store import applications, findings
from esign_cli.store import import_history as history
from esign_cli.store import import_keeping_sql as keeping
from esign_cli.store import import_sql as sql
from esign_cli.store.database import Store
from esign_cli.store.imports import Counts, Entry, Figures, Scope, known_since
from esign_cli.turkish import fold

CACHE_KIB = 64 * 1024
ROWS_A_STATEMENT = 25
"""SQLite takes 999 values a statement everywhere; a row has at most 17."""


class Staging:
    """The rows of one command, before anything is kept of them.

    They stand in temporary tables, which go with the connection. Unless the files are a full
    snapshot (`full`), rows need not be staged that would change nothing: `known_rows`.
    """

    def __init__(self, store: Store, *, full: bool) -> None:
        self._store = store
        store.db.execute("PRAGMA temp_store = MEMORY")
        store.db.execute(f"PRAGMA main.cache_size = -{CACHE_KIB}")
        rows = () if full else store.db.execute("SELECT digest, places FROM main.seen")
        self._seen: dict[int, str] = dict(map(tuple, rows))
        self.begin()

    def begin(self) -> None:
        """Forget what was staged."""
        self._end = self._sheets = self._unreadable = 0
        self._duplicates: list[tuple[str, str]] = []
        self._known_rows: dict[int, list[int]] = {}
        with self._store.staging() as db:
            run(db, sql.drop((*sql.STAGED_TABLES, *sql.NEXT_TABLES)))
            run(db, sql.TABLES)

    @property
    def known_rows(self) -> bytes:
        """The digests of rows that need not be staged, for `cells.Plan.known`."""
        return array("q", self._seen).tobytes()

    def add_sheet(
        self, file: int, sheet: str, blocks: Iterable[Rows], *, weak: bool, known: bool
    ) -> None:
        """Stage a sheet of the command's `file`th file.

        `weak`: a list of certificates, which only fills in what is not known of a person.
        `known`: of this sheet nothing is taken again; its rows are only counted.
        """
        first = self._end + 1
        self._sheets += 1
        with self._store.staging() as db:
            for rows in blocks:
                self._add(db, rows, first - 1, weak=weak, known=known)
                self._known_rows.setdefault(file, []).extend(rows.known)
                self._end += rows.read
            db.execute(
                "INSERT INTO temp.sheet_base VALUES (?, ?, ?, ?, ?, NULL)",
                (self._sheets, first, self._end, file, sheet),
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
                _insert(db, table, base, (self._sheets, *extra), tuples)
        db.executemany(
            "INSERT OR IGNORE INTO temp.refused VALUES (?)", ((one,) for one in rows.rejected_ids)
        )
        self._unreadable += rows.unreadable_ids

    def lacks_rows(self) -> bool:
        """Whether rows were passed over that now matter: theirs is a person with another row.

        Then they are no longer among the `known_rows`, and all is to be staged again.
        """
        passed_over = {one for rows in self._known_rows.values() for one in rows}
        if not passed_over:
            return False
        of_staged = {digest for (digest,) in self._store.db.execute(keeping.SEEN_OF_STAGED)}
        needed = passed_over & of_staged
        for digest in needed:
            del self._seen[digest]
        return bool(needed)

    def compare(self, scope: Scope | None) -> Figures:
        """What the import would do; nothing is changed."""
        with self._store.reading() as db:
            return self._compare(db, scope)

    def apply(
        self,
        entry: Entry,
        *,
        now: datetime,
        today: date,
        finish: Callable[[history.Written, Figures], None],
    ) -> Figures:
        """Merge the staged rows, all of them or, if anything goes wrong, none.

        `finish` is called when all is written; what it raises undoes all of it.
        """
        with self._store.writing() as db:
            figures = self._compare(db, entry.scope)
            as_of = self._as_of(entry, today)
            number = history.write_entry(db, entry, figures, now=now, as_of=as_of)
            history.keep_before(db, number, [one for _, one in self._duplicates])
            for statement in (
                sql.WRITE_NEW_PEOPLE, sql.WRITE_CHANGED_PEOPLE, sql.MARK_CONFLICTS,
                sql.WRITE_NEW_DUTIES, sql.WRITE_CHANGED_DUTIES,
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
            self._remember_rows(db, number)
            history.keep_after(db, number)
            finish(history.Written(number, db), figures)
        return figures

    def _remember_rows(self, db: sqlite3.Connection, number: int) -> None:
        for statement in (keeping.FORGET_SEEN, keeping.REMEMBER_SEEN):
            db.execute(statement)
        db.execute(keeping.PLACES, (number,))
        passed_over = (one for rows in self._known_rows.values() for one in rows)
        named = {place for one in passed_over for place in self._seen[one].split()}
        db.executemany(
            "INSERT OR IGNORE INTO import_place VALUES (?, ?)", ((number, one) for one in named)
        )

    def _as_of(self, entry: Entry, today: date) -> str:
        days = [known_since(self._store, file.sha256) for file in entry.files]
        return today.isoformat() if None in days else max(day for day in days if day)

    def _compare(self, db: sqlite3.Connection, scope: Scope | None) -> Figures:
        run(db, sql.INDEXES)
        run(db, sql.drop(sql.NEXT_TABLES))
        db.execute("UPDATE temp.line SET conflict = 0 WHERE conflict")
        db.execute(sql.SEVERAL)
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
        missing, known = self._snapshot(db, scope)
        counts = self._counts(db)
        self._duplicates = findings.duplicates(db)
        suspended = bool(scope and self._unreadable)
        found = findings.all_of(db, self._duplicates)
        return Figures(counts, found, missing, known, suspended)

    def _counts(self, db: sqlite3.Connection) -> dict[int, Counts]:
        first = db.execute(sql.NOTHING_IS_KNOWN).fetchone()[0]
        for state in () if first else (sql.NEW, sql.CHANGED):
            db.execute(sql.STATE, {"state": state})
        query = sql.COUNTS_WHEN_NOTHING_IS_KNOWN if first else sql.COUNTS
        counts = {row["file"]: Counts(*tuple(row)[1:]) for row in db.execute(query)}
        for file, rows in self._known_rows.items():
            told = counts.get(file, Counts())
            counts[file] = replace(told, unchanged=told.unchanged + len(rows))
        return counts

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


def _insert(
    db: sqlite3.Connection, table: str, base: int, rest: Sequence[int], tuples: Sequence[Tuple]
) -> None:
    """Many rows a statement: three times as fast as one.

    `base` is added to the first value; `rest`, the same in each row, is written into the statement.
    """
    width = len(tuples[0])
    marks = ", ".join("?" * (width - 1))
    same = "".join(f", {number:d}" for number in rest)
    row = f"(? + {base:d}, {marks}{same})"
    whole = len(tuples) - len(tuples) % ROWS_A_STATEMENT
    flat = list(chain.from_iterable(tuples[:whole]))
    step = width * ROWS_A_STATEMENT
    db.executemany(
        f"INSERT INTO temp.{table} VALUES {', '.join([row] * ROWS_A_STATEMENT)}",  # noqa: S608
        (flat[start : start + step] for start in range(0, len(flat), step)),
    )
    db.executemany(f"INSERT INTO temp.{table} VALUES {row}", tuples[whole:])  # noqa: S608  (ours)


def run(db: sqlite3.Connection, script: str) -> None:
    """Several statements, inside whatever transaction is open (`executescript` would end it)."""
    for statement in script.split(";"):
        if statement.strip():
            db.execute(statement)
