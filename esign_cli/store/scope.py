"""Whom a query is about, as a condition on national_id."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from esign_cli import turkish

EVERYWHERE = ("", "all")
_SCOPED = "SELECT national_id FROM temp.scope"
_OTHERS = """
    SELECT national_id FROM person UNION SELECT national_id FROM duty WHERE closed_by IS NULL
    UNION SELECT national_id FROM mark
    UNION SELECT national_id FROM application WHERE national_id <> ''
"""
_IN_SCOPE = "national_id IN (SELECT national_id FROM temp.scope)"
_IN_PLACE = """
    SELECT national_id FROM duty WHERE closed_by IS NULL AND {place}
    UNION SELECT national_id FROM duty AS d WHERE closed_by IS NOT NULL AND {place}
        AND NOT EXISTS (SELECT 1 FROM duty WHERE national_id = d.national_id AND closed_by IS NULL)
"""
_WITHOUT_RECORD = """
    UNION SELECT national_id FROM (
        SELECT national_id FROM certificate UNION ALL SELECT national_id FROM person
        UNION ALL SELECT national_id FROM mark
        UNION ALL SELECT national_id FROM application WHERE national_id <> ''
    ) AS known WHERE NOT EXISTS (SELECT 1 FROM duty WHERE national_id = known.national_id)
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom to read: everybody, a province or district, or these people and nobody else.

    A province means those with a current record in it, those who are missing from the latest
    snapshot and had one there, and everybody who has no duty record at all (they have no province
    to be found by). A district leaves the last out.
    """

    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""
    national_ids: tuple[str, ...] | None = None

    @property
    def whom(self) -> str:
        """A query for the ids in a table of ours, or for those that no other table may have.

        To be asked after `where`, which fills that table.
        """
        return _OTHERS if self._everywhere else _SCOPED

    @property
    def _everywhere(self) -> bool:
        return self.national_ids is None and self.province in EVERYWHERE and not self.district

    def where(self, db: sqlite3.Connection) -> str:
        """A condition on the column national_id; the ids themselves go into a temporary table."""
        if self.national_ids is not None:
            _prepare(db)
            ids = ((one,) for one in self.national_ids)
            db.executemany("INSERT OR IGNORE INTO temp.scope VALUES (?)", ids)
            return _IN_SCOPE
        if self._everywhere:
            return "1"
        places = {
            "province": "" if self.province in EVERYWHERE else self.province,
            "district_key": turkish.fold(self.district),
        }
        given = {column: value for column, value in places.items() if value}
        place = " AND ".join(f"{column} = :{column}" for column in given)
        whole = _WITHOUT_RECORD if not self.district else ""
        _prepare(db)
        db.execute(f"INSERT INTO temp.scope {_IN_PLACE.format(place=place)}{whole}", given)
        return _IN_SCOPE


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS scope (national_id TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("DELETE FROM temp.scope")
