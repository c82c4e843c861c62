"""Time stamps over a signature: what their own bytes have to keep, before any path is looked for.

RFC 3161, RFC 5816; ETSI EN 319 122-1 5.3 (signature-time-stamp), 5.5.3 (archive-time-stamp-v3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades, certificate
from esign_cli.signatures.cms import archive, structure, tst, validation_data
from esign_cli.signatures.cms.archive import Covered
from esign_cli.signatures.cms.report import Finding, Result, StampKind, Sub, worst
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.cms.tst import Token
from esign_cli.signatures.pki import algorithms

LATEST = timedelta(hours=2)
EARLIEST = timedelta(seconds=300)
MOST = 16
"""How many time stamps of one kind are looked at."""
CHECKS = {StampKind.SIGNATURE: "time-stamp", StampKind.ARCHIVE: "archive-time-stamp"}
_NOT_OF_A_STAMP = ("key-usage",)
_NOT_JUDGED = (
    (cades.ARCHIVE_TIME_STAMP_V1, "archive-time-stamp", "stamp-old-kind"),
    (cades.ARCHIVE_TIME_STAMP_V2, "archive-time-stamp", "stamp-old-kind"),
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


def signature_stamps(
    signer: SignerInfo, signing_time: datetime | None, others: Sequence[bytes] = ()
) -> list[Stamp]:
    """The time stamps over the signature value; `signing_time` is what the signer says.

    `others` are certificates of the signature, for tokens that do not bring their authority's.
    """
    over = _over(signer.signature)

    def far(token: Token) -> Finding | None:
        if signing_time is None or signing_time - EARLIEST <= token.time <= signing_time + LATEST:
            return None
        facts = (("time", token.time.isoformat()),)
        return Finding("time-stamp", "stamp-too-far", Sub.SIG_CONSTRAINTS_FAILURE, facts)

    values = signer.unsigned_values(cades.SIGNATURE_TIME_STAMP)[:MOST]
    return [_stamp(StampKind.SIGNATURE, value.raw, over, far, others) for value in values]


def archive_stamps(
    data: SignedData, signer: SignerInfo, content: bytes, signing_time: datetime | None = None
) -> list[Stamp]:
    """The archive time stamps of version 3 over all that is there; `content` is what was signed."""

    def far(token: Token) -> Finding | None:
        if signing_time is None or token.time >= signing_time - EARLIEST:
            return None
        facts = (("time", token.time.isoformat()),)
        return Finding("archive-time-stamp", "stamp-too-far", Sub.SIG_CONSTRAINTS_FAILURE, facts)

    def over(token: Token) -> Covered | None:
        index = archive.index_of(token.signer)
        if index.digest != token.imprint_digest:
            return None
        wanted = archive.imprint(data, signer, content, index.wire, index.digest)
        return archive.covered(data, signer, index) if token.imprint == wanted else None

    values = signer.unsigned_values(cades.ARCHIVE_TIME_STAMP_V3)[:MOST]
    others = validation_data.certificates(data, signer)
    return [_stamp(StampKind.ARCHIVE, value.raw, over, far, others) for value in values]


def other_stamps(signer: SignerInfo) -> Iterator[Finding]:
    """Time stamps of other kinds: they are named, not judged, and prove nothing here."""
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
    far: Callable[[Token], Finding | None],
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
    fault, authority = _own(check, token, others)
    return Stamp(kind, wire, token, fault or far(token), authority, covered)


def _broken(check: str, detail: str) -> Finding:
    facts = (("detail", detail),)
    return Finding(check, "stamp-broken", Sub.SIG_CONSTRAINTS_FAILURE, facts)


def _own(
    check: str, token: Token, others: Sequence[bytes]
) -> tuple[Finding | None, Certificate | None]:
    """What is wrong with the token's own signature, and whose it is."""
    data = replace(token.data, certificates=(*token.data.certificates, *others))
    found = structure.examine(data, token.signer, token.info, latest=token.time)
    relevant = [f for f in found.findings if f.check not in _NOT_OF_A_STAMP]
    facts = (("time", token.time.isoformat()),)
    if token.imprint_digest not in algorithms.STRONG_DIGESTS:
        weak = Finding("", "weak-digest", Sub.CRYPTO_CONSTRAINTS_FAILURE)
        relevant.append(weak)
    sub = worst(relevant)
    if any(f.code == "certificate-absent" for f in relevant):
        absent = Finding(check, "stamp-without-certificate", None, facts, Result.NOT_CHECKED)
        return absent, None
    if sub is Sub.CRYPTO_CONSTRAINTS_FAILURE:
        return Finding(check, "stamp-weak", sub, facts), found.certificate
    if sub is not None or found.certificate is None:
        codes = [f.code for f in relevant if f.sub is sub]
        return _broken(check, ", ".join(codes)), found.certificate
    if not certificate.only_time_stamping(found.certificate.der):
        return (
            Finding(check, "stamp-not-by-authority", None, facts, Result.FAILED),
            found.certificate,
        )
    return None, found.certificate
