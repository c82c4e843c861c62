"""A key in a PKCS#12 file as a signer, for demos, tests and places without a card reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esign_cli.foundation.errors import signatures as errors

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.x509 import Certificate

LARGEST = 1 << 20
"""Bytes; a key with its certificates takes a few thousand."""


@dataclass(frozen=True, slots=True)
class SoftSigner:
    """A signer whose key lies in this process's memory; its repr hides it."""

    certificate: bytes
    chain: tuple[bytes, ...]
    _key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    def sign(self, message: bytes, digest_algorithm: str) -> bytes:
        """Return the signature over `message`: PKCS#1 v1.5, or a DER ECDSA-Sig-Value (RFC 3279
        2.2.3).
        """
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

        digests: dict[str, hashes.HashAlgorithm] = {
            "sha256": hashes.SHA256(),
            "sha384": hashes.SHA384(),
            "sha512": hashes.SHA512(),
        }
        algorithm = digests[digest_algorithm]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(message, padding.PKCS1v15(), algorithm)
        return self._key.sign(message, ec.ECDSA(algorithm))


def open_signer(data: bytes, ask_passphrase: Callable[[], bytes]) -> SoftSigner:
    """Return the signer in a PKCS#12 file, whose certificate too can be read only with the
    passphrase.

    The passphrase is asked for once, and only for what is a PKCS#12 file by its looks. Raises
    Pkcs12Unreadable, Pkcs12Refused or Pkcs12Empty, and whatever `ask_passphrase` raises.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    _check_shape(data)
    key, certificate, others = _load(data, ask_passphrase())
    if certificate is None or key is None:
        raise errors.Pkcs12Empty
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise errors.KeyRefused(key=type(key).__name__)
    if key.public_key() != certificate.public_key():
        raise errors.Pkcs12Empty
    der = serialization.Encoding.DER
    chain = tuple(other.public_bytes(der) for other in others if other.issuer != other.subject)
    return SoftSigner(certificate.public_bytes(der), chain, key)


def _load(data: bytes, passphrase: bytes) -> tuple[object, Certificate | None, list[Certificate]]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        return pkcs12.load_key_and_certificates(data, passphrase or None)
    except UnsupportedAlgorithm as error:
        raise errors.Pkcs12Unreadable.from_cause(error) from error
    except (ValueError, TypeError) as error:
        raise errors.Pkcs12Refused from error


def _check_shape(data: bytes) -> None:
    """One DER SEQUENCE and nothing after it, so that a wrong file costs nobody a passphrase."""
    short, long = 0x80, 0x84
    if len(data) > LARGEST or len(data) < 2 or data[0] != 0x30:  # noqa: PLR2004  (a header's size)
        raise errors.Pkcs12Unreadable(detail=f"{len(data)} bytes")
    length, header = data[1], 2
    if short < length <= long:
        header += length - short
        length = int.from_bytes(data[2:header], "big")
    if data[1] != short and header + length != len(data):  # 0x80: BER of indefinite length
        raise errors.Pkcs12Unreadable(detail=f"{len(data)} bytes")
