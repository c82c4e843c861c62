"""CRLs and OCSP answers: whose they are, what they cover, and which of them holds."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.signatures.pki import asn1, crl_ocsp
from esign_cli.signatures.pki.crl import Answer, RevocationData, State
from tests.support.signatures import DAY, HOUR

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CA = MadeUpCa.create(NOW)
PERSON = CA.issue("A B", national_id(1), key="P-256", not_before=NOW - DAY).certificate
SUB = CA.sub_authority


def data(crls: tuple[bytes, ...], ocsps: tuple[bytes, ...]) -> list[RevocationData]:
    return [RevocationData("crl", der, NOW) for der in crls] + [
        RevocationData("ocsp", der, NOW) for der in ocsps
    ]


def code(*, crls: tuple[bytes, ...] = (), ocsps: tuple[bytes, ...] = ()) -> str:
    known = crl_ocsp.answers(PERSON, CA.sub, data(crls, ocsps))
    return crl_ocsp.validate(known, NOW)[0]


# --- which statement holds -----------------------------------------------------------------------


def said(state: State = State.GOOD, *, age: timedelta = HOUR, **more) -> Answer:
    fields = {"next_update": NOW - age + DAY, "weak": False, **more}
    return Answer("crl", state, NOW - age, **fields)


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        ([], "none"),
        ([said()], "good"),
        ([said(age=2 * DAY)], "stale"),
        ([said(age=-HOUR)], "stale"),
        ([said(next_update=None)], "stale"),
        ([said(weak=True)], "weak"),
        ([said(weak=True), said(age=2 * HOUR)], "good"),
        ([said(State.SUSPENDED, age=2 * HOUR), said()], "good"),
        ([said(State.SUSPENDED), said(age=2 * HOUR)], "suspended"),
        ([said(State.SUSPENDED), said()], "suspended"),
        ([said(State.UNKNOWN)], "unknown"),
        ([said(State.REVOKED, revoked_at=NOW - DAY), said(age=timedelta(0))], "revoked"),
        ([said(State.REVOKED, age=9 * DAY, revoked_at=NOW - 10 * DAY), said()], "revoked"),
        ([said(State.REVOKED, age=-2 * DAY, revoked_at=NOW + DAY), said()], "good"),
        ([said(State.REVOKED, weak=True, revoked_at=NOW - DAY), said()], "revoked"),
    ],
)
def test_which_statement_holds(known: list[Answer], answer: str) -> None:
    assert crl_ocsp.validate(known, NOW)[0] == answer
    assert crl_ocsp.validate(known[::-1], NOW)[0] == answer


def test_an_ocsp_answer_without_an_end_holds_half_an_hour() -> None:
    answer = Answer("ocsp", State.GOOD, NOW, None, weak=False)
    assert answer.current(NOW + timedelta(minutes=30))
    assert not answer.current(NOW + timedelta(minutes=31))


# --- what a CRL covers ---------------------------------------------------------------------------


def crl(*extensions: tuple[x509.ExtensionType, bool], key=None, name=None) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name or SUB.certificate.subject)
        .last_update(NOW - HOUR)
        .next_update(NOW + DAY)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key or SUB.key, hashes.SHA256()).public_bytes(Encoding.DER)


def point(**changes) -> tuple[x509.ExtensionType, bool]:
    fields = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**{**fields, **changes}), True


def own_addresses() -> list[x509.GeneralName]:
    certificate = x509.load_der_x509_certificate(PERSON)
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    return [name for entry in points.value for name in entry.full_name or ()]


ELSEWHERE = [x509.UniformResourceIdentifier("http://madeup.invalid/other.crl")]


@pytest.mark.parametrize(
    ("extension", "answer"),
    [
        ((x509.CRLNumber(1), False), "good"),
        (point(only_contains_user_certs=True), "good"),
        (point(full_name=own_addresses()), "good"),
        (point(full_name=ELSEWHERE), "none"),
        (point(only_contains_ca_certs=True), "none"),
        (point(only_contains_attribute_certs=True), "none"),
        (point(only_contains_user_certs=True, indirect_crl=True), "none"),
        (
            point(
                full_name=own_addresses(),
                only_some_reasons=frozenset([x509.ReasonFlags.key_compromise]),
            ),
            "none",
        ),
        ((x509.DeltaCRLIndicator(1), True), "none"),
        ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0"), True), "none"),
    ],
)
def test_what_a_crl_covers(extension, answer: str) -> None:
    assert code(crls=(crl(extension),)) == answer


def test_a_crl_in_the_issuers_name_by_another_key_is_none() -> None:
    assert code(crls=(crl(key=ec.generate_private_key(ec.SECP256R1())),)) == "none"
    assert code(crls=(b"", b"x", crl()[:-1])) == "none"


# --- who may answer by OCSP ----------------------------------------------------------------------


def answer_by(key, certificate: x509.Certificate, embedded: list[x509.Certificate]) -> bytes:
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=x509.load_der_x509_certificate(PERSON),
        issuer=SUB.certificate,
        algorithm=hashes.SHA1(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=NOW - HOUR,
        next_update=NOW + HOUR,
        revocation_time=None,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, certificate)
    if embedded:
        builder = builder.certificates(embedded)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def responder(*, purpose=True, no_check=True, by=None, end=NOW + DAY):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "MADE-UP OCSP")])
    issuer = by or SUB
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(SUB.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 2 * DAY)
        .not_valid_after(end)
    )
    if purpose:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        builder = builder.add_extension(usage, critical=False)
    if no_check:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return key, builder.sign(issuer.key, hashes.SHA256())


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "good"),
        ({"purpose": False}, "none"),
        ({"no_check": False}, "none"),
        ({"by": MadeUpCa.create(NOW).sub_authority}, "none"),
        ({"end": NOW - HOUR}, "none"),
    ],
)
def test_who_may_answer(changes, answer: str) -> None:
    key, certificate = responder(**changes)
    assert code(ocsps=(answer_by(key, certificate, [certificate]),)) == answer


def test_a_responder_that_a_crl_clears_may_answer() -> None:
    """Without id-pkix-ocsp-nocheck, and only as far as the OCSP answer itself goes."""
    key, certificate = responder(no_check=False)
    both = data((crl(),), (answer_by(key, certificate, [certificate]),))
    known = crl_ocsp.answers(PERSON, CA.sub, both)
    assert [answer.source for answer in known] == ["crl", "ocsp"]


def test_the_signer_of_the_document_is_no_responder() -> None:
    issued = CA.issue("A B", national_id(2), key="P-256", not_before=NOW - DAY)
    own = x509.load_der_x509_certificate(issued.certificate)
    assert code(ocsps=(answer_by(issued.key(), own, [own]),)) == "none"


def test_a_long_crl_is_read_soon() -> None:
    """100,000 entries, in 2 s at most."""
    signed, algorithm, _value = asn1.read(crl()).children()
    entries = (asn1.sequence(asn1.integer(n), asn1.time(NOW - DAY)) for n in range(1, 100_001))
    anew = asn1.sequence(signed.contents, asn1.sequence(*entries))
    value = SUB.key.sign(anew, ec.ECDSA(hashes.SHA256()))
    long = asn1.sequence(anew, algorithm.raw, asn1.tlv(asn1.BIT_STRING, b"\0" + value))
    begun = time.process_time()
    assert code(crls=(long,)) == "good"
    assert time.process_time() - begun < 2
