"""A way past esign into a test's database, be it a file or on a server."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from esign_cli.foundation.database_server import Server
from esign_cli.store import dialect
from esign_cli.store.connection import Db
from esign_cli.store.dialect import Statement

Place = Path | Server


@contextmanager
def direct(place: Place) -> Iterator[Db]:
    """A connection in which every statement is kept at once, noticed by nobody."""
    if isinstance(place, Path):
        with closing(sqlite3.connect(place, isolation_level=None)) as db:
            yield db
        return
    import psycopg

    from esign_cli.store.server.connection import ServerConnection

    with closing(ServerConnection(psycopg.connect(place.conninfo, autocommit=True))) as db:
        yield db


_TABLES = Statement(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlite%' ORDER BY 1",
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema AND tablename NOT IN"
    " ('custody', 'esign_migration', 'pin_try') ORDER BY 1",
)
_NUMBERS_NOBODY_SEES = frozenset({"id", "file_id", "born"})
"""SQLite gives the number of a last row that was deleted once more, and a server does not."""
_OF_ONE_DATABASE_ALONE = frozenset({"audit", "audit_run", "audit_person", "own_key"})


def content(db: Db) -> dict[str, list[str]]:
    """Every row that a roster holds, by table and sorted, in the same words on both engines."""
    held = {}
    for (table,) in db.execute(_TABLES).fetchall():
        columns = db.execute(dialect.of(db).columns, (table,)).fetchall()
        hidden = frozenset() if table == "import" else _NUMBERS_NOBODY_SEES
        named = ", ".join(f'"{name}"' for name, _kind, _key in columns if name not in hidden)
        rows = db.execute(f"SELECT {named} FROM {table}").fetchall()
        held[table] = sorted(repr([_same(value) for value in row]) for row in rows)
    return {name: rows for name, rows in held.items() if name not in _OF_ONE_DATABASE_ALONE}


def _same(value: Any) -> Any:
    """JSON is written with and without blanks, its fields in any order, also inside of JSON."""
    if isinstance(value, str) and value[:1] in ("[", "{"):
        value = json.loads(value)
    if isinstance(value, dict):
        kept = {name: _same(one) for name, one in value.items() if name not in _NUMBERS_NOBODY_SEES}
        return dict(sorted(kept.items()))
    is_place = isinstance(value, list) and list(map(type, value)) == [int, str, int]
    return value[1:] if is_place else value  # without the file's number
