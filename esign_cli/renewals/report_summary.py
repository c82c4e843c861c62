"""What a report says: numbers, expiries by month and district, lists, and what changed since."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter

from esign_cli.foundation.people import DutyClass, DutyRecord
from esign_cli.foundation.standing import Standing, Verdict
from esign_cli.foundation.turkish import fold, sort_key
from esign_cli.renewals.application.life_cycle import Application

MONTHS = 12
"""So many months of expiries, the first being the one that the report is of."""
LISTS = (
    "late",
    "eligible",
    "needs-update",
    "undecided",
    "expired",
    "live-certificate",
    "stalled",
    "overdue",
    "unconfirmed",
    "leavers",
)
"""The lists of a report, the most urgent first. Somebody can stand in several."""
SHOULD_BE_EMPTY = tuple(name for name in LISTS if name != "stalled")
"""The lists that a run can be asked to fail on."""
_OF_VERDICT = {
    Verdict.ELIGIBLE: "eligible",
    Verdict.NEEDS_UPDATE: "needs-update",
    Verdict.UNDECIDED: "undecided",
    Verdict.EXPIRED: "expired",
}
LISTED = frozenset(_OF_VERDICT)
"""Verdicts that have a list of their own."""
RUNG = ("late", "expired", "unconfirmed", "stalled", "overdue")
"""The lists whose people are rung."""
CORRECTED = "needs-update"
"""The list of those whose record is corrected."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in a list; those of applications come with the application."""

    standing: Standing
    application: Application | None = None

    @property
    def national_id(self) -> str:
        return self.standing.facts.national_id

    @property
    def place(self) -> Place:
        """Where somebody serves: the place of the governing assignment, or else of the post."""
        record = self.standing.record
        return Place(record.province, record.district) if record else Place()

    @property
    def own(self) -> DutyRecord | None:
        """The post of one's own, the one that was begun last."""
        posts = [r for r in self.standing.facts.records if r.duty_class is DutyClass.PERMANENT]
        return max(posts, key=lambda r: (r.start or date.min, r.institution_code), default=None)


@dataclass(frozen=True, slots=True)
class Place:
    """A province (plate code) and a district as the roster writes it; both "" if not known."""

    province: str = ""
    district: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The same for every spelling."""
        return self.province, fold(self.district)


@dataclass(frozen=True, slots=True)
class District:
    """The numbers of one district."""

    place: Place
    holders: int
    months: tuple[int, ...]
    """How many certificates end in each of the months."""
    lists: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the last report said of somebody."""

    verdict: Verdict
    lists: frozenset[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The last report of a place: its day and its numbers."""

    on: date
    counts: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to ring, and why."""

    listed: Listed
    reasons: tuple[str, ...]
    """Codes of lists."""


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody who stands otherwise than in the last report; `was` is None for one who is new."""

    listed: Listed
    was: Remembered | None
    now: Remembered


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the last report."""

    since: date
    counts: Mapping[Verdict, int]
    """How many more (or, below 0, fewer) there are of each verdict."""
    people: Collection[Change]


@dataclass(frozen=True, slots=True)
class Summary:
    """A report, before it is put into words.

    Its lists may be read anew each time, and are then read while the database is.
    """

    on: date
    province: str
    """Plate code, or "all"."""
    district: str
    counts: Mapping[Verdict, int]
    holders: int
    months: tuple[date, ...]
    """The first day of each month."""
    ending: tuple[int, ...]
    """How many certificates end in each of them; those who left are not counted."""
    districts: tuple[District, ...]
    lists: Mapping[str, Collection[Listed]]
    sizes: Mapping[str, int]
    """How many belong into each list, whether or not all of them are in it."""
    applications: Mapping[str, int]
    """How many open applications there are in each state."""
    calls: Collection[Call] = ()
    """Everybody to ring, once, by district, institution and name."""
    corrections: Mapping[tuple[str, str], Collection[Listed]] = field(default_factory=dict)
    """Those whose record is corrected, by the key of its place; without a district, of none."""
    changes: Changes | None = None
    only_new: bool = False
    """Whether the lists hold only those who are new in them since the last report."""
    roster_as_of: date | None = None
    audit_head: str = ""
    """How the audit trail ended when the report was made."""

    @property
    def people(self) -> int:
        """How many people there are of any verdict."""
        return sum(self.counts.values())


def own_list(verdict: Verdict) -> str | None:
    """Return the list that belongs to a verdict; None: there is none."""
    return _OF_VERDICT.get(verdict)


def differences(
    before: Iterable[tuple[str, Remembered]], now: Iterable[tuple[str, Remembered]]
) -> Iterator[tuple[str, Remembered | None, Remembered | None]]:
    """Yield who stands otherwise in the lists than in the last report's, by national id: what was
    said of them then, and what is said now.

    Both are in this order. None: they stood, or stand, in no list.
    """
    was = ((national_id, 0, one) for national_id, one in before)
    is_ = ((national_id, 1, one) for national_id, one in now)
    both = heapq.merge(was, is_, key=itemgetter(0, 1))
    for national_id, lines in itertools.groupby(both, key=itemgetter(0)):
        said = {side: one for _, side, one in lines}
        if said.get(0) != said.get(1):
            yield national_id, said.get(0), said.get(1)


def by_end(one: Listed) -> tuple[date, str, str]:
    """Return the order of every list: whose certificate ends first, then by name."""
    certificate = one.standing.certificate
    end = certificate.not_after if certificate else date.max
    return end, sort_key(one.standing.name), one.national_id
