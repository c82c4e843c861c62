"""Read the cards and say of each certificate where it stands and what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from esign_cli.cards.tokens import Token, labels
from esign_cli.foundation.certificate import Certificate, PinState
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import NoCertificateOnCard
from esign_cli.foundation.errors.signatures import CertificateUnreadable
from esign_cli.foundation.standing import Phase
from esign_cli.outputs.json_data import pick, plain
from esign_cli.renewals.rules import lifetime, workdays
from esign_cli.renewals.rules.policy import Authority
from esign_cli.signatures.certificate import parse

if TYPE_CHECKING:
    from esign_cli.renewals.rules.policy import Policy
    from esign_cli.store.cards import Saved

Save = Callable[[Certificate], "Saved"]


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """A person's certificate on the card; dates in Europe/Istanbul."""

    certificate: Certificate
    has_key: bool
    phase: Phase
    opens: date
    deadline: date
    working_day: date | None
    """The working day before a last day to apply that is none; while renewal is open."""
    days_left: int
    step: str
    """What to do next: the phase's name, "no-key" or "superseded", or why there is nothing here:
    "seal", "unqualified", "other-authority".
    """
    saved: Saved | None = None

    @property
    def renewed_here(self) -> bool:
        """Whether the days on which a person's e-imza is renewed are its days."""
        return self.step not in ("seal", "unqualified", "other-authority")


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """A card, its PIN, and the certificates of people on it."""

    token: Token
    pin: PinState
    certificates: tuple[CheckedCertificate, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What the readers hold, and what could not be read."""

    cards: tuple[CheckedCard, ...]
    problems: tuple[EsignError, ...]


def check_card(
    tokens: Sequence[Token],
    *,
    policy: Policy,
    today: date,
    tries: Callable[[Sequence[str]], int] = lambda _certificates: 0,
    save: Save | None = None,
) -> Report:
    """Return where each certificate on these cards stands on `today`, the newest of a
    person first.

    `tries` tells the tries remembered of a card, by its certificates; `save` keeps one. Raises the
    problem of the only card, and NoCertificateOnCard when there is no certificate at all.
    """
    problems: list[EsignError] = []
    cards = []
    for token in tokens:
        if token.problem is not None:
            problems.append(token.problem)
            continue
        checked = [_check(c, policy, today) for c in _certificates(token, problems)]
        state = token.pin_after(tries(token.people))
        if token.unread:
            problems.append(token.partly_read())
        cards.append(CheckedCard(token, state, tuple(sorted(checked, key=_newest_first))))
    if not any(card.certificates for card in cards):
        raise problems[0] if problems else NoCertificateOnCard(present=labels(tokens))
    cards = _mark_superseded(cards)
    if save is not None:
        cards = [_saved(card, save) for card in cards]
    return Report(tuple(cards), tuple(problems))


def _certificates(token: Token, problems: list[EsignError]) -> Iterable[tuple[Certificate, bool]]:
    """The certificates of people; those of authorities lie there only to be sent along."""
    for held in token.certificates:
        try:
            certificate = parse(held.der)
        except CertificateUnreadable as error:
            problems.append(error)
            continue
        if not certificate.of_authority:
            yield certificate, held.has_key


def _check(read: tuple[Certificate, bool], policy: Policy, today: date) -> CheckedCertificate:
    certificate, has_key = read
    begin, end = (
        t.astimezone(ISTANBUL).date() for t in (certificate.not_before, certificate.not_after)
    )
    opens, deadline = lifetime.window(end, policy)
    phase = lifetime.phase_of_dates(begin, end, policy, today)
    working_day = None
    if phase is Phase.OPEN:  # other cards are read without the list of holidays, which takes time
        working_day = workdays.before_deadline(deadline, policy.holidays, today)
    return CheckedCertificate(
        certificate=certificate,
        has_key=has_key,
        phase=phase,
        opens=opens,
        deadline=deadline,
        working_day=working_day,
        days_left=(end - today).days,
        step=_step(certificate, policy.authority(certificate.issuer), has_key, phase),
    )


def _step(certificate: Certificate, by: Authority, has_key: bool, phase: Phase) -> str:
    if certificate.seal:
        return "seal"
    if not certificate.qualified_claim:
        return "unqualified"
    if by is Authority.OTHER:
        return "other-authority"
    return phase.value if has_key else "no-key"


def _newest_first(checked: CheckedCertificate) -> tuple[bool, bool, float]:
    """One that is renewed here comes before a newer one of another authority."""
    certificate = checked.certificate
    elsewhere = not checked.renewed_here
    return (not certificate.qualified_claim, elsewhere, -certificate.not_after.timestamp())


def _mark_superseded(cards: Sequence[CheckedCard]) -> list[CheckedCard]:
    """Only a person's newest qualified certificate of an authority asks for something to be done.

    A card of another authority stands for nothing of the first: it is renewed there.
    """
    newest: dict[tuple[str, str], float] = {}
    for checked in (c for card in cards for c in card.certificates):
        certificate = checked.certificate
        if certificate.qualified_claim:
            end = certificate.not_after.timestamp()
            newest[_whose(certificate)] = max(newest.get(_whose(certificate), end), end)

    def marked(checked: CheckedCertificate) -> CheckedCertificate:
        certificate = checked.certificate
        last = newest.get(_whose(certificate))
        older = last is not None and certificate.not_after.timestamp() < last
        if older and checked.renewed_here:
            return replace(checked, step="superseded")
        return checked

    return [replace(card, certificates=tuple(map(marked, card.certificates))) for card in cards]


def _whose(certificate: Certificate) -> tuple[str, str]:
    """The holder, and the authority without the version of its sub-CA ("… - Sürüm 6")."""
    return certificate.national_id, _VERSION.sub("", certificate.issuer)


_VERSION = re.compile(r"\W*(?:Sürüm|v)?\s*\d+\W*$", re.IGNORECASE)


def _saved(card: CheckedCard, save: Save) -> CheckedCard:
    stored = (
        replace(
            checked,
            saved=save(checked.certificate) if checked.certificate.national_id else None,
        )
        for checked in card.certificates
    )
    return replace(card, certificates=tuple(stored))


# --- the report as JSON --------------------------------------------------------------------------


def document(report: Report) -> dict[str, Any]:
    """Return the report as `--json` prints it."""
    return {"tokens": [_card(card) for card in report.cards]}


def _card(card: CheckedCard) -> dict[str, Any]:
    token = card.token
    return {
        "label": token.label,
        "serial": token.serial,
        "manufacturer": token.manufacturer,
        "pin": card.pin.value,
        "certificates": [_certificate(checked) for checked in card.certificates],
    }


def _certificate(checked: CheckedCertificate) -> dict[str, Any]:
    certificate = checked.certificate
    return {
        "holder": certificate.holder,
        "national_id": certificate.national_id or None,
        "tax_number": certificate.tax_number or None,
        "serial": certificate.serial,
        "issuer": certificate.issuer,
        **pick(certificate, "not_before not_after"),
        **pick(checked, "days_left phase"),
        "opens": checked.opens.isoformat() if checked.renewed_here else None,
        "deadline": checked.deadline.isoformat() if checked.renewed_here else None,
        "working_day": plain(checked.working_day) if checked.renewed_here else None,
        **pick(certificate, "qualified_claim unqualified_because key signs sha256"),
    }
