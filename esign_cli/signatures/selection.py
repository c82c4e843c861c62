"""Which certificate signs: exactly one that is right in every respect, or a refusal that says why.

All of this is judged before any PIN is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from esign_cli.foundation import turkish
from esign_cli.foundation.certificate import Certificate, PinState
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import signatures as errors
from esign_cli.foundation.errors.cards import (
    CardAmbiguous,
    PinLocked,
    PinNotInitialised,
    PinOnLastTry,
)
from esign_cli.foundation.errors.renewals import TwoPeople
from esign_cli.signatures import creation

SHORTEST_FINGERPRINT = 8
"""Hexadecimal digits of a SHA-256 that are enough to choose by, if no other begins so."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A certificate that is there, and the token it lies on."""

    certificate: Certificate
    keys: int | None = 1
    """How many private keys of the token could belong to it; None: it shows them to nobody yet."""
    token_serial: str = ""
    token_label: str = ""
    pin: PinState = PinState.NO_WARNING
    slot: int = 0
    reader: str = ""
    tries: int = 0
    """PINs that were sent to it since one was right, as far as they are remembered."""
    token_certificates: tuple[str, ...] = ()
    """SHA-256 of every certificate on the card that is a person's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the certificate has to be; `national_id` "" is whoever the card says."""

    national_id: str
    now: datetime
    sha256: str = ""
    allow_unqualified: bool = False


class Keys(Protocol):
    """Where certificates and their keys are: cards in readers, or a PKCS#12 file."""

    def candidates(self) -> Sequence[Candidate]:
        """List the certificates that are there; at least one, or an error that says why not."""
        ...

    def signer(self, chosen: Candidate) -> AbstractContextManager[creation.Signer]:
        """Open the key of a candidate: the PIN is asked for here."""
        ...


class Chooser(Protocol):
    """Who chooses where several certificates could sign."""

    def choose(self, candidates: Sequence[Candidate]) -> Candidate:
        """Choose one of several that could sign; raises `ambiguity` if nobody can say."""
        ...


def select_certificate(
    keys: Keys, wanted: Wanted, ask: Callable[[Sequence[Candidate]], Candidate]
) -> Candidate:
    """Select the one that signs, `ask`ing where several could, with a key that we sign with.

    Raises as `fitting`, KeyRefused, and what `keys` and `ask` raise.
    """
    right = fitting(keys.candidates(), wanted)
    chosen = right[0] if len(right) == 1 else ask(right)
    creation.check_key(chosen.certificate.der)
    return chosen


def ambiguity(right: Sequence[Candidate]) -> EsignError:
    """Return why none of these is taken by itself: they lie on several cards, or on one."""
    cards = {(c.slot, c.reader): c for c in right}
    if len(cards) > 1:
        return CardAmbiguous(present=_card_names(list(cards.values())))
    return errors.AmbiguousCertificate(certificates=[_line(candidate) for candidate in right])


def _card_names(cards: Sequence[Candidate]) -> list[str]:
    """What the cards are called, with their readers where that is one name for two."""
    names = [card.token_label or card.token_serial for card in cards]
    return sorted(
        f"{name} ({card.reader})" if names.count(name) > 1 else name
        for name, card in zip(names, cards, strict=True)
    )


def fitting(candidates: Sequence[Candidate], wanted: Wanted) -> list[Candidate]:
    """Return those that could sign: this person's, with their key, valid now, qualified.

    Raises CertificateNotChosen, or the refusal of the one that came nearest:
    CertificateDoesNotSign, TwoPeople, KeyNotThere, KeyAmbiguous, CertificateExpired,
    CertificateNotYetValid, CertificateNotQualified. `candidates` must not be empty.
    """
    named = _named(candidates, wanted.sha256)
    judged = [(candidate, *_first_refusal(candidate, wanted)) for candidate in named]
    right = [candidate for candidate, _rank, refusal in judged if refusal is None]
    if right:
        return right
    _candidate, _rank, refusal = max(judged, key=lambda entry: entry[1])
    assert refusal is not None  # noqa: S101  (nothing was right)
    raise refusal


def check_validity(certificate: Certificate, now: datetime) -> None:
    """Raise CertificateExpired or CertificateNotYetValid, judged as instants."""
    refusal = _validity(certificate, now)
    if refusal is not None:
        raise refusal


def check_pin(candidate: Candidate, *, last_try: bool = False) -> None:
    """Raise PinLocked, PinOnLastTry (unless that try is wanted) or PinNotInitialised.

    No PIN is asked for in vain.
    """
    card = candidate.token_label or candidate.token_serial
    refusals = {
        PinState.LOCKED: PinLocked(card=card, by_this_try=False),
        PinState.LAST_TRY: PinOnLastTry(card=card, tries=candidate.tries),
        PinState.NOT_INITIALISED: PinNotInitialised(card=card),
    }
    if last_try:
        del refusals[PinState.LAST_TRY]
    if candidate.pin in refusals:
        raise refusals[candidate.pin]


def _named(candidates: Sequence[Candidate], sha256: str) -> Sequence[Candidate]:
    if not sha256:
        return candidates
    digits = sha256.replace(":", "").replace(" ", "").lower()
    long_enough = len(digits) >= SHORTEST_FINGERPRINT
    named = [c for c in candidates if long_enough and c.certificate.sha256.startswith(digits)]
    if not named:
        listed = [_line(candidate) for candidate in candidates]
        raise errors.CertificateNotChosen(given=sha256, certificates=listed)
    return named


def _line(candidate: Candidate) -> str:
    certificate = candidate.certificate
    end = certificate.not_after.astimezone(ISTANBUL)
    issuer = certificate.issuer
    return f"{certificate.named()} · {issuer} → {end:%d.%m.%Y} SHA-256 {certificate.sha256}"


def _first_refusal(candidate: Candidate, wanted: Wanted) -> tuple[int, EsignError | None]:
    """How far the candidate came along the checks, and what stopped it."""
    for rank, check in enumerate(_CHECKS):
        refusal = check(candidate, wanted)
        if refusal is not None:
            return rank, refusal
    return len(_CHECKS), None


def _signs(candidate: Candidate, _wanted: Wanted) -> EsignError | None:
    certificate = candidate.certificate
    if certificate.signs:
        return None
    place = "card" if candidate.token_serial else "pkcs12"
    return errors.CertificateDoesNotSign(holder=certificate.holder, place=place)


def _same_person(candidate: Candidate, wanted: Wanted) -> EsignError | None:
    theirs = candidate.certificate.national_id
    if not wanted.national_id or theirs == wanted.national_id:
        return None
    if not theirs and wanted.allow_unqualified:
        return None  # a test certificate that names nobody
    return TwoPeople(one=turkish.mask(wanted.national_id), other=turkish.mask(theirs))


def _one_key(candidate: Candidate, _wanted: Wanted) -> EsignError | None:
    holder = candidate.certificate.holder
    if candidate.keys == 0:
        return errors.KeyNotThere(holder=holder)
    return errors.KeyAmbiguous(holder=holder) if (candidate.keys or 0) > 1 else None


def _valid_now(candidate: Candidate, wanted: Wanted) -> EsignError | None:
    return _validity(candidate.certificate, wanted.now)


def _validity(certificate: Certificate, now: datetime) -> EsignError | None:
    if now > certificate.not_after:
        end = certificate.not_after.astimezone(ISTANBUL).isoformat()
        return errors.CertificateExpired(holder=certificate.holder, not_after=end)
    if now < certificate.not_before:
        begin = certificate.not_before.astimezone(ISTANBUL).isoformat()
        return errors.CertificateNotYetValid(holder=certificate.holder, not_before=begin)
    return None


def _qualified(candidate: Candidate, wanted: Wanted) -> EsignError | None:
    certificate = candidate.certificate
    if certificate.qualified_claim or wanted.allow_unqualified:
        return None
    because = list(certificate.unqualified_because)
    return errors.CertificateNotQualified(holder=certificate.holder, because=because)


_CHECKS: tuple[Callable[[Candidate, Wanted], EsignError | None], ...] = (
    _signs,
    _same_person,
    _one_key,
    _valid_now,
    _qualified,
)
