"""The rules that a signature's own bytes have to keep, before any path is looked for.

RFC 5652 (CMS), RFC 5035 (ESS), ETSI EN 319 122-1 (CAdES baseline), EN 319 102-1 (indications).
Engines let many of these through, so they are judged here.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors.signatures import Asn1Malformed, CertificateUnreadable
from esign_cli.signatures import cades, certificate
from esign_cli.signatures.cades import CertificateId
from esign_cli.signatures.cms import attributes, signature_value
from esign_cli.signatures.cms.report import Finding, Sub, Warned
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.pki import algorithms, asn1, tbs
from esign_cli.signatures.pki.algorithms import Content, Digested

CLOCK_SKEW = timedelta(seconds=300)
"""How far in the future a signing-time may lie."""
VERSIONS = (1, 3, 4, 5)
"""Of SignedData; which of them depends on parts that software often adds without minding it."""
_NEEDED = ((cades.CONTENT_TYPE, "content-type"), (cades.MESSAGE_DIGEST, "message-digest"))
_PROTECTION = cades.ALGORITHM_PROTECTION
"""Twice, it is no matter of form: `signature_value` says so."""
_MOST_TOLD = 8
"""How many things that were not read are named."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What one signer's bytes say, and what was found wrong with them."""

    findings: tuple[Finding, ...]
    warnings: tuple[Warned, ...] = ()
    certificate: Certificate | None = None
    signing_time: datetime | None = None
    level: str | None = None
    """"B-B", "BES" or None; what lies above them is not told by the signature's own bytes."""


@dataclass(frozen=True, slots=True)
class _Said:
    """The signed attributes, read."""

    content_type: str = ""
    digest: bytes = b""
    signing_time: datetime | None = None
    certificate: CertificateId | None = None
    older: CertificateId | None = None
    """What a signing-certificate of version 1 names beside one of version 2."""


def examine(
    data: SignedData,
    signer: SignerInfo,
    content: Content | None,
    *,
    latest: datetime,
    counter: bool = False,
) -> Structure:
    """Return the findings on one signer; `content` is what was signed, `latest` the time it
    is now.

    Of a `counter` signature the content is the signature value that it is over, and it has no
    content-type (RFC 5652 11.4).
    """
    try:
        said = _read_attributes(data, signer, counter=counter)
    except Asn1Malformed as error:
        return Structure((_malformed(str(error.facts["detail"])),))
    findings = [_well_formed(data, signer), *_shape(data, signer, counter=counter)]
    findings += _content_findings(data, signer, said, content)
    der = _signer_certificate(data, signer, said)
    if der is None:
        findings.append(Finding("signer", "certificate-absent", Sub.NO_SIGNING_CERTIFICATE_FOUND))
        return Structure(tuple(findings), signing_time=said.signing_time)
    try:
        facts, parts = certificate.parse(der), tbs.read(der)
        findings += _ess(signer, said, der, parts)
        findings += signature_value.judged(signer, parts, content)
    except (CertificateUnreadable, Asn1Malformed) as error:
        findings.append(_unreadable(str(error.facts["detail"])))
        return Structure(tuple(findings), signing_time=said.signing_time)
    findings += _constraints(said, facts, latest)
    lost = () if counter else tuple(_lost(data, signer))
    return Structure(
        findings=tuple(findings),
        warnings=(*_warnings(data, signer, said), *lost),
        certificate=facts,
        signing_time=said.signing_time,
        level=_level(said, lost),
    )


def _well_formed(data: SignedData, signer: SignerInfo) -> Finding:
    """That the whole was read, or what of it was not."""
    others = ["certificates"] if data.other_certificates else []
    left = list(dict.fromkeys((*attributes.unread(signer), *others)))[:_MOST_TOLD]
    code = f"well-formed{'-in-part' if left else ''}{'-padded' if data.padding else ''}"
    facts = (("unread", ", ".join(left)), ("padding", str(data.padding or "")))
    return Finding("format", code, None, tuple(fact for fact in facts if fact[1]))


def _malformed(detail: str) -> Finding:
    return Finding("format", "malformed", Sub.FORMAT_FAILURE, (("detail", detail),))


def _unreadable(detail: str) -> Finding:
    bad = Sub.NO_SIGNING_CERTIFICATE_FOUND
    return Finding("signer", "certificate-unreadable", bad, (("detail", detail),))


# --- what the attributes say ---------------------------------------------------------------------


def _read_attributes(data: SignedData, signer: SignerInfo, *, counter: bool) -> _Said:
    """The signed attributes; raises Asn1Malformed for what must be there once and is not."""
    for breach in attributes.breaches(signer):
        if breach.rule.breaks and (breach.misplaced or breach.rule.oid != _PROTECTION):
            raise asn1.malformed(breach.detail)
    if signer.attributes is None:
        return _Said(content_type=data.content_type)
    if counter and signer.values(cades.CONTENT_TYPE):
        raise asn1.malformed("content-type in a counter-signature")
    for oid, name in _NEEDED[counter:]:
        if not signer.values(oid):
            raise asn1.malformed(f"{name}: 0")
    times, named = signer.values(cades.SIGNING_TIME), _certificate_ids(signer)
    return _Said(
        content_type=(
            data.content_type if counter else signer.values(cades.CONTENT_TYPE)[0][0].oid()
        ),
        digest=signer.values(cades.MESSAGE_DIGEST)[0][0].octets(),
        signing_time=times[0][0].time() if times else None,
        certificate=named[0] if named else None,
        older=named[1] if len(named) > 1 else None,
    )


def _certificate_ids(signer: SignerInfo) -> list[CertificateId]:
    """What signing-certificate-v2 and signing-certificate name, as far as they are there."""
    oids = (cades.SIGNING_CERTIFICATE_V2, cades.SIGNING_CERTIFICATE)
    return [
        cades.certificate_id(values[0][0], v2=oid == cades.SIGNING_CERTIFICATE_V2)
        for oid in oids
        if (values := signer.values(oid))
    ]


def _shape(data: SignedData, signer: SignerInfo, *, counter: bool) -> Iterator[Finding]:
    """Versions and digestAlgorithms that go together (RFC 5652 5.1, 5.3)."""
    if signer.version != (3 if signer.key_id else 1):
        yield _malformed(f"SignerInfo version {signer.version}")
    if data.version not in VERSIONS:
        yield _malformed(f"SignedData version {data.version}")
    listed = counter or signer.digest.oid in data.digests
    if not listed or not signer.digest.bare:
        yield _malformed("digestAlgorithm")


# --- the content ---------------------------------------------------------------------------------


def _content_findings(
    data: SignedData, signer: SignerInfo, said: _Said, content: Content | None
) -> Iterator[Finding]:
    if said.content_type != data.content_type:
        yield _malformed("content-type differs from eContentType")
    if content is None:
        yield Finding("content", "content-missing", Sub.SIGNED_DATA_NOT_FOUND)
        return
    if data.content is not None and not _same(content, data.content):
        yield Finding("content", "other-content", Sub.HASH_FAILURE)
        return
    if signer.attributes is None:
        return
    digest = algorithms.hashed(signer.digest.digest, content)
    if digest is None:
        yield Finding(
            "content", "unknown-digest", Sub.CRYPTO_CONSTRAINTS_FAILURE,
            (("algorithm", signer.digest.digest),),
        )  # fmt: skip
    elif hmac.compare_digest(digest, said.digest):
        yield Finding("content", "content-intact")  # no digest: it would tell a hidden word
    else:
        yield Finding("content", "content-altered", Sub.HASH_FAILURE)


def _same(content: Content, inside: bytes) -> bool:
    if isinstance(content, Digested):
        return content.digests["sha256"] == algorithms.hashed("sha256", inside)
    return content == inside


# --- the signer's certificate --------------------------------------------------------------------


def _signer_certificate(data: SignedData, signer: SignerInfo, said: _Said) -> bytes | None:
    """The certificate that SignerInfo names; where several answer, the one that ESS binds."""
    named = [der for der in data.certificates if _names(signer, der)]
    bound = [der for der in named if said.certificate and _bound(said.certificate, der)]
    return next(iter(bound or named), None)


def _names(signer: SignerInfo, der: bytes) -> bool:
    try:
        parts = tbs.read(der)
    except CertificateUnreadable:
        return False
    if signer.key_id:
        return parts.key_id == signer.key_id
    return parts.serial == signer.serial and tbs.same_name(parts.issuer, signer.issuer)


def _bound(identifier: CertificateId, der: bytes) -> bool:
    return algorithms.hashed(identifier.digest, der) == identifier.value


def _names_in_ess(identifier: CertificateId, parts: tbs.Tbs) -> bool:
    """Whether issuerSerial, where it is given, is the certificate's."""
    return not identifier.serial or (
        identifier.serial == parts.serial and tbs.same_name(identifier.issuer, parts.issuer)
    )


def _ess(signer: SignerInfo, said: _Said, der: bytes, parts: tbs.Tbs) -> Iterator[Finding]:
    """Whether signing-certificate binds the certificate that is used (RFC 5035 5.4)."""
    identifier = said.certificate
    if identifier is None:
        if signer.attributes is not None:
            yield Finding("attributes", "no-ess", Sub.SIG_CONSTRAINTS_FAILURE)
        yield Finding("signer", "certificate-not-bound")
        return
    other = Finding("signer", "ess-other-certificate", Sub.NO_SIGNING_CERTIFICATE_FOUND)
    both = [one for one in (identifier, said.older) if one is not None]
    if identifier.digest not in algorithms.STRONG_DIGESTS:
        yield Finding(
            "algorithms", "ess-weak", Sub.CRYPTO_CONSTRAINTS_FAILURE,
            (("algorithm", identifier.digest),),
        )  # fmt: skip
    if not all(_names_in_ess(one, parts) and _bound(one, der) for one in both):
        yield other
    else:
        yield Finding("signer", "certificate-bound")


# --- what the attributes must keep ---------------------------------------------------------------


def _constraints(said: _Said, facts: Certificate, latest: datetime) -> Iterator[Finding]:
    moment = said.signing_time
    if not said.digest:
        yield Finding("attributes", "no-signed-attributes", Sub.SIG_CONSTRAINTS_FAILURE)
    elif moment is not None and moment < facts.not_before:
        yield Finding("attributes", "signed-before-certificate", Sub.SIG_CONSTRAINTS_FAILURE)
    elif moment is not None and moment > latest + CLOCK_SKEW:
        yield Finding("attributes", "signed-in-future", Sub.SIG_CONSTRAINTS_FAILURE)
    else:
        yield Finding("attributes", "attributes-good")
    if facts.signs:
        yield Finding("key-usage", "seal-usage" if facts.seal else "non-repudiation")
    else:
        yield Finding("key-usage", "no-non-repudiation", Sub.CHAIN_CONSTRAINTS_FAILURE)


def _level(said: _Said, lost: tuple[Warned, ...]) -> str | None:
    if said.certificate is None:
        return None
    return "BES" if said.signing_time is None or lost else "B-B"


def _lost(data: SignedData, signer: SignerInfo) -> Iterator[Warned]:
    """Why it is no baseline signature, though no rule of CMS is broken (EN 319 122-1 6.2, 6.3)."""
    for breach in attributes.breaches(signer):
        if not breach.rule.breaks:
            yield Warned("not-baseline", (("detail", breach.detail),))
    if data.content_type != cades.ID_DATA:
        yield Warned("not-baseline", (("detail", f"eContentType {data.content_type}"),))
    if signer.values(cades.SIGNER_ATTRIBUTES) and signer.values(cades.SIGNER_ATTRIBUTES_V2):
        yield Warned("not-baseline", (("detail", "signer-attributes: 2"),))


def _warnings(data: SignedData, signer: SignerInfo, said: _Said) -> Iterator[Warned]:
    if said.digest and said.signing_time is None:
        yield Warned("no-signing-time")
    if said.certificate is not None and said.certificate.explicit_default:
        yield Warned("ess-explicit-default")
    if signer.signed_wire != signer.signed_der:
        yield Warned("attributes-not-sorted")
    if data.other_certificates:
        yield Warned("other-certificates", (("count", str(data.other_certificates)),))
