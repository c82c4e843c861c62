"""The events of the parser of SpreadsheetML, as sheets, rows and cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from esign_cli.workbooks.formats import Damaged
from esign_cli.workbooks.formats.plain_rows import Row
from esign_cli.workbooks.formats.spreadsheetml_rows import Value, value
from esign_cli.workbooks.formats.xlsx_cells import UNCALCULATED

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
GAP = " "
"""Between a namespace and a name."""
MOST_COLUMNS, MOST_ROWS = 1 << 14, 1 << 20
_INDEX, _ACROSS, _DOWN, _TYPE, _FORMULA, _NAME = (
    f"{NAMESPACE}{GAP}{name}"
    for name in ("Index", "MergeAcross", "MergeDown", "Type", "Formula", "Name")
)


class NotPlain(Exception):
    """Plain rows stand where none can."""


class Table:
    """What is seen of a sheet on the way through: its name, whether it is shown, how many rows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.visible = True
        self.rows = 0


class Reader:
    """What is being read: a sheet, a row, a cell, and its data but not those of its comment.

    `mark` names the instructions that stand for plain rows.
    """

    def __init__(self, mark: str) -> None:
        self.tables: list[Table] = []
        self.mark = mark
        self.prefixes: Sequence[str | None] = ()
        """Of the plain rows: all must be those of SpreadsheetML where they stand."""
        self._bound: dict[str | None, list[str]] = {}
        self._read: list[tuple[int, Row]] = []
        self._row: list[Value] | None = None
        self._column = 0
        self._down: dict[int, tuple[int, Value]] = {}  # column → rows still to fill, with what
        self._cell: dict[str, str] = {}
        self._value: Value = ""
        self._has_data = False
        self._type = ""
        self._text: list[str] | None = None
        self._in_comment = False

    @property
    def is_between(self) -> bool:
        """Whether it is no row that is being read, and none that cells above reach into."""
        return self._row is None and self._text is None and not (self._in_comment or self._down)

    def take(self) -> list[tuple[int, Row]]:
        """Return the rows that were read, each with the number of its sheet."""
        read, self._read = self._read, []
        return read

    def plain(self, mark: str, data: str) -> None:
        """Take plain rows as read; raises NotPlain where the parser would read something else."""
        if mark != self.mark:
            return
        bound = all(self._bound.get(one, [""])[-1] == NAMESPACE for one in self.prefixes)
        if not (self.tables and self.is_between and bound):
            raise NotPlain
        begin, end = map(int, data.split())
        self._add(range(begin, end))

    def bind(self, prefix: str | None, name: str) -> None:
        self._bound.setdefault(prefix, []).append(name)

    def unbind(self, prefix: str | None) -> None:
        self._bound[prefix].pop()

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

    def _add(self, rows: Sequence[Row]) -> None:
        table = self.tables[-1]
        table.rows += len(rows)
        if table.rows > MOST_ROWS:
            raise Damaged("more rows than a sheet has")
        number = len(self.tables) - 1
        self._read += [(number, row) for row in rows]

    # --- what begins ---------------------------------------------------------------------------

    def sheet(self, own: dict[str, str]) -> None:
        self.tables.append(Table(own.get(_NAME, "")))
        self._down = {}

    def row(self, own: dict[str, str]) -> None:
        if not self.tables:
            raise Damaged("a row outside a sheet")
        if self._row is not None:
            raise Damaged("a row within a row")
        if _INDEX in own:
            wanted = _number(own[_INDEX], MOST_ROWS)
            if wanted <= self.tables[-1].rows:
                raise Damaged("its rows are not in order")
            self._add([()] * (wanted - 1 - self.tables[-1].rows))
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
        self._value = value(self._type, "".join(self._text or ()))
        self._text = None

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
        if self._row is None:
            return
        for column in sorted(one for one in self._down if one >= self._column):
            self._column = column
            self._from_above()
        self._add([self._row])
        self._row = None

    # --- columns -------------------------------------------------------------------------------

    def _put(self, value: Value) -> None:
        if value != "" and self._row is not None:
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


_COMMENT = f"{NAMESPACE}{GAP}Comment"
_VISIBLE = f"urn:schemas-microsoft-com:office:excel{GAP}Visible"
_STARTERS: dict[str, Callable[[Reader, dict[str, str]], None]] = {
    f"{NAMESPACE}{GAP}Worksheet": Reader.sheet,
    f"{NAMESPACE}{GAP}Row": Reader.row,
    f"{NAMESPACE}{GAP}Cell": Reader.cell,
    f"{NAMESPACE}{GAP}Data": Reader.data,
    _COMMENT: Reader.comment,
    _VISIBLE: Reader.visible,
}
_ENDERS: dict[str, Callable[[Reader], None]] = {
    f"{NAMESPACE}{GAP}Row": Reader.end_row,
    f"{NAMESPACE}{GAP}Cell": Reader.end_cell,
    f"{NAMESPACE}{GAP}Data": Reader.end_data,
    _COMMENT: Reader.end_comment,
    _VISIBLE: Reader.end_visible,
}
