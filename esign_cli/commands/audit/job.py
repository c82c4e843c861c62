"""The audit trail as it is read: whole, since a day, or of one person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
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

    def wants(self, one: Listed) -> bool:
        """Return whether a row is shown."""
        if self.since is not None and one.day < self.since:
            return False
        return not self.national_id or self.national_id in (p.national_id for p in one.people)


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


@dataclass(slots=True)
class Listing:
    """The rows that were asked for, the oldest first, and what the whole trail is told by."""

    head: str
    wanted: Iterator[Listed]
    count: int = 0
    """How many rows were read so far."""

    def rows(self) -> Iterator[Listed]:
        """Yield each, once, before the block ends."""
        for one in self.wanted:
            self.count += 1
            yield one


@contextmanager
def listing(store: Store, request: AuditRequest) -> Iterator[Listing]:
    """Find the rows, none of which is held; of a person those in which they stand by name.

    Raises as `Store.reading`.
    """
    with store.reading() as db:
        owners = trail.owners(db)
        every = (
            Listed(row, tuple(Named(token, owners.get(token, "")) for token in row.people))
            for row in trail.rows(db)
        )
        yield Listing(trail.head(db), filter(request.wants, every))


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
