"""Whether a workbook counts its days from 1904, as Excel for the Mac did for long.

Dates that are marked as such come out right anyway; this is for bare numbers in a column of dates.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

_DECLARED = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_MOST_BYTES = 1 << 20
_DATEMODE, _BOF, _EOF, _BOUNDSHEET = 0x22, 0x809, 0x0A, 0x85
_ENTRY, _SECTOR_AT, _NAME_BYTES = 128, 116, 64
_STREAMS = tuple(name.encode("utf-16-le") + b"\0\0" for name in ("Workbook", "Book"))


def xlsx(content: bytes) -> bool:
    """By its workbook part."""
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            archive.open("xl/workbook.xml") as part,
        ):
            return _DECLARED.search(part.read(_MOST_BYTES)) is not None
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError):
        return False


def xls(content: bytes) -> bool:
    """By the DATEMODE record among the first of its workbook stream ([MS-XLS] 2.4.77)."""
    shift = int.from_bytes(content[30:32], "little")
    if shift not in (9, 12):
        return False
    for name in _STREAMS:
        place = content.find(name)
        if place < 0:
            continue
        sector = int.from_bytes(content[place + _SECTOR_AT : place + _SECTOR_AT + 4], "little")
        return _in_globals(content[(sector + 1) << shift :][:_MOST_BYTES])
    return False


def _in_globals(stream: bytes) -> bool:
    place = 0
    while place + 4 <= len(stream):
        kind = int.from_bytes(stream[place : place + 2], "little")
        length = int.from_bytes(stream[place + 2 : place + 4], "little")
        if kind == _DATEMODE:
            return stream[place + 4 : place + 6] == b"\x01\x00"
        if kind in (_EOF, _BOUNDSHEET) or (place == 0 and kind != _BOF):
            return False
        place += 4 + length
    return False
