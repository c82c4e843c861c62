"""Cards as they are put in: one child polls the readers, and is started anew when it fails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from esign_cli.cards import service
from esign_cli.cards.modules import Module
from esign_cli.cards.process import READ_TIMEOUT, CardProcess, uses
from esign_cli.cards.tokens import Token, from_facts
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import ModuleLacksLibrary, ModuleRefuses, ModuleUnusable

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
    """Slot → what tells the card in it that was told."""
    _failures: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Slot → what tells the card in it, and how often it could not be read."""

    def __iter__(self) -> Iterator[Token | EsignError]:
        last_failure, worked = "", False
        while True:
            try:
                with CardProcess() as process:
                    process.module = str(self.module.path)
                    for seen in self._look(process):
                        worked = True
                        fault = seen.code if isinstance(seen, EsignError) else ""
                        if seen is not None and (not fault or fault != last_failure):
                            yield seen
                        last_failure = fault
            except EsignError as error:
                problem = _cause(error)
                if not worked and type(problem) in _HOPELESS:
                    raise
                if problem.code != last_failure:
                    last_failure = problem.code
                    yield problem
            time.sleep(RESTART)

    def _look(self, process: CardProcess) -> Iterator[Token | EsignError | None]:
        """The cards that are new, poll after poll; None when all is well, or that no reader is."""
        while True:
            answer = process.ask(
                "watch", timeout=self.timeout, module=process.module, known=self._present
            )
            read = {slot: from_facts(facts) for slot, facts in answer["new"].items()}
            self._count_failures(answer["present"], read)
            self._present = self._told_before(answer["present"], read)
            yield self._no_reader(answer) if not answer["present"] else None
            yield from _joined([read[slot] for slot in read if self._to_be_told(slot, read[slot])])
            time.sleep(self.poll)

    def _told_before(self, present: dict[str, str], read: dict[str, Token]) -> dict[str, str]:
        """What tells the cards that need not be told again.

        One that another program, or a fault, keeps from us for a while stays the one that was told,
        where its reader counts: nothing was put in or taken out since.
        """
        failed = {slot for slot, token in read.items() if token.problem is not None}
        stayed = {
            slot: told
            for slot, told in self._present.items()
            if slot in failed and uses(told) and uses(told) == uses(present[slot])
        }
        return {slot: one for slot, one in present.items() if slot not in failed} | stayed

    def _no_reader(self, answer: dict[str, Any]) -> EsignError | None:
        """That no reader is there; modules go on listing those that went with their service."""
        if answer["readers"] and service.fault(service.ask()) is None:
            return None
        return service.problem(str(self.module.path))

    def _count_failures(self, present: dict[str, str], read: dict[str, Token]) -> None:
        """How often each card could not be read; one that can be read again, or is gone, is not."""
        self._failures = {
            slot: (present[slot], self._before(slot, present[slot]) + 1)
            for slot, token in read.items()
            if token.problem is not None
        }

    def _before(self, slot: str, identity: str) -> int:
        last, number = self._failures.get(slot, ("", 0))
        return number if last == identity else 0

    def _to_be_told(self, slot: str, token: Token) -> bool:
        """Whether a card was read, or could not be read again and again; that is told once."""
        return token.problem is None or self._failures[slot][1] == PATIENCE


_HOPELESS = (ModuleLacksLibrary, ModuleRefuses, ModuleUnusable)


def _cause(error: EsignError) -> EsignError:
    """What is behind it: a driver may refuse to start while the smart card service is not there."""
    refused = isinstance(error, ModuleRefuses)
    return (service.fault(service.ask()) if refused else None) or error


def _joined(tokens: list[Token]) -> list[Token]:
    """One token a card: some stand in several slots, one for each PIN."""
    cards: dict[Any, Token] = {}
    for token in tokens:
        key = (token.serial, token.reader) if token.serial else object()
        first = cards.get(key, token)
        more = [c for c in token.certificates if c not in first.certificates]
        cards[key] = replace(first, certificates=(*first.certificates, *more))
    return list(cards.values())
