"""What an OCSP answer says of one certificate (RFC 6960).

An answer counts when the certificate's issuer signed it, or a responder that the issuer certified
for it. Malformed data raise whatever the library raises.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from esign_cli.signatures.pki import algorithms, asn1, keys, tbs
from esign_cli.signatures.pki.crl import Answer, State, from_crl, signed_by, state_of

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.x509 import ocsp


BASIC = "1.3.6.1.5.5.7.48.1.1"
_SUCCESSFUL = b"\x0a\x01\x00"


def from_ocsp(
    der: bytes, certificate: bytes, issuer: bytes, crls: Sequence[bytes], at: datetime
) -> Iterator[Answer]:
    """Yield what the response says; `crls` may clear the responder that signed it."""
    from cryptography import x509
    from cryptography.x509 import ocsp

    response = ocsp.load_der_ocsp_response(der)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return
    serial = x509.load_der_x509_certificate(certificate).serial_number
    right = _responder_right(response, der, issuer, crls, at)
    if right is False:
        return
    for single in response.responses:
        if single.serial_number != serial or not _names_issuer(single, tbs.read(issuer)):
            continue
        reason = single.revocation_reason.value if single.revocation_reason else ""
        states = {
            ocsp.OCSPCertStatus.GOOD: State.GOOD,
            ocsp.OCSPCertStatus.REVOKED: state_of(True, reason),
        }
        yield Answer(
            source="ocsp",
            state=states.get(single.certificate_status, State.UNKNOWN),
            this_update=single.this_update_utc,
            next_update=single.next_update_utc,
            weak=right is None,
            revoked_at=single.revocation_time_utc,
            reason=reason,
        )


def wrapped(basic: bytes) -> bytes:
    """Return the OCSPResponse around a BasicOCSPResponse, as CAdES keeps it (RFC 6960 4.2.1)."""
    inside = asn1.sequence(asn1.oid(BASIC), asn1.octet_string(basic))
    return asn1.sequence(_SUCCESSFUL, asn1.tlv(asn1.context(0), inside))


def basic_response(der: bytes) -> bytes:
    """Return the BasicOCSPResponse in an OCSPResponse, as it was written; raises Asn1Malformed."""
    fields = asn1.read(der).children(asn1.SEQUENCE)
    inside = algorithms.exactly_one(fields[1:], "OCSPResponse").children()
    wrapped_in = algorithms.exactly_one(inside, "OCSPResponse").children(asn1.SEQUENCE)
    kind, octets = algorithms.first_two(wrapped_in, "OCSPResponse")
    if kind.oid() != BASIC:
        raise asn1.malformed("OCSPResponse")
    return octets.octets()


def _names_issuer(single: ocsp.OCSPSingleResponse, issuer: tbs.Tbs) -> bool:
    """Whether the CertID means this issuer; its hash only names, so SHA-1 may stand here."""
    name = single.hash_algorithm.name
    key = _key_bits(issuer.key_info)
    return (
        hashlib.new(name, issuer.subject, usedforsecurity=False).digest() == single.issuer_name_hash
        and hashlib.new(name, key, usedforsecurity=False).digest() == single.issuer_key_hash
    )


def _key_bits(key_info: bytes) -> bytes:
    """The key itself, without tag, length and unused bits."""
    return asn1.read(key_info).children(asn1.SEQUENCE)[1].contents[1:]


def _responder_right(
    response: ocsp.OCSPResponse, der: bytes, issuer: bytes, crls: Sequence[bytes], at: datetime
) -> bool | None:
    """Whether the issuer, or a responder it certified, signed; None: with a weak algorithm."""
    from cryptography.hazmat.primitives.serialization import Encoding

    algorithm = _algorithm(der)
    candidates = [issuer, *(c.public_bytes(Encoding.DER) for c in response.certificates)]
    for candidate in candidates:
        key = tbs.read(candidate).key_info
        if not _is_responder(response, candidate):
            continue
        right = signed_by(key, algorithm, response.signature, response.tbs_response_bytes)
        if right is False:
            continue
        if candidate == issuer:
            return right
        delegated = _delegated(candidate, issuer, crls, at)
        if delegated is not False:
            return right and delegated
    return False


def _algorithm(der: bytes) -> bytes:
    """The signature algorithm of the BasicOCSPResponse inside, as it was written."""
    return asn1.read(basic_response(der)).children(asn1.SEQUENCE)[1].raw


def _is_responder(response: ocsp.OCSPResponse, candidate: bytes) -> bool:
    parts = tbs.read(candidate)
    if response.responder_key_hash is not None:
        digest = hashlib.sha1(_key_bits(parts.key_info), usedforsecurity=False).digest()
        return digest == response.responder_key_hash
    name = response.responder_name
    return name is not None and tbs.same_name(name.public_bytes(), parts.subject)


def _delegated(candidate: bytes, issuer: bytes, crls: Sequence[bytes], at: datetime) -> bool | None:
    """Whether the issuer certified this responder (RFC 6960 4.2.2.2); None: by a weak signature."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    parts, by = tbs.read(candidate), tbs.read(issuer)
    certificate = x509.load_der_x509_certificate(candidate)
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    if (
        ExtendedKeyUsageOID.OCSP_SIGNING not in purposes
        or not tbs.same_name(parts.issuer, by.subject)
        or not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    ):
        return False
    scheme = algorithms.scheme(parts.algorithm, "")
    if scheme is None or not keys.verifies(by.key_info, scheme, parts.signature, parts.signed):
        return False
    if not _unrevoked(certificate, candidate, issuer, crls, at):
        return False
    return True if scheme.strong and keys.strong(parts.key_info) else None


def _unrevoked(
    responder: x509.Certificate, der: bytes, issuer: bytes, crls: Sequence[bytes], at: datetime
) -> bool:
    """Whether the responder may be used unasked (id-pkix-ocsp-nocheck), or a CRL clears it."""
    from cryptography import x509

    known = [answer for crl in crls for answer in from_crl(crl, der, issuer)]
    if any(answer.state is not State.GOOD for answer in known):
        return False
    try:
        responder.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except x509.ExtensionNotFound:
        return any(answer.current(at) and not answer.weak for answer in known)
    return True
