"""The card side: driver, smart card service, readers, cards, their certificates and PINs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from esign_cli.cards.modules import Module
from esign_cli.cards.service import Service, fault
from esign_cli.cards.tokens import Token
from esign_cli.commands.doctor.dependencies import (
    Dependencies,
    Seen,
    certificates,
    of_certificate,
)
from esign_cli.commands.text.findings import Level, Line, failed
from esign_cli.foundation.certificate import Certificate, PinState
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import cards as errors


def cards(deps: Dependencies, seen: Seen) -> Iterator[Line]:
    """Yield the lines of the card side; the cards that were read are left in `seen`."""
    try:
        module = deps.module()
    except EsignError as problem:
        yield failed("driver", problem)
        yield from _service(deps, needed=True)
        return
    facts = {
        "path": str(module.path),
        "found_by": module.found_by,
        "built_for": list(deps.built_for(module.path)),
    }
    try:
        seen.tokens.extend(deps.read(module))
    except (errors.NoCard, errors.CardBlank) as problem:
        yield from _loaded(module, facts)
        yield from _service(deps, needed=False)
        yield failed("cards", problem, Level.WARNING)
    except (errors.NoReader, errors.CardServiceFault) as problem:
        yield from _loaded(module, facts)
        yield failed("readers", problem)
    except EsignError as problem:
        yield failed("driver", problem)
        yield from _service(deps, needed=True)
    else:
        yield from _loaded(module, facts)
        yield from _service(deps, needed=False)
        for card in seen.tokens:
            yield from _card(deps, card)


def _loaded(module: Module, facts: dict[str, Any]) -> Iterator[Line]:
    yield Line("driver", Level.OK, "driver-loaded", facts)
    if module.stands_in:
        yield Line("driver", Level.WARNING, "driver-not-akis", {"path": facts["path"]})


def _service(deps: Dependencies, *, needed: bool) -> Iterator[Line]:
    """Software tokens do without the service, so it is missed only where nothing was read."""
    answer = deps.service()
    problem = fault(answer)
    if answer is Service.RUNS:
        yield Line("service", Level.OK, "service-runs")
    elif problem is not None and (needed or answer is not Service.ABSENT):
        yield failed("service", problem)


def _card(deps: Dependencies, card: Token) -> Iterator[Line]:
    name = {"card": card.label or card.serial, "reader": card.reader}
    if card.problem is not None:
        yield failed("cards", card.problem)
        return
    yield Line("cards", Level.OK, "card-read", name)
    on_card = certificates(card)
    if not on_card:
        problem = errors.NoCertificateOnCard(present=[name["card"]])
        yield failed("certificates", problem, Level.WARNING)
    for certificate in on_card:
        yield _certificate(certificate, deps.now)
    state = card.pin_after(deps.tries(card.people))
    facts = {**name, "pin": state.value}
    yield Line("pin", _PIN_LEVELS.get(state, Level.OK), "pin-state", facts)


_PIN_LEVELS = {
    PinState.LOW: Level.WARNING,
    PinState.LAST_TRY: Level.WARNING,
    PinState.NOT_INITIALISED: Level.WARNING,
    PinState.LOCKED: Level.ERROR,
}


def _certificate(certificate: Certificate, now: datetime) -> Line:
    facts = of_certificate(certificate)
    if now > certificate.not_after:
        return Line("certificates", Level.WARNING, "certificate-over", facts)
    if not certificate.qualified_claim:
        return Line("certificates", Level.WARNING, "certificate-unqualified", facts)
    return Line("certificates", Level.OK, "certificate-valid", facts)
