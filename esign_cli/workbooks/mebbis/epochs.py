"""Whether a workbook counts its days from 1904, as Excel for the Mac did for long.

Dates that are marked as such come out right anyway; this is for bare numbers in a column of dates.
"""

from __future__ import annotations

import re

from esign_cli.workbooks.mebbis.biff_globals import records
from esign_cli.workbooks.mebbis.zip_parts import beginning

_DECLARED = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_NULL_DATE = re.compile(rb"<table:null-date\b[^>]*\bdate-value\s*=\s*[\"']1904-01-01")
_BRT_WB_PROP = b"\x99\x01"
_PIECE = 7
_DATEMODE = 0x22


def xlsx(content: bytes) -> bool:
    """By its workbook part."""
    return _DECLARED.search(beginning(content, "xl/workbook.xml")) is not None


def ods(content: bytes) -> bool:
    """By the null date among its settings (OpenDocument 1.3 part 3, 9.4.2)."""
    return _NULL_DATE.search(beginning(content, "content.xml")) is not None


def xlsb(content: bytes) -> bool:
    """By the first bit of the BrtWbProp record ([MS-XLSB] 2.4.822)."""
    part = beginning(content, "xl/workbook.bin")
    place = 0
    while place < len(part):
        kind = part[place : place + 1 + (part[place] >> _PIECE)]
        place += len(kind)
        length, place = _long(part, place)
        if kind == _BRT_WB_PROP:
            return bool(part[place : place + 1] and part[place] & 1)
        place += length
    return False


def _long(part: bytes, place: int) -> tuple[int, int]:
    """A number in at most four pieces of seven bits, the lowest first, and the place behind it."""
    number = 0
    for count, piece in enumerate(part[place : place + 4]):
        number |= (piece & 0x7F) << _PIECE * count
        if piece >> _PIECE == 0:
            return number, place + count + 1
    return number, place + 4


def xls(content: bytes) -> bool:
    """By the DATEMODE record among the first of its workbook stream ([MS-XLS] 2.4.77)."""
    return any(kind == _DATEMODE and one == b"\x01\x00" for kind, one in records(content))
