"""What a shell may offer to complete, out of the database; nothing where it cannot be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from esign_cli.foundation.database_server import Server
from esign_cli.store.list_numbers import KEPT
from esign_cli.store.trail import beside

_DISTRICTS = """
SELECT DISTINCT district FROM duty WHERE district <> '' AND closed_by IS NULL ORDER BY 1
"""
_NUMBERS = """
SELECT number, given_name || ' ' || family_name
  FROM list_number LEFT JOIN person USING (national_id)
 WHERE os_user = ? AND national_id <> '' AND list_number.at >= ? ORDER BY number
"""


def districts(place: Path | Server) -> list[str]:
    """Return the districts that current duty records name."""
    return [row[0] for row in _rows(place, _DISTRICTS)]


def list_numbers(place: Path | Server, os_user: str, now: datetime) -> list[tuple[int, str]]:
    """Return the numbers of this user's lists of the last day, each with the name."""
    since = (now - KEPT).isoformat(timespec="seconds")
    return [(number, name or "") for number, name in _rows(place, _NUMBERS, (os_user, since))]


def _rows(place: Path | Server, query: str, given: Sequence[str] = ()) -> list[Any]:
    if not isinstance(place, Path):
        return []  # nobody waits for a server at each press of Tab
    try:
        with closing(beside(place)) as db:
            return db.execute(query, given).fetchall()
    except sqlite3.Error:
        return []
