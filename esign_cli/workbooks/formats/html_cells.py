"""What the cells of an HTML page say, one by one or a column at a time."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from esign_cli.workbooks.formats.chunks import LONGEST_CELL
from esign_cli.workbooks.formats.html_texts import Texts

Cell = str | float

_END = re.compile(r"</t[dh]\b[^>]*>", re.IGNORECASE)
_ENDS = ("/td>", "/th>", "/TD>", "/TH>")
_LOOSE = ("&", "  ", "| ", " |")
"""In these, put together, is a text that is not written as it is shown."""
_EXACT = re.compile(
    r"""(?:\bx:num|\bsdval)\s*=\s*["']?(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=["'\s>]|$)"""
)
"""What Excel 2003 and LibreOffice write beside a number that they show rounded, or as a date."""


class Cells:
    """Reads the cells of one page."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def one(self, attributes: str, content: str) -> Cell:
        """Return a cell by its attributes and what is written up to the next cell."""
        exact = _exact(attributes) if attributes else None
        if exact is not None:
            return exact
        text, tag, rest = content.partition("<")
        if tag and not rest.startswith(_ENDS):
            text = self._texts.shown(_END.split(content, maxsplit=1)[0])
        return _shown(text)

    def many(self, attributes: Sequence[str], texts: Sequence[str]) -> list[Cell]:
        """Return cells in which nothing but text is written."""
        cells: list[Cell] = list(texts) if _is_shown(texts) else list(map(_shown, texts))
        exact = {given: _exact(given) for given in set(attributes) if given}
        if any(number is not None for number in exact.values()):
            for place, given in enumerate(attributes):
                if given and (number := exact[given]) is not None:
                    cells[place] = number
        return cells


def _shown(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())[:LONGEST_CELL]


def _is_shown(texts: Sequence[str]) -> bool:
    """Whether each of them is what `_shown` makes of it."""
    joined = "|".join(texts)
    return (
        joined.isprintable()
        and not any(sign in joined for sign in _LOOSE)
        and joined == joined.strip()
        and max(map(len, texts), default=0) <= LONGEST_CELL
    )


def _exact(attributes: str) -> float | None:
    exact = _EXACT.search(attributes)
    if exact is None or _in_quotes(attributes, exact.start()):
        return None
    return float(exact[1])


def _in_quotes(attributes: str, place: int) -> bool:
    """Whether it is the text of another attribute that begins before this place."""
    return any(attributes.count(quote, 0, place) % 2 for quote in "\"'")
