"""Whether an application may be approved on a day, and what is kept of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from esign_cli.foundation.errors.renewals import ApprovalRefused, ApprovalRosterOld
from esign_cli.foundation.people import PersonFacts
from esign_cli.foundation.standing import Reason, Verdict
from esign_cli.renewals import verdict as renewal
from esign_cli.renewals.application.life_cycle import Application
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import Store, people
from esign_cli.store.rosters import Rosters


def approval(
    store: Store,
    rosters: Rosters,
    application: Application,
    on: date,
    policy: Policy,
    override: str,
) -> Mapping[str, Any]:
    """Return what is kept of an approval, on these `rosters`.

    Raises ApprovalRosterOld or ApprovalRefused without override.
    """
    facts = next(people.facts(store, national_ids=[application.national_id], rosters=rosters))
    verdict, reasons, right = _judged(application, facts, on, policy)
    details: dict[str, Any] = {
        "verdict": verdict.value if verdict else None,
        "reasons": [reason.code for reason in reasons],
        "roster_as_of": facts.as_of.isoformat() if facts.as_of else None,
    }
    if override:
        return {**details, "override": override}
    if not right:
        raise ApprovalRefused(
            number=application.number,
            verdict=details["verdict"],
            reasons=details["reasons"],
            on=on.isoformat(),
            details=list(map(detail, reasons)),
        )
    days = policy.approval_roster_days
    if facts.as_of is None or facts.as_of + timedelta(days) < on:
        raise ApprovalRosterOld(number=application.number, as_of=details["roster_as_of"], days=days)
    return details


def detail(reason: Reason) -> dict[str, Any]:
    """Return a reason as a fact of an error: what is not known is None."""
    return {
        "code": reason.code,
        "source": asdict(reason.source) if reason.source else None,
        "field": reason.field or None,
        "value": reason.value or None,
    }


def _judged(
    application: Application, facts: PersonFacts, on: date, policy: Policy
) -> tuple[Verdict | None, tuple[Reason, ...], bool]:
    """The verdict of that day with its reasons, and whether it allows an approval.

    A renewal wants `eligible`, as if this application were not there; any other application wants
    somebody who is on duty.
    """
    if application.renews:
        decision = renewal.decide(replace(facts, application=None), policy, on)
        return decision.verdict, decision.reasons, decision.verdict is Verdict.ELIGIBLE
    against = renewal.not_on_duty(facts, policy, on)
    return (None, (), True) if against is None else (*against, False)
