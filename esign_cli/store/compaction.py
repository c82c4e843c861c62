"""Packing the file anew: no free page is left, and nothing in the write-ahead log."""

from __future__ import annotations

from dataclasses import dataclass

from esign_cli.foundation.errors.store import ErasureHeldBack
from esign_cli.store.database import ERASURE_PENDING, Store, as_store_errors, truncate_log


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes of all pages, before and after."""

    before: int
    after: int


def compact(store: Store) -> Packed:
    """Pack the database; raises as `pack`."""
    with as_store_errors(store.path):
        before = _size(store)
        pack(store)
        return Packed(before, _size(store))


def pack(store: Store) -> None:
    """Leave nothing that was deleted in a free page or in the log.

    Raises ErasureHeldBack where a reader holds the log (the next opening empties it), DatabaseBusy,
    DiskFull or DatabaseUnreadable.
    """
    with as_store_errors(store.path):
        if truncate_log(store.sqlite):
            store.db.execute("VACUUM")  # pages of before all deleting overwrote
            store.db.execute("PRAGMA user_version = 0")
            if truncate_log(store.sqlite):
                return
        store.db.execute(f"PRAGMA user_version = {ERASURE_PENDING}")
    raise ErasureHeldBack(path=str(store.path))


def _size(store: Store) -> int:
    (pages,) = store.db.execute("PRAGMA page_count").fetchone()
    (each,) = store.db.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(each)
