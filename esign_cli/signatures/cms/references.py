"""The references of long-term signatures, held against the values that are there.

complete-certificate-references and complete-revocation-references (RFC 5126 6.2.1, 6.2.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades
from esign_cli.signatures.cms.signed_data import SignerInfo
from esign_cli.signatures.pki import algorithms, asn1, ocsp
from esign_cli.signatures.pki.asn1 import Node

_CRLS, _OCSPS = asn1.context(0), asn1.context(1)
_DEFAULT = "sha1"
"""Of an OtherHash that is only an OCTET STRING; it names, it proves nothing."""
Hash = tuple[str, bytes]


def certificates_there(signer: SignerInfo, certificates: Sequence[bytes]) -> bool:
    """Return whether every certificate that is referred to is among these; False if it cannot be
    read.
    """
    try:
        return all(_found(one, certificates) for one in _certificate_hashes(signer))
    except Asn1Malformed:
        return False


def name_all(signer: SignerInfo, certificates: Sequence[bytes]) -> bool:
    """Return whether each of these certificates is referred to."""
    return all(names(signer, der) for der in certificates)


def names(signer: SignerInfo, certificate: bytes) -> bool:
    """Return whether this certificate is referred to."""
    try:
        return any(_found(one, [certificate]) for one in _certificate_hashes(signer))
    except Asn1Malformed:
        return False


def _certificate_hashes(signer: SignerInfo) -> list[Hash]:
    values = signer.unsigned_values(cades.CERTIFICATE_REFERENCES)
    return [_hash(_first(reference)) for value in values for reference in value.children()]


def revocation_there(signer: SignerInfo, data: Sequence[bytes]) -> bool:
    """Return whether every CRL and OCSP answer that is referred to is among these (DER).

    An OCSP answer may be referred to with or without its outermost part.
    """
    hashes = _revocation_hashes(signer)
    known = [*data, *(basic for der in data for basic in _basic(der))]
    return bool(hashes) and all(_found(one, known) for one in hashes)


def names_datum(signer: SignerInfo, der: bytes) -> bool:
    """Return whether this CRL or OCSP answer is referred to."""
    known = [der, *_basic(der)]
    return any(_found(one, known) for one in _revocation_hashes(signer))


def _revocation_hashes(signer: SignerInfo) -> list[Hash]:
    """Empty if they cannot be read."""
    values = signer.unsigned_values(cades.REVOCATION_REFERENCES)
    try:
        return [one for v in values for reference in v.children() for one in _of(reference)]
    except Asn1Malformed:
        return []


def _of(reference: Node) -> Iterator[Hash]:
    """The hashes of a CrlOcspRef."""
    for field in reference.children(asn1.SEQUENCE):
        if field.identifier not in (_CRLS, _OCSPS):
            continue
        ids = algorithms.exactly_one(field.children(), "CrlOcspRef")
        listed = _first(ids).children(asn1.SEQUENCE)
        for one in listed:
            parts = one.children(asn1.SEQUENCE)
            if field.identifier == _CRLS:
                yield _hash(_first(one))
            elif len(parts) > 1:
                yield _hash(parts[1])


def _first(node: Node) -> Node:
    children = node.children(asn1.SEQUENCE)
    if not children:
        raise asn1.malformed("empty reference")
    return children[0]


def _hash(node: Node) -> Hash:
    """An OtherHash: SHA-1 by itself, or a digest with its algorithm."""
    if node.identifier == asn1.OCTET_STRING:
        return _DEFAULT, node.octets()
    algorithm, value = algorithms.first_two(node.children(asn1.SEQUENCE), "OtherHash")
    return algorithms.algorithm(algorithm).digest, value.octets()


def _found(one: Hash, data: Sequence[bytes]) -> bool:
    name, value = one
    return any(algorithms.hashed(name, der) == value for der in data)


def _basic(der: bytes) -> Iterator[bytes]:
    try:
        yield ocsp.basic_response(der)
    except Asn1Malformed:
        return
