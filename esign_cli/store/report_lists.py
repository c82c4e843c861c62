"""The lists of a report, however long: who stands in them lies on the disk, in their order.

They are kept in a scratch database, as people are `in_order`; what else is known of them is read
and judged again whenever a list is. So read them inside the `store.reading()` in which they were
made.
"""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, Generic, TypeVar

from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Standing, Verdict
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals.report_summary import (
    CORRECTED,
    LISTS,
    RUNG,
    Call,
    Change,
    Listed,
    Remembered,
    by_end,
    differences,
)
from esign_cli.store import applications
from esign_cli.store.connection import concerns, scratch
from esign_cli.store.database import Store
from esign_cli.store.in_order import with_facts

T = TypeVar("T")
_TABLES = """
CREATE TABLE listed (list, national_id, verdict, until, name, application, province, district,
    by_district, by_institution);
CREATE INDEX in_order ON listed (list, until, name, national_id, application);
CREATE INDEX by_person ON listed (national_id, list);
CREATE TABLE old (list, national_id, PRIMARY KEY (list, national_id)) WITHOUT ROWID;
CREATE TABLE changed (until, name, national_id, was, now);
"""
_NEW = "NOT EXISTS (SELECT 1 FROM old WHERE old.list = listed.list"
_NEW += " AND old.national_id = listed.national_id)"
_LIST = "SELECT application, national_id FROM listed WHERE {where}"
_IN_ORDER = "ORDER BY until, name, national_id, application"
_REMEMBERED = "SELECT national_id, verdict, list FROM listed ORDER BY national_id, list"
_CALLS = f"""
SELECT group_concat(list, ' '), national_id FROM listed
 WHERE {{where}} AND list IN ({", ".join("?" * len(RUNG))})
 GROUP BY national_id ORDER BY by_district, by_institution, name, national_id
"""


@dataclass(frozen=True)
class Lines(Collection[T], Generic[T]):
    """People out of the scratch database, read anew each time, and how many there are."""

    count: int
    read: Callable[[], Iterator[T]]

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[T]:
        return self.read()

    def __contains__(self, one: object) -> bool:
        return any(one == each for each in self)


class ReportLists:
    """Who stands in which list of a report, and how they are judged."""

    def __init__(self, store: Store, judge: Callable[[PersonFacts], Standing]) -> None:
        self._store, self._judge = store, judge
        self._db = scratch()
        weakref.finalize(self, self._db.close)
        for statement in _TABLES.split(";"):
            self._db.execute(statement)
        self._where = "true"

    def keep(self, name: str, one: Listed) -> None:
        """Put somebody into a list."""
        end, key, national_id = by_end(one)
        record, key_of_place = one.standing.record, one.place.key
        where = (record.district, record.institution) if record else ("", "")
        row = (name, national_id, one.standing.verdict.value, end.isoformat(), key,
               one.application and one.application.number,
               *(key_of_place if key_of_place[1] else ("", "")), *map(sort_key, where))  # fmt: skip
        self._db.execute(f"INSERT INTO listed VALUES ({', '.join('?' * len(row))})", row)

    # --- what changed ----------------------------------------------------------------------------

    def remembered(self) -> Iterator[tuple[str, Remembered]]:
        """Yield what the next report has to know of those who stand in a list, by national id."""
        lines = self._db.execute(_REMEMBERED)
        for (national_id, verdict), group in itertools.groupby(lines, itemgetter(0, 1)):
            lists = dict.fromkeys(row[2] for row in group)  # of applications, there may be several
            yield national_id, _read(" ".join([verdict, *lists]))

    def compare(self, before: Iterable[tuple[str, Remembered]]) -> Lines[Change]:
        """Return who stands otherwise than in the last report, by the end of the certificate.

        Whoever stands in no list any more is looked up and judged as anybody.
        """
        moved = with_facts(self._store, self._moved(before))
        self._db.executemany("INSERT INTO changed VALUES (?, ?, ?, ?, ?)", self._placed(moved))
        (count,) = self._db.execute("SELECT count(*) FROM changed").fetchone()
        return Lines(count, self._changes)

    def _moved(self, before: Iterable[tuple[str, Remembered]]) -> Iterator[tuple[_Sides, str]]:
        for national_id, was, now in differences(self._noted(before), self.remembered()):
            if now is None:
                concerns(self._store.db, (national_id,))  # looked up one by one
            yield (was, now), national_id

    def _noted(self, before: Iterable[tuple[str, Remembered]]) -> Iterator[tuple[str, Remembered]]:
        for national_id, one in before:
            rows = [(name, national_id) for name in one.lists]
            self._db.executemany("INSERT INTO old VALUES (?, ?)", rows)
            yield national_id, one

    def _placed(self, moved: Iterable[tuple[_Sides, PersonFacts]]) -> Iterator[tuple[Any, ...]]:
        for (was, now), facts in moved:
            standing = self._judge(facts)
            end, key, national_id = by_end(Listed(standing))
            is_ = now or Remembered(standing.verdict, frozenset())
            yield end.isoformat(), key, national_id, was and _written(was), _written(is_)

    def _changes(self) -> Iterator[Change]:
        rows = self._db.execute(
            "SELECT was, now, national_id FROM changed ORDER BY until, name, national_id"
        )
        for (was, now), facts in with_facts(self._store, ((row[:2], row[2]) for row in rows)):
            yield Change(Listed(self._judge(facts)), was and _read(was), _read(now))

    # --- the lists -------------------------------------------------------------------------------

    def only_new(self) -> None:
        """Leave nobody in the lists but those who are new in them; `remembered` stays whole."""
        self._where = _NEW

    def lists(self) -> dict[str, Lines[Listed]]:
        """Return every list: whose certificate ends first, then by name."""
        return {name: self._lines("list = ?", (name,)) for name in LISTS}

    def corrections(self) -> dict[tuple[str, str], Lines[Listed]]:
        """Return the list of those whose record is corrected, by the key of its place."""
        query = f"SELECT DISTINCT province, district FROM listed WHERE {self._where} AND list = ?"
        places = self._db.execute(f"{query} ORDER BY 1, 2", (CORRECTED,)).fetchall()
        where = "list = ? AND province = ? AND district = ?"
        return {place: self._lines(where, (CORRECTED, *place)) for place in places}

    def calls(self) -> Lines[Call]:
        """Return everybody to ring, once, by district, institution and name."""
        query = _CALLS.format(where=self._where)

        def read() -> Iterator[Call]:
            rows = iter(self._db.execute(query, RUNG))
            for codes, facts in with_facts(self._store, rows):
                yield Call(Listed(self._judge(facts)), tuple(filter(codes.split().count, RUNG)))

        return Lines(self._count(query, RUNG), read)

    def _lines(self, where: str, given: tuple[str, ...]) -> Lines[Listed]:
        query = _LIST.format(where=f"{self._where} AND {where}")

        def read() -> Iterator[Listed]:
            rows = iter(self._db.execute(f"{query} {_IN_ORDER}", given))
            for application, facts in applications.beside(
                self._store, with_facts(self._store, rows)
            ):
                yield Listed(self._judge(facts), application)

        return Lines(self._count(query, given), read)

    def _count(self, query: str, given: tuple[str, ...]) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM ({query})", given).fetchone()[0])


_Sides = tuple[Remembered | None, Remembered | None]


def _written(one: Remembered) -> str:
    return " ".join([one.verdict, *sorted(one.lists)])


@cache
def _read(written: str) -> Remembered:
    """What `_written` wrote: of all who stand alike, once."""
    verdict, *lists = written.split()
    return Remembered(Verdict(verdict), frozenset(lists))
