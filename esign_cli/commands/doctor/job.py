"""Look at everything that the daily work rests on, and say of each part whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from esign_cli.cards.modules import Module
from esign_cli.cards.service import Service, fault
from esign_cli.cards.tokens import Token
from esign_cli.commands.doctor.findings import Level, Line, document, failed, worst
from esign_cli.foundation.certificate import Certificate, PinState
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import (
    CardBlank,
    CardServiceFault,
    NoCard,
    NoCertificateOnCard,
    NoReader,
)
from esign_cli.foundation.errors.signatures import CertificateUnreadable
from esign_cli.foundation.errors.store import DatabaseNewer
from esign_cli.signatures.certificate import addresses, parse
from esign_cli.signatures.pki import keys
from esign_cli.signatures.trust import Trust
from esign_cli.store.health import Health

__all__ = ["Dependencies", "Level", "Line", "OtherClock", "doctor", "document", "worst"]

CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class OtherClock:
    """What a time stamp server says of the time."""

    server: str
    ahead: timedelta | None
    """How much later it is there; None where it does not say."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Where to look: each raises an EsignError where something is wrong."""

    settings_file: Path
    province: str
    database: Path
    trust_folder: Path
    now: datetime
    health: Callable[[Path], Health | None]
    trust: Callable[[Path], Trust]
    module: Callable[[], Module]
    built_for: Callable[[Path], Sequence[str]]
    read: Callable[[Module], Sequence[Token]]
    service: Callable[[], Service | None]
    """How the smart card service answers; None where the system does not say."""
    tries: Callable[[Sequence[str]], int]
    """Those remembered of the PIN of a card with these certificates."""
    mail: Callable[[], str]
    """The mail server, once it is reached; "" when none is configured."""
    time_stamps: Callable[[], OtherClock | None]
    """The time stamp server, once it is reached; None when none is configured."""
    reach: Callable[[str], str] | None = None
    """Calls an address and tells the proxy it went through, or ""; None: none is to be called."""
    addresses: Sequence[str] = ()
    """What is called beside the addresses in certificates."""


def doctor(deps: Dependencies) -> tuple[Line, ...]:
    """Look at every part: a line or more for each, in the order in which they are mended best."""
    cards: list[Token] = []
    lines = [*_settings(deps), *_database(deps), *_trust(deps), *_cards(deps, cards)]
    certificates = [found for card in cards for found in _certificates(card)]
    stamps, other = _time_stamps(deps)
    online = _online(deps, [found.der for found in certificates])
    return (*lines, _mail(deps), stamps, *_clock(deps, certificates, other), *online)


def broken_settings(problem: EsignError) -> tuple[Line, ...]:
    """Return the one line there is when the settings themselves cannot be read."""
    return (failed("settings", problem),)


def _settings(deps: Dependencies) -> Iterator[Line]:
    path = str(deps.settings_file)
    found = "settings-read" if deps.settings_file.exists() else "settings-default"
    yield Line("settings", Level.OK, found, {"path": path})
    if not deps.province:
        yield Line("settings", Level.WARNING, "no-province", {"path": path})


def _database(deps: Dependencies) -> Iterator[Line]:
    facts = {"path": str(deps.database)}
    try:
        health = deps.health(deps.database)
    except EsignError as problem:
        yield failed("database", problem)
        return
    if health is None:
        yield Line("database", Level.WARNING, "no-database", facts)
    elif health.broken:
        yield Line("database", Level.ERROR, "database-broken", {**facts, "detail": health.broken})
    elif health.unknown:
        newer = DatabaseNewer(**facts, migrations=list(health.unknown))
        yield failed("database", newer)
    else:
        yield Line("database", Level.OK, "database-whole", facts)
    if health is not None and health.open_to_others:
        yield Line("database", Level.WARNING, "database-open-to-others", facts)


def _trust(deps: Dependencies) -> Iterator[Line]:
    folder = str(deps.trust_folder)
    try:
        trust = deps.trust(deps.trust_folder)
    except EsignError as problem:
        yield failed("trust", problem)
        return
    if not trust.anchors:
        yield Line("trust", Level.WARNING, "no-trust", {"folder": folder})
        return
    yield Line("trust", Level.OK, "trusted", {"folder": folder, "roots": len(trust.anchors)})
    for der in trust.anchors:
        root = parse(der)
        if deps.now > root.not_after:
            yield Line("trust", Level.WARNING, "root-over", _of(root))
    for der in trust.intermediates:
        if not keys.strongly_signed(der):
            yield Line("trust", Level.WARNING, "sub-ca-weak", _of(parse(der)))


# --- what is called ------------------------------------------------------------------------------

MOST_CALLED = 20


def _online(deps: Dependencies, certificates: Sequence[bytes]) -> Iterator[Line]:
    """A line for each server of CRLs, OCSP answers and time stamps, by its host."""
    if deps.reach is None:
        return
    try:
        below = deps.trust(deps.trust_folder).intermediates
    except EsignError:
        below = ()  # told by its own line
    named = [a for der in (*certificates, *below) for a in addresses(der)]
    by_host = {urlsplit(a).netloc: a for a in (*named, *deps.addresses) if a.startswith("http")}
    for host, address in list(by_host.items())[:MOST_CALLED]:
        try:
            proxy = deps.reach(address)
        except EsignError as problem:
            yield failed("online", problem, Level.WARNING)
        else:
            code = "reached-by-proxy" if proxy else "reached"
            yield Line("online", Level.OK, code, {"host": host, "proxy": proxy})
    if not by_host:
        yield Line("online", Level.OK, "nothing-to-reach")


# --- driver, service, readers, cards -------------------------------------------------------------


def _cards(deps: Dependencies, tokens: list[Token]) -> Iterator[Line]:
    """The lines of the card side; the cards that were read are left in `tokens`."""
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
        tokens.extend(deps.read(module))
    except (NoCard, CardBlank) as problem:
        yield from _loaded(module, facts)
        yield from _service(deps, needed=False)
        yield failed("cards", problem, Level.WARNING)
    except (NoReader, CardServiceFault) as problem:
        yield from _loaded(module, facts)
        yield failed("readers", problem)
    except EsignError as problem:
        yield failed("driver", problem)
        yield from _service(deps, needed=True)
    else:
        yield from _loaded(module, facts)
        yield from _service(deps, needed=False)
        for card in tokens:
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
    certificates = _certificates(card)
    if not certificates:
        problem = NoCertificateOnCard(present=[name["card"]])
        yield failed("certificates", problem, Level.WARNING)
    for certificate in certificates:
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


def _certificates(card: Token) -> list[Certificate]:
    found = []
    for entry in card.certificates:
        try:
            certificate = parse(entry.der)
        except CertificateUnreadable:
            continue  # it is of no use, and check-card tells of it
        if not certificate.of_authority:
            found.append(certificate)
    return found


def _certificate(certificate: Certificate, now: datetime) -> Line:
    facts = _of(certificate)
    if now > certificate.not_after:
        return Line("certificates", Level.WARNING, "certificate-over", facts)
    if not certificate.qualified_claim:
        return Line("certificates", Level.WARNING, "certificate-unqualified", facts)
    return Line("certificates", Level.OK, "certificate-valid", facts)


def _of(certificate: Certificate) -> dict[str, Any]:
    end = certificate.not_after.astimezone(ISTANBUL).date().isoformat()
    return {"holder": certificate.holder, "issuer": certificate.issuer, "not_after": end}


# --- servers and the clock -----------------------------------------------------------------------


def _mail(deps: Dependencies) -> Line:
    try:
        server = deps.mail()
    except EsignError as problem:
        return failed("mail", problem)
    found = "mail-reached" if server else "mail-not-configured"
    return Line("mail", Level.OK, found, {"server": server})


def _time_stamps(deps: Dependencies) -> tuple[Line, OtherClock | None]:
    try:
        other = deps.time_stamps()
    except EsignError as problem:
        return failed("time-stamps", problem), None
    if other is None:
        return Line("time-stamps", Level.OK, "time-stamps-not-configured"), None
    return Line("time-stamps", Level.OK, "time-stamps-reached", {"server": other.server}), other


def _clock(
    deps: Dependencies, certificates: Sequence[Certificate], other: OtherClock | None
) -> Iterator[Line]:
    """The clock against a time stamp server's, else against instants that are over: what was
    written, and the certificates' births.

    A certificate may begin later than today, so it is only a hint.
    """
    now = deps.now
    facts: dict[str, Any] = {"now": now.astimezone(ISTANBUL).isoformat(timespec="seconds")}
    if other is not None and other.ahead is not None and abs(other.ahead) > CLOCK_SLACK:
        off = {"server": other.server, "seconds": round(other.ahead.total_seconds())}
        yield Line("clock", Level.ERROR, "clock-off", {**facts, **off})
        return
    latest = _last_written(deps)
    if latest is not None and latest > now + CLOCK_SLACK:
        written = latest.astimezone(ISTANBUL).isoformat(timespec="seconds")
        yield Line("clock", Level.ERROR, "clock-behind", {**facts, "written": written})
        return
    begins = [certificate.not_before for certificate in certificates]
    if begins and min(begins) > now + CLOCK_SLACK:
        begin = min(begins).astimezone(ISTANBUL).isoformat()
        yield Line("clock", Level.WARNING, "clock-before-card", {**facts, "begins": begin})
        return
    yield Line("clock", Level.OK, "clock-fits", facts)


def _last_written(deps: Dependencies) -> datetime | None:
    try:
        health = deps.health(deps.database)
    except EsignError:
        return None  # told above
    return health.latest if health else None
