"""The answer of the rules: a verdict on one person on one day, with everything it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esign_cli.foundation.people import CertificateRecord, DutyRecord, PersonFacts, Source


class StatusClass(StrEnum):
    """What a MEBBİS status word means for being on duty."""

    WORKING = "working"
    AWAY = "away"
    LEFT = "left"
    TRANSFERRED = "transferred"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """Where today stands in the life of the newest certificate."""

    NONE = "none"
    RENEWED = "renewed"
    NOT_DUE = "not-due"
    OPEN = "open"
    LATE = "late"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Verdict(StrEnum):
    """The answer to "may this person renew?", in the order it is shown."""

    ELIGIBLE = "eligible"
    NEEDS_UPDATE = "needs-update"
    UNDECIDED = "undecided"
    APPLIED = "applied"
    NOT_DUE = "not-due"
    RENEWED = "renewed"
    EXPIRED = "expired"
    NO_CERTIFICATE = "no-certificate"
    NOT_ELIGIBLE = "not-eligible"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is: a code of the closed list and where it was read."""

    code: str
    source: Source | None = None
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict on one person on one day, with everything it rests on."""

    facts: PersonFacts
    verdict: Verdict
    phase: Phase
    reasons: tuple[Reason, ...]
    certificate: CertificateRecord | None = None
    """The newest certificate, whose dates the phase was told from."""
    record: DutyRecord | None = None
    """The governing assignment, or else the permanent record."""
    days_left: int | None = None
    opens: date | None = None
    deadline: date | None = None
    """The last day to apply."""
    working_day: date | None = None
    """The working day before it, where it is none and has not passed."""

    @property
    def name(self) -> str:
        """The name in the roster, or else the one on the certificate."""
        known = self.facts.person.full_name if self.facts.person else ""
        return known or (self.certificate.holder if self.certificate else "")
