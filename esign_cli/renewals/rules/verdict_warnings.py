"""Warnings that may stand beside any verdict: each looks at the facts and finds it or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from esign_cli.foundation import turkish
from esign_cli.foundation.people import CertificateRecord, DutyRecord, PersonFacts, Source
from esign_cli.foundation.standing import Phase, Reason, Verdict
from esign_cli.renewals.rules.lifetime import recency
from esign_cli.renewals.rules.policy import Authority, Policy
from esign_cli.renewals.rules.verdict_table import unconfirmed

_USABLE = (Phase.NOT_DUE, Phase.OPEN, Phase.LATE, Phase.RENEWED)
_ENDING = (Phase.OPEN, Phase.LATE)
_LEFT = frozenset({"left", "transferred"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A case and its verdict, as the warnings look at them."""

    facts: PersonFacts
    policy: Policy
    today: date
    verdict: Verdict
    codes: frozenset[str]
    """The reason codes of the verdict."""
    phase: Phase
    certificate: CertificateRecord | None
    governing: DutyRecord | None
    post: DutyRecord | None
    marked: bool
    working_day: date | None
    """The working day before the last day to apply: see `Standing`."""


def cautions(case: Judged) -> tuple[Reason, ...]:
    """Return the warnings that hold, in the order of CAUTIONS."""
    warnings = []
    for code, look in _LOOKS.items():
        seen = look(case)
        if seen is not None:
            source, field, value = seen
            warnings.append(Reason(code, source, field, value))
    return tuple(warnings)


_Seen = tuple[Source | None, str, str] | None


def _name_changed(case: Judged) -> _Seen:
    person, certificate = case.facts.person, case.certificate
    if person is None or certificate is None or not (certificate.holder and person.full_name):
        return None
    if turkish.fold(certificate.holder) == turkish.fold(person.full_name):
        return None
    return person.source, "holder", certificate.holder


def _identity_conflict(case: Judged) -> _Seen:
    if not case.facts.identity_conflict:
        return None
    return (case.facts.person.source if case.facts.person else None), "national_id", ""


def _possible_duplicate(case: Judged) -> _Seen:
    other = case.facts.duplicate_of
    return (None, "national_id", turkish.mask(other)) if other else None


def _assignment_ends_soon(case: Judged) -> _Seen:
    record = case.governing
    if record is None or record.end is None:
        return None
    soon = case.today <= record.end <= case.today + timedelta(case.policy.ends_soon_days)
    return (record.source, "end", record.end.isoformat()) if soon else None


def _expires_today(case: Judged) -> _Seen:
    c = case.certificate
    if c is None or case.phase not in _USABLE or c.not_after != case.today:
        return None
    return c.source, "not_after", c.not_after.isoformat()


def _gap_expected(case: Judged) -> _Seen:
    c = case.certificate
    if c is None or case.phase not in _ENDING:
        return None
    comes = case.today + timedelta(case.policy.delivery_days)
    return (c.source, "not_after", c.not_after.isoformat()) if comes > c.not_after else None


def _deadline_on_holiday(case: Judged) -> _Seen:
    c, day = case.certificate, case.working_day
    return (c.source, "working_day", day.isoformat()) if c and day else None


def _serves_elsewhere(case: Judged) -> _Seen:
    there, here = case.governing, case.post
    if there is None or here is None or not (there.province and here.province):
        return None
    elsewhere = there.province != here.province
    return (there.source, "province", there.province) if elsewhere else None


def _live_certificate(case: Judged) -> _Seen:
    c = case.certificate
    if c is None or "left" not in case.codes or case.phase not in _USABLE:
        return None
    return c.source, "not_after", c.not_after.isoformat()


def _new_certificate_not_seen(case: Judged) -> _Seen:
    application = case.facts.application
    if application is None or case.phase is Phase.RENEWED:
        return None
    if not unconfirmed(application, case.policy, case.today):
        return None
    return None, "delivered", application.since.isoformat()


def _application_of_leaver(case: Judged) -> _Seen:
    application = case.facts.application
    if application is None or not (case.codes & _LEFT):
        return None
    return None, "application", application.state


def _other_authority(case: Judged) -> _Seen:
    others = [
        c
        for c in case.facts.certificates
        if case.policy.authority(c.issuer) is Authority.OTHER and c.not_after >= case.today
    ]
    chosen = max(others, key=recency, default=None)
    return (chosen.source, "issuer", chosen.issuer) if chosen else None


def _issuer_unknown(case: Judged) -> _Seen:
    c = case.certificate
    if c is None or case.policy.authority(c.issuer) is not Authority.UNKNOWN:
        return None
    return c.source, "issuer", c.issuer


def _roster_old(case: Judged) -> _Seen:
    as_of = case.facts.as_of
    if as_of is None or as_of + timedelta(case.policy.roster_old_days) >= case.today:
        return None
    return None, "as_of", as_of.isoformat()


def _marked(case: Judged) -> _Seen:
    mark = case.facts.mark
    return (None, mark.word, mark.reason) if mark and case.marked else None


_LOOKS: dict[str, Callable[[Judged], _Seen]] = {
    "name-changed": _name_changed,
    "identity-conflict": _identity_conflict,
    "possible-duplicate": _possible_duplicate,
    "assignment-ends-soon": _assignment_ends_soon,
    "expires-today": _expires_today,
    "gap-expected": _gap_expected,
    "deadline-on-holiday": _deadline_on_holiday,
    "serves-elsewhere": _serves_elsewhere,
    "live-certificate": _live_certificate,
    "roster-old": _roster_old,
    "marked": _marked,
    "other-authority": _other_authority,
    "issuer-unknown": _issuer_unknown,
    "new-certificate-not-seen": _new_certificate_not_seen,
    "application-of-leaver": _application_of_leaver,
}
CAUTIONS = tuple(_LOOKS)
"""Every warning, in the order in which they are given."""
