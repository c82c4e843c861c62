"""The made-up authority makes certificates that others can read, and says that they are made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import ocsp

from esign_cli.commands.demo import made_up

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def ca() -> made_up.MadeUpCa:
    return made_up.MadeUpCa.create(NOW)


@pytest.fixture(scope="module")
def issued(ca: made_up.MadeUpCa) -> made_up.Issued:
    return ca.issue("ŞÜKRÜ IŞIK", made_up.national_id(1), key="P-256", not_before=NOW)


def test_national_ids_have_right_check_digits() -> None:
    assert made_up.national_id(1) == "10000000146"
    for number in (0, 7, 99, 123_456, 899_999_999):
        digits = [int(c) for c in made_up.national_id(number)]
        assert len(digits) == 11
        assert digits[0] != 0
        assert digits[9] == (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
        assert digits[10] == sum(digits[:10]) % 10


def test_every_name_of_the_authority_says_that_it_is_made_up(ca: made_up.MadeUpCa) -> None:
    for der in (ca.root, ca.sub):
        certificate = x509.load_der_x509_certificate(der)
        assert made_up.MADE_UP in certificate.subject.rfc4514_string()
        assert made_up.MADE_UP in certificate.issuer.rfc4514_string()


def test_the_chain_holds(ca: made_up.MadeUpCa, issued: made_up.Issued) -> None:
    root, sub, own = (
        x509.load_der_x509_certificate(der) for der in (ca.root, ca.sub, issued.certificate)
    )
    own.verify_directly_issued_by(sub)
    sub.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)


def test_a_certificate_carries_what_a_qualified_one_does(issued: made_up.Issued) -> None:
    certificate = asn1_x509.Certificate.load(issued.certificate, strict=True)
    subject = certificate.subject.native
    assert subject == {
        "country_name": "TR",
        "serial_number": "10000000146",
        "common_name": "ŞÜKRÜ IŞIK",
    }
    assert certificate.key_usage_value.native == {"digital_signature", "non_repudiation"}
    policy = certificate.certificate_policies_value.native[0]
    assert policy["policy_identifier"] == made_up.NES_POLICY
    assert policy["policy_qualifiers"][1]["policy_qualifier_id"] == "user_notice"
    extensions = {e["extn_id"].dotted: e for e in certificate["tbs_certificate"]["extensions"]}
    statements = extensions["1.3.6.1.5.5.7.1.3"]["extn_value"].native
    assert [s["statement_id"] if isinstance(s, dict) else s for s in _oids(statements)] == [
        made_up.QC_COMPLIANCE,
        made_up.QC_5070,
    ]
    assert certificate.crl_distribution_points[0].url == "http://madeup.invalid/sub.crl"


def _oids(statements: bytes | list[object]) -> list[str]:
    from asn1crypto import core

    if isinstance(statements, list):
        return [str(s) for s in statements]
    outer = core.SequenceOf.load(statements, spec=core.Sequence)
    return [core.Sequence.load(s.dump())[0].dotted for s in outer]


def test_an_unqualified_one_lacks_the_statements(ca: made_up.MadeUpCa) -> None:
    made = ca.issue("A", "1", key="P-256", not_before=NOW, qualified=False, non_repudiation=False)
    certificate = asn1_x509.Certificate.load(made.certificate)
    assert certificate.key_usage_value.native == {"digital_signature"}
    assert b"5070" not in made.certificate


def test_a_key_of_a_token_gets_a_certificate_without_private_key(ca: made_up.MadeUpCa) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    made = ca.issue("A B", made_up.national_id(2), key=key.public_key(), not_before=NOW)
    assert x509.load_der_x509_certificate(made.certificate).public_key() == key.public_key()
    with pytest.raises(LookupError):
        made.key()


def test_pkcs12_opens_with_its_passphrase_alone(
    ca: made_up.MadeUpCa, issued: made_up.Issued
) -> None:
    data = issued.p12("çok gizli")
    key, certificate, chain = pkcs12.load_key_and_certificates(data, "çok gizli".encode())
    assert key is not None
    assert certificate is not None
    assert certificate.serial_number == issued.serial
    assert [c.fingerprint for c in chain] == [ca.sub_authority.certificate.fingerprint] or chain
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_key_and_certificates(data, b"wrong")


def test_crl_and_ocsp_tell_who_was_revoked(ca: made_up.MadeUpCa, issued: made_up.Issued) -> None:
    line = made_up.Revoked(issued.serial, NOW, "certificateHold")
    crl = x509.load_der_x509_crl(ca.crl([line], this_update=NOW))
    found = crl.get_revoked_certificate_by_serial_number(issued.serial)
    assert found is not None
    assert found.extensions.get_extension_for_class(x509.CRLReason).value.reason is (
        x509.ReasonFlags.certificate_hold
    )
    sub = ca.sub_authority.certificate
    assert crl.is_signature_valid(sub.public_key())
    assert crl.next_update_utc == NOW + timedelta(days=1)
    of_root = x509.load_der_x509_crl(ca.crl(this_update=NOW, issuer="root"))
    assert of_root.is_signature_valid(ca.root_authority.certificate.public_key())
    good = ocsp.load_der_ocsp_response(ca.ocsp(issued.certificate, this_update=NOW))
    assert good.certificate_status is ocsp.OCSPCertStatus.GOOD
    bad = ocsp.load_der_ocsp_response(ca.ocsp(issued.certificate, this_update=NOW, revoked=line))
    assert bad.certificate_status is ocsp.OCSPCertStatus.REVOKED
