"""Digest and signature algorithms: identifiers, what is strong enough, how they are written.

RFC 5754, RFC 8017, RFC 5758, RFC 4055.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from esign_cli.signatures.pki import asn1
from esign_cli.signatures.pki.asn1 import Node

DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.8": "sha3_256",
    "2.16.840.1.101.3.4.2.9": "sha3_384",
    "2.16.840.1.101.3.4.2.10": "sha3_512",
    "1.3.14.3.2.26": "sha1",
    "1.2.840.113549.2.5": "md5",
}
STRONG_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
RSA = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
EC = "1.2.840.10045.2.1"
SIGNATURES = {
    "1.2.840.113549.1.1.4": ("rsa", "md5"),
    "1.2.840.113549.1.1.5": ("rsa", "sha1"),
    "1.2.840.113549.1.1.14": ("rsa", "sha224"),
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "2.16.840.1.101.3.4.3.14": ("rsa", "sha3_256"),
    "2.16.840.1.101.3.4.3.15": ("rsa", "sha3_384"),
    "2.16.840.1.101.3.4.3.16": ("rsa", "sha3_512"),
    "1.2.840.10045.4.1": ("ecdsa", "sha1"),
    "1.2.840.10045.4.3.1": ("ecdsa", "sha224"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
    "2.16.840.1.101.3.4.3.10": ("ecdsa", "sha3_256"),
    "2.16.840.1.101.3.4.3.11": ("ecdsa", "sha3_384"),
    "2.16.840.1.101.3.4.3.12": ("ecdsa", "sha3_512"),
}
SIGNATURE_OIDS = {pair: oid for oid, pair in SIGNATURES.items()}
DIGEST_OIDS = {name: oid for oid, name in DIGESTS.items()}
_PSS_DEFAULTS = ("sha1", 20)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An AlgorithmIdentifier as it stands; `parameters` is the whole element, None if absent."""

    oid: str
    parameters: bytes | None = None

    @property
    def digest(self) -> str:
        """The name of the digest, for hashlib; the dotted identifier of an unknown one."""
        return DIGESTS.get(self.oid, self.oid)

    @property
    def bare(self) -> bool:
        """Whether the parameters are absent or NULL, as those of SHA-2 have to be (RFC 5754 2)."""
        return self.parameters in (None, b"\x05\x00")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a signature is to be checked: "rsa" (PKCS#1 v1.5), "pss" or "ecdsa"."""

    kind: str
    digest: str
    mask_digest: str = ""
    salt: int = 0

    @property
    def strong(self) -> bool:
        return {self.digest, self.mask_digest or self.digest} <= STRONG_DIGESTS


def algorithm(node: Node) -> Algorithm:
    """Return an AlgorithmIdentifier read; raises Asn1Malformed."""
    return algorithm_of(node.children(asn1.SEQUENCE))


def algorithm_of(parts: tuple[Node, ...]) -> Algorithm:
    """Return the same from the elements inside, where the tag is another (IMPLICIT)."""
    if not 1 <= len(parts) <= 2:  # noqa: PLR2004  (an identifier, and perhaps parameters)
        raise asn1.malformed("algorithm identifier")
    return Algorithm(parts[0].oid(), parts[1].raw if len(parts) > 1 else None)


def scheme(identifier: Algorithm, digest: str) -> Scheme | None:
    """Return the signature scheme; `digest` is what a bare rsaEncryption goes with. None: not
    known.

    Raises Asn1Malformed for parameters that cannot be read.
    """
    if identifier.oid in SIGNATURES:
        return Scheme(*SIGNATURES[identifier.oid]) if identifier.bare else None
    if identifier.oid == RSA:
        return Scheme("rsa", digest) if identifier.bare else None
    if identifier.oid == RSA_PSS:
        return _pss(identifier)
    return None


def _pss(identifier: Algorithm) -> Scheme | None:
    """RSASSA-PSS-params (RFC 8017 A.2.3)."""
    digest, salt = _PSS_DEFAULTS
    mask = digest
    for node in asn1.read(identifier.parameters or b"\x30\x00").children(asn1.SEQUENCE):
        value = exactly_one(node.children(), "RSASSA-PSS parameters")
        if node.identifier == asn1.context(0):
            digest = algorithm(value).digest
        elif node.identifier == asn1.context(1):
            generator = algorithm(value)
            if generator.oid != MGF1 or generator.parameters is None:
                return None
            mask = algorithm(asn1.read(generator.parameters)).digest
        elif node.identifier == asn1.context(2):
            salt = value.integer()
        elif node.identifier != asn1.context(3) or value.integer() != 1:
            return None
    return Scheme("pss", digest, mask, salt)


@dataclass(frozen=True, slots=True)
class Digested:
    """A content that was read and not kept: how it begins, and its digests by their names."""

    beginning: bytes
    digests: Mapping[str, bytes]


Content = bytes | Digested
"""What is signed: itself, or what is left of it where it is too large to be kept."""
KEPT_DIGESTS = ("sha256", "sha384", "sha512")
"""The digests that we sign with, which are made of what is not kept."""


def hashed(name: str, data: Content) -> bytes | None:
    """Return the digest by a name of DIGESTS; None when this machine does not know it."""
    if isinstance(data, Digested):
        return data.digests.get(name)
    if name not in DIGEST_OIDS:
        return None
    try:
        return hashlib.new(name, data, usedforsecurity=False).digest()
    except ValueError:
        return None


def algorithm_identifier(oid: str, parameters: bytes = b"") -> bytes:
    return asn1.sequence(asn1.oid(oid), parameters)


def digest_identifier(digest: str) -> bytes:
    """Return SHA-2 with parameters absent (RFC 5754 2)."""
    return algorithm_identifier(DIGEST_OIDS[digest])


def signature_identifier(kind: str, digest: str) -> bytes:
    """Return RSA with NULL parameters (RFC 4055 5), ECDSA with none (RFC 5758 3.2)."""
    parameters = asn1.null() if kind == "rsa" else b""
    return algorithm_identifier(SIGNATURE_OIDS[kind, digest], parameters)


def first_two(nodes: tuple[Node, ...], what: str) -> tuple[Node, Node]:
    """Return the first two nodes; raises Asn1Malformed."""
    if len(nodes) < 2:  # noqa: PLR2004  (it says two)
        raise asn1.malformed(what)
    return nodes[0], nodes[1]


def exactly_one(nodes: tuple[Node, ...], what: str) -> Node:
    """Return the one node there is; raises Asn1Malformed."""
    if len(nodes) != 1:
        raise asn1.malformed(what)
    return nodes[0]
