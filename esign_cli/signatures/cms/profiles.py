"""Which Turkish profile a signature is of, and which of the profile's rules it breaks.

BTK, Elektronik İmza Kullanım Profilleri Rehberi 1.0; the rules themselves stand in `policies`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades, certificate
from esign_cli.signatures.cms import policies, references, validation_data
from esign_cli.signatures.cms.policies import Named, Policy
from esign_cli.signatures.cms.proof_of_existence import Existence, ValidatedStamp
from esign_cli.signatures.cms.report import (
    Acceptance,
    Finding,
    Indication,
    PathAnswer,
    ProfileReport,
    StampKind,
    Sub,
)
from esign_cli.signatures.cms.signed_data import SignerInfo
from esign_cli.signatures.pki import algorithms, crl_ocsp
from esign_cli.signatures.pki.crl import Freshness, RevocationData

_ARCHIVES = (
    cades.ARCHIVE_TIME_STAMP_V1,
    cades.ARCHIVE_TIME_STAMP_V2,
    cades.ARCHIVE_TIME_STAMP_V3,
)
_NAMES = {
    cades.SIGNATURE_TIME_STAMP: "signature-time-stamp",
    cades.CERTIFICATE_REFERENCES: "complete-certificate-references",
    cades.REVOCATION_REFERENCES: "complete-revocation-references",
    cades.CERTIFICATE_VALUES: "certificate-values",
    cades.REVOCATION_VALUES: "revocation-values",
}
_ADDED_LATER = frozenset(_NAMES.values()) - {_NAMES[cades.SIGNATURE_TIME_STAMP]}
_OPEN = frozenset(
    {
        Sub.SIGNED_DATA_NOT_FOUND,
        Sub.NO_CERTIFICATE_CHAIN_FOUND,
        Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE,
        Sub.TRY_LATER,
    }
)
"""What more data, or another root, may still change: no rule of the profile is broken by it."""
Hashes = Mapping[str, Sequence[str]]
"""Digest names with hexadecimal values that are accepted as a policy's, beside the table's."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """What the profile asks, before the signer's path is judged."""

    policy: Policy | None
    named: Named | None
    hash_accepted: bool | None
    broken: tuple[str, ...]
    findings: tuple[Finding, ...]
    freshness: Freshness


def examine(
    signer: SignerInfo,
    stamps: Sequence[ValidatedStamp],
    more_hashes: Hashes,
    today: datetime,
) -> Profiled:
    """Return the profile of one signer, its rules held against the bytes and the judged time
    stamps.

    A signature of P3 may lack what is added after its grace period as long as this is running.
    """
    values = signer.values(cades.SIGNATURE_POLICY)
    if not values:
        return _without_policy(signer)
    try:
        named = policies.named(algorithms.exactly_one(values[0], "signature policy"))
    except Asn1Malformed as error:
        return _refused(None, None, None, ("malformed",), str(error.facts["detail"]))
    policy = policies.BY_OID.get(named.oid)
    if policy is None:
        return _refused(None, named, None, ("policy-unknown",), named.oid)
    accepted = _hash_accepted(policy, named, more_hashes)
    broken = tuple(_broken(policy, signer, accepted))
    good = [j.report.time for j in stamps if j.report.good and _is_signature_stamp(j)]
    final = min((time for time in good if time is not None), default=None)
    final = final + policy.grace if final else None
    unfinished = set(broken) <= _ADDED_LATER and final is not None and today < final
    if broken and not unfinished:
        return _refused(policy, named, accepted, broken, ", ".join(broken))
    if final is None:
        return _unstamped(policy, named, stamps)
    facts = (("policy", policy.name), ("oid", policy.oid))
    if broken:
        finding = Finding("policy", "policy-unfinished", Sub.TRY_LATER, facts)
    else:
        finding = Finding("policy", "policy-kept", None, facts)
    return Profiled(policy, named, accepted, broken, (finding,), Freshness(policy.source, final))


def _without_policy(signer: SignerInfo) -> Profiled:
    """P1, if all that it wants is there and nothing that it forbids."""
    is_p1 = bool(signer.values(cades.SIGNING_TIME)) and bool(
        signer.values(cades.SIGNING_CERTIFICATE_V2)
    )
    archived = any(signer.unsigned_values(oid) for oid in _ARCHIVES)
    policy = policies.P1 if is_p1 and not archived else None
    return Profiled(policy, None, None, (), (), Freshness())


def _refused(
    policy: Policy | None,
    named: Named | None,
    accepted: bool | None,
    broken: tuple[str, ...],
    detail: str,
) -> Profiled:
    facts = (("detail", detail),)
    finding = Finding("policy", _code(broken), Sub.POLICY_PROCESSING_ERROR, facts)
    return Profiled(policy, named, accepted, broken, (finding,), Freshness())


def _code(broken: tuple[str, ...]) -> str:
    own = {"policy-unknown": "policy-unknown", "malformed": "policy-malformed"}
    return own.get(broken[0], "policy-hash" if broken == ("policy-hash",) else "policy-broken")


def _unstamped(policy: Policy, named: Named, stamps: Sequence[ValidatedStamp]) -> Profiled:
    """Time stamps are there and none is good: the first one's reason is the signature's."""
    why = next((j.why for j in stamps if _is_signature_stamp(j) and j.why), None)
    sub = why or Sub.POLICY_PROCESSING_ERROR
    broken = ("no-good-time-stamp",)
    facts = (("policy", policy.name),)
    finding = Finding("policy", "policy-without-good-stamp", sub, facts)
    return Profiled(policy, named, True, broken, (finding,), Freshness())


def _is_signature_stamp(judged: ValidatedStamp) -> bool:
    return judged.stamp.kind is StampKind.SIGNATURE


def _hash_accepted(policy: Policy, named: Named, more: Hashes) -> bool:
    known = {*policy.hashes, *((name, value) for name, all_ in more.items() for value in all_)}
    return (named.digest, named.value.hex()) in known


def _broken(policy: Policy, signer: SignerInfo, accepted: bool) -> Iterator[str]:
    """Codes of the rules that the bytes break."""
    if not accepted:
        yield "policy-hash"
    if not signer.values(cades.SIGNING_TIME):
        yield "signing-time"
    if not signer.values(cades.SIGNING_CERTIFICATE_V2):
        yield "signing-certificate-v2"
    missing = [oid for oid in policy.required if not signer.unsigned_values(oid)]
    yield from (_NAMES[oid] for oid in missing)
    if not policy.archivable and any(signer.unsigned_values(oid) for oid in _ARCHIVES):
        yield "archive-time-stamp"
    if cades.REVOCATION_REFERENCES in policy.required and not missing:
        yield from _doubled(policy, signer)
        yield from _differing(signer)


def _doubled(policy: Policy, signer: SignerInfo) -> Iterator[str]:
    """References and values that are there more than once (ETSI TS 101 733 6.2, 6.3)."""
    for oid in policy.required:
        if oid != cades.SIGNATURE_TIME_STAMP and len(signer.unsigned_values(oid)) != 1:
            yield f"{_NAMES[oid]}-twice"


def _differing(signer: SignerInfo) -> Iterator[str]:
    """Values that are none, and references that no value answers to."""
    if not validation_data.values_readable(signer):
        yield "values-unreadable"
    certificates = validation_data.certificate_values(signer)
    revocation = [one.der for one in validation_data.revocation_values(signer)]
    if not references.certificates_there(signer, certificates):
        yield "complete-certificate-references"
    if not references.revocation_there(signer, revocation):
        yield "complete-revocation-references"


def settled(profiled: Profiled, known: Existence, answer: PathAnswer) -> Profiled:
    """Return the same with the signer's path: a P3 or P4 has to hold by itself what proves
    it.

    Its values have to tell the signer's revocation by the profile's own source and freshness, and
    hold and refer to every sub-CA; the signer's certificate is not referred to. Not asked while the
    grace period runs.
    """
    policy, since = profiled.policy, profiled.freshness.since
    if policy is None or cades.REVOCATION_VALUES not in policy.required or since is None:
        return profiled
    if not answer.path or known.today < since:
        return profiled
    *cas, signer = answer.path[1:]
    rules = (
        ("values-of-the-signer", _told_inside(known, answer.path, profiled.freshness)),
        ("values-of-sub-cas", _held_inside(known, answer.path[:-1])),
        ("values-of-the-authority", _held_inside(known, _authority(known))),
        ("references-to-sub-cas", references.name_all(known.signer, cas)),
        ("references-to-the-signer", not references.names(known.signer, signer)),
    )
    broken = tuple(name for name, holds in rules if not holds)
    if not broken:
        return profiled
    facts = (("detail", ", ".join(broken)),)
    finding = Finding("policy", "policy-broken", Sub.POLICY_PROCESSING_ERROR, facts)
    return replace(profiled, broken=broken, findings=(finding,))


def _authority(known: Existence) -> tuple[bytes, ...]:
    """The path of the authority whose signature time stamp counts; empty if there is none."""
    stamps = [(j.report.time, j.path) for j in known.good if _is_signature_stamp(j)]
    times = [time for time, _path in stamps if time is not None]
    return next((path for time, path in stamps if time == min(times, default=None)), ())


def _held_inside(known: Existence, path: tuple[bytes, ...]) -> bool:
    """Whether the signature holds each certificate below the anchor, and what clears it."""
    data = [replace(d, held=known.since) for d in (*known.revocation(), *known.of_stamps())]
    return set(path[1:]) <= set(known.certificates()) and all(
        _judged(known, der, issuer, data, authority=True) in _TOLD for issuer, der in pairwise(path)
    )


def _told_inside(known: Existence, path: tuple[bytes, ...], freshness: Freshness) -> bool:
    """Whether the values hold, and refer to, what clears the signer as the profile wants it.

    Of the other source all counts: a CRL may clear the responder of an OCSP answer.
    """
    since = freshness.since or known.since
    data = [
        RevocationData(one.source, one.der, since)
        for one in known.kept
        if one.source != freshness.source
        or (not one.inside and references.names_datum(known.signer, one.der))
    ]
    return _judged(known, path[-1], path[-2], data, freshness=freshness) in _TOLD


_TOLD = ("good", "revoked-after", "revoked")
"""What data have to say: a revocation before the time in question is no matter of the profile."""


def _judged(
    known: Existence,
    der: bytes,
    issuer: bytes,
    data: Sequence[RevocationData],
    *,
    authority: bool = False,
    freshness: Freshness = crl_ocsp.ANY,
) -> str:
    """What these data say of one certificate, by the rules of verifying, whenever that is done."""
    answers = crl_ocsp.answers(der, issuer, data)
    code, _answer = crl_ocsp.validate(
        answers,
        known.since,
        today=max((known.today, *(answer.this_update for answer in answers))),
        ended=certificate.parse(der).not_after,
        authority=authority,
        freshness=freshness,
    )
    return code


def report(
    profiled: Profiled, sub: Sub | None, indication: Indication, *, preliminary: bool
) -> ProfileReport | None:
    """Return the profile's answer, once the signature's own is known; None: nothing to do
    with one.
    """
    if profiled.policy is None and profiled.named is None and not profiled.broken:
        return None
    since = profiled.freshness.since if profiled.policy and profiled.policy.grace else None
    return ProfileReport(
        name=profiled.policy.name if profiled.policy else None,
        answer=_answer(sub, indication, preliminary and since is not None),
        policy=profiled.named,
        hash_accepted=profiled.hash_accepted,
        broken=profiled.broken,
        final_from=since,
    )


def _answer(sub: Sub | None, indication: Indication, preliminary: bool) -> Acceptance | None:
    if indication is Indication.PASSED:
        return Acceptance.ACCEPTED
    if sub not in _OPEN:
        return Acceptance.REFUSED
    return Acceptance.PRELIMINARY if preliminary and sub is Sub.TRY_LATER else None
