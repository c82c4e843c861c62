"""Piles of cards that were read one after the other: whose cards came in which pile."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

from datetime import datetime

from esign_cli.foundation.certificate import Certificate
from esign_cli.store.database import Store
from esign_cli.store.dialect import next_number


def begin(store: Store, now: datetime) -> int:
    """Begin a pile; gives its number."""
    with store.writing() as db:
        (number,) = db.execute(
            f"INSERT INTO watch (number, began) VALUES ({next_number('watch', 'number')}, ?)"
            " RETURNING number",
            (_instant(now),),
        ).fetchone()
    return int(number)


def add(
    store: Store, number: int, token_serial: str, certificate: Certificate, now: datetime
) -> None:
    """Keep that a card with this certificate was read; again changes nothing."""
    row = (number, token_serial, certificate.national_id, certificate.sha256, _instant(now))
    with store.writing() as db:
        db.execute("INSERT INTO watch_card VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)


def national_ids(store: Store, number: int) -> tuple[str, ...] | None:
    """Return whose e-imza cards were read in a pile, in the order they came; None: no such pile.

    Those of the hand-over list: a card that is no e-imza is not handed over as one.
    """
    with store.reading() as db:
        if db.execute("SELECT 1 FROM watch WHERE number = ?", (number,)).fetchone() is None:
            return None
        seen = db.execute(
            "SELECT c.national_id FROM watch_card c JOIN certificate USING (sha256)"
            " WHERE c.watch = ? AND qualified = 1 AND c.national_id <> ''"
            " ORDER BY at, token_serial, sha256",
            (number,),
        ).fetchall()
    return tuple(dict.fromkeys(row[0] for row in seen))


def _instant(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds")
