"""The audit trail as it is read: whole, since a day, or of one person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.store import SealMissing
from esign_cli.store import Store, trail


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """Which rows."""

    since: date | None = None
    national_id: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody in a row: the token, and the national id unless the person was forgotten."""

    token: str
    national_id: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with the people that its tokens stand for."""

    row: trail.Row
    people: tuple[Named, ...]

    @property
    def day(self) -> date:
        """The day in Turkey."""
        return self.row.at.astimezone(ISTANBUL).date()


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows that were asked for, the oldest first, and what the whole trail is told by."""

    head: str
    rows: Sequence[Listed]


def listing(store: Store, request: AuditRequest) -> Listing:
    """Return the rows; of a person those in which they stand by name. Raises as `Store.reading`."""
    with store.reading() as db:
        owners = trail.owners(db)
        rows = [
            Listed(row, tuple(Named(token, owners.get(token, "")) for token in row.people))
            for row in trail.rows(db)
        ]
        head = trail.head(db)
    wanted = [one for one in rows if request.since is None or one.day >= request.since]
    if request.national_id:
        ids = request.national_id
        wanted = [one for one in wanted if ids in (person.national_id for person in one.people)]
    return Listing(head, wanted)


_SEAL = re.compile(rb"^rows: ([0-9]+)\r?\nhead: ([0-9a-f]{64})\r?$", re.MULTILINE)
_HEAD = re.compile(rb"\b([0-9]+):([0-9a-f]{64})\b")


def ends_in(path: Path) -> list[tuple[int, str]]:
    """Return the ends of a trail that a seal (also signed) or a report names: row and link.

    Raises FileMissing, FileUnreadable, SealMissing.
    """
    content = files.read(path)
    found = _SEAL.findall(content) or _HEAD.findall(content)
    if not found:
        raise SealMissing(path=str(path))
    return [(int(row), link.decode()) for row, link in found]


def seal(head: str, database: str, at: datetime) -> bytes:
    """Return a text to be signed: that the trail of this database ended so at this time."""
    number, _colon, link = head.partition(":")
    lines = (
        "esign audit seal 1",
        f"database: {database}",
        f"at: {at.astimezone(ISTANBUL).isoformat(timespec='seconds')}",
        f"rows: {number or 0}",
        f"head: {link or '-'}",
    )
    return "".join(f"{line}\n" for line in lines).encode()
