"""Exactly one certificate signs; everything else is refused, with the nearest reason."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from esign_cli.foundation.certificate import Certificate, PinState
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import PinLocked, PinNotInitialised, PinOnLastTry
from esign_cli.foundation.errors.renewals import TwoPeople
from esign_cli.foundation.errors.signatures import (
    AmbiguousCertificate,
    CertificateDoesNotSign,
    CertificateExpired,
    CertificateNotChosen,
    CertificateNotQualified,
    CertificateNotYetValid,
    KeyAmbiguous,
    KeyNotThere,
)
from esign_cli.signatures import selection
from esign_cli.signatures.selection import Candidate, Wanted

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ME, OTHER = "10000000146", "10000000214"
CERTIFICATE = Certificate(
    der=b"", sha256="ab" * 32, serial="01", holder="ŞÜKRÜ IŞIK", national_id=ME, issuer="",
    not_before=NOW - timedelta(days=1000), not_after=NOW + timedelta(days=30), key="RSA-2048",
    signs=True, unqualified_because=(),
)  # fmt: skip
GOOD = Candidate(CERTIFICATE)


def like(keys: int = 1, **changes: Any) -> Candidate:
    return Candidate(dataclasses.replace(CERTIFICATE, **changes), keys)


def wanted(**changes: Any) -> Wanted:
    return dataclasses.replace(Wanted(ME, NOW), **changes)


def choose(candidates: list[Candidate], wanted: Wanted) -> Candidate:
    """The only one that fits; where several do, what a command says that can ask nobody."""
    one, *others = right = selection.fitting(candidates, wanted)
    if others:
        raise selection.ambiguity(right)
    return one


EXPIRED = like(not_after=NOW - timedelta(seconds=1), sha256="01" * 32)
FUTURE = like(not_before=NOW + timedelta(seconds=1), sha256="02" * 32)
UNQUALIFIED = like(unqualified_because=("no-qc-statement",), sha256="03" * 32)
NOT_SIGNING = like(signs=False, unqualified_because=("no-non-repudiation",), sha256="04" * 32)
STRANGER = like(national_id=OTHER, sha256="05" * 32)
NO_KEY = like(keys=0, sha256="06" * 32)
TWO_KEYS = like(keys=2, sha256="07" * 32)
REFUSALS = [
    (EXPIRED, CertificateExpired),
    (FUTURE, CertificateNotYetValid),
    (UNQUALIFIED, CertificateNotQualified),
    (NOT_SIGNING, CertificateDoesNotSign),
    (STRANGER, TwoPeople),
    (NO_KEY, KeyNotThere),
    (TWO_KEYS, KeyAmbiguous),
]


@pytest.mark.parametrize(("bad", "error"), REFUSALS)
def test_each_fault_alone_is_refused_by_name(bad: Candidate, error: type[EsignError]) -> None:
    with pytest.raises(error):
        choose([bad], wanted())


@pytest.mark.parametrize("bad", [bad for bad, _error in REFUSALS])
def test_the_good_one_is_chosen_beside_any_other(bad: Candidate) -> None:
    assert choose([bad, GOOD], wanted()) is GOOD
    assert choose([GOOD, bad], wanted()) is GOOD


def test_validity_is_an_instant_and_both_ends_belong_to_it() -> None:
    for now in (CERTIFICATE.not_before, CERTIFICATE.not_after):
        assert choose([GOOD], wanted(now=now)) is GOOD
    with pytest.raises(CertificateExpired):
        selection.check_validity(CERTIFICATE, CERTIFICATE.not_after + timedelta(seconds=1))


def test_two_good_ones_are_refused_and_listed_and_one_can_be_named() -> None:
    twin = like(sha256="cd" * 32)
    with pytest.raises(AmbiguousCertificate) as raised:
        choose([GOOD, twin], wanted())
    listed = raised.value.facts["certificates"]
    assert "ab" * 32 in listed[0]
    assert "cd" * 32 in listed[1]
    assert ME not in str(raised.value)
    for given in ("cd" * 32, "CD:" * 31 + "CD", "cdcdcdcd"):
        assert choose([GOOD, twin], wanted(sha256=given)) is twin
    for given in ("cd", "ef" * 32):
        with pytest.raises(CertificateNotChosen):
            choose([GOOD, twin], wanted(sha256=given))


def test_naming_a_certificate_excuses_nothing() -> None:
    with pytest.raises(CertificateExpired):
        choose([GOOD, EXPIRED], wanted(sha256="01" * 32))


def test_the_refusal_is_that_of_the_one_that_came_nearest() -> None:
    with pytest.raises(CertificateExpired):
        choose([STRANGER, EXPIRED, NOT_SIGNING], wanted())


def test_the_card_says_who_it_is_when_nobody_was_named() -> None:
    assert choose([STRANGER], wanted(national_id="")) is STRANGER
    with pytest.raises(AmbiguousCertificate):
        choose([STRANGER, GOOD], wanted(national_id=""))


def test_unqualified_ones_sign_only_when_that_is_said() -> None:
    assert choose([UNQUALIFIED], wanted(allow_unqualified=True)) is UNQUALIFIED
    nameless = like(national_id="", unqualified_because=("no-qc-statement",))
    assert choose([nameless], wanted(allow_unqualified=True)) is nameless
    with pytest.raises(TwoPeople):
        choose([nameless], wanted())


def test_a_card_that_shows_its_keys_to_nobody_yet_may_sign() -> None:
    hidden = dataclasses.replace(GOOD, keys=None)
    assert choose([hidden], wanted()) is hidden


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (PinState.LOCKED, PinLocked),
        (PinState.LAST_TRY, PinOnLastTry),
        (PinState.NOT_INITIALISED, PinNotInitialised),
    ],
)
def test_a_pin_that_cannot_be_used_is_not_asked_for(
    state: PinState, error: type[EsignError]
) -> None:
    with pytest.raises(error):
        selection.check_pin(dataclasses.replace(GOOD, pin=state))


def test_a_pin_that_may_be_tried_is() -> None:
    for state in (PinState.NO_WARNING, PinState.LOW, PinState.PIN_PAD):
        selection.check_pin(dataclasses.replace(GOOD, pin=state))


def test_ids_are_masked_in_refusals() -> None:
    with pytest.raises(TwoPeople) as raised:
        choose([STRANGER], wanted())
    assert raised.value.facts == {"one": "100******46", "other": "100******14"}
