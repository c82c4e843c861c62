"""How far an import is, on a terminal, once it takes longer than a second."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Self, TypeVar

from esign_cli.foundation.i18n import _, number

FIRST_AFTER = 1.0
EVERY = 0.5
Answer = TypeVar("Answer")


class Progress:
    """A line on stderr that is written anew; silent when stderr is no terminal.

    To be called with how many rows of how many were read of the file that is being read.
    """

    def __init__(self) -> None:
        import threading

        self._begun = 0.0
        self._read = self._total = 0
        self._file = ""
        self._over = threading.Event()
        self._aside = threading.Lock()
        self._thread: threading.Thread | None = None
        self._width = 0

    def __enter__(self) -> Self:
        import threading
        import time

        self._begun = time.monotonic()
        if sys.stderr is not None and sys.stderr.isatty():
            self._thread = threading.Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._write("")

    def __call__(self, read: int, total: int, file: str = "") -> None:
        import time

        if read == 0:
            self._begun = time.monotonic()
        self._read, self._total, self._file = read, total, file

    def aside(self, ask: Callable[..., Answer]) -> Callable[..., Answer]:
        """Return the same question, asked while the line is not written."""

        def asked(*facts: Any) -> Answer:
            with self._aside:
                self._write("")
                return ask(*facts)

        return asked

    def _show(self) -> None:
        wait = FIRST_AFTER
        while not self._over.wait(wait):
            wait = EVERY
            with self._aside:
                self._write(self.line())

    def line(self) -> str:
        """Return what there is to say now, and of which file."""
        return f"{self._file} · {self._stand()}" if self._file else self._stand()

    def _stand(self) -> str:
        import time

        if not self._total:
            return _("Opening …")
        if self._read >= self._total:
            return _("Rows read: {read} · merging …").format(read=number(self._read))
        seconds = max(time.monotonic() - self._begun, 0.001)
        rate = self._read / seconds
        left = (self._total - self._read) / rate if rate else 0
        line = _("Rows read: {read} of {total} · rows a second: {rate} · seconds left: {left}")
        return line.format(
            read=number(self._read),
            total=number(self._total),
            rate=number(round(rate)),
            left=number(round(left)) if rate else "–",
        )

    def _write(self, line: str) -> None:
        if not line and not self._width:
            return
        sys.stderr.write("\r" + line.ljust(self._width) + ("" if line else "\r"))
        sys.stderr.flush()
        self._width = len(line)
