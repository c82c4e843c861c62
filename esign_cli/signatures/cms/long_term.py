"""The unsigned attributes of the older long-term forms, which the Turkish profiles want (ES-XL).

complete-certificate-references, complete-revocation-references, certificate-values and
revocation-values: RFC 5126 (ETSI TS 101 733 v1.8.1) 6.2.1, 6.2.2, 6.3.3, 6.3.4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from esign_cli.signatures import cades
from esign_cli.signatures.pki import algorithms, asn1, ocsp, tbs
from esign_cli.signatures.pki.asn1 import Node
from esign_cli.signatures.pki.crl import RevocationData

_DIGEST = "sha256"
_EXPLICIT = asn1.context(0)
_CRL_NUMBER = "2.5.29.20"


def certificate_references(authorities: Sequence[bytes]) -> bytes:
    """Return the attribute that names the authorities of the signer's path, from its issuer up."""
    references = (
        asn1.sequence(_other_hash(der), _issuer_serial(tbs.read(der))) for der in authorities
    )
    return cades.attribute(cades.CERTIFICATE_REFERENCES, asn1.sequence(*references))


def revocation_references(data: Sequence[Sequence[RevocationData]]) -> bytes:
    """Return the attribute that names, for the signer and then each of the authorities, what
    cleared it.

    The last of them, the root, has nothing: its entry is empty.
    """
    return cades.attribute(cades.REVOCATION_REFERENCES, asn1.sequence(*map(_crl_ocsp_ref, data)))


def certificate_values(certificates: Sequence[bytes]) -> bytes:
    return cades.attribute(cades.CERTIFICATE_VALUES, asn1.sequence(*dict.fromkeys(certificates)))


def revocation_values(data: Sequence[RevocationData]) -> bytes:
    """Return the attribute with CRLs whole and OCSP answers without their outermost part."""
    crls = [datum.der for datum in data if datum.source == "crl"]
    answers = [ocsp.basic_response(datum.der) for datum in data if datum.source == "ocsp"]
    return cades.attribute(
        cades.REVOCATION_VALUES, asn1.sequence(_listed(0, crls), _listed(1, answers))
    )


def _listed(number: int, values: Sequence[bytes]) -> bytes:
    """An optional SEQUENCE OF under an explicit tag; the same value only once."""
    unique = dict.fromkeys(values)
    return asn1.tlv(asn1.context(number), asn1.sequence(*unique)) if unique else b""


def _other_hash(data: bytes) -> bytes:
    digest = hashlib.new(_DIGEST, data).digest()
    return asn1.sequence(algorithms.digest_identifier(_DIGEST), asn1.octet_string(digest))


def _issuer_serial(parts: tbs.Tbs) -> bytes:
    return asn1.sequence(asn1.sequence(asn1.tlv(asn1.context(4), parts.issuer)), parts.serial)


def _crl_ocsp_ref(data: Sequence[RevocationData]) -> bytes:
    crls = [_crl_id(datum.der) for datum in data if datum.source == "crl"]
    answers = [_ocsp_id(datum.der) for datum in data if datum.source == "ocsp"]
    return asn1.sequence(_ids(0, crls), _ids(1, answers))


def _ids(number: int, ids: Sequence[bytes]) -> bytes:
    """A CRLListID or OcspListID, which is a SEQUENCE around a SEQUENCE OF."""
    if not ids:
        return b""
    return asn1.tlv(asn1.context(number), asn1.sequence(asn1.sequence(*ids)))


def _crl_id(der: bytes) -> bytes:
    """CrlValidatedID with issuer, time and number."""
    fields = list(asn1.read(der).children(asn1.SEQUENCE)[0].children(asn1.SEQUENCE))
    if fields[0].identifier == asn1.INTEGER:
        fields.pop(0)
    _algorithm, issuer, issued, *rest = fields
    number = next((n for field in rest if (n := _crl_number(field))), b"")
    identifier = asn1.sequence(issuer.raw, asn1.time(issued.time()), number)
    return asn1.sequence(_other_hash(der), identifier)


def _crl_number(field: Node) -> bytes:
    """The CRL's number as an INTEGER, if this field holds the extensions and they have it."""
    if field.identifier != _EXPLICIT:
        return b""
    for extension in algorithms.exactly_one(field.children(), "crlExtensions").children():
        parts = extension.children(asn1.SEQUENCE)
        if parts[0].oid() == _CRL_NUMBER:
            return asn1.read(parts[-1].octets()).expect(asn1.INTEGER).raw
    return b""


def _ocsp_id(der: bytes) -> bytes:
    """OcspResponsesID: who answered, when, and the hash of the BasicOCSPResponse."""
    basic = ocsp.basic_response(der)
    fields = list(asn1.read(basic).children(asn1.SEQUENCE)[0].children(asn1.SEQUENCE))
    if fields[0].identifier == _EXPLICIT:
        fields.pop(0)  # the version
    responder, produced = algorithms.first_two(tuple(fields), "ResponseData")
    return asn1.sequence(asn1.sequence(responder.raw, produced.raw), _other_hash(basic))
