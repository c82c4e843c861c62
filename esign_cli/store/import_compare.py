"""What staged rows would do to what is known; only temporary tables are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from esign_cli.foundation.turkish import fold
from esign_cli.store import dialect, import_findings
from esign_cli.store import import_missing_sql as missing_sql
from esign_cli.store import import_sources_sql as sources
from esign_cli.store import import_sql as sql
from esign_cli.store.connection import Db
from esign_cli.store.dialect import Statement
from esign_cli.store.imports import Counts, Figures, Scope


@dataclass(frozen=True, slots=True)
class Staged:
    """What has to be known of staged rows besides themselves."""

    lines: Mapping[int, int]
    """By file, how many there are."""
    known_rows: Mapping[int, Sequence[int]]
    """By file, the digests of rows that were passed over."""
    unreadable: int
    """Rows whose national id could not be read."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it."""

    figures: Figures
    duplicates: Sequence[import_findings.Pair]
    all_is_new: bool
    """Nothing is known yet."""


def compare(db: Db, staged: Staged, scope: Scope | None) -> Compared:
    """Fill the tables that `import_merge_sql` writes from."""
    drop(db, sql.NEXT_TABLES)
    settle(db, _STAGED)
    db.execute(sql.BY_PERSON)
    db.execute(sql.SEVERAL)
    all_is_new = bool(_one(db, sql.NOTHING_IS_KNOWN))
    (_choose if all_is_new else _find_out)(db)
    db.execute(sql.NEXT_CERTIFICATE)
    settle(db, _NEXT)
    db.execute(sql.STATES)
    missing, known = _snapshot(db, staged, scope)
    counts = (_counts_of_new if all_is_new else _counts)(db, staged)
    duplicates = import_findings.duplicates(db, all_is_new=all_is_new)
    findings = import_findings.all_of(db, duplicates)
    suspended = bool(scope and staged.unreadable)
    return Compared(Figures(counts, findings, missing, known, suspended), duplicates, all_is_new)


def _choose(db: Db) -> None:
    """Where nothing is known only people on several rows need to be looked at."""
    several = _one(db, "SELECT EXISTS (SELECT 1 FROM several)")
    among_themselves = (
        sql.NO_CONFLICT, sql.CONFLICT_AMONG_THEMSELVES, sql.REFUSE, *sources.FILLED,
        sql.FILL_FROM_OTHER_LINES, sql.LOSERS,
    )  # fmt: skip
    left_out, choose = sql.LEFT_OUT
    for statement in (left_out, *((*among_themselves, choose) if several else ())):
        db.execute(statement)
    run(db, sql.ALL_IS_NEW)
    db.execute(sources.LINE_ORIGIN)
    db.execute(sources.NEXT_SOURCES_OF_NEW)
    db.execute(sources.NEXT_SOURCES_BY_PERSON)


def _find_out(db: Db) -> None:
    run(db, sql.INDEXES)
    for statement in (
        sql.NO_CONFLICT, sql.CONFLICT_WITH_KNOWN, sql.CONFLICT_AMONG_THEMSELVES, sql.REFUSE,
        *sources.FILLED, sql.FILL_FROM_OTHER_LINES, sql.NEXT_PERSON, sources.NEXT_SOURCES,
        sources.NEXT_SOURCES_BY_PERSON, sql.LOSERS, sql.NEXT_DUTY,
    ):  # fmt: skip
        db.execute(statement)


def _snapshot(db: Db, staged: Staged, scope: Scope | None) -> tuple[int, int]:
    """How many are missing, of how many who are known in the scope."""
    facts = {
        "province": scope.province if scope else "",
        "district": fold(scope.district) if scope else "",
        "suspended": int(scope is None or staged.unreadable > 0),
    }
    passed_over = (one for rows in staged.known_rows.values() for one in rows)
    db.executemany(missing_sql.NOT_STAGED, ((one,) for one in passed_over) if scope else ())
    for statement in (missing_sql.PRESENT, missing_sql.GONE):
        db.execute(statement, facts)
    db.execute(missing_sql.MISSING)
    missing = _one(db, "SELECT count(*) FROM missing")
    return missing, int(db.execute(missing_sql.KNOWN, facts).fetchone()[0]) if scope else 0


def _counts_of_new(db: Db, staged: Staged) -> dict[int, Counts]:
    conflicts = dict(map(tuple, db.execute(sql.CONFLICTS_BY_FILE)))
    return {
        file: Counts(new=lines - conflicts.get(file, 0), conflicts=conflicts.get(file, 0))
        for file, lines in staged.lines.items()
    }


def _counts(db: Db, staged: Staged) -> dict[int, Counts]:
    for state in (sql.NEW, sql.CHANGED):
        db.execute(sql.STATE, {"state": state})
    counts = {row[0]: Counts(*tuple(row)[1:]) for row in db.execute(sql.COUNTS)}
    for file, rows in staged.known_rows.items():
        of_file = counts.get(file, Counts())
        counts[file] = replace(of_file, unchanged=of_file.unchanged + len(rows))
    return counts


def _one(db: Db, question: str) -> int:
    return int(db.execute(question).fetchone()[0])


_STAGED = ("line", "line_duty", "line_certificate")
_NEXT = ("next_person", "next_duty", "next_certificate", "next_sources")


def settle(db: Db, names: Iterable[str]) -> None:
    """Let a server count what temporary tables hold, or it takes them for tiny."""
    if dialect.of(db) is not dialect.SQLITE:
        for name in names:
            db.execute(f"ANALYZE {name}")


_TEMPORARY = Statement(
    "SELECT name, type FROM temp.sqlite_master",
    "SELECT relname, CASE relkind WHEN 'v' THEN 'view' ELSE 'table' END FROM pg_class"
    " WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'v') ORDER BY relkind DESC",
)


def drop(db: Db, names: Iterable[str]) -> None:
    """Forget temporary tables and views, views first: they rest on tables."""
    unwanted = frozenset(names)
    for name, kind in db.execute(_TEMPORARY).fetchall():
        if name in unwanted:
            db.execute(f"DROP {kind} {name}")


def run(db: Db, script: str) -> None:
    """Run statements inside whatever transaction is open (`executescript` would end it)."""
    for statement in dialect.parts(script):
        db.execute(statement)
