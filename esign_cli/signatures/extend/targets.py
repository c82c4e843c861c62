"""What signatures can be extended to, what each of it takes, and what is wanted for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from esign_cli.foundation.errors import EsignError
from esign_cli.signatures.cms import policies
from esign_cli.signatures.cms.policies import Policy
from esign_cli.signatures.cms.report import PathValidator
from esign_cli.signatures.cms.time_stamp_request import TimeStamps
from esign_cli.signatures.pki.retrieval import Fetch


class Step(StrEnum):
    """What is put on top of a signature, in this order."""

    STAMP = "signature-time-stamp"
    VALUES = "validation-data"
    """In SignedData, as baseline signatures keep them."""
    REFERENCES = "references-and-values"
    """In unsigned attributes, as ES-XL keeps them."""
    ARCHIVE = "archive-time-stamp"


@dataclass(frozen=True, slots=True)
class Target:
    """A level of EN 319 122-1 or a Turkish profile, and what makes a signature one."""

    name: str
    steps: tuple[Step, ...] = ()
    policy: Policy | None = None
    """Which the signature itself has to name."""


_LT = (Step.STAMP, Step.VALUES)
_XL = (Step.STAMP, Step.REFERENCES)
TARGETS = {
    target.name: target
    for target in (
        Target("B-B"),
        Target("B-T", (Step.STAMP,)),
        Target("B-LT", _LT),
        Target("B-LTA", (*_LT, Step.ARCHIVE)),
        Target("P1"),
        Target("P2", (Step.STAMP,), policies.P2),
        Target("P3", _XL, policies.P3),
        Target("P4", _XL, policies.P4),
    )
}
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
PROFILES = ("P1", "P2", "P3", "P4")
_BELOW = {Step.STAMP: "B-B", Step.VALUES: "B-T", Step.ARCHIVE: "B-LT"}
_BELOW_PROFILE = {Step.STAMP: "EPES", Step.REFERENCES: "EPES-T"}


@dataclass(frozen=True, slots=True)
class ExtensionServices:
    """What extension is done with; a step whose means are not there cannot be done."""

    now: Callable[[], datetime]
    validator: PathValidator
    """Over the roots that are trusted; it fetches nothing itself."""
    stamps: TimeStamps | None = None
    fetch: Fetch | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """To what signatures are to be extended, and with what."""

    target: Target
    means: ExtensionServices


@dataclass(frozen=True, slots=True)
class Task:
    """One signature file's extension."""

    target: Target
    means: ExtensionServices
    content: bytes | None = None
    """What was signed; None: what lies in the signature."""
    of: bytes | None = None
    """A certificate (DER): only its signatures that name the target's own policy; None: all."""
    again: bool = False
    """An archive time stamp is added also where there is one."""

    @property
    def archives(self) -> bool:
        return self.again or Step.ARCHIVE in self.target.steps


@dataclass(frozen=True, slots=True)
class ExtensionResult:
    """A signature (DER) as far as it could be extended."""

    signature: bytes
    missing: tuple[Step, ...] = ()
    """What of the target is not there yet."""
    problem: EsignError | None = None
    """Why not."""
    final_from: datetime | None = None
    """When the rest can be done at the earliest (P3)."""


def reached(target: Target, lacking: Sequence[Step]) -> str:
    """Return what a signature is that lacks this of the target: a level, a profile, EPES or
    EPES-T.
    """
    if not lacking:
        return target.name
    return (_BELOW_PROFILE if target.policy else _BELOW)[lacking[0]]
