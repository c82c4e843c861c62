"""The child process that holds the module: questions, answers, and its misfortunes.

The PIN goes into it from `pin_channel.py` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esign_cli.foundation import log
from esign_cli.foundation.child import Child
from esign_cli.foundation.errors.cards import ModuleCrashed, ModuleHung
from esign_cli.foundation.errors.environment import ChildDied, ChildFailed, ChildTimedOut

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self

PROGRAM = "esign_cli.cards.program"
READ_TIMEOUT = 30.0
"""Seconds for an answer that waits for no person."""
LOGIN_TIMEOUT = 120.0
"""Seconds for one that may: the PIN is typed on the reader."""
BEAT = b"."
"""What the child sends while a slow module answers one call after the other."""


class CardProcess:
    """A child that will hold a module; started at once, so that our own imports run beside its."""

    def __init__(self) -> None:
        self._child = Child(PROGRAM)
        self.module = ""
        """The module that the child was told to load, for what is said of its faults."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: Any) -> None:
        self._child.__exit__(*trouble)

    def ask(
        self, op: str, *, timeout: float, meanwhile: Callable[[], None] | None = None, **facts: Any
    ) -> Any:
        """Return the child's answer, within `timeout` seconds of `meanwhile`, which runs beside it.

        The seconds are counted from the module's last sign of life. Raises what the child raised,
        ModuleHung or ModuleCrashed.
        """
        import json

        log.event("card", "asked for %s", op)
        self._child.send(json.dumps({"op": op, **facts}).encode())
        if meanwhile is not None:
            meanwhile()
        try:
            while (frame := self._child.receive(timeout)) == BEAT:
                continue
            return json.loads(frame)
        except ChildTimedOut as error:
            raise ModuleHung(path=self.module, during=op, seconds=timeout) from error
        except ChildFailed:
            raise  # a fault of ours, not of the module
        except ChildDied as error:
            raise ModuleCrashed(path=self.module, during=op, **_end(error)) from error


def _end(error: ChildDied) -> dict[str, Any]:
    """How the module took the child along: by a signal, or by an exit of its own."""
    how = error.signal or f"exit {error.exit_code}"
    return {"signal": error.signal, "detail": how, "stderr": error.stderr}


def uses(identity: str) -> str:
    """Return how often the reader had been used when this card was seen; "" if nobody counts."""
    return identity.rpartition("/")[2]


_ahead: list[CardProcess] = []


def start_ahead() -> None:
    """Start the child that `taken` gives; it ends with us, also when nobody takes it."""
    _ahead.append(CardProcess())


def taken() -> CardProcess:
    """Hand over the child that was started ahead, or a new one."""
    return _ahead.pop() if _ahead else CardProcess()
