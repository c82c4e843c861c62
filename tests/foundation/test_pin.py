"""Secrets from standard input are taken as they stand, or refused before anything is spent."""

from __future__ import annotations

import io
import pickle

import pytest

from esign_cli.foundation.errors.credentials import (
    SecretMalformed,
    SecretMissing,
    SecretsExtra,
    SecretSuspicious,
)
from esign_cli.foundation.pin import Pin, check_suspicions, checked, read_secrets

NAMES = ("security-word", "pin")


def _read(data: bytes, names: tuple[str, ...] = ("pin",)) -> list[str]:
    return [secret.reveal() for secret in read_secrets(io.BytesIO(data), names)]


@pytest.mark.parametrize("data", [b"246810", b"246810\n", b"246810\r\n"])
def test_one_line_end_is_no_part_of_the_pin(data: bytes) -> None:
    assert _read(data) == ["246810"]


def test_spaces_and_turkish_letters_are_part_of_a_secret() -> None:
    assert _read(" mavi şişe \n246810\n".encode(), NAMES) == [" mavi şişe ", "246810"]


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"246810\r", "control-character"),
        (b"246810\r\r\n", "control-character"),
        (b"246\x00810\n", "control-character"),
        (b"246\t810\n", "control-character"),
        (b"\x1b[A246810\n", "control-character"),
        (b"\xef\xbb\xbf246810\n", "byte-order-mark"),
        (b"\xff\xfe2\x004\x00", "not-utf-8"),
        (b"\n", "empty"),
        (b"\r\n", "empty"),
    ],
)
def test_what_nobody_sees_is_refused(data: bytes, because: str) -> None:
    with pytest.raises(SecretMalformed) as caught:
        _read(data)
    assert caught.value.facts == {"name": "pin", "because": because}


def test_the_end_of_the_input_is_no_pin() -> None:
    with pytest.raises(SecretMissing) as caught:
        _read(b"")
    assert caught.value.facts == {"name": "pin"}
    with pytest.raises(SecretMissing) as caught:
        _read(b"mavi defter\n", NAMES)
    assert caught.value.facts == {"name": "pin"}


@pytest.mark.parametrize("data", [b"word\n246810\nmore\n", b"word\n246810\n\n", b"word\n246810\nx"])
def test_a_third_line_is_refused(data: bytes) -> None:
    with pytest.raises(SecretsExtra):
        _read(data, NAMES)


def test_a_typed_secret_keeps_the_same_rules() -> None:
    assert checked("246810", "pin").reveal() == "246810"
    for text in ("", "246810\r", "24\N{ZERO WIDTH NO-BREAK SPACE}6810"):
        with pytest.raises(SecretMalformed):
            checked(text, "pin")


def test_a_pin_does_not_show_itself() -> None:
    pin = Pin("246810")
    for text in (repr(pin), str(pin), f"{pin}", f"{pin!r}", repr([pin])):
        assert "246810" not in text
    with pytest.raises(TypeError):
        pickle.dumps(pin)


@pytest.mark.parametrize(
    ("word", "pin", "because"),
    [
        ("246810", "mavi defter", "swapped"),
        ("123456", "a1b2c3", "swapped"),
        ("246810", "246810", "equal"),
        ("mavi", "mavi", "equal"),
        ("mavi defter", "246810 ", "space-at-end"),
        ("mavi defter", " 246810", "space-at-end"),
        ("mavi defter ", "246810", "space-at-end"),
        ("mavi defter", "٢٤٦٨١٠", "foreign-digits"),
        ("mavi defter", "２４６８１０", "foreign-digits"),
        ("", "246810 ", "space-at-end"),
        ("", "24681०", "foreign-digits"),
    ],
)
def test_what_is_plainly_not_the_pin_is_suspicious(word: str, pin: str, because: str) -> None:
    given = [("security-word", Pin(word))] if word else []
    with pytest.raises(SecretSuspicious) as caught:
        check_suspicions([*given, ("pin", Pin(pin))])
    assert caught.value.facts["because"] == because
    assert pin not in str(caught.value.facts["name"])


@pytest.mark.parametrize(
    ("word", "pin"), [("mavi defter", "246810"), ("şişe 12", "a1b2c3"), ("", "246810"), ("1", "2")]
)
def test_what_may_be_right_is_not(word: str, pin: str) -> None:
    check_suspicions([("security-word", Pin(word)), ("pin", Pin(pin))])
    assert checked(" 246810", "pin", as_given=True).reveal() == " 246810"
