"""Verification beyond the table: what a report says, and the limits of its work."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from esign_cli.commands.demo.made_up import MadeUpCa, Revoked, service
from esign_cli.foundation import clock
from esign_cli.signatures import cades, creation, validation
from esign_cli.signatures.cms.report import Indication, Result, Sub
from esign_cli.signatures.path_validation import PathCheck
from esign_cli.signatures.pki import algorithms, asn1
from esign_cli.signatures.pki.crl import RevocationData
from tests.signatures.verify_table import GOOD, STATES
from tests.signatures.verify_table_stamped import LONG_AGO, stamped, stranger
from tests.support import parts
from tests.support.signatures import CONTENT, DAY, HOUR, KeySigner, Recipe, several, written
from tests.support.verification import NOW, World, made_up_world


@pytest.fixture(scope="module")
def world() -> World:
    return made_up_world()


# --- the good and the odd ------------------------------------------------------------------------


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
    made = creation.cades(
        CONTENT, KeySigner(world.issue()), signing_time=NOW, detached=True, mime_type="text/plain"
    )
    assert world.verify(made, content=CONTENT).indication is Indication.PASSED
    assert world.verify(made).subindication is Sub.SIGNED_DATA_NOT_FOUND
    assert world.verify(made, content=CONTENT + b" ").subindication is Sub.HASH_FAILURE


# --- the bad -------------------------------------------------------------------------------------


def test_another_file_than_the_one_inside(world: World) -> None:
    report = world.verify(world.recipe().build(), content=b"another")
    assert report.subindication is Sub.HASH_FAILURE


# --- path and revocation -------------------------------------------------------------------------


def test_a_sub_ca_is_no_anchor_unless_it_is_given_as_one(world: World) -> None:
    lone = world.recipe(certificates=[world.issue().certificate]).build()
    assert world.verify(lone).subindication is Sub.NO_CERTIFICATE_CHAIN_FOUND
    helped = world.verify(lone, intermediates=(world.ca.sub,))
    assert helped.indication is Indication.PASSED


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


# --- data that somebody chose --------------------------------------------------------------------


class Servers:
    """What the addresses in the certificates would answer, and who was asked about."""

    def __init__(self, world: World, sub: bytes, root: bytes) -> None:
        self.world, self.sub, self.root, self.asked = world, sub, root, []

    def __call__(self, certificate, issuer, freshness, now) -> list[RevocationData]:
        self.asked.append(certificate)
        return [
            RevocationData("crl", self.root if certificate == self.world.ca.sub else self.sub, now)
        ]


def with_servers(
    world: World, made: bytes, servers: Servers, *crls: bytes, roots: tuple[bytes, ...] = ()
) -> Sub | None:
    validator = PathCheck(anchors=(world.ca.root, *roots), crls=crls, fetch=servers)
    return validation.verify(made, content=None, validator=validator, at=NOW, now=NOW).subindication


def test_a_list_inside_that_hides_a_revocation_is_not_enough(world: World) -> None:
    """It is still current, and the servers know better; without them it counts, as it must."""
    truth = world.crl(Revoked(world.issue().serial, NOW - 3 * HOUR))
    for made in (
        world.recipe(crls=[world.crl(update=NOW - 10 * HOUR)]).build(),
        stamped(world, crls=[world.crl(update=NOW - 10 * HOUR)]),
    ):
        servers = Servers(world, truth, world.crls[1])
        assert with_servers(world, made, servers, world.crls[1]) is Sub.REVOKED_NO_POE
        assert world.issue().certificate in servers.asked
        assert world.verify(made, crls=world.crls[1:]).subindication is None


def test_the_servers_are_not_asked_for_what_is_known(world: World) -> None:
    servers = Servers(world, *world.crls)
    assert with_servers(world, world.recipe().build(), servers, *world.crls) is None
    assert servers.asked == []


def test_a_sub_ca_that_lost_its_key_vouches_for_nothing_later(world: World) -> None:
    """The signer was revoked before; whoever has the sub-CA's key says otherwise."""
    forged = world.crl(update=LONG_AGO + HOUR)
    root = world.crl(update=LONG_AGO + HOUR, issuer="root")
    made = stamped(world, at=LONG_AGO + HOUR / 60, time=LONG_AGO, crls=[forged, root])
    sub = Revoked(world.ca.sub_authority.certificate.serial_number, LONG_AGO + DAY)
    truth = world.crl(Revoked(world.issue().serial, LONG_AGO - DAY), update=LONG_AGO + 2 * HOUR)
    servers = Servers(world, truth, world.crl(sub, issuer="root"))
    assert with_servers(world, made, servers) is Sub.REVOKED_NO_POE


def test_a_root_list_that_has_not_ended_is_asked_anew(world: World) -> None:
    """The root's list inside is genuine and half-yearly; the one that revokes came out of turn."""
    other = stranger(world)
    forged = world.crl(update=LONG_AGO + HOUR)
    root = world.ca.crl(this_update=LONG_AGO + DAY, next_update=LONG_AGO + 180 * DAY, issuer="root")
    kept = {"by": world.stamper(ca=other), "at": LONG_AGO + HOUR / 60, "time": LONG_AGO}
    made = stamped(world, crls=[forged, root], **kept)
    sub = Revoked(world.ca.sub_authority.certificate.serial_number, LONG_AGO + 5 * DAY)
    truth = world.crl(Revoked(world.issue().serial, LONG_AGO - DAY))
    servers = Servers(world, truth, world.crl(sub, issuer="root"))
    crls = [other.crl(this_update=NOW - HOUR, issuer=issuer) for issuer in ("sub", "root")]
    found = with_servers(world, made, servers, *crls, roots=(other.root,))
    assert found is Sub.REVOKED_NO_POE
    assert world.ca.sub in servers.asked


# --- what others make ----------------------------------------------------------------------------

TSA = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/tsa.pem
signer_key = {folder}/tsa.key
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
ess_cert_id_chain = no
"""


def test_a_time_stamp_by_openssl(world: World, tmp_path: Path) -> None:
    """Its clock is the machine's, so this signature is of now."""
    program = parts.program("openssl")
    now = clock.now().replace(microsecond=0)
    issued = service(world.ca, "OpenSSL", not_before=now - DAY)
    files = {
        "tsa.pem": ssl.DER_cert_to_PEM_cert(issued.certificate).encode(),
        "tsa.key": issued.pkcs8(),
        "serial": b"01\n",
        "tsa.cnf": TSA.format(folder=tmp_path).encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    def stamped(value: bytes) -> bytes:
        (tmp_path / "value").write_bytes(value)
        for words in (
            ["-query", "-data", "value", "-sha256", "-cert", "-out", "query"],
            ["-reply", "-config", "tsa.cnf", "-queryfile", "query", "-token_out", "-out", "token"],
        ):
            subprocess.run([program, "ts", *words], cwd=tmp_path, check=True, capture_output=True)
        return cades.attribute(cades.SIGNATURE_TIME_STAMP, (tmp_path / "token").read_bytes())

    valid = world.issue(not_before=now - DAY, not_after=now + DAY)
    made = Recipe(valid, now, unsigned=[stamped]).build()
    crls = tuple(world.ca.crl(this_update=now, issuer=issuer) for issuer in ("sub", "root"))
    after = now + HOUR / 60
    report = world.verify(made, at=after, now=after, crls=crls)
    assert (report.indication, report.level) == (Indication.PASSED, "B-T")


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("key", ["RSA-2048", "P-384"])
def test_a_signature_by_openssl(world: World, tmp_path: Path, key: str, streamed: bool) -> None:
    now = clock.now().replace(microsecond=0)
    issued = world.issue(key, not_before=now - DAY, not_after=now + DAY)
    files = {
        "signer.pem": ssl.DER_cert_to_PEM_cert(issued.certificate).encode(),
        "sub.pem": world.ca.sub_pem,
        "key.pem": issued.pkcs8(),
        "content": CONTENT,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    words = [parts.program("openssl"), "cms", "-sign", "-cades", "-binary", "-nodetach", "-md"]
    words += ["sha256", "-in", "content", "-signer", "signer.pem", "-inkey", "key.pem"]
    words += ["-certfile", "sub.pem", "-outform", "DER", "-out", "made"]
    more = ["-stream"] if streamed else []
    subprocess.run([*words, *more], cwd=tmp_path, check=True, capture_output=True)
    crls = tuple(world.ca.crl(this_update=now, issuer=issuer) for issuer in ("sub", "root"))
    after = now + HOUR / 60
    report = world.verify((tmp_path / "made").read_bytes(), at=after, now=after, crls=crls)
    assert (report.indication, report.level) == (Indication.PASSED, "B-B")


# --- work is bounded -----------------------------------------------------------------------------

FORMAT, NO_CHAIN = Sub.FORMAT_FAILURE, Sub.NO_CERTIFICATE_CHAIN_FOUND
NULLS = asn1.null() * 190_000


def nested(times: int) -> bytes:
    made = asn1.null()
    for _ in range(times):
        made = asn1.sequence(made)
    return made


def streamed(times: int, inside: bytes) -> bytes:
    """Indefinite lengths, the end of which has to be looked for."""
    return b"\x30\x80" * times + inside + b"\0\0" * times


def attribute(value: bytes) -> bytes:
    return cades.attribute("1.2.3.4", value)


def subs_of_one_name(count: int) -> list[bytes]:
    """Cross-signed CAs of one name are as many paths as there are orders of them."""
    return [MadeUpCa.create(NOW, key="P-256").sub for _ in range(count)]


def many_stamps(w: World, count: int = 16) -> list:
    return [w.stamper().over_signature(NOW - HOUR + n * HOUR / 3600) for n in range(count)]


def many_infos(count: int) -> bytes:
    infos = [asn1.sequence(asn1.integer(n)) for n in range(count)]
    return written(algorithms.digest_identifier("sha256"), cades.ID_DATA, CONTENT, [], infos)


HOSTILE: dict[str, tuple[Callable[[World], bytes], Sub | None]] = {
    "10,000 signers": (lambda _w: many_infos(10_000), FORMAT),
    "32 signers with 16 time stamps each": (
        lambda w: several(*(w.recipe(unsigned=many_stamps(w)) for _ in range(32))),
        None,
    ),
    "10,000 certificates": (
        lambda w: w.recipe(certificates=[asn1.integer(n) for n in range(10_000)]).build(),
        FORMAT,
    ),
    "65 certificates": (
        lambda w: w.recipe(
            certificates=[asn1.sequence(asn1.integer(n)) for n in range(65)]
        ).build(),
        FORMAT,
    ),
    "sub-CAs of one name": (
        lambda w: w.recipe(certificates=[w.issue().certificate, *subs_of_one_name(30)]).build(),
        NO_CHAIN,
    ),
    "deep attributes": (lambda w: w.recipe(extra=[attribute(nested(5000))]).build(), FORMAT),
    "deep unsigned attributes": (
        lambda w: w.recipe(unsigned=[attribute(nested(5000))]).build(),
        None,
    ),
    "an attribute of many elements": (
        lambda w: w.recipe(extra=[attribute(asn1.sequence(NULLS))]).build(),
        FORMAT,
    ),
    "indefinite lengths": (
        lambda w: w.recipe(unsigned=[attribute(streamed(9, NULLS))]).build(),
        None,
    ),
    "indefinite lengths, too deep": (lambda _w: streamed(31, NULLS), FORMAT),
    "an octet string in deep pieces": (lambda _w: b"\x24\x80" * 1_000_000, FORMAT),
    "128 CRLs": (
        lambda w: w.recipe(
            crls=[w.ca.crl(this_update=NOW - HOUR, number=n) for n in range(128)]
        ).build(),
        None,
    ),
    "PEM without an end": (lambda _w: b"-----BEGIN CMS-----\n" + b"A" * 20_000_000, FORMAT),
    "PEM of many lines": (
        lambda _w: b"-----BEGIN CMS-----\n" + b"QUFB\n" * 2_000_000 + b"-----END CMS-----",
        FORMAT,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_costs_little(world: World, name: str) -> None:
    make, sub = HOSTILE[name]
    made = make(world)
    started = time.process_time()
    report = world.verify(made)
    assert time.process_time() - started < 10
    assert report.subindication == sub


def test_when_the_time_is_up_nothing_passes(world: World) -> None:
    made = several(world.recipe(), world.recipe(issued=world.issue("P-384")))
    asked = iter((False, True, True, True, True, True))
    report = validation.verify(
        made, content=None, validator=PathCheck(anchors=(world.ca.root,), crls=world.crls),
        at=NOW, now=NOW, out_of_time=lambda: next(asked, True),
    )  # fmt: skip
    assert report.subindication is Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE
    codes = {check.code for entry in report.signatures for check in entry.checks}
    assert "out-of-time" in codes


def test_waiting_for_others_does_not_count() -> None:
    deadline = clock.Deadline(0.2)
    time.sleep(0.3)
    assert not deadline()
    until = time.process_time() + 0.25
    while time.process_time() < until:
        sum(range(1000))
    assert deadline()
