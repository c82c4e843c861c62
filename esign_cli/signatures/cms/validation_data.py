"""The certificates and revocation data that a signature brings along, and where each lies in it.

SignedData.certificates and crls (RFC 5652 5.1, 10.2.1; RFC 5940), certificate-values and
revocation-values (RFC 5126 6.3.3, 6.3.4), and the same inside time stamp tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.pki import algorithms, asn1, ocsp
from esign_cli.signatures.pki.asn1 import Node

MOST = 128
"""How many CRLs and OCSP answers of one signature are looked at."""
_CRLS, _OCSPS = asn1.context(0), asn1.context(1)


@dataclass(frozen=True, slots=True)
class EmbeddedData:
    """A CRL or an OCSP response (DER), and the element of the signature that holds it."""

    source: str
    """"crl" or "ocsp"."""
    der: bytes
    holder: bytes
    inside: bool
    """It lies in SignedData.crls, where baseline signatures keep it."""


def certificates(data: SignedData, signer: SignerInfo) -> tuple[bytes, ...]:
    """Return SignedData.certificates, then those of certificate-values."""
    return (*data.certificates, *certificate_values(signer))


def certificate_values(signer: SignerInfo) -> tuple[bytes, ...]:
    """Return the certificates of certificate-values, as far as they can be read."""
    values: list[bytes] = []
    for value in signer.unsigned_values(cades.CERTIFICATE_VALUES):
        with suppress(Asn1Malformed):
            values += [node.raw for node in value.children(asn1.SEQUENCE)]
    return tuple(values)


def revocation(data: SignedData, signer: SignerInfo) -> tuple[EmbeddedData, ...]:
    """Return every CRL and OCSP response; what cannot be read is left out."""
    embedded: list[EmbeddedData] = []
    for wire in data.revocation_wire[:MOST]:
        with suppress(Asn1Malformed):
            embedded += _choice(wire)
    return (*embedded, *revocation_values(signer))[:MOST]


def revocation_values(signer: SignerInfo) -> tuple[EmbeddedData, ...]:
    """Return the CRLs and OCSP responses of revocation-values, as far as they can be read."""
    embedded: list[EmbeddedData] = []
    for value in signer.unsigned_values(cades.REVOCATION_VALUES):
        with suppress(Asn1Malformed):
            embedded += [
                EmbeddedData(source, der, value.raw, False) for source, der in _values(value)
            ]
    return tuple(embedded[:MOST])


def values_readable(signer: SignerInfo) -> bool:
    """Return whether certificate-values and revocation-values are written as they have to be."""
    try:
        for value in signer.unsigned_values(cades.CERTIFICATE_VALUES):
            value.children(asn1.SEQUENCE)
        return all(list(_values(v)) for v in signer.unsigned_values(cades.REVOCATION_VALUES))
    except Asn1Malformed:
        return False


def _choice(wire: bytes) -> Iterator[EmbeddedData]:
    """A RevocationInfoChoice."""
    node = asn1.read(wire)
    if node.identifier == asn1.SEQUENCE:
        yield EmbeddedData("crl", wire, wire, True)
    elif node.identifier == asn1.context(1):
        kind, value = algorithms.first_two(node.children(), "OtherRevocationInfoFormat")
        if kind.oid() == cades.OCSP_RESPONSE:
            yield EmbeddedData("ocsp", value.raw, wire, True)
        elif kind.oid() == ocsp.BASIC:
            yield EmbeddedData("ocsp", ocsp.wrapped(value.raw), wire, True)


def _values(value: Node) -> Iterator[tuple[str, bytes]]:
    """RevocationValues: CRLs whole, OCSP answers without their outermost part."""
    for field in value.children(asn1.SEQUENCE):
        if field.identifier not in (_CRLS, _OCSPS):
            continue
        listed = algorithms.exactly_one(field.children(), "RevocationValues")
        for node in listed.children(asn1.SEQUENCE):
            crl = field.identifier == _CRLS
            yield ("crl", node.raw) if crl else ("ocsp", ocsp.wrapped(node.raw))
