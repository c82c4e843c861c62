"""Verification beyond the table: what a report says, and the limits of its work."""

from __future__ import annotations

import pytest

from esign_cli import sign
from esign_cli.cms.verification import Indication, Result, Sub
from esign_cli.madeup import MadeUpCa, Revoked
from esign_cli.pki import asn1
from tests.signatures import CONTENT, DAY, HOUR, KeySigner, Recipe
from tests.verify_table import GOOD, STATES
from tests.verifying import NOW, World, made_up_world


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
    made = sign.cades(
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
