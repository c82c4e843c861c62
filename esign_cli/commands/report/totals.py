"""The numbers and lists of a report, from one look at the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from esign_cli.foundation.people import PersonFacts
from esign_cli.renewals import report_summary
from esign_cli.renewals.application.life_cycle import (
    BEFORE_APPROVAL,
    BEFORE_SUBMISSION,
    STATES,
    Application,
)
from esign_cli.renewals.report_summary import Summary
from esign_cli.renewals.report_totals import Reckoning, stalled
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import decide, judge
from esign_cli.store import Store, applications, people, places, reports, trail
from esign_cli.store.scope import Scope


@dataclass(frozen=True, slots=True)
class TotalsRequest:
    """Of which day and place."""

    on: date
    province: str = "all"
    """Plate code, or "all"."""
    district: str = ""


def reckoned(store: Store, request: TotalsRequest, policy: Policy) -> Summary:
    """Return the report with what changed since the last one of the place.

    Raises UnknownDistrict (a slip of the finger is not to look like good news), and as
    `Store.reading` does.
    """
    place = {"province": request.province, "district": request.district}
    reckoning = Reckoning(request.on)
    with store.reading():
        places.check_district(store, request.district)
        for facts in people.holders(store, **place):
            reckoning.add(judge(facts, policy, request.on))
        nobody = decide(PersonFacts(""), policy, request.on).verdict  # without one all are alike
        reckoning.add_others(nobody, people.count_others(store, **place))
        applied = applications.read(store, Scope(request.province, request.district))
        _add_applications(store, reckoning, applied, policy)
        roster = people.roster(store, request.province)
        whole = reckoning.summary(
            request.province, request.district, _open_by_state(applied), roster.as_of
        )
        return replace(_compared(store, whole, policy), audit_head=trail.head(store.db))


def _add_applications(
    store: Store, reckoning: Reckoning, applications: Sequence[Application], policy: Policy
) -> None:
    on = reckoning.on
    late = [one for one in applications if one.overdue(on, policy.delivery_days)]
    under_way = [one for one in applications if one.state in BEFORE_SUBMISSION | BEFORE_APPROVAL]
    ids = {one.national_id for one in (*late, *under_way)}
    of_them = people.facts(store, national_ids=sorted(ids)) if ids else ()
    known = {facts.national_id: judge(facts, policy, on) for facts in of_them}
    for one in under_way:
        standing = known[one.national_id]
        if stalled(one, standing.phase, on, policy.submission_days):
            reckoning.add_application("stalled", standing, one)
    for one in late:
        reckoning.add_application("overdue", known[one.national_id], one)


def _open_by_state(applications: Sequence[Application]) -> dict[str, int]:
    counted = Counter(one.state for one in applications if one.open)
    return {state: counted[state] for state in STATES if counted[state]}


def _compared(store: Store, whole: Summary, policy: Policy) -> Summary:
    before = reports.last(store, whole.province, whole.district)
    if before is None:
        return whole
    gone = sorted(before.people.keys() - whole.remembered().keys())
    of_them = people.facts(store, national_ids=gone) if gone else ()
    elsewhere = {facts.national_id: judge(facts, policy, whole.on) for facts in of_them}
    return replace(whole, changes=report_summary.changes(before, whole, elsewhere))
