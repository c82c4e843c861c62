"""What of a target is there already, by what lies in the signature; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import signatures as errors
from esign_cli.signatures import cades
from esign_cli.signatures.cms import (
    levels,
    policies,
    signed_data,
    structure,
    time_stamp,
    tst,
    validation_data,
)
from esign_cli.signatures.cms.archive import Covered
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.cms.time_stamp import Stamp
from esign_cli.signatures.extend.targets import ExtensionServices, Step, Task
from esign_cli.signatures.pki import crl_ocsp, tbs
from esign_cli.signatures.pki.crl import Freshness, RevocationData


def signers(data: SignedData, task: Task) -> list[tuple[int, SignerInfo]]:
    """Return those that are extended, with their places."""
    every = enumerate(data.signers)
    return [(n, s) for n, s in every if task.of is None or _is_of(s, task.of, task)]


def _is_of(signer: SignerInfo, der: bytes, task: Task) -> bool:
    """By this certificate, and under the target's own policy, or none."""
    parts, policy = tbs.read(der), task.target.policy
    same = signer.serial == parts.serial and tbs.same_name(signer.issuer, parts.issuer)
    return same and _policy(signer) == (policy.oid if policy else "")


def _policy(signer: SignerInfo) -> str:
    values = signer.values(cades.SIGNATURE_POLICY)
    return policies.named(values[0][0]).oid if values else ""


def forbidden(signature: bytes, task: Task) -> EsignError | None:
    """Return why the rules forbid what would be added; None: they do not."""
    steps, wanted = task.target.steps, task.target.policy
    for _number, signer in signers(signed_data.parse(signature), task):
        policy = policies.BY_OID.get(_policy(signer))
        if wanted is not None and policy is not wanted:
            named = policy.name if policy else None
            return errors.ProfileNotSigned(wanted=wanted.name, named=named)
        if task.archives and policy is not None and not policy.archivable:
            return errors.ArchiveForbidden(profile=policy.name)
        older = any(signer.unsigned_values(oid) for oid in levels.FORBIDDEN_FROM_LT)
        if older and Step.VALUES in steps:
            return errors.LevelForbidden(level=task.target.name)
        if Step.REFERENCES in steps and 0 < _long_term(signer) < len(_LONG_TERM):
            return errors.ReferencesUnfinished(profile=task.target.name)
    return None


_LONG_TERM = [oid for oid in policies.P4.required if oid != cades.SIGNATURE_TIME_STAMP]
"""The four attributes that make ES-XL of ES-T."""


def _long_term(signer: SignerInfo) -> int:
    """How many of the four are there."""
    return sum(bool(signer.unsigned_values(oid)) for oid in _LONG_TERM)


def has(data: SignedData, signer: SignerInfo, step: Step, task: Task) -> bool:
    """Return whether this signer's part has what the step would add."""
    if step is Step.STAMP:
        return bool(good_stamps(data, signer))
    if step is Step.VALUES:
        return _has_values(data, signer, task.means, None)
    if step is Step.ARCHIVE:
        return _has_archive(data, signer, task)
    return all(signer.unsigned_values(oid) for oid in policies.P4.required)


def stamps(data: SignedData, signer: SignerInfo) -> list[Stamp]:
    """Return the time stamps over the signature, judged by their own bytes."""
    others = validation_data.certificates(data, signer)
    return time_stamp.signature_stamps(signer, signing_time(signer), others)


def good_stamps(data: SignedData, signer: SignerInfo) -> list[Stamp]:
    return [stamp for stamp in stamps(data, signer) if stamp.fault is None]


def signing_time(signer: SignerInfo) -> datetime | None:
    values = signer.values(cades.SIGNING_TIME)
    return values[0][0].time() if values and values[0] else None


def stamp_time(data: SignedData, signer: SignerInfo) -> datetime:
    """Return the time of the earliest good signature time stamp; raises TimeStampWrong."""
    times = [stamp.token.time for stamp in good_stamps(data, signer) if stamp.token]
    if not times:
        raise errors.TimeStampWrong(problem="none", detail="", url="", authority="")
    return min(times)


def final_from(signature: bytes, task: Task) -> datetime | None:
    """Return when the last signer's grace period ends; None: there is none, or no time
    stamp yet.
    """
    policy = task.target.policy
    if policy is None or not policy.grace:
        return None
    data = signed_data.parse(signature)
    try:
        times = [stamp_time(data, signer) for _number, signer in signers(data, task)]
    except errors.TimeStampWrong:
        return None
    return max(times) + policy.grace if times else None


# --- validation data and archive time stamps -----------------------------------------------------


def _has_values(
    data: SignedData, signer: SignerInfo, means: ExtensionServices, within: Covered | None
) -> bool:
    """Whether SignedData holds what signer and time stamps stand on (what `within` covers of it).

    It has to speak for the times in question, current or not.
    """
    stamps = good_stamps(data, signer)
    inside = set(data.certificates if within is None else within.certificates)
    inside |= {der for s in stamps if s.token for der in s.token.data.certificates}
    values = [
        RevocationData(one.source, one.der, stamp_time(data, signer))
        for one in (validation_data.revocation(data, signer) if stamps else ())
        if one.inside and (within is None or one.holder in within.revocation)
    ]
    own = structure.examine(data, signer, None, latest=means.now()).certificate
    if own is None or not stamps:
        return False
    wanted = [(own.der, stamp_time(data, signer))]
    wanted += [(s.authority.der, s.token.time) for s in stamps if s.authority and s.token]
    every = tuple({*inside, *data.certificates})
    paths = [(_path(der, every, at, means), at) for der, at in wanted]
    trusted = [(path, at) for path, at in paths[1:] if path]
    return bool(trusted) and all(
        _told(path, at, inside, values) for path, at in (paths[0], *trusted)
    )


def _told(
    path: Sequence[bytes], at: datetime, inside: set[bytes], revocation: Sequence[RevocationData]
) -> bool:
    return bool(path) and all(
        der in inside and crl_ocsp.speaks_for(der, issuer, revocation, at)
        for issuer, der in pairwise(path)
    )


def _path(
    der: bytes, embedded: Sequence[bytes], at: datetime, means: ExtensionServices
) -> tuple[bytes, ...]:
    """From a trusted root down to the certificate; empty: there is none."""
    return means.validator.validate(
        der, embedded=tuple(embedded), data=(), at=at, today=at, freshness=Freshness()
    ).path


def _has_archive(data: SignedData, signer: SignerInfo, task: Task) -> bool:
    """Whether an archive time stamp is there and, for the levels, covers what they rest on.

    That is the validation data and the earliest time stamp.

    Without the content it is believed to be over it.
    """
    content = task.content if task.content is not None else data.content
    if content is None:
        return bool(signer.unsigned_values(cades.ARCHIVE_TIME_STAMP_V3))
    stamps = time_stamp.archive_stamps(data, signer, content, signing_time(signer))
    covered = [stamp.covered for stamp in stamps if stamp.fault is None and stamp.covered]
    if Step.VALUES not in task.target.steps:
        return bool(covered)
    own = [(s.token.time, s.wire) for s in good_stamps(data, signer) if s.token]
    first = {wire for time, wire in own if time == min(own)[0]}
    return any(
        bool(first & one.attributes) and _has_values(data, signer, task.means, one)
        for one in covered
    )


# --- whose time stamps they are ------------------------------------------------------------------


def untrusted(signature: bytes, task: Task) -> tuple[Step, str] | None:
    """Return the step whose time stamp leads to no trusted root, and its authority's name; None:
    none.

    One of the signature time stamps has to, and the newest archive time stamp.
    """
    data = signed_data.parse(signature)
    for _number, signer in signers(data, task):
        own = [s.authority for s in good_stamps(data, signer) if s.authority]
        newest = _newest_archive(data, signer)
        for step, stamps in ((Step.STAMP, own), (Step.ARCHIVE, [newest] if newest else [])):
            if stamps and not any(_is_trusted(data, one, task.means) for one in stamps):
                return step, stamps[0].holder
    return None


def _newest_archive(data: SignedData, signer: SignerInfo) -> Certificate | None:
    tokens = list(_archive_tokens(signer))
    if not tokens:
        return None
    token = max(tokens, key=lambda one: one.time)
    known = (*token.data.certificates, *validation_data.certificates(data, signer))
    with_others = replace(token.data, certificates=known)
    examined = structure.examine(with_others, token.signer, token.info, latest=token.time)
    return examined.certificate


def _archive_tokens(signer: SignerInfo) -> Iterator[tst.Token]:
    for value in signer.unsigned_values(cades.ARCHIVE_TIME_STAMP_V3)[: time_stamp.MOST]:
        with suppress(errors.Asn1Malformed):
            yield tst.read(value.raw)


def _is_trusted(data: SignedData, authority: Certificate, means: ExtensionServices) -> bool:
    return bool(_path(authority.der, _every_certificate(data), means.now(), means))


def _every_certificate(data: SignedData) -> tuple[bytes, ...]:
    """Those of the signature, of its values and of its time stamps."""
    certificates = list(data.certificates)
    for signer in data.signers:
        certificates += validation_data.certificates(data, signer)
        tokens = [stamp.token for stamp in stamps(data, signer) if stamp.token]
        for token in (*tokens, *_archive_tokens(signer)):
            certificates += token.data.certificates
    return tuple(dict.fromkeys(certificates))
