"""The days to come: last days to apply, ends of certificates, cards that should have come.

An application that was never submitted takes no day away: its person has still to apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Phase, Standing, Verdict
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals.application.life_cycle import BEFORE_SUBMISSION, ON_ITS_WAY
from esign_cli.renewals.rules.lifetime import window
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import decide, judge
from esign_cli.store import Store, applications, people, places, uid_key
from esign_cli.store.in_order import NOWHERE, InOrder
from esign_cli.store.scope import Scope

DEADLINE, END, DELIVERY, UNSEEN = "deadline", "end", "delivery", "unseen"
KINDS = (DEADLINE, END, DELIVERY, UNSEEN)
_STILL_TO_RENEW = (Verdict.ELIGIBLE, Verdict.NEEDS_UPDATE, Verdict.UNDECIDED, Verdict.NOT_DUE)


@dataclass(frozen=True, slots=True)
class CalendarRequest:
    """Whose days, and how far ahead."""

    today: date
    days: int
    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""

    @property
    def last(self) -> date:
        return self.today + timedelta(self.days)

    def holds(self, day: date) -> bool:
        """Return whether a day lies ahead, and near enough."""
        return self.today <= day <= self.last


@dataclass(frozen=True, slots=True)
class Day:
    """Something that is due on a day: one of KINDS."""

    kind: str
    on: date
    standing: Standing
    name: str
    uid: str
    """The same whenever it is asked for; nobody can tell from it whose it is."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead: how many days, and each, to be read once before the block ends."""

    count: int
    days: Iterator[Day]


@contextmanager
def ahead(store: Store, request: CalendarRequest, policy: Policy) -> Iterator[Ahead]:
    """Find what lies ahead, by day and name; raises UnknownDistrict, and as `Store.writing` does.

    Nothing of it is held: each person is judged once to put their days in order, and again when it
    is their turn.
    """
    places.check_district(store, request.district)
    key = uid_key.read(store)
    with store.reading():
        waiting = _waiting(store, request)
        near = InOrder(store)
        near.add((NOWHERE, one) for one in sorted(waiting))
        near.add((NOWHERE, one) for one in _near(store, request, policy) if one not in waiting)
        order = InOrder(store)
        order.add(
            ((day.isoformat(), kind, sort_key(standing.name), uid), standing.facts.national_id)
            for _, facts in near.people(asked=True)
            for standing in (judge(facts, policy, request.today),)
            for kind, day, uid in _of_person(standing, request, policy, waiting, key)
        )
        placed = (
            Day(place[1], date.fromisoformat(place[0]), standing, standing.name, place[3])
            for place, facts in order.people()
            for standing in (judge(facts, policy, request.today),)
        )
        yield Ahead(order.count, placed)


@dataclass(frozen=True, slots=True)
class _Card:
    """A card that was applied for: what is kept of its application, for there may be many."""

    number: int
    state: str
    since: date
    approved: date


def _waiting(store: Store, request: CalendarRequest) -> dict[str, _Card]:
    """The cards that are on their way, or were not seen yet, by owner."""
    scope = Scope(request.province, request.district)
    return {
        one.national_id: _Card(one.number, one.state, one.since, one.approved)
        for one in applications.of_place(store, scope)
        if one.national_id and one.approved and one.state in (*ON_ITS_WAY, "delivered")
    }


def _near(store: Store, request: CalendarRequest, policy: Policy) -> Iterator[str]:
    def look(outline: PersonFacts) -> bool:
        decision = decide(outline, policy, request.today)
        if decision.certificate is None or not _has_to_apply(decision.verdict, outline):
            return False
        end = decision.certificate.not_after
        _opens, deadline = window(end, policy)
        return request.holds(end) or request.holds(deadline)

    for one, is_near in people.summaries(
        store,
        look,
        province=request.province,
        district=request.district,
        entitlement=not policy.entitles_all,
    ):
        if is_near:
            yield one


def _has_to_apply(verdict: Verdict, facts: PersonFacts) -> bool:
    application = facts.application
    opened = (
        verdict is Verdict.APPLIED
        and application is not None
        and application.state in BEFORE_SUBMISSION
    )
    return verdict in _STILL_TO_RENEW or opened


def _to_apply(standing: Standing, request: CalendarRequest) -> date | None:
    """The last day to apply; where it is a holiday, the working day before it, or else today."""
    working_day = standing.working_day
    return standing.deadline if working_day is None else max(working_day, request.today)


def _of_person(
    standing: Standing,
    request: CalendarRequest,
    policy: Policy,
    waiting: Mapping[str, _Card],
    key: bytes,
) -> Iterator[tuple[str, date, str]]:
    """Yield the kind, the day and the uid of each of somebody's days."""
    who, certificate = standing.facts.national_id, standing.certificate
    due: list[tuple[str, date | None, int]] = []
    if _has_to_apply(standing.verdict, standing.facts) and certificate is not None:
        year = certificate.not_after.year  # an end that is learnt better stays the same entry
        due = [(DEADLINE, _to_apply(standing, request), year), (END, certificate.not_after, year)]
    card = waiting.get(who)
    if card is not None and card.state == "delivered":
        if standing.phase is not Phase.RENEWED:
            asked = card.since + timedelta(policy.unconfirmed_days + 1)
            due.append((UNSEEN, max(asked, request.today), card.number))
    elif card is not None:
        due.append((DELIVERY, card.approved + timedelta(policy.delivery_days), card.number))
    for kind, day, which in due:
        if day is not None and request.holds(day):
            yield kind, day, uid_key.named(key, kind, who, which)
