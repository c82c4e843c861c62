"""Applications and their events, which are only ever added to.

What is kept of a signed form is the name and the hash of the signed file: never its content, never
a hash of the content, never the güvenlik sözcüğü.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from esign_cli import application
from esign_cli.store.database import Store

_OPEN = """
SELECT application.number, event.state, event.date
  FROM application JOIN application_event AS event
    ON event.id = (SELECT max(id) FROM application_event WHERE application = application.number)
 WHERE application.national_id = ? ORDER BY application.number DESC
"""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A form that was signed: what of it is recorded."""

    national_id: str
    reason: str
    """A key of application.REASONS."""
    file: str
    sha256: str
    """Of the signed file, in lower-case hexadecimal."""
    on: date
    """The day of signing, in Turkey."""


def record_signed(store: Store, signed: SignedFile, *, at: datetime, os_user: str) -> int:
    """Keep that the form was signed; gives the application's number.

    An application of the person that was not submitted yet goes on, else a new one is opened.
    `at` is aware. Raises as `Store.writing` does.
    """
    with store.writing() as db:
        number = _not_yet_submitted(store, signed.national_id)
        if number is None:
            opened = db.execute(
                "INSERT INTO application (national_id, reason, opened) VALUES (?, ?, ?)",
                (signed.national_id, signed.reason, signed.on.isoformat()),
            )
            number = int(opened.lastrowid or 0)
        facts = {"file": signed.file, "sha256": signed.sha256}
        db.execute(
            "INSERT INTO application_event (application, state, date, at, os_user, facts)"
            " VALUES (?, 'signed', ?, ?, ?, ?)",
            (
                number,
                signed.on.isoformat(),
                at.astimezone(UTC).isoformat(timespec="seconds"),
                os_user,
                json.dumps(facts, ensure_ascii=False),
            ),
        )
    return number


def _not_yet_submitted(store: Store, national_id: str) -> int | None:
    rows = store.db.execute(_OPEN, (national_id,))
    for number, state, _date in rows:
        if state in application.BEFORE_SUBMISSION:
            return int(number)
    return None
