"""Each object is read once, a slow driver is waited for, and any instance of a module will do."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from esign_cli.cards.modules import Module
from esign_cli.cards.readers import Reader, told_apart
from esign_cli.cards.signer import ShownCard, open_signer
from esign_cli.cards.tokens import read_tokens
from esign_cli.cards.tries import TryRecord
from esign_cli.commands.demo import made_up
from esign_cli.commands.demo.made_up import Issued, MadeUpCa
from esign_cli.foundation.errors.cards import ModuleHung
from esign_cli.signatures.certificate import parse
from tests.cards.test_cards import Prompter
from tests.conftest import Esign
from tests.support import parts
from tests.support.tokens import PIN, RealToken, sha256_of

Issue = Callable[..., Issued]
COMPANY_SEAL = "2.16.792.1.2.1.1.5.7.4.1"
"""Kamu SM's policy for seals of companies (mali mühür)."""
AS_TOOL = 10
"""More calls than `pkcs11-tool -O` makes on the same token."""
P11_KIT = Path("/usr/lib/x86_64-linux-gnu")


def _calls(log: Path) -> int:
    return len(re.findall(r"^\d+: C_\w+$", log.read_text("utf-8", "replace"), re.MULTILINE))


def test_no_more_is_asked_of_a_card_than_by_pkcs11_tool(
    card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card.put(issued("P-384", number=2), tmp_path, identifier="02")
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    read_tokens(trace.module)
    ours = _calls(trace.log)
    trace.log.unlink()
    tool = [parts.program("pkcs11-tool"), "--module", str(trace.module.path), "-O"]
    subprocess.run([*tool, "--token-label", card.label], check=True, capture_output=True)
    assert ours <= _calls(trace.log) + AS_TOOL


def test_each_object_takes_two_calls(
    card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = 20
    for number in range(more):
        card.write("cert", issued("P-256").certificate, tmp_path, f"1{number:03}")
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    (token,) = read_tokens(trace.module)
    assert len(token.certificates) == more + 2
    assert trace.count("C_GetAttributeValue") == 2 * (more + 3)  # and the one public key


def test_a_slow_driver_that_answers_is_not_called_hanging(
    card: RealToken, faulty: Callable[..., Module]
) -> None:
    """Its calls take far longer together than an answer may take."""
    (token,) = read_tokens(faulty("", card, slow="120"), timeout=1.5)
    assert len(token.certificates) == 2
    with pytest.raises(ModuleHung):
        read_tokens(faulty("C_FindObjects=hang", card), timeout=1.5)


MANY, SECONDS = 500, 2.0


def test_five_hundred_objects_take_less_than_two_seconds(card: RealToken, issued: Issue) -> None:
    """SoftHSM keeps each object in a file, so a card of so many is made of copies."""
    store = next(Path(os.environ["SOFTHSM2_CONF"]).parent.glob("softhsm/*/"))
    der = issued().certificate
    content = next(c for f in store.glob("*.object") if der in (c := f.read_bytes()))
    for number in range(MANY):
        name = f"00000000-0000-0000-0000-{number:012x}"
        (store / f"{name}.object").write_bytes(content)
        (store / f"{name}.lock").touch()
    began = time.monotonic()
    (token,) = read_tokens(card.module)
    assert time.monotonic() - began < SECONDS
    assert len(token.certificates) >= MANY


def test_readers_whose_names_end_alike_do_not_speak_for_each_other() -> None:
    """A slot's description has 64 bytes, pcscd's names have up to 128."""
    long = b"A reader with a very long name of its maker and its model [CCID Interface] "
    there, empty = 0x0003_0022, 0x0005_0012
    seen = told_apart([(long + b"00 00", there), (long + b"01 00", empty), (b"Short 02 00", there)])
    assert seen == {"Short 02 00": Reader(present=True, exclusive=False, events=3)}


# --- p11-kit, whose every list of functions is an instance of its own ----------------------------


@pytest.fixture
def p11_kit(
    card: RealToken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Module]]:
    """p11-kit's proxy or client in front of the card."""
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    server = ""

    def module(name: str) -> Module:
        nonlocal server
        paths = [P11_KIT / name, P11_KIT / "pkcs11" / name]
        path = next((path for path in paths if path.exists()), None)
        parts.need(name, path)
        if name == "p11-kit-client.so":
            words = ["--provider", str(card.module.path), "-n", str(run / "p11.sock"), "pkcs11:"]
            command = [parts.program("p11-kit"), "server", *words]
            with (run / "said").open("w") as said:  # a pipe would stay open as long as the server
                subprocess.run(command, check=True, stdout=said, timeout=30)
            settings = dict(
                re.findall(r"^(\w+)=(.*?);", (run / "said").read_text("utf-8"), re.MULTILINE)
            )
            server = settings["P11_KIT_SERVER_PID"]
            monkeypatch.setenv("P11_KIT_SERVER_ADDRESS", settings["P11_KIT_SERVER_ADDRESS"])
        return Module(path or Path(), "option")

    yield module
    if server:
        os.kill(int(server), 15)


@pytest.mark.parametrize("name", ["p11-kit-proxy.so", "p11-kit-client.so"])
def test_p11_kit_signs(
    name: str, card: RealToken, issued: Issue, p11_kit: Callable[[str], Module]
) -> None:
    module = p11_kit(name)
    found = [t for t in read_tokens(module) if t.label == card.label]
    parts.need("SoftHSM2 in p11-kit's register", found)
    shown, prompter = ShownCard.from_token(found[0], sha256_of(issued())), Prompter()
    with open_signer(module, shown, prompter, prompter.record) as signer:
        assert signer.sign(b"mesaj", "sha256")
    assert prompter.tries(issued()) == 0


# --- the login -----------------------------------------------------------------------------------


OPEN_ALREADY = (("C_Login=0x100", 12, 2), ("C_Login=after:0x100", 0, 1))
"""What the driver does, how the command ends, and the tries after it, of one before."""


@pytest.mark.parametrize(("fault", "exit_code", "tries"), OPEN_ALREADY)
def test_a_card_that_is_open_already_checks_no_pin_and_clears_no_count(
    fault: str, exit_code: int, tries: int, card: RealToken, issued: Issue,
    faulty: Callable[..., Module], home: Path, esign: Esign,
) -> None:  # fmt: skip
    """The signature's own success decides whether it was open, or a try was spent."""
    module = faulty(fault, card)
    record = TryRecord(home / "state/esign/pin-tries.json")
    record.note([sha256_of(issued())])
    for name in "ab":
        (home / f"{name}.txt").write_text("merhaba", "utf-8")
    words = ("sign", home / "a.txt", home / "b.txt", "--module", module.path, "--pin-stdin")
    ran = esign(*words, "--yes", "--json", stdin=f"{PIN}\n")
    assert "did not check the PIN" in ran.stderr
    assert ran.exit_code == exit_code
    assert record.count([sha256_of(issued())]) == tries


@pytest.mark.parametrize(
    "fault", ["C_SignInit=0x70", "C_Sign=0x5", "C_Sign=crash", "C_Logout=hang"]
)
def test_a_right_pin_clears_the_count_whatever_comes_after_it(
    fault: str, card: RealToken, issued: Issue, faulty: Callable[..., Module], home: Path,
    esign: Esign,
) -> None:  # fmt: skip
    record = TryRecord(home / "state/esign/pin-tries.json")
    record.note([sha256_of(issued())])
    (home / "a.txt").write_text("merhaba", "utf-8")
    words = ("sign", home / "a.txt", "--module", faulty(fault, card).path, "--pin-stdin", "--yes")
    esign(*words, stdin=f"{PIN}\n")
    assert record.count([sha256_of(issued())]) == 0


# --- whose certificates --------------------------------------------------------------------------


def test_a_company_seal_has_its_vkn_and_no_dates_of_a_person(
    softhsm: RealToken, ca: Any, instant: datetime, tmp_path: Path, esign: Esign
) -> None:
    made = ca.issue(
        "BATMAN A.Ş.", "1234567890", key="P-256", not_before=instant, qualified=False,
        non_repudiation=False, policy=COMPANY_SEAL,
    )  # fmt: skip
    softhsm.put(made, tmp_path)
    assert parse(made.certificate).tax_number == "1234567890"
    ran = esign("check-card", "--module", softhsm.module.path)
    assert "1234567890" in ran.stdout
    assert "company's seal" in ran.stdout
    for words in ("Renewal opens", "Last day to apply", "Kimlik no", "Phase"):
        assert words not in ran.stdout
    found = esign("check-card", "--module", softhsm.module.path, "--json").json
    (seal,) = found["data"]["tokens"][0]["certificates"]
    assert (seal["tax_number"], seal["national_id"], seal["deadline"]) == ("1234567890", None, None)


def _years(instant: datetime) -> tuple[datetime, datetime]:
    return instant - timedelta(days=800), instant + timedelta(days=2000)


def test_two_certificates_of_two_authorities_are_named_with_their_issuers(
    softhsm: RealToken, issued: Issue, instant: datetime, tmp_path: Path, esign: Esign
) -> None:
    """The newer one of another authority does not stand for the older one."""
    root = made_up.parts.new_authority("root", "BAŞKA KÖK", None, *_years(instant), "P-256")
    sub = made_up.parts.new_authority("sub", "BAŞKA SAĞLAYICI", root, *_years(instant), "P-256")
    other = MadeUpCa(root, sub)
    softhsm.put(issued("P-256", days=10), tmp_path)
    theirs = other.issue("ŞÜKRÜ IŞIK", "10000000146", key="P-384", not_before=instant)
    softhsm.put(theirs, tmp_path, identifier="02")
    module = softhsm.module.path
    for command in ("check-card", "cards", "doctor"):
        said = esign(command, "--module", module).stdout
        assert parse(issued("P-256", days=10).certificate).issuer in said.replace("\n", " ")
        assert parse(theirs.certificate).issuer in said.replace("\n", " ")
    assert "has a newer one here" not in esign("check-card", "--module", module).stdout
