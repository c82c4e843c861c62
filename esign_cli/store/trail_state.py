"""Keyed digests of tables: that one was changed behind esign's back shows in them, nothing else."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Collection, Iterable

from esign_cli.store import dialect
from esign_cli.store.connection import Cursor, Db, together

TABLES = frozenset(
    {
        "application",
        "application_event",
        "audit_person",
        "backup",
        "certificate",
        "duty",
        "erasure",
        "file",
        "import",
        "mark",
        "own_key",
        "person",
        "reminder",
    }
)
"""What decisions rest on; not the histories of imports, piles of cards, reports."""
PEOPLE = "audit_person"
"""Whom the tokens of the trail stand for."""
TRAIL = "audit"
"""The trail itself, which has a chain instead of a digest."""
SCHEMA = "schema"
"""What stands for the tables, indexes, triggers and views themselves."""
_SCHEMA = "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_master ORDER BY 1, 2"
_MANY = 2000
_DIGITS = 32
_NO_JSON = "JSON cannot hold BLOB values"
"""What SQLite says of a BLOB in `json_array`; none of ours stands outside a column of BLOBs."""


def digest(db: Db, key: bytes, table: str) -> str:
    """Return a digest over all rows of a table in the order of its key.

    The first 128 bits of HMAC-SHA256, in hexadecimal.
    """
    if dialect.of(db) is not dialect.SQLITE:
        return _of_server(db, key, (table,))[table]
    if table == SCHEMA:
        mac = hmac.new(key, table.encode(), hashlib.sha256)
        mac.update(repr(_plain(db).execute(_SCHEMA).fetchall()).encode())
        return mac.hexdigest()[:_DIGITS]
    info = "SELECT name, type, pk FROM pragma_table_info(?)"
    columns = _plain(db).execute(info, (table,)).fetchall()
    values = [_quoted(name) if kind == "BLOB" else f'"{name}"' for name, kind, _pk in columns]
    keys = ", ".join(f'"{name}"' for name, _, pk in sorted(columns, key=lambda c: c[2]) if pk)
    ordered = f'FROM main."{table}" ORDER BY {keys}'
    try:
        return _of_texts(db, key, table, f"json_array({', '.join(values)})", ordered)
    except sqlite3.OperationalError as error:
        if _NO_JSON not in str(error):
            raise
    each = " || ',' || ".join(_quoted(name) for name, _, _ in columns)
    return _of_texts(db, key, table, each, ordered)


_SERVER_SCHEMA = """
SELECT encode(sha256(convert_to(string_agg(what, E'\\n' ORDER BY what), 'UTF8')), 'hex') FROM (
    SELECT concat_ws(' ', relname, attname, format_type(atttypid, atttypmod), attnotnull) AS what
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = CAST(current_schema AS regnamespace) AND relkind IN ('r', 'p', 'v', 'm')
       AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema
    UNION ALL SELECT pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
     WHERE relnamespace = CAST(current_schema AS regnamespace) AND NOT tgisinternal) AS described
"""
_SERVER_ROWS = """
SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(
    CAST(json_build_array({values}) AS text), 'UTF8')), '' ORDER BY {keys}), '')), 'hex')
  FROM "{table}"
"""


def digests(db: Db, key: bytes, tables: Collection[str]) -> dict[str, str]:
    """Return the digest of each of these tables."""
    if dialect.of(db) is not dialect.SQLITE:
        return _of_server(db, key, tables)
    return {table: digest(db, key, table) for table in tables}


def _of_server(db: Db, key: bytes, tables: Collection[str]) -> dict[str, str]:
    """The same of tables on a server, which sends a hash of their rows and not the rows."""
    stored = [table for table in tables if table != SCHEMA]
    answers = {SCHEMA: together(db, _SERVER_SCHEMA)[0]} if SCHEMA in tables else {}
    columns = together(db, *[dialect.of(db).columns.replace("?", f"'{t}'") for t in stored])
    rows = together(db, *map(_rows_query, stored, columns))
    answers |= dict(zip(stored, rows, strict=True))
    return {
        table: hmac.new(key, f"{table}\n{text}".encode(), hashlib.sha256).hexdigest()[:_DIGITS]
        for table, ((text,),) in answers.items()
    }


def _rows_query(table: str, columns: Iterable[tuple[str, str, int]]) -> str:
    described = list(columns)
    keyed = sorted((place, name) for name, _type, place in described if place)
    return _SERVER_ROWS.format(
        values=", ".join(f'"{name}"' for name, _type, _place in described),
        keys=", ".join(f'"{name}"' for _place, name in keyed),
        table=table,
    )


def _of_texts(db: Db, key: bytes, table: str, text: str, ordered: str) -> str:
    mac = hmac.new(key, table.encode(), hashlib.sha256)
    # as bytes: Python need not make text of them and bytes again
    cursor = _plain(db).execute(f"SELECT CAST({text} AS BLOB) {ordered}")
    while rows := cursor.fetchmany(_MANY):
        mac.update(b"\n".join([text for (text,) in rows]))
    return mac.hexdigest()[:_DIGITS]


def _plain(db: Db) -> Cursor:
    cursor: Cursor = db.cursor()
    cursor.row_factory = None
    return cursor


def _quoted(column: str) -> str:
    """A value as SQL writes it: a text, a number, a BLOB and NULL never look alike."""
    return f'quote("{column}")'
