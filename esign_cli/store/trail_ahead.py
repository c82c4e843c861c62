"""Digests of tables for the audit trail, computed while the command still waits for something."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from esign_cli.store import inspection, trail_state


class DigestsAhead:
    """The digests of tables as they are now, of use for as long as nobody has changed anything.

    Computed by a thread with a connection of its own, beside which others may write. To be closed.
    """

    def __init__(self, path: Path, key: bytes, tables: Sequence[str]) -> None:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
        inspection.guard(self._db)
        self._key = key
        self._digests: dict[str, str] = {}
        self._version = self._data_version()
        self._thread = threading.Thread(target=self._compute, args=(tables,), daemon=True)
        self._thread.start()

    def digest(self, table: str) -> str | None:
        """Return the digest once it is there; None if it is of no use or was not asked for.

        To be called by whoever holds the lock for writing: nobody commits any more.
        """
        self._thread.join()
        return self._digests.get(table) if self._data_version() == self._version else None

    def close(self) -> None:
        """End it, whether it is ready or not."""
        self._db.interrupt()
        self._thread.join()
        self._db.close()

    def _compute(self, tables: Sequence[str]) -> None:
        try:
            for table in tables:
                self._digests[table] = trail_state.digest(self._db, self._key, table)
        except sqlite3.DatabaseError:
            return  # what is wrong with it is said where it is read for itself

    def _data_version(self) -> int:
        """Changes with every commit of another connection, be it of this process or not."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])
