"""The parts of a certificate byte for byte, as signatures refer to them (RFC 5280 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from esign_cli.foundation.errors.signatures import Asn1Malformed, CertificateUnreadable
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.algorithms import Algorithm
from esign_cli.signatures.pki.asn1 import Node

_LEAST_FIELDS = 6
_SUBJECT_KEY, _AUTHORITY_KEY = "2.5.29.14", "2.5.29.35"


@dataclass(frozen=True, slots=True)
class Tbs:
    """Raw elements (tag and length included) of one certificate."""

    signed: bytes
    """What the issuer signed."""
    serial: bytes
    issuer: bytes
    subject: bytes
    key_info: bytes
    algorithm: Algorithm
    signature: bytes
    key_id: bytes
    """Subject key identifier; empty if absent."""
    authority_key_id: bytes
    """Key identifier of the issuer; empty if absent."""


@lru_cache(maxsize=256)
def read(certificate: bytes) -> Tbs:
    """Return the parts of a certificate; raises CertificateUnreadable."""
    try:
        return _read(certificate)
    except Asn1Malformed as error:
        raise CertificateUnreadable(**error.facts) from error


def _read(certificate: bytes) -> Tbs:
    outer = asn1.read(certificate).children(asn1.SEQUENCE)
    if len(outer) != 3:  # noqa: PLR2004  (TBSCertificate, algorithm, signature)
        raise asn1.malformed("certificate")
    signed, algorithm, signature = outer
    fields = [n for n in signed.children(asn1.SEQUENCE) if n.identifier != asn1.context(0)]
    if len(fields) < _LEAST_FIELDS:
        raise asn1.malformed("certificate")
    serial, inner, issuer, _validity, subject, key_info = fields[:_LEAST_FIELDS]
    if inner.raw != algorithm.raw:
        raise asn1.malformed("the two signature algorithms of a certificate differ")
    extensions = _extensions(fields[_LEAST_FIELDS:])
    bits = signature.expect(asn1.BIT_STRING).contents
    return Tbs(
        signed=signed.raw,
        serial=serial.expect(asn1.INTEGER).raw,
        issuer=issuer.expect(asn1.SEQUENCE).raw,
        subject=subject.expect(asn1.SEQUENCE).raw,
        key_info=key_info.expect(asn1.SEQUENCE).raw,
        algorithm=algorithms.algorithm(algorithm),
        signature=bits[1:],
        key_id=extensions[_SUBJECT_KEY].octets() if _SUBJECT_KEY in extensions else b"",
        authority_key_id=_authority_key(extensions[_AUTHORITY_KEY])
        if _AUTHORITY_KEY in extensions
        else b"",
    )


def _extensions(optional: list[Node]) -> dict[str, Node]:
    """What the two key identifiers hold (RFC 5280 4.2.1.1, 4.2.1.2), by dotted identifier."""
    extensions: dict[str, Node] = {}
    for wrapped in (node for node in optional if node.identifier == asn1.context(3)):
        for extension in algorithms.exactly_one(wrapped.children(), "extensions").children():
            parts = extension.children(asn1.SEQUENCE)
            if parts and parts[0].oid() in (_SUBJECT_KEY, _AUTHORITY_KEY):
                extensions[parts[0].oid()] = asn1.read(parts[-1].octets())
    return extensions


def _authority_key(node: Node) -> bytes:
    wanted = asn1.context(0, constructed=False)
    return next((n.contents for n in node.children(asn1.SEQUENCE) if n.identifier == wanted), b"")


LONGEST_NAME = 4096
"""Bytes of a name that is compared otherwise than byte by byte."""


def same_name(one: bytes, other: bytes) -> bool:
    """Return whether two names in DER are the same (RFC 5280 7.1: case and spaces do not
    matter).
    """
    if one == other:
        return True
    compared = _comparable(one)
    return bool(compared) and compared == _comparable(other)


@lru_cache(maxsize=512)
def _comparable(name: bytes) -> str:
    """What equal names have in common; empty for one that cannot be read."""
    from asn1crypto import x509

    if len(name) > LONGEST_NAME:
        return ""
    try:
        return str(x509.Name.load(name, strict=True).hashable)
    # asn1crypto raises whatever the malformed bytes lead it to
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        return ""
