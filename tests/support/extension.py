"""What tests raise signatures with: the made-up PKI's servers, and a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from esign_cli.signatures import creation, extend, validation
from esign_cli.signatures.cms.data_collector import DataCollector
from esign_cli.signatures.cms.report import Report
from esign_cli.signatures.extend import TARGETS, ExtensionResult, ExtensionServices
from esign_cli.signatures.path_validation import PathCheck
from esign_cli.signatures.revocation.client import Fetcher
from esign_cli.signatures.time_stamp_client import TimeStampServer
from tests.support.certomancer_server import Pki
from tests.support.signatures import CONTENT, KeySigner


@dataclass
class Bench:
    """One place to sign and raise at; `now` is the clock of everybody in it."""

    pki: Pki
    cache: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.pki.now = lambda: self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    @property
    def fetcher(self) -> Fetcher:
        return Fetcher(self.cache, allow_private=True, seconds=5)

    @property
    def validator(self) -> PathCheck:
        return PathCheck(anchors=(self.pki.root,), intermediates=(self.pki.sub,))

    @property
    def means(self) -> ExtensionServices:
        stamps = TimeStampServer(self.pki.tsa_url, allow_private=True, seconds=5)
        return ExtensionServices(lambda: self.now, self.validator, stamps, self.fetcher)

    def signed(self, label: str = "p384", target: str = "B-B", *, detached: bool = False) -> bytes:
        """A B-B signature over CONTENT that names the target's policy."""
        return creation.cades(
            CONTENT,
            KeySigner(self.pki.issued(label)),
            signing_time=self.now,
            detached=detached,
            mime_type="text/plain",
            policy=TARGETS[target].policy,
        )

    def extended(self, signature: bytes, target: str, *, again: bool = False) -> ExtensionResult:
        return extend.extended(signature, CONTENT, TARGETS[target], self.means, again=again)

    def made(self, target: str, label: str = "p384", *, detached: bool = False) -> bytes:
        """A signature at its target, P3 in its two steps."""
        signature = self.signed(label, target, detached=detached)
        self.wait(seconds=2)
        found = self.extended(signature, target)
        if found.final_from is not None:
            self.now = found.final_from + timedelta(minutes=2)
            found = self.extended(found.signature, target)
        assert found.problem is None, found.problem
        assert found.missing == ()
        return found.signature

    def report(self, signature: bytes, *, offline: bool = False) -> Report:
        validator = DataCollector(self.validator, None if offline else self.fetcher)
        return validation.verify(
            signature, content=CONTENT, validator=validator, at=self.now, now=self.now
        )
