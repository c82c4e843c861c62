"""`esign sign-form` with a PKCS#12 key: what is refused, what is shown, and what is left."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from esign_cli.commands.demo import made_up
from esign_cli.store import open_store
from tests.conftest import Esign, Ran
from tests.support import factories, parts
from tests.support.terminal import Terminal

PASSPHRASE = "çok gizli"
WORD = "mavi defter"
SECRETS = f"{WORD}\n{PASSPHRASE}\n"
KEYS = [
    "output",
    "file_sha256",
    "bytes",
    "level",
    "signer",
    "issuer",
    "signing_time",
    "detached",
    "final_from",
    "commitment",
]
NOW = datetime.now(UTC).replace(microsecond=0)
FORM = """
given_name = "ŞÜKRÜ"
family_name = "IŞIK"
email = "sukru.isik@example.tr"
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "İl Millî Eğitim Müdürlüğü, Merkez"
"""


@pytest.fixture(scope="module")
def ca() -> made_up.MadeUpCa:
    return made_up.MadeUpCa.create(NOW)


@pytest.fixture(scope="module")
def good(ca: made_up.MadeUpCa) -> made_up.Issued:
    return _issue(ca)


def _issue(
    ca: made_up.MadeUpCa, *, begin: int = -1000, end: int = 60, key: str = "P-256", **more: object
) -> made_up.Issued:
    number = more.pop("number", 1)
    return ca.issue(
        "ŞÜKRÜ IŞIK",
        made_up.national_id(int(str(number))),
        key=key,
        not_before=NOW + timedelta(days=begin),
        not_after=NOW + timedelta(days=end),
        **more,  # type: ignore[arg-type]  # whatever `issue` takes
    )


@pytest.fixture
def workdir(home: Path, good: made_up.Issued, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a key and a form file."""
    folder = home / "masa"
    folder.mkdir()
    (folder / "a.p12").write_bytes(good.p12(PASSPHRASE))
    (folder / "form.toml").write_text(FORM, "utf-8")
    monkeypatch.chdir(folder)
    return folder


Sign = Callable[..., Ran]


@pytest.fixture
def sign(esign: Esign, workdir: Path) -> Sign:
    def run(*words: str | Path, stdin: str | bytes = SECRETS) -> Ran:
        usual = ["sign-form", "--p12", "a.p12", "--form", "form.toml", "--output", "f.p7m"]
        return esign(*usual, "--secrets-stdin", "--yes", *words, stdin=stdin)

    return run


# --- what is left --------------------------------------------------------------------------------


@pytest.mark.posix
def test_a_private_file_is_left_that_others_can_verify(
    sign: Sign, workdir: Path, ca: made_up.MadeUpCa
) -> None:
    openssl = parts.program("openssl")
    ran = sign("--json")
    assert ran.exit_code == 0, ran.stderr
    data = ran.json["data"]
    assert ran.json["schema"] == "esign.sign-form/1"
    assert list(data) == KEYS
    assert data["commitment"] is None
    file = workdir / "f.p7m"
    assert data["output"] == "f.p7m"
    assert data["file_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert data["bytes"] == file.stat().st_size
    assert (data["level"], data["signer"], data["detached"]) == ("B-B", "ŞÜKRÜ IŞIK", False)
    assert datetime.fromisoformat(data["signing_time"]).utcoffset() == timedelta(hours=3)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (workdir / "root.pem").write_bytes(ca.root_pem)
    checked = subprocess.run(
        [openssl, "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", file,
         "-CAfile", "root.pem", "-purpose", "any"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert f"GÜVENLİK SÖZCÜĞÜ:{WORD}\r\n".encode() in checked.stdout
    assert checked.stdout.endswith("KURUM ADI:BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ\r\n".encode())


@pytest.mark.posix
def test_detached_leaves_the_text_beside_it(
    sign: Sign, workdir: Path, ca: made_up.MadeUpCa
) -> None:
    ran = sign("--detached", "--output", "f.p7s", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["detached"] is True
    text = workdir / "f.txt"
    assert f":{WORD}\r\n".encode() in text.read_bytes()
    assert stat.S_IMODE(text.stat().st_mode) == 0o600
    assert stat.S_IMODE((workdir / "f.p7s").stat().st_mode) == 0o600
    assert WORD.encode() not in (workdir / "f.p7s").read_bytes()


@pytest.mark.parametrize("words", [("--output", "f.p7s"), ("--output", "f.P7M", "--detached")])
def test_an_ending_that_says_the_contrary_is_refused(
    sign: Sign, workdir: Path, words: tuple[str, ...]
) -> None:
    ran = sign(*words)
    assert ran.exit_code == 2
    assert "--detached" in ran.stderr
    assert not any(workdir.glob("f.*7*"))


def test_the_commitment_is_signed_as_well(sign: Sign, workdir: Path) -> None:
    (workdir / "FORM-001-042.pdf").write_bytes(b"%PDF-1.4 made up")
    ran = sign("--commitment", "FORM-001-042.pdf", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["commitment"]["output"] == "FORM-001-042.pdf.p7m"
    signed = (workdir / "FORM-001-042.pdf.p7m").read_bytes()
    assert b"%PDF-1.4 made up" in signed
    assert b"application/pdf" in signed


@pytest.mark.sqlite
def test_signing_is_recorded_without_the_word(sign: Sign, workdir: Path, home: Path) -> None:
    ran = sign("--json")
    (path,) = home.rglob("esign.db")
    db = sqlite3.connect(path)
    row = db.execute("SELECT national_id, reason FROM application").fetchone()
    assert row == ("10000000146", "renewal")
    state, on, facts = db.execute("SELECT state, date, facts FROM application_event").fetchone()
    db.close()
    assert state == "signed"
    assert date.fromisoformat(on)
    assert json.loads(facts) == {
        "file": "f.p7m",
        "sha256": ran.json["data"]["file_sha256"],
        "folder": str(workdir),
    }
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
    assert WORD.encode() not in kept
    content_hash = hashlib.sha256((workdir / "f.p7m").read_bytes()).hexdigest()
    assert content_hash.encode() in kept  # of the signed file, and of nothing else


@pytest.mark.sqlite
def test_signing_again_goes_on_with_the_same_application(sign: Sign, home: Path) -> None:
    assert sign().exit_code == 0
    assert sign("--output", "g.p7m").exit_code == 0
    (path,) = home.rglob("esign.db")
    db = sqlite3.connect(path)
    assert db.execute("SELECT count(*) FROM application").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM application_event").fetchone() == (2,)
    db.close()


def test_by_default_the_file_is_named_after_the_signer(esign: Esign, workdir: Path) -> None:
    words = ["--p12", "a.p12", "--form", "form.toml", "--secrets-stdin", "--yes"]
    assert esign("sign-form", *words, stdin=SECRETS).exit_code == 0
    (made,) = workdir.glob("*.p7m")
    assert made.name.startswith("basvuru-sukru-isik-20")


# --- what is shown -------------------------------------------------------------------------------


def test_the_exact_text_and_the_verdict_are_shown_and_no_secret(sign: Sign) -> None:
    ran = sign()
    assert "    GÜVENLİK SÖZCÜĞÜ:••••••\n" in ran.stderr
    assert "    TC KİMLİK NUMARASI:10000000146\n" in ran.stderr
    assert "Signer: ŞÜKRÜ IŞIK (100******46)" in ran.stderr
    assert "Verdict: Undecided" in ran.stderr
    assert "Not in the personnel records" in ran.stderr
    assert "completed on the portal" in ran.stderr
    for secret in (WORD, PASSPHRASE):
        assert secret not in ran.stderr + ran.stdout


def test_roster_and_profile_fill_the_form(sign: Sign, esign: Esign, workdir: Path) -> None:
    config = workdir / "c.toml"
    config.write_text(
        '[profile]\ninstitution_name = "BATMAN MEM"\naddress = "Merkez"\nprovince = "72"\n', "utf-8"
    )
    words = ["--db", _roster(workdir), "--config", config, "sign-form", "--p12", "a.p12"]
    ran = esign(*words, "--secrets-stdin", "--yes", "--output", "f.p7m", stdin=SECRETS)
    assert ran.exit_code == 0, ran.stderr
    for line in ("ADI:ŞÜKRÜ", "EPOSTA:m@example.tr", "ADRESİ:Merkez", "KURUM ADI:BATMAN MEM"):
        assert f"    {line}\n" in ran.stderr
    assert "Verdict: Eligible for renewal" in ran.stderr
    again = esign(*words, "--secrets-stdin", "--yes", "--output", "g.p7m", stdin=SECRETS)
    assert "Verdict: Application under way" in again.stderr
    assert "is under way already" in again.stderr


def _roster(folder: Path) -> Path:
    """A database that knows the signer, at a post of his own."""
    person = factories.person(1, given_name="ŞÜKRÜ", family_name="IŞIK", email="m@example.tr")
    known = factories.facts(1, person=person, certificates=())
    with open_store(folder / "own.db") as store:
        factories.save(store, [known], as_of=NOW.date())
    return folder / "own.db"


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stdin", "code"),
    [
        (b"", "secret-missing"),
        (f"{WORD}\n", "secret-missing"),
        (f"{SECRETS}third\n", "secrets-extra"),
        (f"{WORD}\n{PASSPHRASE}\x00\n", "secret-malformed"),
        (f"\n{PASSPHRASE}\n", "secret-malformed"),
        (f"{WORD}\nwrong\n", "pkcs12-refused"),
        (f"{WORD}\n{PASSPHRASE}\r", "secret-malformed"),
    ],
)
def test_secrets_that_are_not_right(
    sign: Sign, workdir: Path, stdin: str | bytes, code: str
) -> None:
    ran = sign("--json", stdin=stdin)
    assert ran.json["problems"][0]["code"] == code
    assert ran.exit_code not in (0, 1)
    assert not (workdir / "f.p7m").exists()
    assert WORD not in ran.stdout + ran.stderr


def test_windows_line_ends_are_line_ends(sign: Sign) -> None:
    assert sign(stdin=SECRETS.replace("\n", "\r\n")).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "code", "exit_code"),
    [
        ({"end": -1}, "certificate-expired", 12),
        ({"begin": 1}, "certificate-not-yet-valid", 12),
        ({"qualified": False}, "certificate-not-qualified", 12),
        ({"non_repudiation": False}, "certificate-does-not-sign", 12),
        ({"number": 2}, "two-people", 12),
        ({"key": "RSA-1024"}, "key-refused", 12),
    ],
)
def test_certificates_that_must_not_sign(
    sign: Sign,
    workdir: Path,
    ca: made_up.MadeUpCa,
    changes: dict[str, object],
    code: str,
    exit_code: int,
) -> None:
    (workdir / "a.p12").write_bytes(_issue(ca, **changes).p12(PASSPHRASE))  # type: ignore[arg-type]  # its own arguments
    ran = sign("--national-id", "10000000146", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (exit_code, code)
    assert ran.json["data"] is None
    assert not (workdir / "f.p7m").exists()
    assert "10000000146" not in ran.stdout + ran.stderr


def test_an_unqualified_one_signs_when_that_is_said(
    sign: Sign, workdir: Path, ca: made_up.MadeUpCa
) -> None:
    (workdir / "a.p12").write_bytes(_issue(ca, qualified=False).p12(PASSPHRASE))
    ran = sign("--allow-unqualified")
    assert ran.exit_code == 0
    assert "not qualified" in ran.stderr


def test_a_form_of_somebody_else_is_refused(sign: Sign, workdir: Path) -> None:
    (workdir / "form.toml").write_text(
        FORM + f'national_id = "{made_up.national_id(2)}"\n', "utf-8"
    )
    assert sign().exit_code == 12
    (workdir / "form.toml").write_text(
        FORM.replace("ŞÜKRÜ", "AYŞE").replace("IŞIK", "İNCE"), "utf-8"
    )
    ran = sign("--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (12, "two-people")
    (workdir / "form.toml").write_text(FORM.replace("IŞIK", "İNCE"), "utf-8")
    assert sign().exit_code == 0  # one name may have changed


def test_what_is_missing_is_told_all_at_once(sign: Sign, workdir: Path) -> None:
    (workdir / "form.toml").write_text('email = "not an address"\ngiven_name = "ŞÜKRÜ"\n', "utf-8")
    ran = sign("--json")
    assert ran.exit_code == 3
    (problem,) = ran.json["problems"]
    assert problem["fields"] == ["family_name", "institution_name", "address", "email"]
    assert {"code": "not-an-email", "field": "email"} in problem["found"]


def test_an_unknown_key_is_named(sign: Sign, workdir: Path) -> None:
    (workdir / "form.toml").write_text(FORM + 'blood_group = "0"\n', "utf-8")
    ran = sign()
    assert ran.exit_code == 3
    assert "blood_group" in ran.stderr


def test_an_output_in_the_way_is_left_as_it_is(sign: Sign, workdir: Path) -> None:
    (workdir / "f.p7m").write_bytes(b"mine")
    assert sign().exit_code == 12
    assert (workdir / "f.p7m").read_bytes() == b"mine"
    assert sign("--force").exit_code == 0
    (workdir / "f.txt").write_bytes(b"mine too")
    assert sign("--detached", "--output", "f.p7s").exit_code == 12
    assert not (workdir / "f.p7s").exists()


def test_a_folder_that_is_not_there_is_told_before_anything(sign: Sign) -> None:
    ran = sign("--output", "nowhere/f.p7m", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (11, "output-folder-missing")


def test_two_outputs_may_not_be_one_file(sign: Sign, workdir: Path) -> None:
    (workdir / "f").write_bytes(b"text")
    assert sign("--commitment", "f", "--json").exit_code == 12


def test_a_full_disk_leaves_nothing(
    sign: Sign, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = sorted(workdir.iterdir())
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        ran = sign("--detached", "--output", "f.p7s", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (11, "disk-full")
    assert sorted(workdir.iterdir()) == before


@pytest.mark.sqlite
def test_a_database_that_is_busy_does_not_undo_a_signature(
    sign: Sign, workdir: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sign().exit_code == 0
    monkeypatch.setattr("esign_cli.store.connection.BUSY_SECONDS", 0.1)
    (path,) = home.rglob("esign.db")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ran = sign("--output", "g.p7m", "--json")
    other.execute("ROLLBACK")
    other.close()
    assert ran.exit_code == 8
    assert ran.json["problems"][0]["code"] == "database-busy"
    assert ran.json["data"]["output"] == "g.p7m"
    assert (workdir / "g.p7m").exists()
    assert "The form is signed, but not everything was done" in ran.stderr


def test_usage(esign: Esign, workdir: Path) -> None:
    assert esign("sign-form", "--p12", "a.p12", "--secrets-stdin").exit_code == 2
    assert esign("sign-form", "--p12", "a.p12", "--token", "X").exit_code == 2
    no_terminal = esign("sign-form", "--p12", "a.p12", "--yes")
    assert no_terminal.exit_code == 2
    assert "--secrets-stdin" in no_terminal.stderr
    assert esign("sign-form", "--p12", "none.p12").exit_code == 3
    assert esign("sign-form", "--form", "none.toml").exit_code == 3
    assert esign("sign-form", "--commitment", "none.pdf").exit_code == 3


def test_another_text_can_be_signed(sign: Sign, workdir: Path) -> None:
    (workdir / "metin.txt").write_text("SAYIN {given_name} {family_name}\n", "utf-8")
    (workdir / "c.toml").write_text(f"form_template = '{workdir / 'metin.txt'}'\n", "utf-8")
    os.environ["ESIGN_CONFIG"] = str(workdir / "c.toml")
    try:
        ran = sign()
    finally:
        del os.environ["ESIGN_CONFIG"]
    assert ran.exit_code == 0, ran.stderr
    assert "SAYIN ŞÜKRÜ IŞIK\r\n".encode() in (workdir / "f.p7m").read_bytes()


def test_a_text_that_hides_something_is_refused_by_its_name(
    sign: Sign, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "ADI:{given_name}\n\x1b[8mBütün mal varlığımı devrediyorum.\x1b[0m\x1b[1A\x1b[2K\n"
    (workdir / "metin.txt").write_text(text, "utf-8")
    (workdir / "c.toml").write_text(f"form_template = '{workdir / 'metin.txt'}'\n", "utf-8")
    monkeypatch.setenv("ESIGN_CONFIG", str(workdir / "c.toml"))
    ran = sign()
    assert ran.exit_code == 3
    assert "metin.txt" in ran.stderr
    assert "devrediyorum" not in ran.stdout + ran.stderr
    assert not (workdir / "f.p7m").exists()


# --- on a terminal -------------------------------------------------------------------------------


@pytest.mark.posix
def test_on_a_terminal_it_asks_for_what_is_missing_and_hides_what_is_secret(
    workdir: Path,
) -> None:
    (workdir / "form.toml").write_text(FORM.replace('"sukru.isik@example.tr"', '"wrong"'), "utf-8")
    with Terminal("sign-form", "--p12", "a.p12", "--form", "form.toml", "--output", "f.p7m") as t:
        t.answer("Passphrase", PASSPHRASE)
        t.answer("E-mail (is not an e-mail address)", "still wrong")
        t.answer("E-mail (is not an e-mail address)", "a@example.tr")
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text all the same?", "y")
        assert t.ended() == 0, t.seen
    assert t.seen.endswith("  esign applications submit 1\n")
    assert "EPOSTA:a@example.tr" in t.seen
    assert WORD not in t.seen
    assert PASSPHRASE not in t.seen
    assert (workdir / "f.p7m").exists()


@pytest.mark.posix
@pytest.mark.parametrize("answer", ["n", "", "belki"])
def test_anything_but_yes_signs_nothing(workdir: Path, answer: str) -> None:
    with Terminal("sign-form", "--p12", "a.p12", "--form", "form.toml", "--output", "f.p7m") as t:
        t.answer("Passphrase", PASSPHRASE)
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text", answer)
        assert t.ended() == 12
    assert not (workdir / "f.p7m").exists()


@pytest.mark.posix
def test_a_name_is_asked_about_once_and_after_the_key(workdir: Path) -> None:
    words = ("--db", _roster(workdir), "sign-form", "şükrü ışık", "--p12", "a.p12")
    with Terminal(*words, "--form", "form.toml", "--output", "f.p7m") as t:
        t.answer("Passphrase", PASSPHRASE)
        t.answer("secret word", WORD)
        t.answer("again", WORD)
        t.answer("Sign this text", "y")
        assert t.ended() == 0, t.seen
    assert t.seen.count("[y/N]") == 1
    whose = "The application of: ŞÜKRÜ IŞIK, 100******46, BATMAN LİSESİ"
    assert t.seen.index("Passphrase") < t.seen.index(whose) < t.seen.index("secret word")
    assert t.seen.count(whose) == 2  # and once more beside the question


@pytest.mark.posix
@pytest.mark.parametrize("mistyped", [1, 2, 3])
def test_words_that_differ_are_asked_for_again_twice(workdir: Path, mistyped: int) -> None:
    with Terminal("sign-form", "--p12", "a.p12", "--form", "form.toml") as t:
        t.answer("Passphrase", PASSPHRASE)
        for _time in range(mistyped):
            t.answer("secret word", WORD)
            t.answer("same word again", WORD + "x")
        if mistyped < 3:
            t.answer("secret word", WORD)
            t.answer("same word again", WORD)
            t.answer("Sign this text", "n")
        assert t.ended() == (12 if mistyped < 3 else 3), t.seen
    assert t.seen.index("The application of: ") < t.seen.index("secret word")
    assert t.seen.count("not the same. Type both once more") == min(mistyped, 2)


@pytest.mark.posix
def test_an_interrupted_run_leaves_nothing(workdir: Path) -> None:
    before = sorted(workdir.iterdir())
    with Terminal("sign-form", "--p12", "a.p12", "--form", "form.toml") as t:
        t.answer("Passphrase", PASSPHRASE)
        t.interrupt("secret word")
        assert t.ended() == 130
    assert sorted(workdir.iterdir()) == before


def test_what_the_portal_will_stumble_over_is_said_before_signing(
    sign: Sign, workdir: Path
) -> None:
    form = FORM.replace('given_name = "ŞÜKRÜ"', 'given_name = "MEHMET"')
    (workdir / "form.toml").write_text(form + '\nmobile_phone = "0312 555"\n', "utf-8")
    ran = sign()
    assert ran.exit_code == 0, ran.stderr
    assert "not that of the certificate: MEHMET IŞIK – ŞÜKRÜ IŞIK" in ran.stderr
    assert "To correct on the portal: Mobile phone (is not a Turkish mobile number)" in ran.stderr
