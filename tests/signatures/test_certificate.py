"""What a certificate says, and why it does not claim to be qualified."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esign_cli.commands.demo.made_up import COMPANY_SEAL_POLICY, MadeUpCa, national_id
from esign_cli.foundation.errors.signatures import CertificateUnreadable
from esign_cli.signatures import certificate
from esign_cli.signatures.pki import tbs
from tests.support.signatures import DAY

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CA = MadeUpCa.create(NOW)
QC, LAW, RESTRICTED, SEAL = (
    "0.4.0.1862.1.1",
    "2.16.792.1.61.0.1.5070.1.1",
    "2.16.792.1.61.0.1.5070.1.3",
    "2.16.792.1.61.0.1.5070.2.1",
)


def issue(**more):
    return CA.issue("ŞÜKRÜ IŞIK", national_id(1), key=more.pop("key", "P-256"),
                    not_before=NOW, **more).certificate  # fmt: skip


def test_what_it_says() -> None:
    read = certificate.parse(issue(serial=0xABC, not_after=NOW + DAY))
    assert read.holder == "ŞÜKRÜ IŞIK"
    assert read.national_id == "10000000146"
    assert read.serial == "0abc"
    assert (read.not_before, read.not_after) == (NOW, NOW + DAY)
    assert (read.key, read.signs, read.qualified_claim) == ("EC P-256", True, True)
    assert "Elektronik Sertifika" in read.issuer
    assert len(read.sha256) == 64


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("RSA-2048", "RSA-2048"),
        ("RSA-1024", "RSA-1024"),
        ("P-384", "EC P-384"),
        ("P-521", "EC P-521"),
        ("secp256k1", "EC 1.3.132.0.10"),
    ],
)
def test_its_key(key: str, words: str) -> None:
    assert certificate.parse(issue(key=key)).key == words


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ()),
        ({"non_repudiation": False}, ("no-non-repudiation",)),
        ({"user_notice": False}, ("no-policy-notice",)),
        ({"statements": [LAW]}, ("no-qc-statement",)),
        ({"statements": [QC]}, ("no-turkish-statement",)),
        ({"statements": [QC, LAW, RESTRICTED]}, ("usage-restricted",)),
        ({"statements": [QC, LAW, SEAL]}, ("seal",)),
        (
            {"qualified": False, "non_repudiation": False, "policy": COMPANY_SEAL_POLICY},
            (
                "no-non-repudiation",
                "no-policy-notice",
                "no-qc-statement",
                "no-turkish-statement",
                "seal",
            ),
        ),
    ],
)
def test_why_it_does_not_claim_to_be_qualified(changes, codes) -> None:
    assert certificate.parse(issue(**changes)).unqualified_because == codes


def test_an_authority_is_not_qualified() -> None:
    assert certificate.parse(CA.sub).unqualified_because[0] == "certificate-authority"


def test_a_number_that_is_no_national_id_is_not_taken() -> None:
    der = CA.issue("A B", "1234567890", key="P-256", not_before=NOW).certificate
    assert certificate.parse(der).national_id == ""
    der = CA.issue("A B", "PNOTR-10000000146", key="P-256", not_before=NOW).certificate
    assert certificate.parse(der).national_id == "10000000146"


GOOD = issue()


@pytest.mark.parametrize("der", [b"", b"x", GOOD + b"\0", GOOD[:-1], b"\x30\x80" * 40, GOOD * 99])
def test_what_is_no_certificate(der: bytes) -> None:
    with pytest.raises(CertificateUnreadable):
        certificate.parse(der)
    with pytest.raises(CertificateUnreadable):
        tbs.read(der)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(position: int, value: int) -> None:
    der = GOOD[:position] + bytes((value,)) + GOOD[position + 1 :]
    for read in (certificate.parse, tbs.read):
        with contextlib.suppress(CertificateUnreadable):
            read(der)
