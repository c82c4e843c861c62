"""Signatures extended above B-B: time stamps, validation data, archive time stamps.

ETSI EN 319 122-1 (B-T, B-LT, B-LTA); the Turkish profiles P2 to P4 over ETSI TS 101 733 v1.8.1.
Every step adds to the bytes that are there and encodes none of them anew. What is there is judged
by the rules of verifying; what cannot be reached is told with what was.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import signatures as errors
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.cms.report import Acceptance, Indication, Report, Sub
from esign_cli.signatures.extend import inspection
from esign_cli.signatures.extend.steps import STEPS
from esign_cli.signatures.extend.targets import (
    LEVELS,
    PROFILES,
    TARGETS,
    ExtensionRequest,
    ExtensionResult,
    ExtensionServices,
    Step,
    Target,
    Task,
    reached,
)

__all__ = [
    "LEVELS",
    "PROFILES",
    "TARGETS",
    "ExtensionRequest",
    "ExtensionResult",
    "ExtensionServices",
    "Step",
    "Target",
    "extended",
    "final_from",
    "forbidden",
    "missing",
    "reached",
    "refusal",
    "shortfall",
]


def missing(
    signature: bytes,
    target: Target,
    means: ExtensionServices,
    *,
    content: bytes | None = None,
    of: bytes | None = None,
) -> tuple[Step, ...]:
    """Return what a signature (DER or PEM) lacks of the target, as far as what lies in it
    tells.

    A time stamp whose authority leads to no trusted root is as good as none. Only signatures by the
    certificate `of` are looked at, or all. Nothing is fetched. Raises Asn1Malformed.
    """
    task = Task(target, means, content, of)
    return _lacking(_to_do(signature, task), inspection.untrusted(signature, task))


def _to_do(signature: bytes, task: Task) -> tuple[Step, ...]:
    """The steps by which something would be put in."""
    data = signed_data.parse(signature)
    own = [signer for _number, signer in inspection.signers(data, task)]
    return tuple(
        step
        for step in task.target.steps
        if any(not inspection.has(data, signer, step, task) for signer in own)
    )


def _lacking(steps: Sequence[Step], untrusted: tuple[Step, str] | None) -> tuple[Step, ...]:
    """These, and the one whose time stamp is not trusted."""
    every = {*steps, untrusted[0]} if untrusted else {*steps}
    return tuple(step for step in Step if step in every)


def extended(
    signature: bytes,
    content: bytes,
    target: Target,
    means: ExtensionServices,
    *,
    again: bool = False,
    of: bytes | None = None,
    keep: Callable[[bytes], None] = lambda _made: None,
) -> ExtensionResult:
    """Return the signature (DER) with what it lacks of the target, as far as that can be
    had.

    `again` adds an archive time stamp also where there is one; `of` raises only the signatures by
    that certificate (DER) that name the target's own policy. `keep` is told of the signature after
    each step that put something in, before the next may fail. Raises the auditing event
    `esign.signature` with the new signature and its content. Raises Asn1Malformed, and what `keep`
    raises.
    """
    task = Task(target, means, content, of, again)
    steps = _to_do(signature, task)
    if again and Step.ARCHIVE not in steps:
        steps = (*steps, Step.ARCHIVE)
    problem = inspection.forbidden(signature, task)
    current, left = signature, list(steps)
    if problem is None:
        current, left, problem = _stepped(signature, task, steps, keep)
    later = inspection.final_from(current, task) if Step.REFERENCES in left else None
    untrusted = inspection.untrusted(current, task)
    if untrusted is not None and problem is None:
        problem = errors.NoTrustedPath(holder=untrusted[1])
    if current != signature:
        sys.audit("esign.signature", current, content)
    return ExtensionResult(current, _lacking(left, untrusted), problem, later)


def _stepped(
    signature: bytes, task: Task, steps: Sequence[Step], keep: Callable[[bytes], None]
) -> tuple[bytes, list[Step], EsignError | None]:
    """As far as it goes: the signature, the steps that are left, and why."""
    left = list(steps)
    for step in steps:
        more = STEPS[step](signature, task)
        while True:
            try:
                upcoming = next(more, None)
            except EsignError as error:
                return signature, left, error
            if upcoming is None:
                break
            if upcoming != signature:
                keep(upcoming)
            signature = upcoming
        left.remove(step)
    return signature, left, None


def final_from(
    signature: bytes, target: Target, means: ExtensionServices, *, of: bytes | None = None
) -> datetime | None:
    """Return when the last signer's grace period ends; None: there is none, or no time
    stamp yet.
    """
    return inspection.final_from(signature, Task(target, means, of=of))


# --- what may be extended -------------------------------------------------------------------------


def refusal(report: Report, target: Target) -> EsignError | None:
    """Return why a signature with this report is not extended to the target; None: it may
    be.

    A signature that is only not yet proven to be unrevoked may be, and one whose profile lacks
    nothing but what is to be added.
    """
    for entry in report.signatures:
        named = entry.profile.name if entry.profile and entry.profile.policy else None
        wanted = target.policy.name if target.policy else None
        if wanted is not None and named != wanted:
            return errors.ProfileNotSigned(wanted=wanted, named=named)
        broken = set(entry.profile.broken) if entry.profile else set()
        if entry.subindication is Sub.POLICY_PROCESSING_ERROR and _only_missing(broken):
            continue
        if entry.subindication not in (None, Sub.TRY_LATER):
            return _unsound(entry.indication, entry.subindication)
    if not report.signatures:
        return _unsound(report.indication, report.subindication)
    return None


_REFERENCES = {"complete-certificate-references", "complete-revocation-references"}
_TO_BE_ADDED = {
    "no-good-time-stamp",
    "signature-time-stamp",
    "certificate-values",
    "revocation-values",
    *_REFERENCES,
}
"""What a profile may lack before it is finished."""


def _only_missing(broken: set[str]) -> bool:
    """Whether nothing is wrong but what is added; references without values are there, but wrong.

    Where some of the four attributes are missing and some not, `forbidden` says so.
    """
    return broken <= _TO_BE_ADDED and not broken <= _REFERENCES


def shortfall(report: Report, target: Target) -> str | None:
    """Return what a signature with this report is, if verifying makes less of it than the
    target.

    None: it is what is wanted, or nothing in it decides that (a revocation that nobody tells).
    """
    for entry in report.signatures:
        if entry.profile and entry.profile.answer is Acceptance.REFUSED:
            return reached(target, target.steps)
    if target.name not in LEVELS or report.indication is not Indication.PASSED:
        return None
    level = report.level or LEVELS[0]
    return level if LEVELS.index(level) < LEVELS.index(target.name) else None


def forbidden(signature: bytes, target: Target, means: ExtensionServices) -> EsignError | None:
    """Return why the rules forbid what the target adds to one of the signatures; None: they
    do not.

    Raises Asn1Malformed.
    """
    return inspection.forbidden(signature, Task(target, means))


def _unsound(indication: Indication, sub: Sub | None) -> EsignError:
    kind = errors.SignatureFailed if indication is Indication.FAILED else errors.SignatureUnproven
    return kind(sub=sub.value if sub else "")
