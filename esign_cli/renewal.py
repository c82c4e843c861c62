"""Who may renew: one verdict with its reasons, from what is known, the policy and a date.

Nothing here reads a clock or a database, and nothing depends on the order in which facts came in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from esign_cli.model import (
    CertificateRecord,
    DutyClass,
    DutyRecord,
    PersonFacts,
    Phase,
    Reason,
    Standing,
    StatusClass,
    Verdict,
)
from esign_cli.rules import duty, lifetime
from esign_cli.rules.cautions import CAUTIONS, Judged, cautions
from esign_cli.rules.lifetime import (
    SAME_CERTIFICATE_DAYS,
    months_before,
    newest,
    phase,
    phase_of_dates,
    window,
)
from esign_cli.rules.policy import STATUS_WORDS, Policy

__all__ = [
    "CAUTIONS",
    "REASONS",
    "SAME_CERTIFICATE_DAYS",
    "STATUS_WORDS",
    "Decision",
    "Policy",
    "StatusClass",
    "decide",
    "judge",
    "months_before",
    "newest",
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
class _Case:
    """One person on one day, as the lines of the table look at it."""

    facts: PersonFacts
    policy: Policy
    today: date
    phase: Phase
    certificate: CertificateRecord
    current: tuple[DutyRecord, ...]
    mark: str
    """"on-duty" or "left" while the administrator's word holds."""

    @property
    def governing(self) -> DutyRecord | None:
        return duty.governing(self.current, self.policy)

    def status(self, record: DutyRecord) -> StatusClass:
        return self.policy.status(record.status)

    def working(self, record: DutyRecord) -> bool:
        return duty.working(record, self.policy, self.today)

    @property
    def serving(self) -> list[DutyRecord]:
        """Current records that are neither left nor transferred."""
        return [r for r in self.current if self.status(r) not in duty.GONE]

    @property
    def end_not_in_file(self) -> bool:
        g = self.governing
        return g is not None and g.end is None and not g.end_column and self.mark != "on-duty"


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
    """The verdict on one person on `today` (a date in Turkey), with reasons, warnings and dates.

    The first line of the table that applies decides; warnings follow the reasons.
    """
    made = decide(facts, policy, today)
    governing = duty.governing(made.current, policy)
    post = duty.post(made.current, policy)
    warned = cautions(
        Judged(
            facts,
            policy,
            today,
            made.verdict,
            frozenset(reason.code for reason in made.reasons),
            made.phase,
            made.certificate,
            governing,
            post,
            made.marked,
        )
    )
    return _standing(facts, made, governing or post, warned, policy, today)


def decide(facts: PersonFacts, policy: Policy, today: date) -> Decision:
    """The verdict and its reasons, without warnings: all that counting people needs."""
    mark = _mark(facts, today)
    certificate = lifetime.newest(facts.certificates)
    if certificate is None:
        current = duty.current(facts.records, None)
        reasons = (Reason("no-certificate"), *_entitlement(current, policy, today))
        verdict = Verdict.NO_CERTIFICATE
        return Decision(verdict, Phase.NONE, reasons, None, current, bool(mark))
    told = lifetime.phase_of(certificate, facts.certificates, policy, today)
    since = lifetime.served_since(certificate, policy, today)
    current = duty.current(facts.records, since)
    case = _Case(facts, policy, today, told, certificate, current, mark)
    verdict, reasons = _first_line(case)
    return Decision(verdict, told, reasons, certificate, current, bool(mark))


def _mark(facts: PersonFacts, today: date) -> str:
    mark = facts.mark
    return mark.word if mark and (mark.until is None or today <= mark.until) else ""


def _standing(
    facts: PersonFacts,
    made: Decision,
    record: DutyRecord | None,
    warned: tuple[Reason, ...],
    policy: Policy,
    today: date,
) -> Standing:
    certificate = made.certificate
    days_left = opens = deadline = None
    if certificate is not None and made.phase is not Phase.REVOKED:
        days_left = (certificate.not_after - today).days
        opens, deadline = lifetime.window(certificate.not_after, policy)
    return Standing(
        facts=facts,
        verdict=made.verdict,
        phase=made.phase,
        reasons=made.reasons + warned,
        certificate=certificate,
        record=record,
        days_left=days_left,
        opens=opens,
        deadline=deadline,
    )


# --- the lines of the table ----------------------------------------------------------------------

_Answer = tuple[Verdict, tuple[Reason, ...]]
_EARLY = {Phase.RENEWED: Verdict.RENEWED, Phase.NOT_DUE: Verdict.NOT_DUE}


def _not_in_roster(case: _Case) -> _Answer | None:
    if case.current or case.mark:
        return None
    since = case.facts.missing_since
    if since is None:
        return Verdict.UNDECIDED, (Reason("not-in-roster"),)
    return Verdict.UNDECIDED, (Reason("missing-from-latest", None, "since", since.isoformat()),)


def _gone(case: _Case) -> _Answer | None:
    if case.mark == "left" and case.facts.mark is not None:
        return Verdict.NOT_ELIGIBLE, (Reason("left", None, "mark", case.facts.mark.reason),)
    if case.mark or case.serving:
        return None
    reasons = tuple(_of_status(case.status(r).value, r) for r in case.current)
    return Verdict.NOT_ELIGIBLE, reasons


def _too_early(case: _Case) -> _Answer | None:
    verdict = _EARLY.get(case.phase)
    return (verdict, ()) if verdict else None


def _assignment_over(case: _Case) -> _Answer | None:
    record = case.governing
    if record is None or case.mark == "on-duty" or _kadro_makes_up(case):
        return None
    if record.end is not None and record.end < case.today:
        ended = Reason("assignment-ended", record.source, "end", record.end.isoformat())
        return Verdict.NEEDS_UPDATE, (ended,)
    if record.end is None and record.end_column and case.policy.open_ended == "needs-update":
        return Verdict.NEEDS_UPDATE, (Reason("end-date-missing", record.source, "end"),)
    return None


def _kadro_makes_up(case: _Case) -> bool:
    return case.policy.kadro_suffices and any(
        r.duty_class == DutyClass.PERMANENT and case.working(r) for r in case.current
    )


def _not_working(case: _Case) -> _Answer | None:
    if case.mark:
        return None
    deciding = case.serving
    if case.end_not_in_file:
        deciding = [r for r in deciding if r.duty_class == DutyClass.PERMANENT] or deciding
    if any(case.working(r) for r in deciding):
        return None
    unknown = [r for r in deciding if case.status(r) is StatusClass.UNKNOWN]
    if unknown:
        return Verdict.UNDECIDED, tuple(_of_status("status-unknown", r) for r in unknown)
    away = [r for r in deciding if case.status(r) is StatusClass.AWAY]
    return Verdict.NOT_ELIGIBLE, tuple(_of_status("away", r) for r in away)


def _not_entitled(case: _Case) -> _Answer | None:
    reasons = _entitlement(case.current, case.policy, case.today)
    return (Verdict.NOT_ELIGIBLE, reasons) if reasons else None


def _application_open(case: _Case) -> _Answer | None:
    application = case.facts.application
    if application is None:
        return None
    return Verdict.APPLIED, (Reason("application-open", None, "application", application.state),)


def _over_or_revoked(case: _Case) -> _Answer | None:
    c = case.certificate
    if case.phase is Phase.EXPIRED:
        return Verdict.EXPIRED, (Reason("expired", c.source, "not_after", c.not_after.isoformat()),)
    if case.phase is Phase.REVOKED:
        return Verdict.EXPIRED, (Reason("revoked", c.source, "revocation", c.revocation),)
    return None


def _may_renew(case: _Case) -> _Answer:
    code = "window-open" if case.phase is Phase.OPEN else "window-late"
    c = case.certificate
    return Verdict.ELIGIBLE, (Reason(code, c.source, "not_after", c.not_after.isoformat()),)


_LINES: tuple[Callable[[_Case], _Answer | None], ...] = (
    _not_in_roster,
    _gone,
    _too_early,
    _assignment_over,
    _not_working,
    _not_entitled,
    _application_open,
    _over_or_revoked,
)
"""Lines 2 to 9; line 1 is `decide`'s, line 10 is what is left."""
_ASSIGNMENT_LOOKED_AT = _LINES.index(_assignment_over)


def _first_line(case: _Case) -> _Answer:
    for number, line in enumerate(_LINES):
        answer = line(case)
        if answer is not None:
            return _noted(case, answer) if number > _ASSIGNMENT_LOOKED_AT else answer
    return _noted(case, _may_renew(case))


def _noted(case: _Case, answer: _Answer) -> _Answer:
    """The answer, with a word on an assignment whose end the file could not say."""
    record = case.governing
    if record is None or not case.end_not_in_file:
        return answer
    verdict, reasons = answer
    return verdict, (*reasons, Reason("end-date-not-in-file", record.source, "end"))


def _of_status(code: str, record: DutyRecord) -> Reason:
    return Reason(code, record.source, "status", record.status)


def _entitlement(records: Sequence[DutyRecord], policy: Policy, today: date) -> tuple[Reason, ...]:
    return tuple(
        Reason("not-entitled", r.source, "title", r.title)
        for r in duty.unentitled(records, policy, today)
    )
