"""People in an order that no table has, however many: on the disk, not in memory.

They stand in a temporary table. What of it is more than SQLite's cache holds goes into a file that
has no name, and ends with the connection (https://sqlite.org/tempfiles.html).
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator

from esign_cli.foundation.people import PersonFacts
from esign_cli.store import people
from esign_cli.store.database import Store
from esign_cli.store.rosters import Rosters

CHUNK = 500
"""So many people are read at a time."""
Place = tuple[str, str, str, str]
"""What they are put in order by, then by national id; the texts of a place compare as in Python."""
NOWHERE: Place = ("", "", "", "")


class InOrder:
    """A list of people, each in one place or several; two lists at a time have two names."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self.count = 0
        """How many places are taken."""
        table = f"temp.in_order_{name}"
        store.db.execute(f"DROP TABLE IF EXISTS {table}")
        store.db.execute(f"CREATE TABLE {table} (a, b, c, d, national_id)")
        self._insert = f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        self._select = f"SELECT a, b, c, d, national_id FROM {table} ORDER BY 1, 2, 3, 4, 5"  # noqa: S608

    def add(self, entries: Iterable[tuple[Place, str]]) -> None:
        """Put people where they belong."""
        rows = ((*place, national_id) for place, national_id in entries)
        while chunk := list(itertools.islice(rows, CHUNK)):  # reads may go on between two
            self._store.db.executemany(self._insert, chunk)
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
        cursor: sqlite3.Cursor = self._store.db.cursor()
        cursor.row_factory = None
        return iter(cursor.execute(self._select))
