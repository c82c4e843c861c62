"""The program in the child process, which alone loads the card's module. One thread does it all.

It is asked in JSON frames, each with an `op` and its arguments, and answers in JSON: `tokens` and
`watch` (read every card, without a login); `prepare`, `look`, `login`, `keys`, `sign_init`, `sign`
and `flags` (one card's session). What an answer means is the parent's to say. While a slow module
answers call after call, a BEAT says so.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from esign_cli.cards.contents import Card
from esign_cli.cards.cryptoki import AbsurdAnswer, Cryptoki, TokenInfo, text
from esign_cli.cards.process import BEAT, uses
from esign_cli.cards.readers import Reader, Readers
from esign_cli.cards.return_values import GONE, ReturnValue
from esign_cli.cards.session import Session
from esign_cli.cards.state import TOKEN_INITIALISED
from esign_cli.foundation import child
from esign_cli.foundation.errors import cards as errors

BEAT_EVERY = 0.2
"""Seconds after which the parent hears that the module still answers."""


class Program:
    """The state of one child: a module, and later one card's session in it."""

    def __init__(self) -> None:
        self.module = ""
        self.cryptoki: Cryptoki | None = None
        self.opened: Session | None = None
        self._readers = Readers()
        self._beaten = time.monotonic()

    def __call__(self, request: bytes) -> bytes:
        asked = json.loads(request)
        self._beaten = time.monotonic()
        try:
            answer = _OPERATIONS[asked.pop("op")](self, **asked)
        except (AbsurdAnswer, MemoryError) as error:
            raise errors.ModuleCrashed(
                path=self.module, during="", signal=None, detail=str(error) or "memory", stderr=""
            ) from error
        return json.dumps(answer).encode()

    def load(self, module: str) -> Cryptoki:
        if self.cryptoki is None:
            self.module = module
            self.cryptoki = _loaded(module, self._beat)
        return self.cryptoki

    # --- reading ---------------------------------------------------------------------------------

    def tokens(self, module: str) -> list[dict[str, Any]]:
        """Read every reader and the card in it; a bad one does not hide the others."""
        cryptoki, look = self.load(module), self._readers.look
        return [_slot(cryptoki, slot, name, look) for slot, name in self._slots(cryptoki)]

    def watch(self, module: str, known: dict[str, str]) -> dict[str, Any]:
        """Tell how many readers and which cards are there, by slot; read those not `known`.

        A card is told by its serial number and by how often its reader was used until then.
        """
        cryptoki = self.load(module)
        slots = self._slots(cryptoki)
        serials = {slot: _serial(cryptoki, slot) for slot, _name in slots}
        held = self._readers.look()  # after the serial numbers: a card that came since is told too
        present, new = {}, {}
        for slot, name in slots:
            before = known.get(str(slot), "")
            identity, read = self._watched(slot, name, serials[slot], before, held.get(name))
            if identity:
                present[str(slot)] = identity
            if read is not None:
                new[str(slot)] = read
        return {"readers": len(slots), "present": present, "new": new}

    def _watched(
        self, slot: int, name: str, serial: str | None, before: str, seen: Reader | None
    ) -> tuple[str, dict[str, Any] | None]:
        """What tells the card in a slot, "" where there is none; its facts unless it is known."""
        events = _events(seen)
        if seen is not None and not seen.present:
            return "", None  # a driver may go on showing what was taken out a moment ago
        stayed = serial is None and events and uses(before) == events  # kept from the driver
        if stayed or before == f"{serial}/{events}":
            return before, None
        if serial is None and not (seen and seen.exclusive):
            return "", None
        read = _slot(self.load(self.module), slot, name, self._readers.look)
        token = read["token"]
        nothing = token is None and read["problem"] is None
        blank = token is not None and not token["flags"] & TOKEN_INITIALISED
        exchanged = _events(self._readers.look().get(name)) != events
        if nothing or blank or exchanged:
            return "", None  # what was exchanged in the middle is new again at the next look
        return f"{token['serial'] if token else serial}/{events}", read

    # --- one card's session ----------------------------------------------------------------------

    def prepare(self, module: str, **shown: Any) -> dict[str, Any]:
        """Open a session with the card that was shown; nothing is asked of the PIN yet."""
        self.opened = Session(self.load(module), self._reader_of, **shown)
        return self.opened.describe()

    def current(self) -> Session:
        if self.opened is None:
            raise errors.CardRemoved
        return self.opened

    def _slots(self, cryptoki: Cryptoki) -> list[tuple[int, str]]:
        """All slots with the names of their readers, also of those that do not give it."""
        try:
            names = {slot: _name(cryptoki, slot) for slot in cryptoki.slots()}
        except ReturnValue as answer:
            raise errors.ModuleRefuses(path=self.module, detail=str(answer)) from answer
        nameless = [slot for slot, name in names.items() if not name]
        if nameless:
            rest = [name for name in self._readers.look() if name not in names.values()]
            if len(rest) == len(nameless):
                names.update(zip(nameless, rest, strict=True))
        return [(slot, name or f"#{slot}") for slot, name in names.items()]

    def _reader_of(self, slot: int) -> tuple[str, bool]:
        """The name that a slot's reader is shown by, and whether another program holds it."""
        name = dict(self._slots(self.load(self.module))).get(slot, "")
        seen = self._readers.look().get(name)
        return name, seen is not None and seen.exclusive

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._beaten > BEAT_EVERY:
            self._beaten = now
            child.write_frame(BEAT)


def _loaded(module: str, answered: Callable[[], None]) -> Cryptoki:
    """The module, loaded and started."""
    try:
        return Cryptoki(module, answered)
    except ReturnValue as answer:
        raise errors.ModuleRefuses(path=module, detail=str(answer)) from answer
    except AttributeError as error:
        raise errors.ModuleUnusable(path=module, detail="C_GetFunctionList") from error
    except OSError as error:
        reason = str(error).removeprefix(f"{module}: ")
        library = _missing_library(module, reason)
        if library and library != module:
            raise errors.ModuleLacksLibrary(path=module, library=library) from error
        raise errors.ModuleUnusable(path=module, detail=reason) from error


def _missing_library(module: str, reason: str) -> str | None:
    """The library that the loader does not find; on Windows it does not say which."""
    if sys.platform == "win32":
        from esign_cli.cards import library_windows

        missing = library_windows.missing_library(Path(module).absolute())
    else:
        library, _colon, rest = reason.partition(": cannot open shared object file")
        missing = library if rest else None
    return missing


def _name(cryptoki: Cryptoki, slot: int) -> str:
    """The reader's name; "" where it does not answer."""
    try:
        return cryptoki.slot_info(slot)[0]
    except ReturnValue:
        return ""


def _serial(cryptoki: Cryptoki, slot: int) -> str | None:
    """The serial number of the card in a slot, or its error; None when there is none."""
    try:
        return text(cryptoki.token_info(slot).serial)
    except ReturnValue as answer:
        return None if answer.name == "TOKEN_NOT_PRESENT" else str(answer)


def _events(reader: Reader | None) -> str:
    """How often the reader was used; "" where pcscd does not know it."""
    return str(reader.events) if reader else ""


def _slot(
    cryptoki: Cryptoki, slot: int, name: str, look: Callable[[], dict[str, Reader]]
) -> dict[str, Any]:
    """A reader as facts, with the card in it, if there is one; a fault is a fact of its own.

    `look` asks pcscd, which is only done where the driver sees no card, or a fault: drivers may
    call a card that another program holds none at all.
    """
    facts: dict[str, Any] = {"slot": slot, "reader": name, "token": None, "problem": None}
    try:
        facts["token"] = _token(cryptoki.token_info(slot))
        facts["token"]["contents"] = _contents(cryptoki, slot)
    except ReturnValue as answer:
        blank = facts["token"] is not None and not facts["token"]["flags"] & TOKEN_INITIALISED
        known = None if blank else look().get(name)
        exclusive = known is not None and known.exclusive
        empty = facts["token"] is None and answer.name == "TOKEN_NOT_PRESENT"
        if exclusive or not (blank or empty):
            facts["problem"] = _problem(facts, answer, exclusive=exclusive)
    return facts


def _problem(facts: dict[str, Any], answer: ReturnValue, *, exclusive: bool) -> dict[str, Any]:
    reader = facts["reader"]
    if exclusive:
        return errors.ReaderInUse(reader=reader).to_facts()
    if answer.name == "TOKEN_NOT_RECOGNIZED":
        return errors.CardUnknown(reader=reader).to_facts()
    if facts["token"] is None:
        return errors.ReaderFailed(reader=reader, detail=str(answer)).to_facts()
    if answer.name in GONE:
        return errors.CardRemoved().to_facts()
    label = facts["token"]["label"] or reader
    return errors.CardUnreadable(card=label, detail=str(answer)).to_facts()


def _token(info: TokenInfo) -> dict[str, Any]:
    return {
        "label": text(info.label),
        "serial": text(info.serial),
        "manufacturer": text(info.manufacturer),
        "flags": int(info.flags),
    }


def _contents(cryptoki: Cryptoki, slot: int) -> dict[str, Any]:
    with _session(cryptoki, slot) as session:
        return Card(cryptoki, session).contents()


@contextmanager
def _session(cryptoki: Cryptoki, slot: int) -> Iterator[int]:
    session = cryptoki.open(slot)
    try:
        yield session
    finally:
        with suppress(ReturnValue):
            cryptoki.close(session)


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "tokens": Program.tokens,
    "watch": Program.watch,
    "prepare": Program.prepare,
    "look": lambda program: program.current().look(),
    "login": lambda program, **given: program.current().login(**given),
    "keys": lambda program: program.current().keys(),
    "sign_init": lambda program, **given: program.current().sign_init(**given),
    "sign": lambda program, data: program.current().sign(bytes.fromhex(data)),
    "flags": lambda program: program.current().flags(),
}


def main() -> None:
    """Serve until the parent has nothing more to ask."""
    program = Program()
    child.serve(program)
    if program.opened is not None:
        program.opened.close()
    if program.cryptoki is not None:
        with suppress(ReturnValue):
            program.cryptoki.finalize()
