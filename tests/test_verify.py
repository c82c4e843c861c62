"""The table of findings and answers, on signatures made here: good, odd and bad."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from esign_cli import cades, sign, verify
from esign_cli.cms import signed_data
from esign_cli.cms.verification import Indication, Report, Result, Sub
from esign_cli.madeup import MadeUpCa, Revoked, national_id
from esign_cli.pathcheck import PathCheck
from esign_cli.pki import asn1, tbs
from tests.signatures import (
    CONTENT,
    DAY,
    HOUR,
    KeySigner,
    Recipe,
    several,
    signed_with_sha1,
    written,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class World:
    """A made-up CA, its revocation data and a way to ask for certificates and answers."""

    ca: MadeUpCa
    anchors: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    issued: dict = field(default_factory=dict)

    def issue(self, key="P-256", *, not_before=NOW - 30 * DAY, not_after=NOW + 900 * DAY, **more):
        wanted = (key, not_before, not_after, repr(more))
        if wanted not in self.issued:
            self.issued[wanted] = self.ca.issue(
                "ŞÜKRÜ IŞIK", national_id(1), key=key, not_before=not_before,
                not_after=not_after, **more,
            )  # fmt: skip
        return self.issued[wanted]

    def recipe(self, **changes) -> Recipe:
        return Recipe(changes.pop("issued", None) or self.issue(), NOW - 2 * HOUR, **changes)

    def verify(self, signature, *, content=None, at=NOW, now=NOW, anchors=None, crls=None,
               ocsps=(), intermediates=()) -> Report:  # fmt: skip
        judge = PathCheck(
            anchors=(self.ca.root,) if anchors is None else anchors,
            intermediates=intermediates,
            crls=self.crls if crls is None else crls,
            ocsps=ocsps,
        )
        return verify.verify(signature, content=content, judge=judge, at=at, now=now)


@pytest.fixture(scope="module")
def world() -> World:
    ca = MadeUpCa.create(NOW)
    fresh = {"this_update": NOW - HOUR}
    return World(ca, crls=(ca.crl(**fresh), ca.crl(issuer="root", **fresh)))


# --- the good and the odd ------------------------------------------------------------------------

GOOD: dict[str, Callable[[World], bytes]] = {
    "attached": lambda w: w.recipe().build(),
    "our own": lambda w: sign.cades(
        CONTENT, KeySigner(w.issue()), signing_time=NOW - 2 * HOUR, detached=False, mime_type=None
    ),
    "PEM": lambda w: armoured(w.recipe().build(), b"CMS"),
    "PEM as PKCS7": lambda w: armoured(w.recipe().build(), b"PKCS7"),
    "RSA": lambda w: w.recipe(issued=w.issue("RSA-2048")).build(),
    "RSA-PSS": lambda w: w.recipe(issued=w.issue("RSA-2048"), pss=True).build(),
    "rsaEncryption": lambda w: w.recipe(issued=w.issue("RSA-2048"), rsa_encryption=True).build(),
    "digest NULL": lambda w: w.recipe(null_parameters=True).build(),
    "P-384": lambda w: w.recipe(issued=w.issue("P-384"), digest="sha384").build(),
    "ESS by SHA-512": lambda w: w.recipe(ess_digest="sha512").build(),
    "no issuerSerial": lambda w: w.recipe(issuer_serial=False).build(),
    "written unsorted, signed in DER": lambda w: w.recipe(badly_written=True).build(),
    "explicit default": lambda w: w.recipe(explicit_default=True).build(),
    "no signing-time": lambda w: w.recipe(drop=["signing-time"]).build(),
    "indefinite lengths": lambda w: indefinite(w.recipe().build()),
    "CRLs inside": lambda w: w.recipe(crls=w.crls).build(),
    "two signers": lambda w: several(w.recipe(), w.recipe(issued=w.issue("P-384"))),
}


def armoured(der: bytes, label: bytes) -> bytes:
    return b"-----BEGIN %s-----\n%s-----END %s-----\n" % (label, base64.encodebytes(der), label)


def indefinite(der: bytes) -> bytes:
    """The outer sequence with an indefinite length, as streaming writers leave it."""
    return b"\x30\x80" + asn1.read(der).contents + b"\0\0"


@pytest.mark.parametrize("name", GOOD)
def test_good_signatures_pass(world: World, name: str) -> None:
    report = world.verify(GOOD[name](world))
    assert (report.indication, report.subindication) == (Indication.PASSED, None)
    assert report.level == ("BES" if name == "no signing-time" else "B-B")
    assert all(entry.qualified for entry in report.signatures)
    assert report.best_signature_time == report.validation_time == NOW


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("explicit default", "ess-explicit-default"),
        ("written unsorted, signed in DER", "attributes-not-sorted"),
        ("no signing-time", "no-signing-time"),
    ],
)
def test_odd_signatures_pass_with_a_warning(world: World, name: str, warning: str) -> None:
    (entry,) = world.verify(GOOD[name](world)).signatures
    assert warning in [said.code for said in entry.warnings]


def test_detached(world: World) -> None:
    made = sign.cades(
        CONTENT, KeySigner(world.issue()), signing_time=NOW, detached=True, mime_type="text/plain"
    )
    assert world.verify(made, content=CONTENT).indication is Indication.PASSED
    assert world.verify(made).subindication is Sub.SIGNED_DATA_NOT_FOUND
    assert world.verify(made, content=CONTENT + b" ").subindication is Sub.HASH_FAILURE


# --- the bad -------------------------------------------------------------------------------------

FORMAT, HASH, CRYPTO = Sub.FORMAT_FAILURE, Sub.HASH_FAILURE, Sub.SIG_CRYPTO_FAILURE
RULE, WEAK = Sub.SIG_CONSTRAINTS_FAILURE, Sub.CRYPTO_CONSTRAINTS_FAILURE
ABSENT = Sub.NO_SIGNING_CERTIFICATE_FOUND
Bad = Callable[[World], bytes]


def twice(oid: str, value: bytes) -> bytes:
    return cades.attribute(oid, value)


def two_values(w: World) -> bytes:
    digests = asn1.set_of(asn1.octet_string(b"1" * 32), asn1.octet_string(b"2" * 32))
    both = asn1.sequence(asn1.oid(cades.MESSAGE_DIGEST), digests)
    return w.recipe(drop=["message-digest"], extra=[both]).build()


BAD: dict[str, tuple[Bad, Sub]] = {
    "nothing": (lambda _w: b"", FORMAT),
    "not CMS": (lambda _w: b"merhaba", FORMAT),
    "a certificate": (lambda w: w.issue().certificate, FORMAT),
    "cut short": (lambda w: w.recipe().build()[:-1], FORMAT),
    "bytes after it": (lambda w: w.recipe().build() + b"\0", FORMAT),
    "bytes after the PEM": (lambda w: armoured(w.recipe().build(), b"CMS") + b"x", FORMAT),
    "PEM of nonsense": (lambda _w: b"-----BEGIN CMS-----\n%%%\n-----END CMS-----\n", FORMAT),
    "no signers": (
        lambda w: written(cades.digest_identifier("sha256"), cades.ID_DATA, CONTENT, [], []),
        FORMAT,
    ),
    "content-type missing": (lambda w: w.recipe(drop=["content-type"]).build(), FORMAT),
    "content-type twice": (
        lambda w: w.recipe(extra=[twice(cades.CONTENT_TYPE, asn1.oid(cades.ID_DATA))]).build(),
        FORMAT,
    ),
    "message-digest missing": (lambda w: w.recipe(drop=["message-digest"]).build(), FORMAT),
    "message-digest twice": (
        lambda w: w.recipe(
            extra=[twice(cades.MESSAGE_DIGEST, asn1.octet_string(b"1" * 32))]
        ).build(),
        FORMAT,
    ),
    "message-digest of two values": (two_values, FORMAT),
    "content-type differs": (
        lambda w: w.recipe(content_type=cades.TST_INFO).build(),
        FORMAT,
    ),
    "two signing-times": (lambda w: w.recipe(extra=[cades.signing_time(NOW)]).build(), FORMAT),
    "signing-certificate-v2 twice": (lambda w: w.recipe(extra=[w.recipe().ess()]).build(), FORMAT),
    "wrong version": (lambda w: w.recipe(version=2).build(), FORMAT),
    "content altered": (lambda w: w.recipe(inside=CONTENT + b" ").build(), HASH),
    "signature wrong": (lambda w: w.recipe(spoil=True).build(), CRYPTO),
    "digestAlgorithm is not the signature's": (
        lambda w: w.recipe(declared="sha512").build(),
        CRYPTO,
    ),
    "no signed attributes": (lambda w: w.recipe(plain=True).build(), RULE),
    "no ESS": (lambda w: w.recipe(drop=["ess"]).build(), RULE),
    "signed before the certificate": (
        lambda w: w.recipe(issued=w.issue(not_before=NOW - HOUR)).build(),
        RULE,
    ),
    "signed in the future": (
        lambda w: Recipe(w.issue(), NOW + 301 * HOUR / 3600).build(),
        RULE,
    ),
    "verifies in wire order only": (lambda w: w.recipe(unsorted=True).build(), RULE),
    "time stamp over 2 h after": (
        lambda w: w.recipe(stamp=NOW - 2 * HOUR + 7201 * HOUR / 3600).build(),
        RULE,
    ),
    "time stamp over 300 s before": (
        lambda w: w.recipe(stamp=NOW - 2 * HOUR - 301 * HOUR / 3600).build(),
        RULE,
    ),
    "time stamp of another signature": (
        lambda w: w.recipe(stamp=NOW - HOUR, stamp_over=b"another").build(),
        RULE,
    ),
    "ESS names another": (
        lambda w: w.recipe(ess_certificate=w.issue("P-384").certificate).build(),
        ABSENT,
    ),
    "signer absent": (lambda w: w.recipe(certificates=[w.ca.sub]).build(), ABSENT),
    "ESS by SHA-1": (lambda w: w.recipe(ess_v1=True).build(), WEAK),
    "ESS v2 by SHA-1": (lambda w: w.recipe(ess_digest="sha1").build(), WEAK),
    "SHA-1": (lambda w: w.recipe(digest="sha1").build(), WEAK),
    "RSA-1024": (lambda w: w.recipe(issued=w.issue("RSA-1024")).build(), WEAK),
    "secp256k1": (lambda w: w.recipe(issued=w.issue("secp256k1")).build(), WEAK),
    "no nonRepudiation": (
        lambda w: w.recipe(issued=w.issue(non_repudiation=False)).build(),
        Sub.CHAIN_CONSTRAINTS_FAILURE,
    ),
    "policy named": (
        lambda w: w.recipe(extra=[cades.attribute(cades.SIGNATURE_POLICY, asn1.null())]).build(),
        Sub.POLICY_PROCESSING_ERROR,
    ),
    "expired": (
        lambda w: w.recipe(issued=w.issue(not_after=NOW - HOUR)).build(),
        Sub.OUT_OF_BOUNDS_NO_POE,
    ),
    "one of two signers bad": (
        lambda w: several(w.recipe(), w.recipe(spoil=True)),
        CRYPTO,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_signatures_do_not_pass(world: World, name: str) -> None:
    make, sub = BAD[name]
    report = world.verify(make(world))
    assert (report.subindication, report.indication) == (sub, sub.indication)


def test_another_file_than_the_one_inside(world: World) -> None:
    report = world.verify(world.recipe().build(), content=b"another")
    assert report.subindication is Sub.HASH_FAILURE


# --- path and revocation -------------------------------------------------------------------------


def test_an_unknown_issuer(world: World) -> None:
    report = world.verify(world.recipe().build(), anchors=(MadeUpCa.create(NOW).root,))
    assert report.subindication is Sub.NO_CERTIFICATE_CHAIN_FOUND
    assert report.signatures[0].qualified is None


def test_a_sub_ca_is_no_anchor_unless_it_is_given_as_one(world: World) -> None:
    lone = world.recipe(certificates=[world.issue().certificate]).build()
    assert world.verify(lone).subindication is Sub.NO_CERTIFICATE_CHAIN_FOUND
    helped = world.verify(lone, intermediates=(world.ca.sub,))
    assert helped.indication is Indication.PASSED


def test_a_weak_chain(world: World) -> None:
    good = world.issue()
    weak = signed_with_sha1(good.certificate, world.ca.sub_authority.key)
    issued = replace(good, certificate=weak)
    assert world.verify(world.recipe(issued=issued).build()).subindication is WEAK


STATES: dict[str, tuple[Callable[[World], tuple[bytes, ...]], Sub | None]] = {
    "no data": (lambda w: (), Sub.TRY_LATER),
    "none for the signer": (lambda w: w.crls[1:], Sub.TRY_LATER),
    "none for the sub-CA": (lambda w: w.crls[:1], Sub.TRY_LATER),
    "stale": (lambda w: (crl(w, update=NOW - 3 * DAY), w.crls[1]), Sub.TRY_LATER),
    "not yet in force": (lambda w: (crl(w, update=NOW + HOUR), w.crls[1]), Sub.TRY_LATER),
    "another CA's": (
        lambda w: (MadeUpCa.create(NOW).crl(this_update=NOW - HOUR), w.crls[1]),
        Sub.TRY_LATER,
    ),
    "signed with SHA-1": (
        lambda w: (signed_with_sha1(w.crls[0], w.ca.sub_authority.key), w.crls[1]),
        WEAK,
    ),
    "revoked": (lambda w: (crl(w, at=NOW - DAY), w.crls[1]), Sub.REVOKED_NO_POE),
    "revoked after the signature": (
        lambda w: (crl(w, at=NOW - HOUR), w.crls[1]),
        Sub.REVOKED_NO_POE,
    ),
    "revoked, told by a stale list": (
        lambda w: (crl(w, at=NOW - 4 * DAY, update=NOW - 3 * DAY), w.crls[1]),
        Sub.REVOKED_NO_POE,
    ),
    "revoked, and an older list that is good": (
        lambda w: (w.crls[0], crl(w, at=NOW - DAY), w.crls[1]),
        Sub.REVOKED_NO_POE,
    ),
    "suspended": (
        lambda w: (crl(w, at=NOW - DAY, reason="certificateHold"), w.crls[1]),
        Sub.TRY_LATER,
    ),
    "suspended once, released since": (
        lambda w: (
            crl(w, at=NOW - DAY, reason="certificateHold", update=NOW - 2 * HOUR),
            *w.crls,
        ),
        None,
    ),
    "sub-CA revoked": (
        lambda w: (
            w.crls[0],
            w.ca.crl(
                [Revoked(w.ca.sub_authority.certificate.serial_number, NOW - DAY)],
                this_update=NOW - HOUR,
                issuer="root",
            ),
        ),
        Sub.REVOKED_NO_POE,
    ),
}


def crl(w: World, *, at=None, reason="", update=NOW - HOUR) -> bytes:
    lines = [Revoked(w.issue().serial, at, reason)] if at else []
    return w.ca.crl(lines, this_update=update)


@pytest.mark.parametrize("name", STATES)
def test_revocation(world: World, name: str) -> None:
    make, sub = STATES[name]
    report = world.verify(world.recipe().build(), crls=make(world))
    assert report.subindication == sub


def test_revocation_that_nobody_can_tell_is_not_called_failed(world: World) -> None:
    signed = world.recipe().build()
    told = world.verify(signed, crls=()).signatures[0].checks
    assert {c.result for c in told if c.name == "revocation"} == {Result.NOT_CHECKED}
    revoked = world.verify(signed, crls=STATES["revoked"][0](world)).signatures[0].checks
    assert Result.FAILED in {c.result for c in revoked if c.name == "revocation"}


@pytest.mark.parametrize(
    ("make", "sub"),
    [
        (lambda w, der: w.ca.ocsp(der, this_update=NOW - HOUR), None),
        (lambda w, der: w.ca.ocsp(der, this_update=NOW - 3 * DAY), Sub.TRY_LATER),
        (
            lambda w, der: w.ca.ocsp(
                der, this_update=NOW - HOUR, revoked=Revoked(w.issue().serial, NOW - DAY)
            ),
            Sub.REVOKED_NO_POE,
        ),
        (lambda w, _der: w.ca.ocsp(w.issue("P-384").certificate, this_update=NOW), Sub.TRY_LATER),
        (lambda w, der: MadeUpCa.create(NOW).ocsp(der, this_update=NOW), Sub.TRY_LATER),
    ],
)
def test_ocsp(world: World, make, sub: Sub | None) -> None:
    answer = make(world, world.issue().certificate)
    report = world.verify(world.recipe().build(), crls=world.crls[1:], ocsps=(answer,))
    assert report.subindication == sub


def test_evidence_names_every_certificate_below_the_root(world: World) -> None:
    (entry,) = world.verify(world.recipe().build()).signatures
    assert [datum.source for datum in entry.evidence] == ["crl", "crl"]
    assert entry.evidence[1].certificate == "ŞÜKRÜ IŞIK"
    assert {datum.this_update for datum in entry.evidence} == {NOW - HOUR}


def test_data_from_before_the_signature_are_remarked_on(world: World) -> None:
    late = Recipe(world.issue(), NOW).build()
    (entry,) = world.verify(late).signatures
    assert entry.indication is Indication.PASSED
    assert [said.code for said in entry.warnings] == ["data-older-than-signature"] * 2


def test_where_the_missing_data_would_be_is_told(world: World) -> None:
    (entry,) = world.verify(world.recipe().build(), crls=world.crls[:1]).signatures
    assert {said.code for said in entry.warnings} == {"not-fetched"}


def test_validation_time_is_no_proof_of_existence(world: World) -> None:
    """At a time when all was well the answer is good, and it says that time."""
    issued = world.issue(not_after=NOW + DAY)
    made = Recipe(issued, NOW - 2 * HOUR).build()
    later = NOW + 30 * DAY
    assert world.verify(made, now=later).indication is Indication.PASSED
    assert world.verify(made, at=later, now=later).subindication is Sub.OUT_OF_BOUNDS_NO_POE
    before = world.verify(made, at=NOW - DAY, now=later)
    assert before.subindication is Sub.SIG_CONSTRAINTS_FAILURE


def test_a_certificate_that_does_not_claim_to_be_qualified(world: World) -> None:
    plain = world.recipe(issued=world.issue(qualified=False)).build()
    (entry,) = world.verify(plain).signatures
    assert entry.indication is Indication.PASSED
    assert entry.qualified is False


# --- work is bounded -----------------------------------------------------------------------------


def test_a_heap_of_certificates_is_refused(world: World) -> None:
    heap = [world.issue().certificate, *(asn1.sequence(asn1.integer(n)) for n in range(64))]
    report = world.verify(world.recipe(certificates=heap).build())
    assert report.subindication is Sub.FORMAT_FAILURE


def test_many_cas_of_one_name_end_soon(world: World) -> None:
    """Cross-signed CAs of one name are as many paths as there are orders of them."""
    subs = [MadeUpCa.create(NOW).sub for _ in range(12)]
    made = world.recipe(certificates=[world.issue().certificate, *subs]).build()
    assert world.verify(made).subindication is Sub.NO_CERTIFICATE_CHAIN_FOUND


def test_no_flipped_bit_passes(world: World) -> None:
    """A bit of every byte of one file: what may change is a version, or a letter's case in the
    name that finds the certificate, which ESS binds in any case."""
    made = world.recipe(certificates=[world.issue().certificate]).build()
    good = signed_data.parse(made)
    for position in range(len(made)):
        flipped = bytearray(made)
        flipped[position] ^= 1 << position % 8
        report = world.verify(bytes(flipped), intermediates=(world.ca.sub,))
        if report.indication is Indication.PASSED:
            data = signed_data.parse(bytes(flipped))
            assert essence(data) == essence(good), position
            assert tbs.same_name(data.signers[0].issuer, good.signers[0].issuer)


def essence(data: signed_data.SignedData) -> tuple:
    (signer,) = data.signers
    return (
        data.content, data.content_type, data.certificates, data.digests, signer.serial,
        signer.digest, signer.signed_wire, signer.signature_algorithm, signer.signature,
    )  # fmt: skip
