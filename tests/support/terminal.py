"""`esign` on a terminal of its own, with somebody who answers."""

from __future__ import annotations

import contextlib
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PATIENCE = 30.0
_ON_ITS_OWN_TERMINAL = (
    "import fcntl, runpy, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " runpy.run_module('esign_cli', run_name='__main__')"
)


class Terminal:
    """A run of `esign` in English on a pseudo-terminal; `seen` is all that was shown on it."""

    def __init__(self, *words: str | Path) -> None:
        self.seen = ""
        self._unread = ""
        if sys.platform == "win32":
            pytest.skip("has no terminal of its own")
        import pty

        self._master, slave = pty.openpty()
        self._run = subprocess.Popen(
            [sys.executable, "-c", _ON_ITS_OWN_TERMINAL, "--lang", "en", *map(str, words)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def answer(self, question: str, text: str) -> None:
        """Wait for the question and type a line."""
        self.wait(question)
        self.type(text)

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self._master, text.encode() + b"\n")

    def press(self, question: str, key: str) -> None:
        """Wait for the question and press one key, without Enter."""
        if question:
            self.wait(question)
        os.write(self._master, key.encode())

    def interrupt(self, question: str) -> None:
        """Wait for the question and press Ctrl-C."""
        self.wait(question)
        os.write(self._master, b"\x03")

    def wait(self, question: str) -> None:
        """Wait until the question and the colon after it are there."""
        end = time.monotonic() + PATIENCE
        while True:
            words = r"\s+".join(map(re.escape, question.split()))  # a long one goes on below
            asked = re.search(words + r".*?: ", self._unread, re.DOTALL)
            if asked:
                self._unread = self._unread[asked.end() :]
                time.sleep(0.05)  # the echo is switched off before the question; be no faster
                return
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"{question!r} was not asked in: {self.seen}")

    def ended(self) -> int:
        """The exit code, after reading to the end."""
        while self._read():
            pass
        return self._run.wait(PATIENCE)

    def _read(self) -> bool:
        ready, _w, _x = select.select([self._master], [], [], PATIENCE)
        piece = b""
        if ready:
            with contextlib.suppress(OSError):  # the other side hung up
                piece = os.read(self._master, 65536)
        text = piece.decode("utf-8", "replace").replace("\r\n", "\n")
        self.seen += text
        self._unread += text
        return bool(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._run.poll() is None:
            self._run.kill()
            self._run.wait()
        os.close(self._master)
