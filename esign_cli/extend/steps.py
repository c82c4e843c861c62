"""The steps by which a signature is raised: bytes and means in, more bytes out, or an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from esign_cli import cades, errors, verify
from esign_cli.clock import ISTANBUL
from esign_cli.cms import (
    archive,
    long_term,
    material,
    policies,
    signed_data,
    splice,
    stamping,
    structure,
    time_stamp,
)
from esign_cli.cms.gathering import Asked, Cleared, Gatherer
from esign_cli.cms.policies import Policy
from esign_cli.cms.signed_data import SignedData, SignerInfo
from esign_cli.cms.stamping import TimeStamps
from esign_cli.cms.time_stamp import Stamp
from esign_cli.cms.verification import Report, SignatureReport
from esign_cli.extend.targets import Means, Step, Target
from esign_cli.pki import crl_ocsp
from esign_cli.pki.crl import Datum, Freshness


def has(data: SignedData, signer: SignerInfo, step: Step, means: Means) -> bool:
    """Whether this signer's part has what the step would add."""
    if step is Step.STAMP:
        return _has_stamp(signer)
    if step is Step.VALUES:
        return _has_stamp(signer) and _has_values(data, signer, means)
    if step is Step.ARCHIVE:
        return bool(signer.unsigned_values(cades.ARCHIVE_TIME_STAMP_V3))
    return _has_references(signer)


def _has_stamp(signer: SignerInfo) -> bool:
    return any(stamp.fault is None for stamp in _stamps(signer))


def _has_references(signer: SignerInfo) -> bool:
    return all(signer.unsigned_values(oid) for oid in policies.P4.required)


def _has_values(data: SignedData, signer: SignerInfo, means: Means) -> bool:
    """Whether SignedData holds what the signer and the time stamps stand on, current or not."""
    stamps = [stamp for stamp in _stamps(signer) if stamp.token and stamp.fault is None]
    inside = {
        *data.certificates,
        *(c for s in stamps if s.token for c in s.token.data.certificates),
    }
    at = _stamp_time(signer)
    kept = [Datum(k.source, k.der, at) for k in material.revocation(data, signer) if k.inside]
    own = structure.examine(data, signer, None, latest=means.now()).certificate
    leaves = [own, *(stamp.authority for stamp in stamps)]
    paths = [
        means.judge.judge(
            leaf.der, embedded=tuple(inside), data=(), at=at, today=at, freshness=Freshness()
        ).path
        for leaf in leaves
        if leaf is not None
    ]
    return all(
        path
        and all(
            der in inside and crl_ocsp.answers(der, issuer, kept) for issuer, der in pairwise(path)
        )
        for path in paths
    )


def _stamps(signer: SignerInfo) -> list[Stamp]:
    return time_stamp.signature_stamps(signer, _signing_time(signer))


def _signing_time(signer: SignerInfo) -> datetime | None:
    values = signer.values(cades.SIGNING_TIME)
    return values[0][0].time() if values and values[0] else None


# --- time stamps ---------------------------------------------------------------------------------


def _stamped(signature: bytes, _content: bytes, means: Means, _target: Target) -> bytes:
    """Every signer without a good signature time stamp given one."""
    data = signed_data.parse(signature)
    attributes: dict[int, list[bytes]] = {}
    for number, signer in enumerate(data.signers):
        if _has_stamp(signer):
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
        raise errors.GraceRunning(since=since.astimezone(ISTANBUL).isoformat())
    gatherer, report = _judged(signature, content, means)
    data = signed_data.parse(signature)
    attributes = {
        number: _attributes(gatherer, entry, _stamp_time(signer) + policy.grace, policy)
        for number, (signer, entry) in enumerate(zip(data.signers, report.signatures, strict=True))
        if not _has_references(signer)
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


STEPS: dict[Step, Callable[[bytes, bytes, Means, Target], bytes]] = {
    Step.STAMP: _stamped,
    Step.VALUES: _with_values,
    Step.REFERENCES: _with_references,
    Step.ARCHIVE: _archived,
}
