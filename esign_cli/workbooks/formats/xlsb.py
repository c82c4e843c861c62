"""The cells of an .xlsb that its reader gives as empty ([MS-XLSB] 2.4): errors, formatted text."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from esign_cli.workbooks.formats.biff import ERRORS
from esign_cli.workbooks.formats.package import UNREADABLE, Package

_PIECE = 7
_ROW, _ERROR, _FORMULA_ERROR, _RICH = 0, 3, 11, 62
_WORKBOOK_PROPERTIES, _BUNDLE = 153, 156
_LONG, _CELL = 4, 8
_MOST_BYTES = 256 << 20


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


def overlays(package: Package) -> list[dict[int, dict[int, str]]]:
    """Read texts by row and column, counted from 0, of each sheet in the order of the workbook."""
    main = package.main() or "xl/workbook.bin"
    parts = {one.id: one.name for one in package.related(main)}
    relations = [
        _wide(content, 8)[0] for kind, content in _records(package.read(main)) if kind == _BUNDLE
    ]
    return [_overlay(package, parts[one]) if one in parts else {} for one in relations]


def _overlay(package: Package, part: str) -> dict[int, dict[int, str]]:
    try:
        content = package.read(part, _MOST_BYTES)
    except UNREADABLE:
        return {}  # the reader of the sheet says so
    by_row: dict[int, dict[int, str]] = {}
    row = 0
    for kind, cell in _records(content):
        if kind == _ROW and len(cell) >= _LONG:
            (row,) = struct.unpack_from("<I", cell)
        elif kind in (_ERROR, _FORMULA_ERROR, _RICH) and len(cell) > _CELL:
            (column,) = struct.unpack_from("<I", cell)
            text = _wide(cell, _CELL + 1)[0] if kind == _RICH else ERRORS.get(cell[_CELL], "#N/A")
            by_row.setdefault(row, {})[column] = text
    return by_row
