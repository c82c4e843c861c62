"""Faults that come of a value in the database, told from faults of esign itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from esign_cli.foundation.errors.store import DatabaseValue
from esign_cli.store import inspection
from esign_cli.store.connection import connect
from esign_cli.store.database import Store, as_store_errors

KINDS = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    sqlite3.IntegrityError,
)  # fmt: skip
"""What reading a value raises that is no date, no JSON, too large, or of another kind, and what
writing a row beside it does.
"""


@contextmanager
def as_bad_values(store: Store) -> Iterator[None]:
    """Raise DatabaseValue where a command failed and a value in the database cannot be ours.

    Where all of them can, the fault is esign's, and it stays what it is.
    """
    try:
        yield
    except KINDS as error:
        place = store.first_bad_value()
        if not place:
            raise
        raise DatabaseValue(path=store.place, place=place) from error


def blamed(path: Path) -> DatabaseValue | None:
    """Return the same for a fault of these KINDS that came up once the file was closed again; None
    where no value is to blame. Raises DatabaseUnreadable, DatabaseUnopenable, DatabaseBusy.
    """
    if not path.is_file():
        return None
    with as_store_errors(path), closing(connect(path, readonly=True)) as db:
        inspection.guard(db)
        place = inspection.first_bad_value(db)
    return DatabaseValue(path=str(path), place=place) if place else None
