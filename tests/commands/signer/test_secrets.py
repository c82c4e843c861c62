"""No PIN and no passphrase in arguments, environment, output, tracebacks, files or core files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from esign_cli.cards.modules import Module
from esign_cli.commands.demo.made_up import Issued
from tests.conftest import Esign
from tests.support.tokens import PIN, WRONG, RealToken

PASSPHRASE = "cok-gizli-parola"
WORD = "mavi defter"
FORM = """
given_name = "ŞÜKRÜ"
family_name = "IŞIK"
email = "sukru.isik@example.tr"
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "İl Millî Eğitim Müdürlüğü, Merkez"
"""
COMMANDS = {
    "sign": ("a.txt", "--pin-stdin", "--yes"),
    "sign-form": ("--form", "form.toml", "--output", "f.p7m", "--secrets-stdin", "--yes"),
}
SLOW = 4_000_000
"""Rounds that keep a passphrase in use for seconds."""
Faulty = Callable[..., Module]


@pytest.fixture
def workdir(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home / "masa"
    folder.mkdir()
    (folder / "form.toml").write_text(FORM, "utf-8")
    (folder / "a.txt").write_text("merhaba", "utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def small(softhsm: RealToken, issued: Callable[..., Issued], tmp_path: Path) -> RealToken:
    softhsm.put(issued("P-256"), tmp_path)
    return softhsm


def given(command: str, secret: str) -> bytes:
    """What standard input gives the command."""
    return "".join(f"{line}\n" for line in (WORD, secret)[command == "sign" :]).encode()


def words(command: str, *where: str | Path) -> list[str]:
    start = [sys.executable, "-m", "esign_cli", "--debug", "--lang", "en", command]
    return [*start, *map(str, where), *COMMANDS[command]]


@pytest.fixture(autouse=True)
def core_files_are_allowed() -> Iterator[None]:
    """What we start may leave core files, unless a run in this process forbade them for good."""
    if os.name == "nt":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0 if hard == 0 else soft, hard))


INSTANT = re.compile(rb"\d\d:\d\d:\d\d\.\d{6}")
"""A PIN's digits may be the microseconds at which a table was made."""


def leaked(secret: str, folder: Path) -> list[Path]:
    """The files that hold it, and core files."""
    written = [path for path in folder.rglob("*") if path.is_file()]
    return [
        path
        for path in written
        if secret.encode() in INSTANT.sub(b"", path.read_bytes()) or path.name.startswith("core")
    ]


def p12(issued: Issued, rounds: int = 2048) -> bytes:
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(rounds)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(PASSPHRASE.encode())
    )
    certificate = x509.load_der_x509_certificate(issued.certificate)
    key = issued.key()
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, encryption)


@pytest.mark.parametrize(
    ("command", "fault", "secret", "status"),
    [
        ("sign-form", "", PIN, 0),
        ("sign-form", "", WRONG, 5),
        ("sign-form", "C_Login=crash", PIN, 4),
        ("sign-form", "C_Login=fail", PIN, 4),
        ("sign", "", WRONG, 5),
        ("sign", "C_Sign=crash", PIN, 4),
    ],
)
def test_a_pin_is_in_no_output_and_no_file(
    fault: str, secret: str, status: int, command: str, small: RealToken, faulty: Faulty,
    workdir: Path, home: Path,
) -> None:  # fmt: skip
    ran = subprocess.run(
        words(command, "--module", faulty(fault, small).path), input=given(command, secret),
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == status, ran.stderr
    assert secret.encode() not in ran.stdout + ran.stderr
    assert WORD.encode() not in ran.stdout + ran.stderr
    assert (home / "state/esign/pin-tries.json").exists()
    assert leaked(secret, home) == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("secret", "status"), [(PASSPHRASE, 0), ("yanlis-parola", 5)])
def test_a_passphrase_is_in_no_output_and_no_file(
    secret: str, status: int, command: str, issued: Callable[..., Issued], workdir: Path, home: Path
) -> None:
    (workdir / "key.p12").write_bytes(p12(issued("P-256")))
    ran = subprocess.run(
        words(command, "--p12", "key.p12"), input=given(command, secret),
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == status, ran.stderr
    assert secret.encode() not in ran.stdout + ran.stderr
    assert leaked(secret, home) == []


@pytest.mark.posix
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("key", ["card", "file"])
def test_a_secret_in_use_is_in_no_argument_no_variable_and_no_core(
    key: str, command: str, small: RealToken, faulty: Faulty, issued: Callable[..., Issued],
    workdir: Path, home: Path,
) -> None:  # fmt: skip
    """Looked at while the card hangs in C_Login, or the file's key is being derived; then killed
    in the way that leaves a core file."""
    secret = PIN if key == "card" else PASSPHRASE
    (workdir / "key.p12").write_bytes(p12(issued("P-256"), SLOW) if key == "file" else b"")
    where = (
        ("--module", faulty("C_Login=hang", small).path) if key == "card" else ("--p12", "key.p12")
    )
    with (home / "output").open("wb") as output:
        run = subprocess.Popen(
            words(command, *where), stdin=subprocess.PIPE, stdout=output, stderr=output
        )
    with run, ended_by_a_core_signal(run) as left:
        assert run.stdin is not None
        run.stdin.write(given(command, secret))
        run.stdin.close()
        seen, end = b"", time.monotonic() + 1.5
        while time.monotonic() < end:
            seen += around(run.pid)
            time.sleep(0.05)
    assert b"esign_cli" in seen
    assert secret.encode() not in seen
    assert left == [False]
    assert leaked(secret, home) == []


def around(pid: int) -> bytes:
    """The arguments and variables of a process and of all below it."""
    found = b""
    for process in (Path(f"/proc/{one}") for one in family(pid)):
        for name in ("cmdline", "environ"):
            try:
                found += (process / name).read_bytes() + b"\n"
            except OSError:
                continue
    return found


def family(pid: int) -> list[int]:
    """The process and its descendants."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    except OSError:
        return [pid]
    return [pid, *(one for child in listed for one in family(int(child)))]


@contextmanager
def ended_by_a_core_signal(run: subprocess.Popen[bytes]) -> Iterator[list[bool]]:
    """At the end, the process and its children get SIGSEGV; whether it left a core is told."""
    left: list[bool] = []
    try:
        yield left
    finally:
        for process in reversed(family(run.pid)):
            os.kill(process, signal.SIGSEGV)
        _pid, status = os.waitpid(run.pid, 0)
        left.append(os.WCOREDUMP(status))
        run.returncode = -signal.SIGSEGV


@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_of_our_own_shows_no_secret_in_its_traceback(
    command: str, small: RealToken, esign: Esign, workdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_more: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr("esign_cli.signatures.creation.cades", fail)
    where = ("--debug", command, "--module", small.module.path)
    ran = esign(*where, *COMMANDS[command], stdin=given(command, PIN))
    assert ran.exit_code == 1
    assert "ZeroDivisionError" in ran.stderr
    assert PIN not in ran.stdout + ran.stderr
    assert WORD not in ran.stdout + ran.stderr
