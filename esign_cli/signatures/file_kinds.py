"""What a file is that was given in the place of a signature, told by its bytes."""

from __future__ import annotations

import re
from enum import StrEnum

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures.cms import envelope
from esign_cli.signatures.pki import asn1, crl_ocsp
from esign_cli.signatures.pki.asn1 import Node


class Kind(StrEnum):
    """What a file is."""

    EMPTY = "empty"
    PDF = "pdf"
    XML = "xml"
    OFFICE = "office"
    ZIP = "zip"
    CERTIFICATE = "certificate"
    CERTIFICATES = "certificates"
    """SignedData without a signer: PKCS#7, .p7b."""
    CRL = "crl"
    OCSP = "ocsp"
    CERTIFICATE_REQUEST = "certificate-request"
    OCSP_REQUEST = "ocsp-request"
    KEY = "key"
    KEY_STORE = "key-store"
    PKCS12 = "pkcs12"
    OPENPGP = "openpgp"
    TIME_STAMP_REQUEST = "time-stamp-request"
    TIME_STAMP_REPLY = "time-stamp-reply"
    CMS = "cms"
    """CMS of another type: encrypted data, say."""
    TEXT = "text"
    OTHER = "other"


_BEGINNINGS = (
    (b"%PDF-", Kind.PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.OFFICE),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"\xfe\xed\xfe\xed", Kind.KEY_STORE),  # Java's JKS
)
_LABELS = (
    (re.compile(rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----"), Kind.CERTIFICATE),
    (re.compile(rb"-----BEGIN X509 CRL-----"), Kind.CRL),
    (re.compile(rb"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----"), Kind.CERTIFICATE_REQUEST),
    (re.compile(rb"-----BEGIN PGP "), Kind.OPENPGP),
    (re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*(?:PRIVATE|PUBLIC) KEY-----"), Kind.KEY),
)
_XML = re.compile(rb"<(?:\?xml|!DOCTYPE|!--|[A-Za-z])")
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
_INTEGER, _ENUMERATED, _OID = asn1.INTEGER, 0x0A, asn1.OID
_BITS, _OCTETS = asn1.BIT_STRING, asn1.OCTET_STRING
Shape = tuple["int | Shape", ...]
"""How the elements of a SEQUENCE begin: tags, or the shape of a SEQUENCE; () is any of them."""
_SEQUENCE: Shape = ()
_SHAPES: tuple[tuple[Shape, Kind], ...] = (
    ((_INTEGER, _SEQUENCE, _OCTETS), Kind.KEY),  # PKCS#8
    ((_INTEGER, _INTEGER, _INTEGER, _INTEGER), Kind.KEY),  # RSA (RFC 8017 A.1.2)
    ((_INTEGER, _OCTETS), Kind.KEY),  # EC (RFC 5915)
    ((_INTEGER, (_SEQUENCE, _OCTETS)), Kind.TIME_STAMP_REQUEST),  # RFC 3161 2.4.1
    ((_INTEGER, (_OID,)), Kind.PKCS12),  # RFC 7292 4
    ((_SEQUENCE, _OCTETS), Kind.KEY),  # PKCS#8, encrypted
    (((_INTEGER, _SEQUENCE, (_SEQUENCE, _BITS)), _SEQUENCE, _BITS), Kind.CERTIFICATE_REQUEST),
    ((_SEQUENCE, _SEQUENCE, _BITS), Kind.CERTIFICATE),
    ((_SEQUENCE, _BITS), Kind.KEY),  # a public key
    ((_ENUMERATED,), Kind.OCSP),
    ((_OID, asn1.context(0)), Kind.CMS),
    (((_INTEGER,),), Kind.TIME_STAMP_REPLY),  # PKIStatusInfo comes first
    (((((_SEQUENCE,),),),), Kind.OCSP_REQUEST),  # RFC 6960 4.1.1: CertID's algorithm
)
"""The first that fits."""
_HEAD = 4096


def kind_of(data: bytes) -> Kind:
    """Return what the file is."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        return Kind.EMPTY
    if envelope.holds_certificates_alone(data):
        return Kind.CERTIFICATES
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            office = kind is Kind.ZIP and any(part in data for part in _OFFICE_PARTS)
            return Kind.OFFICE if office else kind
    for label, kind in _LABELS:
        if label.match(text):
            return kind
    if _XML.match(text):
        return Kind.XML
    return _of_der(data) or (Kind.TEXT if _is_text(data[:_HEAD]) else Kind.OTHER)


def _of_der(data: bytes) -> Kind | None:
    if crl_ocsp.is_crl(data):
        return Kind.CRL
    try:
        children = asn1.read(data).children(asn1.SEQUENCE)
        return next((kind for shape, kind in _SHAPES if _fits(children, shape)), None)
    except Asn1Malformed:
        return None


def _fits(children: tuple[Node, ...], shape: Shape) -> bool:
    return len(children) >= len(shape) and all(
        node.identifier == part
        if isinstance(part, int)
        else node.identifier == asn1.SEQUENCE and _fits(node.children(), part)
        for node, part in zip(children, shape, strict=False)
    )


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return not any(octet < 0x20 and octet not in b"\t\r\n\x0c\x1b" for octet in head)  # noqa: PLR2004
