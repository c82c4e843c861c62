"""A line typed unseen on Windows' console, where Ctrl-C ends the wait at once.

`getpass` sleeps in the console until a key comes; Ctrl-C is such a key on Windows. Under Wine, and
after `GenerateConsoleCtrlEvent`, it is a signal, which only a thread that runs Python notices.
"""

from __future__ import annotations

import getpass
import threading
from queue import Empty, SimpleQueue

SLICE = 0.2
"""Seconds of one wait: a wait cannot be interrupted on Windows, so Ctrl-C acts this soon."""


def read_unseen(prompt: str) -> str:
    """Return what is typed up to Enter; raises KeyboardInterrupt at Ctrl-C."""
    answers: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        try:
            answers.put(getpass.getpass(prompt))
        except KeyboardInterrupt:
            answers.put(None)

    threading.Thread(target=read, daemon=True).start()
    typed = _first(answers)
    if typed is None:
        raise KeyboardInterrupt
    return typed


def _first(answers: SimpleQueue[str | None]) -> str | None:
    while True:
        try:
            return answers.get(timeout=SLICE)
        except Empty:
            continue
