"""What is older than its period: counted, and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.store.connection import Db
from esign_cli.store.database import Store

_OLD_IMPORTS = "(SELECT id FROM import WHERE at < :before AND id < (SELECT max(id) FROM import))"
"""The newest stays whole: it can be taken back."""
_OLD_FILES = f"(SELECT id FROM file WHERE import_id IN {_OLD_IMPORTS})"  # noqa: S608  (ours)
_OLD_WATCHES = "(SELECT number FROM watch WHERE began < :before)"
_OVER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "history": (
        ("change", f"import_id IN {_OLD_IMPORTS}"),
        ("problem", f"file_id IN {_OLD_FILES}"),
    ),
    # one for a certificate that still runs keeps the same from being sent again
    "reminders": (("reminder", "at < :before AND not_after < :day"),),
    "watch": (
        ("watch_card", f"watch IN {_OLD_WATCHES}"),
        ("watch", "began < :before"),
    ),
}
"""Tables and rows of each kind; people who left are `erasure`'s."""


def count(store: Store, kind: str, before: date) -> int:
    """Return how many rows of a kind are older than a day."""
    total = 0
    for table, over in _OVER[kind]:
        query = f"SELECT count(*) FROM {table} WHERE {over}"  # noqa: S608  (ours)
        total += int(store.db.execute(query, _facts(before)).fetchone()[0])
    return total


def delete(db: Db, cutoffs: Mapping[str, date]) -> None:
    """Delete what is older than its day, by kind, inside `Store.writing`."""
    for kind, before in cutoffs.items():
        for table, over in _OVER[kind]:
            db.execute(f"DELETE FROM {table} WHERE {over}", _facts(before))  # noqa: S608  (ours)


def _facts(before: date) -> dict[str, str]:
    """The day as it is compared: instants are kept in UTC."""
    begins = datetime.combine(before, time(), ISTANBUL).astimezone(UTC)
    return {"before": begins.isoformat(timespec="seconds"), "day": before.isoformat()}
