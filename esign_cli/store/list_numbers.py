"""The plain numbers (1, 2, …) under which a list shows people, for the command that follows.

A number means the same person for a day at least, whatever lists come after; then it may be given
anew. Forgetting a person takes the number away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from esign_cli.store.database import Store

KEPT = timedelta(days=1)
MOST = 9999
_TAKE = """
INSERT INTO list_number (os_user, number, national_id, at) VALUES (?, ?, ?, ?)
ON CONFLICT (os_user, national_id) DO UPDATE SET at = excluded.at
"""


def give(
    store: Store, national_ids: Iterable[str], *, at: datetime, os_user: str
) -> Mapping[str, int]:
    """Return a number for each of these people, in the order of the list; for the first 9,999.

    Who has one keeps it. Raises as `Store.writing` does.
    """
    wanted = list(dict.fromkeys(national_ids))[:MOST]
    now = at.isoformat(timespec="seconds")
    over = (at - KEPT).isoformat(timespec="seconds")
    with store.writing() as db:
        db.execute("DELETE FROM list_number WHERE os_user = ? AND at < ?", (os_user, over))
        stored = db.execute(
            "SELECT national_id, number FROM list_number WHERE os_user = ?", (os_user,)
        ).fetchall()
        known: dict[str, int] = {row[0]: row[1] for row in stored}
        taken = set(known.values())
        free = (number for number in range(1, MOST + 1) if number not in taken)
        numbers = {}
        for one in wanted:
            number = known.get(one) or next(free, None)
            if number is not None:
                numbers[one] = number
        db.executemany(_TAKE, [(os_user, number, one, now) for one, number in numbers.items()])
    return numbers


def person(store: Store, number: int, *, os_user: str) -> str | None:
    """Return whom the number means; None: no list of this user's gave it."""
    row = store.db.execute(
        "SELECT national_id FROM list_number WHERE os_user = ? AND number = ?", (os_user, number)
    ).fetchone()
    return row[0] if row else None
