"""What every signing command is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esign_cli.signatures.cms.policies import Policy
    from esign_cli.signatures.extend import ExtensionRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningRequest:
    """What was asked for on the command line, whatever is signed."""

    certificate_sha256: str = ""
    detached: bool = False
    force: bool = False
    allow_unqualified: bool = False
    last_try: bool = False
    """The PIN may be tried though a wrong one would lock the card."""
    extension: ExtensionRequest | None = None
    """To what level, if above B-B, and with what."""

    @property
    def policy(self) -> Policy | None:
        """The signature policy that is named."""
        return self.extension.target.policy if self.extension else None
