"""What a run does to a database, noticed for its row in the audit trail."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from esign_cli.store import dialect, trail, trail_state
from esign_cli.store.connection import Db, Watched
from esign_cli.store.custody_key import keyed
from esign_cli.store.database import Store
from esign_cli.store.trail_ahead import DigestsAhead


class Watch:
    """What a run does to a database, noticed while the store is open."""

    def __init__(self, store: Store, run: trail.Run) -> None:
        self._store, self._run = store, run
        self._marked = False
        self._altered: list[str] = []
        connection = store.db
        assert isinstance(connection, Watched)  # noqa: S101  (open_store makes no other)
        self._connection = connection
        self._ahead: DigestsAhead | None = None
        connection.before_write = self._compare
        store.before_commit = self._mark
        store.expects_changes = self._look_ahead

    @property
    def touched(self) -> set[str]:
        """The tables of the trail that this run may have changed."""
        written = trail_state.TABLES if self._store.migrated else self._connection.written
        return set(written & trail_state.TABLES)

    @property
    def altered(self) -> tuple[str, ...]:
        return tuple(self._altered)

    @property
    def people(self) -> tuple[set[str], set[str]]:
        """Who was asked for by name: national ids, and tokens of those just forgotten."""
        return self._connection.people, self._connection.tokens

    def close(self) -> None:
        """End what was begun ahead."""
        if self._ahead is not None:
            self._ahead.close()

    def _look_ahead(self, tables: Sequence[str]) -> None:
        """Digest the tables that are about to be changed while there is time."""
        if dialect.of(self._store.db) is not dialect.SQLITE:
            return  # a server does it where the data are
        try:
            if self._ahead is None and trail.last(self._store.db) is not None:
                self._ahead = DigestsAhead(self._store.path, self._store.key, tables)
        except sqlite3.DatabaseError:
            return  # what is wrong with it is said where it is read

    def _compare(self, table: str) -> None:
        """Before the first change of a table: is it as the trail left it?"""
        if table not in trail_state.TABLES:
            return
        with self._store.committed() as db:
            try:
                before = trail.last(db)
                known = before.tables.get(table) if before else None
                if known is None or any(trail.runs_without_row(db, self._store.key)):
                    return
                ahead = self._ahead.digest(table) if self._ahead else None
                if (ahead or trail_state.digest(db, self._store.key, table)) != known:
                    self._altered.append(table)
            except sqlite3.DatabaseError:
                return  # what is wrong with it is said where it is read

    def _mark(self, db: Db) -> None:
        """With the first change: that a run is under way, should it never come to its row."""
        if self._marked or not self.touched:
            return
        self._marked = True
        link = keyed(self._store.key, "run", self._run.number, *map(str, self._run.told))
        db.execute(
            "INSERT INTO audit_run VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (self._run.number, *self._run.told, link),
        )
