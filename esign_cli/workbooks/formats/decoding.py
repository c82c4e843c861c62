"""The text of a file that does not say, or says wrongly, how its letters are written."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 1 << 16
_MOSTLY = 0.4
"""Of the bytes of UTF-16 in a Western language, almost each second one is 0."""
_GOOD_TO_BAD = 4
# Turkish letters between others, as windows-1254 has them and as MS-DOS (857) had them
_WINDOWS = re.compile(rb"[A-Za-z][\xc7\xd0\xd6\xdc-\xde\xe7\xf0\xf6\xfc-\xfe][A-Za-z]")
_DOS = re.compile(rb"[A-Za-z][\x80\x81\x87\x8d\x94\x98-\x9a\x9e\x9f\xa6\xa7][A-Za-z]")


def text(content: bytes) -> str:
    """Return text by its byte order mark, else UTF-16 by its zeros, else as UTF-8, else one byte a
    letter.

    A letter that is not what the rest is written in becomes U+FFFD: its row is refused later.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    wide = utf16(content)
    if wide:
        return content.decode(wide, "replace")
    content = content.replace(b"\x1a", b"")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(content) or content.decode(_one_byte(content), "replace")


def utf16(content: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be" by the places of its zeros; "" if it is neither."""
    start = content[: _LOOKED_AT & ~1]
    half = len(start) // 2
    if half and start[1::2].count(0) > half * (1 - _MOSTLY) and not start[::2].count(0):
        return "utf-16-le"
    if half and start[::2].count(0) > half * (1 - _MOSTLY) and not start[1::2].count(0):
        return "utf-16-be"
    return ""


def _mostly_utf8(content: bytes) -> str:
    """UTF-8 with a stray byte here and there; "" if it is something else."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(map(text.count, "ışğİŞĞüöçÜÖÇ"))
    return text if good > bad * _GOOD_TO_BAD else ""


def _one_byte(content: bytes) -> str:
    start = content[:_LOOKED_AT]
    return "cp857" if len(_DOS.findall(start)) > len(_WINDOWS.findall(start)) else "cp1254"
