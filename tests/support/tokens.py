"""Real tokens with made-up people on them, and a tracer that counts what was called."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.hazmat.primitives import serialization

from esign_cli.cards.modules import Module
from esign_cli.commands.demo.made_up import Issued, MadeUpCa, PrivateKey, national_id
from tests.support import parts

PIN = "246810"
WRONG = "135790"
SO_PIN = "87654321"
OWN_SO_PIN = "76543210"
LABEL = "AKIS_TEST"
FRESH_LABELS = ("", "IBM OS PKCS#11", LABEL)
"""The openCryptoki tokens that a test may wipe: new ones, and its own."""


@dataclass(frozen=True)
class RealToken:
    """A token that a test owns, as its module and `pkcs11-tool` see it."""

    module: Module
    label: str
    serial: str
    pin: str = PIN

    def tool(self, *words: str | Path, check: bool = True) -> str:
        """Run pkcs11-tool on the token."""
        command = [parts.program("pkcs11-tool"), "--module", self.module.path, "--token-label"]
        command += [self.label, *words]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        if check and run.returncode:
            raise AssertionError(run.stderr)
        return run.stdout + run.stderr

    def put(
        self, issued: Issued, folder: Path, *, identifier: str = "01", key: bool = True
    ) -> None:
        """Load a certificate, and its key pair unless told not to."""
        self.write("cert", issued.certificate, folder, identifier)
        if key:
            self.put_key(issued.key(), folder, identifier=identifier)

    def put_key(
        self, key: PrivateKey, folder: Path, *, identifier: str = "01", always: bool = False
    ) -> None:
        """Load a key pair; `always`: it wants the PIN for each signature."""
        private = key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        more = ["--always-auth"] if always else []
        self.write("privkey", private, folder, identifier, *more)
        self.write("pubkey", public, folder, identifier)

    def write(self, kind: str, der: bytes, folder: Path, identifier: str, *more: str) -> None:
        """Load one object."""
        path = folder / "object.der"
        path.write_bytes(der)
        login = [
            "--login",
            "--pin",
            self.pin,
            "--id",
            identifier,
            "--label",
            f"made-up {identifier}",
        ]
        self.tool(*login, "--write-object", path, "--type", kind, *more)

    def delete(self, kind: str, identifier: str) -> None:
        """Remove one object."""
        self.tool(
            "--login", "--pin", self.pin, "--delete-object", "--type", kind, "--id", identifier
        )

    def traced(self, monkeypatch: pytest.MonkeyPatch, log: Path) -> Trace:
        """The same token through pkcs11-spy."""
        return spied(log, self.module.path, monkeypatch.setenv)


class Sessions(NamedTuple):
    """What a trace tells of sessions."""

    opened: int
    closed: int
    most: int
    """How many were open at once."""


@dataclass(frozen=True)
class Trace:
    """pkcs11-spy's module, and what it wrote down."""

    module: Module
    log: Path

    def count(self, function: str) -> int:
        """How often the function was called."""
        return len(re.findall(rf"^\d+: {function}$", self._text(), re.MULTILINE))

    def functions(self) -> set[str]:
        """All that were called."""
        return set(re.findall(r"^\d+: (C_\w+)$", self._text(), re.MULTILINE))

    def session_flags(self) -> set[int]:
        """The flags with which sessions were opened."""
        found = re.findall(
            r"C_OpenSession$.*?flags = (0x[0-9a-f]+)", self._text(), re.M | re.DOTALL
        )
        return {int(flags, 16) for flags in found}

    def sessions(self) -> Sessions:
        """What became of the sessions that were asked for."""
        calls = re.findall(
            r"^\d+: (C_OpenSession|C_CloseSession)$.*?^Returned: +(\d+)",
            self._text(),
            re.MULTILINE | re.DOTALL,
        )
        opened = closed = most = 0
        for function, value in calls:
            opened += function == "C_OpenSession" and value == "0"
            closed += function == "C_CloseSession"  # with an error too: then it is gone already
            most = max(most, opened - closed)
        return Sessions(opened, closed, most)

    def _text(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


def spied(log: Path, module: Path, set_variable: Callable[[str, str], None]) -> Trace:
    """The module through pkcs11-spy, which writes every call down."""
    set_variable("PKCS11SPY", str(module))
    set_variable("PKCS11SPY_OUTPUT", str(log))
    return Trace(Module(parts.pkcs11_spy(), "option"), log)


def sha256_of(issued: Issued) -> str:
    """The certificate's SHA-256, in hexadecimal digits."""
    return hashlib.sha256(issued.certificate).hexdigest()


@pytest.fixture(scope="session")
def instant() -> datetime:
    """The time around which the made-up certificates are valid."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def ca(instant: datetime) -> MadeUpCa:
    """A made-up authority."""
    return MadeUpCa.create(instant)


@pytest.fixture(scope="session")
def issued(ca: MadeUpCa, instant: datetime) -> Callable[..., Issued]:
    """Certificates of made-up people, each kind made once: `issued("P-256", number=2, days=30)`."""
    made: dict[tuple[object, ...], Issued] = {}

    def issue(
        key: str = "RSA-2048", *, number: int = 1, days: int = 400, name: str = "ŞÜKRÜ IŞIK"
    ) -> Issued:
        wanted = (key, number, days, name)
        if wanted not in made:
            end = instant + timedelta(days=days)
            begin = min(end, instant) - timedelta(days=600)
            made[wanted] = ca.issue(
                name, national_id(number), key=key, not_before=begin, not_after=end
            )
        return made[wanted]

    return issue


@pytest.fixture
def softhsm_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Module:
    """SoftHSM2 with an empty store of its own."""
    path = parts.softhsm()
    parts.program("softhsm2-util")
    store = tmp_path / "softhsm"
    store.mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {store}\nobjectstore.backend = file\n", "utf-8")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    return Module(path, "option")


@pytest.fixture
def new_softhsm(softhsm_store: Module) -> Callable[..., RealToken]:
    """Make a SoftHSM2 token: `new_softhsm("AKIS_2")`."""

    def make(label: str = LABEL) -> RealToken:
        words = ["--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", PIN]
        command = [parts.program("softhsm2-util"), *words]
        subprocess.run(command, check=True, capture_output=True)
        return RealToken(softhsm_store, label, _serial(softhsm_store, label))

    return make


@pytest.fixture
def softhsm(new_softhsm: Callable[..., RealToken]) -> RealToken:
    """One SoftHSM2 token, with nothing on it."""
    return new_softhsm()


@pytest.fixture
def card(softhsm: RealToken, issued: Callable[..., Issued], tmp_path: Path) -> RealToken:
    """A SoftHSM2 token with a made-up person's RSA certificate and key, and the sub-CA."""
    softhsm.put(issued(), tmp_path)
    softhsm.write("cert", issued().chain[0], tmp_path, "0c")
    return softhsm


@pytest.fixture(scope="session")
def faulty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module of `programs/faulty_module.c`."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    parts.need("a C compiler", compiler)
    source = Path(__file__).parent / "programs" / "faulty_module.c"
    library = tmp_path_factory.mktemp("faulty") / "faulty.so"
    command = [compiler or "", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


@pytest.fixture
def module_without_its_library(tmp_path: Path) -> Path:
    """A module that was linked with a library that is gone: libneeded.so."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    parts.need("a C compiler", compiler)
    needed, library = tmp_path / "libneeded.so", tmp_path / "libakisp11.so"
    source = tmp_path / "empty.c"
    source.write_text(
        "int needed(void) { return 1; } int C_GetFunctionList(void) { return 5; }", "utf-8"
    )
    shared = [compiler or "", "-shared", "-fPIC", str(source)]
    subprocess.run([*shared, "-o", str(needed), "-Wl,-soname,libneeded.so"], check=True)
    subprocess.run([*shared, "-o", str(library), "-Wl,--no-as-needed", str(needed)], check=True)
    needed.unlink()
    return library


def elf(machine: int) -> bytes:
    """The head of an ELF library for a machine (System V gABI, e_machine)."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, machine) + bytes(44)


def pe(machine: int) -> bytes:
    """The head of a PE library for a machine (PE and COFF specification)."""
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine)


@pytest.fixture
def faulty(faulty_library: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Module]:
    """A module that does, in the function named, what is said: "C_GetSlotList=hang".

    With a token, that one's own module works behind it: `faulty("C_Sign=removed", card)`.
    """

    def set_fault(fault: str, token: RealToken | None = None, **more: str) -> Module:
        monkeypatch.setenv("FAULTY_MODULE", fault)
        if token is not None:
            monkeypatch.setenv("FAULTY_REAL", str(token.module.path))
        for name, value in more.items():
            monkeypatch.setenv(f"FAULTY_{name.upper()}", value)
        return Module(faulty_library, "option")

    return set_fault


@pytest.fixture
def opencryptoki(tmp_path: Path) -> Iterator[RealToken]:
    """openCryptoki's software token, emptied: its PIN is PIN, and three wrong ones lock it.

    The machine has one, so tests that use it wait for each other. It is initialised once; later
    tests only give it its PIN back, which also unlocks it.
    """
    module = Module(parts.opencryptoki(), "option")
    with Path(f"/tmp/esign-test-opencryptoki-{os.getuid()}.lock").open(
        "w", encoding="utf-8"
    ) as lock:
        import fcntl  # where the tokens are, it is there

        fcntl.flock(lock, fcntl.LOCK_EX)
        slot = _running_slot(module)
        label = _label_in(module, slot)
        parts.need("an openCryptoki token that tests may wipe", label in FRESH_LABELS)
        tool = [parts.program("pkcs11-tool"), "--module", str(module.path), "--slot", slot]
        officer = ["--login", "--login-type", "so", "--so-pin"]
        if label != LABEL:  # a second initialisation would leave it with no officer's PIN at all
            assert _succeeds(*tool, "--init-token", "--label", LABEL, "--so-pin", SO_PIN)
            assert _succeeds(*tool, *officer, SO_PIN, "--change-pin", "--new-pin", OWN_SO_PIN)
        assert _succeeds(*tool, *officer, OWN_SO_PIN, "--init-pin", "--new-pin", PIN)
        user = ["--login", "--pin", PIN]
        for kind in ("cert", "privkey", "pubkey"):
            while _succeeds(*tool, *user, "--delete-object", "--type", kind, "--id", "01"):
                continue
        yield RealToken(module, LABEL, _serial(module, LABEL))


def _running_slot(module: Module) -> str:
    """The slot of the software token, after starting the daemon if it is not running."""
    for attempt in range(20):
        listed = _listing(module)
        found = re.search(r"\((0x[0-9a-f]+)\)", listed)
        if found:
            return str(int(found[1], 16))
        if attempt == 0:
            subprocess.run(
                [parts.program("pkcsslotd")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        time.sleep(0.1)
    parts.need("a running pkcsslotd with a software token", False)
    return ""


def _listing(module: Module) -> str:
    command = [parts.program("pkcs11-tool"), "--module", str(module.path), "-L"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return run.stdout


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _label_in(module: Module, slot: str) -> str:
    block = _listing(module).partition(f"({int(slot):#x})")[2]
    found = re.search(r"token label\s*:\s*(.*)", block)
    return found[1].strip() if found else ""


def _serial(module: Module, label: str) -> str:
    block = _listing(module).partition(f": {label}\n")[2]
    found = re.search(r"serial num\s*:\s*(\S+)", block)
    assert found, f"no token {label}"
    return found[1]
