"""What the start page counts of somebody: a few codes, by one look at what a verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from esign_cli.foundation.people import PersonFacts
from esign_cli.renewals import verdict
from esign_cli.renewals.report_totals import ENDS, GONE, is_late
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.rules.verdict_table import unconfirmed

DAYS = (7, 30, 90)
"""Within how many days ends are counted."""
DUE = tuple(f"due-{days}" for days in DAYS)
CODES = (*DUE, "late", "eligible", "needs-update", "undecided")


def codes(facts: PersonFacts, policy: Policy, on: date) -> tuple[str, ...]:
    """Return under what somebody is counted: as the report counts its lists and its months."""
    return tuple(_codes(facts, policy, on))


def _codes(facts: PersonFacts, policy: Policy, on: date) -> Iterator[str]:
    decision = verdict.decide(facts, policy, on)
    gone = GONE & {reason.code for reason in decision.reasons}
    if decision.certificate and decision.phase in ENDS and not gone:
        left = (decision.certificate.not_after - on).days
        yield from (code for days, code in zip(DAYS, DUE, strict=True) if left <= days)
    unseen = unconfirmed(facts.application, policy, on)
    if is_late(decision.phase, decision.verdict, facts.application, unseen=unseen):
        yield "late"
    if decision.verdict.value in CODES:
        yield decision.verdict.value
