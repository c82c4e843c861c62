"""How far an import is: said on a terminal, after a second, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from esign_cli.commands.imports.progress import Progress
from esign_cli.foundation import i18n
from tests.support import workbooks
from tests.support.workbooks import HEADERS, person

# the first second is cut short, so that a small file is enough
COMMAND = """
import sys, time
from esign_cli.commands.imports import progress
from esign_cli.workbooks.reader import Workbook
progress.FIRST_AFTER = progress.EVERY = 0.05
whole = Workbook.blocks
def slowly(*args):
    for block in whole(*args):
        time.sleep(0.3)
        yield block
Workbook.blocks = slowly
from esign_cli.cli.app import app
app(sys.argv[1:])
"""


def run(tmp_path: Path, stderr: int, *others: str) -> bytes:
    paths = [tmp_path / name for name in ("a.csv", *others)]
    for number, path in enumerate(paths):
        people = range(5000 * number + 1, 5000 * number + 5001)
        path.write_bytes(workbooks.text([HEADERS, *map(person, people)]))
    words = ["--lang", "en", "--db", str(tmp_path / "a.db"), "import", *map(str, paths)]
    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, *words], stdout=subprocess.PIPE, stderr=stderr, check=True
    )
    return ran.stdout


def read_to_the_end(terminal: int) -> bytes:
    """All that was written; a terminal gives it by the page, and ends with EIO."""
    parts: list[bytes] = []
    with suppress(OSError):
        while part := os.read(terminal, 65536):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts)


@pytest.mark.posix
def test_a_terminal_is_told(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    out = run(tmp_path, theirs)
    os.close(theirs)
    told = read_to_the_end(ours).decode()
    assert b"new: 5,000" in out or b"new: 5000" in out
    assert "Opening" in told
    assert "of 5" in told
    assert "rows a second" in told
    assert told.endswith("\r")


@pytest.mark.posix
def test_each_file_is_named_with_its_place(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    run(tmp_path, theirs, "b.csv")
    os.close(theirs)
    told = read_to_the_end(ours).decode()
    assert "a.csv (1/2) · Rows read" in told
    assert "b.csv (2/2) · Rows read" in told


def test_nothing_is_told_when_piped(tmp_path: Path) -> None:
    with (tmp_path / "stderr").open("wb") as stderr:
        run(tmp_path, stderr.fileno())
    assert (tmp_path / "stderr").read_bytes() == b""


def test_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")  # put back afterwards
    i18n.activate("en")
    seconds = iter([10.0, 14.0, 14.0])
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    progress = Progress()
    assert "Opening" in progress.line()
    progress(0, 1000)
    progress(400, 1000)
    assert "rows a second: 100 · seconds left: 6" in progress.line()
    progress(1000, 1000)
    assert "merging" in progress.line()
