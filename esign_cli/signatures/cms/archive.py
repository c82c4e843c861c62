"""Archive time stamps (version 3) over a signature's bytes as they stand.

ETSI EN 319 122-1: ats-hash-index-v3 (5.5.2), archive-time-stamp-v3 (5.5.3). The same functions
serve writing and verifying, so nothing that lies in a file is encoded anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from esign_cli.signatures import cades
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.asn1 import Node

_FIELDS = 4


@dataclass(frozen=True, slots=True)
class HashIndex:
    """An ATSHashIndexV3: what an archive time stamp covers."""

    digest: str
    certificates: frozenset[bytes]
    revocation: frozenset[bytes]
    attributes: frozenset[bytes]
    wire: bytes
    """The whole as it was written: a part of the message imprint."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What of a signature an index names, as the wire has it."""

    certificates: frozenset[bytes]
    revocation: frozenset[bytes]
    """RevocationInfoChoice elements."""
    attributes: frozenset[bytes]
    """Values of unsigned attributes."""


def hash_index(data: SignedData, signer: SignerInfo, digest: str) -> bytes:
    """The ATSHashIndexV3 of all that is there now; `digest` is that of the imprint too."""

    def hashes(parts: Sequence[bytes]) -> bytes:
        return asn1.sequence(*(asn1.octet_string(_hash(digest, part)) for part in parts))

    return asn1.sequence(
        algorithms.digest_identifier(digest),
        hashes(data.certificates_wire),
        hashes(data.revocation_wire),
        hashes([kind + value for kind, value in _values(signer)]),
    )


def imprint(
    data: SignedData, signer: SignerInfo, content: bytes, index: bytes, digest: str
) -> bytes:
    """The message imprint for an archive-time-stamp-v3; `index` is the ATSHashIndexV3's DER.

    `content` is the signed content, also where it lies outside.
    """
    parts = (data.content_type_wire, _hash(digest, content), *signer.fields, index)
    return _hash(digest, b"".join(parts))


def read_index(value: Node) -> HashIndex:
    """An ATSHashIndexV3 read; raises Asn1Malformed."""
    fields = value.children(asn1.SEQUENCE)
    if len(fields) != _FIELDS:
        raise asn1.malformed("ATSHashIndexV3")
    certificates, revocation, attributes = (
        frozenset(node.octets() for node in field.children(asn1.SEQUENCE)) for field in fields[1:]
    )
    digest = algorithms.algorithm(fields[0]).digest
    return HashIndex(digest, certificates, revocation, attributes, value.raw)


def index_of(token: SignerInfo) -> HashIndex:
    """The ats-hash-index-v3 of an archive time stamp's own signer; raises Asn1Malformed."""
    values = token.unsigned_values(cades.ATS_HASH_INDEX_V3)
    return read_index(algorithms.exactly_one(values, "ats-hash-index-v3"))


def covered(data: SignedData, signer: SignerInfo, index: HashIndex) -> Covered | None:
    """What the index names; None: it names something that is not there, so it is not valid."""
    groups = (
        (index.certificates, {_hash(index.digest, raw): raw for raw in data.certificates_wire}),
        (index.revocation, {_hash(index.digest, raw): raw for raw in data.revocation_wire}),
        (index.attributes, {_hash(index.digest, k + v): v for k, v in _values(signer)}),
    )
    if any(not wanted <= there.keys() for wanted, there in groups):
        return None
    return Covered(*(frozenset(there[name] for name in wanted) for wanted, there in groups))


def _values(signer: SignerInfo) -> Iterator[tuple[bytes, bytes]]:
    """Type and value of each value of each unsigned attribute, as written."""
    for attribute in signer.unsigned:
        yield from ((attribute.kind, value.raw) for value in attribute.values)


def _hash(digest: str, data: bytes) -> bytes:
    """Raises Asn1Malformed for a digest that is not known."""
    made = algorithms.hashed(digest, data)
    if made is None:
        raise asn1.malformed(f"digest {digest}")
    return made
