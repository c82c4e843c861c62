"""`esign sign`: a batch under one PIN, which can be run again and says what it did not do."""

from __future__ import annotations

import hashlib
import subprocess
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from esign_cli.cards.modules import Module
from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id
from esign_cli.commands.sign import prompter
from esign_cli.commands.sign.request import Confirmation
from esign_cli.foundation import files
from esign_cli.foundation.errors.environment import DiskFull
from esign_cli.signatures import cades, documents
from esign_cli.signatures.certificate import SEAL_POLICY
from esign_cli.signatures.cms import signed_data
from esign_cli.signatures.pki.algorithms import Digested
from tests.conftest import Esign, Ran
from tests.support import parts
from tests.support.terminal import Terminal
from tests.support.tokens import PIN, WRONG, RealToken

PASSPHRASE = "çok gizli"
NAMES = ("a.pdf", "b.txt", "c.bin")
Sign = Callable[..., Ran]


@pytest.fixture
def workdir(home: Path, issued: Callable[..., Issued], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three files and a key file."""
    folder = home / "masa"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.4 made up")
    (folder / "b.txt").write_text("merhaba", "utf-8")
    (folder / "c.bin").write_bytes(bytes(range(256)))
    for number, key in ((1, "P-256"), (2, "P-384")):
        made = issued(key, number=number)
        (folder / f"{number}.p12").write_bytes(made.p12(PASSPHRASE))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def sign_with_pkcs12(esign: Esign, workdir: Path) -> Sign:
    """Sign with a key file."""

    def run(*words: str | Path, p12: str = "1.p12", secret: str = PASSPHRASE) -> Ran:
        usual = ("--p12", p12, "--pin-stdin", "--yes", "--json")
        return esign("sign", *words, *usual, stdin=f"{secret}\n")

    return run


@pytest.fixture
def hard(esign: Esign, workdir: Path) -> Sign:
    """Sign with a card."""

    def run(module: Module, *words: str | Path, pin: str = PIN) -> Ran:
        usual = ("--module", module.path, "--pin-stdin", "--yes", "--json")
        return esign("sign", *words, *usual, stdin=f"{pin}\n")

    return run


def outcomes(ran: Ran) -> list[str]:
    return [row["outcome"] for row in ran.json["data"]["files"]]


def codes(ran: Ran) -> list[str]:
    return [problem["code"] for problem in ran.json["problems"]]


# --- what is left --------------------------------------------------------------------------------


@pytest.mark.posix
def test_a_signature_beside_each_file(sign_with_pkcs12: Sign, workdir: Path) -> None:
    ran = sign_with_pkcs12(*NAMES)
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["schema"] == "esign.sign/1"
    data = ran.json["data"]
    assert (data["level"], data["detached"], data["format"]) == ("B-B", False, "der")
    assert data["counts"] == {
        "signed": 3, "raised": 0, "skipped": 0, "failed": 0, "not-tried": 0
    }  # fmt: skip
    for name, row in zip(NAMES, data["files"], strict=True):
        made = (workdir / f"{name}.p7m").read_bytes()
        assert row["file_sha256"] == hashlib.sha256(made).hexdigest()
        assert (row["path"], row["output"], row["bytes"]) == (name, f"{name}.p7m", len(made))
        assert signed_data.parse(made).content == (workdir / name).read_bytes()
        assert (workdir / row["output"]).stat().st_mode & 0o777 == 0o600


def test_detached_into_a_folder_with_the_contents(sign_with_pkcs12: Sign, workdir: Path) -> None:
    (workdir / "out").mkdir()
    ran = sign_with_pkcs12(*NAMES, "--detached", "--folder", "out")
    assert ran.exit_code == 0, ran.stderr
    left = {path.name for path in (workdir / "out").iterdir()}
    assert left == {*NAMES, *(f"{name}.p7s" for name in NAMES)}
    assert outcomes(sign_with_pkcs12(*NAMES, "--detached", "--folder", "out")) == ["skipped"] * 3
    (workdir / "out/a.pdf.p7s").unlink()  # as if interrupted after the content
    ran = sign_with_pkcs12(*NAMES, "--detached", "--folder", "out")
    assert outcomes(ran) == ["signed", "skipped", "skipped"]
    (workdir / "out/a.pdf").write_bytes(b"another's")
    (workdir / "out/a.pdf.p7s").unlink()
    ran = sign_with_pkcs12("a.pdf", "--detached", "--folder", "out")
    assert (ran.exit_code, codes(ran)) == (12, ["output-exists"])


def test_pem_is_read_by_others(sign_with_pkcs12: Sign, workdir: Path, ca: MadeUpCa) -> None:
    assert sign_with_pkcs12("b.txt", "--pem").exit_code == 0
    parts.program("openssl")
    (workdir / "root.pem").write_bytes(ca.root_pem)
    words = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "PEM"]
    words += ["-in", "b.txt.p7m", "-CAfile", "root.pem", "-out", "back"]
    subprocess.run(words, check=True, capture_output=True)
    assert (workdir / "back").read_text("utf-8") == "merhaba"
    assert outcomes(sign_with_pkcs12("b.txt", "--pem")) == ["skipped"]
    assert codes(sign_with_pkcs12("b.txt")) == ["output-exists"]


def test_signed_file_verifies(
    sign_with_pkcs12: Sign, esign: Esign, workdir: Path, ca: MadeUpCa
) -> None:
    sign_with_pkcs12("a.pdf", "--detached")
    (workdir / "root.pem").write_bytes(ca.root_pem)
    ran = esign("verify", "a.pdf.p7s", "--content", "a.pdf", "--trust", "root.pem", "--json")
    assert ran.json["data"]["level"] == "B-B"
    assert ran.json["data"]["subindication"] == "TRY_LATER"  # no revocation data were given


# --- running it again ----------------------------------------------------------------------------


def test_run_again_it_signs_only_what_is_not_signed(sign_with_pkcs12: Sign, workdir: Path) -> None:
    sign_with_pkcs12("a.pdf")
    before = (workdir / "a.pdf.p7m").read_bytes()
    ran = sign_with_pkcs12(*NAMES, *(f"{name}.p7m" for name in NAMES))
    assert ran.exit_code == 0, ran.stderr
    assert outcomes(ran) == ["skipped", "signed", "signed"]
    assert (workdir / "a.pdf.p7m").read_bytes() == before


def test_only_the_same_content_by_the_same_certificate_counts_as_signed(
    sign_with_pkcs12: Sign, workdir: Path
) -> None:
    sign_with_pkcs12(*NAMES)
    (workdir / "a.pdf").write_bytes(b"%PDF-1.4 changed")
    (workdir / "b.txt.p7m").write_bytes((workdir / "b.txt.p7m").read_bytes()[:-1] + b"x")
    ran = sign_with_pkcs12(*NAMES)
    assert ran.exit_code == 8
    assert outcomes(ran) == ["failed", "failed", "skipped"]
    assert codes(ran) == ["output-exists"] * 2
    assert outcomes(sign_with_pkcs12(*NAMES, p12="2.p12")) == ["failed"] * 3
    assert outcomes(sign_with_pkcs12(*NAMES, "--force")) == ["signed"] * 3


def test_with_everything_signed_no_pin_is_asked_for(
    hard: Sign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hard(card.module, *NAMES).exit_code == 0
    trace = card.traced(monkeypatch, workdir / "spy.log")
    ran = hard(trace.module, *NAMES, pin=WRONG)
    assert (ran.exit_code, outcomes(ran)) == (0, ["skipped"] * 3)
    assert trace.count("C_Login") == 0


# --- faults of a file ----------------------------------------------------------------------------


def test_a_file_that_cannot_be_signed_is_passed_over(sign_with_pkcs12: Sign, workdir: Path) -> None:
    (workdir / "x").mkdir()
    (workdir / "x/a.pdf").write_bytes(b"another a.pdf")
    (workdir / "out").mkdir()
    ran = sign_with_pkcs12("a.pdf", "none.pdf", "x", "x/a.pdf", "c.bin", "a.pdf", "--folder", "out")
    assert ran.exit_code == 8
    assert outcomes(ran) == ["signed", "failed", "failed", "failed", "signed"]
    assert codes(ran) == ["file-missing", "file-unreadable", "output-exists"]
    named = [Path(problem["file"]) for problem in ran.json["problems"]]
    assert named == [Path("none.pdf"), Path("x"), Path("x/a.pdf")]


def test_when_no_file_can_be_signed_its_own_code_is_the_exit_code(sign_with_pkcs12: Sign) -> None:
    ran = sign_with_pkcs12("none.pdf")
    assert (ran.exit_code, outcomes(ran)) == (3, ["failed"])


def test_a_folder_that_is_not_there_stops_all_before_the_pin(sign_with_pkcs12: Sign) -> None:
    ran = sign_with_pkcs12("a.pdf", "--folder", "none")
    assert (ran.exit_code, codes(ran)) == (11, ["output-folder-missing"])
    assert ran.json["data"] is None


def test_a_file_that_went_away_meanwhile(
    sign_with_pkcs12: Sign, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.write_private

    def write(path: Path, content: bytes) -> None:
        real(path, content)
        (workdir / "b.txt").unlink(missing_ok=True)

    monkeypatch.setattr(files, "write_private", write)
    ran = sign_with_pkcs12(*NAMES)
    assert (ran.exit_code, outcomes(ran)) == (0, ["signed"] * 3)
    assert [row["changed"] for row in ran.json["data"]["files"]] == [False, True, False]


# --- what is shown is what is signed -------------------------------------------------------------


@pytest.fixture
def at_the_consent(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Something that happens while the files are shown."""

    def happens(what: Callable[[], object]) -> None:
        real = prompter.SignPrompter.agree

        def agree(workdir: prompter.SignPrompter, shown: Confirmation) -> None:
            real(workdir, shown)
            what()

        monkeypatch.setattr(prompter.SignPrompter, "agree", agree)

    return happens


@pytest.mark.parametrize("words", [(), ("--detached",), ("--pem",)])
def test_a_file_that_is_changed_after_the_consent(
    sign_with_pkcs12: Sign,
    workdir: Path,
    at_the_consent: Callable[..., None],
    words: tuple[str, ...],
) -> None:
    at_the_consent(lambda: (workdir / "b.txt").write_bytes(b"sahte"))
    ran = sign_with_pkcs12("b.txt", *words)
    (row,) = ran.json["data"]["files"]
    assert (row["outcome"], row["changed"]) == ("signed", True)
    assert row["content_sha256"] == hashlib.sha256(b"merhaba").hexdigest()
    assert "b.txt" in ran.stderr
    data = signed_data.parse(Path(row["output"]).read_bytes())
    assert data.content == (None if "--detached" in words else b"merhaba")
    digest = data.signers[0].values(cades.MESSAGE_DIGEST)[0][0].octets()
    assert digest == hashlib.sha256(b"merhaba").digest()


@pytest.mark.parametrize("detached", [False, True])
def test_a_file_that_is_too_large_to_be_held(
    sign_with_pkcs12: Sign, workdir: Path, at_the_consent: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch, detached: bool,
) -> None:  # fmt: skip
    """It is signed by its digests; attached it is read anew, and refused if it is another."""
    monkeypatch.setattr(documents, "MOST_KEPT", 10)
    words = ("--detached", "--folder", "out") if detached else ()
    (workdir / "out").mkdir()
    ran = sign_with_pkcs12("c.bin", *words)
    assert outcomes(ran) == ["signed"]
    if detached:
        assert (workdir / "out/c.bin").read_bytes() == bytes(range(256))
        (workdir / "out/c.bin").unlink()
    at_the_consent(lambda: (workdir / "c.bin").write_bytes(b"something else, and long"))
    ran = sign_with_pkcs12("c.bin", *words, "--force")
    assert (outcomes(ran), codes(ran)) == (["failed"], ["file-changed"])


def test_what_is_not_held_takes_no_memory(workdir: Path) -> None:
    with (workdir / "large").open("wb") as file:
        file.truncate(64 << 20)
    tracemalloc.start()
    document = documents.read(workdir / "large", most=0)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (document.size, isinstance(document.content, Digested)) == (64 << 20, True)
    assert peak < 8 << 20


def test_every_file_is_shown_with_size_and_hash(sign_with_pkcs12: Sign, workdir: Path) -> None:
    names = [f"{number}.txt" for number in range(12)]
    for name in names:
        (workdir / name).write_text(name, "utf-8")
    shown = sign_with_pkcs12(*names).stderr
    assert hashlib.sha256(b"9.txt").hexdigest() in shown
    assert hashlib.sha256(b"10.txt").hexdigest() not in shown
    assert "--show-all" in shown
    shown = sign_with_pkcs12(*names, "--show-all", "--force").stderr
    assert all(hashlib.sha256(name.encode()).hexdigest() in shown for name in names)


@pytest.mark.posix  # Windows counts letters, not bytes
def test_a_name_as_long_as_names_may_be(
    sign_with_pkcs12: Sign, esign: Esign, workdir: Path
) -> None:
    """The signature's is longer by its ending: where it is too long, that file fails alone."""
    long, longest = "ş" * 125 + "a", "ş" * 127 + "a"
    assert (len(long.encode()), len(longest.encode())) == (251, 255)
    for name in (long, longest):
        (workdir / name).write_text("merhaba", "utf-8")
    ran = sign_with_pkcs12(long, longest, "a.pdf")
    assert outcomes(ran) == ["signed", "failed", "signed"]
    assert codes(ran) == ["name-too-long"]
    assert esign("verify", f"{long}.p7m", "--offline").exit_code == 10


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="no folder that refuses everybody")
def test_a_file_that_cannot_be_written_after_the_pin_fails_alone(
    hard: Sign, card: RealToken, workdir: Path
) -> None:
    """Nothing can be made in /proc, though its rights let root try."""
    ran = hard(card.module, "/proc/version", "a.pdf")
    assert (ran.exit_code, codes(ran)) == (8, ["output-unwritable"])
    assert outcomes(ran) == ["failed", "signed"]


def test_a_full_disk_ends_the_batch(
    sign_with_pkcs12: Sign, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.write_private

    def write(path: Path, content: bytes) -> None:
        if path.name == "b.txt.p7m":
            raise DiskFull(path=str(path))
        real(path, content)

    monkeypatch.setattr(files, "write_private", write)
    ran = sign_with_pkcs12(*NAMES)
    assert (ran.exit_code, codes(ran)) == (8, ["disk-full"])
    assert outcomes(ran) == ["signed", "failed", "not-tried"]


# --- the card and its PIN ------------------------------------------------------------------------


def test_one_login_for_the_whole_batch(
    hard: Sign, card: RealToken, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, workdir / "spy.log")
    ran = hard(trace.module, *NAMES)
    assert ran.exit_code == 0, ran.stderr
    assert (trace.count("C_Login"), trace.count("C_Sign")) == (1, 3)


def test_a_wrong_pin_ends_the_batch_before_its_first_file(
    hard: Sign, card: RealToken, workdir: Path
) -> None:
    ran = hard(card.module, *NAMES, pin=WRONG)
    assert (ran.exit_code, codes(ran)) == (5, ["pin-incorrect"])
    assert outcomes(ran) == ["not-tried"] * 3
    assert "Not tried: 3" in ran.stderr
    assert not list(workdir.glob("*.p7m"))


def test_a_login_that_a_locking_card_refuses_ends_the_batch_and_names_what_is_left(
    esign: Esign, opencryptoki: RealToken, issued: Callable[..., Issued], workdir: Path,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    opencryptoki.put(issued(), tmp_path)
    trace = opencryptoki.traced(monkeypatch, workdir / "spy.log")
    usual = ("--module", trace.module.path, "--pin-stdin", "--yes")
    ran = esign("sign", *NAMES, *usual, stdin=f"{WRONG}\n")
    assert ran.exit_code == 5
    assert (trace.count("C_Login"), trace.count("C_Sign")) == (1, 0)
    rows = [line.split()[:3] for line in ran.stdout.splitlines()[1:]]
    assert rows == [[name, "not", "tried"] for name in NAMES]
    assert "Not tried: 3" in ran.stderr
    assert not list(workdir.glob("*.p7m"))


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("C_Sign=removed", "card-removed"),
        ("C_Sign=fail", "card-refused-to-sign"),
        ("C_Sign=hang", "module-hung"),
        ("C_Sign=crash", "module-crashed"),
        ("C_SignInit=fail", "card-refused-to-sign"),
    ],
)
def test_a_token_or_device_that_fails_ends_the_batch(
    hard: Sign, card: RealToken, faulty: Callable[..., Module], fault: str, code: str
) -> None:
    quick = ("--timeout", "1.5") if fault.endswith("hang") else ()
    ran = hard(faulty(fault, card, spared="1"), *NAMES, *quick)
    assert (ran.exit_code, codes(ran)) == (8, [code])
    assert outcomes(ran) == ["signed", "failed", "not-tried"]
    assert "Not tried: 1" in ran.stderr
    ran = hard(faulty("", card), *NAMES)  # mended, the same command signs what was left
    assert (ran.exit_code, outcomes(ran)) == (0, ["skipped", "signed", "signed"])


@pytest.mark.posix
def test_a_wrong_pin_for_the_second_file_ends_the_batch_too(
    softhsm: RealToken, issued: Callable[..., Issued], workdir: Path, tmp_path: Path
) -> None:
    softhsm.put(issued(), tmp_path, key=False)
    softhsm.put_key(issued().key(), tmp_path, always=True)
    with Terminal("sign", *NAMES, "--module", softhsm.module.path) as terminal:
        terminal.answer("Sign these files?", "y")
        for pin in (PIN, PIN, WRONG):
            terminal.answer("PIN of the e-imza card", pin)
        assert terminal.ended() == 8, terminal.seen
    assert "The PIN now: a wrong or an unanswered one" in " ".join(terminal.seen.split())
    assert "Not tried: 1" in terminal.seen
    assert [path.name for path in workdir.glob("*.p7m")] == ["a.pdf.p7m"]


def test_a_key_that_wants_the_pin_each_time_signs_one_file_and_gets_no_replay(
    hard: Sign, softhsm: RealToken, issued: Callable[..., Issued], tmp_path: Path
) -> None:
    made = issued()
    softhsm.write("cert", made.certificate, tmp_path, "01")
    softhsm.put_key(made.key(), tmp_path, always=True)
    """Login and signature are one operation; the PIN of a second file would be a replay."""
    ran = hard(softhsm.module, *NAMES)
    assert (ran.exit_code, codes(ran)) == (8, ["pin-wanted-again"])
    assert outcomes(ran) == ["signed", "failed", "not-tried"]


@pytest.mark.posix
def test_on_a_terminal_the_files_are_shown_and_the_pin_is_asked_for_once(
    card: RealToken, workdir: Path
) -> None:
    with Terminal("sign", *NAMES, "--module", card.module.path) as terminal:
        terminal.answer("Sign these files?", "y")
        terminal.answer("PIN of the e-imza card", PIN)
        assert terminal.ended() == 0, terminal.seen
    assert "FILES THAT WILL BE SIGNED: 3" in terminal.seen
    assert "Signer: ŞÜKRÜ IŞIK (100******46)" in terminal.seen
    assert "3/3" in terminal.seen
    assert PIN not in terminal.seen
    before, after = terminal.seen.split("PIN of the e-imza card")
    assert "PIN: the card gives no warning" in before
    assert "The PIN now: the card gives no warning" in after
    assert all((workdir / f"{name}.p7m").exists() for name in NAMES)


@pytest.mark.posix
def test_a_no_signs_nothing(card: RealToken, workdir: Path) -> None:
    with Terminal("sign", "a.pdf", "--module", card.module.path) as terminal:
        terminal.answer("Sign these files?", "n")
        assert terminal.ended() == 12, terminal.seen
    assert not list(workdir.glob("*.p7m"))


# --- the same gates as sign-form -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "more", "code"),
    [
        (-1, {}, "certificate-expired"),
        (60, {"qualified": False}, "certificate-not-qualified"),
        (60, {"non_repudiation": False}, "certificate-does-not-sign"),
    ],
)
def test_what_may_not_sign_an_application_may_not_sign_a_file(
    sign_with_pkcs12: Sign,
    workdir: Path,
    ca: MadeUpCa,
    instant: Any,
    days: int,
    more: dict[str, Any],
    code: str,
) -> None:
    end = instant + timedelta(days=days)
    made = ca.issue(
        "A B", national_id(3), key="P-256", not_before=end - timedelta(90), not_after=end, **more
    )
    (workdir / "3.p12").write_bytes(made.p12(PASSPHRASE))
    ran = sign_with_pkcs12("a.pdf", p12="3.p12")
    assert (ran.exit_code, codes(ran)) == (12, [code])


def test_a_company_seal_signs_where_that_is_allowed(
    sign_with_pkcs12: Sign, esign: Esign, workdir: Path, ca: MadeUpCa, instant: Any
) -> None:
    """A mali mühür: digitalSignature only, no statements; its holder is shown with the VKN."""
    seal = ca.issue(
        "ÖRNEK A.Ş.", "1234567890", key="P-256", not_before=instant - timedelta(days=9),
        qualified=False, non_repudiation=False, policy=SEAL_POLICY,
    )  # fmt: skip
    (workdir / "seal.p12").write_bytes(seal.p12(PASSPHRASE))
    ran = sign_with_pkcs12("b.txt", p12="seal.p12")
    assert (ran.exit_code, codes(ran)) == (12, ["certificate-not-qualified"])
    assert "card" not in ran.stderr
    assert sign_with_pkcs12("b.txt", "--allow-unqualified", p12="seal.p12").exit_code == 0
    (workdir / "root.pem").write_bytes(ca.root_pem)
    crls = []
    for issuer in ("root", "sub"):
        (workdir / issuer).write_bytes(
            ca.crl(issuer=issuer, this_update=instant - timedelta(hours=1))
        )
        crls += ["--crl", issuer]
    told = esign("verify", "b.txt.p7m", "--offline", "--trust", "root.pem", *crls)
    assert told.exit_code == 0, told.stdout
    assert "Seal of: ÖRNEK A.Ş. (VKN 1234567890)" in told.stdout


def test_usage(esign: Esign, workdir: Path) -> None:
    assert esign("sign").exit_code == 2
    ran = esign("sign", "a.pdf", "--p12", "1.p12", "--pin-stdin", stdin=PASSPHRASE)
    assert (ran.exit_code, "--pin-stdin wants --yes" in ran.stderr) == (2, True)
    assert esign("sign", "a.pdf", "--p12", "1.p12", "--token", "x").exit_code == 2
    no_terminal = esign("sign", "a.pdf", "--p12", "1.p12")
    assert (no_terminal.exit_code, "--pin-stdin" in no_terminal.stderr) == (2, True)


def test_the_table_names_each_file(esign: Esign, workdir: Path) -> None:
    usual = ("--p12", "1.p12", "--pin-stdin", "--yes")
    ran = esign("sign", *NAMES, "none", *usual, stdin=f"{PASSPHRASE}\n")
    assert ran.exit_code == 8
    lines = ran.stdout.splitlines()
    assert lines[0].split() == ["File", "Result", "Level", "Signature"]
    assert lines[1].split() == ["a.pdf", "signed", "B-B", "a.pdf.p7m"]
    assert "NOT SIGNED" in lines[4]
    assert "There is no file none." in ran.stderr
