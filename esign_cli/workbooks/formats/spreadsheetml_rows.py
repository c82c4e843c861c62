"""The rows of SpreadsheetML as most programs write them: cells of plain text, in their order.

A cell that is left out is seen by the index of the next. Whatever has a formula, a comment, a span,
rich text or a namespace of its own is read by the parser of `spreadsheetml`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from esign_cli.workbooks.formats import Damaged
from esign_cli.workbooks.formats.chunks import LONGEST_CELL
from esign_cli.workbooks.formats.plain_rows import MOST_MATCHED, Piece
from esign_cli.workbooks.formats.xlsx_cells import moment

Value = str | float
_LOOKED_AT = 50
_CACHED = 50_000
_OTHER = r"""[\w:.-]+="[^"<>&]*+\""""
_CELL_OTHER = rf"(?!xmlns|(?:\w+:)?(?:Index|Merge|Formula|Array)\w*=){_OTHER}"
_ROW = rf"<{{0}}Row(?:\s+(?!xmlns|(?:\w+:)?Index=){_OTHER})*\s*>\s*+"
_TEXT = r"[^<\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_DATA = rf'\s*+<{{0}}Data {{1}}:Type="(\w++)">({_TEXT})</{{0}}Data>'
_NO_DATA = r'\s*+<{0}Data {1}:Type="\w++"\s*/>'
_END = r"\s*+(?:<{0}NamedCell\s[^<>&]*+>\s*+)*</{0}Cell>"
_CELL = (
    rf'(?><{{0}}Cell(?:|(?:\s+(?:{{1}}:Index="{{2}}"|{_CELL_OTHER}))+\s*)'
    rf"(?:>{_DATA}(?:</{{0}}Cell>|{_END})|>(?:{_NO_DATA}|){_END}|/>)\s*+|)"
)
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos);|#(\d{1,7});|#x([0-9A-Fa-f]{1,6});|)")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LETTERS = ((9, 10), (13, 13), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
"""What XML takes for a letter."""


class Rows:
    """Takes pieces of a file apart: of each cell its type and its text, None where there are none.

    `prefix`: what stands before the names of elements, with its colon; `own`: before those of
    attributes.
    """

    def __init__(self, prefix: str, own: str) -> None:
        self._prefix = prefix
        self._own = own
        self._columns = 0
        self._row_tag = re.compile(rf"<{prefix}Row[\s>]")
        self.row_end = f"</{prefix}Row>"
        self._cell_tag = re.compile(rf'<{prefix}Cell\b(?:[^>]*?\b{own}:Index="(\d{{1,5}})")?')

    def piece(self, text: str) -> Piece:
        """Return the next piece."""
        columns = self._columns or self._most_columns(text)
        piece = Piece(text, _pattern(self._prefix, self._own, columns))
        others = sum(map(len, piece.between))
        # where most is written otherwise, the next piece is looked at anew
        self._columns = 0 if others * 2 > len(text) else piece.width
        return piece

    def all_of(self, text: str) -> str:
        """Return the text from where its first row begins to where its last one ends."""
        begin = self._row_tag.search(text)
        end = text.rfind(self.row_end)
        return text[begin.start() : end + len(self.row_end)] if begin and end >= 0 else ""

    def _most_columns(self, text: str) -> int:
        """How many columns the widest of the first rows have."""
        most = 1
        for row in self._row_tag.split(text, _LOOKED_AT)[1:]:
            column = 0
            for given in self._cell_tag.findall(row):
                column = int(given) if given else column + 1
            most = max(most, column if column <= MOST_MATCHED else 1)
        return most


@lru_cache
def _pattern(prefix: str, own: str, columns: int) -> re.Pattern[str]:
    cells = "".join(_CELL.format(prefix, own, column) for column in range(1, columns + 1))
    return re.compile(f"{_ROW.format(prefix)}{cells}</{prefix}Row>")


# --- cells ---------------------------------------------------------------------------------------


def value(kind: str, text: str) -> Value:
    """Return what a cell of this type says."""
    return _VALUES.get(kind, str)(text[:LONGEST_CELL])


class Cells:
    """Reads cells by their types and texts."""

    def __init__(self) -> None:
        self._known: dict[str, _Cached] = {}

    def one(self, kind: str | None, text: str | None) -> Value:
        """Return a cell; raises Damaged for an entity that XML does not know."""
        return "" if kind is None else value(kind, _unescaped(text or ""))

    def many(self, kinds: Sequence[str | None], texts: Sequence[str | None]) -> list[Value]:
        """Return several; the same as one by one, and faster where all are of one type."""
        known = set(kinds)
        kind = known.pop()
        if known or kind is None:
            return list(map(self.one, kinds, texts))
        return self._alike(kind, [text or "" for text in texts])

    def _alike(self, kind: str, texts: list[str]) -> list[Value]:
        if "&" in "".join(texts):
            texts = list(map(_unescaped, texts))
        if kind == "String" and max(map(len, texts)) <= LONGEST_CELL:
            return list(texts)
        if kind == "Number":
            with contextlib.suppress(ValueError):
                return list(map(float, texts))
        values = self._known.get(kind)
        if values is None or len(values) > _CACHED:
            values = self._known[kind] = _Cached(kind)
        return list(map(values.__getitem__, texts))


class _Cached(dict[str, Value]):
    """The values of texts of one type."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, text: str) -> Value:
        read = self[text] = value(self._kind, text)
        return read


def _unescaped(text: str) -> str:
    return _ENTITY.sub(_letter, text) if "&" in text else text


def _letter(match: re.Match[str]) -> str:
    if match[1]:
        return _ENTITIES[match[1]]
    code = int(match[2] or "0") or int(match[3] or "0", 16)
    if not any(first <= code <= last for first, last in _LETTERS):
        raise Damaged("an entity that XML does not know")
    return chr(code)


def _numeral(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text


_VALUES: dict[str, Callable[[str], Value]] = {
    "Number": _numeral,
    "DateTime": moment,
    "Boolean": lambda text: {"1": "TRUE", "0": "FALSE"}.get(text, text),
}
