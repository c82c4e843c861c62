"""The numbers and lists of a report, from one look at the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Verdict
from esign_cli.renewals.application.life_cycle import (
    BEFORE_APPROVAL,
    BEFORE_SUBMISSION,
    STATES,
)
from esign_cli.renewals.report_summary import Changes, Summary
from esign_cli.renewals.report_totals import Reckoning, stalled
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import decide, judge
from esign_cli.store import Store, applications, people, places, reports, trail
from esign_cli.store.in_order import InOrder, Place
from esign_cli.store.report_lists import ReportLists
from esign_cli.store.scope import Scope


@dataclass(frozen=True, slots=True)
class TotalsRequest:
    """Of which day and place."""

    on: date
    province: str = "all"
    """Plate code, or "all"."""
    district: str = ""


def reckoned(
    store: Store,
    request: TotalsRequest,
    policy: Policy,
    lists: ReportLists,
    *,
    only_new: bool = False,
) -> Summary:
    """Return the report with what changed since the last one of the place, and `lists` filled.

    `only_new`: its lists hold nobody but those who are new in them since. Inside `store.reading()`,
    in which its lists are to be read, too. Raises UnknownDistrict: a slip of the finger is not to
    look like good news.
    """
    place = {"province": request.province, "district": request.district}
    reckoning = Reckoning(request.on, lists.keep)
    places.check_district(store, request.district)
    for facts in people.holders(store, **place):
        reckoning.add(judge(facts, policy, request.on))
    nobody = decide(PersonFacts(""), policy, request.on).verdict  # without one all are alike
    others = people.count_others(store, province=request.province, district=request.district)
    reckoning.add_others(nobody, others)
    states = _add_applications(store, reckoning, Scope(request.province, request.district), policy)
    changes, before = None, reports.last(store, **place)
    if before is not None:
        changed = lists.compare(reports.listed_in_last(store, **place))
        counts = {v: reckoning.counts[v] - before.counts.get(v, 0) for v in Verdict}
        changes = Changes(before.on, counts, changed)
        if only_new:
            lists.only_new()
    roster = people.roster(store, request.province)
    whole = reckoning.summary(
        request.province, request.district, states, roster.as_of, lists.lists()
    )
    return replace(
        whole,
        calls=lists.calls(),
        corrections=lists.corrections(),
        changes=changes,
        only_new=only_new and changes is not None,
        audit_head=trail.head(store.db),
    )


def _add_applications(
    store: Store, reckoning: Reckoning, scope: Scope, policy: Policy
) -> Mapping[str, int]:
    """List those to be seen to; gives how many open ones there are in each state."""
    on = reckoning.on
    states: Counter[str] = Counter()

    def to_see_to() -> Iterator[tuple[Place, str]]:
        for one in filter(lambda one: one.national_id, applications.of_place(store, scope)):
            states[one.state] += one.open
            under_way = one.state in BEFORE_SUBMISSION | BEFORE_APPROVAL
            if under_way or one.overdue(on, policy.delivery_days):
                yield ("", "", "", f"{one.number:020}"), one.national_id

    order = InOrder(store)
    order.add(to_see_to())
    owners = ((int(place[3]), facts) for place, facts in order.people(asked=True))
    for application, facts in applications.beside(store, owners):
        standing = judge(facts, policy, on)
        if application is None:
            continue
        if stalled(application, standing.phase, on, policy.submission_days):
            reckoning.add_application("stalled", standing, application)
        if application.overdue(on, policy.delivery_days):
            reckoning.add_application("overdue", standing, application)
    return {state: states[state] for state in STATES if states[state]}
