"""Something added to a signature file without encoding anew what is there.

Only the lengths of what lies around, and the version that RFC 5652 5.1 then wants, become others.
Each set keeps its order; where it is that of DER, what is added goes to its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from esign_cli.signatures import cades
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.asn1 import Node

_CERTIFICATES, _REVOCATION = asn1.context(0), asn1.context(1)
_UNSIGNED = asn1.context(1)
_OTHER_REVOCATION = asn1.context(1)
_WITH_OTHER_REVOCATION = 5
_INDEFINITE = 0x80
_LEAST_FIELDS = 4


@dataclass(frozen=True, slots=True)
class Additions:
    """What is to be added, all of it in DER; what is there already is not added again."""

    certificates: Sequence[bytes] = ()
    revocation: Sequence[bytes] = ()
    """RevocationInfoChoice elements."""
    digests: Sequence[bytes] = ()
    """AlgorithmIdentifiers of digestAlgorithms."""
    signers: Sequence[bytes] = ()
    """Whole SignerInfos."""
    attributes: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    """Unsigned attributes, by the number of the SignerInfo, from 0."""


def ocsp_choice(response: bytes) -> bytes:
    """Return an OCSPResponse as a RevocationInfoChoice (RFC 5940 2.1)."""
    return asn1.tlv(_OTHER_REVOCATION, asn1.oid(cades.OCSP_RESPONSE), response)


def added(signature: bytes, additions: Additions) -> bytes:
    """Return the signature (DER or BER) with all of it added; raises Asn1Malformed."""
    info = asn1.read(signature)
    kind, explicit = algorithms.first_two(info.children(asn1.SEQUENCE), "ContentInfo")
    data = algorithms.exactly_one(explicit.children(asn1.context(0)), "content")
    return _around(info, kind.raw, _around(explicit, _signed_data(data, additions)))


def _signed_data(data: Node, additions: Additions) -> bytes:
    fields = data.children(asn1.SEQUENCE)
    if len(fields) < _LEAST_FIELDS:
        raise asn1.malformed("SignedData")
    version, digests, content, *optional, signers = fields
    by_tag = {node.identifier: node for node in optional}
    certificates = _set(by_tag.get(_CERTIFICATES), _CERTIFICATES, additions.certificates)
    revocation = _set(by_tag.get(_REVOCATION), _REVOCATION, additions.revocation)
    return _around(
        data,
        _version(version, additions.revocation),
        _set(digests, asn1.SET, _new_digests(digests, additions.digests)),
        content.raw,
        certificates,
        revocation,
        _signers(signers, additions),
    )


def _version(version: Node, revocation: Sequence[bytes]) -> bytes:
    """The version as it is, or 5 where an OCSP answer comes in."""
    other = any(choice[0] == _OTHER_REVOCATION for choice in revocation)
    if other and version.integer() < _WITH_OTHER_REVOCATION:
        return asn1.integer(_WITH_OTHER_REVOCATION)
    return version.raw


def _new_digests(digests: Node, wanted: Sequence[bytes]) -> list[bytes]:
    """Those whose algorithm is not there, with whatever parameters."""
    there = {algorithms.algorithm(node).oid for node in digests.children()}
    return [raw for raw in wanted if algorithms.algorithm(asn1.read(raw)).oid not in there]


def _signers(signers: Node, additions: Additions) -> bytes:
    old = [node.raw for node in signers.children(asn1.SET)]
    changed = [
        _signer(asn1.read(raw), additions.attributes.get(number, ()))
        for number, raw in enumerate(old)
    ]
    if old == sorted(old):
        changed.sort()
    return _around(signers, *_merged(changed, additions.signers))


def _signer(signer: Node, attributes: Sequence[bytes]) -> bytes:
    if not attributes:
        return signer.raw
    fields = list(signer.children(asn1.SEQUENCE))
    unsigned = fields.pop() if fields[-1].identifier == _UNSIGNED else None
    unchanged = (node.raw for node in fields)
    return _around(signer, *unchanged, _set(unsigned, _UNSIGNED, attributes))


def _set(node: Node | None, identifier: int, new: Sequence[bytes]) -> bytes:
    """The set with more in it; nothing where there was none and nothing is to come in."""
    if node is None:
        return asn1.set_of(*dict.fromkeys(new), identifier=identifier) if new else b""
    return _around(node, *_merged([child.raw for child in node.children()], new))


def _merged(old: list[bytes], new: Sequence[bytes]) -> list[bytes]:
    """The old ones in their order with the new ones among or behind them."""
    more = [raw for raw in dict.fromkeys(new) if raw not in old]
    return sorted(old + more) if old == sorted(old) else old + more


def _around(node: Node, *contents: bytes) -> bytes:
    """The element around other contents, with a length of the kind that it had."""
    if node.source[node.start + 1] == _INDEFINITE:
        return b"".join((bytes((node.identifier, _INDEFINITE)), *contents, b"\0\0"))
    return asn1.tlv(node.identifier, *contents)
