"""The program in the child process, which alone loads the card's module. One thread does it all.

It is asked in JSON frames, each with an `op` and its arguments, and answers in JSON:
`tokens` and `watch` (read every card, without a login), `prepare`, `login`, `sign` and `pin` (one
card's key, and the state of its PIN).
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pkcs11

from esign_cli.cards import objects
from esign_cli.cards.faults import BAD_DATA, card_errors, name, serial
from esign_cli.cards.login import Login
from esign_cli.cards.state import TOKEN_INITIALISED
from esign_cli.foundation import child
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import (
    CardBlank,
    CardExchanged,
    CardRemoved,
    CardUnknown,
    CardUnreadable,
    ModuleLacksLibrary,
    ModuleUnusable,
    NoCard,
    NoReader,
)


class Program:
    """The state of one child: a module, and later one card's session in it."""

    def __init__(self) -> None:
        self.module = ""
        self.library: Any = None
        self.opened: Login | None = None

    def __call__(self, request: bytes) -> bytes:
        asked = json.loads(request)
        answer = _OPERATIONS[asked.pop("op")](self, **asked)
        return json.dumps(answer).encode()

    def load(self, module: str) -> None:
        if self.library is None:
            self.module, self.library = module, _load(module)

    def tokens(self, module: str) -> list[dict[str, Any]]:
        """Every card in every reader, with what is on it; a bad one does not hide the others."""
        self.load(module)
        slots = self._slots()
        if not slots:
            raise NoReader(path=module)
        tokens, blank = [], []
        for slot in slots:
            token = _token(slot)
            if token is not None and (token["flags"] & TOKEN_INITIALISED or token["certificates"]):
                tokens.append(token)
            elif token is not None:
                blank.append(slot.slot_description)
        if not tokens:
            readers = blank or [slot.slot_description for slot in slots]
            raise CardBlank(readers=readers) if blank else NoCard(readers=readers)
        return tokens

    def watch(self, module: str, known: dict[str, str]) -> dict[str, Any]:
        """How many readers and which cards are there, by slot, and what is on those not `known`."""
        self.load(module)
        present, new = {}, {}
        slots = self._slots()
        for slot in slots:
            number = str(slot.slot_id)
            there = _serial_in(slot)
            if there is None:
                continue
            if known.get(number) != there:
                token = _token(slot)
                if token is None or not (token["flags"] & TOKEN_INITIALISED):
                    continue
                new[number] = token
            present[number] = there
        if new:
            gc.collect()  # reading leaves cycles, and a child collects them rarely by itself
        return {"readers": len(slots), "present": present, "new": new}

    def prepare(self, module: str, **wanted: Any) -> dict[str, Any]:
        """Find the card and the certificate that were shown; nothing is asked of the PIN yet."""
        self.load(module)
        seen = False
        for slot in self._slots():
            token = None
            with suppress(pkcs11.PKCS11Error):
                token = slot.get_token()
            seen = seen or (token is not None and bool(token.flags & TOKEN_INITIALISED))
            if token is None or serial(token) != wanted["serial"]:
                continue
            with suppress(CardExchanged):  # some cards stand in several slots, one a PIN
                self.opened = Login(module, slot, token, wanted)
                break
        if self.opened is None:
            raise CardExchanged if seen else CardRemoved
        return self.opened.describe()

    def login(self, pin: str | None) -> dict[str, Any]:
        return self._current().login(pin)

    def sign(self, data: str, pin: str | None) -> dict[str, Any]:
        return {"signature": self._current().sign(bytes.fromhex(data), pin).hex()}

    def pin(self, wrong_pins: int) -> str:
        """What is to be said of the PIN now."""
        return self._current().pin(wrong_pins)

    def _slots(self) -> list[Any]:
        try:
            return list(self.library.get_slots())
        except pkcs11.PKCS11Error as error:
            raise ModuleUnusable(path=self.module, detail=name(error)) from error

    def _current(self) -> Login:
        if self.opened is None:
            raise CardRemoved
        return self.opened


def _load(module: str) -> Any:
    """The module, loaded and initialised."""
    try:
        return pkcs11.lib(module)
    except pkcs11.PKCS11Error as error:
        if type(error) is not pkcs11.PKCS11Error:  # a return value of C_Initialize
            raise ModuleUnusable(path=module, detail=name(error)) from error
        reason = str(error).partition(f"{module}: ")[2] or str(error)
        library, _colon, rest = reason.partition(": cannot open shared object file")
        if rest and library != module:
            raise ModuleLacksLibrary(path=module, library=library) from error
        raise ModuleUnusable(path=module, detail=reason) from error
    except BAD_DATA as error:
        raise ModuleUnusable.from_cause(error, path=module) from error


def _serial_in(slot: Any) -> str | None:
    """The serial number of the card in a slot; "" when it tells none, None when there is none."""
    try:
        return serial(slot.get_token())
    except pkcs11.TokenNotPresent:
        return None
    except (pkcs11.PKCS11Error, *BAD_DATA):
        return ""


def _token(slot: Any) -> dict[str, Any] | None:
    """The card in a slot as facts, None when there is none; a fault is a fact of its own."""
    reader = slot.slot_description
    try:
        token = slot.get_token()
    except pkcs11.TokenNotPresent:
        return None
    except pkcs11.TokenNotRecognised:
        return _facts(reader, problem=CardUnknown(reader=reader))
    except (pkcs11.PKCS11Error, *BAD_DATA) as error:
        problem = CardUnreadable(card=reader, detail=name(error))
        return _facts(reader, problem=problem)
    facts = _facts(
        reader,
        label=token.label,
        serial=serial(token),
        manufacturer=token.manufacturer_id,
        flags=int(token.flags),
    )
    try:
        with card_errors(token.label):
            facts["certificates"] = _read(token)
    except EsignError as problem:
        facts["problem"] = problem.to_facts() if facts["flags"] & TOKEN_INITIALISED else None
    return facts


def _facts(
    reader: str,
    *,
    label: str = "",
    serial: str = "",
    manufacturer: str = "",
    flags: int = TOKEN_INITIALISED,
    problem: EsignError | None = None,
) -> dict[str, Any]:
    return {
        "reader": reader,
        "label": label,
        "serial": serial,
        "manufacturer": manufacturer,
        "flags": flags,
        "certificates": [],
        "problem": problem and problem.to_facts(),
    }


def _read(token: Any) -> list[dict[str, Any]]:
    session = token.open()
    try:
        return [
            {"der": found.der.hex(), "keys": objects.key_count(session, found)}
            for found in objects.certificates(session)
        ]
    finally:
        with suppress(pkcs11.PKCS11Error):
            session.close()


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "tokens": Program.tokens,
    "watch": Program.watch,
    "prepare": Program.prepare,
    "login": Program.login,
    "sign": Program.sign,
    "pin": Program.pin,
}


def main() -> None:
    """Serve until the parent has nothing more to ask."""
    program = Program()
    child.serve(program)
    if program.opened is not None:
        program.opened.close()
    if program.library is not None:
        with suppress(pkcs11.PKCS11Error):
            program.library.finalize()
