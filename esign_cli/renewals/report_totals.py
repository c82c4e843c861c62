"""Adds people up for a report: which lists they stand in, and the numbers of each district."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from esign_cli.foundation.people import OpenApplication
from esign_cli.foundation.standing import Phase, Standing, Verdict
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals.application.life_cycle import (
    BEFORE_APPROVAL,
    BEFORE_SUBMISSION,
    Application,
)
from esign_cli.renewals.report_summary import (
    LISTS,
    MONTHS,
    District,
    Listed,
    Place,
    Summary,
    own_list,
)

NOT_APPLIED = frozenset({Verdict.ELIGIBLE, Verdict.NEEDS_UPDATE, Verdict.UNDECIDED})
_OVER = (Phase.EXPIRED, Phase.REVOKED)
_URGENT = (Phase.LATE, *_OVER)
GONE = frozenset({"left", "transferred"})
_OF_WARNINGS = {
    "live-certificate": "live-certificate",
    "new-certificate-not-seen": "unconfirmed",
    "application-of-leaver": "leavers",
}
"""Lists of those of whom a warning is given."""
ENDS = (Phase.NOT_DUE, Phase.OPEN, Phase.LATE)
"""Phases in which the certificate's end is still to come, and nothing newer is there."""


def months_from(on: date, count: int = MONTHS) -> tuple[date, ...]:
    """Return the first days of this month and of those after it."""
    first = on.year * 12 + on.month - 1
    return tuple(date(m // 12, m % 12 + 1, 1) for m in range(first, first + count))


def lists_of(standing: Standing) -> Iterator[str]:
    """Yield the lists that somebody stands in, but for those of applications.

    An application that was never submitted keeps nobody from being late or expired.
    """
    application = standing.facts.application
    codes = {reason.code for reason in standing.reasons}
    unseen = "new-certificate-not-seen" in codes
    if is_late(standing.phase, standing.verdict, application, unseen=unseen):
        yield "late"
    own = own_list(standing.verdict)
    if own:
        yield own
    elif _unsubmitted(standing.verdict, application) and standing.phase in _OVER:
        yield "expired"
    yield from (name for code, name in _OF_WARNINGS.items() if code in codes)


def is_late(
    phase: Phase, verdict: Verdict, application: OpenApplication | None, *, unseen: bool
) -> bool:
    """Return whether somebody is past the last day to apply, and has submitted nothing.

    `unseen`: the new card was delivered, and its certificate not seen yet.
    """
    waiting = verdict in NOT_APPLIED and not unseen
    return phase is Phase.LATE and (waiting or _unsubmitted(verdict, application))


def _unsubmitted(verdict: Verdict, application: OpenApplication | None) -> bool:
    return (
        verdict is Verdict.APPLIED
        and application is not None
        and application.state in BEFORE_SUBMISSION
    )


def stalled(application: Application, phase: Phase, on: date, days: int) -> bool:
    """Return whether an application wants somebody to see to it.

    It was not submitted, and nothing happened for more than so many days; or it is not approved,
    and the certificate is past the last day to apply, or past its end.
    """
    if application.state not in BEFORE_SUBMISSION | BEFORE_APPROVAL:
        return False
    old = on > application.since + timedelta(days)
    return phase in _URGENT or (application.state in BEFORE_SUBMISSION and old)


@dataclass
class Reckoning:
    """Adds people up, one after the other, and hands those who stand in a list to who keeps it."""

    on: date
    keep: Callable[[str, Listed], object]
    """Called with the name of each list and who stands in it."""
    counts: Counter[Verdict] = field(default_factory=Counter)
    holders: int = 0
    sizes: Counter[str] = field(default_factory=Counter)
    """How many stand in each list."""
    _places: dict[tuple[str, str], _Numbers] = field(default_factory=dict)
    _written: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def add(self, standing: Standing) -> None:
        """Count somebody of whom a certificate is known, be it one that does not count."""
        self.counts[standing.verdict] += 1
        held = standing.certificate is not None
        self.holders += held
        record = standing.record
        numbers = self._numbers(
            record.province if record else "", record.district if record else ""
        )
        numbers.holders += held
        certificate = standing.certificate
        if (
            certificate is not None
            and standing.phase in ENDS
            and not GONE & {reason.code for reason in standing.reasons}
        ):
            numbers.ends[certificate.not_after.year * 12 + certificate.not_after.month] += 1
        for name in lists_of(standing):
            self._put(name, Listed(standing), numbers)

    def add_application(self, name: str, standing: Standing, application: Application) -> None:
        """List an application, in a list of applications."""
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
        lists: Mapping[str, Collection[Listed]],
    ) -> Summary:
        """Return the report of all who were added, with the lists as they were kept."""
        months = months_from(self.on)
        keys = [first.year * 12 + first.month for first in months]
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
            sizes={name: self.sizes[name] for name in LISTS},
            applications=dict(applications),
            roster_as_of=roster_as_of,
        )

    def _put(self, name: str, listed: Listed, numbers: _Numbers) -> None:
        self.keep(name, listed)
        self.sizes[name] += 1
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


def _by_place(one: District) -> tuple[bool, str, str]:
    where = one.place
    return not where.district, where.province, sort_key(where.district)
