"""The parts of a workbook that is a ZIP."""

from __future__ import annotations

import io
import zipfile
import zlib

_MOST_BYTES = 1 << 20
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, NotImplementedError)
"""What the standard library raises for a part that is broken or not there."""


def beginning(content: bytes, name: str) -> bytes:
    """The first bytes of a part; none if it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as part:
            return part.read(_MOST_BYTES)
    except UNREADABLE:
        return b""
