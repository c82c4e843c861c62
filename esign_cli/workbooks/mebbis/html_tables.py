"""The tables of an HTML page that was saved as a workbook, as rows of text.

Such pages are written by report programs, not by hand: `</tr>` and `</td>` come and go, the charset
they declare may be a lie, and 0x1A bytes from old systems stand in the text.
"""

from __future__ import annotations

import codecs
from html.parser import HTMLParser

MOST_COLUMNS = 512
MOST_ROWS = 1 << 20
LONGEST_CELL = 32_767
"""Excel's own limit for the text of a cell."""
LONGEST_SPAN = 6
_BREAKS = frozenset(("br", "p", "div", "li"))
_SILENT = frozenset(("style", "script", "head", "title"))
_CHUNK = 1 << 16


def decode(content: bytes) -> str:
    """Text by its byte order mark, else as strict UTF-8, else as windows-1254."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    content = content.replace(b"\x1a", b"")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1254", "replace")


def rows(text: str) -> list[list[str]]:
    """The rows of all tables of the page, in the order they are written.

    A cell over several columns stands in the first of them, one over several rows in each of them.
    """
    parser = _Tables()
    for start in range(0, len(text), _CHUNK):
        parser.feed(text[start : start + _CHUNK])
        if len(parser.rows) >= MOST_ROWS:
            break
    parser.close()
    parser.end_row()
    return parser.rows


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._hanging: dict[int, tuple[int, str]] = {}  # column → rows still to fill, with what
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.end_row()
            self._row = []
        elif tag in ("td", "th"):
            self._end_cell()
            if self._row is None:
                self._row = []
            given = dict(attrs)
            self._cell = []
            self._spans = (
                _span(given.get("colspan"), MOST_COLUMNS),
                _span(given.get("rowspan"), MOST_ROWS),
            )
        elif tag == "table":
            self.end_row()
            self._hanging = {}
        elif tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tr", "table", "tbody", "thead"):
            self.end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _SILENT:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def end_row(self) -> None:
        """The row is over, whether the page says so or not."""
        self._end_cell()
        if self._row is not None:
            self._fill_hanging()
            self.rows.append(self._row)
            self._row = None

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = " ".join("".join(self._cell).split())[:LONGEST_CELL]
        self._fill_hanging()
        columns, rows = self._spans
        column = len(self._row)
        if column < MOST_COLUMNS:
            self._row.extend([text, *[""] * (columns - 1)])
            if rows > 1:
                self._hanging[column] = (rows - 1, text)
        self._cell = None

    def _fill_hanging(self) -> None:
        """Cells of the rows above that reach down into the next places of this row."""
        assert self._row is not None  # noqa: S101  (both callers have looked)
        while (column := len(self._row)) in self._hanging:
            left, text = self._hanging.pop(column)
            self._row.append(text)
            if left > 1:
                self._hanging[column] = (left - 1, text)


def _span(value: str | None, most: int) -> int:
    if not value or not value.isdecimal() or len(value) > LONGEST_SPAN:
        return 1
    return min(max(int(value), 1), most)
