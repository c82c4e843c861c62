"""Every card that is seen now, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from esign_cli.cards.tokens import Token
from esign_cli.foundation.certificate import Certificate, PinState
from esign_cli.foundation.errors.signatures import CertificateUnreadable
from esign_cli.outputs.json_data import pick
from esign_cli.signatures.certificate import parse


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card in a reader, its PIN, and the certificates of people on it."""

    token: Token
    pin: PinState
    certificates: tuple[Certificate, ...]


def cards_seen(
    tokens: Sequence[Token], tries: Callable[[Sequence[str]], int] = lambda _certificates: 0
) -> tuple[SeenCard, ...]:
    """Return the cards, also those that could not be read; `tries` are those remembered."""
    return tuple(
        SeenCard(token, token.pin_after(tries(token.people)), tuple(_people(token)))
        for token in tokens
    )


def _people(token: Token) -> Iterable[Certificate]:
    for held in token.certificates:
        try:
            certificate = parse(held.der)
        except CertificateUnreadable:
            continue  # check-card tells of it
        if not certificate.of_authority:
            yield certificate


def document(cards: Sequence[SeenCard]) -> dict[str, Any]:
    """Return the cards as `--json` prints them; national ids are left to check-card."""
    return {"tokens": [_card(card) for card in cards]}


def _card(card: SeenCard) -> dict[str, Any]:
    token = card.token
    return {
        "reader": token.reader,
        "label": token.label,
        "serial": token.serial,
        "manufacturer": token.manufacturer,
        "pin": None if token.problem else card.pin.value,
        "certificates": [
            {
                "holder": one.holder,
                "tax_number": one.tax_number or None,
                **pick(one, "issuer not_after qualified_claim sha256"),
            }
            for one in card.certificates
        ],
        "problem": token.problem.code if token.problem else None,
    }
