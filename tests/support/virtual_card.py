"""A virtual reader and a small PIV card of ours, which is put in, taken out and torn out.

pcscd with vsmartcard-vpcd is the reader; the card is this process, over TCP: a 2-byte length, then
an APDU, or one byte of power off (0), power on (1), reset (2), ATR (4). The card is one of NIST
SP 800-73-4 as far as OpenSC's module asks: SELECT, GET DATA, VERIFY with a counter of tries, and
GENERAL AUTHENTICATE with a P-256 key.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from esign_cli.cards.modules import Module
from esign_cli.commands.demo.made_up import Issued
from tests.support import parts

PORT = 35963
"""vpcd's first slot; the next one listens on the port after it."""
PIN = b"246810"
TRIES = 3
ATR_TAIL = b"ESIGNPIV"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKET = Path("/run/pcscd/pcscd.comm")
AID = bytes.fromhex("a000000308000010000100")
ECC_P256 = 0x11
AUTHENTICATION_KEY = 0x9A
OK, MORE, NOT_FOUND, BLOCKED = 0x9000, 0x6100, 0x6A82, 0x6983
NOT_VERIFIED, NO_INSTRUCTION, TRIES_LEFT = 0x6982, 0x6D00, 0x63C0


def tlv(tag: bytes, value: bytes) -> bytes:
    """A BER-TLV with a length of up to three bytes."""
    size = len(value)
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return tag + length + value


class Pace(NamedTuple):
    """How slow a card with contacts and its reader are; nothing unless told."""

    byte: float = 0.0
    """Seconds a byte on the line takes."""
    apdu: float = 0.0
    """Seconds that pass for each command beside those of its bytes."""

    def wait(self, command: bytes, answer: bytes) -> None:
        """Take the time that a real card takes for this, each in one block of T=1."""
        if self.byte or self.apdu:
            time.sleep(self.apdu + self.byte * (len(command) + len(answer) + 2 * BLOCK))


BLOCK = 4
"""Bytes of a T=1 block beside its content: NAD, PCB, LEN, LRC (ISO/IEC 7816-3, 11.3)."""


class PivCard:
    """What one card answers; `torn_at` tears it out of the reader at that instruction."""

    pace = Pace()

    def __init__(
        self,
        issued: Issued,
        *,
        pin: bytes = PIN,
        torn_at: int | None = None,
        serial: bytes = b"",
    ) -> None:
        """`serial`: what its serial number is made from; of its certificate unless given."""
        self.issued, self.pin, self.torn_at = issued, pin, torn_at
        self.tries = TRIES
        self.verified = False
        self.count: dict[int, int] = {}
        self._rest = b""
        digest = hashlib.sha256(serial or issued.certificate).digest()
        certificate = tlv(b"\x70", issued.certificate) + bytes.fromhex("710100fe00")
        chuid = tlv(b"\x30", digest[:25]) + tlv(b"\x34", digest[:16]) + tlv(b"\x35", b"20301231")
        self._objects = {
            "5fc102": tlv(b"\x53", chuid + bytes.fromhex("3e00fe00")),
            "5fc105": tlv(b"\x53", certificate),
        }

    @property
    def atr(self) -> bytes:
        head = bytes([0x80 | len(ATR_TAIL), 0x80, 0x01]) + ATR_TAIL
        check = 0
        for byte in head:
            check ^= byte
        return b"\x3b" + head + bytes([check])

    def reset(self) -> None:
        self.verified, self._rest = False, b""

    def answer(self, apdu: bytes) -> bytes:
        """The card's answer to a command. Raises ConnectionResetError where it is torn out."""
        instruction, p1, p2 = apdu[1], apdu[2], apdu[3]
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        self.count[instruction] = self.count.get(instruction, 0) + 1
        if instruction == self.torn_at and data:
            raise ConnectionResetError
        handlers: dict[int, Callable[[], tuple[bytes, int]]] = {
            0xA4: lambda: self._select(data),
            0xCB: lambda: self._get_data(data),
            0xC0: lambda: (self._rest, OK),
            0x20: lambda: self._verify(p2, data),
            0x87: lambda: self._authenticate(p1, p2, data),
        }
        content, status = handlers.get(instruction, lambda: (b"", NO_INSTRUCTION))()
        asked = apdu[-1] if len(apdu) in (5, 6 + len(data)) else 0  # Le; 0 is 256
        content, self._rest = content[: asked or 256], content[asked or 256 :]
        if status == OK and self._rest:
            status = MORE | (len(self._rest) if len(self._rest) < 0x100 else 0)
        return content + status.to_bytes(2, "big")

    def _select(self, data: bytes) -> tuple[bytes, int]:
        if not data or not AID.startswith(data) or len(data) < 9:
            return b"", NOT_FOUND
        template = tlv(b"\x4f", AID[5:]) + tlv(b"\x79", tlv(b"\x4f", AID[:5]))
        return tlv(b"\x61", template), OK

    def _get_data(self, data: bytes) -> tuple[bytes, int]:
        found = self._objects.get(data[2:].hex())
        return (found, OK) if found else (b"", NOT_FOUND)

    def _verify(self, reference: int, data: bytes) -> tuple[bytes, int]:
        if reference != 0x80:
            return b"", 0x6A88
        if self.tries == 0:
            return b"", BLOCKED
        if not data:
            return b"", OK if self.verified else TRIES_LEFT | self.tries
        self.verified = data.rstrip(b"\xff") == self.pin
        self.tries = TRIES if self.verified else self.tries - 1
        if self.verified:
            return b"", OK
        return b"", TRIES_LEFT | self.tries if self.tries else BLOCKED

    def _authenticate(self, algorithm: int, reference: int, data: bytes) -> tuple[bytes, int]:
        if not self.verified:
            return b"", NOT_VERIFIED
        if (algorithm, reference) != (ECC_P256, AUTHENTICATION_KEY):
            return b"", 0x6A86
        digest = data[data.index(b"\x81") + 2 :]  # 7C L 82 00 81 L digest
        key = self.issued.key()
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        algorithm_of = {32: hashes.SHA256(), 48: hashes.SHA384(), 64: hashes.SHA512()}
        signature = key.sign(digest, ec.ECDSA(utils.Prehashed(algorithm_of[len(digest)])))
        return tlv(b"\x7c", tlv(b"\x82", signature)), OK


class Inserted:
    """A card in a slot of the virtual reader, for the length of a `with` block."""

    def __init__(self, card: PivCard, slot: int = 0) -> None:
        self.card = card
        self._socket = socket.create_connection(("127.0.0.1", PORT + slot), timeout=10)
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while (length := self._exactly(2)) and (
                message := self._exactly(int.from_bytes(length, "big"))
            ):
                answer = self._answer(message)
                if answer is not None:
                    self._socket.sendall(len(answer).to_bytes(2, "big") + answer)
        self._socket.close()

    def _answer(self, message: bytes) -> bytes | None:
        if len(message) > 1:
            answer = self.card.answer(message)
            self.card.pace.wait(message, answer)
            return answer
        if message == b"\x04":
            return self.card.atr
        self.card.reset()
        return None

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._socket.recv(size - len(data))
            if not piece:
                return b""
            data += piece
        return data

    def take_out(self) -> None:
        """Take the card out of the reader."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.take_out()


class StrangeCard(PivCard):
    """A card that knows no command, as one of another kind would be to OpenSC."""

    @property
    def atr(self) -> bytes:
        return b"\x3b\x00"

    def answer(self, apdu: bytes) -> bytes:
        return NO_INSTRUCTION.to_bytes(2, "big")


class Service:
    """pcscd with the virtual readers, which go and come with it; the machine's own one stays."""

    def __init__(self) -> None:
        self._daemon: subprocess.Popen[bytes] | None = None

    @property
    def own(self) -> bool:
        """Whether it is ours to end."""
        return self._daemon is not None

    def plug(self) -> None:
        """Readers are there."""
        if not _listens() and not _woken():
            parts.need("the right to start pcscd", os.geteuid() == 0)
            self._daemon = subprocess.Popen(
                [parts.program("pcscd"), "--foreground"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        _await_reader()

    def unplug(self) -> None:
        """They are gone, if they are ours."""
        if self._daemon is not None:
            self._daemon.send_signal(signal.SIGTERM)
            self._daemon.wait(10)
            self._daemon = None


@contextlib.contextmanager
def running_reader() -> Iterator[Service]:
    """pcscd with the virtual readers: the machine's own, or one that ends with the block."""
    parts.need("vsmartcard-vpcd", DRIVER.exists())
    parts.program("pcscd")
    service = Service()
    with Path(f"/tmp/esign-test-pcscd-{os.getuid()}.lock").open("w", encoding="utf-8") as lock:
        import fcntl  # where the tokens are, it is there

        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            service.plug()
            yield service
        finally:
            service.unplug()


def _woken() -> bool:
    """Whether there is a pcscd that systemd starts for its first visitor."""
    try:
        with socket.socket(socket.AF_UNIX) as visitor:
            visitor.connect(str(SOCKET))
    except OSError:
        return False
    return True


def _await_reader() -> None:
    for _attempt in range(100):
        if _listens() and SOCKET.exists():
            return
        time.sleep(0.05)
    parts.need("a running pcscd with a virtual reader", False)


def _listens() -> bool:
    """Whether vpcd waits for a card, without being one."""
    tables = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
    text = "".join(path.read_text("utf-8") for path in tables if path.exists())
    lines = [line.split() for line in text.splitlines()]
    return any(line[1].endswith(f":{PORT:04X}") and line[3] == "0A" for line in lines)


def _without_override() -> Callable[[], None]:
    """Let the rights of files hold for root too (capset(2)); gives what undoes it."""
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    held, less = (ctypes.c_uint32 * 6)(), (ctypes.c_uint32 * 6)()
    libc.capget(head, held)
    less[:] = held[:]
    less[0] &= ~0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, of those in force
    libc.capset(head, less)
    return lambda: libc.capset(head, held)


@pytest.fixture
def pcscd_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A socket in pcscd's place that runs, refuses, is silent, forbidden or absent."""
    path = tmp_path / "pcscd.comm"
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(path))
    monkeypatch.setattr("esign_cli.cards.service.PATIENCE", 0.2)
    with contextlib.ExitStack() as stack:

        def serve(how: str) -> None:
            if how == "absent" or sys.platform == "win32":  # which has no pcscd
                return
            listening = stack.enter_context(socket.socket(socket.AF_UNIX))
            listening.bind(str(path))
            listening.listen()
            if how == "forbidden":
                path.chmod(0)
                stack.callback(_without_override())
            elif how != "silent":
                answers = (_answer_version,) if how == "runs" else ()
                threading.Thread(target=_visited, args=(listening, *answers), daemon=True).start()

        yield serve


def _visited(
    listening: socket.socket, answer: Callable[[socket.socket], None] = lambda _v: None
) -> None:
    """Answer every visitor once, and hang up."""
    with contextlib.suppress(OSError):
        while True:
            with listening.accept()[0] as visitor:
                answer(visitor)


def _answer_version(visitor: socket.socket) -> None:
    """CMD_VERSION comes back as it came, as from a pcscd of that version."""
    visitor.sendall(visitor.recv(64)[-12:])


@pytest.fixture
def service() -> Iterator[Service]:
    """pcscd with two virtual readers."""
    with running_reader() as running:
        yield running


@pytest.fixture
def reader(service: Service) -> Module:
    """OpenSC's module, which sees the virtual readers."""
    return Module(parts.opensc(), "option")
