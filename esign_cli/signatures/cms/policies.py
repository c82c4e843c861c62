"""The signature policies of the Turkish profiles P1 to P4, and the attribute that names one.

BTK, Elektronik İmza Kullanım Profilleri Rehberi 1.0 (2012), over ETSI TS 101 733 v1.8.1. P1 has no
policy and so stands in the table with an empty identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades
from esign_cli.signatures.cms.signed_data import SignerInfo
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.asn1 import Node

GUIDE_SHA256 = "ff39bd29463383f69b2052ac47439e06ce7c3b8646e888b6e5ae3e46ba08117a"
"""Of the guide's PDF: what signatures in practice carry as the hash of each of the policies."""
GRACE = timedelta(hours=24)
"""Kesinleşme: how long after the time stamp a revocation may still come to be known by CRL."""
_ADDRESS = "http://www.eimza.gov.tr/EimzaPolitikalari/"
_SHORT = (cades.SIGNATURE_TIME_STAMP,)
_LONG = (
    *_SHORT,
    cades.CERTIFICATE_REFERENCES,
    cades.REVOCATION_REFERENCES,
    cades.CERTIFICATE_VALUES,
    cades.REVOCATION_VALUES,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """One profile's rules."""

    name: str
    """"P1" to "P4"."""
    oid: str = ""
    address: str = ""
    """The SPURI that is written."""
    grace: timedelta = timedelta(0)
    """From the time stamp on: revocation data from before its end are preliminary."""
    source: str = ""
    """What the signer's own revocation has to be told by: "crl", "ocsp", or either."""
    required: tuple[str, ...] = ()
    """Unsigned attributes that have to be there, by dotted identifier."""
    archivable: bool = False
    """Whether an archive time stamp may stand in it."""
    hashes: tuple[tuple[str, str], ...] = (("sha256", GUIDE_SHA256),)
    """Digest names with hexadecimal values that are accepted as the policy's; first: written."""


P1 = Policy("P1", hashes=())
P2 = Policy(
    "P2", "2.16.792.1.61.0.1.5070.3.1.1", _ADDRESS + "216792161015070311.pdf", GRACE, "crl", _SHORT
)
P3 = Policy(
    "P3",
    "2.16.792.1.61.0.1.5070.3.2.1",
    _ADDRESS + "216792161015070321.pdf",
    GRACE,
    "crl",
    _LONG,
    archivable=True,
)
P4 = Policy(
    "P4",
    "2.16.792.1.61.0.1.5070.3.3.1",
    _ADDRESS + "216792161015070331.pdf",
    source="ocsp",
    required=_LONG,
    archivable=True,
)
POLICIES = {policy.name: policy for policy in (P1, P2, P3, P4)}
BY_OID = {policy.oid: policy for policy in POLICIES.values() if policy.oid}


@dataclass(frozen=True, slots=True)
class Named:
    """What a signature-policy-identifier attribute says; all empty: the policy is only implied."""

    oid: str = ""
    digest: str = ""
    """The hash's algorithm, for hashlib; the dotted identifier of an unknown one."""
    value: bytes = b""
    address: str = ""
    """The SPURI; empty if there is none."""
    notice: str = ""
    """The text of the SPUserNotice; empty if there is none."""


def oid_named(signer: SignerInfo) -> str:
    """Return the dotted identifier of the policy that is named; empty: none is, or none
    readable.
    """
    try:
        values = signer.values(cades.SIGNATURE_POLICY)
        return next((named(value).oid for every in values for value in every), "")
    except Asn1Malformed:
        return ""


def names_known(signer: SignerInfo) -> bool:
    """Return whether one of BTK's policies (P2 to P4) is named."""
    return oid_named(signer) in BY_OID


def named(value: Node) -> Named:
    """Return the attribute's value read (RFC 5126 5.8.1); raises Asn1Malformed."""
    if value.identifier == asn1.NULL:
        return Named()
    parts = value.children(asn1.SEQUENCE)
    if len(parts) == 1:
        return Named(parts[0].oid())
    oid, hashed = algorithms.first_two(parts, "signature policy")
    algorithm, digest = algorithms.first_two(hashed.children(asn1.SEQUENCE), "sigPolicyHash")
    qualifiers = parts[2].children(asn1.SEQUENCE) if len(parts) > 2 else ()  # noqa: PLR2004  (id, hash, qualifiers)
    return Named(
        oid=oid.oid(),
        digest=algorithms.algorithm(algorithm).digest,
        value=digest.octets(),
        address=next(filter(None, map(_address, qualifiers)), ""),
        notice=next(filter(None, map(_notice, qualifiers)), ""),
    )


def _qualifier(qualifier: Node, wanted: str) -> Node | None:
    """The value of a SigPolicyQualifierInfo of this kind; None: it is of another."""
    kind, value = algorithms.first_two(qualifier.children(asn1.SEQUENCE), "sigPolicyQualifier")
    return value if kind.oid() == wanted else None


def _address(qualifier: Node) -> str:
    value = _qualifier(qualifier, cades.POLICY_ADDRESS)
    return value.contents.decode("ascii", "replace") if value is not None else ""


def _notice(qualifier: Node) -> str:
    """The explicitText of an SPUserNotice, which comes after its noticeRef (RFC 5126 5.8.1)."""
    value = _qualifier(qualifier, cades.POLICY_NOTICE)
    for part in value.children(asn1.SEQUENCE) if value is not None else ():
        if part.identifier in _TEXTS:
            return part.contents.decode(_TEXTS[part.identifier], "replace")
    return ""


_TEXTS = {asn1.UTF8_STRING: "utf-8", 0x1A: "ascii", 0x1E: "utf-16-be", asn1.IA5_STRING: "ascii"}
"""DisplayText: UTF8String, VisibleString, BMPString."""


def attribute(policy: Policy, *, address: str = "") -> bytes:
    """Return the signed attribute that names the policy; `address` instead of its own SPURI."""
    digest, value = policy.hashes[0]
    uri = asn1.tlv(asn1.IA5_STRING, (address or policy.address).encode("ascii"))
    return cades.attribute(
        cades.SIGNATURE_POLICY,
        asn1.sequence(
            asn1.oid(policy.oid),
            asn1.sequence(
                algorithms.digest_identifier(digest), asn1.octet_string(bytes.fromhex(value))
            ),
            asn1.sequence(asn1.sequence(asn1.oid(cades.POLICY_ADDRESS), uri)),
        ),
    )
