"""Cards that are put in, taken out and torn out of a reader of pcscd."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esign_cli.cards.modules import Module
from esign_cli.cards.tries import TryRecord
from esign_cli.commands.demo.made_up import Issued
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import CardExchanged, CardRemoved
from esign_cli.wording.sentences import entry
from tests.cards.long_watch import Watch
from tests.conftest import Esign, Ran
from tests.support.other_program import holding
from tests.support.terminal import Terminal
from tests.support.tokens import sha256_of
from tests.support.virtual_card import Inserted, PivCard, StrangeCard

pytestmark = pytest.mark.xdist_group("pcscd")
Issue = Callable[..., Issued]
VERIFY, GENERAL_AUTHENTICATE = 0x20, 0x87
FORM = """
given_name = "ŞÜKRÜ"
family_name = "IŞIK"
email = "sukru.isik@example.tr"
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "İl Millî Eğitim Müdürlüğü, Merkez"
"""
SIGN = ("--form", "form.toml", "--output", "f.p7m")


@pytest.fixture
def workdir(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home / "masa"
    folder.mkdir()
    (folder / "form.toml").write_text(FORM, "utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def sign(esign: Esign, workdir: Path, reader: Module) -> Callable[..., Ran]:
    def run(*words: str, pin: str = "246810") -> Ran:
        quiet = ("--module", reader.path, *SIGN, "--secrets-stdin", "--yes", "--json", "--force")
        return esign("sign-form", *quiet, *words, stdin=f"mavi defter\n{pin}\n")

    return run


def _settle() -> None:
    """pcscd looks for a card a few times a second."""
    time.sleep(0.7)


def test_a_card_is_read_signs_and_is_gone(
    reader: Module, issued: Issue, esign: Esign, sign: Callable[..., Ran], workdir: Path
) -> None:
    ran = esign("check-card", "--module", reader.path, "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (4, "no-card")
    with Inserted(PivCard(issued("P-256"))) as inserted:
        _settle()
        ran = esign("check-card", "--module", reader.path, "--json")
        assert ran.exit_code == 0, ran.stderr
        (found,) = ran.json["data"]["tokens"][0]["certificates"]
        assert found["holder"] == "ŞÜKRÜ IŞIK"
        assert inserted.card.count.get(GENERAL_AUTHENTICATE, 0) == 0
        assert sign(pin="999999").exit_code == 5
        assert inserted.card.tries == 2
        ran = sign()
        assert ran.exit_code == 0, ran.stderr
        assert inserted.card.tries == 3
        assert inserted.card.count[GENERAL_AUTHENTICATE] == 1
    assert (workdir / "f.p7m").exists()
    _settle()
    ran = esign("check-card", "--module", reader.path, "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (4, "no-card")


@pytest.mark.parametrize(
    ("instruction", "code", "tries"),
    [(VERIFY, "pin-unanswered", 1), (GENERAL_AUTHENTICATE, "card-removed", 0)],
)
def test_a_card_torn_out_while_signing_is_a_sentence_and_leaves_no_file(
    instruction: int, code: str, tries: int, issued: Issue, sign: Callable[..., Ran], workdir: Path
) -> None:
    """In the middle of the PIN nobody knows what became of it; after its yes, everybody does."""
    with Inserted(PivCard(issued("P-256"), torn_at=instruction)):
        _settle()
        ran = sign()
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (4, code), ran.stderr
    assert not (workdir / "f.p7m").exists()
    record = TryRecord(workdir.parent / "state/esign/pin-tries.json")
    assert record.count([sha256_of(issued("P-256"))]) == tries


@pytest.mark.posix
@pytest.mark.parametrize(("exchanged", "error"), [(False, CardRemoved), (True, CardExchanged)])
def test_a_card_taken_out_or_exchanged_while_the_text_is_shown_gets_no_pin(
    exchanged: bool, error: type[EsignError], reader: Module, issued: Issue, workdir: Path
) -> None:
    first, other = PivCard(issued("P-256")), PivCard(issued("P-256", number=2))
    with Inserted(first) as inserted:
        _settle()
        with Terminal("sign-form", "--module", reader.path, *SIGN) as t:
            t.answer("secret word", "mavi defter")
            t.wait("The same word again")
            inserted.take_out()
            _settle()
            with Inserted(other) if exchanged else inserted:
                _settle()
                t.type("mavi defter")
                t.answer("Sign this text all the same?", "y")
                assert t.ended() == error.exit_status, t.seen
    assert entry(error).what in " ".join(t.seen.split())
    assert "PIN of the e-imza card" not in t.seen
    assert first.tries == other.tries == 3
    assert GENERAL_AUTHENTICATE not in first.count | other.count


# --- several readers -----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["", "C_GetTokenInfo=then:0xe0"])
def test_a_reader_that_another_program_holds_is_named_and_hides_no_other(
    fault: str, reader: Module, issued: Issue, esign: Esign, faulty: Callable[..., Module],
    home: Path,
) -> None:  # fmt: skip
    """Also where the driver calls its reader empty."""
    module = faulty(fault, real=str(reader.path)).path
    one, two = PivCard(issued("P-256")), PivCard(issued("P-256", number=2, name="AYŞE İNCE"))
    with Inserted(one), Inserted(two, 1):
        _settle()
        with contextlib.ExitStack() as stack:
            other = stack.enter_context(contextlib.ExitStack())
            assert other.enter_context(holding("Virtual PCD 00 00"))
            w = stack.enter_context(Watch(module, "--json"))
            lines = [json.loads(line) for line in w.wait(2)]
            assert [line["problems"][0]["code"] for line in lines if line["problems"]] == [
                "reader-in-use"
            ]
            for command in ("check-card", "cards", "doctor"):
                ran = esign(command, "--module", module, "--json")
                (problem,) = [p for p in ran.json["problems"] if p["code"] == "reader-in-use"]
                assert problem["reader"] == "Virtual PCD 00 00"
                assert "driver again" not in ran.stderr
            ran = esign("check-card", "--module", module, "--json")
            assert ran.exit_code == 8
            (token,) = ran.json["data"]["tokens"]
            assert token["certificates"][0]["holder"] == "AYŞE İNCE"
            other.close()
            assert _holder(w.wait(3)[2]) == "ŞÜKRÜ IŞIK"
            assert w.stop() == 0


def _holder(line: str) -> Any:
    return json.loads(line)["data"]["tokens"][0]["certificates"][0]["holder"]


def test_the_same_certificate_in_two_readers_signs_only_where_it_is_told_to(
    issued: Issue, sign: Callable[..., Ran], workdir: Path
) -> None:
    one, other = PivCard(issued("P-256")), PivCard(issued("P-256"))
    with Inserted(one), Inserted(other, 1):
        _settle()
        ran = sign()
        assert (ran.exit_code, ran.json["problems"][0]["code"]) == (4, "card-ambiguous")
        assert all("Virtual PCD" in name for name in ran.json["problems"][0]["present"])
        ran = sign("--reader", "00 01")
        assert ran.exit_code == 0, ran.stderr
        assert GENERAL_AUTHENTICATE not in one.count
        assert other.count[GENERAL_AUTHENTICATE] == 1


def test_two_cards_in_two_readers_are_told_apart(
    reader: Module, issued: Issue, esign: Esign, sign: Callable[..., Ran], workdir: Path
) -> None:
    one, other = PivCard(issued("P-256")), PivCard(issued("P-256", number=2, name="AYŞE İNCE"))
    with Inserted(one), Inserted(other, 1):
        _settle()
        ran = esign("cards", "--module", reader.path, "--json")
        seen = {t["reader"]: t["certificates"][0]["holder"] for t in ran.json["data"]["tokens"]}
        assert seen == {"Virtual PCD 00 00": "ŞÜKRÜ IŞIK", "Virtual PCD 00 01": "AYŞE İNCE"}
        ran = sign()
        assert (ran.exit_code, ran.json["problems"][0]["code"]) == (4, "card-ambiguous")
        assert GENERAL_AUTHENTICATE not in one.count | other.count
        ran = sign("--reader", "PCD 00 00")
        assert (ran.exit_code, ran.json["data"]["signer"]) == (0, "ŞÜKRÜ IŞIK"), ran.stderr
        assert GENERAL_AUTHENTICATE not in other.count


def test_a_strange_card_does_not_hide_the_one_in_the_other_reader(
    reader: Module, issued: Issue, esign: Esign, sign: Callable[..., Ran]
) -> None:
    strange = StrangeCard(issued("P-256", number=2))
    with Inserted(strange, 1):
        _settle()
        ran = esign("check-card", "--module", reader.path, "--json")
        assert (ran.exit_code, ran.json["problems"][0]["code"]) == (4, "card-unknown")
        with Inserted(PivCard(issued("P-256"))):
            _settle()
            ran = esign("check-card", "--module", reader.path, "--json")
            assert (ran.exit_code, ran.json["problems"][0]["code"]) == (8, "card-unknown")
            assert len(ran.json["data"]["tokens"]) == 1
            assert sign().exit_code == 0
