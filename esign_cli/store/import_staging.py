"""Rows of workbooks staged, compared with what is known, and merged in one transaction."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain

from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import applications, dialect, import_compare
from esign_cli.store import import_history as history
from esign_cli.store import import_journal_sql as journal
from esign_cli.store import import_merge_sql as merge
from esign_cli.store import import_sql as sql
from esign_cli.store.connection import Db
from esign_cli.store.database import Store
from esign_cli.store.import_compare import Compared, Staged
from esign_cli.store.imports import Entry, Figures, Scope, known_since
from esign_cli.workbooks.import_rows import Rows, Tuple

ROWS_A_STATEMENT = 25
"""SQLite takes 999 values a statement everywhere; a row has at most 17."""


class Staging:
    """The rows of one command, before anything is kept of them.

    They stand in temporary tables, which go with the connection. Rows need not be staged that would
    change nothing: `known_rows`; fewer, if the files are a full snapshot (`full`).
    """

    def __init__(self, store: Store, *, full: bool) -> None:
        self._store = store
        for statement in dialect.of(store.db).before_staging:
            store.db.execute(statement)
        rows = journal.KNOWN_ROWS_OF_SOLE_RECORDS if full else journal.KNOWN_ROWS
        self._seen: dict[int, str] = dict(map(tuple, store.db.execute(rows)))
        self.begin()

    def begin(self) -> None:
        """Forget what was staged."""
        self._end = self._sheets = self._unreadable = 0
        self._lines: dict[int, int] = {}
        self._known_rows: dict[int, list[int]] = {}
        with self._store.staging() as db:
            import_compare.drop(db, (*sql.STAGED_TABLES, *sql.NEXT_TABLES))
            import_compare.run(db, sql.TABLES)

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
                self._lines[file] = self._lines.get(file, 0) + len(rows.people)
                self._end += rows.read
            db.execute(
                "INSERT INTO sheet_base VALUES (?, ?, ?, ?, ?, NULL)",
                (self._sheets, first, self._end, file, sheet),
            )

    def _add(self, db: Db, rows: Rows, base: int, *, weak: bool, known: bool) -> None:
        for table, extra, tuples in (
            ("line", (int(weak), int(known), 0), rows.people),
            ("line_duty", (0,), () if known else rows.duties),
            ("line_certificate", (), () if known else rows.certificates),
        ):
            if tuples:
                _insert(db, table, base, (self._sheets, *extra), tuples)
        db.executemany(
            "INSERT INTO refused VALUES (?) ON CONFLICT DO NOTHING",
            ((one,) for one in rows.rejected_ids),
        )
        self._unreadable += rows.unreadable_ids
        db.executemany(
            f"INSERT INTO misread VALUES (? + {base:d}, ?, ?)",  # noqa: S608  (a number)
            rows.misread,
        )

    def lacks_rows(self) -> bool:
        """Return whether rows were passed over that now matter: theirs is a person with another
        row.

        Then they are no longer among the `known_rows`, and all is to be staged again.
        """
        passed_over = {one for rows in self._known_rows.values() for one in rows}
        if not passed_over:
            return False
        of_staged = {digest for (digest,) in self._store.db.execute(journal.SEEN_OF_STAGED)}
        needed = passed_over & of_staged
        for digest in needed:
            del self._seen[digest]
        return bool(needed)

    def compare(self, scope: Scope | None) -> Figures:
        """Return what the import would do; nothing is changed."""
        with self._store.reading() as db:
            return import_compare.compare(db, self._staged, scope).figures

    def apply(
        self,
        entry: Entry,
        *,
        now: datetime,
        today: date,
        finish: Callable[[history.Written, Figures], None],
        policy: Policy = applications.SEED,
    ) -> Figures:
        """Merge the staged rows, all of them or, if anything goes wrong, none.

        `finish` is called when all is written; what it raises undoes all of it.
        """
        with self._store.writing() as db:
            compared = import_compare.compare(db, self._staged, entry.scope)
            as_of = self._as_of(entry, today)
            number = history.write_entry(db, entry, compared.figures, now=now, as_of=as_of)
            with _bulk(db) if compared.all_is_new else _kept(db, number, compared):
                self._merge(db, compared, number, now=now, as_of=as_of)
                applications.notice(db, now, None, policy)
            finish(history.Written(number, db), compared.figures)
        return compared.figures

    def _merge(self, db: Db, compared: Compared, number: int, *, now: datetime, as_of: str) -> None:
        facts = {"number": number, "as_of": as_of, "now": now.isoformat(timespec="seconds")}
        for is_needed, *statements in merge.STEPS:
            if db.execute(is_needed).fetchone()[0]:
                for statement in statements:
                    db.execute(statement, facts)
        if compared.duplicates:
            db.executemany(merge.MARK_DUPLICATE, compared.duplicates)
        self._remember_places(db, number)

    @property
    def _staged(self) -> Staged:
        return Staged(self._lines, self._known_rows, self._unreadable)

    def _remember_places(self, db: Db, number: int) -> None:
        db.execute(journal.PLACES, (number,))
        passed_over = (one for rows in self._known_rows.values() for one in rows)
        named = {place for one in passed_over for place in self._seen[one].split()}
        db.executemany(
            "INSERT INTO import_place VALUES (?, ?) ON CONFLICT DO NOTHING",
            ((number, one) for one in named),
        )

    def _as_of(self, entry: Entry, today: date) -> str:
        if entry.as_of is not None:
            return min(entry.as_of, today).isoformat()
        days = [known_since(self._store, file.sha256) for file in entry.files]
        known = today.isoformat() if None in days else max(day for day in days if day)
        return min(known, (entry.file_day or today).isoformat())


@contextmanager
def _bulk(db: Db) -> Iterator[None]:
    """Fill empty tables without their indexes, which are made when all is there."""
    if dialect.of(db) is not dialect.SQLITE:
        yield  # only their owner may do that there
        return
    indexes = [
        tuple(row) for table in sql.BULK_TABLES for row in db.execute(sql.INDEXES_OF, (table,))
    ]
    for name, _ in indexes:
        db.execute(f"DROP INDEX {name}")
    yield
    for _, statement in indexes:
        db.execute(statement)


@contextmanager
def _kept(db: Db, number: int, compared: Compared) -> Iterator[None]:
    """Keep the records that are about to be changed as they are, and as they become."""
    history.keep_before(db, number, [one for _, one in compared.duplicates])
    yield
    history.keep_after(db, number)


def _insert(db: Db, table: str, base: int, rest: Sequence[int], tuples: Sequence[Tuple]) -> None:
    """Many rows a statement: three times as fast as one.

    `base` is added to the first value; `rest`, the same in each row, is written into the statement.
    """
    copy = getattr(db, "copy", None)
    if copy is not None:
        copy(table, ((int(one[0] or 0) + base, *one[1:], *rest) for one in tuples))
        return
    width = len(tuples[0])
    marks = ", ".join("?" * (width - 1))
    same = "".join(f", {number:d}" for number in rest)
    row = f"(? + {base:d}, {marks}{same})"
    whole = len(tuples) - len(tuples) % ROWS_A_STATEMENT
    flat = list(chain.from_iterable(tuples[:whole]))
    step = width * ROWS_A_STATEMENT
    db.executemany(
        f"INSERT INTO {table} VALUES {', '.join([row] * ROWS_A_STATEMENT)}",  # noqa: S608
        (flat[start : start + step] for start in range(0, len(flat), step)),
    )
    db.executemany(f"INSERT INTO {table} VALUES {row}", tuples[whole:])  # noqa: S608  (ours)
