"""What a report says: numbers, expiries by month and district, lists, and what changed since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from esign_cli.life_cycle import BEFORE_APPROVAL, BEFORE_SUBMISSION, Application
from esign_cli.model import DutyClass, DutyRecord, Phase, Standing, Verdict
from esign_cli.turkish import fold, sort_key

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
)
"""The lists of a report, the most urgent first. Somebody can stand in several."""
OF_APPLICATIONS = ("stalled", "overdue")
"""The lists whose lines are applications."""
SHOULD_BE_EMPTY = tuple(name for name in LISTS if name != "stalled")
"""The lists that a run can be asked to fail on."""
NOT_APPLIED = frozenset({Verdict.ELIGIBLE, Verdict.NEEDS_UPDATE, Verdict.UNDECIDED})
_OF_VERDICT = {
    Verdict.ELIGIBLE: "eligible",
    Verdict.NEEDS_UPDATE: "needs-update",
    Verdict.UNDECIDED: "undecided",
    Verdict.EXPIRED: "expired",
}
LISTED = frozenset(_OF_VERDICT)
"""Verdicts that have a list of their own."""
_OVER = (Phase.EXPIRED, Phase.REVOKED)
_URGENT = (Phase.LATE, *_OVER)
_ENDS = (Phase.NOT_DUE, Phase.OPEN, Phase.LATE)
"""Phases in which the certificate's end is still to come, and nothing newer is there."""


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

    @property
    def people(self) -> int:
        """How many people there are of any verdict."""
        return sum(self.counts.values())

    def remembered(self) -> dict[str, Remembered]:
        """What the next report has to know of those who stand in a list now."""
        return _remembered(self.lists)


def months_from(on: date, count: int = MONTHS) -> tuple[date, ...]:
    """The first days of this month and of those after it."""
    first = on.year * 12 + on.month - 1
    return tuple(date(m // 12, m % 12 + 1, 1) for m in range(first, first + count))


def lists_of(standing: Standing) -> Iterator[str]:
    """The lists that somebody stands in, but for those of applications.

    An application that was never submitted keeps nobody from being late or expired.
    """
    forgotten = _unsubmitted(standing)
    if standing.phase is Phase.LATE and (standing.verdict in NOT_APPLIED or forgotten):
        yield "late"
    own = own_list(standing.verdict)
    if own:
        yield own
    elif forgotten and standing.phase in _OVER:
        yield "expired"
    if any(reason.code == "live-certificate" for reason in standing.reasons):
        yield "live-certificate"


def own_list(verdict: Verdict) -> str | None:
    """The list that belongs to a verdict; None: there is none."""
    return _OF_VERDICT.get(verdict)


def _unsubmitted(standing: Standing) -> bool:
    made = standing.facts.application
    return (
        standing.verdict is Verdict.APPLIED and made is not None and made.state in BEFORE_SUBMISSION
    )


def stalled(application: Application, phase: Phase, on: date, days: int) -> bool:
    """Whether an application wants somebody to see to it.

    It was not submitted, and nothing happened for more than so many days; or it is not approved,
    and the certificate is past the last day to apply, or past its end.
    """
    if application.state not in BEFORE_SUBMISSION | BEFORE_APPROVAL:
        return False
    old = on > application.since + timedelta(days)
    return phase in _URGENT or (application.state in BEFORE_SUBMISSION and old)


@dataclass
class Reckoning:
    """Adds people up, one after the other, and keeps only those who stand in a list."""

    on: date
    counts: Counter[Verdict] = field(default_factory=Counter)
    holders: int = 0
    _lists: dict[str, list[Listed]] = field(default_factory=lambda: defaultdict(list))
    _places: dict[tuple[str, str], _Numbers] = field(default_factory=dict)
    _written: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def add(self, standing: Standing) -> None:
        """Count somebody who holds a certificate."""
        self.counts[standing.verdict] += 1
        self.holders += 1
        record = standing.record
        numbers = self._numbers(
            record.province if record else "", record.district if record else ""
        )
        numbers.holders += 1
        certificate = standing.certificate
        if (
            certificate is not None
            and standing.phase in _ENDS
            and standing.verdict is not Verdict.NOT_ELIGIBLE
        ):
            numbers.ends[certificate.not_after.year * 12 + certificate.not_after.month] += 1
        for name in lists_of(standing):
            self._put(name, Listed(standing), numbers)

    def add_application(self, name: str, standing: Standing, application: Application) -> None:
        """List an application, in one of OF_APPLICATIONS."""
        where = Listed(standing).place
        numbers = self._numbers(where.province, where.district)
        self._put(name, Listed(standing, application), numbers)

    def add_others(self, verdict: Verdict, count: int) -> None:
        """Count people without a certificate, who are all alike."""
        self.counts[verdict] += count

    def summary(
        self,
        province: str,
        district: str,
        applications: Mapping[str, int],
        roster_as_of: date | None,
    ) -> Summary:
        """The report of all who were added."""
        months = months_from(self.on)
        keys = [first.year * 12 + first.month for first in months]
        lists = {name: tuple(sorted(self._lists[name], key=_by_end)) for name in LISTS}
        districts = [
            District(
                numbers.place,
                numbers.holders,
                tuple(numbers.ends[key] for key in keys),
                {name: numbers.lists[name] for name in LISTS},
            )
            for numbers in self._places.values()
        ]
        return Summary(
            on=self.on,
            province=province,
            district=district,
            counts={verdict: self.counts[verdict] for verdict in Verdict},
            holders=self.holders,
            months=months,
            ending=tuple(sum(one.months[i] for one in districts) for i in range(MONTHS)),
            districts=tuple(sorted(districts, key=_by_place)),
            lists=lists,
            sizes={name: len(lines) for name, lines in lists.items()},
            applications=dict(applications),
            roster_as_of=roster_as_of,
        )

    def _put(self, name: str, listed: Listed, numbers: _Numbers) -> None:
        self._lists[name].append(listed)
        numbers.lists[name] += 1

    def _numbers(self, province: str, district: str) -> _Numbers:
        key = self._written.get((province, district))
        if key is None:
            key = Place(province, district).key
            self._written[province, district] = key
            self._places.setdefault(key, _Numbers(Place(province, district)))
        return self._places[key]


@dataclass
class _Numbers:
    place: Place
    holders: int = 0
    ends: Counter[int] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)


def changes(before: Snapshot, summary: Summary, elsewhere: Mapping[str, Standing]) -> Changes:
    """What changed since the last report.

    `elsewhere` are the standings of those who stood in its lists and stand in none now.
    """
    now = summary.remembered()
    listed = {one.national_id: one for lines in summary.lists.values() for one in lines}
    found = []
    for national_id in sorted({*now, *(before.people.keys() & elsewhere.keys())}):
        was = before.people.get(national_id)
        if national_id in now:
            one, is_ = listed[national_id], now[national_id]
        else:
            one = Listed(elsewhere[national_id])
            is_ = Remembered(one.standing.verdict, frozenset())
        if was != is_:
            found.append(Change(one, was, is_))
    counts = {v: summary.counts[v] - before.counts.get(v, 0) for v in Verdict}
    return Changes(before.on, counts, tuple(sorted(found, key=lambda c: _by_end(c.listed))))


def only_new(summary: Summary) -> Summary:
    """The report with nobody in its lists but those who are new in them since the last one."""
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
    return {one: Remembered(verdicts[one], frozenset(found)) for one, found in names.items()}


def _by_end(one: Listed) -> tuple[date, str, str]:
    certificate = one.standing.certificate
    end = certificate.not_after if certificate else date.max
    return end, sort_key(one.standing.name), one.national_id


def _by_place(one: District) -> tuple[bool, str, str]:
    where = one.place
    return not where.district, where.province, sort_key(where.district)
