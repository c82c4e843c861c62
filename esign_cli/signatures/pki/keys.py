"""Public-key mathematics: which keys are strong enough, and whether a signature is right.

SHA-2 with RSA of at least 2048 bits, or with P-256, P-384 or P-521; everything else is weak.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from esign_cli.foundation.errors.signatures import Asn1Malformed, CertificateUnreadable
from esign_cli.signatures.pki import algorithms, asn1, tbs

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

LEAST_RSA = 2048
MOST_RSA = 4096
CURVE_DIGESTS = {"P-256": "sha256", "P-384": "sha384", "P-521": "sha512"}
"""The curves that are strong enough, with the digest that we sign with."""
_CURVES = {
    asn1.oid("1.2.840.10045.3.1.7"): "P-256",
    asn1.oid("1.3.132.0.34"): "P-384",
    asn1.oid("1.3.132.0.35"): "P-521",
}
_LARGEST_RSA_CHECKED = 16384


def kind_of(key_info: bytes) -> tuple[str, int | str]:
    """Return ("rsa", bits), ("ec", curve name or "") or (dotted identifier, ""); raises
    Asn1Malformed.
    """
    algorithm, key = algorithms.first_two(asn1.read(key_info).children(asn1.SEQUENCE), "public key")
    identifier = algorithms.algorithm(algorithm)
    if identifier.oid in (algorithms.RSA, algorithms.RSA_PSS):
        bits = key.expect(asn1.BIT_STRING).contents
        numbers = asn1.read(bits[1:]).children(asn1.SEQUENCE)
        return "rsa", algorithms.first_two(numbers, "RSA key")[0].integer().bit_length()
    if identifier.oid == algorithms.EC:
        return "ec", _CURVES.get(identifier.parameters or b"", "")
    return identifier.oid, ""


def strong(key_info: bytes) -> bool:
    """Return whether a signature by this key may count; raises Asn1Malformed."""
    kind, size = kind_of(key_info)
    return kind == "ec" and bool(size) if isinstance(size, str) else size >= LEAST_RSA


def strongly_signed(der: bytes) -> bool:
    """Tell whether a certificate's own signature may count; not so one by SHA-1."""
    try:
        scheme = algorithms.scheme(tbs.read(der).algorithm, "")
    except (Asn1Malformed, CertificateUnreadable):
        return False
    return scheme is not None and scheme.strong


def signing_scheme(key_info: bytes) -> algorithms.Scheme | None:
    """Return what we sign with by this key; None: we do not sign with it."""
    kind, size = kind_of(key_info)
    if kind == "rsa" and isinstance(size, int) and LEAST_RSA <= size <= MOST_RSA:
        return algorithms.Scheme("rsa", "sha256")
    if kind == "ec" and size in CURVE_DIGESTS:
        return algorithms.Scheme("ecdsa", CURVE_DIGESTS[str(size)])
    return None


def verifies(key_info: bytes, scheme: algorithms.Scheme, signature: bytes, message: bytes) -> bool:
    """Return whether `signature` is this key's over `message`; False also for what cannot be
    computed.
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        _check(key_info, scheme, signature, message)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, OverflowError):
        return False
    return True


def _check(key_info: bytes, scheme: algorithms.Scheme, signature: bytes, message: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    key = _load(key_info)
    digest = _digest(scheme.digest)
    if isinstance(key, rsa.RSAPublicKey) and scheme.kind == "rsa":
        if key.key_size > _LARGEST_RSA_CHECKED:
            raise ValueError("RSA key too large")
        key.verify(signature, message, padding.PKCS1v15(), digest)
    elif isinstance(key, rsa.RSAPublicKey) and scheme.kind == "pss":
        mask = padding.MGF1(_digest(scheme.mask_digest))
        key.verify(signature, message, padding.PSS(mask, scheme.salt), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey) and scheme.kind == "ecdsa":
        key.verify(signature, message, ec.ECDSA(digest))
    else:
        raise TypeError("the key is of another kind than the signature")


@lru_cache(maxsize=64)
def _load(key_info: bytes) -> RSAPublicKey | EllipticCurvePublicKey | None:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(key_info)
    return key if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) else None


def _digest(name: str) -> HashAlgorithm:
    from cryptography.hazmat.primitives import hashes

    known: dict[str, HashAlgorithm] = {
        "sha256": hashes.SHA256(),
        "sha384": hashes.SHA384(),
        "sha512": hashes.SHA512(),
        "sha3_256": hashes.SHA3_256(),
        "sha3_384": hashes.SHA3_384(),
        "sha3_512": hashes.SHA3_512(),
        "sha224": hashes.SHA224(),
        "sha1": hashes.SHA1(),  # noqa: S303  (an old signature is told to be weak, not wrong)
        "md5": hashes.MD5(),  # noqa: S303
    }
    if name not in known:
        raise ValueError(name)
    return known[name]
