"""The table of the verdict, line by line: each looks at a case and answers it or passes it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from esign_cli.foundation.people import (
    CertificateRecord,
    DutyClass,
    DutyRecord,
    OpenApplication,
    PersonFacts,
)
from esign_cli.foundation.standing import Phase, Reason, StatusClass, Verdict
from esign_cli.renewals.rules import duty
from esign_cli.renewals.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Service:
    """One person's duty on one day, as the lines that ask about duty look at it."""

    facts: PersonFacts
    policy: Policy
    today: date
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
class Case(Service):
    """The same with the certificate that counts, as the other lines look at it."""

    phase: Phase
    certificate: CertificateRecord


Answer = tuple[Verdict, tuple[Reason, ...]]
REPLACING = frozenset({"lost", "other", "first"})
"""Reasons of applications by which no running certificate is renewed."""
_EARLY = {Phase.RENEWED: Verdict.RENEWED, Phase.NOT_DUE: Verdict.NOT_DUE}


def _not_in_roster(case: Service) -> Answer | None:
    if case.current or case.mark:
        return None
    since = case.facts.missing_since
    if since is None:
        return Verdict.UNDECIDED, (Reason("not-in-roster"),)
    return Verdict.UNDECIDED, (Reason("missing-from-latest", None, "since", since.isoformat()),)


def _gone(case: Service) -> Answer | None:
    if case.mark == "left" and case.facts.mark is not None:
        return Verdict.NOT_ELIGIBLE, (Reason("left", None, "mark", case.facts.mark.reason),)
    if case.mark or case.serving:
        return None
    reasons = tuple(_of_status(case.status(r).value, r) for r in case.current)
    return Verdict.NOT_ELIGIBLE, reasons


def _too_early(case: Case) -> Answer | None:
    verdict = _EARLY.get(case.phase)
    return (verdict, ()) if verdict else None


def _assignment_over(case: Service) -> Answer | None:
    record = case.governing
    if record is None or case.mark == "on-duty" or _kadro_makes_up(case):
        return None
    if record.end is not None and record.end < case.today:
        ended = Reason("assignment-ended", record.source, "end", record.end.isoformat())
        return Verdict.NEEDS_UPDATE, (ended,)
    if record.end is None and record.end_column and case.policy.open_ended == "needs-update":
        return Verdict.NEEDS_UPDATE, (Reason("end-date-missing", record.source, "end"),)
    return None


def _kadro_makes_up(case: Service) -> bool:
    return case.policy.kadro_suffices and any(
        r.duty_class == DutyClass.PERMANENT and case.working(r) for r in case.current
    )


def _not_working(case: Service) -> Answer | None:
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


def _not_entitled(case: Service) -> Answer | None:
    reasons = entitlement(case.current, case.policy, case.today)
    return (Verdict.NOT_ELIGIBLE, reasons) if reasons else None


def unconfirmed(application: OpenApplication | None, policy: Policy, today: date) -> bool:
    """Return whether a card was delivered so long ago that its certificate should be known."""
    return (
        application is not None
        and application.state == "delivered"
        and today > application.since + timedelta(policy.unconfirmed_days)
    )


def _card_replaced(case: Case) -> Answer | None:
    application = case.facts.application
    replacing = application is not None and application.reason in REPLACING
    return _application_open(case) if replacing else None


def _application_open(case: Case) -> Answer | None:
    application = case.facts.application
    if application is None or unconfirmed(application, case.policy, case.today):
        return None
    return Verdict.APPLIED, (Reason("application-open", None, "application", application.state),)


def _over_or_revoked(case: Case) -> Answer | None:
    c = case.certificate
    if case.phase is Phase.EXPIRED:
        return Verdict.EXPIRED, (Reason("expired", c.source, "not_after", c.not_after.isoformat()),)
    if case.phase is Phase.REVOKED:
        return Verdict.EXPIRED, (Reason("revoked", c.source, "revocation", c.revocation),)
    return None


def _may_renew(case: Case) -> Answer:
    code = "window-open" if case.phase is Phase.OPEN else "window-late"
    c = case.certificate
    return Verdict.ELIGIBLE, (Reason(code, c.source, "not_after", c.not_after.isoformat()),)


_LINES: tuple[Callable[[Case], Answer | None], ...] = (
    _not_in_roster,
    _gone,
    _card_replaced,
    _too_early,
    _assignment_over,
    _not_working,
    _not_entitled,
    _application_open,
    _over_or_revoked,
)
"""Lines 2 to 9, with that of replaced cards after line 3.

Line 1 is `decide`'s, line 10 is what is left.
"""
_ASSIGNMENT_LOOKED_AT = _LINES.index(_assignment_over)


_ABOUT_DUTY: tuple[Callable[[Service], Answer | None], ...] = (
    _not_in_roster,
    _gone,
    _assignment_over,
    _not_working,
    _not_entitled,
)
"""Lines 2, 3, 5, 6 and 7."""


def first_line(case: Case) -> Answer:
    """Return the first of lines 2 to 10 that applies."""
    for number, line in enumerate(_LINES):
        answer = line(case)
        if answer is not None:
            return _noted(case, answer) if number > _ASSIGNMENT_LOOKED_AT else answer
    return _noted(case, _may_renew(case))


def first_about_duty(service: Service) -> Answer | None:
    """Return the first of the lines about duty that applies, whatever the certificate; None: on
    duty.
    """
    answers = (line(service) for line in _ABOUT_DUTY)
    return next((answer for answer in answers if answer is not None), None)


def _noted(case: Case, answer: Answer) -> Answer:
    """The answer, with a word on an assignment whose end the file could not say."""
    record = case.governing
    if record is None or not case.end_not_in_file:
        return answer
    verdict, reasons = answer
    return verdict, (*reasons, Reason("end-date-not-in-file", record.source, "end"))


def _of_status(code: str, record: DutyRecord) -> Reason:
    return Reason(code, record.source, "status", record.status)


def entitlement(records: Sequence[DutyRecord], policy: Policy, today: date) -> tuple[Reason, ...]:
    """Return why no record that was looked at entitles to an e-signature; nothing where one
    does.
    """
    return tuple(
        Reason("not-entitled", r.source, "title", r.title)
        for r in duty.unentitled(records, policy, today)
    )
