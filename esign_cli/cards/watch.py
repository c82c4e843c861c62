"""Cards as they are put in: one child polls the readers, and is started anew when it fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from esign_cli.cards.modules import Module
from esign_cli.cards.process import READ_TIMEOUT, CardProcess
from esign_cli.cards.tokens import Token, from_facts, no_reader, service_runs
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import ModuleLacksLibrary, ModuleUnusable

POLL = 0.3
"""Seconds between two looks at the readers."""
RESTART = 1.0
"""Seconds before the module is loaded again after it failed."""
PATIENCE = 3
"""How often a card that cannot be read is read again: contacts bounce when it is put in."""


@dataclass(slots=True)
class CardWatch:
    """Iterate over it: a Token for each card that is put in, an error for each fault of the module.

    A fault that goes on is told once. Never ends by itself.
    """

    module: Module
    timeout: float = READ_TIMEOUT
    poll: float = POLL
    _present: dict[str, str] = field(default_factory=dict)
    """Slot → serial number of each card that was told."""
    _failures: dict[str, int] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Token | EsignError]:
        told, worked = "", False
        while True:
            try:
                with CardProcess() as process:
                    process.module = str(self.module.path)
                    for seen in self._look(process):
                        worked = True
                        fault = seen.code if isinstance(seen, EsignError) else ""
                        if seen is not None and (not fault or fault != told):
                            yield seen
                        told = fault
            except EsignError as problem:
                if not worked and isinstance(problem, _HOPELESS):
                    raise
                if problem.code != told:
                    told = problem.code
                    yield problem
            time.sleep(RESTART)

    def _look(self, process: CardProcess) -> Iterator[Token | EsignError | None]:
        """The cards that are new, poll after poll; None when all is well, or that no reader is."""
        while True:
            answer = process.ask(
                "watch", timeout=self.timeout, module=process.module, known=self._present
            )
            self._failures = {s: n for s, n in self._failures.items() if s in answer["present"]}
            read = {slot: from_facts(facts) for slot, facts in answer["new"].items()}
            self._present = {
                slot: serial
                for slot, serial in answer["present"].items()
                if slot not in read or self._final(slot, read[slot])
            }
            yield self._no_reader(answer) if not answer["present"] else None
            yield from _joined([read[slot] for slot in read if slot in self._present])
            time.sleep(self.poll)

    def _no_reader(self, answer: dict[str, Any]) -> EsignError | None:
        """That no reader is there; modules go on listing those that went with their service."""
        if answer["readers"] and service_runs() is not False:
            return None
        return no_reader(str(self.module.path))

    def _final(self, slot: str, token: Token) -> bool:
        """Whether what was read of the card is what is told of it."""
        if token.problem is None:
            return True
        self._failures[slot] = self._failures.get(slot, 0) + 1
        return self._failures[slot] >= PATIENCE


_HOPELESS = (ModuleLacksLibrary, ModuleUnusable)


def _joined(tokens: list[Token]) -> list[Token]:
    """One token a card: some stand in several slots, one for each PIN."""
    cards: dict[Any, Token] = {}
    for token in tokens:
        key = (token.serial, token.reader) if token.serial else object()
        first = cards.get(key, token)
        more = [c for c in token.certificates if c not in first.certificates]
        cards[key] = replace(first, certificates=(*first.certificates, *more))
    return list(cards.values())
