"""Piles of cards that were read one after the other: whose cards came in which pile."""

from __future__ import annotations

from datetime import datetime

from esign_cli.foundation.certificate import Certificate
from esign_cli.store.database import Store


def begin(store: Store, now: datetime) -> int:
    """Begin a pile; gives its number."""
    with store.writing() as db:
        cursor = db.execute("INSERT INTO watch (began) VALUES (?)", (_instant(now),))
        return int(cursor.lastrowid or 0)


def add(
    store: Store, number: int, token_serial: str, certificate: Certificate, now: datetime
) -> None:
    """Keep that a card with this certificate was read; again changes nothing."""
    row = (number, token_serial, certificate.national_id, certificate.sha256, _instant(now))
    with store.writing() as db:
        db.execute("INSERT OR IGNORE INTO watch_card VALUES (?, ?, ?, ?, ?)", row)


def national_ids(store: Store, number: int) -> tuple[str, ...] | None:
    """Return whose e-imza cards were read in a pile, in the order they came; None: no such pile.

    Those of the hand-over list: a card that is no e-imza is not handed over as one.
    """
    with store.reading() as db:
        if db.execute("SELECT 1 FROM watch WHERE number = ?", (number,)).fetchone() is None:
            return None
        seen = db.execute(
            "SELECT c.national_id FROM watch_card c JOIN certificate USING (sha256)"
            " WHERE c.watch = ? AND qualified AND c.national_id <> '' ORDER BY at, token_serial",
            (number,),
        ).fetchall()
    return tuple(dict.fromkeys(row["national_id"] for row in seen))


def _instant(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds")
