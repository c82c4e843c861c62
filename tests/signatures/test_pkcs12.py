"""A PKCS#12 file signs like a card: right signatures, one question, and clear refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from esign_cli.commands.demo import made_up
from esign_cli.foundation.errors.signatures import (
    KeyRefused,
    Pkcs12Empty,
    Pkcs12Refused,
    Pkcs12Unreadable,
)
from esign_cli.signatures import pkcs12 as softkey

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PASSPHRASE = "mavi defter"


@pytest.fixture(scope="module")
def ca() -> made_up.MadeUpCa:
    return made_up.MadeUpCa.create(NOW)


@pytest.fixture(scope="module")
def issued(ca: made_up.MadeUpCa) -> made_up.Issued:
    return ca.issue("ŞÜKRÜ IŞIK", made_up.national_id(1), key="P-384", not_before=NOW)


def told(passphrase: str) -> Callable[[], bytes]:
    return passphrase.encode


def never() -> bytes:
    raise AssertionError("asked for a passphrase")


@pytest.mark.parametrize(
    ("kind", "digest", "name"),
    [
        ("RSA-2048", hashes.SHA256(), "sha256"),
        ("P-256", hashes.SHA256(), "sha256"),
        ("P-384", hashes.SHA384(), "sha384"),
        ("P-521", hashes.SHA512(), "sha512"),
    ],
)
def test_signatures_hold(
    ca: made_up.MadeUpCa, kind: str, digest: hashes.HashAlgorithm, name: str
) -> None:
    made = ca.issue("A B", made_up.national_id(3), key=kind, not_before=NOW)
    signer = softkey.open_signer(made.p12(PASSPHRASE), told(PASSPHRASE))
    assert signer.certificate == made.certificate
    assert signer.chain == (ca.sub,)
    signature = signer.sign(b"message", name)
    public = x509.load_der_x509_certificate(made.certificate).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, b"message", padding.PKCS1v15(), digest)
    else:
        assert isinstance(public, ec.EllipticCurvePublicKey)
        public.verify(signature, b"message", ec.ECDSA(digest))


def test_the_key_is_not_in_the_repr(issued: made_up.Issued) -> None:
    signer = softkey.open_signer(issued.p12(""), told(""))
    assert "PrivateKey" not in repr(signer)


def test_a_wrong_passphrase_is_refused(issued: made_up.Issued) -> None:
    with pytest.raises(Pkcs12Refused):
        softkey.open_signer(issued.p12(PASSPHRASE), told(PASSPHRASE + "\r"))


def test_what_is_no_pkcs12_asks_for_no_passphrase(issued: made_up.Issued) -> None:
    whole = issued.p12(PASSPHRASE)
    for data in (b"", b"\x30", b"hello", whole[:-1], whole + b"\n", b"\x30" * (1 << 21)):
        with pytest.raises(Pkcs12Unreadable):
            softkey.open_signer(data, never)


def test_a_file_without_key_or_with_another_ones_is_empty(
    ca: made_up.MadeUpCa, issued: made_up.Issued
) -> None:
    none = serialization.NoEncryption()
    certificate = x509.load_der_x509_certificate(issued.certificate)
    no_key = pkcs12.serialize_key_and_certificates(None, None, None, [certificate], none)
    with pytest.raises(Pkcs12Empty):
        softkey.open_signer(no_key, told(""))
    key_alone = pkcs12.serialize_key_and_certificates(None, issued.key(), None, None, none)
    with pytest.raises(Pkcs12Empty):
        softkey.open_signer(key_alone, told(""))


def test_a_key_of_another_kind_is_refused(issued: made_up.Issued) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "MADE-UP")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .not_valid_before(NOW)
        .not_valid_after(NOW.replace(year=2027))
        .serial_number(7)
        .public_key(key.public_key())
        .sign(key, None)
    )
    none = serialization.NoEncryption()
    data = pkcs12.serialize_key_and_certificates(None, key, certificate, None, none)
    with pytest.raises(KeyRefused):
        softkey.open_signer(data, told(""))


def test_roots_are_left_out_of_the_chain(ca: made_up.MadeUpCa, issued: made_up.Issued) -> None:
    chain = [x509.load_der_x509_certificate(der) for der in (ca.sub, ca.root)]
    own = x509.load_der_x509_certificate(issued.certificate)
    none = serialization.NoEncryption()
    data = pkcs12.serialize_key_and_certificates(None, issued.key(), own, chain, none)
    assert softkey.open_signer(data, told("")).chain == (ca.sub,)
