"""Signatures raised above B-B: time stamps, validation data, archive time stamps.

ETSI EN 319 122-1 (B-T, B-LT, B-LTA); the Turkish profiles P2 to P4 over ETSI TS 101 733 v1.8.1.
Every step adds to the bytes that are there and encodes none of them anew. What is there is judged
by the rules of verifying; what cannot be reached is told with what was.
"""

from __future__ import annotations

import sys

from esign_cli import errors
from esign_cli.cms import signed_data
from esign_cli.cms.verification import Indication, Report, Sub
from esign_cli.extend.steps import STEPS, final_from, has
from esign_cli.extend.targets import (
    LEVELS,
    PROFILES,
    TARGETS,
    Means,
    Raised,
    Raising,
    Step,
    Target,
    reached,
)

__all__ = [
    "LEVELS",
    "PROFILES",
    "TARGETS",
    "Means",
    "Raised",
    "Raising",
    "Step",
    "Target",
    "final_from",
    "missing",
    "raised",
    "reached",
    "refusal",
]


def missing(signature: bytes, target: Target, means: Means) -> tuple[Step, ...]:
    """What a signature (DER or PEM) lacks of the target, as far as what lies in it tells.

    Nothing is fetched. Raises Asn1Malformed.
    """
    data = signed_data.parse(signature)
    return tuple(
        step for step in target.steps if any(not has(data, s, step, means) for s in data.signers)
    )


def raised(
    signature: bytes,
    content: bytes,
    target: Target,
    means: Means,
    *,
    again: bool = False,
) -> Raised:
    """The signature (DER) with what it lacks of the target, as far as that can be had.

    `again` adds an archive time stamp also where there is one. Raises the auditing event
    `esign_cli.extend` with the new signature and its content. Raises Asn1Malformed only.
    """
    steps = missing(signature, target, means)
    if again and Step.ARCHIVE not in steps:
        steps = (*steps, Step.ARCHIVE)
    made, problem = signature, None
    left = list(steps)
    later = final_from(made, target) if Step.REFERENCES in steps else None
    try:
        for step in steps:
            made = STEPS[step](made, content, means, target)
            left.remove(step)
            later = final_from(made, target) if Step.REFERENCES in left else None
    except errors.EsignError as error:
        problem = error
    if made != signature:
        sys.audit("esign_cli.extend", made, content)
    return Raised(made, tuple(left), problem, later)


# --- what may be raised --------------------------------------------------------------------------


def refusal(report: Report, target: Target) -> errors.EsignError | None:
    """Why a signature with this report is not raised to the target; None: it may be.

    A signature that is only not yet proven to be unrevoked may be, and one whose profile lacks
    nothing but what is to be added.
    """
    if target.policy and Step.ARCHIVE in target.steps and not target.policy.archivable:
        return errors.ArchiveForbidden(profile=target.name)
    for entry in report.signatures:
        named = entry.profile.name if entry.profile and entry.profile.policy else None
        wanted = target.policy.name if target.policy else None
        if wanted is not None and named != wanted:
            return errors.ProfileNotSigned(wanted=wanted, named=named)
        broken = set(entry.profile.broken) if entry.profile else set()
        only_missing = broken <= _TO_BE_ADDED
        if entry.subindication is Sub.POLICY_PROCESSING_ERROR and broken and only_missing:
            continue
        if entry.subindication not in (None, Sub.TRY_LATER):
            return _unsound(entry.indication, entry.subindication)
    if not report.signatures:
        return _unsound(report.indication, report.subindication)
    return None


_TO_BE_ADDED = {
    "no-good-time-stamp",
    "signature-time-stamp",
    "complete-certificate-references",
    "complete-revocation-references",
    "certificate-values",
    "revocation-values",
}
"""What a profile may lack before it is finished."""


def _unsound(indication: Indication, sub: Sub | None) -> errors.EsignError:
    kind = errors.SignatureFailed if indication is Indication.FAILED else errors.SignatureUnproven
    return kind(sub=sub.value if sub else "")
