"""Keyed digests of tables: that one was changed behind esign's back shows in them, nothing else."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3

from esign_cli.store.connection import Cursor, Db

TABLES = frozenset(
    {
        "application",
        "application_event",
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
"""What decisions rest on; not the histories of imports, piles of cards, reports, the trail."""
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
        return _of_texts(db, key, table, f"SELECT json_array({', '.join(values)}) {ordered}")
    except sqlite3.OperationalError as error:
        if _NO_JSON not in str(error):
            raise
    each = " || ',' || ".join(_quoted(name) for name, _, _ in columns)
    return _of_texts(db, key, table, f"SELECT {each} {ordered}")


def _of_texts(db: Db, key: bytes, table: str, query: str) -> str:
    mac = hmac.new(key, table.encode(), hashlib.sha256)
    cursor = _plain(db).execute(query)
    while rows := cursor.fetchmany(_MANY):
        mac.update("\n".join([text for (text,) in rows]).encode("utf-8", "surrogatepass"))
    return mac.hexdigest()[:_DIGITS]


def _plain(db: Db) -> Cursor:
    cursor: Cursor = db.cursor()
    cursor.row_factory = None
    return cursor


def _quoted(column: str) -> str:
    """A value as SQL writes it: a text, a number, a BLOB and NULL never look alike."""
    return f'quote("{column}")'
