"""A large XML part in pieces that end where an item of its list ends, decoded as it says itself."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from esign_cli.workbooks.formats import Damaged

PIECE = 1 << 20
LONGEST_ITEM = 64 << 20
"""Letters of XML between the end of one item and that of the next."""
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""")
_NAMESPACE = re.compile(r"""\sxmlns(?::\w+)?\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first item: the prefix of names, and the namespaces declared."""

    prefix: str
    namespaces: str


def read(part: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a part a piece at a time, and close it."""
    with part:
        while piece := part.read(PIECE):
            yield piece


def pieces(part: Iterable[bytes], root: str, item: str) -> Iterator[tuple[Head, str]]:
    """Yield whole items; the first piece begins behind the start of `root`. Raises Damaged."""
    rest, head = "", None
    for text in decoded(part):
        rest += text
        if head is None:
            head, rest = _head(rest, root)
        whole, rest = _cut(rest, f"</{head.prefix}{item}>") if head else ("", rest)
        if head and whole:
            yield head, whole
    if head is not None:
        last, closed, _ = rest.partition(f"</{head.prefix}{root}>")
        if rest.strip() and not closed:
            raise Damaged("its XML ends too soon")
        if f"<{head.prefix}{item}" in last:
            yield head, last


def _cut(text: str, end: str) -> tuple[str, str]:
    """The text up to where the last whole item ends, and the rest."""
    cut = text.rfind(end) + len(end)
    whole, rest = (text[:cut], text[cut:]) if cut >= len(end) else ("", text)
    if len(rest) > LONGEST_ITEM:
        raise Damaged("a row longer than any can be")
    return whole, rest


def decoded(part: Iterable[bytes], encoding: str = "") -> Iterator[str]:
    """Yield the text a piece at a time, by this encoding or the one it declares; raises Damaged."""
    decoder = None
    for piece in part:
        if decoder is None:
            decoder = codecs.getincrementaldecoder(encoding or _encoding(piece))("strict")
        yield decoder.decode(piece)


def _head(start: str, root: str) -> tuple[Head | None, str]:
    """The head, and the text behind it; none as long as the start of `root` was not read."""
    if "<!DOCTYPE" in start:
        raise Damaged("it declares a document type")
    match = re.search(rf"<((?:\w+:)?){root}\b[^>]*+(>)", start)
    if match is None:
        if len(start) > LONGEST_ITEM:
            raise Damaged("no rows where they should be")
        return None, start
    declared = "".join(_NAMESPACE.findall(start[: match.end()]))
    if match[0].endswith("/>"):
        return Head(match[1], declared), f"</{match[1]}{root}>"
    return Head(match[1], declared), start[match.end() :]


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith(b"<\0"):
        return "utf-16-le"
    declared = _ENCODING.match(start.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode() if declared else "utf-8"
    try:
        return "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name
    except LookupError as error:
        raise Damaged(f"no such encoding: {name[:20]}") from error
