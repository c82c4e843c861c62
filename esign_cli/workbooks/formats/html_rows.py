"""The rows of an HTML page as most programs write them: each with as many cells, all plain text."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from esign_cli.workbooks.formats.plain_rows import MOST_MATCHED, Piece

_LOOKED_AT = 50
_ATTRIBUTES = r"""|\s[^<>"']*+(?:(?:"[^<>"]*+"|'[^<>']*+')[^<>"']*+)*"""
_CELL = rf"<[tT][dDhH]({_ATTRIBUTES})>([^<]*+)(?:</[tT][dDhH]>\s*+|)"
_BEGIN = rf"<[tT][rR](?:{_ATTRIBUTES})>\s*+"
_END = r"(?:</[tT][rR]\s*+>|(?=</?[tT](?:[rR]|[aA]|[bB]|[fF]|[hH][eE]))|\Z)"
_ROW_TAG = re.compile(r"<[tT][rR]\b")
_CELL_TAG = re.compile(r"<[tT][dDhH][\s>]")
_SPANS = ("span", "Span", "SPAN")


class Rows:
    """Takes pieces of a page apart that begin where a row does."""

    def __init__(self) -> None:
        self._columns = 0
        self._may_span = False

    def piece(self, text: str) -> Piece:
        """Return the next piece: of each cell its attributes and its text."""
        piece = Piece(text, _pattern(self._columns or _most_columns(text)))
        others = sum(map(len, piece.between))
        # where most is written otherwise, the next piece is looked at anew
        self._columns = 0 if others * 2 > len(text) else piece.width
        self._may_span = any(word in text for word in _SPANS)
        return piece

    def is_alone(self, piece: Piece, number: int) -> bool:
        """Return whether no cell of a row is over several columns or rows."""
        return not self._may_span or not any(
            word in attributes for attributes, _ in piece.cells(number) for word in _SPANS
        )


@lru_cache
def _pattern(columns: int) -> re.Pattern[str]:
    return re.compile(f"{_BEGIN}{_CELL * columns}{_END}")


def _most_columns(text: str) -> int:
    """How many cells the most of the first rows have."""
    rows = _ROW_TAG.split(text, _LOOKED_AT)[1:]
    counts = Counter(len(_CELL_TAG.findall(row)) for row in rows)
    known = {count: times for count, times in counts.items() if 0 < count <= MOST_MATCHED}
    return max(known, key=lambda count: known[count], default=1)
