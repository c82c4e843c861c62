"""The plain numbers (1, 2, …) under which a list shows people, for the command that follows.

A number means the same person for a day at least, whatever lists come after; then it may be given
anew. Where an application is listed, its own number is the one of its owner, unless that was
somebody else's within the day; no list gives the number of an open application to somebody else,
and a list of applications that of none. The number of somebody who is
forgotten means nobody until its day is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from esign_cli.renewals.application.life_cycle import ENDED
from esign_cli.store.connection import Db, plain
from esign_cli.store.database import Store

KEPT = timedelta(days=1)
MOST = 9999
_TAKE = """
INSERT INTO list_number (os_user, number, national_id, at) VALUES (?, ?, ?, ?)
ON CONFLICT (os_user, number) DO UPDATE SET at = excluded.at
"""
_KNOWN = "SELECT national_id, number FROM list_number WHERE os_user = ? ORDER BY number DESC"
_EVERY = "SELECT os_user, number, national_id, at FROM list_number"
_RESERVED = "SELECT number, national_id FROM application WHERE number <= ?"
_OPEN = """
   AND national_id <> '' AND (SELECT state FROM application_event
         WHERE application = application.number ORDER BY id DESC LIMIT 1) NOT IN ({closed})
"""


def give(
    store: Store,
    national_ids: Iterable[str],
    *,
    at: datetime,
    os_user: str,
    own: Mapping[str, int] | None = None,
) -> Mapping[str, int]:
    """Return a number for each of these people, in the order of the list; for the first 9,999.

    Who has one keeps it; those of `own`, in a list of applications, get that one, unless it is
    somebody else's now. Raises as `Store.writing` does.
    """
    numbered = own or {}
    wanted = [one for one in dict.fromkeys(national_ids) if numbered.get(one, 0) <= MOST][:MOST]
    now = at.isoformat(timespec="seconds")
    over = (at - KEPT).isoformat(timespec="seconds")
    with store.writing() as db:
        db.execute("DELETE FROM list_number WHERE os_user = ? AND at < ?", (os_user, over))
        stored = db.execute(_KNOWN, (os_user,)).fetchall()
        owners: dict[int, str] = {row[1]: row[0] for row in stored}
        reserved = _reserved(store, ended=own is not None)
        numbers = {one: number for one, number in stored if reserved.get(number, one) == one}
        free = (n for n in range(1, MOST + 1) if n not in reserved and n not in owners)
        for one in wanted:
            mine = numbered.get(one, 0)
            if mine and owners.setdefault(mine, one) == one:
                numbers[one] = mine
            elif one not in numbers and (number := next(free, None)):
                numbers[one] = number
                owners[number] = one
        given = {one: numbers[one] for one in wanted if one in numbers}
        db.executemany(_TAKE, [(os_user, number, one, now) for one, number in given.items()])
    return given


def _reserved(store: Store, *, ended: bool) -> dict[int, str]:
    """The numbers of the applications, or of the open ones alone, and whose they are."""
    query, values = (_RESERVED, ()) if ended else (_RESERVED + _OPEN, sorted(ENDED))
    query = query.format(closed=", ".join("?" * len(values)))
    return {number: owner for number, owner in store.db.execute(query, (MOST, *values))}


def person(store: Store, number: int, *, os_user: str) -> str | None:
    """Return whom the number means; "" for somebody who was forgotten since, None where no list of
    this user's gave it.
    """
    row = store.db.execute(
        "SELECT national_id FROM list_number WHERE os_user = ? AND number = ?", (os_user, number)
    ).fetchone()
    return row[0] if row else None


def every(db: Db) -> list[tuple[str, int, str, str]]:
    """Return all that were given, as they are kept."""
    return plain(db, _EVERY).fetchall()


def keep(db: Db, given: Iterable[tuple[str, int, str, str]]) -> None:
    """Let the numbers mean these people, and nobody else. Within a transaction."""
    db.execute("DELETE FROM list_number")
    db.executemany(_TAKE, given)
