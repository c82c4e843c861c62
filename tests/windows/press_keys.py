"""Keys pressed at the PIN prompt of esign under Wine, whose console is a terminal of Linux's.

Run by scripts/test-windows on Linux's side, with Wine's prefix and Windows' Python in the
environment (WINEPREFIX, ESIGN_WINDOWS_PYTHON).
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.windows.command_lines import PIN

INTERRUPTED = 130
LOG = "card.log"
"""What the software card was asked for: it begins with the first C_Login."""
LONGEST = 60.0
QUIET = 1.5
"""Seconds without output after which a prompt stands and waits."""
_MOVES = re.compile(rb"\x1b\[[?0-9]*[a-zA-Z]")


@dataclass(frozen=True)
class Desk:
    """A folder below Wine's drive C: with a file to sign, and what stands in the environment."""

    folder: Path
    environment: dict[str, str]

    def command(self, *words: str) -> list[str]:
        return ["wine", os.environ["ESIGN_WINDOWS_PYTHON"], "-m", "esign_cli", *words]

    def json(self, *words: str) -> dict[str, object]:
        ran = subprocess.run(
            [*self.command(*words), "--json"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=self.folder,
            env=self.environment,
            timeout=LONGEST,
            check=True,
        )
        data: dict[str, object] = json.loads(ran.stdout)["data"]
        return data


@pytest.fixture
def desk() -> Desk:
    drive = Path(os.environ["WINEPREFIX"]) / "drive_c" / "esign"
    folder = drive / "keys"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(drive / "data" / "personel.xlsx", folder)
    ours = {
        "ESIGN_DB": "C:\\esign\\keys\\esign.db",
        "ESIGN_PKCS11_MODULE": "C:\\esign\\akisp11.dll",
        "ESIGN_LANG": "en",
        "SOFT_STATE": "C:\\esign\\keys\\wrong-pins",
        "SOFT_LOG": f"C:\\esign\\keys\\{LOG}",
        "WIN_PD_OVERRIDE_LOCAL_APPDATA": "C:\\esign\\keys\\appdata",
    }
    return Desk(folder, {**os.environ, **ours})


def press(keys: bytes, desk: Desk, *words: str) -> tuple[int, str]:
    """The exit code and the screen of a command line whose PIN prompt got these keys."""
    number, terminal = pty.fork()
    if not number:
        os.chdir(desk.folder)
        command = desk.command(*words)
        os.execvpe(command[0], command, desk.environment)
    screen, pressed, ends = b"", False, time.monotonic() + LONGEST
    try:
        while time.monotonic() < ends:
            if select.select([terminal], [], [], QUIET)[0]:
                if not (piece := _read(terminal)):
                    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), _text(screen)
                screen += piece
            elif not pressed and "PINofthee-imza" in _text(screen).replace(" ", ""):
                os.write(terminal, keys)
                pressed = True
    finally:
        os.close(terminal)
    os.kill(number, signal.SIGKILL)
    pytest.fail(f"still waiting after {LONGEST:.0f} s: {_text(screen)}")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""


def _text(screen: bytes) -> str:
    return _MOVES.sub(b"", screen).decode("utf-8", "replace")


SIGN = ("sign", "personel.xlsx", "--yes")


@pytest.mark.parametrize("keys", [b"\x03", b"12\x03"], ids=["at-once", "after-two-digits"])
def test_ctrl_c_at_the_pin_prompt_ends_and_costs_no_try(desk: Desk, keys: bytes) -> None:
    code, screen = press(keys, desk, *SIGN)
    assert code == INTERRUPTED, screen
    assert "Interrupted" in screen
    assert "Traceback" not in screen
    assert not (desk.folder / "personel.xlsx.p7m").exists()
    assert not (desk.folder / LOG).exists(), "the card was asked"
    (token,) = desk.json("cards")["tokens"]  # type: ignore[misc, attr-defined]
    assert token["pin"] == "no-warning"


def test_pin_is_typed_unseen_and_corrected_by_backspace(desk: Desk) -> None:
    code, screen = press(f"{PIN}9\x08\r".encode(), desk, *SIGN)
    assert code == 0, screen
    assert PIN not in screen
    assert (desk.folder / "personel.xlsx.p7m").exists()
    assert "C_Login" in (desk.folder / LOG).read_text("utf-8")
