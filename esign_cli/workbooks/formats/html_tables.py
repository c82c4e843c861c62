"""The tables of an HTML page that was saved as a workbook, as rows of cells.

Such pages are written by report programs, not by hand: `</tr>` and `</td>` come and go, the charset
they declare may be a lie, and 0x1A bytes from old systems stand in the text. So they are not parsed
as a tree; the tags that begin and end rows and cells are looked for, a piece of the page at a time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice

from esign_cli.workbooks.formats import inner_tables
from esign_cli.workbooks.formats.html_texts import Texts

MOST_COLUMNS = 512
MOST_ROWS = 1 << 20
LONGEST_CELL = 32_767
"""Excel's own limit for the text of a cell."""
LONGEST_SPAN = 6
_PIECE = 1 << 18
Cell = str | float

_ATTRIBUTES = r"""((?:[^>"']++|"[^"]*+"|'[^']*+')*+(?=>)|[^>]*+)>"""
_ROW_TAG = re.compile(rf"<(/?(?:tr|table|tbody|thead|tfoot))\b{_ATTRIBUTES}", re.IGNORECASE)
_CELL_TAG = re.compile(rf"<t[dh](?=[\s/>]){_ATTRIBUTES}", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\b[^>]*>", re.IGNORECASE)
_ENDS = ("/td>", "/th>", "/TD>", "/TH>")
_ROW_START = re.compile(r"<tr\b", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<!\[CDATA\[(.*?)\]\]>", re.IGNORECASE | re.DOTALL
)
_TABLE_TAG = re.compile(r"<table\b", re.IGNORECASE)
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_TO_THE_END = re.compile(r"\browspan\s*=\s*[\"']?0+(?!\d)", re.IGNORECASE)
"""Down to the last row of the table (HTML, 4.9.11)."""
_EXACT = re.compile(
    r"""(?:\bx:num|\bsdval)\s*=\s*["']?(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=["'\s>]|$)"""
)
"""What Excel 2003 and LibreOffice write beside a number that they show rounded, or as a date."""


def rows(text: str) -> Iterator[list[Cell]]:
    """Yield the rows of all tables of the page, in the order they are written.

    A cell over several columns stands in the first of them, one over several rows in each of them.
    """
    text, texts = _plain(text)
    table = _Table(texts)
    begun, count = False, 0
    for piece in _pieces(text):
        before, *rest = _ROW_TAG.split(piece)
        for tag, inside in [("", before), *zip(rest[::3], rest[2::3], strict=True)]:
            begun = begun or tag.lower() == "tr"
            if tag.lower() == "table":
                table.hanging = {}
            if begun or _CELL_TAG.search(inside):
                row = table.row(inside)
                if row or begun:
                    yield row
                    count += 1
            begun = False
            if count >= MOST_ROWS:
                return


def _plain(text: str) -> tuple[str, Texts]:
    """The page without what nobody sees and without tables in cells; and what reads its cells."""
    texts = Texts(text)
    if "<!--" in text or _UNSEEN.search(text):
        text = _UNSEEN.sub(lambda match: html.escape(match[2] or ""), text)
    if len(list(islice(_TABLE_TAG.finditer(text), 2))) > 1:
        text = inner_tables.flattened(text, texts.shown)
    return text, texts


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

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.hanging: dict[int, tuple[int, Cell]] = {}
        """Column → rows still to fill, with what."""

    def row(self, inside: str) -> list[Cell]:
        """Return the cells of what stands between the tags of a row."""
        parts = _CELL_TAG.split(inside)
        if not self.hanging and "span" not in inside:
            return list(map(self._cell, parts[1:1024:2], parts[2:1025:2]))[:MOST_COLUMNS]
        row: list[Cell] = []
        for attributes, content in zip(parts[1::2], parts[2::2], strict=True):
            self._fill_down(row)
            column = len(row)
            if column >= MOST_COLUMNS:
                break
            cell = self._cell(attributes, content)
            spans = {name.lower(): _span(number) for name, number in _SPAN.findall(attributes)}
            across = [cell, *[""] * (min(spans.get("col", 1), MOST_COLUMNS) - 1)]
            row += across
            if _TO_THE_END.search(attributes):
                spans["row"] = MOST_ROWS
            if (down := spans.get("row", 1)) > 1:
                self.hanging |= {column + n: (down - 1, one) for n, one in enumerate(across)}
        self._fill_down(row)
        return row

    def _fill_down(self, row: list[Cell]) -> None:
        while (column := len(row)) in self.hanging:
            left, cell = self.hanging.pop(column)
            row.append(cell)
            if left > 1:
                self.hanging[column] = (left - 1, cell)

    def _cell(self, attributes: str, content: str) -> Cell:
        text, tag, rest = content.partition("<")
        if tag and not rest.startswith(_ENDS):
            text = self._texts.shown(_CELL_END.split(content, maxsplit=1)[0])
        exact = _EXACT.search(attributes) if attributes else None
        if exact and not _in_quotes(attributes, exact.start()):
            return float(exact[1])
        if "&" in text:
            text = html.unescape(text)
        return " ".join(text.split())[:LONGEST_CELL]


def _in_quotes(attributes: str, place: int) -> bool:
    """Whether it is the text of another attribute that begins before this place."""
    return any(attributes.count(quote, 0, place) % 2 for quote in "\"'")


def _span(number: str) -> int:
    return 1 if len(number) > LONGEST_SPAN else min(max(int(number), 1), MOST_ROWS)


def count(text: str) -> int:
    """Return about how many rows the page has."""
    return text.count("<tr") + text.count("<TR")
