"""How old the MEBBİS exports are that the duty records rest on.

An export that only confirms what is known leaves no record of its own; so its import says how fresh
the records are, and not the file that each was first read from.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from esign_cli.store.connection import Db, together
from esign_cli.store.scope import EVERYWHERE


@dataclass(frozen=True, slots=True)
class Roster:
    """The exports that speak of a place, the newest last."""

    as_of: date | None
    """The day of the newest; None when there is none."""
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Import:
    number: int
    as_of: str
    province: str
    full: bool
    rows: int

    def is_an_export(self, most: int) -> bool:
        """Return whether it shows a place whole: a snapshot, or at least half as many rows as
        `most`.

        A few people that were entered by hand do not make everybody's records young.
        """
        return self.full or 2 * self.rows >= most


_IMPORTS = """
SELECT id, as_of, province, "full", new + changed + unchanged FROM import
 WHERE kind = 'roster' AND new + changed + unchanged > 0 ORDER BY as_of, id
"""
"""One that brought in nobody says nothing of how old the rest is."""
_FILES = "SELECT import_id, name FROM file ORDER BY id"


class Rosters:
    """The imports of duty records, read once; `of_province` tells those of a province."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._known: dict[str, Roster] = {}
        self._newest: dict[tuple[str, ...], date | None] = {}

    def of_province(self, province: str) -> Roster:
        """Return the rosters that speak of a province: no list of assignments makes them
        younger.
        """
        place = "" if province in EVERYWHERE else province
        if place not in self._known:
            imports, names = self._read
            rosters = [one for one in imports if self._speaks_of(one, place)]
            most = max((one.rows for one in rosters), default=0)
            rosters = [one for one in rosters if one.is_an_export(most)]
            files = dict.fromkeys(name for one in rosters for name in names[one.number])
            newest = date.fromisoformat(rosters[-1].as_of) if rosters else None
            self._known[place] = Roster(newest, tuple(files))
        return self._known[place]

    def newest(self, provinces: tuple[str, ...]) -> date | None:
        """Return the day of the newest export that speaks of any of these provinces."""
        if provinces not in self._newest:
            days = (day for p in set(provinces) if (day := self.of_province(p).as_of))
            self._newest[provinces] = max(days, default=None)
        return self._newest[provinces]

    def _speaks_of(self, one: _Import, place: str) -> bool:
        if not place or one.province in ("all", place):
            return True
        if one.province:
            return False
        places = self._places.get(one.number, set())
        return place in places or not places

    @cached_property
    def _read(self) -> tuple[list[_Import], dict[int, list[str]]]:
        imports, names = together(self._db, _IMPORTS, _FILES)
        files: dict[int, list[str]] = defaultdict(list)
        for number, name in names:
            files[number].append(name)
        return [_Import(*row) for row in imports], files

    @cached_property
    def _places(self) -> dict[int, set[str]]:
        """The provinces of the records that each import named."""
        places: dict[int, set[str]] = defaultdict(set)
        rows = self._db.execute(
            "SELECT DISTINCT import_id, province FROM duty JOIN file ON file.id = file_id"
            " UNION SELECT import_id, province FROM import_place"
        )
        for number, province in rows:
            places[number].add(province)
        return places
