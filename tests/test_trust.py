"""Trusted certificates and local revocation data, read from files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from esign_cli import errors, revocation, trust
from esign_cli.madeup import MadeUpCa, national_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CA = MadeUpCa.create(NOW)
PERSON = CA.issue("A B", national_id(1), key="P-256", not_before=NOW).certificate


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def test_only_the_self_signed_are_anchors(tmp_path: Path) -> None:
    bundle = tmp_path / "all.pem"
    bundle.write_bytes(b"A bundle.\n" + pem(CA.root) + pem(CA.sub) + pem(PERSON) + pem(CA.sub))
    assert trust.from_files([bundle]) == trust.Trust((CA.root,), (CA.sub, PERSON))


def test_one_that_names_itself_and_is_signed_by_another_is_no_anchor() -> None:
    """The root's name over the root's key, with a signature that is not the root's."""
    other = MadeUpCa.create(NOW).root
    forged = CA.root[:-20] + other[-20:]
    assert trust.self_signed(CA.root)
    assert not trust.self_signed(forged)


def test_a_folder(tmp_path: Path) -> None:
    assert trust.from_folder(tmp_path / "none") == trust.Trust()
    (tmp_path / "root.cer").write_bytes(CA.root)
    (tmp_path / "SUB.DER").write_bytes(CA.sub)
    (tmp_path / "readme.txt").write_text("not a certificate")
    assert trust.from_folder(tmp_path) == trust.Trust((CA.root,), (CA.sub,))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"merhaba",
        CA.root + b"x",
        b"-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n",
    ],
)
def test_what_is_no_certificate(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "root.pem"
    path.write_bytes(data)
    with pytest.raises(errors.TrustUnreadable) as caught:
        trust.from_files([path])
    assert caught.value.facts["path"] == str(path)


def test_revocation_data(tmp_path: Path) -> None:
    crl, answer = CA.crl(this_update=NOW), CA.ocsp(PERSON, this_update=NOW)
    (tmp_path / "a").write_bytes(crl)
    (tmp_path / "b").write_bytes(x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM))
    (tmp_path / "c").write_bytes(answer)
    assert revocation.crls([tmp_path / "a", tmp_path / "b"]) == (crl, crl)
    assert revocation.ocsps([tmp_path / "c"]) == (answer,)
    with pytest.raises(errors.RevocationUnreadable):
        revocation.crls([tmp_path / "c"])
    with pytest.raises(errors.RevocationUnreadable):
        revocation.ocsps([tmp_path / "a"])
    with pytest.raises(errors.FileMissing):
        revocation.crls([tmp_path / "none"])
    (tmp_path / "d").write_bytes(b"-----BEGIN X509 CRL-----\nA\n-----END X509 CRL-----\n")
    with pytest.raises(errors.RevocationUnreadable):
        revocation.crls([tmp_path / "d"])
