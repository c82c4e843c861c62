"""Every fault of reader, driver, card and PIN is a sentence and an exit code; no PIN escapes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from esign_cli.cards.lock import card_lock
from esign_cli.cards.modules import Module
from esign_cli.cards.tokens import read_tokens
from esign_cli.commands.demo.made_up import Issued, national_id
from esign_cli.foundation.errors.cards import CardBusy
from tests.conftest import Esign, Ran
from tests.support.terminal import Terminal
from tests.support.tokens import PIN, WRONG, RealToken

WORD = "mavi defter"
FORM = """
given_name = "ŞÜKRÜ"
family_name = "IŞIK"
email = "sukru.isik@example.tr"
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "İl Millî Eğitim Müdürlüğü, Merkez"
"""
SIGN = ("--form", "form.toml", "--output", "f.p7m")
Faulty = Callable[..., Module]
Issue = Callable[..., Issued]


@pytest.fixture
def workdir(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home / "masa"
    folder.mkdir()
    (folder / "form.toml").write_text(FORM, "utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def sign(esign: Esign, workdir: Path) -> Callable[..., Ran]:
    def run(module: Module, *words: str, pin: str = PIN) -> Ran:
        quiet = (*SIGN, "--secrets-stdin", "--yes", "--json")
        secrets = f"{WORD}\n{pin}\n"
        return esign("sign-form", "--module", module.path, *quiet, *words, stdin=secrets)

    return run


@pytest.fixture
def small(softhsm: RealToken, issued: Issue, tmp_path: Path) -> RealToken:
    """A card whose key is quick to load."""
    softhsm.put(issued("P-256"), tmp_path)
    return softhsm


def code(ran: Ran) -> tuple[int, str]:
    return ran.exit_code, str(ran.json["problems"][0]["code"])


# --- while signing -------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["hang", "crash"])
def test_a_login_that_is_not_answered_is_remembered_as_a_wrong_pin(
    fault: str, small: RealToken, sign: Callable[..., Ran], faulty: Faulty, esign: Esign
) -> None:
    ran = sign(faulty(f"C_Login={fault}", small), "--timeout", "0.6")
    assert code(ran) == (4, "pin-unanswered")
    ran = esign("check-card", "--module", faulty("", small).path, "--json")
    assert ran.json["data"]["tokens"][0]["pin"] == "low"


@pytest.mark.posix
def test_a_card_that_is_taken_out_before_signing_gets_no_pin(
    small: RealToken, workdir: Path, faulty: Faulty, softhsm_store: Module
) -> None:
    config = Path(os.environ["SOFTHSM2_CONF"])
    words = ("--module", faulty("", small).path, *SIGN)
    with Terminal("sign-form", *words) as t:
        t.answer("secret word", WORD)
        t.wait("The same word again")
        empty = workdir / "empty"
        empty.mkdir()
        config.write_text(
            f"directories.tokendir = {empty}\nobjectstore.backend = file\n", encoding="utf-8"
        )
        t.type(WORD)
        t.answer("Sign this text all the same?", "y")
        assert t.ended() == 4, t.seen
    assert "The card was taken out" in t.seen
    assert "PIN of the e-imza card" not in t.seen


# --- strange cards -------------------------------------------------------------------------------


def test_a_national_id_card_without_an_e_imza_is_told(
    softhsm: RealToken,
    ca: Any,
    instant: Any,
    tmp_path: Path,
    esign: Esign,
    sign: Callable[..., Ran],
) -> None:
    """Such a card is empty to us, or holds certificates that are made for logging in."""
    ran = esign("check-card", "--module", softhsm.module.path)
    assert ran.exit_code == 4
    assert "only if one was loaded on it" in ran.stderr
    login = ca.issue(
        "ŞÜKRÜ IŞIK", national_id(1), key="P-256", not_before=instant, qualified=False,
        non_repudiation=False,
    )  # fmt: skip
    softhsm.put(login, tmp_path)
    ran = esign("check-card", "--module", softhsm.module.path)
    assert "it is no e-imza" in ran.stdout
    ran = sign(softhsm.module)
    assert code(ran) == (12, "certificate-does-not-sign")
    assert "only if one was loaded on it" in ran.stderr


# --- several cards -------------------------------------------------------------------------------


@pytest.fixture
def two(
    small: RealToken, new_softhsm: Callable[..., RealToken], issued: Issue, tmp_path: Path
) -> Iterator[tuple[RealToken, RealToken]]:
    other = new_softhsm("AKIS_2")
    other.put(issued("P-384", number=2, name="AYŞE İNCE"), tmp_path)
    return small, other


@pytest.mark.posix
def test_two_cards_are_a_choice_that_only_a_terminal_is_asked_for(
    two: tuple[RealToken, RealToken], sign: Callable[..., Ran], workdir: Path, esign: Esign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    trace = two[0].traced(monkeypatch, workdir / "spy.log")
    ran = sign(trace.module)
    assert code(ran) == (4, "card-ambiguous")
    assert ran.json["problems"][0]["present"] == ["AKIS_2", "AKIS_TEST"]
    assert trace.count("C_Login") == 0
    ran = sign(trace.module, "--token", "AKIS_TEST")
    assert (ran.exit_code, ran.json["data"]["signer"]) == (0, "ŞÜKRÜ IŞIK")
    with Terminal("sign-form", "--module", two[0].module.path, *SIGN, "--force") as t:
        t.wait("Which number?")
        number = next(line for line in t.seen.splitlines() if "ŞÜKRÜ" in line).strip()[0]
        t.type(number)
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text all the same?", "y")
        t.answer("PIN of the e-imza card", PIN)
        assert t.ended() == 0, t.seen
    card, whose, word = map(
        t.seen.index, ("Several cards", "The application of: ŞÜ", "secret word")
    )
    assert card < whose < word
    with Terminal("sign-form", "--module", two[0].module.path, *SIGN, "--force") as t:
        for _time in range(3):
            t.answer("Which number?", "7")
        assert t.ended() == 12, t.seen
    assert "Several cards could sign:" in t.seen


def test_a_reader_can_be_chosen(two: tuple[RealToken, RealToken], esign: Esign) -> None:
    tokens = read_tokens(two[0].module)
    for token in tokens:
        words = ("--module", two[0].module.path, "--reader", token.reader.upper(), "--json")
        ran = esign("check-card", *words)
        assert [t["label"] for t in ran.json["data"]["tokens"]] == [token.label]
    ran = esign("check-card", "--module", two[0].module.path, "--reader", "none", "--json")
    assert code(ran) == (4, "no-such-reader")


@pytest.mark.posix
def test_two_at_once_on_one_card_take_turns_for_five_seconds(
    small: RealToken, sign: Callable[..., Ran], workdir: Path, esign: Esign
) -> None:
    """One waits for its PIN to be typed; the other one may read the card, and not sign with it."""
    with Terminal("sign-form", "--module", small.module.path, *SIGN) as first:
        first.answer("secret word", WORD)
        first.answer("again", WORD)
        first.answer("Sign this text all the same?", "y")
        first.wait("PIN of the e-imza card")
        began = time.monotonic()
        ran = sign(small.module)
        assert 4.5 < time.monotonic() - began < 15
        assert code(ran) == (11, "card-busy")
        assert esign("check-card", "--module", small.module.path).exit_code == 0
        first.type(PIN)
        assert first.ended() == 0, first.seen
    assert sign(small.module, "--force").exit_code == 0


def test_the_lock_ends_with_its_holder_and_is_one_a_card() -> None:
    with (
        card_lock(["1", "2"]),
        card_lock(["3"]),
        pytest.raises(CardBusy),
        card_lock(["0", "2"], wait=0.2),
    ):
        pytest.fail("two held a card with the same certificate")
    with card_lock(["2"], wait=0):
        pass


# --- the PIN -------------------------------------------------------------------------------------


@pytest.mark.posix
def test_the_last_try_is_given_only_when_it_is_wanted_and_confirmed(
    small: RealToken, sign: Callable[..., Ran], workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SoftHSM hides the state; two wrong ones that are remembered are as good as its word."""
    trace = small.traced(monkeypatch, workdir / "spy.log")
    ran = sign(trace.module, pin=WRONG)
    assert code(ran) == (5, "pin-incorrect")
    assert "The PIN now: a wrong or an unanswered one was entered" in ran.stderr
    ran = sign(trace.module, "--last-try", pin=WRONG)
    assert code(ran) == (5, "pin-incorrect")
    assert "The PIN now: LAST TRY" in ran.stderr
    assert code(sign(trace.module)) == (6, "pin-on-last-try")
    words = ("--module", trace.module.path, *SIGN, "--last-try")
    with Terminal("sign-form", *words) as t:
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text all the same?", "y")
        t.answer("Are you sure of the PIN?", "n")
        assert t.ended() == 12, t.seen
    assert trace.count("C_Login") == 2
    with Terminal("sign-form", *words) as t:
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text all the same?", "y")
        t.answer("Are you sure of the PIN?", "y")
        t.answer("PIN of the e-imza card", PIN)
        assert t.ended() == 0, t.seen
    assert trace.count("C_Login") == 3
    assert sign(trace.module, "--force").exit_code == 0  # the right PIN was remembered too


@pytest.mark.posix
def test_a_last_try_that_came_up_after_the_text_was_shown_is_not_given(
    opencryptoki: RealToken, issued: Issue, tmp_path: Path, workdir: Path
) -> None:
    opencryptoki.put(issued(), tmp_path)
    with Terminal("sign-form", "--module", opencryptoki.module.path, *SIGN, "--last-try") as t:
        t.answer("secret word", WORD)
        t.wait("The same word again")
        for _number in range(2):
            opencryptoki.tool("--login", "--pin", WRONG, "--list-objects", check=False)
        t.type(WORD)
        t.answer("Sign this text all the same?", "y")
        assert t.ended() == 6, t.seen


def test_a_locked_card_is_told_where_it_is_unlocked(
    opencryptoki: RealToken, issued: Issue, tmp_path: Path, sign: Callable[..., Ran]
) -> None:
    opencryptoki.put(issued(), tmp_path)
    module = opencryptoki.module
    assert code(sign(module, pin=WRONG)) == (5, "pin-incorrect")
    assert code(sign(module, pin=WRONG)) == (5, "pin-incorrect")
    ran = sign(module, "--last-try", pin=WRONG)
    assert code(ran) == (6, "pin-locked")
    steps = ("onlineislemler.kamusm.gov.tr", "e-Devlet", "NES İşlemleri", "PIN Oluşturma/Kilit")
    places = [ran.stderr.index(step) for step in (*steps, "SMS", "444 5 576")]
    assert places == sorted(places)  # online first, the telephone last
    assert code(sign(module, "--last-try")) == (6, "pin-locked")


@pytest.mark.posix
def test_a_pin_pad_takes_no_typed_pin(
    small: RealToken, faulty: Faulty, workdir: Path, esign: Esign
) -> None:
    module = faulty("", small, pad=PIN)
    ran = esign("check-card", "--module", module.path, "--json")
    assert ran.json["data"]["tokens"][0]["pin"] == "pin-pad"
    with Terminal("sign-form", "--module", module.path, *SIGN) as t:
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text all the same?", "y")
        assert t.ended() == 0, t.seen
    assert "Type the PIN on the card reader." in t.seen
    assert "PIN of the e-imza card" not in t.seen
