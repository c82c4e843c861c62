"""The records of an .xls that its reader passes over or takes wrongly ([MS-XLS] 2.4).

calamine decodes the UTF-16 strings of BIFF8 by the CODEPAGE record, in which other writers leave
the code page of their system (tafia/calamine#229), and gives errors as empty cells.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from esign_cli.workbooks.formats.xlsx_cells import UNCALCULATED

_BOF, _EOF, _CODEPAGE, _DATEMODE, _FILEPASS, _BOUNDSHEET = 0x809, 0x0A, 0x42, 0x22, 0x2F, 0x85
_FORMULA, _BOOLERR = 0x06, 0x205
_BIFF8, _UTF16, _WINDOWS = 0x600, 1200, 1252
_OTHERS: Mapping[int | None, str] = {
    367: "cp1254", 437: "cp437", 850: "cp850", 852: "cp852", 857: "cp857", 10081: "mac_turkish",
    0x8000: "mac_roman", 0x8001: "cp1252",
}  # fmt: skip
"""Code pages of BIFF5 that its reader does not know, and their codecs."""
_HEAD, _OFFSET = 4, 4
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
"""Error codes, also of .xlsb ([MS-XLS] 2.5.10)."""
_ERROR_VALUE = re.compile(rb"\x02.[\s\S]{4}\xff\xff", re.DOTALL)
_MAY_BE_ERROR = re.compile(
    rb"\x05\x02\x08\x00.{7}\x01|\x06\x00..{7}(?:\x02.{5}\xff\xff|\x00{8}[\x02\x03]\x00)", re.DOTALL
)
_CALCULATE_ON_LOAD = 0x02


@dataclass(frozen=True, slots=True)
class Globals:
    """What the first substream says of the whole workbook."""

    version: int
    from_1904: bool
    encrypted: bool
    codepage: int | None
    codepage_at: int
    """Where the number of the code page stands in the stream."""
    sheets: tuple[int, ...] = field(default=())
    """Where each sheet begins in the stream, in the order of the workbook."""


def records(stream: bytes, place: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield number, place and length of the content of each record, up to the end of a
    substream.
    """
    depth = 0
    while place + _HEAD <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, place + _HEAD, length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        place += _HEAD + length


def read_globals(stream: bytes) -> Globals:
    """Return the first records; of a stream that is none, all is 0."""
    version = codepage_at = 0
    codepage: int | None = None
    from_1904 = encrypted = False
    sheets: list[int] = []
    for kind, place, length in records(stream):
        if place + length > len(stream) or (place == _HEAD and kind != _BOF):
            break
        number = int.from_bytes(stream[place : place + 2], "little") if length > 1 else 0
        if kind == _BOF and not version:
            version = number
        elif kind == _CODEPAGE:
            codepage, codepage_at = number, place
        elif kind == _DATEMODE:
            from_1904 = number == 1
        elif kind == _FILEPASS:
            encrypted = True
        elif kind == _BOUNDSHEET and length >= _OFFSET:
            sheets.append(int.from_bytes(stream[place : place + _OFFSET], "little"))
    return Globals(version, from_1904, encrypted, codepage, codepage_at, tuple(sheets))


def with_right_codepage(stream: bytes, book: Globals) -> tuple[bytes, Mapping[int, str]]:
    """Return the stream with a code page that its reader knows, and which letters then stand for
    which.

    The strings of BIFF8 are UTF-16, whatever it says. Those of BIFF5 are bytes of the code page;
    one that the reader does not know is read as windows-1252, which has a letter for each byte.
    """
    wanted = _UTF16 if book.version == _BIFF8 else _WINDOWS
    if book.codepage in (None, wanted) or (wanted == _WINDOWS and book.codepage not in _OTHERS):
        return stream, {}
    at = book.codepage_at
    patched = stream[:at] + struct.pack("<H", wanted) + stream[at + 2 :]
    return patched, _letters(_OTHERS[book.codepage]) if wanted == _WINDOWS else {}


def _letters(codec: str) -> dict[int, str]:
    """What each byte means, by what it means in windows-1252 (WHATWG's: none is undefined)."""
    every = [bytes([number]) for number in range(128, 256)]
    return {
        ord(one.decode("cp1252", "replace").replace("\ufffd", chr(one[0]))): one.decode(
            codec, "replace"
        )
        for one in every
    }


def errors(stream: bytes, sheet: int) -> dict[int, dict[int, str]]:
    """Return errors, and formulas that were never calculated, of the sheet that begins there."""
    by_row: dict[int, dict[int, str]] = {}
    if not _MAY_BE_ERROR.search(stream, sheet):
        return by_row
    for kind, place, _ in records(stream, sheet):
        if kind in (_FORMULA, _BOOLERR):
            text = _error(kind, stream[place : place + 16])
            if text:
                row, column = struct.unpack_from("<HH", stream, place)
                by_row.setdefault(row, {})[column] = text
    return by_row


def _error(kind: int, content: bytes) -> str:
    if kind == _BOOLERR:
        return ERRORS.get(content[6], "#N/A") if content[7:8] == b"\x01" else ""
    value = content[6:14]
    if _ERROR_VALUE.fullmatch(value):
        return ERRORS.get(value[2], "#N/A")
    stale = content[14:15] and content[14] & _CALCULATE_ON_LOAD
    return UNCALCULATED if stale and value == bytes(8) else ""
