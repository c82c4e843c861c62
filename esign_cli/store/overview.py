"""What the start page counts, kept ready: looked at without changing anything, counted when due.

The numbers are those of one day and of one version of the data and the rules. The version of the
data is the audit trail's: the digests of the tables as the last command left them; a command that
was broken off, or is running, leaves a version that nobody knows.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from esign_cli.foundation.database_server import Server
from esign_cli.store import inspection, trail
from esign_cli.store.connection import Db
from esign_cli.store.database import Store, as_store_errors

_COUNTED = ("application", "application_event", "certificate", "duty", "import", "mark", "person")
"""The tables that the numbers rest on."""
_KEPT = 'SELECT version, "on", at, counts FROM overview WHERE scope = ?'
_KEEP = """
INSERT INTO overview (scope, version, "on", at, counts) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (scope) DO UPDATE SET version = excluded.version, "on" = excluded."on",
    at = excluded.at, counts = excluded.counts
"""
_RUNNING = "SELECT count(*) FROM audit_run"
_REMINDED = """
SELECT at FROM audit WHERE ok = 1 AND command LIKE 'remind%' AND command NOT LIKE '%--list%'
   AND command NOT LIKE '%--dry-run%' AND command NOT LIKE '%--on%' ORDER BY number DESC LIMIT 1
"""
_BACKUP = "SELECT max(at) FROM backup"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a place as they were counted."""

    on: date
    at: datetime
    counts: Mapping[str, Any]
    current: bool
    """Whether nothing that they rest on has changed since."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen of a database at one glance."""

    numbers: Numbers | None
    reminded: datetime | None
    """When reminders were last run to their end."""
    backup: datetime | None
    """When the newest backup was made."""


def glance(place: Path | Server, scope: str, rules: str, on: date) -> Glance | None:
    """Return what is kept ready; None where there is no database of this version.

    `rules` tells one set of rules from another. Raises DatabaseForeign, DatabaseUnopenable,
    DatabaseBusy or DatabaseUnreadable.
    """
    if not isinstance(place, Path) or not place.exists():
        return None
    with as_store_errors(place), contextlib.closing(trail.beside(place)) as db:
        with inspection.limited(db):
            inspection.check_code(db, place)
            if not inspection.is_current(db):
                return None
        return seen(db, scope, rules, on)


def seen(db: Db, scope: str, rules: str, on: date) -> Glance:
    """Return what is kept ready in a database that is open."""
    return Glance(
        _numbers(db, scope, version(db, rules), on),
        _instant(db.execute(_REMINDED).fetchone()),
        _instant(db.execute(_BACKUP).fetchone()),
    )


def version(db: Db, rules: str) -> str:
    """Return what tells these data and rules from others; "" when it is not known."""
    row = trail.last(db)
    if row is None or db.execute(_RUNNING).fetchone()[0]:
        return ""
    known = [rules, *(row.tables.get(table, "") for table in _COUNTED)]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def _numbers(db: Db, scope: str, now: str, on: date) -> Numbers | None:
    row = db.execute(_KEPT, (scope,)).fetchone()
    if row is None:
        return None
    counted_on = date.fromisoformat(row[1])
    current = bool(now) and row[0] == now and counted_on == on
    return Numbers(counted_on, datetime.fromisoformat(row[2]), json.loads(row[3]), current)


def _instant(row: Any) -> datetime | None:
    return datetime.fromisoformat(row[0]) if row and row[0] else None


def keep(store: Store, scope: str, version_counted: str, numbers: Numbers) -> None:
    """Keep numbers for the next glance. Raises as `Store.writing` does."""
    at = numbers.at.isoformat(timespec="seconds")
    row = (scope, version_counted, numbers.on.isoformat(), at, json.dumps(dict(numbers.counts)))
    with store.writing() as db:
        db.execute(_KEEP, row)
