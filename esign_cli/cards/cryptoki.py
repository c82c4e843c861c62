"""A PKCS#11 module, loaded and called by its one list of functions (PKCS #11 v2.40, section 5).

Called directly, since python-pkcs11 shows neither a PIN's lengths nor its list of functions, logs
in only with a new session, and stops at the first bad slot; a second list of functions is another
instance in p11-kit's modules, where the sessions of the first are unknown. Runs in the child.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from esign_cli.cards.return_values import CKR_OK, ReturnValue
from esign_cli.foundation import child
from esign_cli.foundation.plain_text import one_line

_ULONG = ctypes.c_ulong
UNAVAILABLE = _ULONG(-1).value
"""The length of an attribute that is not given (CK_UNAVAILABLE_INFORMATION)."""

CKU_USER, CKU_CONTEXT_SPECIFIC = 1, 2
CKM_RSA_PKCS, CKM_ECDSA = 0x00000001, 0x00001041
CKF_SERIAL_SESSION = 0x00000004
TOKEN_PRESENT = 0x00000001
CKA_CLASS, CKA_VALUE, CKA_KEY_TYPE, CKA_ID = 0x000, 0x011, 0x100, 0x102
CKA_MODULUS, CKA_EC_POINT, CKA_ALWAYS_AUTHENTICATE = 0x120, 0x181, 0x202
CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY = 1, 2, 3

_WITH_ITS_FOLDER = 8
"""Windows looks for a module's own libraries beside it, then in PATH (LoadLibraryExW's flag
LOAD_WITH_ALTERED_SEARCH_PATH)."""
LARGEST_SIGNATURE = 1024
"""Bytes; RSA of 4096 bits makes 512."""
MOST_SLOTS, MOST_OBJECTS, MOST_BYTES = 256, 4096, 1 << 20
"""More of them is no card's, but a driver's that has lost its way."""
_AT_ONCE = 10
"""Objects of one C_FindObjects; modules that fail with more are known."""


class AbsurdAnswer(Exception):
    """A module counts what cannot be there: `str` is the function and the number."""


class _Structure(ctypes.Structure):
    """A structure of Cryptoki: packed to the byte on Windows, and nowhere else.

    Elsewhere Python 3.14 refuses the very word: only "ms" layouts are packed.
    """

    if os.name == "nt":
        _pack_ = 1


class _SlotInfo(_Structure):
    """CK_SLOT_INFO."""

    _fields_: ClassVar = [
        ("description", ctypes.c_char * 64),
        ("manufacturer", ctypes.c_char * 32),
        ("flags", _ULONG),
        ("versions", ctypes.c_ubyte * 4),
    ]


class TokenInfo(_Structure):
    """CK_TOKEN_INFO."""

    _fields_: ClassVar = [
        ("label", ctypes.c_char * 32),
        ("manufacturer", ctypes.c_char * 32),
        ("model", ctypes.c_char * 16),
        ("serial", ctypes.c_char * 16),
        ("flags", _ULONG),
        ("most_sessions", _ULONG),
        ("sessions", _ULONG),
        ("most_rw_sessions", _ULONG),
        ("rw_sessions", _ULONG),
        ("longest_pin", _ULONG),
        ("shortest_pin", _ULONG),
        ("memory", _ULONG * 4),
        ("versions", ctypes.c_ubyte * 4),
        ("time", ctypes.c_char * 16),
    ]


class _Attribute(_Structure):
    """CK_ATTRIBUTE."""

    _fields_: ClassVar = [("kind", _ULONG), ("value", ctypes.c_void_p), ("length", _ULONG)]


class _Mechanism(_Structure):
    """CK_MECHANISM, without a parameter."""

    _fields_: ClassVar = [
        ("mechanism", _ULONG),
        ("parameter", ctypes.c_void_p),
        ("parameter_length", _ULONG),
    ]


class _FunctionList(_Structure):
    """CK_FUNCTION_LIST, up to C_Sign; functions stand in the order of the specification."""

    _fields_: ClassVar = [
        ("version", ctypes.c_ubyte * 2),
        ("functions", ctypes.c_void_p * 44),
    ]


_P = ctypes.c_void_p
_FUNCTIONS: dict[str, tuple[int, tuple[type, ...]]] = {
    "C_Initialize": (0, (_P,)),
    "C_Finalize": (1, (_P,)),
    "C_GetSlotList": (4, (ctypes.c_ubyte, _P, _P)),
    "C_GetSlotInfo": (5, (_ULONG, _P)),
    "C_GetTokenInfo": (6, (_ULONG, _P)),
    "C_OpenSession": (12, (_ULONG, _ULONG, _P, _P, _P)),
    "C_CloseSession": (13, (_ULONG,)),
    "C_Login": (18, (_ULONG, _ULONG, ctypes.c_char_p, _ULONG)),
    "C_Logout": (19, (_ULONG,)),
    "C_GetAttributeValue": (24, (_ULONG, _ULONG, _P, _ULONG)),
    "C_FindObjectsInit": (26, (_ULONG, _P, _ULONG)),
    "C_FindObjects": (27, (_ULONG, _P, _ULONG, _P)),
    "C_FindObjectsFinal": (28, (_ULONG,)),
    "C_SignInit": (42, (_ULONG, _P, _ULONG)),
    "C_Sign": (43, (_ULONG, ctypes.c_char_p, _ULONG, ctypes.c_char_p, _P)),
}
"""Places in the list, and what each is given; all return CK_RV."""


class Cryptoki:
    """A module; every function raises ReturnValue, and AbsurdAnswer where it counts too many.

    `answered` is called after each function that came back, for whoever waits for a slow one.
    """

    def __init__(self, path: str, answered: Callable[[], None] = lambda: None) -> None:
        """Load the module and start it; raises OSError, AttributeError (it is no module)."""
        self._answered = answered
        if os.name == "nt":
            path = str(Path(path).absolute())  # _WITH_ITS_FOLDER wants it whole
        self._library = ctypes.CDLL(path, winmode=_WITH_ITS_FOLDER)
        listed = self._library.C_GetFunctionList
        listed.restype, listed.argtypes = _ULONG, (_P,)
        table = ctypes.POINTER(_FunctionList)()
        _check(_called(listed, ctypes.byref(table)))
        self._functions = {
            name: ctypes.CFUNCTYPE(_ULONG, *given)(table.contents.functions[place])
            for name, (place, given) in _FUNCTIONS.items()
        }
        self._call("C_Initialize", None)  # AKİS's module refuses any argument

    def finalize(self) -> None:
        self._call("C_Finalize", None)

    # --- slots and what is in them ---------------------------------------------------------------

    def slots(self) -> list[int]:
        """Return the numbers of all readers, also of empty ones."""
        count = _ULONG()
        self._call("C_GetSlotList", 0, None, ctypes.byref(count))
        numbers = (_ULONG * _believed("C_GetSlotList", count.value, MOST_SLOTS))()
        count = _ULONG(len(numbers))
        if len(numbers):
            self._call("C_GetSlotList", 0, numbers, ctypes.byref(count))
        return list(numbers)[: count.value]

    def slot_info(self, slot: int) -> tuple[str, bool]:
        """Return the reader's name, and whether there is a card in it."""
        info = _SlotInfo()
        self._call("C_GetSlotInfo", slot, ctypes.byref(info))
        return text(bytes(info.description)), bool(info.flags & TOKEN_PRESENT)

    def token_info(self, slot: int) -> TokenInfo:
        """Read the card in the slot as it is now: flags and the lengths its PIN may have."""
        info = TokenInfo()
        self._call("C_GetTokenInfo", slot, ctypes.byref(info))
        return info

    # --- sessions --------------------------------------------------------------------------------

    def open(self, slot: int) -> int:
        """Open a read-only session with the card in the slot; gives its handle."""
        session = _ULONG()
        self._call("C_OpenSession", slot, CKF_SERIAL_SESSION, None, None, ctypes.byref(session))
        return session.value

    def close(self, session: int) -> None:
        self._call("C_CloseSession", session)

    def login(self, session: int, pin: bytes | None, user: int = CKU_USER) -> None:
        """Log in (C_Login), once; without a PIN where the reader has a pad of its own."""
        self._call("C_Login", session, user, pin, len(pin or b""))

    def logout(self, session: int) -> None:
        self._call("C_Logout", session)

    # --- objects ---------------------------------------------------------------------------------

    def find(self, session: int, kind: int) -> list[int]:
        """Return the handles of all objects of a class, in the card's order."""
        wanted = _ULONG(kind)
        template = _Attribute(CKA_CLASS, ctypes.addressof(wanted), ctypes.sizeof(wanted))
        self._call("C_FindObjectsInit", session, ctypes.byref(template), 1)
        handles: list[int] = []
        some, count = (_ULONG * _AT_ONCE)(), _ULONG(1)
        while count.value:
            self._call("C_FindObjects", session, some, _AT_ONCE, ctypes.byref(count))
            handles += list(some)[: _believed("C_FindObjects", count.value, _AT_ONCE)]
            _believed("C_FindObjects", len(handles), MOST_OBJECTS)
        self._call("C_FindObjectsFinal", session)
        return handles

    def attributes(self, session: int, handle: int, kinds: Sequence[int]) -> list[bytes | None]:
        """Read an object's attributes, in two calls; None for those that it has not."""
        sizes = (_Attribute * len(kinds))(*(_Attribute(kind, None, 0) for kind in kinds))
        whole = self._get(session, handle, sizes)
        if not whole and len(kinds) > 1 and any(not a.length for a in sizes):
            # some modules stop at the first that is not there, and leave the others alone
            return [self.attributes(session, handle, [kind])[0] for kind in kinds]
        rooms = [ctypes.create_string_buffer(_size(attribute)) for attribute in sizes]
        filled = (_Attribute * len(kinds))(
            *(_Attribute(k, ctypes.addressof(r), len(r)) for k, r in zip(kinds, rooms, strict=True))
        )
        there = [a.length != UNAVAILABLE for a in sizes]
        if any(there):
            self._get(session, handle, filled)
        return [
            room.raw[: attribute.length] if given and attribute.length != UNAVAILABLE else None
            for given, room, attribute in zip(there, rooms, filled, strict=True)
        ]

    def _get(self, session: int, handle: int, asked: ctypes.Array[_Attribute]) -> bool:
        """C_GetAttributeValue; that one of several is not given is no failure (section 5.7)."""
        try:
            self._call("C_GetAttributeValue", session, handle, asked, len(asked))
        except ReturnValue as answer:
            if answer.name not in ("ATTRIBUTE_TYPE_INVALID", "ATTRIBUTE_SENSITIVE"):
                raise
            return False
        return True

    # --- signing ---------------------------------------------------------------------------------

    def sign_init(self, session: int, key: int, mechanism: int) -> None:
        chosen = _Mechanism(mechanism, None, 0)
        self._call("C_SignInit", session, ctypes.byref(chosen), key)

    def sign(self, session: int, data: bytes) -> bytes:
        """Sign `data` in one call; gives the signature as the card makes it."""
        signature = ctypes.create_string_buffer(LARGEST_SIGNATURE)
        length = _ULONG(LARGEST_SIGNATURE)
        self._call("C_Sign", session, data, len(data), signature, ctypes.byref(length))
        return signature.raw[: _believed("C_Sign", length.value, LARGEST_SIGNATURE)]

    def _call(self, name: str, *given: object) -> None:
        value = _called(self._functions[name], *given)
        self._answered()
        _check(value)


def text(padded: bytes) -> str:
    """Return a label or a serial number as one plain line; a card's own bytes may be anything."""
    return one_line(padded.rstrip(b" \0").decode("utf-8", "replace"))


def _called(function: Callable[..., int], *given: object) -> int:
    try:
        return function(*given)
    except OSError as error:
        child.end_by(error)
        raise


def _size(attribute: _Attribute) -> int:
    given = 0 if attribute.length == UNAVAILABLE else attribute.length
    return _believed("C_GetAttributeValue", given, MOST_BYTES)


def _believed(function: str, count: int, most: int) -> int:
    if count > most:
        raise AbsurdAnswer(f"{function}: {count}")
    return count


def _check(value: int) -> None:
    if value != CKR_OK:
        raise ReturnValue(value)
