"""A limit for what has none of its own: a name that is looked up, an answer that comes slowly."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """Return what `work` gives, or raise what it raises; TimeoutError if that takes longer.

    It goes on in its thread then, which ends with the program.
    """
    answers: queue.SimpleQueue[tuple[_T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except BaseException as error:  # noqa: BLE001  (raised again in the thread that waits)
            answers.put((None, error))

    threading.Thread(target=run, daemon=True, name="esign-deadline").start()
    try:
        answer, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]  # None came with an error
