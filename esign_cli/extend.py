"""Signatures raised above B-B: time stamps, validation data, archive time stamps.

ETSI EN 319 122-1 (B-T, B-LT, B-LTA); the Turkish profiles P2 to P4 over ETSI TS 101 733 v1.8.1.
Every step adds to the bytes that are there and encodes none of them anew. What is there is judged
by the rules of verifying; what cannot be reached is told with what was.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from esign_cli import cades, errors, verify
from esign_cli.cms import archive, long_term, policies, signed_data, splice, stamping, time_stamp
from esign_cli.cms.gathering import Asked, Cleared, Gatherer
from esign_cli.cms.policies import Policy
from esign_cli.cms.signed_data import SignedData, SignerInfo
from esign_cli.cms.stamping import TimeStamps
from esign_cli.cms.time_stamp import Stamp
from esign_cli.cms.verification import Indication, PathJudge, Report, SignatureReport, Sub
from esign_cli.pki.crl import Datum, Freshness
from esign_cli.pki.fetching import Fetch


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
class Means:
    """What raising is done with; a step whose means are not there cannot be done."""

    now: Callable[[], datetime]
    judge: PathJudge
    """Over the roots that are trusted; it fetches nothing itself."""
    stamps: TimeStamps | None = None
    fetch: Fetch | None = None


@dataclass(frozen=True, slots=True)
class Raising:
    """To what signatures are to be raised, and with what."""

    target: Target
    means: Means


@dataclass(frozen=True, slots=True)
class Raised:
    """A signature (DER) as far as it could be raised."""

    signature: bytes
    missing: tuple[Step, ...] = ()
    """What of the target is not there yet."""
    problem: errors.EsignError | None = None
    """Why not."""
    final_from: datetime | None = None
    """When the rest can be done at the earliest (P3)."""


def reached(target: Target, lacking: Sequence[Step]) -> str:
    """What a signature is that lacks this of the target: a level, a profile, EPES or EPES-T."""
    if not lacking:
        return target.name
    return (_BELOW_PROFILE if target.policy else _BELOW)[lacking[0]]


def missing(signature: bytes, content: bytes, target: Target, means: Means) -> tuple[Step, ...]:
    """What a signature (DER or PEM) lacks of the target, as far as what lies in it tells.

    Nothing is fetched. Raises Asn1Malformed.
    """
    data = signed_data.parse(signature)
    found = [step for step in target.steps if any(not _has(s, step) for s in data.signers)]
    if Step.VALUES in found:
        now = means.now()
        report = verify.verify(signature, content=content, judge=means.judge, at=now, now=now)
        if report.level in ("B-LT", "B-LTA"):
            found.remove(Step.VALUES)
    return tuple(found)


def _has(signer: SignerInfo, step: Step) -> bool:
    if step is Step.STAMP:
        return any(stamp.fault is None for stamp in _stamps(signer))
    if step is Step.ARCHIVE:
        return bool(signer.unsigned_values(cades.ARCHIVE_TIME_STAMP_V3))
    if step is Step.VALUES:
        return False  # where they have to lie, and for whom, is told by verifying
    return all(signer.unsigned_values(oid) for oid in policies.P4.required)


def _stamps(signer: SignerInfo) -> list[Stamp]:
    return time_stamp.signature_stamps(signer, _signing_time(signer))


def _signing_time(signer: SignerInfo) -> datetime | None:
    values = signer.values(cades.SIGNING_TIME)
    return values[0][0].time() if values and values[0] else None


# --- raising -------------------------------------------------------------------------------------


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
    steps = missing(signature, content, target, means)
    if again and Step.ARCHIVE not in steps:
        steps = (*steps, Step.ARCHIVE)
    made, problem = signature, None
    left = list(steps)
    later = final_from(made, target) if Step.REFERENCES in steps else None
    try:
        for step in steps:
            made = _STEPS[step](made, content, means, target)
            left.remove(step)
            later = final_from(made, target) if Step.REFERENCES in left else None
    except errors.EsignError as error:
        problem = error
    if made != signature:
        sys.audit("esign_cli.extend", made, content)
    return Raised(made, tuple(left), problem, later)


def _stamped(signature: bytes, _content: bytes, means: Means, _target: Target) -> bytes:
    """Every signer without a good signature time stamp given one."""
    data = signed_data.parse(signature)
    attributes: dict[int, list[bytes]] = {}
    for number, signer in enumerate(data.signers):
        if _has(signer, Step.STAMP):
            continue
        token = _authority(means).stamp(stamping.imprint(signer.signature))
        attributes[number] = [cades.attribute(cades.SIGNATURE_TIME_STAMP, token)]
    made = splice.added(signature, splice.Additions(attributes=attributes))
    for signer in signed_data.parse(made).signers:
        _check_stamps(_stamps(signer))
    return made


def _authority(means: Means) -> TimeStamps:
    if means.stamps is None:
        raise errors.TimeStampServerUnset
    return means.stamps


def _check_stamps(stamps: Sequence[Stamp]) -> None:
    """Raise TimeStampWrong unless one of them is good by its own bytes."""
    faults = [stamp.fault for stamp in stamps]
    if faults and None not in faults and faults[-1] is not None:
        code = faults[-1].code
        facts = dict(faults[-1].facts)
        raise errors.TimeStampWrong(problem=code, detail=facts.get("detail", ""))


# --- validation data -----------------------------------------------------------------------------


def _with_values(signature: bytes, content: bytes, means: Means, _target: Target) -> bytes:
    """Certificates and revocation data of signers and time stamps put into SignedData."""
    gatherer, _report = _judged(signature, content, means)
    cleared = [one for asked in _each(gatherer) for one in gatherer.cleared(asked)]
    return splice.added(signature, _in_signed_data(cleared))


def _in_signed_data(cleared: Sequence[Cleared]) -> splice.Additions:
    data = [datum for one in cleared for datum in one.data]
    return splice.Additions(
        certificates=[one.certificate for one in cleared],
        revocation=[d.der if d.source == "crl" else splice.ocsp_choice(d.der) for d in data],
    )


def _judged(signature: bytes, content: bytes, means: Means) -> tuple[Gatherer, Report]:
    now = means.now()
    gatherer = Gatherer(means.judge, means.fetch)
    report = verify.verify(signature, content=content, judge=gatherer, at=now, now=now)
    return gatherer, report


def _each(gatherer: Gatherer) -> Iterator[Asked]:
    """The last question about each certificate."""
    yield from {asked.certificate: asked for asked in gatherer.asked}.values()


def _with_references(signature: bytes, content: bytes, means: Means, target: Target) -> bytes:
    """The four attributes of ES-XL added to every signer that lacks them (P3, P4)."""
    policy = target.policy
    assert policy is not None  # noqa: S101  (only profiles have this step)
    since = final_from(signature, target)
    if since is not None and means.now() < since:
        raise errors.GraceRunning(since=since.isoformat())
    gatherer, report = _judged(signature, content, means)
    data = signed_data.parse(signature)
    attributes = {
        number: _attributes(gatherer, entry, _stamp_time(signer) + policy.grace, policy)
        for number, (signer, entry) in enumerate(zip(data.signers, report.signatures, strict=True))
        if not _has(signer, Step.REFERENCES)
    }
    return splice.added(signature, splice.Additions(attributes=attributes))


def _attributes(
    gatherer: Gatherer, entry: SignatureReport, since: datetime, policy: Policy
) -> list[bytes]:
    """What one signer and the authorities of its time stamps stand on."""
    if entry.signer is None:
        raise errors.NoTrustedPath(holder="")
    asked = _asked(gatherer, entry.signer.der, entry.signer.holder)
    asked = replace(asked, freshness=Freshness(policy.source, since))
    own = gatherer.cleared(asked)
    authorities = [stamp.authority.der for stamp in entry.stamps if stamp.authority]
    others = [_asked(gatherer, der, "") for der in dict.fromkeys(authorities)]
    return _long_term(asked, own, [(other, gatherer.cleared(other)) for other in others])


def _asked(gatherer: Gatherer, der: bytes, holder: str) -> Asked:
    asked = gatherer.of(der)
    if asked is None:
        raise errors.NoTrustedPath(holder=holder)
    return asked


def _long_term(
    asked: Asked, own: Sequence[Cleared], others: Sequence[tuple[Asked, Sequence[Cleared]]]
) -> list[bytes]:
    """The four attributes; the references are the signer's path, the values all that was used."""
    none: list[Datum] = []
    used = [*own, *(one for _other, cleared in others for one in cleared)]
    certificates = [asked.certificate, *asked.authorities]
    for other, _cleared in others:
        certificates += [other.certificate, *other.authorities]
    return [
        long_term.certificate_references(asked.authorities),
        long_term.revocation_references([*(one.data for one in own), none]),
        long_term.certificate_values(certificates),
        long_term.revocation_values([datum for one in used for datum in one.data]),
    ]


def _stamp_time(signer: SignerInfo) -> datetime:
    """The time of the earliest good signature time stamp; raises TimeStampWrong."""
    stamps = _stamps(signer)
    times = [stamp.token.time for stamp in stamps if stamp.token and stamp.fault is None]
    if not times:
        raise errors.TimeStampWrong(problem="none", detail="")
    return min(times)


def final_from(signature: bytes, target: Target) -> datetime | None:
    """When the last signer's grace period ends; None: there is none, or no time stamp yet."""
    if target.policy is None or not target.policy.grace:
        return None
    signers = signed_data.parse(signature).signers
    try:
        return max(_stamp_time(signer) for signer in signers) + target.policy.grace
    except errors.TimeStampWrong:
        return None


# --- archive time stamps -------------------------------------------------------------------------


def _archived(signature: bytes, content: bytes, means: Means, _target: Target) -> bytes:
    """An archive time stamp (version 3) over all that is there, for each signer.

    What the time stamps before it stand on is put in first (EN 319 122-1 5.5.3).
    """
    gatherer, _report = _judged(signature, content, means)
    data = signed_data.parse(signature)
    stamps = [s for signer in data.signers for s in _every_stamp(data, signer, content)]
    authorities = dict.fromkeys(s.authority.der for s in stamps if s.authority)
    asked = [_asked(gatherer, der, "") for der in authorities]
    cleared = [one for each in asked for one in gatherer.cleared(each)]
    made = splice.added(signature, _in_signed_data(cleared))
    data = signed_data.parse(made)
    attributes = {
        number: [cades.attribute(cades.ARCHIVE_TIME_STAMP_V3, token)]
        for number, token in enumerate(_archive_tokens(data, content, means))
    }
    made = splice.added(made, splice.Additions(attributes=attributes))
    data = signed_data.parse(made)
    for signer in data.signers:
        _check_stamps(time_stamp.archive_stamps(data, signer, content)[-1:])
    return made


def _every_stamp(data: SignedData, signer: SignerInfo, content: bytes) -> list[Stamp]:
    return [*_stamps(signer), *time_stamp.archive_stamps(data, signer, content)]


def _archive_tokens(data: SignedData, content: bytes, means: Means) -> Iterator[bytes]:
    """A token for each signer, with the index of what it covers in it."""
    for signer in data.signers:
        index = archive.hash_index(data, signer, stamping.DIGEST)
        imprint = archive.imprint(data, signer, content, index, stamping.DIGEST)
        token = _authority(means).stamp(imprint)
        inside = {0: [cades.attribute(cades.ATS_HASH_INDEX_V3, index)]}
        yield splice.added(token, splice.Additions(attributes=inside))


_STEPS: dict[Step, Callable[[bytes, bytes, Means, Target], bytes]] = {
    Step.STAMP: _stamped,
    Step.VALUES: _with_values,
    Step.REFERENCES: _with_references,
    Step.ARCHIVE: _archived,
}


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
