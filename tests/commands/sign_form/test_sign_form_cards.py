"""`esign sign-form` on real tokens: one PIN, sent once, and only to the card that was shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id
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
Sign = Callable[..., Ran]


@pytest.fixture
def workdir(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home / "masa"
    folder.mkdir()
    (folder / "form.toml").write_text(FORM, "utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def sign(esign: Esign, workdir: Path) -> Sign:
    """Sign with the card that `module` sees, the PIN on standard input."""

    def run(module: Path, *words: str, pin: str = PIN, word: str = WORD) -> Ran:
        usual = ["--form", "form.toml", "--output", "f.p7m", "--secrets-stdin", "--yes", "--json"]
        return esign("sign-form", "--module", module, *usual, *words, stdin=f"{word}\n{pin}\n")

    return run


def code(ran: Ran) -> str:
    return str(ran.json["problems"][0]["code"])


@pytest.mark.posix
def test_a_card_signs_with_one_login(
    sign: Sign, esign: Esign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, workdir / "spy.log")
    ran = sign(trace.module.path)
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["signer"] == "ŞÜKRÜ IŞIK"
    assert "Card: AKIS_TEST" in ran.stderr
    assert "\nPIN: the card gives no warning" in ran.stderr
    assert "\nThe PIN now: the card gives no warning" in ran.stderr
    assert trace.count("C_Login") == 1
    assert trace.count("C_Sign") == 1
    assert (workdir / "f.p7m").stat().st_mode & 0o777 == 0o600


def test_form_and_commitment_under_one_login(
    sign: Sign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workdir / "c.pdf").write_bytes(b"%PDF-1.4 made up")
    trace = card.traced(monkeypatch, workdir / "spy.log")
    ran = sign(trace.module.path, "--commitment", "c.pdf", "--detached", "--output", "f.p7s")
    assert ran.exit_code == 0, ran.stderr
    assert (workdir / "c.pdf.p7s").exists()
    assert (trace.count("C_Login"), trace.count("C_Sign")) == (1, 2)


def test_an_elliptic_curve_card_signs(
    sign: Sign, softhsm: RealToken, issued: Callable[..., Issued], tmp_path: Path
) -> None:
    softhsm.put(issued("P-384"), tmp_path)
    ran = sign(softhsm.module.path)
    assert ran.exit_code == 0, ran.stderr


def test_a_key_that_wants_the_pin_each_time_signs_one_document_from_standard_input(
    sign: Sign, softhsm: RealToken, issued: Callable[..., Issued], workdir: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The login and the signature are one operation; a second document would be a replay."""
    made = issued()
    softhsm.write("cert", made.certificate, tmp_path, "01")
    softhsm.put_key(made.key(), tmp_path, always=True)
    trace = softhsm.traced(monkeypatch, workdir / "spy.log")
    assert sign(trace.module.path).exit_code == 0
    assert trace.count("C_Login") == 2
    (workdir / "c.pdf").write_bytes(b"%PDF-1.4 made up")
    ran = sign(trace.module.path, "--commitment", "c.pdf", "--force")
    assert ran.exit_code == 8, ran.stderr
    assert "pin-wanted-again" in [problem["code"] for problem in ran.json["problems"]]
    assert trace.count("C_Login") == 4
    assert not (workdir / "c.pdf.p7m").exists()


@pytest.mark.posix
def test_on_a_terminal_such_a_key_is_given_the_pin_again(
    softhsm: RealToken, issued: Callable[..., Issued], workdir: Path, tmp_path: Path
) -> None:
    made = issued()
    softhsm.write("cert", made.certificate, tmp_path, "01")
    softhsm.put_key(made.key(), tmp_path, always=True)
    words = ("--module", softhsm.module.path, "--form", "form.toml", "--output", "f.p7m")
    with Terminal("sign-form", *words) as t:
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text all the same?", "y")
        t.answer("PIN of the e-imza card", PIN)
        t.answer("PIN of the e-imza card", PIN)
        assert t.ended() == 0, t.seen
    assert PIN not in t.seen
    assert (workdir / "f.p7m").exists()


@pytest.mark.posix
def test_a_commitment_that_is_not_signed_does_not_undo_the_form(
    softhsm: RealToken, issued: Callable[..., Issued], workdir: Path, tmp_path: Path
) -> None:
    """The key wants the PIN again for the second document, and there it is wrong."""
    made = issued()
    softhsm.write("cert", made.certificate, tmp_path, "01")
    softhsm.put_key(made.key(), tmp_path, always=True)
    (workdir / "c.pdf").write_bytes(b"%PDF-1.4 made up")
    words = ("--module", softhsm.module.path, "--form", "form.toml", "--output", "f.p7m")
    with Terminal("sign-form", *words, "--commitment", "c.pdf") as t:
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text all the same?", "y")
        for pin in (PIN, PIN, WRONG):
            t.answer("PIN of the e-imza card", pin)
        assert t.ended() == 8, t.seen
    assert "not everything was done" in t.seen
    assert "The PIN now: a wrong or an unanswered one was" in " ".join(t.seen.split())
    assert (workdir / "f.p7m").exists()
    assert not (workdir / "c.pdf.p7m").exists()


# --- the PIN -------------------------------------------------------------------------------------


def test_a_wrong_pin_is_sent_once(
    sign: Sign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, workdir / "spy.log")
    ran = sign(trace.module.path, pin=WRONG)
    assert (ran.exit_code, code(ran)) == (5, "pin-incorrect")
    assert trace.count("C_Login") == 1
    assert not (workdir / "f.p7m").exists()
    assert WRONG not in ran.stdout + ran.stderr
    assert WORD not in ran.stdout + ran.stderr


def test_the_third_wrong_pin_is_not_sent_even_to_a_card_that_shows_no_warning(
    sign: Sign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SoftHSM never says "last try": two wrong ones that are remembered are as good."""
    trace = card.traced(monkeypatch, workdir / "spy.log")
    assert sign(trace.module.path, pin=WRONG).exit_code == 5
    assert sign(trace.module.path, pin=WRONG).exit_code == 5
    ran = sign(trace.module.path, pin=PIN)
    assert (ran.exit_code, code(ran)) == (6, "pin-on-last-try")
    assert trace.count("C_Login") == 2


def test_a_right_pin_forgets_the_wrong_ones(sign: Sign, card: RealToken) -> None:
    for pin, exit_code in ((WRONG, 5), (PIN, 0), (WRONG, 5), (PIN, 0)):
        assert sign(card.module.path, "--force", pin=pin).exit_code == exit_code


def test_a_card_on_its_last_try_and_a_locked_one_are_asked_nothing(
    sign: Sign,
    opencryptoki: RealToken,
    issued: Callable[..., Issued],
    tmp_path: Path,
    workdir: Path,
) -> None:
    """openCryptoki shows its own warnings; another program may have sent the wrong PINs."""
    opencryptoki.put(issued(), tmp_path)
    path = opencryptoki.module.path
    assert sign(path).exit_code == 0
    for tries, exit_code, problem in ((2, 6, "pin-on-last-try"), (1, 6, "pin-locked")):
        for _number in range(tries):
            opencryptoki.tool("--login", "--pin", WRONG, "--list-objects", check=False)
        ran = sign(path, "--force")
        assert (ran.exit_code, code(ran)) == (exit_code, problem)
        assert "GÜVENLİK" not in ran.stderr  # nothing was shown, nothing asked


@pytest.mark.parametrize("pin", ["", "\ufeff246810", "2468\x0010", "1", "9" * 300])
def test_a_pin_that_cannot_be_one_is_not_sent(
    sign: Sign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch, pin: str
) -> None:
    trace = card.traced(monkeypatch, workdir / "spy.log")
    assert sign(trace.module.path, pin=pin).exit_code not in (0, 1)
    assert trace.count("C_Login") == 0


# --- the card ------------------------------------------------------------------------------------


@pytest.mark.posix
def test_a_card_exchanged_while_the_text_was_on_screen_gets_no_pin(
    card: RealToken, issued: Callable[..., Issued], workdir: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    trace = card.traced(monkeypatch, workdir / "spy.log")
    words = ("--module", trace.module.path, "--form", "form.toml", "--output", "f.p7m")
    with Terminal("sign-form", *words) as t:
        t.answer("secret word", WORD)
        t.wait("The same word again")
        card.delete("cert", "01")
        card.write("cert", issued(number=2).certificate, tmp_path, "01")
        t.type(WORD)
        t.answer("Sign this text all the same?", "y")
        assert t.ended() == 12, t.seen
    assert "exchanged" in t.seen
    assert trace.count("C_Login") == 0
    assert not (workdir / "f.p7m").exists()


@pytest.mark.parametrize(
    ("days", "changes", "problem"),
    [
        ((-10, -1), {}, "certificate-expired"),
        ((1, 400), {}, "certificate-not-yet-valid"),
        ((-10, 400), {"qualified": False}, "certificate-not-qualified"),
        ((-10, 400), {"non_repudiation": False}, "certificate-does-not-sign"),
    ],
)
def test_what_must_not_sign_is_refused_before_any_login(
    sign: Sign,
    softhsm: RealToken,
    ca: MadeUpCa,
    instant: Any,
    workdir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: tuple[int, int],
    changes: dict[str, bool],
    problem: str,
) -> None:
    begin, end = (instant + timedelta(days=number) for number in days)
    made = ca.issue(
        "ŞÜKRÜ IŞIK", national_id(1), key="P-256", not_before=begin, not_after=end,
        qualified=changes.get("qualified", True),
        non_repudiation=changes.get("non_repudiation", True),
    )  # fmt: skip
    softhsm.put(made, tmp_path)
    trace = softhsm.traced(monkeypatch, workdir / "spy.log")
    ran = sign(trace.module.path)
    assert (ran.exit_code, code(ran)) == (12, problem)
    assert trace.count("C_Login") == 0


def test_two_certificates_must_be_chosen_between(
    sign: Sign, softhsm: RealToken, issued: Callable[..., Issued], tmp_path: Path
) -> None:
    softhsm.put(issued("P-256"), tmp_path, identifier="01")
    softhsm.put(issued("P-384"), tmp_path, identifier="02")
    ran = sign(softhsm.module.path)
    assert (ran.exit_code, code(ran)) == (12, "ambiguous-certificate")
    listed = ran.json["problems"][0]["certificates"]
    assert len(listed) == 2
    chosen = listed[1].rpartition(" ")[2]
    assert sign(softhsm.module.path, "--cert", chosen).exit_code == 0


def test_somebody_elses_card_is_refused(
    sign: Sign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, workdir / "spy.log")
    ran = sign(trace.module.path, "--national-id", national_id(2))
    assert (ran.exit_code, code(ran)) == (12, "two-people")
    assert trace.count("C_Login") == 0


def test_a_card_without_certificate_or_a_label_that_is_not_there(
    sign: Sign, softhsm: RealToken
) -> None:
    ran = sign(softhsm.module.path)
    assert (ran.exit_code, code(ran)) == (4, "no-certificate-on-card")
    ran = sign(softhsm.module.path, "--token", "AKIS_2")
    assert (ran.exit_code, code(ran)) == (4, "no-such-card")
