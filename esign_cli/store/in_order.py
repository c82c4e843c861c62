"""People in an order that no table has, however many: on the disk, not in memory.

They stand in a scratch database of SQLite's, whatever engine the people are kept in. What of it is
more than its cache holds goes into a file that has no name (https://sqlite.org/tempfiles.html).
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterable, Iterator

from esign_cli.foundation.people import PersonFacts
from esign_cli.store import people
from esign_cli.store.connection import scratch
from esign_cli.store.database import Store
from esign_cli.store.rosters import Rosters

CHUNK = 500
"""So many people are read at a time."""
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
        while chunk := list(itertools.islice(rows, CHUNK)):
            self._db.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?)", chunk)
            self.count += len(chunk)

    def people(self, *, asked: bool = False) -> Iterator[tuple[Place, PersonFacts]]:
        """Yield all that is known of everybody, in order.

        `asked`: they are asked for one by one, which the audit trail notes.
        """
        rosters = Rosters(self._store.db)
        rows = self._rows()
        while chunk := list(itertools.islice(rows, CHUNK)):
            ids = dict.fromkeys(row[4] for row in chunk)
            read = people.facts(self._store, national_ids=ids, rosters=rosters, asked=asked)
            known = {facts.national_id: facts for facts in read}
            yield from ((row[:4], known[row[4]]) for row in chunk)

    def _rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        query = "SELECT a, b, c, d, national_id FROM place ORDER BY 1, 2, 3, 4, 5"
        return iter(self._db.execute(query))
