"""A certificate as its DER says, and the state of a card's PIN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PinState(StrEnum):
    """What the token's flags say of the PIN; no flag means no warning, not "three tries left"."""

    NO_WARNING = "no-warning"
    LOW = "low"
    LAST_TRY = "last-try"
    LOCKED = "locked"
    NOT_INITIALISED = "not-initialised"
    PIN_PAD = "pin-pad"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as its DER says; times are aware, in UTC."""

    der: bytes
    sha256: str
    serial: str
    """Hexadecimal, lower case."""
    holder: str
    national_id: str
    issuer: str
    not_before: datetime
    not_after: datetime
    key: str
    """"RSA-2048", "EC P-384", …"""
    signs: bool
    """Key usage nonRepudiation is set; of a seal, digitalSignature suffices."""
    unqualified_because: tuple[str, ...]
    """Codes of what keeps it from claiming to be qualified; empty: it claims to be."""

    tax_number: str = ""
    """VKN of the organisation whose seal it is; empty where there is none."""

    @property
    def seal(self) -> bool:
        """It is an organisation's seal (mali mühür), and no person's."""
        return "seal" in self.unqualified_because

    @property
    def of_authority(self) -> bool:
        """It is a certification authority's, and lies on a card only to be sent along."""
        return "certificate-authority" in self.unqualified_because

    def named(self) -> str:
        """Return the holder and the number that tells them from others of that name.

        A person's national id is masked; a company's VKN is public.
        """
        from esign_cli.foundation.turkish import mask

        number = f"VKN {self.tax_number}" if self.tax_number else mask(self.national_id)
        return f"{self.holder} ({number})" if number else self.holder

    @property
    def qualified_claim(self) -> bool:
        return not self.unqualified_because
