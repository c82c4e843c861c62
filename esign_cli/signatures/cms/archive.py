"""Archive time stamps over a signature's bytes as they stand.

ETSI EN 319 122-1: ats-hash-index-v3 (5.5.2), archive-time-stamp-v3 (5.5.3). The same functions
serve writing and verifying, so nothing that lies in a file is encoded anew. Only read: the older
ats-hash-index (ETSI TS 101 733 v2.2.1 6.4.2) and archive-time-stamp-v2 (v1.8.1 6.4.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from esign_cli.foundation.errors.signatures import Asn1Malformed
from esign_cli.signatures import cades
from esign_cli.signatures.cms import tst
from esign_cli.signatures.cms.signed_data import Attribute, SignedData, SignerInfo
from esign_cli.signatures.cms.tst import Token
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.asn1 import Node

_FIELDS = 4
_DEFAULT = "sha256"
_ARCHIVES = (cades.ARCHIVE_TIME_STAMP_V2, cades.ARCHIVE_TIME_STAMP_V3)


@dataclass(frozen=True, slots=True)
class HashIndex:
    """An ATSHashIndexV3: what an archive time stamp covers."""

    digest: str
    certificates: frozenset[bytes]
    revocation: frozenset[bytes]
    attributes: frozenset[bytes]
    wire: bytes
    """The whole as it was written: a part of the message imprint."""
    by_attribute: bool = False
    """Each hash of `attributes` is over a whole attribute; else over a type with one value."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What of a signature an index names, as the wire has it."""

    certificates: frozenset[bytes]
    revocation: frozenset[bytes]
    """RevocationInfoChoice elements."""
    attributes: frozenset[bytes]
    """Values of unsigned attributes."""


def hash_index(data: SignedData, signer: SignerInfo, digest: str) -> bytes:
    """Return the ATSHashIndexV3 of all that is there now; `digest` is that of the imprint too."""

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
    """Return the message imprint for an archive-time-stamp-v3; `index` is the
    ATSHashIndexV3's DER.

    `content` is the signed content, also where it lies outside.
    """
    parts = (data.content_type_wire, _hash(digest, content), *signer.fields, index)
    return _hash(digest, b"".join(parts))


def read_index(value: Node) -> HashIndex:
    """Return an ATSHashIndexV3 read; raises Asn1Malformed."""
    fields = value.children(asn1.SEQUENCE)
    if len(fields) != _FIELDS:
        raise asn1.malformed("ATSHashIndexV3")
    return _index(algorithms.algorithm(fields[0]).digest, fields[1:], value)


def _read_older_index(value: Node) -> HashIndex:
    """An ATSHashIndex read, whose algorithm may be left out: SHA-256; raises Asn1Malformed."""
    fields = value.children(asn1.SEQUENCE)
    if len(fields) == _FIELDS - 1:
        return _index(_DEFAULT, fields, value, by_attribute=True)
    if len(fields) != _FIELDS:
        raise asn1.malformed("ATSHashIndex")
    return _index(algorithms.algorithm(fields[0]).digest, fields[1:], value, by_attribute=True)


def _index(
    digest: str, fields: Sequence[Node], value: Node, *, by_attribute: bool = False
) -> HashIndex:
    certificates, revocation, attributes = (
        frozenset(node.octets() for node in field.children(asn1.SEQUENCE)) for field in fields
    )
    return HashIndex(digest, certificates, revocation, attributes, value.raw, by_attribute)


def index_of(token: SignerInfo) -> HashIndex:
    """Return the hash index of an archive time stamp's own signer, new or old; raises
    Asn1Malformed.
    """
    values = token.unsigned_values(cades.ATS_HASH_INDEX_V3)
    older = token.unsigned_values(cades.ATS_HASH_INDEX)
    if older and not values:
        return _read_older_index(algorithms.exactly_one(older, "ats-hash-index"))
    return read_index(algorithms.exactly_one(values, "ats-hash-index-v3"))


def covered(data: SignedData, signer: SignerInfo, index: HashIndex) -> Covered | None:
    """Return what the index names; None: it names something that is not there, so it is not
    valid.
    """
    certificates = {_hash(index.digest, raw): raw for raw in data.certificates_wire}
    revocation = {_hash(index.digest, raw): raw for raw in data.revocation_wire}
    attributes = _named_attributes(signer, index)
    groups = (
        (index.certificates, certificates),
        (index.revocation, revocation),
        (index.attributes, attributes),
    )
    if any(not wanted <= there.keys() for wanted, there in groups):
        return None
    return Covered(
        frozenset(certificates[name] for name in index.certificates),
        frozenset(revocation[name] for name in index.revocation),
        frozenset(raw for name in index.attributes for raw in attributes[name]),
    )


def _named_attributes(signer: SignerInfo, index: HashIndex) -> dict[bytes, list[bytes]]:
    """The values of unsigned attributes that a hash may name."""
    if index.by_attribute:
        return {
            _hash(index.digest, attribute.wire): [value.raw for value in attribute.values]
            for attribute in signer.unsigned
        }
    return {_hash(index.digest, kind + value): [value] for kind, value in _values(signer)}


# --- version 2 -----------------------------------------------------------------------------------


def _before(signer: SignerInfo, token: Token) -> tuple[Attribute, ...]:
    """The unsigned attributes but itself, and archive time stamps that came later."""
    return tuple(a for a in signer.unsigned if not _is_later(a, token))


def _is_later(attribute: Attribute, token: Token) -> bool:
    if attribute.oid not in _ARCHIVES:
        return False
    for value in attribute.values:
        with suppress(Asn1Malformed):
            if value.raw == token.wire or tst.read(value.raw).time >= token.time:
                return True
    return False


def covered_v2(
    data: SignedData, signer: SignerInfo, content: bytes, token: Token
) -> Covered | None:
    """Return what an archive-time-stamp-v2 is over; None: something else.

    Writers differ on whether the unsigned attributes count with tag and length. Certificates or
    revocation data that SignedData had none of then may have come in for a later time stamp.
    """
    there = _before(signer, token)
    attributes = b"".join(attribute.wire for attribute in there)
    fields = b"".join(signer.fields)
    encapsulated, *sets = data.elements_wire
    outside = content if data.content is None else b""
    for held in (sets, *([one] for one in sets if len(sets) > 1), []):
        head = b"".join((encapsulated, outside, *held, fields))
        messages = (head + attributes, head + asn1.tlv(asn1.context(1), attributes))
        if any(map(token.is_over, messages)):
            return Covered(
                frozenset(data.certificates_wire if _holds(held, 0) else ()),
                frozenset(data.revocation_wire if _holds(held, 1) else ()),
                frozenset(value.raw for attribute in there for value in attribute.values),
            )
    return None


def _holds(elements: Sequence[bytes], number: int) -> bool:
    return any(element[0] == asn1.context(number) for element in elements)


def _values(signer: SignerInfo) -> Iterator[tuple[bytes, bytes]]:
    """Type and value of each value of each unsigned attribute, as written."""
    for attribute in signer.unsigned:
        yield from ((attribute.kind, value.raw) for value in attribute.values)


def _hash(digest: str, data: bytes) -> bytes:
    """Raises Asn1Malformed for a digest that is not known."""
    digest_made = algorithms.hashed(digest, data)
    if digest_made is None:
        raise asn1.malformed(f"digest {digest}")
    return digest_made
