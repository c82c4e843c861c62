"""The bytes of a CAdES signature: object identifiers, algorithms, signed attributes, SignedData.

RFC 5652 (CMS), RFC 5035 (ESS), RFC 5754 and RFC 8017 (algorithms), ETSI EN 319 122-1 (CAdES).
Everything written is DER.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from esign_cli.signatures.pki import asn1
from esign_cli.signatures.pki.algorithms import algorithm, digest_identifier, exactly_one
from esign_cli.signatures.pki.asn1 import Node

ID_DATA = "1.2.840.113549.1.7.1"
ID_SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
SIGNATURE_POLICY = "1.2.840.113549.1.9.16.2.15"
SIGNATURE_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"
COUNTERSIGNATURE = "1.2.840.113549.1.9.6"
CONTENT_TIME_STAMP = "1.2.840.113549.1.9.16.2.20"
CERTIFICATE_REFERENCES = "1.2.840.113549.1.9.16.2.21"
REVOCATION_REFERENCES = "1.2.840.113549.1.9.16.2.22"
CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
CADES_C_TIME_STAMP = "1.2.840.113549.1.9.16.2.25"
REFERENCES_TIME_STAMP = "1.2.840.113549.1.9.16.2.26"
ARCHIVE_TIME_STAMP_V1 = "1.2.840.113549.1.9.16.2.27"
ARCHIVE_TIME_STAMP_V2 = "1.2.840.113549.1.9.16.2.48"
ARCHIVE_TIME_STAMP_V3 = "0.4.0.1733.2.4"
LONG_TERM_VALIDATION = "0.4.0.1733.2.2"
ATTRIBUTE_CERTIFICATE_REFERENCES = "1.2.840.113549.1.9.16.2.44"
ATTRIBUTE_REVOCATION_REFERENCES = "1.2.840.113549.1.9.16.2.45"
ATS_HASH_INDEX = "0.4.0.1733.2.5"
ATS_HASH_INDEX_V3 = "0.4.0.19122.1.5"
ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"
CONTENT_HINTS = "1.2.840.113549.1.9.16.2.4"
CONTENT_IDENTIFIER = "1.2.840.113549.1.9.16.2.7"
CONTENT_REFERENCE = "1.2.840.113549.1.9.16.2.10"
COMMITMENT_TYPE = "1.2.840.113549.1.9.16.2.16"
SIGNER_LOCATION = "1.2.840.113549.1.9.16.2.17"
SIGNER_ATTRIBUTES = "1.2.840.113549.1.9.16.2.18"
SIGNER_ATTRIBUTES_V2 = "0.4.0.19122.1.1"
SIGNATURE_POLICY_STORE = "0.4.0.19122.1.3"
POLICY_NOTICE = "1.2.840.113549.1.9.16.5.2"
POLICY_ADDRESS = "1.2.840.113549.1.9.16.5.1"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
MIME_TYPE = "0.4.0.1733.2.1"
OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"


# --- writing -------------------------------------------------------------------------------------


def attribute(oid: str, value: bytes) -> bytes:
    return asn1.sequence(asn1.oid(oid), asn1.set_of(value))


def issuer_and_serial(issuer: bytes, serial: bytes) -> bytes:
    return asn1.sequence(issuer, serial)


def signing_certificate_v2(certificate: bytes, issuer: bytes, serial: bytes, digest: str) -> bytes:
    """Return the attribute that binds the certificate (RFC 5035 3), with issuerSerial.

    SHA-256 is the DEFAULT and so is not written in DER (X.690 11.5).
    """
    names = asn1.sequence(asn1.tlv(asn1.context(4), issuer))  # GeneralNames of a directoryName
    identifier = asn1.sequence(
        b"" if digest == "sha256" else digest_identifier(digest),
        asn1.octet_string(hashlib.new(digest, certificate).digest()),
        asn1.sequence(names, serial),
    )
    return attribute(SIGNING_CERTIFICATE_V2, asn1.sequence(asn1.sequence(identifier)))


def signing_time(moment: datetime) -> bytes:
    return attribute(SIGNING_TIME, asn1.time(moment))


def signed_data(
    digest: bytes, content: bytes | None, certificates: bytes, signer_info: bytes
) -> bytes:
    """Return ContentInfo of a SignedData v1 with one signer; `content` None: detached."""
    inside = b"" if content is None else asn1.tlv(asn1.context(0), asn1.octet_string(content))
    return asn1.sequence(
        asn1.oid(ID_SIGNED_DATA),
        asn1.tlv(
            asn1.context(0),
            asn1.sequence(
                asn1.integer(1),
                asn1.set_of(digest),
                asn1.sequence(asn1.oid(ID_DATA), inside),
                certificates,
                asn1.set_of(signer_info),
            ),
        ),
    )


# --- reading ESS ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CertificateId:
    """ESSCertID or ESSCertIDv2: what names the signer's certificate."""

    digest: str
    value: bytes
    issuer: bytes = b""
    """The issuer's name in DER; empty when issuerSerial is absent."""
    serial: bytes = b""
    explicit_default: bool = False


def certificate_id(value: Node, *, v2: bool) -> CertificateId:
    """Return the first certificate that a signing-certificate attribute names; raises
    Asn1Malformed.
    """
    certificates = value.children(asn1.SEQUENCE)[:1]
    first = certificates[0].children(asn1.SEQUENCE)[:1] if certificates else ()
    if not first:
        raise asn1.malformed("signing-certificate names none")
    parts = list(first[0].children(asn1.SEQUENCE))
    digest, explicit = ("sha256" if v2 else "sha1"), False
    if v2 and parts and parts[0].identifier == asn1.SEQUENCE:
        digest = algorithm(parts.pop(0)).digest
        explicit = digest == "sha256"
    if not parts:
        raise asn1.malformed("signing-certificate without a hash")
    issuer, serial = _issuer_serial(parts[1]) if len(parts) > 1 else (b"", b"")
    return CertificateId(digest, parts[0].octets(), issuer, serial, explicit)


def _issuer_serial(node: Node) -> tuple[bytes, bytes]:
    parts = node.children(asn1.SEQUENCE)
    names = parts[0].children(asn1.SEQUENCE) if parts else ()
    if len(parts) < 2 or len(names) != 1:  # noqa: PLR2004  (names and a serial number)
        raise asn1.malformed("issuerSerial")
    name = exactly_one(names[0].children(asn1.context(4)), "issuerSerial")
    return name.raw, parts[1].expect(asn1.INTEGER).raw
