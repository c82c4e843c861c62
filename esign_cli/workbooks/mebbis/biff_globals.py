"""The first records of an .xls: what holds for the whole workbook ([MS-XLS] 2.1.7.20.3)."""

from __future__ import annotations

from collections.abc import Iterator

_BOF, _EOF, _BOUNDSHEET = 0x809, 0x0A, 0x85
_SECTOR_AT = 116
_MOST_BYTES = 1 << 20
_STREAMS = tuple(name.encode("utf-16-le") + b"\0\0" for name in ("Workbook", "Book"))


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each, as far as they lie one behind the other in the file."""
    stream = _stream(content)
    place = 0
    while place + 4 <= len(stream):
        kind = int.from_bytes(stream[place : place + 2], "little")
        length = int.from_bytes(stream[place + 2 : place + 4], "little")
        if kind in (_EOF, _BOUNDSHEET) or (place == 0 and kind != _BOF):
            return
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _stream(content: bytes) -> bytes:
    """The beginning of the workbook stream, whose directory entry names its first sector."""
    shift = int.from_bytes(content[30:32], "little")
    place = next((at for name in _STREAMS if (at := content.find(name)) >= 0), -1)
    if shift not in (9, 12) or place < 0:
        return b""
    sector = int.from_bytes(content[place + _SECTOR_AT : place + _SECTOR_AT + 4], "little")
    return content[(sector + 1) << shift :][:_MOST_BYTES]
