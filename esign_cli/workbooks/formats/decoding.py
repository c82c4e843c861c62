"""The text of a file that does not say, or says wrongly, how its letters are written."""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
Pieces = Callable[[], Iterable[bytes]]
"""Gives the bytes of a file from its beginning, each time; only the last piece may be shorter than
_LOOKED_AT."""
_LOOKED_AT = 1 << 16
_OLD_END = b"\x1a"
_WITH_OLD_ENDS = ("utf-8", "cp857", "cp1254")
"""In these the bytes that ended files of old systems are no letters."""
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
    name = _marked(content) or utf16(content)
    if name:
        return content.decode(name, "replace")
    content = content.replace(_OLD_END, b"")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_not_utf8(lambda: [content]), "replace")


def encoding(pieces: Pieces) -> str:
    """Return in what a text is written, for `texts`."""
    start = next(iter(pieces()), b"")
    name = _marked(start) or utf16(start)
    if name:
        return name
    try:
        deque(_decoded(_without_old_ends(pieces()), "utf-8", "strict"), maxlen=0)
    except UnicodeDecodeError:
        return _not_utf8(lambda: _without_old_ends(pieces()))
    return "utf-8"


def texts(pieces: Iterable[bytes], name: str) -> Iterator[str]:
    """Yield what `text` returns, a piece at a time."""
    plain = _without_old_ends(pieces) if name in _WITH_OLD_ENDS else pieces
    return _decoded(plain, name, "replace")


def _without_old_ends(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return (piece.replace(_OLD_END, b"") for piece in pieces)


def _decoded(pieces: Iterable[bytes], name: str, errors: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)(errors)
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", True)


def _marked(start: bytes) -> str:
    return next((name for mark, name in _BOMS if start.startswith(mark)), "")


def utf16(content: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be" by the places of its zeros; "" if it is neither."""
    start = content[: _LOOKED_AT & ~1]
    half = len(start) // 2
    if half and start[1::2].count(0) > half * (1 - _MOSTLY) and not start[::2].count(0):
        return "utf-16-le"
    if half and start[::2].count(0) > half * (1 - _MOSTLY) and not start[1::2].count(0):
        return "utf-16-be"
    return ""


def _not_utf8(pieces: Pieces) -> str:
    """ "utf-8" nevertheless if it is that with a stray byte here and there."""
    good = bad = 0
    for text in _decoded(pieces(), "utf-8", "replace"):
        bad += text.count("\ufffd")
        good += sum(map(text.count, "ışğİŞĞüöçÜÖÇ"))
    return "utf-8" if good > bad * _GOOD_TO_BAD else _one_byte(next(iter(pieces())))


def _one_byte(content: bytes) -> str:
    start = content[:_LOOKED_AT]
    return "cp857" if len(_DOS.findall(start)) > len(_WINDOWS.findall(start)) else "cp1254"
