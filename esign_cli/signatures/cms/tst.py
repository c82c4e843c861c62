"""A time stamp token taken apart (RFC 3161, RFC 5816): what it says, and over what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from esign_cli.signatures import cades
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.cms.signed_data import SignedData, SignerInfo
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.asn1 import Node

_LEAST_FIELDS = 5
_EXTENSIONS = asn1.context(1)
_OPTIONAL = (asn1.SEQUENCE, asn1.BOOLEAN, asn1.INTEGER, asn1.context(0), _EXTENSIONS)
_GEN_TIME = re.compile(r"([0-9]{14})(?:\.[0-9]+)?Z")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it was written; nothing of it has been judged."""

    wire: bytes
    data: SignedData
    """The token's own SignedData: its certificates are `data.certificates`."""
    signer: SignerInfo
    info: bytes
    """TSTInfo, the signed content."""
    policy: str
    imprint_digest: str
    imprint: bytes
    serial: int
    time: datetime
    """In UTC; a fraction of a second is cut off."""
    nonce: int | None

    def is_over(self, message: bytes) -> bool:
        """Return whether the imprint is this message's."""
        return algorithms.hashed(self.imprint_digest, message) == self.imprint


def read(token: bytes) -> Token:
    """Return the token in `token`; raises Asn1Malformed."""
    data = signed_data.parse(token)
    if data.content_type != cades.TST_INFO or data.content is None or len(data.signers) != 1:
        raise asn1.malformed("not a time stamp")
    fields = asn1.read(data.content).children(asn1.SEQUENCE)
    if len(fields) < _LEAST_FIELDS:
        raise asn1.malformed("TSTInfo")
    version, policy, imprinted, serial, time, *optional = fields
    options = _optional(optional)
    if version.integer() != 1:
        raise asn1.malformed(f"TSTInfo version {version.integer()}")
    algorithm, imprint = algorithms.first_two(imprinted.children(asn1.SEQUENCE), "messageImprint")
    nonce = options.get(asn1.INTEGER)
    return Token(
        wire=token,
        data=data,
        signer=data.signers[0],
        info=data.content,
        policy=policy.oid(),
        imprint_digest=algorithms.algorithm(algorithm).digest,
        imprint=imprint.octets(),
        serial=serial.integer(),
        time=_time(time),
        nonce=nonce.integer() if nonce is not None else None,
    )


def _optional(nodes: list[Node]) -> dict[int, Node]:
    """Accuracy, ordering, nonce, tsa and extensions by identifier, in this order, each once.

    No extension is known here, so a critical one is refused (RFC 3161 2.4.2).
    """
    places = [_OPTIONAL.index(node.identifier) for node in nodes if node.identifier in _OPTIONAL]
    if len(places) != len(nodes) or places != sorted(set(places)):
        raise asn1.malformed("TSTInfo")
    by_tag = {node.identifier: node for node in nodes}
    extensions = by_tag.get(_EXTENSIONS)
    for extension in extensions.children() if extensions is not None else ():
        if any(part.identifier == asn1.BOOLEAN and any(part.contents) for part in extension):
            raise asn1.malformed("critical extension of a time stamp")
    return by_tag


def _time(node: Node) -> datetime:
    """A GeneralizedTime that may have fractions of a second (RFC 3161 2.4.2)."""
    text = node.expect(asn1.GENERALIZED_TIME).contents.decode("ascii", "replace")
    match = _GEN_TIME.fullmatch(text)
    return asn1.moment(match[1].encode() if match else b"")
