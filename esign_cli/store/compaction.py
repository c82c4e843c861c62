"""Packing the file anew: no free page is left, and nothing in the write-ahead log."""

from __future__ import annotations

from dataclasses import dataclass

from esign_cli.foundation.errors.store import DatabaseBusy
from esign_cli.store import connection
from esign_cli.store.database import Store, as_store_errors, truncate_log


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes of all pages, before and after."""

    before: int
    after: int


def compact(store: Store) -> Packed:
    """Pack the database; raises DatabaseBusy, DiskFull, DatabaseUnreadable."""
    with as_store_errors(store.path):
        before = _size(store)
        store.db.execute("VACUUM")
        if not truncate_log(store.db):
            raise DatabaseBusy(path=str(store.path), seconds=connection.BUSY_SECONDS)
        return Packed(before, _size(store))


def _size(store: Store) -> int:
    (pages,) = store.db.execute("PRAGMA page_count").fetchone()
    (each,) = store.db.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(each)
