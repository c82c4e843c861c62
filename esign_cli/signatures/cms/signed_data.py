"""CMS SignedData taken apart (RFC 5652), BER and DER, with every part as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from esign_cli.signatures import cades
from esign_cli.signatures.cms import envelope
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.algorithms import Algorithm
from esign_cli.signatures.pki.asn1 import Node

MOST_CERTIFICATES = 64
MOST_SIGNERS = 32
LARGEST_ATTRIBUTES = 256 * 1024
"""Bytes of one signer's signed attributes, each element of which is looked at."""
_CERTIFICATES, _REVOCATION = asn1.context(0), asn1.context(1)
_SIGNED, _UNSIGNED = asn1.context(0), asn1.context(1)
_KEY_ID = asn1.context(0, constructed=False)
_SIGNER_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute with its values."""

    oid: str
    values: tuple[Node, ...]
    kind: bytes
    """The type's identifier as it was written, tag and length included."""
    wire: bytes = b""
    """The whole attribute as it was written."""


@dataclass(frozen=True, slots=True)
class SignerInfo:
    """One signer's part."""

    version: int
    issuer: bytes
    """The issuer's name in DER; empty where a key identifier names the certificate."""
    serial: bytes
    key_id: bytes
    digest: Algorithm
    attributes: tuple[Attribute, ...] | None
    """None: there are no signed attributes."""
    signed_wire: bytes
    """The signed attributes as SET OF, in the order they were written."""
    signed_der: bytes
    """The same in DER: what has to have been signed (RFC 5652 5.4)."""
    signature_algorithm: Algorithm
    signature: bytes
    unsigned: tuple[Attribute, ...]
    fields: tuple[bytes, ...]
    """All but the unsigned attributes as they were written, from version to signature."""

    def values(self, oid: str) -> tuple[tuple[Node, ...], ...]:
        """Return the values of each signed attribute of this type."""
        return tuple(a.values for a in self.attributes or () if a.oid == oid)

    def unsigned_values(self, oid: str) -> tuple[Node, ...]:
        """Return all values of the unsigned attributes of this type."""
        return tuple(value for a in self.unsigned if a.oid == oid for value in a.values)


@dataclass(frozen=True, slots=True)
class SignedData:
    """A whole signature file."""

    version: int
    digests: tuple[str, ...]
    content_type: str
    content: bytes | None
    """None: detached."""
    certificates: tuple[bytes, ...]
    other_certificates: int
    """How many are of a kind that is not read (attribute certificates)."""
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    signers: tuple[SignerInfo, ...]
    content_type_wire: bytes
    """eContentType as it was written, tag and length included."""
    certificates_wire: tuple[bytes, ...]
    """Each CertificateChoices as it was written, those that are not read too."""
    revocation_wire: tuple[bytes, ...]
    """Each RevocationInfoChoice as it was written."""
    elements_wire: tuple[bytes, ...] = ()
    """encapContentInfo, certificates and crls, as far as they are there, each whole."""
    padding: int = 0
    """Zero bytes behind the structure in its file, which nobody reads."""


def parse(data: bytes) -> SignedData:
    """Return the signature in `data`, PEM or DER, and nothing after it; raises Asn1Malformed."""
    info = asn1.read(envelope.unwrap(data).der).children(asn1.SEQUENCE)
    if len(info) != 2 or info[0].oid() != cades.ID_SIGNED_DATA:  # noqa: PLR2004  (type, content)
        raise asn1.malformed("not signed data")
    explicit = info[1].children(asn1.context(0))
    return _signed_data(algorithms.exactly_one(explicit, "content").children(asn1.SEQUENCE))


def _signed_data(fields: tuple[Node, ...]) -> SignedData:
    if len(fields) < 4:  # noqa: PLR2004  (version, digests, content, signers)
        raise asn1.malformed("SignedData")
    version, digests, inside, *optional, signers = fields
    by_tag = {node.identifier: node for node in optional}
    if len(by_tag) != len(optional) or not by_tag.keys() <= {_CERTIFICATES, _REVOCATION}:
        raise asn1.malformed("SignedData")
    content_type, content = _content(inside)
    certificates = by_tag[_CERTIFICATES].children() if _CERTIFICATES in by_tag else ()
    revocation = by_tag[_REVOCATION].children() if _REVOCATION in by_tag else ()
    crls, ocsps = _revocation(revocation)
    infos = signers.children(asn1.SET)
    if not 1 <= len(infos) <= MOST_SIGNERS or len(certificates) > MOST_CERTIFICATES:
        raise asn1.malformed(f"{len(infos)} signers, {len(certificates)} certificates")
    plain = tuple(node.raw for node in certificates if node.identifier == asn1.SEQUENCE)
    return SignedData(
        version=version.integer(),
        digests=tuple(algorithms.algorithm(node).oid for node in digests.children(asn1.SET)),
        content_type=content_type.oid(),
        content=content,
        certificates=plain,
        other_certificates=len(certificates) - len(plain),
        crls=crls,
        ocsps=ocsps,
        signers=tuple(map(signer_info, infos)),
        content_type_wire=content_type.raw,
        certificates_wire=tuple(node.raw for node in certificates),
        revocation_wire=tuple(node.raw for node in revocation),
        elements_wire=tuple(node.raw for node in (inside, *optional)),
    )


def _content(node: Node) -> tuple[Node, bytes | None]:
    parts = node.children(asn1.SEQUENCE)
    if not 1 <= len(parts) <= 2:  # noqa: PLR2004  (type, and the content if it is inside)
        raise asn1.malformed("EncapsulatedContentInfo")
    if len(parts) == 1:
        return parts[0], None
    inside = algorithms.exactly_one(parts[1].children(asn1.context(0)), "eContent")
    return parts[0], inside.octets()


def _revocation(nodes: tuple[Node, ...]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The CRLs and OCSP answers of RevocationInfoChoices (RFC 5652 10.2.1, RFC 5940)."""
    crls = tuple(node.raw for node in nodes if node.identifier == asn1.SEQUENCE)
    others = (node.children() for node in nodes if node.identifier == asn1.context(1))
    ocsps = tuple(
        parts[1].raw for parts in others if len(parts) > 1 and parts[0].oid() == cades.OCSP_RESPONSE
    )
    return crls, ocsps


def signer_info(node: Node) -> SignerInfo:
    """Return a SignerInfo read, which a counter-signature is too; raises Asn1Malformed."""
    fields = list(node.children(asn1.SEQUENCE))
    unsigned = fields.pop() if fields and fields[-1].identifier == _UNSIGNED else None
    wire = tuple(field.raw for field in fields)
    signed = fields.pop(3) if len(fields) > _SIGNER_FIELDS else None
    if len(fields) != _SIGNER_FIELDS:
        raise asn1.malformed("SignerInfo")
    version, name, digest, algorithm, signature = fields
    issuer, serial, key_id = _signer_identifier(name)
    if signed is not None and len(signed.contents) > LARGEST_ATTRIBUTES:
        raise asn1.malformed("too many elements")
    parts = signed.children(_SIGNED) if signed is not None else ()
    encoded = [asn1.der(part) for part in parts]
    return SignerInfo(
        version=version.integer(),
        issuer=issuer,
        serial=serial,
        key_id=key_id,
        digest=algorithms.algorithm(digest),
        attributes=_attributes(parts) if signed is not None else None,
        signed_wire=asn1.tlv(asn1.SET, *encoded),
        signed_der=asn1.set_of(*encoded),
        signature_algorithm=algorithms.algorithm(algorithm),
        signature=signature.octets(),
        unsigned=_attributes(unsigned.children()) if unsigned is not None else (),
        fields=wire,
    )


def _signer_identifier(node: Node) -> tuple[bytes, bytes, bytes]:
    if node.identifier == _KEY_ID:
        return b"", b"", node.contents
    parts = node.children(asn1.SEQUENCE)
    if len(parts) != 2:  # noqa: PLR2004  (issuer, serial number)
        raise asn1.malformed("issuerAndSerialNumber")
    return parts[0].expect(asn1.SEQUENCE).raw, parts[1].expect(asn1.INTEGER).raw, b""


def _attributes(nodes: tuple[Node, ...]) -> tuple[Attribute, ...]:
    attributes = []
    for node in nodes:
        parts = node.children(asn1.SEQUENCE)
        if len(parts) != 2:  # noqa: PLR2004  (type, values)
            raise asn1.malformed("attribute")
        values = parts[1].children(asn1.SET)
        attributes.append(Attribute(parts[0].oid(), values, parts[0].raw, node.raw))
    return tuple(attributes)
