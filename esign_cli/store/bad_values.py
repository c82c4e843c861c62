"""Faults that come of a value in the database, told from faults of esign itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from esign_cli.foundation.errors.store import DatabaseValue
from esign_cli.store.database import Store

_KINDS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
"""What reading a value raises that is no date, no JSON, or of another kind."""


@contextmanager
def as_bad_values(store: Store) -> Iterator[None]:
    """Raise DatabaseValue where a command failed and a value in the database cannot be ours.

    Where all of them can, the fault is esign's, and it stays what it is.
    """
    try:
        yield
    except _KINDS as error:
        place = store.first_bad_value()
        if not place:
            raise
        raise DatabaseValue(path=store.place, place=place) from error
