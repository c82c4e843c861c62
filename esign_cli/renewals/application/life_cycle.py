"""The life of an application: its states, the steps between them, and what follows from its events.

Events are only ever added; the last one is the state. Dates are those of the steps themselves, in
Turkey; the time at which somebody entered a step is kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from esign_cli.foundation.errors import renewals as errors
from esign_cli.foundation.people import CertificateRecord
from esign_cli.renewals.rules.lifetime import months_before, of_authority
from esign_cli.renewals.rules.policy import Policy

STATES = (
    "draft",
    "signed",
    "printed",
    "submitted",
    "waiting",
    "approved",
    "arrived",
    "returned",
    "delivered",
    "active",
    "rejected",
    "cancelled",
)
ENDED = frozenset({"active", "rejected", "cancelled"})
"""States after which an application is no longer open."""
BEFORE_SUBMISSION = frozenset({"draft", "signed", "printed"})
"""States in which the same application may be signed (again)."""
BEFORE_APPROVAL = frozenset({"submitted", "waiting"})
BEFORE_DELIVERY = BEFORE_SUBMISSION | BEFORE_APPROVAL | {"approved", "arrived", "returned"}
ON_ITS_WAY = frozenset({"approved", "returned"})
"""Approved, and the card is neither at the directorate nor in hand."""
UNDOES = "undoes"
"""The fact of an event that takes a step back: the state that it takes back."""
PROGRAM = "esign"
"""Who entered what a certificate showed, and nobody typed."""
LIST_LEEWAY = timedelta(days=7)
"""How far the beginning that is reckoned from a listed end may be wrong."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: the state that it leads to, and those in which it is legal."""

    to: str
    legal_in: frozenset[str]


STEPS: dict[str, Step] = {
    "submit": Step("submitted", BEFORE_SUBMISSION),
    "wait": Step("waiting", frozenset({"submitted"})),
    "approve": Step("approved", BEFORE_APPROVAL),
    "reject": Step("rejected", BEFORE_APPROVAL),
    "arrive": Step("arrived", ON_ITS_WAY),
    "return": Step("returned", frozenset({"approved", "arrived"})),
    "deliver": Step("delivered", frozenset({"approved", "arrived", "returned"})),
    "cancel": Step("cancelled", BEFORE_DELIVERY),
}
"""Every step that the administrator enters; signing and printing are recorded as they happen."""
REPLACING_CARDS = frozenset({"lost", "other"})
"""Reasons of applications for a card that takes the place of one that still ran."""
NEEDS_NOTE = frozenset({"reject"})
OPENINGS = ("draft", "signed", "printed", "submitted")
"""The states in which an application can be entered."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step: its own day, when and by whom it was entered, and what was kept with it."""

    state: str
    date: date
    at: datetime
    """Aware, in UTC."""
    os_user: str
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    machine: str = ""
    """The computer it was entered at, once it is kept."""
    database_user: str = ""
    """Of a database on a server."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application with everything that happened to it, oldest first; at least one event."""

    number: int
    national_id: str
    reason: str
    """A key of application.REASONS."""
    events: tuple[Event, ...]

    @property
    def state(self) -> str:
        return self.events[-1].state

    @property
    def since(self) -> date:
        """The day of the last step."""
        return self.events[-1].date

    @property
    def opened(self) -> date:
        return self.events[0].date

    @property
    def open(self) -> bool:
        return self.state not in ENDED

    @property
    def steps(self) -> tuple[Event, ...]:
        """The events that were not taken back, oldest first; a step with its corrections."""
        steps: list[Event] = []
        for event in self.events:
            if UNDOES in event.facts:
                while steps and steps[-1].state == event.facts[UNDOES]:
                    steps.pop()
            else:
                steps.append(event)
        return tuple(steps)

    @property
    def wet_ink(self) -> bool:
        """Whether it is signed by hand (Yöntem 2)."""
        return any(e.state == "printed" or e.facts.get("wet_ink") for e in self.steps)

    @property
    def renews(self) -> bool:
        """Whether it is a renewal with the e-imza that is still valid (Yöntem 1)."""
        return self.reason == "renewal" and not self.wet_ink

    @property
    def approved(self) -> date | None:
        """The day of the approval."""
        return next((e.date for e in reversed(self.steps) if e.state == "approved"), None)

    def overdue(self, today: date, days: int) -> bool:
        """Return whether the card should have come: more than so many calendar days after
        approval.
        """
        on = self.approved
        return self.state in ON_ITS_WAY and on is not None and today > on + timedelta(days)


def legal_steps(state: str) -> list[str]:
    """Return the steps that are legal in a state, in the order in which they are usually taken."""
    return [name for name, step in STEPS.items() if state in step.legal_in]


def check_step(application: Application, name: str, on: date, today: date) -> None:
    """Refuse what cannot be: raises IllegalStep, StepTooEarly or DateInFuture."""
    if application.state not in STEPS[name].legal_in:
        raise errors.IllegalStep(
            number=application.number,
            state=application.state,
            step=name,
            legal=legal_steps(application.state),
        )
    check_date(on, today)
    if on < application.since:
        raise errors.StepTooEarly(
            number=application.number,
            date=on.isoformat(),
            last=application.since.isoformat(),
            state=application.state,
        )


def check_correction(application: Application, on: date, today: date, *, wanted: bool) -> None:
    """Refuse another day for the last step: raises DayKept unless `wanted`, and as `check_step`."""
    now = application.events[-1]
    if not wanted:
        raise errors.DayKept(
            number=application.number,
            state=now.state,
            last=now.date.isoformat(),
            date=on.isoformat(),
        )
    check_date(on, today)
    before = [event for event in application.events if event.state != now.state][-1:]
    for earlier in before:
        if on < earlier.date:
            raise errors.StepTooEarly(
                number=application.number,
                date=on.isoformat(),
                last=earlier.date.isoformat(),
                state=earlier.state,
            )


def undone(application: Application) -> tuple[Event, Event]:
    """Return the last step, which is to be taken back, and the one before it.

    Raises NothingToUndo of an application that was only entered, and StepOfCertificate of a step
    that a certificate showed: it would be shown again.
    """
    steps = application.steps
    last = steps[-1]
    before = [event for event in steps if event.state != last.state]
    if not before:
        raise errors.NothingToUndo(number=application.number, state=last.state)
    if last.os_user == PROGRAM:
        raise errors.StepOfCertificate(number=application.number, state=last.state)
    return last, before[-1]


def check_date(on: date, today: date) -> None:
    """Refuse what has not happened yet: raises DateInFuture."""
    if on > today:
        raise errors.DateInFuture(date=on.isoformat())


def shown_by(
    application: Application, certificates: Sequence[CertificateRecord], policy: Policy
) -> CertificateRecord | None:
    """Return the certificate that this application brought, as far as one is known.

    That is one which began on the day the application was opened or later. Where a list gives only
    its end, the beginning is reckoned from the usual validity, with a week's leeway. A certificate
    of another authority is none that was applied for here. After the delivery of a card that
    replaces another, a later end that was told since is the new one, however near it lies; after
    that of a renewal, one that could not have been renewed yet: the application was entered late.
    """
    counting = of_authority(certificates, policy)
    for certificate in sorted(counting, key=lambda c: (c.not_after, c.origin), reverse=True):
        begins = certificate.not_before
        if begins is None:
            begins = months_before(certificate.not_after, policy.validity_years * 12) + LIST_LEEWAY
        brought = (
            begins >= application.opened
            or _told_since(application, certificate, counting)
            or _too_new(application, certificate, policy)
        )
        if brought and not certificate.revocation:
            return certificate
    return None


def _too_new(application: Application, certificate: CertificateRecord, policy: Policy) -> bool:
    """Whether half of its time, or more, was still to come when the renewal was entered.

    Half, and not all but the months of the window: somebody may have applied a few days early.
    """
    if application.reason != "renewal" or application.state != "delivered":
        return False
    half_time = months_before(certificate.not_after, policy.validity_years * 12 // 2)
    return half_time >= application.opened


def _told_since(
    application: Application, listed: CertificateRecord, others: Sequence[CertificateRecord]
) -> bool:
    """Whether a list made after the delivery gives a later end than that of the card before."""
    if application.reason not in REPLACING_CARDS or application.state != "delivered":
        return False
    made_after = listed.told_on is not None and listed.told_on >= application.since
    return made_after and any(one.not_after < listed.not_after for one in others)


def caught_up(
    application: Application, certificate: CertificateRecord, today: date
) -> tuple[str, ...]:
    """Return the states that its certificate shows an application to have reached, beyond its own.

    A card that was read or listed has at least arrived; one in hand is in use once its certificate
    has begun.
    """
    if application.state in BEFORE_DELIVERY - {"arrived"}:
        return ("arrived",)
    begun = certificate.not_before is None or certificate.not_before <= today
    return ("active",) if application.state == "delivered" and begun else ()


def day_of(
    state: str, application: Application, certificate: CertificateRecord, today: date
) -> date:
    """Return the day on which its certificate brought an application into a state, as far as is
    known.
    """
    if state == "active" and certificate.not_before is not None:
        return max(application.since, certificate.not_before)
    return today
