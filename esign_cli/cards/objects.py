"""Which key on a card belongs to which certificate.

By its public value; where the card hides that (the private keys of elliptic curves), by CKA_ID.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

OCTET_STRING_HEADER = 3
"""Bytes of tag and length, at most, before a point on P-521."""


class PublicValue(NamedTuple):
    """What tells one key pair from another: RSA's modulus, or the point on the curve."""

    kind: str
    """"rsa", "ec", or another algorithm's name, with which we do not sign."""
    value: bytes


class FoundCertificate(NamedTuple):
    """A certificate object; `public` is None when its key cannot be read."""

    der: bytes
    identifier: bytes
    public: PublicValue | None

    @property
    def sha256(self) -> str:
        import hashlib  # OpenSSL with it, which is not waited for before the card is asked

        return hashlib.sha256(self.der).hexdigest()


class FoundKey(NamedTuple):
    """A key object; `public` is None where the card does not show it."""

    handle: int
    identifier: bytes
    public: PublicValue | None
    always_authenticate: bool
    """Whether it wants the PIN again for each signature (private keys only)."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All objects that a card showed, each read once."""

    certificates: tuple[FoundCertificate, ...]
    public: tuple[FoundKey, ...]
    private: tuple[FoundKey, ...]
    unread: tuple[str, ...] = ()
    """What objects answered that could not be read: names and numbers of PKCS #11."""

    def key_count(self, certificate: FoundCertificate) -> int | None:
        """Return how many keys the card shows for it; None when it shows no keys at all."""
        shown = (self.public, self.private)
        count = max(len(belonging(certificate, keys)) for keys in shown)
        return count if count or self.public else None


NOTHING: dict[str, Any] = {"certificates": [], "public": [], "private": [], "unread": []}
"""The facts of a card that was not read."""


def from_facts(facts: dict[str, Any]) -> Contents:
    """Return what the child read."""
    read = ((bytes.fromhex(c["der"]), bytes.fromhex(c["id"])) for c in facts["certificates"])
    return Contents(
        tuple(FoundCertificate(der, identifier, _public_of(der)) for der, identifier in read),
        keys_from_facts(facts["public"]),
        keys_from_facts(facts["private"]),
        tuple(facts["unread"]),
    )


def keys_from_facts(keys: Sequence[dict[str, Any]]) -> tuple[FoundKey, ...]:
    """Return the keys that the child read."""
    return tuple(
        FoundKey(key["handle"], bytes.fromhex(key["id"]), _public_value(key), key["always"])
        for key in keys
    )


def belonging(certificate: FoundCertificate, candidates: Iterable[FoundKey]) -> list[FoundKey]:
    """Return the keys that are this certificate's; more than one when the card is ambiguous."""
    fitting = [key for key in candidates if _fits(key, certificate)]
    by_both = [key for key in fitting if key.identifier == certificate.identifier]
    return by_both or fitting


def _fits(key: FoundKey, certificate: FoundCertificate) -> bool:
    if key.public is not None and certificate.public is not None:
        return _same(key.public, certificate.public)
    return bool(key.identifier) and key.identifier == certificate.identifier


def _same(on_card: PublicValue, in_certificate: PublicValue) -> bool:
    """Cards give the point alone, or as PKCS #11 wants it: in a DER OCTET STRING."""
    more = len(on_card.value) - len(in_certificate.value)
    return (
        on_card.kind == in_certificate.kind
        and 0 <= more <= OCTET_STRING_HEADER
        and on_card.value.endswith(in_certificate.value)
    )


def _public_value(key: dict[str, Any]) -> PublicValue | None:
    if key["modulus"]:
        return PublicValue("rsa", bytes.fromhex(key["modulus"]).lstrip(b"\0"))
    return PublicValue("ec", bytes.fromhex(key["point"])) if key["point"] else None


def _public_of(der: bytes) -> PublicValue | None:
    from asn1crypto import x509

    try:
        info = x509.Certificate.load(der, strict=True).public_key
        if info.algorithm == "ec":
            return PublicValue("ec", info["public_key"].native)
        if info.algorithm != "rsa":
            return PublicValue(info.algorithm, b"")
        modulus = info["public_key"].parsed["modulus"].native
        return PublicValue("rsa", modulus.to_bytes((modulus.bit_length() + 7) // 8, "big"))
    # asn1crypto raises whatever the malformed bytes lead it to
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return None


def of_authority(der: bytes) -> bool:
    """Return whether this is an authority's certificate, which lies on a card only to be sent
    along.
    """
    ca, _of_root = _authority(der)
    return ca


def is_sub_ca(der: bytes) -> bool:
    """Return whether this is an authority's certificate below a root's."""
    return _authority(der) == (True, False)


def _authority(der: bytes) -> tuple[bool, bool]:
    """Whether the certificate is an authority's, and whether it names itself as its issuer."""
    from asn1crypto import x509

    try:
        read = x509.Certificate.load(der, strict=True)
        return bool(read.ca), read.subject == read.issuer
    # asn1crypto raises whatever the malformed bytes lead it to
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return False, False
