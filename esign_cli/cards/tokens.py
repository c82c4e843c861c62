"""What lies in the readers now, read without a PIN."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esign_cli.cards.modules import Module
from esign_cli.cards.process import READ_TIMEOUT, CardProcess
from esign_cli.cards.state import has_pin_pad, pin_state
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import CardServiceDown, NoReader, NoSuchCard, NoSuchReader

PCSCD_SOCKET = Path("/run/pcscd/pcscd.comm")


@dataclass(frozen=True, slots=True)
class CardCertificate:
    """A certificate on a card, and how many keys the card shows for it (None: it shows none)."""

    der: bytes
    keys: int | None

    @property
    def has_key(self) -> bool:
        """False only when the card shows its keys and none is this certificate's."""
        return self.keys != 0


@dataclass(frozen=True, slots=True)
class Token:
    """A card in a reader; `problem` is why it could not be read, if it could not."""

    label: str
    serial: str
    manufacturer: str
    reader: str
    flags: int
    certificates: tuple[CardCertificate, ...]
    problem: EsignError | None

    @property
    def pin(self) -> PinState:
        """The PIN as the card's own flags tell it."""
        return self.pin_after(0)

    def pin_after(self, wrong_pins: int) -> PinState:
        """The PIN, also from the wrong ones remembered: some modules hide their flags."""
        return pin_state(self.flags, wrong_pins)

    @property
    def pin_pad(self) -> bool:
        return has_pin_pad(self.flags)


def read_tokens(
    module: Module,
    *,
    process: CardProcess | None = None,
    meanwhile: Callable[[], None] | None = None,
    timeout: float | None = None,
) -> tuple[Token, ...]:
    """Every card in every reader; at least one. Nothing is written and nobody logs in.

    A child is started unless one is given; `meanwhile` is called while it works. It is ended when
    it has not answered in `timeout` seconds (READ_TIMEOUT unless given). Raises NoReader,
    CardServiceDown, NoCard, CardBlank, and the module's faults: ModuleUnusable, ModuleLacksLibrary,
    ModuleHung, ModuleCrashed.
    """
    if process is None:
        with CardProcess() as own:
            return read_tokens(module, process=own, meanwhile=meanwhile, timeout=timeout)
    process.module = str(module.path)
    try:
        answer = process.ask(
            "tokens",
            timeout=timeout or READ_TIMEOUT,
            meanwhile=meanwhile,
            module=process.module,
        )
    except NoReader:
        raise no_reader(process.module) from None
    return tuple(map(from_facts, answer))


def no_reader(module: str) -> EsignError:
    """Why no reader is seen: there is none, or the service that would see it does not run."""
    return CardServiceDown() if service_runs() is False else NoReader(path=module)


def service_runs() -> bool | None:
    """Whether the system's smart card service is there; None where that is not known."""
    return PCSCD_SOCKET.exists() if sys.platform == "linux" else None


def choose(
    tokens: Sequence[Token], wanted: str | None, reader: str | None = None
) -> tuple[Token, ...]:
    """The cards with this label or serial number, in a reader with this in its name.

    All when nothing is named. Raises NoSuchReader or NoSuchCard.
    """
    there = tuple(t for t in tokens if reader is None or in_reader(t, reader))
    if not there:
        raise NoSuchReader(wanted=reader, present=[t.reader for t in tokens])
    chosen = tuple(t for t in there if wanted is None or wanted in (t.label, t.serial))
    if not chosen:
        raise NoSuchCard(wanted=wanted, present=labels(there))
    return chosen


def in_reader(token: Token, wanted: str) -> bool:
    """Whether the card lies in a reader with this in its name."""
    return wanted.casefold() in token.reader.casefold()


def labels(tokens: Sequence[Token]) -> list[str]:
    """What people may call these cards by."""
    return [token.label or token.serial or token.reader for token in tokens]


def from_facts(facts: dict[str, Any]) -> Token:
    """A card as the child describes it."""
    problem = facts["problem"]
    return Token(
        label=facts["label"],
        serial=facts["serial"],
        manufacturer=facts["manufacturer"],
        reader=facts["reader"],
        flags=facts["flags"],
        certificates=tuple(
            CardCertificate(bytes.fromhex(c["der"]), c["keys"]) for c in facts["certificates"]
        ),
        problem=EsignError.from_facts(problem) if problem else None,
    )
