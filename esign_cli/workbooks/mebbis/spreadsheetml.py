"""SpreadsheetML 2003: the workbook of Excel 2002 and 2003 as one XML file.

Read with expat, event by event. A document type declaration is refused, and with it every entity
that is not one of XML's own five and every reference to another file.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from esign_cli.workbooks.mebbis.html_tables import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_GAP = " "
_MIDNIGHT = "T00:00:00.000"
Table = tuple[str, list[list[str | float]]]


class Refused(Exception):
    """The file is no such workbook, or one that tries something."""


def sheets(content: bytes) -> list[Table]:
    """Names and rows of the sheets; raises Refused."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=_GAP)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(content.strip(b"\x00\x1a \t\r\n"), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refused(str(error)) from error
    return reader.sheets


def _own(name: str) -> str:
    namespace, _, local = name.rpartition(_GAP)
    return local if namespace == _NAMESPACE else ""


class _Reader:
    def __init__(self) -> None:
        self.sheets: list[Table] = []
        self._row: list[str | float] = []
        self._down: dict[
            int, tuple[int, str | float]
        ] = {}  # column → rows still to fill, with what
        self._across = 0
        self._below = 0
        self._type = ""
        self._text: list[str] | None = None
        self._cell: str | float = ""

    def doctype(self, *_: object) -> None:
        raise Refused("it declares a document type")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        own = {_own(key): value for key, value in attributes.items()}
        starter = _STARTERS.get(_own(name))
        if starter:
            starter(self, own)

    def end(self, name: str) -> None:
        ender = _ENDERS.get(_own(name))
        if ender:
            ender(self)

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def sheet(self, own: dict[str, str]) -> None:
        self.sheets.append((own.get("Name", ""), []))
        self._down = {}

    def row(self, own: dict[str, str]) -> None:
        if not self.sheets:
            raise Refused("a row outside a sheet")
        rows = self.sheets[-1][1]
        wanted = _number(own.get("Index"), len(rows) + 1, MOST_ROWS)
        rows.extend([] for _ in range(wanted - 1 - len(rows)))
        self._row = []

    def cell(self, own: dict[str, str]) -> None:
        self._fill_down()
        wanted = _number(own.get("Index"), len(self._row) + 1, MOST_COLUMNS)
        while len(self._row) < wanted - 1:
            self._row.append("")
            self._fill_down()
        self._across = _number(own.get("MergeAcross"), 0, MOST_COLUMNS)
        self._below = _number(own.get("MergeDown"), 0, MOST_ROWS)
        self._cell = ""

    def data(self, own: dict[str, str]) -> None:
        self._type = own.get("Type", "String")
        self._text = []

    def end_data(self) -> None:
        text = "".join(self._text or ())[:LONGEST_CELL]
        self._text = None
        self._cell = _VALUES.get(self._type, str)(text)

    def end_cell(self) -> None:
        if len(self._row) >= MOST_COLUMNS:
            return
        if self._below:
            self._down[len(self._row)] = (self._below, self._cell)
        self._row.extend([self._cell, *[""] * self._across])

    def end_row(self) -> None:
        if not self.sheets:
            return
        self._fill_down()
        rows = self.sheets[-1][1]
        if len(rows) < MOST_ROWS:
            rows.append(self._row)

    def _fill_down(self) -> None:
        while (column := len(self._row)) in self._down:
            left, value = self._down.pop(column)
            self._row.append(value)
            if left > 1:
                self._down[column] = (left - 1, value)


def _number(given: str | None, otherwise: int, most: int) -> int:
    if given is None:
        return otherwise
    if not (given.isascii() and given.isdigit()) or int(given[:9]) > most:
        raise Refused(f"a place that no sheet has: {given[:20]}")
    return int(given)


def _numeral(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


_STARTERS = {
    "Worksheet": _Reader.sheet,
    "Row": _Reader.row,
    "Cell": _Reader.cell,
    "Data": _Reader.data,
}
_ENDERS = {"Row": _Reader.end_row, "Cell": _Reader.end_cell, "Data": _Reader.end_data}
_VALUES: dict[str, Callable[[str], str | float]] = {
    "Number": _numeral,
    "DateTime": lambda text: text.removesuffix(_MIDNIGHT).replace("T", " "),
}
