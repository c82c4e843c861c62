"""SpreadsheetML 2003: the workbook of Excel 2002 and 2003 as one XML file.

Read with expat, event by event. A document type declaration is refused, and with it every entity
that is not one of XML's own five and every reference to another file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from xml.parsers import expat

from esign_cli.workbooks.formats import Damaged
from esign_cli.workbooks.formats.chunks import LONGEST_CELL
from esign_cli.workbooks.formats.decoding import text, utf16
from esign_cli.workbooks.formats.xlsx_cells import UNCALCULATED

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_GAP = " "
_MIDNIGHT = "T00:00:00.000"
_FROM_1904 = re.compile(rb"<(?:\w+:)?Date1904\b")
MOST_COLUMNS, MOST_ROWS = 1 << 14, 1 << 20
_INDEX, _ACROSS, _DOWN, _TYPE, _FORMULA, _NAME = (
    f"{_NAMESPACE}{_GAP}{name}"
    for name in ("Index", "MergeAcross", "MergeDown", "Type", "Formula", "Name")
)
Value = str | float


class Table:
    """A sheet: its name, whether it is shown, its rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.visible = True
        self.rows: list[list[Value]] = []


def is_from_1904(content: bytes) -> bool:
    """Return whether bare counts of days are those of Excel's other calendar."""
    return _FROM_1904.search(content[: 1 << 16].replace(b"\x00", b"")) is not None


def tables(content: bytes) -> list[Table]:
    """Return the sheets; raises Damaged."""
    reader = _Reader()
    encoding: str | None = None
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or utf16(content):
        content, encoding = text(content).encode(), "utf-8"
    parser = expat.ParserCreate(encoding, namespace_separator=_GAP)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.letters
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(content.strip(b"\x00\x1a \t\r\n"), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Damaged(str(error)) from error
    return reader.tables


class _Reader:
    """What is being read: a sheet, a row, a cell, and its data but not those of its comment."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self._rows: list[list[Value]] = []
        self._row: list[Value] = []
        self._column = 0
        self._down: dict[int, tuple[int, Value]] = {}  # column → rows still to fill, with what
        self._cell: dict[str, str] = {}
        self._value: Value = ""
        self._has_data = False
        self._type = ""
        self._text: list[str] | None = None
        self._in_comment = False

    def doctype(self, *_: object) -> None:
        raise Damaged("it declares a document type")

    def start(self, name: str, own: dict[str, str]) -> None:
        starter = _STARTERS.get(name)
        if starter and not self._in_comment:
            starter(self, own)

    def end(self, name: str) -> None:
        ender = _ENDERS.get(name)
        if ender and (not self._in_comment or name == _COMMENT):
            ender(self)

    def letters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    # --- what begins ---------------------------------------------------------------------------

    def sheet(self, own: dict[str, str]) -> None:
        self.tables.append(Table(own.get(_NAME, "")))
        self._rows = self.tables[-1].rows
        self._down = {}

    def row(self, own: dict[str, str]) -> None:
        if not self.tables:
            raise Damaged("a row outside a sheet")
        if _INDEX in own:
            wanted = _number(own[_INDEX], MOST_ROWS)
            if wanted <= len(self._rows):
                raise Damaged("its rows are not in order")
            self._rows.extend([] for _ in range(wanted - 1 - len(self._rows)))
        self._row, self._column = [], 0

    def cell(self, own: dict[str, str]) -> None:
        self._cell = own
        if _INDEX in own:
            wanted = _number(own[_INDEX], MOST_COLUMNS) - 1
            if wanted < self._column:
                raise Damaged("a cell that stands where another does")
            while self._column < wanted:
                if self._column in self._down:
                    self._from_above()
                else:
                    self._column += 1
        else:
            self._fill_down()
        self._value = UNCALCULATED if _FORMULA in own else ""
        self._has_data = False

    def data(self, own: dict[str, str]) -> None:
        if self._has_data:
            raise Damaged("a cell with two values")
        self._has_data = True
        self._type = own.get(_TYPE, "String")
        self._text = []

    def comment(self, _own: dict[str, str]) -> None:
        self._in_comment = True

    def visible(self, _own: dict[str, str]) -> None:
        self._text = []

    # --- what ends -----------------------------------------------------------------------------

    def end_comment(self) -> None:
        self._in_comment = False

    def end_visible(self) -> None:
        if self.tables:
            self.tables[-1].visible = not "".join(self._text or ()).strip().endswith("Hidden")
        self._text = None

    def end_data(self) -> None:
        text = "".join(self._text or ())[:LONGEST_CELL]
        self._text = None
        self._value = _VALUES[self._type](text) if self._type in _VALUES else text

    def end_cell(self) -> None:
        own = self._cell
        if self._column >= MOST_COLUMNS:
            raise Damaged("a column past the last")
        across = _number(own[_ACROSS], MOST_COLUMNS) if _ACROSS in own else 0
        if _DOWN in own and (below := _number(own[_DOWN], MOST_ROWS)):
            covered = range(self._column + 1, self._column + across + 1)
            self._down |= dict.fromkeys(covered, (below, ""))
            self._down[self._column] = (below, self._value)
        self._put(self._value)
        self._column += across

    def end_row(self) -> None:
        if not self.tables:
            return
        for column in sorted(one for one in self._down if one >= self._column):
            self._column = column
            self._from_above()
        if len(self._rows) >= MOST_ROWS:
            raise Damaged("more rows than a sheet has")
        self._rows.append(self._row)

    # --- columns -------------------------------------------------------------------------------

    def _put(self, value: Value) -> None:
        if value != "":
            if len(self._row) < self._column:
                self._row += [""] * (self._column - len(self._row))
            self._row.append(value)
        self._column += 1

    def _fill_down(self) -> None:
        while self._column in self._down:
            self._from_above()

    def _from_above(self) -> None:
        left, value = self._down.pop(self._column)
        if left > 1:
            self._down[self._column] = (left - 1, value)
        self._put(value)


def _number(given: str, most: int) -> int:
    if not (given.isascii() and given.isdigit()) or int(given[:9]) > most:
        raise Damaged(f"a place that no sheet has: {given[:20]}")
    return int(given)


def _numeral(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return text


_COMMENT = f"{_NAMESPACE}{_GAP}Comment"
_VISIBLE = f"urn:schemas-microsoft-com:office:excel{_GAP}Visible"
_STARTERS: dict[str, Callable[[_Reader, dict[str, str]], None]] = {
    f"{_NAMESPACE}{_GAP}Worksheet": _Reader.sheet,
    f"{_NAMESPACE}{_GAP}Row": _Reader.row,
    f"{_NAMESPACE}{_GAP}Cell": _Reader.cell,
    f"{_NAMESPACE}{_GAP}Data": _Reader.data,
    _COMMENT: _Reader.comment,
    _VISIBLE: _Reader.visible,
}
_ENDERS: dict[str, Callable[[_Reader], None]] = {
    f"{_NAMESPACE}{_GAP}Row": _Reader.end_row,
    f"{_NAMESPACE}{_GAP}Cell": _Reader.end_cell,
    f"{_NAMESPACE}{_GAP}Data": _Reader.end_data,
    _COMMENT: _Reader.end_comment,
    _VISIBLE: _Reader.end_visible,
}
_VALUES: dict[str, Callable[[str], Value]] = {
    "Number": _numeral,
    "DateTime": lambda text: text.removesuffix(_MIDNIGHT).replace("T", " "),
    "Boolean": lambda text: {"1": "TRUE", "0": "FALSE"}.get(text, text),
}
