"""OpenDocument spreadsheets, in a ZIP (.ods) or as one XML file (.fods) ([ODF 1.3] part 3, 9.1).

Read with expat, event by event. A document type declaration is refused, and with it every entity
that is not one of XML's own five.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO, Any
from xml.parsers import expat

from esign_cli.workbooks.formats import Damaged
from esign_cli.workbooks.formats.xlsx_cells import UNCALCULATED, moment

_BESIDE = ("office:annotation", "text:ruby-text", "text:note")
"""What stands in a cell beside its text: comments, how it is spoken, footnotes."""
_PIECE = 1 << 20
_ROOT = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = {
    _ROOT + "office:1.0": "office", _ROOT + "table:1.0": "table", _ROOT + "text:1.0": "text",
    _ROOT + "style:1.0": "style", _ROOT + "drawing:1.0": "draw",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}  # fmt: skip
MOST_COLUMNS, MOST_ROWS = 1 << 14, 1 << 20
_MOST_REPEATED = 4_000_000
"""Cells with a value that stand for several; Excel's sheets have not so many that are alike."""
_LONGEST = 32_767
Attributes = Mapping[str, str]


class Table:
    """A sheet: its name, whether it is shown, its rows without empty cells at their ends."""

    def __init__(self, name: str, *, visible: bool) -> None:
        self.name = name
        self.visible = visible
        self.rows: list[list[Any]] = []


class Document:
    """The sheets of a document, and whether it counts its days from 1904; raises Damaged."""

    def __init__(self, part: IO[bytes]) -> None:
        self.tables: list[Table] = []
        self.from_1904 = False
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._row: list[Any] = []
        self._row_times = 1
        self._blank_rows = self._blank_cells = self._repeated = 0
        self._cell: Attributes = {}
        self._text: list[str] | None = None
        self._in_paragraph = False
        self._beside = 0
        self._down: dict[int, tuple[int, Any]] = {}
        self._names: dict[str, str] = {}
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._letters
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            while piece := part.read(_PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Damaged(str(error)) from error

    def _doctype(self, *_: object) -> None:
        raise Damaged("it declares a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        own = self._own(name)
        if self._beside or own in _BESIDE or own.startswith("draw:"):
            self._beside += 1
        elif starter := _STARTERS.get(own):
            starter(self, {self._own(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        if self._beside:
            self._beside -= 1
        elif ender := _ENDERS.get(self._own(name)):
            ender(self)

    def _letters(self, text: str) -> None:
        if self._in_paragraph and self._text is not None and not self._beside:
            self._text.append(text)

    def _own(self, name: str) -> str:
        """ "table:table-cell", whatever prefix the file has."""
        known = self._names.get(name)
        if known is None:
            namespace, _, local = name.rpartition(" ")
            known = self._names[name] = f"{_NAMES.get(namespace, '?')}:{local}"
        return known

    # --- what begins ---------------------------------------------------------------------------

    def style(self, own: Attributes) -> None:
        self._style = own.get("style:name", "")

    def style_of_table(self, own: Attributes) -> None:
        if own.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def null_date(self, own: Attributes) -> None:
        self.from_1904 = own.get("table:date-value", "").startswith("1904-01-01")

    def table(self, own: Attributes) -> None:
        shown = own.get("table:style-name") not in self._hidden_styles
        self.tables.append(Table(own.get("table:name", ""), visible=shown))
        self._blank_rows = 0
        self._down = {}

    def row(self, own: Attributes) -> None:
        self._row, self._blank_cells = [], 0
        self._row_times = _times(own.get("table:number-rows-repeated"))

    def cell(self, own: Attributes) -> None:
        self._cell = own
        self._text = []

    def covered(self, own: Attributes) -> None:
        self._cell = {**own, "covered": "yes"}
        self._text = None

    def paragraph(self, _own: Attributes) -> None:
        self._in_paragraph = True
        if self._text:
            self._text.append("\n")

    def end_paragraph(self) -> None:
        self._in_paragraph = False

    def spaces(self, own: Attributes) -> None:
        if self._text is not None:
            self._text.append(" " * min(_times(own.get("text:c")), _LONGEST))

    def blank(self, _own: Attributes) -> None:
        if self._text is not None:
            self._text.append(" ")

    # --- what ends -----------------------------------------------------------------------------

    def end_cell(self) -> None:
        own = self._cell
        times = _times(own.get("table:number-columns-repeated"))
        column = len(self._row) + self._blank_cells
        value = self._value(own)
        self._text = None
        if "covered" in own:
            value = self._from_above(column, times)
        elif (rows := _times(own.get("table:number-rows-spanned"))) > 1:
            self._down[column] = (rows - 1, value)
        if value == "":
            self._blank_cells += times
            return
        self._repeated += (times - 1) * self._row_times
        if column + times > MOST_COLUMNS or self._repeated > _MOST_REPEATED:
            raise Damaged("more cells than a sheet has")
        self._row += [""] * self._blank_cells + [value] * times
        self._blank_cells = 0

    def _from_above(self, column: int, times: int) -> Any:
        if times > 1 or column not in self._down:
            return ""
        left, value = self._down.pop(column)
        if left > 1:
            self._down[column] = (left - 1, value)
        return value

    def _value(self, own: Attributes) -> Any:
        text = "".join(self._text or ()).strip()[:_LONGEST]
        kind = own.get("office:value-type", "")
        if own.get("calcext:value-type") == "error":
            return text or "#N/A"
        if not kind and "table:formula" in own and not text:
            return UNCALCULATED
        return _VALUES.get(kind, _string)(own, text)

    def end_row(self) -> None:
        rows = self.tables[-1].rows if self.tables else []
        if not self._row:
            self._blank_rows += self._row_times
            return
        self._repeated += (self._row_times - 1) * len(self._row)
        size = len(rows) + self._blank_rows + self._row_times
        if size > MOST_ROWS or self._repeated > _MOST_REPEATED:
            raise Damaged("more rows than a sheet has")
        rows += [[] for _ in range(self._blank_rows)]
        rows += [self._row for _ in range(self._row_times)]
        self._blank_rows = 0


def _times(given: str | None) -> int:
    if given is None:
        return 1
    return min(int(given), MOST_ROWS) if given.isascii() and given.isdigit() and given != "0" else 1


def _string(own: Attributes, text: str) -> Any:
    return own.get("office:string-value") or text


def _float(own: Attributes, text: str) -> Any:
    try:
        return float(own.get("office:value", ""))
    except ValueError:
        return text


def _date(own: Attributes, text: str) -> Any:
    return moment(own.get("office:date-value", "")) or text


def _boolean(own: Attributes, text: str) -> Any:
    return {"true": "TRUE", "false": "FALSE"}.get(own.get("office:boolean-value", ""), text)


_VALUES: dict[str, Callable[[Attributes, str], Any]] = {
    "float": _float, "percentage": _float, "currency": _float, "date": _date, "boolean": _boolean,
}  # fmt: skip
_STARTERS: dict[str, Callable[[Document, Attributes], None]] = {
    "style:style": Document.style,
    "style:table-properties": Document.style_of_table,
    "table:null-date": Document.null_date,
    "table:table": Document.table,
    "table:table-row": Document.row,
    "table:table-cell": Document.cell,
    "table:covered-table-cell": Document.covered,
    "text:p": Document.paragraph,
    "text:s": Document.spaces,
    "text:tab": Document.blank,
    "text:line-break": Document.blank,
}
_ENDERS: dict[str, Callable[[Document], None]] = {
    "text:p": Document.end_paragraph,
    "table:table-cell": Document.end_cell,
    "table:covered-table-cell": Document.end_cell,
    "table:table-row": Document.end_row,
}
