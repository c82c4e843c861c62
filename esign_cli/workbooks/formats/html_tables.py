"""The tables of an HTML page that was saved as a workbook, as rows of cells.

Such pages are written by report programs, not by hand: `</tr>` and `</td>` come and go, the charset
they declare may be a lie, and 0x1A bytes from old systems stand in the text. So they are not parsed
as a tree; the tags that begin and end rows and cells are looked for, a piece of the page at a time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from esign_cli.workbooks.formats import inner_tables
from esign_cli.workbooks.formats.chunks import Chunk, Unmerged
from esign_cli.workbooks.formats.html_cells import Cell, Cells
from esign_cli.workbooks.formats.html_rows import Rows
from esign_cli.workbooks.formats.html_texts import Texts
from esign_cli.workbooks.formats.plain_rows import Piece, Row, chunks

MOST_COLUMNS = 512
MOST_ROWS = 1 << 20
LONGEST_SPAN = 6
_PIECE = 1 << 18

_ATTRIBUTES = r"""((?:[^>"']++|"[^"]*+"|'[^']*+')*+(?=>)|[^>]*+)>"""
_ROW_TAG = re.compile(rf"<(/?(?:tr|table|tbody|thead|tfoot))\b{_ATTRIBUTES}", re.IGNORECASE)
_CELL_TAG = re.compile(rf"<t[dh](?=[\s/>]){_ATTRIBUTES}", re.IGNORECASE)
_ROW_START = re.compile(r"<tr\b", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<!\[CDATA\[(.*?)\]\]>", re.IGNORECASE | re.DOTALL
)
_SIGNS = re.compile(r"<([tT][aA][bB]|!--|!\[|[sS](?:[cC][rR]|[tT][yY]))")
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_TO_THE_END = re.compile(r"\browspan\s*=\s*[\"']?0+(?!\d)", re.IGNORECASE)
"""Down to the last row of the table (HTML, 4.9.11)."""


class Page(Unmerged):
    """The tables of a page, one below the other, without what nobody sees; a sheet of a workbook.

    They are read anew each time.
    """

    visible = True

    def __init__(self, name: str, text: str) -> None:
        texts = Texts("")
        if _is_odd(text):
            texts = Texts(text)
            text = _UNSEEN.sub(lambda match: html.escape(match[2] or ""), text)
            text = inner_tables.flattened(text, texts.shown)
        self.name = name
        self.rows = text.count("<tr") + text.count("<TR")
        self._text = text
        self._cells = Cells(texts)

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows of all tables, in the order they are written.

        A cell over several columns stands in the first of them, one over several rows in each of
        them.
        """
        rows, left = Rows(), MOST_ROWS
        table = _Table(rows, self._cells)
        for text in _pieces(self._text):
            piece = rows.piece(text)
            read = islice(table.rows(piece), left)
            for chunk in chunks(piece, read, self._cells, in_order=True):
                left -= chunk.count
                yield chunk
            if left <= 0:
                return


def _is_odd(text: str) -> bool:
    """Whether there is more than one table, or a comment, a script, a style or CDATA."""
    signs = [match[1].lower() for match in islice(_SIGNS.finditer(text), 2)]
    return signs not in ([], ["tab"])


def _pieces(text: str) -> Iterator[str]:
    """The page in pieces that begin where a row does."""
    begin = 0
    while begin < len(text):
        match = _ROW_START.search(text, begin + _PIECE)
        end = match.start() if match else len(text)
        yield text[begin:end]
        begin = end


class _Table:
    """What of the rows above reaches down into the next."""

    def __init__(self, rows: Rows, cells: Cells) -> None:
        self._rows = rows
        self._cells = cells
        self._hanging: dict[int, tuple[int, Cell]] = {}
        """Column → rows still to fill, with what."""

    def rows(self, piece: Piece) -> Iterator[Row]:
        """Yield each row, with its cells unless it is a plain one that nothing reaches into."""
        for number, text in enumerate(piece.between):
            if text and not text.isspace():
                yield from self._written(text)
            if number == piece.count:
                return
            plain = not self._hanging and self._rows.is_alone(piece, number)
            yield number if plain else self._row(piece.cells(number))

    def _written(self, text: str) -> Iterator[list[Cell]]:
        """The rows of any part of the page, whatever is written between them."""
        before, *rest = _ROW_TAG.split(text)
        for tag, inside in [("", before), *zip(rest[::3], rest[2::3], strict=True)]:
            begun = tag.lower() == "tr"
            if tag.lower() == "table":
                self._hanging = {}
            _, *parts = _CELL_TAG.split(inside)
            if parts or begun:
                yield self._row(list(zip(parts[::2], parts[1::2], strict=True)))

    def _row(self, cells: Sequence[tuple[str, str]]) -> list[Cell]:
        """The cells of a row by their attributes and texts."""
        row: list[Cell] = []
        for attributes, content in cells:
            self._fill_down(row)
            column = len(row)
            if column >= MOST_COLUMNS:
                break
            cell = self._cells.one(attributes, content)
            spans = {name.lower(): _span(number) for name, number in _SPAN.findall(attributes)}
            across = [cell, *[""] * (min(spans.get("col", 1), MOST_COLUMNS) - 1)]
            row += across
            if _TO_THE_END.search(attributes):
                spans["row"] = MOST_ROWS
            if (down := spans.get("row", 1)) > 1:
                self._hanging |= {column + n: (down - 1, one) for n, one in enumerate(across)}
        self._fill_down(row)
        return row

    def _fill_down(self, row: list[Cell]) -> None:
        while (column := len(row)) in self._hanging:
            left, cell = self._hanging.pop(column)
            row.append(cell)
            if left > 1:
                self._hanging[column] = (left - 1, cell)


def _span(number: str) -> int:
    return 1 if len(number) > LONGEST_SPAN else min(max(int(number), 1), MOST_ROWS)
