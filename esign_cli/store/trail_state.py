"""Keyed digests of tables: that one was changed behind esign's back shows in them, nothing else."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3

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
_PARTS = ","


def digest(db: sqlite3.Connection, key: bytes, table: str) -> str:
    """Return a digest over all rows of a table in the order of its key.

    The first 128 bits of HMAC-SHA256, in hexadecimal.
    """
    mac = hmac.new(key, table.encode(), hashlib.sha256)
    cursor = db.cursor()
    cursor.row_factory = None
    if table == SCHEMA:
        mac.update(repr(cursor.execute(_SCHEMA).fetchall()).encode())
        return mac.hexdigest()[:_DIGITS]
    columns = cursor.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
    each = f" || '{_PARTS}' || ".join(_as_text(name) for name, _pk in columns)
    keys = ", ".join(f'"{name}"' for name, pk in sorted(columns, key=lambda c: c[1]) if pk)
    cursor.execute(f'SELECT {each} FROM main."{table}" ORDER BY {keys}')  # noqa: S608  (our names)
    while rows := cursor.fetchmany(_MANY):
        mac.update("\n".join([text for (text,) in rows]).encode("utf-8", "surrogatepass"))
    return mac.hexdigest()[:_DIGITS]


def _as_text(column: str) -> str:
    """A value as SQL writes it, so that no two rows read alike."""
    name = f'"{column}"'
    return f"quote({name})"
