"""What pcscd knows of its readers and drivers do not tell: who holds one, how often it was used.

By libpcsclite's SCardGetStatusChange, where that is installed (Linux); what it does not know is
None. Runs in the child.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from esign_cli.cards.cryptoki import text

LIBRARY = "libpcsclite.so.1"
_DWORD = ctypes.c_ulong
_SCOPE_SYSTEM = 2
_PRESENT, _EXCLUSIVE = 0x20, 0x80
_COUNTER_AT = 16
"""The bits above it in dwEventState count the times that a card was put in or taken out."""
_MOST_NAMES = 16 * 128
_DESCRIPTION = 64
"""Bytes of a slot's description, in which long names of readers end early."""


class _ReaderState(ctypes.Structure):
    """SCARD_READERSTATE."""

    _fields_: ClassVar = [
        ("reader", ctypes.c_char_p),
        ("user_data", ctypes.c_void_p),
        ("current", _DWORD),
        ("event", _DWORD),
        ("atr_length", _DWORD),
        ("atr", ctypes.c_ubyte * 33),
    ]


class Reader(NamedTuple):
    """A reader as pcscd sees it."""

    present: bool
    """There is a card in it."""
    exclusive: bool
    """Another program holds it for itself alone."""
    events: int
    """How often a card was put in or taken out, modulo 65536."""


class Readers:
    """The way to pcscd, opened when it is first asked and anew after it went away."""

    def __init__(self) -> None:
        self._library: ctypes.CDLL | None = None
        self._context: ctypes.c_long | None = None

    def look(self) -> dict[str, Reader]:
        """Return every reader by the name that a slot's description gives it, as `told_apart`."""
        try:
            library = self._library = self._library or ctypes.CDLL(LIBRARY)
        except OSError:
            return {}  # not on this system
        if not self._opened(library):
            return {}
        names = self._names(library)
        if not names:
            return self._let_go(library)
        states = (_ReaderState * len(names))(*(_ReaderState(reader=name) for name in names))
        if library.SCardGetStatusChange(self._context, _DWORD(0), states, _DWORD(len(names))):
            return self._let_go(library)
        return told_apart([(name, state.event) for name, state in zip(names, states, strict=True)])

    def _opened(self, library: ctypes.CDLL) -> bool:
        if self._context is None:
            from esign_cli.cards import service  # a card without a fault is read without it

            if service.ask() is not service.Service.RUNS:
                return False  # the library would wait for ever
            context = ctypes.c_long()
            scope = _DWORD(_SCOPE_SYSTEM)
            if library.SCardEstablishContext(scope, None, None, ctypes.byref(context)):
                return False
            self._context = context
        return True

    def _names(self, library: ctypes.CDLL) -> list[bytes]:
        room, length = ctypes.create_string_buffer(_MOST_NAMES), _DWORD(_MOST_NAMES)
        if library.SCardListReaders(self._context, None, room, ctypes.byref(length)):
            return []
        return [name for name in room.raw[: length.value].split(b"\0") if name]

    def _let_go(self, library: ctypes.CDLL) -> dict[str, Reader]:
        """No reader is there, or pcscd was started anew: ask from the beginning next time."""
        library.SCardReleaseContext(self._context)
        self._context = None
        return {}


def told_apart(events: Sequence[tuple[bytes, int]]) -> dict[str, Reader]:
    """Return the readers by their names, given with dwEventState, as a description shows these.

    Two whose long names end alike there are left out: neither must speak for the other.
    """
    shown = [text(name[:_DESCRIPTION]) for name, _event in events]
    return {
        name: Reader(
            bool(event & _PRESENT), bool(event & _EXCLUSIVE), event >> _COUNTER_AT & 0xFFFF
        )
        for name, (_name, event) in zip(shown, events, strict=True)
        if shown.count(name) == 1
    }
