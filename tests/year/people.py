"""Made-up people and what happens to them in a year: the truth, of which files tell a part."""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.support.factories import FAMILY, GIVEN, national_id

NEVER = date.max


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class Application:
    """When each step is taken; NEVER for those that never are."""

    applies: date = NEVER
    cancels: date = NEVER
    approved: date = NEVER
    delivered: date = NEVER
    seen: date = NEVER
    """From when on lists have the end of the new certificate."""


@dataclass(frozen=True)
class Somebody:
    """A holder of a certificate."""

    number: int
    ends: date
    """Of the certificate."""
    joins: date
    """The first day on which MEBBİS has this person."""
    email: str
    phone: str
    address_from: date
    """The first day on which MEBBİS has the addresses."""
    retires: date
    vanishes: date
    """The first day on which MEBBİS lacks this person."""
    assigned_to: date | None
    """The end of an assignment; None: there is none."""
    extended: date
    """The day on which the personnel unit enters another year of it."""
    application: Application = field(default_factory=Application)

    @property
    def national_id(self) -> str:
        return national_id(self.number)

    @property
    def name(self) -> str:
        return f"{GIVEN[self.number % 10]} {FAMILY[self.number // 10 % 10]}"

    @property
    def new_end(self) -> date:
        """Of the certificate that follows."""
        return self.ends.replace(year=self.ends.year + 3, day=min(self.ends.day, 28))

    def listed_end(self, day: date) -> date:
        """What a list of certificates of that day says."""
        return self.new_end if self.application.seen <= day else self.ends

    def assignment_end(self, day: date) -> date | None:
        """What a list of assignments of that day says."""
        if self.assigned_to is None or self.extended > day:
            return self.assigned_to
        return self.assigned_to + timedelta(365)


class Dice(random.Random):
    """Chances of the made-up year."""

    def days(self, first: int, last: int) -> timedelta:
        return timedelta(self.randint(first, last))

    def maybe(self, chance: float, day: date) -> date:
        return day if self.random() < chance else NEVER


def everybody(count: int, first: date, days: int, seed: int) -> list[Somebody]:
    """So many people, of whom most have something happen to them from `first` on."""
    dice = Dice(seed)
    return [_somebody(number, first, days, dice) for number in range(1, count + 1)]


def _somebody(number: int, first: date, days: int, dice: Dice) -> Somebody:
    soon = dice.random() < 0.75
    ends = first + (dice.days(-20, days + 100) if soon else dice.days(days + 100, days + 500))
    any_day = first + dice.days(1, days)
    over = first + dice.days(-30, days + 150) if dice.random() < 0.4 else None
    return Somebody(
        number=number,
        ends=ends,
        joins=first + dice.days(1, days) if dice.random() < 0.05 else first,
        email=f"kisi{number}@example.tr" if dice.random() < 0.92 else "",
        phone=f"+90532{number:07d}" if dice.random() < 0.9 else "",
        address_from=dice.maybe(0.1, any_day) if dice.random() < 0.1 else first,
        retires=dice.maybe(0.06, first + dice.days(1, days)),
        vanishes=dice.maybe(0.05, first + dice.days(1, days)),
        assigned_to=over,
        extended=dice.maybe(0.7, over + dice.days(3, 60)) if over else NEVER,
        application=_application(ends, first, dice),
    )


def _application(ends: date, first: date, dice: Dice) -> Application:
    applies = max(ends - dice.days(2, 95), first)
    if dice.random() < 0.3 or applies > ends:
        return Application()
    if dice.random() < 0.12:
        return Application(applies, cancels=applies + dice.days(1, 20))
    approved = applies + dice.days(0, 9)
    delivered = dice.maybe(0.9, approved + dice.days(9, 22))
    if delivered == NEVER:
        return Application(applies, approved=approved)
    seen = dice.maybe(0.75, delivered + dice.days(0, 45))
    return Application(applies, NEVER, approved, delivered, seen)
