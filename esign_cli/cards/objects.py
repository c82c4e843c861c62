"""What lies on a card, found by enumerating: certificates and the keys that belong to them.

Runs in the child. A key belongs to a certificate by its public value; where the card hides that
(the private keys of elliptic curves), by CKA_ID.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import pkcs11
from pkcs11 import Attribute, ObjectClass

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
        return hashlib.sha256(self.der).hexdigest()


class FoundKey(NamedTuple):
    """A key object; `public` is None where the card does not show it."""

    handle: int
    identifier: bytes
    public: PublicValue | None
    always_authenticate: bool
    """Whether it wants the PIN again for each signature (private keys only)."""


def certificates(session: Any) -> list[FoundCertificate]:
    """Every X.509 certificate on the card, in the card's order."""
    found = []
    for item in list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})):
        der = _value(item, Attribute.VALUE)
        if der:
            found.append(FoundCertificate(der, _value(item, Attribute.ID), _public_of(der)))
    return found


def keys(session: Any, kind: ObjectClass) -> list[FoundKey]:
    """Every key of this class that the card shows now; private ones often only after a login."""
    items = list(session.get_objects({Attribute.CLASS: kind}))
    private = kind is ObjectClass.PRIVATE_KEY
    return [
        FoundKey(
            item.handle,
            _value(item, Attribute.ID),
            _public_value(item),
            private and bool(_attribute(item, Attribute.ALWAYS_AUTHENTICATE)),
        )
        for item in items
    ]


def belonging(certificate: FoundCertificate, candidates: Iterable[FoundKey]) -> list[FoundKey]:
    """The keys that are this certificate's; more than one when the card is ambiguous."""
    fitting = [key for key in candidates if _fits(key, certificate)]
    by_both = [key for key in fitting if key.identifier == certificate.identifier]
    return by_both or fitting


def key_count(session: Any, certificate: FoundCertificate) -> int | None:
    """How many keys the card shows for the certificate; None when it shows no keys at all."""
    public = keys(session, ObjectClass.PUBLIC_KEY)
    private = keys(session, ObjectClass.PRIVATE_KEY)
    count = max(len(belonging(certificate, public)), len(belonging(certificate, private)))
    return count if count or public else None


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


def _public_value(item: Any) -> PublicValue | None:
    if modulus := _value(item, Attribute.MODULUS):
        return PublicValue("rsa", modulus.lstrip(b"\0"))
    point = _value(item, Attribute.EC_POINT)
    return PublicValue("ec", point) if point else None


def _value(item: Any, attribute: Attribute) -> bytes:
    """An attribute's bytes; empty where the card does not give it."""
    return bytes(_attribute(item, attribute) or b"")


def _attribute(item: Any, attribute: Attribute) -> Any:
    try:
        return item[attribute]
    except (pkcs11.AttributeTypeInvalid, pkcs11.AttributeSensitive, pkcs11.FunctionFailed):
        return None


def _public_of(der: bytes) -> PublicValue | None:
    from asn1crypto import x509  # python-pkcs11 has loaded it already

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
