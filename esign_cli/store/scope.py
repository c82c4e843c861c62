"""Whom a query is about, as a condition on national_id."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from esign_cli.foundation import turkish
from esign_cli.store.connection import Db, concerns
from esign_cli.store.dialect import both

EVERYWHERE = ("", "all")
_TABLE = both(
    lambda d: f"CREATE TEMP TABLE IF NOT EXISTS scope (national_id {d.text} PRIMARY KEY){d.keyed}"
)
_SCOPED = "SELECT national_id FROM scope"
_IN_SCOPE = f"national_id IN ({_SCOPED})"
_KNOWN_OTHERWISE = """
    SELECT national_id FROM mark
    UNION SELECT national_id FROM application WHERE national_id <> ''
"""
_KNOWN = f"""
    SELECT national_id FROM certificate UNION SELECT national_id FROM person
    UNION {_KNOWN_OTHERWISE}
"""
"""Everybody: whoever has a duty record is in the table of people as well."""
_WITHOUT_RECORD = f"{_KNOWN} EXCEPT SELECT national_id FROM duty UNION"
_IN_PLACE = """
    SELECT national_id FROM duty WHERE closed_by IS NULL AND {place}
    UNION SELECT national_id FROM duty AS d WHERE closed_by IS NOT NULL AND {place}
        AND NOT EXISTS (SELECT 1 FROM duty WHERE national_id = d.national_id AND closed_by IS NULL)
"""
_HOLDERS = "INTERSECT SELECT national_id FROM certificate"
_OTHERS = "EXCEPT SELECT national_id FROM certificate"
_COUNT_OTHERS = f"""
    SELECT (SELECT count(*) FROM person)
        - (SELECT count(*) FROM (SELECT DISTINCT national_id FROM certificate) AS holder
            WHERE national_id IN (SELECT national_id FROM person))
        + (SELECT count(*) FROM ({_KNOWN_OTHERWISE}) AS otherwise
            WHERE national_id NOT IN (SELECT national_id FROM person)
                AND national_id NOT IN (SELECT national_id FROM certificate))
"""
"""Counted without a walk over all the people."""
_SORTED = "ORDER BY national_id"
"""Behind a chain of UNION, INTERSECT and EXCEPT, which SQLite takes from left to right, this makes
it merge the tables in their own order instead of collecting everybody anew: ten times faster."""


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
    asked: bool = True
    """Whether somebody named these people, which the audit trail notes."""

    @property
    def whom(self) -> str:
        """A query for the ids in a table of ours, or for everybody.

        To be asked after `where`, which fills that table.
        """
        return _KNOWN if self.everywhere else _SCOPED

    @property
    def everywhere(self) -> bool:
        """Whether nobody is left out."""
        return self.national_ids is None and self.province in EVERYWHERE and not self.district

    def where(self, db: Db) -> str:
        """Return a condition on the column national_id; the ids themselves go into a temporary
        table.
        """
        if self.everywhere:
            return "true"
        _prepare(db)
        if self.national_ids is not None:
            if self.asked:
                concerns(db, self.national_ids)
            ids = ((one,) for one in self.national_ids)
            db.executemany("INSERT INTO scope VALUES (?) ON CONFLICT DO NOTHING", ids)
        else:
            self._fill(db, "")
        return _IN_SCOPE

    def where_holders(self, db: Db) -> str:
        """Return the same for those of them who hold a certificate."""
        if self.everywhere:
            return "national_id IS NOT NULL"
        _prepare(db)
        self._fill(db, _HOLDERS)
        return _IN_SCOPE

    def others(self, db: Db) -> Iterator[tuple[str]]:
        """Return the ids of those in a place who hold no certificate, in order, a row each."""
        query, given = self._of_place
        cursor = db.cursor()
        cursor.row_factory = None
        return iter(cursor.execute(f"{query} {_OTHERS} {_SORTED}", given))

    def count_others(self, db: Db) -> int:
        """Return how many `others` there are."""
        if self.everywhere:
            return int(db.execute(_COUNT_OTHERS).fetchone()[0])
        return sum(map(len, self.others(db)))  # rows of one column

    def _fill(self, db: Db, only: str) -> None:
        query, given = self._of_place
        text = both(lambda d: f"INSERT INTO scope {d.first.format(query)} {only} {_SORTED}")
        db.execute(text, given)

    @property
    def _of_place(self) -> tuple[str, dict[str, str]]:
        """A query for everybody in the place, and what it is given."""
        if self.everywhere:
            return _KNOWN, {}
        places = {
            "province": "" if self.province in EVERYWHERE else self.province,
            "district_key": turkish.fold(self.district),
        }
        given = {column: value for column, value in places.items() if value}
        place = " AND ".join(f"{column} = :{column}" for column in given)
        whole = _WITHOUT_RECORD if not self.district else ""
        return f"{whole} {_IN_PLACE.format(place=place)}", given


def _prepare(db: Db) -> None:
    db.execute(_TABLE)
    db.execute("DELETE FROM scope")
