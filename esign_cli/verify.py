"""Verification of CAdES signatures: bytes in, a frozen report out.

Indications of ETSI EN 319 102-1. A signature is judged by its own bytes first, then by its path,
then by proof of non-revocation; without that proof nothing passes. There is no proof of existence
for a signature without a judged time stamp, so the best signature time is the validation time.
"""

from __future__ import annotations

from datetime import datetime

from esign_cli import certificate, errors
from esign_cli.cms import signed_data, verification
from esign_cli.cms.signed_data import SignedData, SignerInfo
from esign_cli.cms.structure import Structure, examine
from esign_cli.cms.verification import (
    Evidence,
    Finding,
    Indication,
    PathAnswer,
    PathJudge,
    Report,
    SignatureReport,
    Sub,
    Warned,
)

_NEEDED = frozenset(verification.CHECKS) - {"policy", "time-stamp"}
"""The checks that have to have been made, and passed, before anything passes."""
_LEVELS = (None, "BES", "B-B")
"""From the weakest."""


def verify(
    signature: bytes, *, content: bytes | None, judge: PathJudge, at: datetime, now: datetime
) -> Report:
    """The report on a signature file, DER or PEM.

    `content` is what a detached signature is over. `at` is the time to judge for, `now` the
    present; both aware. Nothing in `signature` makes this raise: what cannot be read
    is TOTAL-FAILED.
    """
    try:
        data = signed_data.parse(signature)
    except errors.Asn1Malformed as error:
        facts = (("detail", str(error.facts["detail"])),)
        return _unreadable(Finding("format", "malformed", Sub.FORMAT_FAILURE, facts), at)
    signed = content if data.content is None or content is not None else data.content
    reports = tuple(
        _signer(data, signer, signed, judge, at, min(at, now)) for signer in data.signers
    )
    sub = verification.worst(Finding("", "", report.subindication) for report in reports)
    return Report(
        indication=verification.indication(sub),
        subindication=sub,
        level=min((report.level for report in reports), key=_LEVELS.index),
        validation_time=at,
        best_signature_time=at,
        signatures=reports,
    )


def _unreadable(problem: Finding, at: datetime) -> Report:
    return Report(Indication.FAILED, problem.sub, None, at, at, (), problem)


def _signer(
    data: SignedData,
    signer: SignerInfo,
    content: bytes | None,
    judge: PathJudge,
    at: datetime,
    latest: datetime,
) -> SignatureReport:
    structure = examine(data, signer, content, latest=latest)
    answer = _path(data, structure, judge, at)
    findings = _complete((*structure.findings, *answer.findings))
    sub = verification.worst(findings)
    facts = structure.certificate
    return SignatureReport(
        indication=verification.indication(sub),
        subindication=sub,
        level=structure.level,
        signer=facts,
        signing_time=structure.signing_time,
        qualified=_qualified(structure, answer),
        anchor=certificate.parse(answer.path[0]) if answer.path else None,
        evidence=answer.evidence,
        checks=verification.checks(findings),
        warnings=(*structure.warnings, *answer.warnings, *_older(structure, answer.evidence)),
    )


def _path(data: SignedData, structure: Structure, judge: PathJudge, at: datetime) -> PathAnswer:
    """The judge's answer; with no certificate to ask for, none."""
    if structure.certificate is None:
        return PathAnswer(())
    return judge.judge(
        structure.certificate.der,
        embedded=data.certificates,
        crls=data.crls,
        ocsps=data.ocsps,
        at=at,
    )


def _complete(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings; where none failed and yet a check was not made, that counts as a failure."""
    missing = sorted(_NEEDED - {finding.check for finding in findings})
    if verification.worst(findings) is not None or not missing:
        return findings
    bad = Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE
    return (*findings, *(Finding(name, "not-judged", bad) for name in missing))


def _qualified(structure: Structure, answer: PathAnswer) -> bool | None:
    """False: it does not even claim to be. None: it claims to, and no trusted root says so."""
    if structure.certificate is None:
        return None
    if not structure.certificate.qualified_claim:
        return False
    return True if answer.path else None


def _older(structure: Structure, evidence: tuple[Evidence, ...]) -> tuple[Warned, ...]:
    """Revocation data from before the signature: current, and yet they cannot tell of it."""
    moment = structure.signing_time
    return tuple(
        Warned(
            "data-older-than-signature",
            (("certificate", e.certificate), ("this_update", e.this_update.isoformat())),
        )
        for e in evidence
        if moment is not None and e.this_update < moment
    )
