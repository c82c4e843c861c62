"""Who may renew: one verdict with its reasons, from what is known, the policy and a date.

Nothing here reads a clock or a database, and nothing depends on the order in which facts came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from esign_cli.foundation.people import (
    CertificateRecord,
    DutyRecord,
    OpenApplication,
    PersonFacts,
)
from esign_cli.foundation.standing import Phase, Reason, Standing, StatusClass, Verdict
from esign_cli.renewals.rules import duty, lifetime, workdays
from esign_cli.renewals.rules.lifetime import (
    SAME_CERTIFICATE_DAYS,
    months_before,
    newest,
    phase,
    phase_of_dates,
    window,
)
from esign_cli.renewals.rules.policy import STATUS_WORDS, Policy
from esign_cli.renewals.rules.verdict_table import (
    Case,
    Service,
    entitlement,
    first_about_duty,
    first_line,
)
from esign_cli.renewals.rules.verdict_warnings import CAUTIONS, Judged, cautions

__all__ = [
    "CAUTIONS",
    "REASONS",
    "SAME_CERTIFICATE_DAYS",
    "STATUS_WORDS",
    "CachedJudge",
    "Decision",
    "Policy",
    "StatusClass",
    "decide",
    "judge",
    "months_before",
    "newest",
    "not_on_duty",
    "phase",
    "phase_of_dates",
    "window",
]

REASONS = (
    "no-certificate",
    "not-in-roster",
    "missing-from-latest",
    "left",
    "transferred",
    "assignment-ended",
    "end-date-missing",
    "end-date-not-in-file",
    "status-unknown",
    "away",
    "not-entitled",
    "application-open",
    "expired",
    "revoked",
    "window-open",
    "window-late",
)
"""Every code that explains a verdict."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with what it was taken from, before the warnings."""

    verdict: Verdict
    phase: Phase
    reasons: tuple[Reason, ...]
    certificate: CertificateRecord | None
    current: tuple[DutyRecord, ...]
    marked: bool


def judge(facts: PersonFacts, policy: Policy, today: date) -> Standing:
    """Return the verdict on one person on `today` (a date in Turkey), with reasons, warnings and
    dates.

    The first line of the table that applies decides; warnings follow the reasons.
    """
    decision = decide(facts, policy, today)
    governing = duty.governing(decision.current, policy)
    post = duty.post(decision.current, policy)
    dates = _dates(decision, policy, today)
    warned = cautions(
        Judged(
            facts,
            policy,
            today,
            decision.verdict,
            frozenset(reason.code for reason in decision.reasons),
            decision.phase,
            decision.certificate,
            governing,
            post,
            decision.marked,
            dates.get("working_day"),
        )
    )
    return Standing(
        facts=facts,
        verdict=decision.verdict,
        phase=decision.phase,
        reasons=decision.reasons + warned,
        certificate=decision.certificate,
        record=governing or post,
        days_left=_days_left(decision, today),
        **dates,
    )


def decide(facts: PersonFacts, policy: Policy, today: date) -> Decision:
    """Return the verdict and its reasons, without warnings: all that counting people needs."""
    mark = _mark(facts, today)
    certificate = lifetime.newest(facts.certificates, policy, facts.replaced_on)
    if certificate is None:
        current = duty.current(facts.records, None)
        reasons = (Reason("no-certificate"), *entitlement(current, policy, today))
        verdict = Verdict.NO_CERTIFICATE
        return Decision(verdict, Phase.NONE, reasons, None, current, bool(mark))
    phase = lifetime.phase_of(certificate, facts.certificates, policy, today)
    since = lifetime.served_since(certificate, policy, today)
    current = duty.current(facts.records, since)
    case = Case(facts, policy, today, current, mark, phase, certificate)
    verdict, reasons = first_line(case)
    return Decision(verdict, phase, reasons, certificate, current, bool(mark))


_Held = tuple[CertificateRecord, Phase, date] | None
"""The certificate that counts, its phase, and since when records count."""


class CachedJudge:
    """Judges any number of people on one day: what is alike in many of them is looked at once.

    The certificate weighs by its phase alone, and by since when records count; all else by what the
    records are. To be used on facts whose records and certificates are shared objects.
    """

    def __init__(self, policy: Policy, today: date) -> None:
        self._policy = policy
        self._today = today
        self._certificates: dict[tuple[object, ...], _Held] = {}
        self._verdicts: dict[tuple[object, ...], Verdict] = {}
        self._kept: list[object] = []
        """What was looked at, lest another object takes its identity."""

    def decide(self, facts: PersonFacts) -> tuple[Verdict, Phase]:
        """Return the verdict and the phase that `decide` gives."""
        held = self._held(facts)
        if held is None:
            return Verdict.NO_CERTIFICATE, Phase.NONE
        certificate, warned, since = held
        counting = duty.counting(facts.records, since)
        mark = _mark(facts, self._today)
        key = (warned, mark, _weight(facts.application), *map(id, counting))
        verdict = self._verdicts.get(key)
        if verdict is None:
            current = duty.in_order(counting)
            case = Case(facts, self._policy, self._today, current, mark, warned, certificate)
            verdict = self._verdicts[key] = first_line(case)[0]
            self._kept.append(counting)
        return verdict, warned

    def _held(self, facts: PersonFacts) -> _Held:
        certificates = facts.certificates
        key = (facts.replaced_on, *map(id, certificates))
        if key not in self._certificates:
            chosen, held = lifetime.newest(certificates, self._policy, facts.replaced_on), None
            if chosen is not None:
                phase = lifetime.phase_of(chosen, certificates, self._policy, self._today)
                since = lifetime.served_since(chosen, self._policy, self._today)
                held = chosen, phase, since
            self._certificates[key] = held
            self._kept.append(certificates)
        return self._certificates[key]


def _weight(application: OpenApplication | None) -> object:
    """All of an application that the verdict looks at."""
    return application and (application.reason, application.state, application.since)


def not_on_duty(
    facts: PersonFacts, policy: Policy, today: date
) -> tuple[Verdict, tuple[Reason, ...]] | None:
    """Return what keeps the person from being on duty on `today`, whatever the certificate; None:
    nothing.

    For applications by which no certificate is renewed: first ones, and those signed by hand.
    """
    certificate = lifetime.newest(facts.certificates, policy, facts.replaced_on)
    since = lifetime.served_since(certificate, policy, today) if certificate else None
    current = duty.current(facts.records, since)
    return first_about_duty(Service(facts, policy, today, current, _mark(facts, today)))


def _mark(facts: PersonFacts, today: date) -> str:
    mark = facts.mark
    return mark.word if mark and (mark.until is None or today <= mark.until) else ""


def _days_left(decision: Decision, today: date) -> int | None:
    certificate = decision.certificate
    if certificate is None or decision.phase is Phase.REVOKED:
        return None
    return (certificate.not_after - today).days


def _dates(decision: Decision, policy: Policy, today: date) -> dict[str, date | None]:
    """The days of a renewal, by their names in Standing."""
    certificate = decision.certificate
    if certificate is None or decision.phase is Phase.REVOKED:
        return {}
    opens, deadline = lifetime.window(certificate.not_after, policy)
    working_day = None
    if decision.phase in _STILL_TO_APPLY:
        working_day = workdays.before_deadline(deadline, policy.holidays, today)
    return {"opens": opens, "deadline": deadline, "working_day": working_day}


_STILL_TO_APPLY = (Phase.NOT_DUE, Phase.OPEN)
