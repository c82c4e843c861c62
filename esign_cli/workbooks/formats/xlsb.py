"""The cells of an .xlsb that its reader gives as empty ([MS-XLSB] 2.4).

Those are errors, formatted text, and the short records that name no column because they follow the
cell before (BrtShort…, as SheetJS writes them).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from esign_cli.workbooks.formats import Damaged
from esign_cli.workbooks.formats.biff import ERRORS
from esign_cli.workbooks.formats.package import UNREADABLE, Package

_PIECE = 7
_ROW, _RICH, _STRING = 0, 62, 19
_FULL = frozenset((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, _RICH))
"""Cells that begin with their column."""
_WORKBOOK_PROPERTIES, _BUNDLE = 153, 156
_LONG, _CELL, _SHORT = 4, 8, 4
"""Bytes before the value of a cell: its column and style, or its style alone."""
_MOST_BYTES = 256 << 20
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(part):
        kind, place = _long(part, place, 2)
        length, place = _long(part, place, 4)
        yield kind, part[place : place + length]
        place += length


def _long(part: bytes, place: int, most: int) -> tuple[int, int]:
    """A number in pieces of seven bits, the lowest first (2.1.4), and the place behind it."""
    number = 0
    for count, piece in enumerate(part[place : place + most]):
        number |= (piece & 0x7F) << _PIECE * count
        if piece >> _PIECE == 0:
            return number, place + count + 1
    return number, place + most


def _wide(content: bytes, place: int) -> tuple[str, int]:
    length = int.from_bytes(content[place : place + 4], "little")
    end = place + 4 + 2 * length
    return content[place + 4 : end].decode("utf-16-le", "replace"), end


def from_1904(package: Package) -> bool:
    """Tell by the first bit of the BrtWbProp record (2.4.822)."""
    for kind, content in _records(package.read(package.main() or "xl/workbook.bin")):
        if kind == _WORKBOOK_PROPERTIES:
            return bool(content and content[0] & 1)
    return False


def overlays(package: Package) -> list[dict[int, dict[int, Any]]]:
    """Read values by row and column, counted from 0, of each sheet in the order of the workbook."""
    main = package.main() or "xl/workbook.bin"
    related = package.related(main)
    parts = {one.id: one.name for one in related}
    relations = [
        _wide(content, 8)[0] for kind, content in _records(package.read(main)) if kind == _BUNDLE
    ]
    strings = next((one.name for one in related if one.kind == "sharedstrings"), "")
    shared = _Strings(package, strings)
    return [_overlay(package, parts[one], shared) if one in parts else {} for one in relations]


class _Strings:
    """The shared strings, read when one is asked for."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._read: list[str] | None = None

    def at(self, place: int) -> str:
        if self._read is None:
            part = self._package.read(self._part, _MOST_BYTES) if self._part else b""
            items = (content for kind, content in _records(part) if kind == _STRING)
            self._read = [_wide(content, 1)[0] for content in items]
        if place >= len(self._read):
            raise Damaged("a string behind the last")
        return self._read[place]


def _overlay(package: Package, part: str, shared: _Strings) -> dict[int, dict[int, Any]]:
    try:
        content = package.read(part, _MOST_BYTES)
    except UNREADABLE:
        return {}  # the reader of the sheet says so
    by_row: dict[int, dict[int, Any]] = {}
    for row, column, kind, value in _cells(content):
        read = _LACKING.get(kind)
        if read:
            by_row.setdefault(row, {})[column] = _value(read, value, shared)
    return by_row


def _cells(part: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Row, column, kind and value of each cell of a sheet; raises Damaged."""
    row, column = 0, -1
    for kind, cell in _records(part):
        if kind == _ROW and len(cell) >= _LONG:
            (row,), column = struct.unpack_from("<I", cell), -1
        elif kind in _FULL and len(cell) >= _CELL:
            (column,) = struct.unpack_from("<I", cell)
            yield row, column, kind, cell[_CELL:]
        elif kind in _SHORTS:
            column += 1
            yield row, column, kind, cell[_SHORT:]
        if row >= MOST_ROWS or column >= MOST_COLUMNS:
            raise Damaged("a cell past the last")


Read = Callable[[bytes, _Strings], Any]


def _value(read: Read, content: bytes, shared: _Strings) -> Any:
    try:
        return read(content, shared)
    except (struct.error, IndexError) as error:
        raise Damaged("a cell that is cut off") from error


def _error(content: bytes, _shared: _Strings) -> str:
    return ERRORS.get(content[0], "#N/A")


def _small(content: bytes, _shared: _Strings) -> float:
    """A number in four bytes (2.5.122): of an integer or a double the first thirty bits."""
    (raw,) = struct.unpack_from("<i", content)
    wide = struct.pack("<Q", (raw & 0xFFFFFFFC) << 32)
    number = float(raw >> 2) if raw & 2 else struct.unpack("<d", wide)[0]
    return number / 100 if raw & 1 else number


_SHORTS = range(12, 19)
"""Cells that follow the one before; the first kind is blank."""
_LACKING: Mapping[int, Read] = {
    3: _error,
    11: _error,
    _RICH: lambda content, _shared: _wide(content, 1)[0],
    13: _small,
    14: _error,
    15: lambda content, _shared: "TRUE" if content[0] else "FALSE",
    16: lambda content, _shared: struct.unpack_from("<d", content)[0],
    17: lambda content, _shared: _wide(content, 0)[0],
    18: lambda content, shared: shared.at(struct.unpack_from("<I", content)[0]),
}
