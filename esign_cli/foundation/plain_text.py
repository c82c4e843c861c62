"""Text of strangers (cards, certificates, files, workbooks, servers) as nothing but text.

What a terminal or a browser would obey, reorder or hide (Unicode's control, format, private,
unassigned and default-ignorable characters) becomes U+FFFD, so that one sees that it was there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
"""Printable by their category, and seen by nobody (Default_Ignorable_Code_Point)."""


def plain(text: str) -> str:
    """Return the text with its own lines, and nothing else in it that moves, hides or reorders."""
    if text.isprintable() and not _HIDDEN.search(text):
        return text
    return "".join(map(_shown, _HIDDEN.sub(REPLACEMENT, text)))


def one_line(text: str) -> str:
    """Return the same without lines of its own: what stands in one field, or within a sentence."""
    return plain(text).replace("\n", REPLACEMENT)


def without_hidden(text: str) -> str:
    """Return the text on one line without what nobody sees; each run of spaces is one space."""
    if not text.isprintable() or _HIDDEN.search(text):
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
        text = _HIDDEN.sub("", text)
    return " ".join(text.split())


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return a structure of mappings and lists with each text in it changed, all else as it is."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: each_text(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [each_text(one, change) for one in value]
    return value


def escaped(document: str) -> str:
    """Return a JSON document with the same content, in which such characters stand as escapes."""
    if document.isprintable() and not _HIDDEN.search(document):
        return document
    return "".join(map(_escaped, document))


def _shown(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    return " " if character.isspace() and character not in _CONTROLS else REPLACEMENT


_PLANE = 0x10000
"""From here on JSON escapes take two halves (RFC 8259, 7)."""
_CONTROLS = "\t\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
"""Spaces to Python that are more than a space to a screen."""


def _escaped(character: str) -> str:
    if not _HIDDEN.match(character) and (character.isprintable() or character == "\n"):
        return character
    number = ord(character)
    if number >= _PLANE:
        high, low = divmod(number - _PLANE, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{number:04x}"
