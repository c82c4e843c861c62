"""People in an order that no table has, however many: on the disk, not in memory.

They stand in a scratch database of SQLite's, whatever engine the people are kept in. What of it is
more than its cache holds goes into a file that has no name (https://sqlite.org/tempfiles.html).
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import TypeVar

from esign_cli.foundation.people import PersonFacts
from esign_cli.store import people
from esign_cli.store.connection import in_chunks, scratch
from esign_cli.store.database import Store
from esign_cli.store.rosters import Rosters

T = TypeVar("T")
Place = tuple[str, str, str, str]
"""What they are put in order by, then by national id; the texts of a place compare as in Python."""
NOWHERE: Place = ("", "", "", "")


class InOrder:
    """A list of people, each in one place or several."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = scratch()
        weakref.finalize(self, self._db.close)
        self._db.execute("CREATE TABLE place (a, b, c, d, national_id)")
        self.count = 0
        """How many places are taken."""

    def add(self, entries: Iterable[tuple[Place, str]]) -> None:
        """Put people where they belong."""
        rows = ((*place, national_id) for place, national_id in entries)
        for chunk in in_chunks(rows):
            self._db.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?)", chunk)
            self.count += len(chunk)

    def people(self, *, asked: bool = False) -> Iterator[tuple[Place, PersonFacts]]:
        """Yield all that is known of everybody, in order.

        `asked`: they are asked for one by one, which the audit trail notes.
        """
        return with_facts(self._store, self._rows(), asked=asked)

    def _rows(self) -> Iterator[tuple[Place, str]]:
        query = "SELECT a, b, c, d, national_id FROM place ORDER BY 1, 2, 3, 4, 5"
        for row in self._db.execute(query):  # as long as this goes on, the database is not closed
            yield row[:4], row[4]


def with_facts(
    store: Store, entries: Iterator[tuple[T, str]], *, asked: bool = False
) -> Iterator[tuple[T, PersonFacts]]:
    """Yield all that is known of whoever stands in each entry, beside what else stands there."""
    rosters = Rosters(store.db)
    for chunk in in_chunks(entries):
        ids = dict.fromkeys(national_id for _, national_id in chunk)
        read = people.facts(store, national_ids=ids, rosters=rosters, asked=asked)
        known = {facts.national_id: facts for facts in read}
        yield from ((beside, known[national_id]) for beside, national_id in chunk)
