"""What python-pkcs11 does not offer, called on the module that it has loaded.

PKCS #11 v2.40, section 5: PIN lengths of C_GetTokenInfo; C_Login in a session that is open already
(so that no PIN reaches a card put in meanwhile) and for one signature; single-part C_Sign.
"""

from __future__ import annotations

import ctypes
import os
from typing import ClassVar

_PACK = 1 if os.name == "nt" else 0
"""Cryptoki's structures are packed to the byte on Windows, and nowhere else (0: not at all)."""

CKU_USER = 1
CKU_CONTEXT_SPECIFIC = 2
CKM_RSA_PKCS = 0x00000001
CKM_ECDSA = 0x00001041
CKR_OK = 0
TOKEN_PRESENT = 0x00000001
LARGEST_SIGNATURE = 1024
"""Bytes; RSA of 4096 bits makes 512."""

RETURN_VALUES = {
    0x00000005: "GeneralError",
    0x00000006: "FunctionFailed",
    0x00000030: "DeviceError",
    0x00000031: "DeviceMemory",
    0x00000032: "DeviceRemoved",
    0x00000050: "FunctionCanceled",
    0x000000A0: "PinIncorrect",
    0x000000A1: "PinInvalid",
    0x000000A2: "PinLenRange",
    0x000000A3: "PinExpired",
    0x000000A4: "PinLocked",
    0x000000B3: "SessionHandleInvalid",
    0x000000E0: "TokenNotPresent",
    0x000000E1: "TokenNotRecognised",
    0x00000100: "UserAlreadyLoggedIn",
    0x00000101: "UserNotLoggedIn",
    0x00000102: "UserPinNotInitialised",
    0x00000200: "FunctionRejected",
}


class ReturnValue(Exception):
    """A Cryptoki function returned something else than CKR_OK; `name` as python-pkcs11 names it."""

    def __init__(self, value: int) -> None:
        self.name = RETURN_VALUES.get(value, f"CKR {value:#010x}")
        super().__init__(self.name)


class TokenInfo(ctypes.Structure):
    """CK_TOKEN_INFO."""

    _pack_ = _PACK
    _fields_: ClassVar = [
        ("label", ctypes.c_char * 32),
        ("manufacturer", ctypes.c_char * 32),
        ("model", ctypes.c_char * 16),
        ("serial", ctypes.c_char * 16),
        ("flags", ctypes.c_ulong),
        ("most_sessions", ctypes.c_ulong),
        ("sessions", ctypes.c_ulong),
        ("most_rw_sessions", ctypes.c_ulong),
        ("rw_sessions", ctypes.c_ulong),
        ("longest_pin", ctypes.c_ulong),
        ("shortest_pin", ctypes.c_ulong),
        ("memory", ctypes.c_ulong * 4),
        ("versions", ctypes.c_ubyte * 4),
        ("time", ctypes.c_char * 16),
    ]


class _SlotInfo(ctypes.Structure):
    """CK_SLOT_INFO."""

    _pack_ = _PACK
    _fields_: ClassVar = [
        ("description", ctypes.c_char * 64),
        ("manufacturer", ctypes.c_char * 32),
        ("flags", ctypes.c_ulong),
        ("versions", ctypes.c_ubyte * 4),
    ]


class _Mechanism(ctypes.Structure):
    """CK_MECHANISM, without a parameter."""

    _pack_ = _PACK
    _fields_: ClassVar = [
        ("mechanism", ctypes.c_ulong),
        ("parameter", ctypes.c_void_p),
        ("parameter_length", ctypes.c_ulong),
    ]


class _FunctionList(ctypes.Structure):
    """CK_FUNCTION_LIST, up to C_Sign; functions stand in the order of the specification."""

    _pack_ = _PACK
    _fields_: ClassVar = [
        ("version", ctypes.c_ubyte * 2),
        ("functions", ctypes.c_void_p * 44),
    ]


_PLACES = {
    "C_GetSlotInfo": 5,
    "C_GetTokenInfo": 6,
    "C_Login": 18,
    "C_Logout": 19,
    "C_SignInit": 42,
    "C_Sign": 43,
}
_ULONG = ctypes.c_ulong
_PROTOTYPES = {
    "C_GetSlotInfo": ctypes.CFUNCTYPE(_ULONG, _ULONG, ctypes.c_void_p),
    "C_GetTokenInfo": ctypes.CFUNCTYPE(_ULONG, _ULONG, ctypes.c_void_p),
    "C_Login": ctypes.CFUNCTYPE(_ULONG, _ULONG, _ULONG, ctypes.c_char_p, _ULONG),
    "C_Logout": ctypes.CFUNCTYPE(_ULONG, _ULONG),
    "C_SignInit": ctypes.CFUNCTYPE(_ULONG, _ULONG, ctypes.c_void_p, _ULONG),
    "C_Sign": ctypes.CFUNCTYPE(
        _ULONG, _ULONG, ctypes.c_char_p, _ULONG, ctypes.c_char_p, ctypes.c_void_p
    ),
}


class Cryptoki:
    """The functions of a module that is loaded and initialised already."""

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)
        table = ctypes.POINTER(_FunctionList)()
        self._library.C_GetFunctionList.restype = _ULONG
        _check(self._library.C_GetFunctionList(ctypes.byref(table)))
        self._functions = {
            name: prototype(table.contents.functions[_PLACES[name]])
            for name, prototype in _PROTOTYPES.items()
        }

    def token_present(self, slot: int) -> bool:
        """Whether there is a card in the slot now."""
        info = _SlotInfo()
        _check(self._functions["C_GetSlotInfo"](slot, ctypes.byref(info)))
        return bool(info.flags & TOKEN_PRESENT)

    def token_info(self, slot: int) -> TokenInfo:
        """The card in the slot as it is now: flags and the lengths its PIN may have."""
        info = TokenInfo()
        _check(self._functions["C_GetTokenInfo"](slot, ctypes.byref(info)))
        return info

    def login(self, session: int, pin: bytes | None, user: int = CKU_USER) -> None:
        """C_Login, once; without a PIN where the reader has a pad of its own."""
        _check(self._functions["C_Login"](session, user, pin, len(pin or b"")))

    def logout(self, session: int) -> None:
        _check(self._functions["C_Logout"](session))

    def sign_init(self, session: int, key: int, mechanism: int) -> None:
        chosen = _Mechanism(mechanism, None, 0)
        _check(self._functions["C_SignInit"](session, ctypes.byref(chosen), key))

    def sign(self, session: int, data: bytes) -> bytes:
        """The signature over `data`, in one call, as the card makes it."""
        signature = ctypes.create_string_buffer(LARGEST_SIGNATURE)
        length = _ULONG(LARGEST_SIGNATURE)
        _check(self._functions["C_Sign"](session, data, len(data), signature, ctypes.byref(length)))
        return signature.raw[: length.value]


def _check(value: int) -> None:
    if value != CKR_OK:
        raise ReturnValue(value)
