"""Cards are read without a PIN and sign with one try of it, on real tokens."""

from __future__ import annotations

import shutil
import socket
import struct
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from esign_cli.cards import binary, modules
from esign_cli.cards.modules import Module, find_module
from esign_cli.cards.pin_channel import PinUse
from esign_cli.cards.process import CardProcess
from esign_cli.cards.signer import CardSigner, ShownCard, ecdsa_der, open_signer
from esign_cli.cards.state import pin_state
from esign_cli.cards.tokens import Token, choose, read_tokens
from esign_cli.cards.tries import TryRecord
from esign_cli.commands.demo.made_up import Issued
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import (
    CardBlank,
    CardExchanged,
    CardRefusedToSign,
    CardRemoved,
    CardServiceDown,
    CardUnknown,
    ModuleCrashed,
    ModuleLacksLibrary,
    ModuleMissing,
    ModuleNotALibrary,
    ModuleUnusable,
    ModuleWrongArchitecture,
    NoCard,
    NoModule,
    NoReader,
    NoSuchCard,
    PinIncorrect,
    PinLengthWrong,
    PinLocked,
    PinOnLastTry,
    ReaderFailed,
)
from esign_cli.foundation.errors.environment import Declined
from esign_cli.foundation.errors.signatures import KeyAmbiguous, KeyNotThere
from esign_cli.foundation.pin import Pin
from tests.support.tokens import PIN, WRONG, RealToken, elf, pe

Issue = Callable[..., Issued]


class Prompter:
    """The person at the terminal: what is asked and told, and the record of the tries."""

    def __init__(self, pin: str | None = PIN, record: TryRecord | None = None) -> None:
        self._pin = pin
        self.asked: list[PinState] = []
        self.unchecked = 0
        self.record = record or TryRecord(Path(tempfile.mkdtemp(), "pin-tries.json"))

    def pin(self, state: PinState, use: PinUse) -> Pin | None:
        self.asked.append(state)
        return None if self._pin is None else Pin(self._pin)

    def pin_unchecked(self) -> None:
        self.unchecked += 1

    def pin_now(self, state: PinState) -> None:
        self.now = state

    def tries(self, issued: Issued) -> int:
        return self.record.count([_sha256(issued)])


def _shown(module: Module, label: str, issued: Issued) -> ShownCard:
    """The card as it is shown before a PIN is asked for."""
    (token,) = choose(read_tokens(module), label)
    return ShownCard.from_token(token, _sha256(issued))


def _sign(
    module: Module, token: RealToken, issued: Issued, prompter: Prompter, **options: bool
) -> list[tuple[bytes, str]]:
    """Sign with the certificate; gives three signatures over the same message."""
    shown = _shown(token.module, token.label, issued)
    return _sign_shown(module, shown, prompter, **options)


def _sign_shown(
    module: Module, shown: ShownCard, prompter: Prompter, **options: bool
) -> list[tuple[bytes, str]]:
    with open_signer(module, shown, prompter, prompter.record, **options) as signer:
        return [(signer.sign(b"mesaj", d), d) for d in ("sha256", "sha384", "sha512")]


def _sha256(issued: Issued) -> str:
    return x509.load_der_x509_certificate(issued.certificate).fingerprint(hashes.SHA256()).hex()


def _verify(issued: Issued, signature: bytes, digest: str) -> None:
    public = x509.load_der_x509_certificate(issued.certificate).public_key()
    algorithm = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}[digest]
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, b"mesaj", padding.PKCS1v15(), algorithm())
    else:
        assert isinstance(public, ec.EllipticCurvePublicKey)
        public.verify(signature, b"mesaj", ec.ECDSA(algorithm()))


# --- reading -------------------------------------------------------------------------------------


def test_a_card_is_read_without_a_login(
    card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    (token,) = read_tokens(trace.module)
    assert (token.label, token.serial) == (card.label, card.serial)
    assert token.pin is PinState.NO_WARNING
    assert {c.der for c in token.certificates} == {issued().certificate, issued().chain[0]}
    assert trace.count("C_GetAttributeValue") > 0
    for never in ("C_Login", "C_SetAttributeValue", "C_CreateObject", "C_DestroyObject"):
        assert trace.count(never) == 0


def test_keys_are_told_from_certificates_that_have_none(card: RealToken, issued: Issue) -> None:
    (token,) = read_tokens(card.module)
    has_key = {c.der: c.has_key for c in token.certificates}
    assert has_key == {issued().certificate: True, issued().chain[0]: False}


def test_each_card_is_read_and_one_can_be_chosen(
    new_softhsm: Callable[..., RealToken], issued: Issue, tmp_path: Path
) -> None:
    first, second = new_softhsm("AKIS_1"), new_softhsm("AKIS_2")
    first.put(issued(), tmp_path)
    second.put(issued("P-384", number=2), tmp_path)
    both = read_tokens(first.module)
    assert sorted(t.label for t in both) == ["AKIS_1", "AKIS_2"]
    assert [t.serial for t in choose(both, "AKIS_2")] == [second.serial]
    assert [t.label for t in choose(both, first.serial)] == ["AKIS_1"]
    with pytest.raises(NoSuchCard):
        choose(both, "AKIS_3")


def test_a_store_without_a_token_is_a_blank_card(softhsm_store: Module) -> None:
    with pytest.raises(CardBlank):
        read_tokens(softhsm_store)


def test_a_card_may_have_no_certificate(softhsm: RealToken) -> None:
    (token,) = read_tokens(softhsm.module)
    assert token.certificates == ()
    assert token.problem is None


def test_a_certificate_that_is_none_does_not_hide_the_others(
    card: RealToken, issued: Issue, tmp_path: Path
) -> None:
    broken = bytearray(issued("P-256").certificate)
    broken[8] ^= 0xFF  # inside: pkcs11-tool needs to believe it
    with pytest.raises(AssertionError):
        card.write("cert", bytes(broken), tmp_path, "05")
    (token,) = read_tokens(card.module)
    assert issued().certificate in {c.der for c in token.certificates}


@pytest.mark.parametrize(
    ("flags", "wrong", "state"),
    [
        (0x408, 0, PinState.NO_WARNING),
        (0x408, 1, PinState.LOW),
        (0x408, 2, PinState.LAST_TRY),
        (0x10408, 0, PinState.LOW),
        (0x20408, 0, PinState.LAST_TRY),
        (0x30408, 0, PinState.LAST_TRY),
        (0x40408, 0, PinState.LOCKED),
        (0x70408, 0, PinState.LOCKED),
        (0x400, 0, PinState.NOT_INITIALISED),
        (0x508, 0, PinState.PIN_PAD),
        (0x20508, 0, PinState.LAST_TRY),
    ],
)
def test_the_gravest_flag_is_the_state(flags: int, wrong: int, state: PinState) -> None:
    assert pin_state(flags, wrong) is state


# --- signing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["RSA-2048", "P-256", "P-384", "P-521"])
def test_one_login_signs_several_messages(
    key: str, softhsm: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    softhsm.put(issued(key), tmp_path)
    trace = softhsm.traced(monkeypatch, tmp_path / "spy.log")
    prompter = Prompter()
    for signature, digest in _sign(trace.module, softhsm, issued(key), prompter):
        _verify(issued(key), signature, digest)
    assert prompter.asked == [PinState.NO_WARNING]
    assert prompter.tries(issued(key)) == 0
    assert trace.count("C_Login") == 1
    assert trace.count("C_Sign") == 3
    assert trace.count("C_SignUpdate") == 0


def test_sub_authorities_on_the_card_are_the_chain(card: RealToken, issued: Issue) -> None:
    shown, prompter = _shown(card.module, card.label, issued()), Prompter()
    with open_signer(card.module, shown, prompter, prompter.record) as signer:
        assert isinstance(signer, CardSigner)
        assert signer.certificate == issued().certificate
        assert signer.chain == issued().chain


def test_a_wrong_pin_is_sent_once(
    card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    prompter = Prompter(WRONG)
    with pytest.raises(PinIncorrect) as caught:
        _sign(trace.module, card, issued(), prompter)
    assert trace.count("C_Login") == 1
    assert prompter.tries(issued()) == 1
    assert caught.value.facts["pin"] == PinState.LOW


@pytest.mark.parametrize("pin", ["12", "1" * 300])
def test_a_pin_of_the_wrong_length_costs_no_try(
    pin: str, card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    prompter = Prompter(pin)
    with pytest.raises(PinLengthWrong):
        _sign(trace.module, card, issued(), prompter)
    assert trace.count("C_Login") == 0
    assert prompter.tries(issued()) == 0


def test_no_pin_is_a_no(card: RealToken, issued: Issue) -> None:
    prompter = Prompter(None)
    with pytest.raises(Declined):
        _sign(card.module, card, issued(), prompter)
    assert prompter.tries(issued()) == 0


def test_two_remembered_wrong_pins_are_a_last_try(card: RealToken, issued: Issue) -> None:
    prompter = Prompter()
    prompter.record.put([_sha256(issued())], 2)
    with pytest.raises(PinOnLastTry):
        _sign(card.module, card, issued(), prompter)
    assert prompter.asked == []
    assert _sign(card.module, card, issued(), prompter, last_try=True)
    assert prompter.asked == [PinState.LAST_TRY]
    assert prompter.tries(issued()) == 0


def test_a_card_that_was_read_in_part_may_be_the_one_with_the_tries(
    softhsm: RealToken, issued: Issue, faulty: Callable[..., Module], tmp_path: Path
) -> None:
    """Two tries were made while only one certificate was seen; now only the other is."""
    both = (issued("P-256"), issued("P-384"))
    for identifier, one in zip(("01", "02"), both, strict=True):
        softhsm.put(one, tmp_path, identifier=identifier)
    refused = 0
    for spared in range(4):
        module = faulty("C_GetAttributeValue=0x80000123", softhsm, spared=str(spared), times="1")
        (token,) = choose(read_tokens(module), softhsm.label)
        seen = [one for one in both if _sha256(one) in token.people]
        hidden = [one for one in both if one not in seen]
        if len(seen) != 1:
            continue
        prompter = Prompter(WRONG)
        prompter.record.put([_sha256(hidden[0])], 2)
        shown = ShownCard.from_token(token, _sha256(seen[0]))
        with pytest.raises(PinOnLastTry):
            _sign_shown(module, shown, prompter)
        assert prompter.asked == []
        refused += 1
    assert refused


def test_a_try_counts_for_a_certificate_that_is_seen_only_now(
    softhsm: RealToken, issued: Issue, tmp_path: Path
) -> None:
    one, other = issued("P-256"), issued("P-384")
    softhsm.put(one, tmp_path)
    shown = _shown(softhsm.module, softhsm.label, one)
    softhsm.put(other, tmp_path, identifier="02")
    prompter = Prompter(WRONG)
    with pytest.raises(PinIncorrect):
        _sign_shown(softhsm.module, shown, prompter)
    assert prompter.tries(one) == prompter.tries(other) == 1


def test_the_third_wrong_pin_locks_and_none_is_asked_for_then(
    opencryptoki: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opencryptoki.put(issued(), tmp_path)
    trace = opencryptoki.traced(monkeypatch, tmp_path / "spy.log")

    def attempt(pin: str, **options: bool) -> tuple[EsignError, Prompter]:
        prompter = Prompter(pin)
        with pytest.raises(EsignError) as caught:
            _sign(trace.module, opencryptoki, issued(), prompter, **options)
        return caught.value, prompter

    def state() -> PinState:
        (token,) = read_tokens(opencryptoki.module)
        return token.pin

    assert state() is PinState.NO_WARNING
    error, _desk = attempt(WRONG)
    assert isinstance(error, PinIncorrect)
    assert (error.facts["pin"], state()) == (PinState.LOW, PinState.LOW)
    error, _desk = attempt(WRONG)
    assert (error.facts["pin"], state()) == (PinState.LAST_TRY, PinState.LAST_TRY)

    error, prompter = attempt(PIN)
    assert isinstance(error, PinOnLastTry)
    assert (trace.count("C_Login"), prompter.asked) == (2, [])

    error, prompter = attempt(WRONG, last_try=True)
    assert isinstance(error, PinLocked)
    assert error.facts["by_this_try"]
    assert (trace.count("C_Login"), prompter.tries(issued())) == (3, 1)

    error, prompter = attempt(PIN)
    assert isinstance(error, PinLocked)
    assert (trace.count("C_Login"), prompter.asked) == (3, [])
    assert state() is PinState.LOCKED


def test_opencryptoki_signs_and_a_right_pin_clears_its_warning(
    opencryptoki: RealToken, issued: Issue, tmp_path: Path
) -> None:
    opencryptoki.put(issued(), tmp_path)
    with pytest.raises(PinIncorrect):
        _sign(opencryptoki.module, opencryptoki, issued(), Prompter(WRONG))
    prompter = Prompter()
    for signature, digest in _sign(opencryptoki.module, opencryptoki, issued(), prompter):
        _verify(issued(), signature, digest)
    assert prompter.asked == [PinState.LOW]
    (token,) = read_tokens(opencryptoki.module)
    assert token.pin is PinState.NO_WARNING


def test_another_card_is_refused_before_any_pin(
    new_softhsm: Callable[..., RealToken], issued: Issue, tmp_path: Path
) -> None:
    shown, other = new_softhsm("AKIS_1"), new_softhsm("AKIS_2")
    shown.put(issued(), tmp_path)
    other.put(issued("P-256", number=2), tmp_path)
    prompter = Prompter()
    with pytest.raises(CardExchanged):
        _sign(shown.module, shown, issued("P-256", number=2), prompter)
    assert prompter.asked == []


@pytest.mark.parametrize("changed", ["slot", "reader", "label", "serial", "sha256"])
def test_anything_else_than_what_was_shown_gets_no_pin(
    changed: str, card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    shown = _shown(card.module, card.label, issued())
    other: Any = 1 if changed == "slot" else "0" * 64
    prompter = Prompter()
    with pytest.raises((CardExchanged, CardRemoved)):
        _sign_shown(trace.module, replace(shown, **{changed: other}), prompter)
    assert (prompter.asked, trace.count("C_Login")) == ([], 0)


def test_a_certificate_exchanged_during_the_prompt_stops_before_the_login(
    card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, tmp_path / "spy.log")

    class Slow(Prompter):
        def pin(self, state: PinState, use: PinUse) -> Pin | None:
            card.delete("cert", "01")
            return super().pin(state, use)

    prompter = Slow()
    with pytest.raises(CardExchanged):
        _sign(trace.module, card, issued(), prompter)
    # the tool's own login went through the module itself, not through the tracer
    assert trace.count("C_Login") == 0
    assert prompter.tries(issued()) == 0


def test_a_certificate_whose_key_is_another_one_is_refused_before_any_pin(
    softhsm: RealToken, issued: Issue, tmp_path: Path
) -> None:
    softhsm.put(issued(), tmp_path, key=False)
    softhsm.put_key(issued("P-256").key(), tmp_path, identifier="01")
    prompter = Prompter()
    with pytest.raises(KeyNotThere):
        _sign(softhsm.module, softhsm, issued(), prompter)
    assert prompter.asked == []


def test_two_copies_of_a_key_are_ambiguous_before_any_pin(
    card: RealToken, issued: Issue, tmp_path: Path
) -> None:
    card.put_key(issued().key(), tmp_path, identifier="01")
    prompter = Prompter()
    with pytest.raises(KeyAmbiguous):
        _sign(card.module, card, issued(), prompter)
    assert prompter.asked == []


def test_the_identifier_settles_which_copy_of_a_key_is_meant(
    card: RealToken, issued: Issue, tmp_path: Path
) -> None:
    card.put_key(issued().key(), tmp_path, identifier="02")
    assert _sign(card.module, card, issued(), Prompter())


def test_a_key_that_wants_the_pin_each_time_asks_each_time(
    softhsm: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    softhsm.put(issued(), tmp_path, key=False)
    softhsm.put_key(issued().key(), tmp_path, always=True)
    trace = softhsm.traced(monkeypatch, tmp_path / "spy.log")
    prompter = Prompter()
    for signature, digest in _sign(trace.module, softhsm, issued(), prompter):
        _verify(issued(), signature, digest)
    assert len(prompter.asked) == 4
    assert trace.count("C_Login") == 4


def test_the_pin_is_in_no_argument_no_variable_and_no_error(card: RealToken, issued: Issue) -> None:
    seen: list[bytes] = []

    class Curious(Prompter):
        def pin(self, state: PinState, use: PinUse) -> Pin | None:
            pin = super().pin(state, use)
            for process in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        seen.append((process / name).read_bytes())
                    except OSError:
                        continue
            return pin

    with pytest.raises(PinIncorrect) as caught:
        _sign(card.module, card, issued(), Curious(WRONG))
    assert seen
    assert not [data for data in seen if WRONG.encode() in data]
    assert WRONG not in repr(caught.value.facts)


def test_signatures_of_a_curve_become_der() -> None:
    assert ecdsa_der(b"\x00\x01\x80\x00").hex() == "3008" + "020101" + "0203008000"
    assert ecdsa_der(b"\xff" * 132)[:3].hex() == "30818a"
    with pytest.raises(CardRefusedToSign):
        ecdsa_der(b"\x01\x02\x03")


# --- modules -------------------------------------------------------------------------------------


def _fat(*cpus: int) -> bytes:
    entries = b"".join(struct.pack(">IIIII", cpu, 0, 4096, 4096, 12) for cpu in cpus)
    return struct.pack(">II", 0xCAFEBABE, len(cpus)) + entries


@pytest.mark.parametrize(
    ("content", "built_for"),
    [
        (elf(62), ["Linux x86-64"]),
        (elf(3), ["Linux x86 (32-bit)"]),
        (elf(183), ["Linux ARM64"]),
        (elf(9999), ["Linux ELF 9999"]),
        (pe(0x8664), ["Windows x86-64"]),
        (pe(0x014C), ["Windows x86 (32-bit)"]),
        (pe(0xAA64), ["Windows ARM64"]),
        (bytes.fromhex("cffaedfe0c000001"), ["macOS ARM64"]),
        (bytes.fromhex("cffaedfe07000001"), ["macOS x86-64"]),
        (_fat(0x01000007, 0x0100000C), ["macOS x86-64", "macOS ARM64"]),
        (bytes.fromhex("cafebabe00000041") + bytes(40), []),  # a Java class
        (b"MZ", []),
        (b"\x7fELF", []),
        (b"#!/bin/sh\n", []),
        (b"", []),
    ],
)
def test_headers_tell_what_a_library_was_built_for(
    content: bytes, built_for: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "libakisp11.so"
    path.write_bytes(content)
    assert binary.built_for(path) == built_for


def _find(option: Path | None = None, environment: str = "", configured: str = "") -> Module:
    return find_module(option=option, environment=environment, configured=configured)


def test_our_own_interpreter_is_built_for_our_machine() -> None:
    assert binary.ours() in binary.built_for(Path(sys.executable).resolve())


def test_a_module_of_another_architecture_is_refused_by_both_names(tmp_path: Path) -> None:
    path = tmp_path / "akisp11.dll"
    path.write_bytes(pe(0x014C))
    with pytest.raises(ModuleWrongArchitecture) as caught:
        _find(path)
    assert caught.value.facts["module"] == ["Windows x86 (32-bit)"]
    assert caught.value.facts["ours"] == binary.ours()


def test_a_named_module_that_is_not_there_or_no_library(tmp_path: Path) -> None:
    with pytest.raises(ModuleMissing) as caught:
        _find(environment=str(tmp_path / "none.so"))
    assert caught.value.facts["found_by"] == "environment"
    text = tmp_path / "readme.so"
    text.write_text("no library", "utf-8")
    with pytest.raises(ModuleNotALibrary):
        _find(configured=str(text))


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system with empty module folders: lib/, p11-kit/ and a home."""
    for folder in ("lib", "p11-kit", "home"):
        (tmp_path / folder).mkdir()
    places = modules.Places((str(tmp_path / "lib"),), modules.KNOWN["linux"].names)
    monkeypatch.setattr(modules, "KNOWN", {"linux": places})
    monkeypatch.setattr(modules, "P11_KIT_FOLDERS", (str(tmp_path / "p11-kit"),))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def _library(path: Path) -> Path:
    shutil.copy(sys.executable, path)
    return path


def test_the_option_wins_then_the_environment_then_the_config(system: Path) -> None:
    first, second, third = (_library(system / f"{n}.so") for n in "abc")
    assert _find(first, str(second), str(third)) == Module(first, "option")
    assert _find(None, str(second), str(third)) == Module(second, "environment")
    assert _find(None, "", str(third)) == Module(third, "config")


@pytest.mark.posix
def test_a_known_path_wins_over_p11_kit_and_akis_over_all(system: Path) -> None:
    _library(system / "other.so")
    (system / "p11-kit" / "other.module").write_text(f"module: {system}/other.so\n", "utf-8")
    assert _find().found_by == "p11-kit"
    _library(system / "lib" / "opensc-pkcs11.so")
    assert _find() == Module(system / "lib" / "opensc-pkcs11.so", "known-path")
    _library(system / "lib" / "libakisp11.so")
    assert _find().path.name == "libakisp11.so"


@pytest.mark.posix
def test_a_known_module_of_another_architecture_does_not_hide_one_that_fits(system: Path) -> None:
    (system / "lib" / "libakisp11.so").write_bytes(pe(0x8664))
    with pytest.raises(ModuleWrongArchitecture):
        _find()
    _library(system / "lib" / "opensc-pkcs11.so")
    assert _find().path.name == "opensc-pkcs11.so"


@pytest.mark.posix
def test_p11_kit_gives_its_highest_priority_and_never_a_tracer(system: Path) -> None:
    register = system / "p11-kit"
    for name in ("pkcs11-spy.so", "p11-kit-proxy.so", "p11-kit-trust.so", "low.so", "high.so"):
        _library(system / "lib" / name)
        (register / f"{name}.module").write_text(
            f"# a module\nmodule: {name}\npriority: 1\n", "utf-8"
        )
    (register / "high.so.module").write_text("module: high.so\npriority: 5\n", "utf-8")
    (register / "trust.module").write_text(
        "module: low.so\ntrust-policy: yes\npriority: 9\n", "utf-8"
    )
    (system / "lib" / "innocent.so").symlink_to(system / "lib" / "pkcs11-spy.so")
    (register / "innocent.module").write_text("module: innocent.so\npriority: 9\n", "utf-8")
    assert _find() == Module(system / "lib" / "high.so", "p11-kit")


def test_no_module_anywhere_names_where_was_looked(system: Path) -> None:
    with pytest.raises(NoModule) as caught:
        _find()
    assert str(system / "lib") in caught.value.facts["looked"]


# --- faults of modules ---------------------------------------------------------------------------


def test_a_module_that_crashes_is_told_with_its_signal(faulty: Callable[[str], Module]) -> None:
    with pytest.raises(ModuleCrashed) as caught:
        read_tokens(faulty("C_Initialize=crash"))
    assert caught.value.facts["signal"] == "SIGSEGV"


def test_a_module_that_refuses_to_start_says_why(
    faulty: Callable[[str], Module], pcscd_that: Callable[[str], None]
) -> None:
    pcscd_that("runs")
    with pytest.raises(ModuleUnusable) as caught:
        read_tokens(faulty("C_Initialize=fail"))
    assert caught.value.facts["detail"] == "CKR_DEVICE_ERROR (0x00000030)"


def test_a_module_that_prints_does_not_disturb(faulty: Callable[[str], Module]) -> None:
    with pytest.raises(NoCard) as caught:
        read_tokens(faulty("C_GetSlotList=print"))
    assert caught.value.facts["readers"] == ["Faulty reader"]


@pytest.mark.posix
def test_no_reader_no_service_no_card_and_a_strange_card(
    faulty: Callable[[str], Module], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = socket.socket(socket.AF_UNIX)
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(tmp_path / "pcscd"))
    service.bind(str(tmp_path / "pcscd"))
    service.listen()
    monkeypatch.setattr("esign_cli.cards.service.PATIENCE", 0.1)
    with pytest.raises(NoReader):
        read_tokens(faulty("slots=0"))
    service.close()
    with pytest.raises(CardServiceDown):
        read_tokens(faulty("slots=0"))
    with pytest.raises(NoCard):
        read_tokens(faulty(""))
    (token,) = read_tokens(faulty("C_GetTokenInfo=unknown"))
    assert isinstance(token.problem, CardUnknown)
    (token,) = read_tokens(faulty("C_GetTokenInfo=fail"))
    assert isinstance(token.problem, ReaderFailed)


def test_a_module_that_misses_a_library_names_it(module_without_its_library: Path) -> None:
    with pytest.raises(ModuleLacksLibrary) as caught:
        read_tokens(Module(module_without_its_library, "option"))
    assert caught.value.facts["library"] == "libneeded.so"


def test_a_library_that_is_no_module_is_a_sentence() -> None:
    with pytest.raises(ModuleUnusable):
        read_tokens(Module(Path(sys.executable), "option"))


def test_a_child_that_was_started_ahead_is_used(card: RealToken) -> None:
    with CardProcess() as process:
        first = read_tokens(card.module, process=process)
        again: tuple[Token, ...] = read_tokens(card.module, process=process)
    assert first == again
