"""Who must get which reminder on which day: written anew from the rules, not from esign's code.

It knows what files and steps have told, as esign does, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.year.people import Somebody, months_before

CHANNELS = ("email", "sms")
UNSEEN_DAYS = 30
_BEFORE = {
    "3m": lambda end: months_before(end, 3),
    "6w": lambda end: end - timedelta(42),
    "1m": lambda end: months_before(end, 1),
    "10d": lambda end: end - timedelta(10),
}
Key = tuple[str, str]
"""A national id and a channel."""


@dataclass(frozen=True, order=True)
class Letter:
    """A reminder as its reader gets it."""

    address: str
    text: str
    """renew, update or confirm."""
    ends: date


@dataclass(frozen=True)
class Owed:
    """A reminder that has to go out."""

    who: str
    channel: str
    threshold: str
    letter: Letter


@dataclass
class Known:
    """What was told of somebody."""

    working: bool = False
    retired: bool = False
    assignment_end: date | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    ends: date | None = None
    step: str = ""
    """The last one of an application that has not ended."""
    since: date = date.min


@dataclass
class Oracle:
    """Who is owed what, from what was told so far and what has gone out."""

    known: dict[str, Known] = field(default_factory=dict)
    done: dict[Key, dict[str, str]] = field(default_factory=dict)
    """By threshold: "sent", "superseded", or "failed"."""

    # --- what is told -----------------------------------------------------------------------------

    def rosters(self, people: list[Somebody], day: date) -> None:
        """The exports of that day are read: everybody's posts and assignments."""
        for one in people:
            mine = self.known.setdefault(one.national_id, Known())
            mine.working = one.joins <= day < one.vanishes
            mine.retired = one.retires <= day
            mine.assignment_end = None if mine.retired else one.assignment_end(day)
            if mine.working and one.address_from <= day:
                mine.addresses = {"email": one.email, "sms": one.phone}

    def certificates(self, people: list[Somebody], day: date) -> None:
        """The list of that day is read; a newer certificate ends the application."""
        for one in people:
            mine = self.known.setdefault(one.national_id, Known())
            newer = mine.ends is not None and one.listed_end(day) > mine.ends
            mine.ends = one.listed_end(day)
            if newer:
                mine.step = ""

    def step(self, who: str, step: str, day: date) -> None:
        """A step of an application is entered; "" ends it."""
        self.known[who].step, self.known[who].since = step, day

    # --- what follows -----------------------------------------------------------------------------

    def eligible(self, who: str, day: date) -> bool:
        """Whether the rules let an application be approved on that day."""
        mine = self.known[who]
        in_time = mine.ends is not None and months_before(mine.ends, 3) <= day <= mine.ends
        return in_time and mine.working and not mine.retired and not self._ended(mine, day)

    def owed(self, channel: str, day: date) -> list[Owed]:
        """Everybody to whom something is owed on that day, and can be sent."""
        found = (self._owed(who, mine, channel, day) for who, mine in self.known.items())
        return [one for one in found if one]

    def gone_out(self, one: Owed, state: str = "sent") -> None:
        """Something was sent, or tried in vain ("failed"); older thresholds are over with it."""
        mine = self.done.setdefault((one.who, one.channel), {})
        for older in _BEFORE:
            if older == one.threshold:
                break
            if mine.get(older) != "sent":
                mine[older] = "superseded"
        mine[one.threshold] = state

    def _owed(self, who: str, mine: Known, channel: str, day: date) -> Owed | None:
        text, address = self._text(mine, day), mine.addresses.get(channel, "")
        if not text or not address or mine.ends is None:
            return None
        passed = [name for name, before in _BEFORE.items() if before(mine.ends) <= day]
        if not passed or day > mine.ends:
            return None
        nearest = passed[-1]
        if self.done.get((who, channel), {}).get(nearest) in ("sent", "superseded"):
            return None
        return Owed(who, channel, nearest, Letter(address, text, mine.ends))

    def _text(self, mine: Known, day: date) -> str:
        if not mine.working or mine.retired:
            return ""
        if mine.step == "delivered" and day > mine.since + timedelta(UNSEEN_DAYS):
            return "confirm"
        if mine.step:
            return ""
        return "update" if self._ended(mine, day) else "renew"

    @staticmethod
    def _ended(mine: Known, day: date) -> bool:
        return mine.assignment_end is not None and mine.assignment_end < day
