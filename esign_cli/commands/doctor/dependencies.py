"""What doctor's checks are handed: where to look, and what an earlier check saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from esign_cli.cards.modules import Module
from esign_cli.cards.service import Service
from esign_cli.cards.tokens import Token
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.disks import Disk
from esign_cli.foundation.errors.signatures import CertificateUnreadable
from esign_cli.signatures.certificate import parse
from esign_cli.signatures.trust import Trust
from esign_cli.store.health import Health
from esign_cli.store.trail_check import Verified


@dataclass(frozen=True, slots=True)
class OtherClock:
    """What a time stamp server says of the time."""

    server: str
    ahead: timedelta | None
    """How much later it is there; None where it does not say."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Where to look: each raises an EsignError where something is wrong."""

    installed: Mapping[str, str]
    """Version, commit and way of installing of this esign, and what brings a newer one."""
    settings_file: Path
    province: str
    database: Path | Server
    trust_folder: Path
    now: datetime
    health: Callable[[Path | Server], Health | None]
    trail: Callable[[Path | Server], Verified | None]
    """The check of the audit trail; None where there is none yet."""
    disk: Callable[[Path], Disk]
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
    """Calls an address and tells the proxy it went through, or "", from several threads at once;
    None: none is to be called."""
    in_plain: Sequence[tuple[str, str]] = ()
    """Settings that send a secret unencrypted, and the host that it goes to."""
    addresses: Sequence[str] = ()
    """What is called beside the addresses in certificates."""


@dataclass(slots=True)
class Seen:
    """What a check found that later ones look at."""

    tokens: list[Token] = field(default_factory=list)
    other_clock: OtherClock | None = None
    server_folder: Path | None = None
    """Where a server on this computer keeps the database."""

    @property
    def certificates(self) -> list[Certificate]:
        """Those of the cards that can be read and are no authority's."""
        return [one for token in self.tokens for one in certificates(token)]


def certificates(card: Token) -> list[Certificate]:
    """Return those of a card that can be read and are no authority's."""
    read = []
    for entry in card.certificates:
        try:
            certificate = parse(entry.der)
        except CertificateUnreadable:
            continue  # it is of no use, and check-card tells of it
        if not certificate.of_authority:
            read.append(certificate)
    return read


def of_certificate(certificate: Certificate) -> dict[str, Any]:
    """Return what is told of a certificate: holder, issuer, fingerprint, last day in Turkey.

    The holder of a seal is told with its VKN.
    """
    return {
        "holder": certificate.named() if certificate.seal else certificate.holder,
        "issuer": certificate.issuer,
        "sha256": certificate.sha256,
        "not_after": certificate.not_after.astimezone(ISTANBUL).date().isoformat(),
    }
