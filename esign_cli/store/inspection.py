"""Whether a database is one of ours: nothing in its schema that esign did not make, no bad value.

SQLite runs what a file's own triggers, views and expressions say; so such a file is refused before
it is asked anything else.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from time import process_time

from esign_cli.foundation.errors.store import DatabaseForeign, DatabaseUnreadable
from esign_cli.foundation.i18n import N_
from esign_cli.store import schema

OPENING_SECONDS = 3.0
"""How much processor time a query may take before a database is known to be ours."""
LONGEST_VALUE = 64 << 20
"""Bytes of one value; the largest of ours is a certificate."""
_STEPS = 20_000
"""Virtual machine instructions between two looks at the clock."""
_OBJECTS = (
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_master ORDER BY type, name"
)
_SQLITES_OWN = ("sqlite_", "_sqlite_migrations")
NO_TEXT = N_("it has text in it that is none")
_MISSING = N_("a part of it is missing: {name}")


def guard(db: sqlite3.Connection) -> None:
    """Let a connection trust nothing that stands in the file."""
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA secure_delete = ON")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


@contextmanager
def limited(db: sqlite3.Connection, seconds: float = OPENING_SECONDS) -> Iterator[None]:
    """Break a query off after so much processor time, for the length of a `with` block.

    SQLite answers SQLITE_INTERRUPT then.
    """
    end = process_time() + seconds
    db.set_progress_handler(lambda: int(process_time() > end), _STEPS)
    try:
        yield
    except UnicodeDecodeError as error:  # a name in the schema, or in what SQLite says of it
        raise sqlite3.DatabaseError(NO_TEXT) from error
    finally:
        db.set_progress_handler(None, 0)


def check_code(db: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseForeign for a trigger or a view: esign makes none."""
    for kind, name, _table, _sql in db.execute(_OBJECTS):
        if kind in ("trigger", "view"):
            raise DatabaseForeign(path=str(path), kind=kind, name=str(name))


def check_owner(db: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseForeign for another program's database: one with tables and none of ours."""
    names = [str(name) for _kind, name, _table, _sql in db.execute(_OBJECTS)]
    if names and "_sqlite_migrations" not in names:
        raise DatabaseForeign(path=str(path), kind="table", name=names[0])


def check_schema(db: sqlite3.Connection, path: Path) -> None:
    """Compare the schema with the one this version makes.

    Raises DatabaseForeign for what is not ours, and DatabaseUnreadable where something is missing.
    """
    if is_current(db):
        return
    ours, theirs = _ours(), _described(db)
    for name, described in theirs.items():
        if ours.get(name) != described:
            kind = described[0]
            raise DatabaseForeign(path=str(path), kind=kind, name=name)
    for name in ours.keys() - theirs.keys():
        raise DatabaseUnreadable(path=str(path), detail=_MISSING.format(name=name))


def is_current(db: sqlite3.Connection) -> bool:
    """Return whether the schema is, to the letter, the one that this version makes."""
    cursor = db.cursor()
    cursor.row_factory = None
    rows = cursor.execute(_OBJECTS).fetchall()
    text = repr([row for row in rows if not _sqlites_own(row[2])])
    return hashlib.sha256(text.encode()).hexdigest() == schema.SHA256


_Described = tuple[str, str, tuple[tuple[object, ...], ...]]
"""Kind, table, and the columns of a table or an index."""


@cache
def _ours() -> dict[str, _Described]:
    with closing(sqlite3.connect(":memory:")) as db:
        schema.make(db)
        return _described(db)


def _described(db: sqlite3.Connection) -> dict[str, _Described]:
    cursor = db.cursor()
    cursor.row_factory = None
    query = "SELECT type, name, tbl_name FROM main.sqlite_master"
    objects = [row for row in cursor.execute(query).fetchall() if not _sqlites_own(row[2])]
    by_table = {}
    for kind, name, table in objects:
        pragma = "table_xinfo" if kind == "table" else "index_xinfo"
        columns = cursor.execute(f"SELECT * FROM pragma_{pragma}(?)", (name,))  # noqa: S608  (ours)
        described = columns.fetchall()
        if kind == "index":
            facts = "SELECT * FROM pragma_index_list(?) WHERE name = ?"
            described += [row[2:] for row in cursor.execute(facts, (table, name))]
        by_table[name] = (kind, table, tuple(described))
    return by_table


def _sqlites_own(name: object) -> bool:
    return str(name).startswith(_SQLITES_OWN)


# --- values --------------------------------------------------------------------------------------

DAY = "typeof({c}) <> 'text' OR {c} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'" \
    " OR date({c}, '+0 days') IS NOT {c} OR {c} < '1000'"  # fmt: skip
INSTANT = "typeof({c}) <> 'text' OR julianday({c}) IS NULL OR {c} NOT LIKE '____-__-__T%'" \
    " OR {c} NOT BETWEEN '1000' AND '9999'"  # fmt: skip
"""A day before or after is a day, too, in whatever time zone."""
JSON = "typeof({c}) <> 'text' OR NOT json_valid({c})"
_OBJECT = "CASE WHEN typeof({c}) <> 'text' OR NOT json_valid({c}) THEN 1" \
    " WHEN json_type({c}) <> 'object' THEN 1"  # fmt: skip
_NO_LARGE = " ELSE EXISTS (SELECT 1 FROM json_tree({c})" \
    " WHERE typeof(atom) = 'real' AND abs(atom) > 1e15) END"  # fmt: skip
OBJECT = _OBJECT + _NO_LARGE
"""None of its numbers is larger than SQLite's whole ones, which it reads as real ones."""
FACTS = _OBJECT + "".join(
    f" WHEN typeof(json_extract({{c}}, '$.{key}')) NOT IN ('null', '{kind}') THEN 1"
    for key, kind in (("file", "text"), ("folder", "text"), ("undoes", "integer"))
) + _NO_LARGE  # fmt: skip
_TEXT = "typeof({c}) <> 'text'"
_WHOLE = "typeof({c}) <> 'integer'"
_NUMBER = "typeof({c}) <> 'integer' OR {c} NOT BETWEEN 1 AND 1000000000000"
"""Of rows: there is always one more."""
WRONG: dict[tuple[str, ...], str] = {
    ("person.birth_date", "person.missing_since", "duty.start", "duty.end", "mark.until",
     "certificate.not_before", "certificate.not_after", "certificate.revoked_on",
     "application.opened", "application_event.date", "import.as_of",
     "reminder.not_after", "report.on", "overview.on"): DAY,
    ("certificate.seen_at", "mark.at", "mark.ended_at", "application_event.at", "import.at",
     "reminder.at", "backup.at", "erasure.at", "audit.at", "report.at", "overview.at",
     "list_number.at", "watch.began", "watch_card.at"): INSTANT,
    ("application_event.facts",): FACTS,
    ("person.sources", "reminder.problem", "audit.state", "report.counts",
     "overview.counts"): OBJECT,
    ("change.before", "change.after", "audit.people", "audit.exported"): JSON,
    ("person.national_id", "person.given_name", "person.family_name", "person.name_key",
     "person.birth_place", "person.email", "person.mobile_phone", "duty.institution",
     "duty.title", "duty.province", "duty.district", "duty.status", "duty.kind",
     "certificate.national_id", "certificate.issuer", "certificate.holder", "mark.reason",
     "application.national_id", "reminder.national_id"): _TEXT,
    ("duty.end_column",): _WHOLE,
    ("application.number", "application_event.id", "import.id", "file.id", "watch.number",
     "backup.number", "audit.number", "reminder.id"): _NUMBER,
    ("application_event.state",): "{c} NOT IN ({states})",
    ("duty.duty_class",): "{c} NOT IN ('permanent', 'assignment')",
    ("mark.word",): "{c} NOT IN ('on-duty', 'left', 'lost', 'revoked')",
    ("certificate.origin",): "{c} NOT IN ('card', 'file', 'list', 'overruled')",
    ("certificate.revocation",): "{c} NOT IN ('', 'revoked', 'suspended', 'lost')",
    ("application.reason",): "{c} NOT IN ('renewal', 'lost', 'other', 'first')",
}  # fmt: skip
"""What a value of ours never is, by column; empty and NULL are looked at by neither."""


def first_bad_value(db: sqlite3.Connection) -> str:
    """Return "table.column" of the first value that esign cannot have written; "" if there is none.

    Raises sqlite3.DatabaseError for what SQLite itself cannot read.
    """
    from esign_cli.renewals.application.life_cycle import STATES  # all that wants the rules

    states = ", ".join(f"'{state}'" for state in STATES)
    known = _described(db)
    for names, wrong in WRONG.items():
        for name in names:
            table, column = name.split(".")
            if table not in known or column not in [row[1] for row in known[table][2]]:
                continue
            where = wrong.format(c=f'"{column}"', states=states)
            query = f'SELECT 1 FROM "{table}" WHERE "{column}" <> \'\' AND ({where}) LIMIT 1'  # noqa: S608  (our names)
            if db.execute(query).fetchone() is not None:
                return name
    return ""
