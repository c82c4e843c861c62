"""What lies in the readers now, read without a PIN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from esign_cli.cards import objects, service
from esign_cli.cards.modules import Module
from esign_cli.cards.process import READ_TIMEOUT, CardProcess
from esign_cli.cards.state import TOKEN_INITIALISED, pin_state
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import cards as errors

if TYPE_CHECKING:
    from esign_cli.foundation.certificate import PinState


@dataclass(frozen=True, slots=True)
class CardCertificate:
    """A certificate on a card, and how many keys the card shows for it (None: it shows none)."""

    der: bytes
    sha256: str
    keys: int | None

    @property
    def has_key(self) -> bool:
        """False only when the card shows its keys and none is this certificate's."""
        return self.keys != 0


@dataclass(frozen=True, slots=True)
class Token:
    """A card in a reader; `problem` is why it could not be read, if it could not."""

    slot: int
    reader: str
    label: str
    serial: str
    manufacturer: str
    flags: int
    certificates: tuple[CardCertificate, ...]
    problem: EsignError | None
    unread: tuple[str, ...] = ()
    """What single objects answered that could not be read."""

    @property
    def pin(self) -> PinState:
        """The PIN as the card's own flags tell it."""
        return self.pin_after(0)

    def pin_after(self, tries: int) -> PinState:
        """Return the PIN, also from the tries that no card confirmed: some modules hide their
        flags.
        """
        return pin_state(self.flags, tries)

    @property
    def people(self) -> tuple[str, ...]:
        """SHA-256 of the certificates that are no authority's: they tell this card from others."""
        return tuple(c.sha256 for c in self.certificates if not objects.of_authority(c.der))

    def partly_read(self) -> errors.ObjectsUnread:
        """Return that objects of this card could not be read."""
        card = self.label or self.serial or self.reader
        detail = ", ".join(dict.fromkeys(self.unread))
        return errors.ObjectsUnread(card=card, count=len(self.unread), detail=detail)


def read_tokens(
    module: Module,
    *,
    process: CardProcess | None = None,
    meanwhile: Callable[[], None] | None = None,
    timeout: float | None = None,
) -> tuple[Token, ...]:
    """Return every card in every reader; at least one. Nothing is written and nobody logs
    in.

    A reader that cannot be asked is there too, with its problem. A child is started unless one is
    given; `meanwhile` is called while it works. It is ended when it has not answered for `timeout`
    seconds (READ_TIMEOUT unless given). Raises NoReader and what `service.problem` gives, NoCard,
    CardBlank, and the module's faults: ModuleUnusable, ModuleLacksLibrary, ModuleHung,
    ModuleCrashed.
    """
    if process is None:
        with CardProcess() as own:
            return read_tokens(module, process=own, meanwhile=meanwhile, timeout=timeout)
    process.module = str(module.path)
    slots = _slots(process, timeout or READ_TIMEOUT, meanwhile)
    if not slots:
        raise service.problem(process.module)
    tokens = tuple(from_facts(slot) for slot in slots if not _empty(slot))
    if not tokens:
        blank = [slot["reader"] for slot in slots if slot["token"]]
        readers = blank or [slot["reader"] for slot in slots]
        raise errors.CardBlank(readers=readers) if blank else errors.NoCard(readers=readers)
    return tokens


def _slots(
    process: CardProcess, timeout: float, meanwhile: Callable[[], None] | None
) -> list[dict[str, Any]]:
    """The readers as the child finds them; a driver may fail since the service is not there."""
    module = process.module
    try:
        slots = process.ask("tokens", timeout=timeout, meanwhile=meanwhile, module=module)
    except errors.ModuleRefuses as refusal:
        raise service.fault(service.ask()) or refusal from refusal
    return cast("list[dict[str, Any]]", slots)


def _empty(slot: dict[str, Any]) -> bool:
    """Whether there is no card, or one that was never initialised, of which nothing is said."""
    token = slot["token"]
    if token is None:
        return slot["problem"] is None
    return not (token["flags"] & TOKEN_INITIALISED or token.get("contents", {}).get("certificates"))


def choose(
    tokens: Sequence[Token], wanted: str | None, reader: str | None = None
) -> tuple[Token, ...]:
    """Return the cards with this label or serial number, in a reader with this in its name.

    All when nothing is named. Raises NoSuchReader or NoSuchCard.
    """
    there = tuple(t for t in tokens if reader is None or in_reader(t, reader))
    if not there:
        raise errors.NoSuchReader(wanted=reader, present=[t.reader for t in tokens])
    chosen = tuple(t for t in there if wanted is None or wanted in (t.label, t.serial))
    if not chosen:
        raise errors.NoSuchCard(wanted=wanted, present=labels(there))
    return chosen


def in_reader(token: Token, wanted: str) -> bool:
    """Return whether the card lies in a reader with this in its name."""
    return wanted.casefold() in token.reader.casefold()


def labels(tokens: Sequence[Token]) -> list[str]:
    """Return what people may call these cards by."""
    return [token.label or token.serial or token.reader for token in tokens]


def from_facts(slot: dict[str, Any]) -> Token:
    """Return a card as the child describes it; a reader that could not be asked is one without a
    card.
    """
    token = slot["token"] or {"flags": TOKEN_INITIALISED}
    contents = objects.from_facts(token.get("contents") or objects.NOTHING)
    problem = slot["problem"]
    return Token(
        slot=slot["slot"],
        reader=slot["reader"],
        label=token.get("label", ""),
        serial=token.get("serial", ""),
        manufacturer=token.get("manufacturer", ""),
        flags=token["flags"],
        certificates=tuple(
            CardCertificate(certificate.der, certificate.sha256, contents.key_count(certificate))
            for certificate in contents.certificates
        ),
        problem=EsignError.from_facts(problem) if problem else None,
        unread=contents.unread,
    )
