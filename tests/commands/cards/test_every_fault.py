"""Every fault of reader, driver, card and PIN: what happens, its sentence and its exit code.

`FAULTS` is the list of them all. Most happen here; those that take a scene of their own name the
test in which they happen. None can be forgotten: each error of the card side has to be in it.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from esign_cli.cards import modules
from esign_cli.cards.tries import TryRecord
from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id
from esign_cli.foundation.errors import EsignError, credentials, signatures
from esign_cli.foundation.errors import cards as E
from esign_cli.wording.sentences import next_step, sentence
from tests.conftest import Esign, Ran
from tests.support.tokens import PIN, WRONG, RealToken, elf, pe, sha256_of, spied

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[3])
ENDS = ("exit", "exit:1", "close", "0x5", "0x6", "0x80000001", "0x101", "0x32", "0xe0", "0x2")
"""How a login may end without an answer to the PIN."""
READING = (
    "C_Initialize",
    "C_GetSlotList",
    "C_GetTokenInfo",
    "C_OpenSession",
    "C_FindObjects",
    "C_GetAttributeValue",
)
"""The functions that a card is read with."""
CODES = (0x1, 0x2, 0x5, 0x7, 0x30, 0x31, 0x32, 0x54, 0xB3, 0x190, 0x80000001, 0x12345678)
READ_AT = tuple(
    (function, value, spared)
    for function in (*READING, "C_FindObjectsInit")
    for spared, values in ((0, CODES), (1, CODES[::2]))
    for value in values
)
LOOKED_AGAIN = (("C_FindObjectsInit", 3), ("C_GetAttributeValue", 4))
"""The comparison before the PIN; so many calls have read the card before."""
KEY_LOOKED_FOR = (("C_FindObjectsInit", 4), ("C_GetAttributeValue", 6))
"""After the PIN."""
SIGN_AT = (
    *((f, v, 0) for f in ("C_Login", "C_SignInit", "C_Sign") for v in (*CODES, 0x64, 0xE0, 0x101)),
    *((f, v, before) for f, before in (*LOOKED_AGAIN, *KEY_LOOKED_FOR) for v in CODES[::3]),
)
"""Function, what it returns, and how many of its calls go well before."""


class Stage:
    """A folder on which a fault can be made to happen; cards come when they are asked for."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request
        self.folder: Path = self.get("tmp_path")
        self.patch: pytest.MonkeyPatch = self.get("monkeypatch")
        self.patch.chdir(self.folder)
        (self.folder / "a.txt").write_text("merhaba", "utf-8")

    @property
    def tries(self) -> TryRecord:
        return TryRecord(self.folder / "state/esign/pin-tries.json")

    def get(self, fixture: str) -> Any:
        return self._request.getfixturevalue(fixture)

    def issued(self, key: str = "P-256", **more: Any) -> Issued:
        made: Issued = self.get("issued")(key, **more)
        return made

    def card(self, **more: Any) -> RealToken:
        """A card that signs."""
        token: RealToken = self.get("softhsm")
        token.put(self.issued(**more), self.folder)
        return token

    def other_card(self, label: str = "AKIS_2") -> RealToken:
        token: RealToken = self.get("new_softhsm")(label)
        return token

    def faulty(self, fault: str, token: RealToken | None = None, **more: str) -> Path:
        path: Path = self.get("faulty")(fault, token, **more).path
        return path

    def read(self, module: Path, *words: str) -> Ran:
        esign: Esign = self.get("esign")
        return esign("check-card", "--module", module, "--json", *words)

    def sign(self, module: Path, *words: str, pin: str = PIN, logins: int = 1) -> Ran:
        """Sign with at most so many logins, which a tracer around the module counts."""
        esign: Esign = self.get("esign")
        log = self.folder / "spy.log"
        log.unlink(missing_ok=True)
        trace = spied(log, module, self.patch.setenv)
        quiet = ("--pin-stdin", "--yes", "--json")
        words = ("--module", str(trace.module.path), *quiet, *words)
        ran = esign("sign", "a.txt", *words, stdin=f"{pin}\n")
        assert log.exists()
        assert trace.count("C_Login") <= logins
        return ran


Happens = Callable[[Stage], Ran]


@dataclass(frozen=True)
class Fault:
    """A fault, how it is told, and how it is made to happen, or in which test it does."""

    name: str
    exit_code: int
    error: type[EsignError]
    happens: Happens | str

    def __str__(self) -> str:
        return self.name


# --- modules -------------------------------------------------------------------------------------


def no_module(stage: Stage) -> Ran:
    nowhere = modules.Places((str(stage.folder),), ("libakisp11.so",))
    stage.patch.setattr(modules, "KNOWN", {"linux": nowhere})
    stage.patch.setattr(modules, "P11_KIT_FOLDERS", ())
    return stage.get("esign")("check-card", "--json")  # type: ignore[no-any-return]


def named(content: bytes | None) -> Happens:
    """A module that is named, with this in its file."""

    def happens(stage: Stage) -> Ran:
        path = stage.folder / "libakisp11.so"
        if content is not None:
            path.write_bytes(content)
        return stage.read(path)

    return happens


def a_program(stage: Stage) -> Ran:
    return stage.read(Path(sys.executable))


def lacks_library(stage: Stage) -> Ran:
    return stage.read(stage.get("module_without_its_library"))


def in_module(fault: str) -> Happens:
    """A module with an empty reader and this fault."""
    return lambda stage: stage.read(stage.faulty(fault))


def refuses(stage: Stage) -> Ran:
    """A module that does not start, though the smart card service runs."""
    stage.get("pcscd_that")("runs")
    return stage.read(stage.faulty("C_Initialize=fail"))


def reading(fault: str) -> Happens:
    """A card that is read, with this fault in its module."""
    return lambda stage: stage.read(stage.faulty(fault, stage.card()), *_quick(fault))


def _quick(fault: str) -> tuple[str, ...]:
    """Only for a hang the time is short: a busy machine may be slow."""
    return ("--timeout", "1") if fault.endswith("=hang") else ()


def signing(fault: str) -> Happens:
    """A card that is signed with, with this fault in its module."""

    def happens(stage: Stage) -> Ran:
        began = time.monotonic()
        ran = stage.sign(stage.faulty(fault, stage.card()), *_quick(fault))
        assert time.monotonic() - began < 10
        assert not (stage.folder / "a.txt.p7m").exists()
        return ran

    return happens


# --- readers and cards ---------------------------------------------------------------------------


def no_reader(service: str) -> Happens:
    """No reader is there, and pcscd answers so."""

    def happens(stage: Stage) -> Ran:
        stage.get("pcscd_that")(service)
        return stage.read(stage.faulty("slots=0"))

    return happens


def in_a_box(stage: Stage) -> Ran:
    stage.patch.setenv("SNAP", "/snap/esign/1")
    return no_reader("absent")(stage)


def empty_card(stage: Stage) -> Ran:
    return stage.read(stage.get("softhsm").module.path)


def blank_card(stage: Stage) -> Ran:
    return stage.read(stage.get("softhsm_store").path)


def one_bad_slot(stage: Stage) -> Ran:
    good = stage.card()
    stage.other_card("BAD_1")
    module = stage.faulty("C_GetTokenInfo=fail", good, label="BAD_1")
    ran = stage.read(module)
    assert [token["label"] for token in ran.json["data"]["tokens"]] == [good.label]
    assert stage.sign(module).exit_code == 0
    said = stage.get("esign")("cards", "--module", module).stderr
    assert "does not answer" in said
    assert "CKR_DEVICE_ERROR (0x00000030)" in said
    return ran


def one_bad_object(stage: Stage) -> Ran:
    """The public key answers with an error: the certificate is read all the same."""
    spared = {"spared": "2", "times": "1"}
    ran = stage.read(stage.faulty("C_GetAttributeValue=0x80000123", stage.card(), **spared))
    (token,) = ran.json["data"]["tokens"]
    assert len(token["certificates"]) == 1
    assert ran.json["problems"][0]["detail"] == "CKR_VENDOR_DEFINED (0x80000123)"
    return ran


def no_e_imza(stage: Stage) -> Ran:
    ca: MadeUpCa = stage.get("ca")
    instant: datetime = stage.get("instant")
    card: RealToken = stage.get("softhsm")
    login = ca.issue(
        "ŞÜKRÜ IŞIK", national_id(1), key="P-256", not_before=instant, qualified=False,
        non_repudiation=False,
    )  # fmt: skip
    card.put(login, stage.folder)
    return stage.sign(card.module.path)


def two_cards(stage: Stage) -> Ran:
    one = stage.card()
    stage.other_card().put(stage.issued("P-384", number=2), stage.folder)
    return stage.sign(one.module.path)


def not_here(*words: str) -> Happens:
    """A card or a reader is named that is not there."""
    return lambda stage: stage.read(stage.card().module.path, *words)


def two_certificates(stage: Stage) -> Ran:
    card = stage.card()
    card.put(stage.issued("P-384"), stage.folder, identifier="02")
    return stage.sign(card.module.path)


def two_keys(stage: Stage) -> Ran:
    card = stage.card()
    card.put_key(stage.issued().key(), stage.folder)
    return stage.sign(card.module.path)


def no_key(stage: Stage) -> Ran:
    card: RealToken = stage.get("softhsm")
    card.put(stage.issued(), stage.folder, key=False)
    card.put_key(stage.issued("P-384").key(), stage.folder)
    return stage.sign(card.module.path)


# --- the PIN -------------------------------------------------------------------------------------


def with_pin(pin: str) -> Happens:
    return lambda stage: stage.sign(stage.card().module.path, pin=pin)


def last_try(stage: Stage) -> Ran:
    card = stage.card()
    stage.tries.put([sha256_of(stage.issued())], 2)
    return stage.sign(card.module.path)


def broken_record(stage: Stage) -> Ran:
    stage.tries.path.parent.mkdir(parents=True)
    stage.tries.path.write_text("[]", "utf-8")
    return stage.sign(stage.card().module.path)


def record_that_cannot_be_kept(stage: Stage) -> Ran:
    stage.tries.path.with_name("pin-tries.json.lock").mkdir(parents=True)
    return stage.sign(stage.card().module.path)


def each_time(stage: Stage) -> Ran:
    card: RealToken = stage.get("softhsm")
    card.put(stage.issued(), stage.folder, key=False)
    card.put_key(stage.issued().key(), stage.folder, always=True)
    (stage.folder / "b.txt").write_text("merhaba", "utf-8")
    ran = stage.sign(card.module.path, "b.txt", logins=2)
    assert [f["outcome"] for f in ran.json["data"]["files"]] == ["signed", "failed"]
    return ran


# --- the list ------------------------------------------------------------------------------------

IN_TWO_PLACES = "tests.commands.cards.test_card_faults."
ON_THE_READER = "tests.commands.cards.test_virtual_reader."
IN_USE = "test_a_reader_that_another_program_holds_is_named_and_hides_no_other"
FAULTS = (
    Fault("no module", 4, E.NoModule, no_module),
    Fault("the module named is not there", 4, E.ModuleMissing, named(None)),
    Fault("the module named is no library", 4, E.ModuleNotALibrary, named(b"#!/bin/sh\n")),
    Fault("the module misses a library", 4, E.ModuleLacksLibrary, lacks_library),
    Fault("wrong architecture: ELF", 4, E.ModuleWrongArchitecture, named(elf(3))),
    Fault("wrong architecture: PE", 4, E.ModuleWrongArchitecture, named(pe(0x014C))),
    Fault(
        "wrong architecture: Mach-O", 4, E.ModuleWrongArchitecture,
        named(bytes.fromhex("cffaedfe0c000001")),
    ),
    Fault("the module does not start", 4, E.ModuleRefuses, refuses),
    Fault("pcscd is not running", 4, E.CardServiceDown, no_reader("absent")),
    Fault("pcscd hangs up on us", 4, E.CardServiceRefuses, no_reader("refuses")),
    Fault("no right to pcscd", 4, E.CardServiceForbidden, no_reader("forbidden")),
    Fault("pcscd is hidden by a snap", 4, E.CardServiceHidden, in_a_box),
    Fault("no reader", 4, E.NoReader, no_reader("runs")),
    Fault("no reader, a silent pcscd", 4, E.NoReader, no_reader("silent")),
    Fault("the reader is another program's", 4, E.ReaderInUse, ON_THE_READER + IN_USE),
    Fault("the module is no module", 4, E.ModuleUnusable, a_program),
    Fault("no card", 4, E.NoCard, in_module("")),
    Fault("a blank card", 4, E.CardBlank, blank_card),
    Fault("an unknown card", 4, E.CardUnknown, in_module("C_GetTokenInfo=unknown")),
    Fault("a card without certificates", 4, E.NoCertificateOnCard, empty_card),
    Fault("a national ID card without an e-imza", 12, signatures.CertificateDoesNotSign, no_e_imza),
    Fault("two cards when signing", 4, E.CardAmbiguous, two_cards),
    Fault("the card named is not there", 4, E.NoSuchCard, not_here("--token", "AKIS_9")),
    Fault("no card in the reader named", 4, E.NoSuchReader, not_here("--reader", "none")),
    Fault(
        "the card was exchanged between showing and signing", 12, E.CardExchanged,
        ON_THE_READER + "test_a_card_taken_out_or_exchanged_while_the_text_is_shown_gets_no_pin",
    ),
    Fault("several certificates", 12, signatures.AmbiguousCertificate, two_certificates),
    Fault("ambiguous keys", 12, signatures.KeyAmbiguous, two_keys),
    Fault("the certificate's key is not there", 12, signatures.KeyNotThere, no_key),
    Fault("removed while it is read", 4, E.CardRemoved, reading("C_GetAttributeValue=removed")),
    Fault(
        "removed between reading and signing", 4, E.CardRemoved,
        ON_THE_READER + "test_a_card_taken_out_or_exchanged_while_the_text_is_shown_gets_no_pin",
    ),
    Fault(
        "torn out while signing", 4, E.CardRemoved,
        ON_THE_READER + "test_a_card_torn_out_while_signing_is_a_sentence_and_leaves_no_file",
    ),
    Fault("removed at the login", 4, E.PinUnanswered, signing("C_Login=removed")),
    Fault("removed at the signature", 4, E.CardRemoved, signing("C_Sign=removed")),
    Fault("a token error on one slot, another is fine", 8, E.ReaderFailed, one_bad_slot),
    Fault("a token error at the login", 4, E.PinUnanswered, signing("C_Login=fail")),
    Fault("the card cannot be read", 4, E.CardUnreadable, reading("C_OpenSession=fail")),
    Fault("an object cannot be read", 8, E.ObjectsUnread, one_bad_object),
    Fault("the PIN has expired", 5, E.PinExpired, signing("C_Login=0xa3")),
    Fault("no such mechanism", 7, E.MechanismRefused, signing("C_SignInit=0x70")),
    Fault("the key must not sign", 7, E.KeyUnusable, signing("C_SignInit=0x68")),
    Fault("the card does not sign", 7, E.CardRefusedToSign, signing("C_Sign=fail")),
    Fault("the card does not begin to sign", 7, E.CardRefusedToSign, signing("C_SignInit=fail")),
    *(Fault(f"{f} hangs", 4, E.ModuleHung, reading(f"{f}=hang")) for f in READING),
    *(Fault(f"{f} crashes", 4, E.ModuleCrashed, reading(f"{f}=crash")) for f in READING),
    Fault("C_Login hangs", 4, E.PinUnanswered, signing("C_Login=hang")),
    Fault("C_Login crashes", 4, E.PinUnanswered, signing("C_Login=crash")),
    *(
        Fault(f"{f} {how}", 4, E.ModuleCrashed, reading(f"{f}={how}"))
        for f in READING
        for how in ("exit", "exit:1", "close")
    ),
    *(
        Fault(f"{f} counts too many", 4, E.ModuleCrashed, reading(f"{f}=many"))
        for f in ("C_GetSlotList", "C_FindObjects", "C_GetAttributeValue")
    ),
    Fault("C_Sign makes too much", 4, E.ModuleCrashed, signing("C_Sign=many")),
    *(Fault(f"C_Login: {h}", 4, E.PinUnanswered, signing(f"C_Login={h}")) for h in ENDS),
    Fault("C_SignInit hangs", 4, E.ModuleHung, signing("C_SignInit=hang")),
    Fault("C_SignInit crashes", 4, E.ModuleCrashed, signing("C_SignInit=crash")),
    Fault("C_Sign hangs", 4, E.ModuleHung, signing("C_Sign=hang")),
    Fault("C_Sign crashes", 4, E.ModuleCrashed, signing("C_Sign=crash")),
    Fault(
        "two esign at once on one card", 11, E.CardBusy,
        IN_TWO_PLACES + "test_two_at_once_on_one_card_take_turns_for_five_seconds",
    ),
    Fault("a wrong PIN", 5, E.PinIncorrect, with_pin(WRONG)),
    Fault("a PIN of the wrong length", 5, E.PinLengthWrong, with_pin("1")),
    Fault("the PIN is on its last try", 6, E.PinOnLastTry, last_try),
    Fault(
        "the PIN is locked", 6, E.PinLocked,
        IN_TWO_PLACES + "test_a_locked_card_is_told_where_it_is_unlocked",
    ),
    Fault("no PIN yet", 4, E.PinNotInitialised, signing("C_GetTokenInfo=no-pin")),
    Fault("the record of tries is broken", 11, E.TriesUnreadable, broken_record),
    Fault("the record cannot be written", 11, E.TriesUnwritable, record_that_cannot_be_kept),
    Fault("the key wants the PIN each time", 8, signatures.PinWantedAgain, each_time),
)  # fmt: skip
ELSEWHERE = ("Secret", "Credential", "NoSuchWatch")
"""What standard input, the files of secrets and piles of cards may hold has its own tests."""
HERE = [fault for fault in FAULTS if callable(fault.happens)]


@pytest.fixture
def stage(home: Path, request: pytest.FixtureRequest) -> Stage:
    return Stage(request)


@pytest.mark.parametrize("fault", HERE, ids=str)
def test_a_fault_is_a_sentence_and_an_exit_code(fault: Fault, stage: Stage) -> None:
    assert callable(fault.happens)
    ran = fault.happens(stage)
    assert ran.exit_code == fault.exit_code, ran.stderr
    document = json.loads(ran.stdout)
    told = [EsignError.from_facts(_without_file(one)) for one in document["problems"]]
    assert fault.error in map(type, told), document
    if document["data"] is None:
        assert f"Error: {sentence(told[0])}\n{next_step(told[0])}".rstrip() in ran.stderr
        assert (len(told), _errors(ran)) == (1, 1)
    assert "Traceback" not in ran.stderr
    if os.name == "posix":
        _no_child_is_left()


def _without_file(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "file"}


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in HERE], ids=str)
def test_a_fault_with_a_scene_of_its_own_is_tested_there(fault: Fault) -> None:
    assert isinstance(fault.happens, str)
    module, _dot, name = fault.happens.rpartition(".")
    source = inspect.getsource(getattr(import_module(module), name))
    assert fault.error.code in source or fault.error.__name__ in source, fault.happens
    assert fault.error.exit_status == fault.exit_code


def _own(kind: object, wing: ModuleType) -> bool:
    return isinstance(kind, type) and kind.__module__ == wing.__name__


def test_no_error_of_the_card_side_is_forgotten() -> None:
    declared = {
        name
        for wing in (E, credentials)
        for name, kind in vars(wing).items()
        if _own(kind, wing) and "code" in vars(kind)
    }
    assert len(declared) > 20
    left = declared - {fault.error.__name__ for fault in FAULTS}
    assert not [name for name in left if not name.startswith(ELSEWHERE)]


def _holds(ran: Ran) -> None:
    """One sentence for each problem, an exit code of the card side, and no traceback."""
    document = json.loads(ran.stdout)
    assert ran.exit_code in (0, 4, 5, 6, 7, 8), (ran.exit_code, ran.stderr)
    assert bool(document["problems"]) == (ran.exit_code != 0), document
    assert "Traceback" not in ran.stderr
    if document["data"] is None:
        (told,) = document["problems"]
        error = EsignError.from_facts(told)
        assert (_errors(ran), error.exit_status) == (1, ran.exit_code)
        assert sentence(error) in ran.stderr


def _errors(ran: Ran) -> int:
    return len(re.findall(r"^Error: ", ran.stderr, re.MULTILINE))


def _no_child_is_left() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.posix
def test_whatever_a_function_returns_while_reading_is_a_sentence(stage: Stage) -> None:
    """Every function by every kind of code, at its first call and at its second."""
    card = stage.card()
    for function, value, spared in READ_AT:
        ran = stage.read(stage.faulty(f"{function}={value:#x}", card, spared=str(spared)))
        _holds(ran)
    _no_child_is_left()


@pytest.mark.posix
def test_whatever_a_function_returns_while_signing_is_a_sentence_after_one_login(
    stage: Stage,
) -> None:
    card = stage.card()
    for function, value, spared in SIGN_AT:
        module = stage.faulty(f"{function}={value:#x}", card, spared=str(spared))
        stage.tries.put([sha256_of(stage.issued())], 0)
        ran = stage.sign(module)
        _holds(ran)
        assert ran.exit_code != 0, (function, value, spared)
        assert not (stage.folder / "a.txt.p7m").exists()
    _no_child_is_left()


def test_a_label_that_is_not_utf_8_is_no_fault(stage: Stage) -> None:
    module = stage.faulty("", stage.card())
    stage.patch.setitem(os.environb, b"FAULTY_MODULE", b"C_GetTokenInfo=label:AK\xddS \xfe")
    ran = stage.read(module)
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["tokens"][0]["label"] == "AK\N{REPLACEMENT CHARACTER}S " + (
        "\N{REPLACEMENT CHARACTER}"
    )


@pytest.mark.parametrize("function", ["C_Logout", "C_Finalize"])
@pytest.mark.parametrize("fault", ["hang", "crash"])
def test_a_fault_when_all_is_done_undoes_nothing(fault: str, function: str, stage: Stage) -> None:
    began = time.monotonic()
    ran = stage.sign(stage.faulty(f"{function}={fault}", stage.card()))
    assert ran.exit_code == 0, ran.stderr
    assert (stage.folder / "a.txt.p7m").exists()
    assert time.monotonic() - began < 8


@pytest.mark.posix
@pytest.mark.parametrize("command", ["check-card", "sign"])
def test_ctrl_c_ends_a_module_that_hangs_within_a_second(command: str, stage: Stage) -> None:
    """At the login it may have cost a try, which is remembered."""
    fault = {"check-card": "C_GetSlotList=hang", "sign": "C_Login=hang"}[command]
    card = stage.card()
    words = [sys.executable, "-m", "esign_cli", command, "--module", stage.faulty(fault, card)]
    words += ["a.txt", "--pin-stdin", "--yes"] if command == "sign" else []
    run = subprocess.Popen(
        list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert run.stdin is not None
    run.stdin.write(f"{PIN}\n".encode())
    run.stdin.close()
    time.sleep(3 if command == "sign" else 1.5)
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    assert run.wait(5) == 130
    assert time.monotonic() - began < 1
    assert run.stderr is not None
    assert b"Traceback" not in run.stderr.read()
    run.stderr.close()
    ran = stage.read(stage.faulty("", card))
    state = ran.json["data"]["tokens"][0]["pin"]
    assert state == ("low" if command == "sign" else "no-warning")


def test_the_pages_name_every_fault_with_its_exit_code() -> None:
    page = (SOURCE / "docs/en/cards.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (\d+) \|", page, re.M))
    assert rows == {f.error.code: str(f.error.exit_status) for f in FAULTS}
