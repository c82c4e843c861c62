"""Time stamps over a signature: what their own bytes have to keep, before any path is looked for.

RFC 3161, RFC 5816; ETSI EN 319 122-1 5.3 (signature-time-stamp), 5.5.3 (archive-time-stamp-v3);
ETSI TS 101 733 v1.8.1 6.4.1 (archive-time-stamp-v2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades, certificate
from esign_cli.signatures.cms import archive, policies, structure, tst, validation_data
from esign_cli.signatures.cms.archive import Covered
from esign_cli.signatures.cms.report import Finding, Result, StampKind, Sub, Warned, worst
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.cms.tst import Token
from esign_cli.signatures.pki import algorithms

LATEST = timedelta(hours=2)
EARLIEST = timedelta(seconds=300)
MOST = 16
"""How many time stamps of one kind are looked at."""
CHECKS = {StampKind.SIGNATURE: "time-stamp", StampKind.ARCHIVE: "archive-time-stamp"}
Facts = tuple[tuple[str, str], ...]
_NOT_OF_A_STAMP = ("key-usage",)
_NOT_JUDGED = (
    (cades.ARCHIVE_TIME_STAMP_V1, "archive-time-stamp", "stamp-old-kind"),
    (cades.CADES_C_TIME_STAMP, "time-stamp", "stamp-old-kind"),
    (cades.REFERENCES_TIME_STAMP, "time-stamp", "stamp-old-kind"),
    (cades.CONTENT_TIME_STAMP, "time-stamp", "stamp-over-content"),
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One time stamp, judged by its own bytes."""

    kind: StampKind
    wire: bytes
    """The attribute's value, as an archive time stamp covers it."""
    token: Token | None
    fault: Finding | None
    """What keeps it from proving anything; None: its authority is to be judged."""
    authority: Certificate | None = None
    covered: Covered | None = None
    """What an archive time stamp is over, beside the signature itself and its content."""
    warnings: tuple[Warned, ...] = ()


def signature_stamps(
    signer: SignerInfo, signing_time: datetime | None, others: Sequence[bytes] = ()
) -> list[Stamp]:
    """Return the time stamps over the signature value; `signing_time` is what the signer
    says.

    `others` are certificates of the signature, for tokens that do not bring their authority's. That
    they come within two hours is a rule of BTK's policies only; EN 319 122-1 knows no such limit.
    """
    over = _over(signer.signature)
    bound = policies.names_known(signer)

    def far(token: Token) -> Finding | Warned | None:
        if signing_time is None or signing_time - EARLIEST <= token.time <= signing_time + LATEST:
            return None
        facts = (("time", token.time.isoformat()),)
        if token.time > signing_time and not bound:
            return Warned("stamp-late", facts)
        return Finding("time-stamp", "stamp-too-far", Sub.SIG_CONSTRAINTS_FAILURE, facts)

    values = signer.unsigned_values(cades.SIGNATURE_TIME_STAMP)[:MOST]
    return [_stamp(StampKind.SIGNATURE, value.raw, over, far, others) for value in values]


def archive_stamps(
    data: SignedData, signer: SignerInfo, content: bytes, signing_time: datetime | None = None
) -> list[Stamp]:
    """Return the archive time stamps of versions 2 and 3 over what is there; `content` is the
    signed one.

    Version 2 is what the Turkish profiles mean (ETSI TS 101 733 v1.8.1).
    """

    def far(token: Token) -> Finding | None:
        if signing_time is None or token.time >= signing_time - EARLIEST:
            return None
        facts = (("time", token.time.isoformat()),)
        return Finding("archive-time-stamp", "stamp-too-far", Sub.SIG_CONSTRAINTS_FAILURE, facts)

    others = validation_data.certificates(data, signer)
    return [
        _stamp(StampKind.ARCHIVE, value.raw, partial(over, data, signer, content), far, others)
        for oid, over in _ARCHIVES
        for value in signer.unsigned_values(oid)[:MOST]
    ]


def _over_indexed(
    data: SignedData, signer: SignerInfo, content: bytes, token: Token
) -> Covered | None:
    """What an archive-time-stamp-v3 is over; None: something else."""
    index = archive.index_of(token.signer)
    if index.digest != token.imprint_digest:
        return None
    wanted = archive.imprint(data, signer, content, index.wire, index.digest)
    return archive.covered(data, signer, index) if token.imprint == wanted else None


_ARCHIVES = (
    (cades.ARCHIVE_TIME_STAMP_V2, archive.covered_v2),
    (cades.ARCHIVE_TIME_STAMP_V3, _over_indexed),
)


def other_stamps(signer: SignerInfo) -> Iterator[Finding]:
    """Yield time stamps of other kinds: they are named, not judged, and prove nothing here."""
    for oid, check, code in _NOT_JUDGED:
        if signer.unsigned_values(oid) or signer.values(oid):
            yield Finding(check, code, result=Result.NOT_CHECKED)


def _over(message: bytes) -> Callable[[Token], Covered | None]:
    nothing = Covered(frozenset(), frozenset(), frozenset())
    return lambda token: nothing if token.is_over(message) else None


def _stamp(
    kind: StampKind,
    wire: bytes,
    over: Callable[[Token], Covered | None],
    far: Callable[[Token], Finding | Warned | None],
    others: Sequence[bytes],
) -> Stamp:
    check = CHECKS[kind]
    try:
        token = tst.read(wire)
        covered = over(token)
    except Asn1Malformed as error:
        return Stamp(kind, wire, None, _broken(check, str(error.facts["detail"])))
    if covered is None:
        bad = Finding(check, "stamp-of-another", Sub.SIG_CONSTRAINTS_FAILURE)
        return Stamp(kind, wire, token, bad)
    own, authority = _own(check, token, others)
    said = [own, far(token)]
    fault = next((one for one in said if isinstance(one, Finding)), None)
    warned = tuple(one for one in said if isinstance(one, Warned))
    return Stamp(kind, wire, token, fault, authority, covered, warned)


def _broken(check: str, detail: str) -> Finding:
    facts = (("detail", detail),)
    return Finding(check, "stamp-broken", Sub.SIG_CONSTRAINTS_FAILURE, facts)


def _own(
    check: str, token: Token, others: Sequence[bytes]
) -> tuple[Finding | Warned | None, Certificate | None]:
    """What is wrong with the token's own signature, or to be seen of it, and whose it is."""
    data = replace(token.data, certificates=(*token.data.certificates, *others))
    findings = structure.examine(data, token.signer, token.info, latest=token.time)
    named_by_sha1 = _named_by_sha1(token)
    passed = (*_NOT_OF_A_STAMP, *(("ess-weak",) if named_by_sha1 else ()))
    relevant = [f for f in findings.findings if f.check not in passed and f.code not in passed]
    facts: Facts = (("time", token.time.isoformat()),)
    if token.imprint_digest not in algorithms.STRONG_DIGESTS:
        weak = Finding("", "weak-digest", Sub.CRYPTO_CONSTRAINTS_FAILURE)
        relevant.append(weak)
    sub = worst(relevant)
    if any(f.code == "certificate-absent" for f in relevant):
        absent = Finding(check, "stamp-without-certificate", None, facts, Result.NOT_CHECKED)
        return absent, None
    said = (("detail", ", ".join(f.code for f in relevant if f.sub is sub)),)
    if sub is Sub.CRYPTO_CONSTRAINTS_FAILURE:
        return Finding(check, "stamp-weak", sub, (*facts, *said)), findings.certificate
    if sub is not None or findings.certificate is None:
        return Finding(
            check, "stamp-broken", Sub.SIG_CONSTRAINTS_FAILURE, said
        ), findings.certificate
    if not certificate.only_time_stamping(findings.certificate.der):
        return (
            Finding(check, "stamp-not-by-authority", None, facts, Result.FAILED),
            findings.certificate,
        )
    warned = Warned("stamp-named-by-sha1", (*facts, ("authority", findings.certificate.holder)))
    return warned if named_by_sha1 else None, findings.certificate


def _named_by_sha1(token: Token) -> bool:
    """Whether only ESSCertID names the token's certificate, as RFC 3161 2.4.1 has it.

    Its SHA-1 is over a public certificate, where only a second preimage would help a forger; many
    authorities still write it. Where signing-certificate-v2 stands beside it (RFC 5816), that
    decides.
    """
    names = token.signer.values
    return bool(names(cades.SIGNING_CERTIFICATE)) and not names(cades.SIGNING_CERTIFICATE_V2)
