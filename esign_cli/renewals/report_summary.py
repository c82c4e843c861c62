"""What a report says: numbers, expiries by month and district, lists, and what changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

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
    """The last report of a place: its day, its numbers and those who stood in its lists."""

    on: date
    counts: Mapping[Verdict, int]
    people: Mapping[str, Remembered]


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
    people: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A report, before it is put into words."""

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
    lists: Mapping[str, tuple[Listed, ...]]
    sizes: Mapping[str, int]
    """How many belong into each list, whether or not all of them are in it."""
    applications: Mapping[str, int]
    """How many open applications there are in each state."""
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

    def remembered(self) -> dict[str, Remembered]:
        """Return what the next report has to know of those who stand in a list now."""
        return _remembered(self.lists)


def own_list(verdict: Verdict) -> str | None:
    """Return the list that belongs to a verdict; None: there is none."""
    return _OF_VERDICT.get(verdict)


def changes(before: Snapshot, summary: Summary, elsewhere: Mapping[str, Standing]) -> Changes:
    """Return what changed since the last report.

    `elsewhere` are the standings of those who stood in its lists and stand in none now.
    """
    now = summary.remembered()
    listed = {one.national_id: one for lines in summary.lists.values() for one in lines}
    changed = []
    for national_id in sorted({*now, *(before.people.keys() & elsewhere.keys())}):
        was = before.people.get(national_id)
        if national_id in now:
            one, is_ = listed[national_id], now[national_id]
        else:
            one = Listed(elsewhere[national_id])
            is_ = Remembered(one.standing.verdict, frozenset())
        if was != is_:
            changed.append(Change(one, was, is_))
    counts = {v: summary.counts[v] - before.counts.get(v, 0) for v in Verdict}
    return Changes(before.on, counts, tuple(sorted(changed, key=lambda c: by_end(c.listed))))


def only_new(summary: Summary) -> Summary:
    """Return the report with nobody in its lists but those who are new in them since the
    last one.
    """
    if summary.changes is None:
        return summary
    was = {c.listed.national_id: c.was.lists if c.was else () for c in summary.changes.people}
    lists = {
        name: tuple(
            one for one in lines if one.national_id in was and name not in was[one.national_id]
        )
        for name, lines in summary.lists.items()
    }
    return replace(summary, lists=lists, only_new=True)


def _remembered(lists: Mapping[str, Iterable[Listed]]) -> dict[str, Remembered]:
    names: dict[str, set[str]] = defaultdict(set)
    verdicts: dict[str, Verdict] = {}
    for name, lines in lists.items():
        for one in lines:
            names[one.national_id].add(name)
            verdicts[one.national_id] = one.standing.verdict
    return {one: Remembered(verdicts[one], frozenset(reasons)) for one, reasons in names.items()}


def by_end(one: Listed) -> tuple[date, str, str]:
    """Return the order of every list: whose certificate ends first, then by name."""
    certificate = one.standing.certificate
    end = certificate.not_after if certificate else date.max
    return end, sort_key(one.standing.name), one.national_id
