"""Make the pictures of the docs from real runs: python docs/pictures.py [NAME…]

Runs `esign demo` in each language, then each command on a terminal of its own, and keeps what
stands on the screen as an SVG; the HTML report and the PDF's first page are photographed. Needs
SoftHSM2, Chromium and poppler-utils. Everything on the pictures is made up.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
LANGUAGES = ("tr", "en")
WIDTH = 110
QUIET = 1.0
"""Seconds without output after which a prompt waits for its answer."""
LONGEST = 60.0
"""Seconds after which a command that nobody answers is given up."""
WORD, PIN = "mavi defter", "246810"
TEMPLATE = HERE / "terminal.svg"
"""Rich's picture of a terminal, without the letters that it would fetch from the network."""


@dataclass(frozen=True)
class Picture:
    """A command line, what is typed while it runs, and how many of its lines are shown."""

    name: str
    words: tuple[str, ...]
    typed: tuple[str, ...] = ()
    lines: int = 40
    before: tuple[str, ...] = ()
    """A command that is run first, unseen."""


PICTURES = (
    Picture("start", ()),
    Picture("import", ("import", "personel.xlsx", "--explain")),
    Picture("eligible", ("eligible", "--province", "batman")),
    Picture("check-card", ("check-card",)),
    Picture(
        "sign-form",
        ("sign-form", "--token", "AKIS_ORNEK_1", "--output", "yeni.p7m"),
        typed=(WORD, WORD, "e", PIN),
        lines=60,
        before=("applications", "cancel", "1", "--yes"),  # the demo's own, of the same person
    ),
)


def demo(language: str, folder: Path) -> dict[str, str]:
    """Make the demo's folder; its environment."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("ESIGN_", "XDG_"))},
        **{
            "HOME": str(folder.parent),
            "ESIGN_LANG": language,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
    }
    subprocess.run(["esign", "demo", folder], env=environment, check=True, capture_output=True)
    ours = {"ESIGN_DB": "esign.db", "ESIGN_CONFIG": "config.toml", "SOFTHSM2_CONF": "softhsm2.conf"}
    return {**environment, **ours, "TERM": "xterm-256color", "COLUMNS": str(WIDTH)}


def screen(picture: Picture, folder: Path, environment: dict[str, str]) -> str:
    """What a terminal shows of a command line, with its colours; raises where it does not end."""
    number, terminal = pty.fork()
    if not number:
        os.chdir(folder)
        os.execvpe("esign", ["esign", *picture.words], environment)  # noqa: S606  (ours, from the PATH that the script sets)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    shown, answers, ends = b"", list(picture.typed), time.monotonic() + LONGEST
    while True:
        if select.select([terminal], [], [], QUIET)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the other end is closed: it has ended
                break
            if not piece:
                break
            shown += piece
        elif answers and shown.endswith(b": "):  # a prompt, and no pause of a busy computer
            os.write(terminal, answers.pop(0).encode() + b"\n")
        elif time.monotonic() > ends:
            os.kill(number, signal.SIGKILL)
            raise TimeoutError(f"{picture.words}: {shown.decode()}")
    os.waitpid(number, 0)
    lines = shown.decode("utf-8").replace("\r\n", "\n").split("\n")
    return "\n".join(line.rpartition("\r")[2] for line in lines)  # what was written over is gone


def draw(picture: Picture, shown: str, target: Path) -> None:
    """Write the picture of what was shown."""
    lines = shown.rstrip("\n").split("\n")
    cut = [*lines[: picture.lines], "…"] if len(lines) > picture.lines else lines
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    command = " ".join(("esign", *picture.words))
    console.print(Text(f"$ {command}", style="bold"))
    console.print(Text.from_ansi("\n".join(cut)), end="\n\n")  # the last line's underscores are cut
    svg = console.export_svg(title=command, theme=MONOKAI, code_format=TEMPLATE.read_text("utf-8"))
    target.write_text(svg, "utf-8")


def photograph(folder: Path, environment: dict[str, str], target: Path) -> None:
    """Photograph the HTML report and the first page of the PDF."""
    words = ["esign", "report", "--province", "batman", "--force"]
    outputs = ["--output", "rapor.html", "--output", "rapor.pdf"]
    subprocess.run([*words, *outputs], cwd=folder, env=environment, check=True, capture_output=True)
    chromium = shutil.which("chromium") or "chromium"
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--window-size=1366,1400",
    ]
    shot = [f"--screenshot={target / 'report.png'}", (folder / "rapor.html").as_uri()]
    subprocess.run([chromium, *options, *shot], check=True, capture_output=True)
    pages = ["pdftoppm", "-png", "-r", "70", "-f", "1", "-l", "1", "-singlefile"]
    subprocess.run([*pages, folder / "rapor.pdf", target / "report-pdf"], check=True)


def main(names: list[str]) -> None:
    """Make the pictures of these names, or every one, in each language."""
    for language in LANGUAGES:
        target = HERE / language / "pictures"
        target.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "esign"
            environment = demo(language, folder)
            for picture in [one for one in PICTURES if not names or one.name in names]:
                if picture.before:
                    words = ("esign", *picture.before)
                    subprocess.run(
                        words, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
                    )
                draw(picture, screen(picture, folder, environment), target / f"{picture.name}.svg")
            if not names or "report" in names:
                photograph(folder, environment, target)


if __name__ == "__main__":
    main(sys.argv[1:])
