"""Tables as files: CSV for a Turkish Excel, xlsx, JSON. Renders what it is given, no more."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

Cell = str | int | date | None
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_WIDEST = 60
_TO_FILL_IN = 15
"""The least width of a column of a table without rows, which somebody may type into."""
_AUTHOR = "esign"
"""Of remarks."""
_LONGEST_NAME = 31
"""Of a sheet, in Excel."""


class Tone(StrEnum):
    """How urgent a row or a number is."""

    PLAIN = ""
    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title in the reader's language, and what it holds."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; `rows` may be an iterator and is read once."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    tones: Sequence[Tone] = ()
    """Of each row; none: they are all plain."""
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Remarks on cells, by row and column, both from 0; in a workbook such a cell stands out."""


def to_csv(table: Table) -> bytes:
    """Write CSV: semicolons, UTF-8 with BOM, CRLF; dates dd.mm.yyyy; ids and texts in quotes.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([column.title for column in table.columns])
    writer.writerows(list(map(_csv_cell, row)) for row in table.rows)
    return text.getvalue().encode("utf-8")


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, str):
        text = cell if cell.isprintable() else _CONTROL.sub("", cell)
        return "'" + text if text.startswith(_FORMULA) else text
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else cell


def to_xlsx(*tables: Table) -> bytes:
    """Return a workbook with a sheet a table: header frozen, filters set, real dates, ids
    as text.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    titles: list[str] = []
    for table in tables:
        titles.append(_sheet_title(table.title, titles))
        _add_sheet(book, titles[-1], table)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _add_sheet(book: Any, title: str, table: Table) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    rows = [list(row) for row in table.rows]
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(rows) + 1}"
    for number, width in enumerate(_widths(table.columns, rows), start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = width
        dimension.number_format = _NUMBER_FORMATS[table.columns[number - 1].kind]
    styles = _Styles(sheet)
    sheet.append([styles.header(column.title) for column in table.columns])
    kinds = [column.kind for column in table.columns]
    for number, (row, tone) in enumerate(
        itertools.zip_longest(rows, table.tones, fillvalue=Tone.PLAIN)
    ):
        cells = [styles.cell(v, k, tone) for v, k in zip(row, kinds, strict=True)]
        for column, value in enumerate(row) if table.notes else ():
            if (number, column) in table.notes:
                noted = styles.noted(value, kinds[column], table.notes[number, column])
                cells[column] = noted
        sheet.append(cells)


class _Styles:
    """Cells of a sheet; each style is made once and shared, which is four times as fast."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._made: dict[tuple[Kind, Tone, bool], Any] = {}

    def header(self, title: str) -> Any:
        return self._cell(title, Kind.TEXT, Tone.PLAIN, is_header=True)

    def cell(self, value: Cell, kind: Kind, tone: Tone) -> Any:
        if value is None and not tone:
            return None
        return self._cell(value, kind, tone, is_header=False)

    def noted(self, value: Cell, kind: Kind, note: str) -> Any:
        """Return a cell that stands out, with a remark that shows when it is pointed at."""
        from openpyxl.comments import Comment

        cell = self._cell(value, kind, Tone.BAD, is_header=False)
        cell.comment = Comment(note, _AUTHOR)
        return cell

    def _cell(self, value: Cell, kind: Kind, tone: Tone, *, is_header: bool) -> Any:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(
            self._sheet, _CONTROL.sub("", value) if isinstance(value, str) else value
        )
        if isinstance(value, str):
            cell.data_type = "s"  # a text that begins with "=" stays a text
        cell._style = self._style(kind, tone, is_header=is_header)
        return cell

    def _style(self, kind: Kind, tone: Tone, *, is_header: bool) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font, PatternFill

        key = kind, tone, is_header
        if key not in self._made:
            model = WriteOnlyCell(self._sheet)
            model.number_format = _NUMBER_FORMATS[kind]
            colour = _HEADER_COLOUR if is_header else _COLOURS[tone]
            if is_header:
                model.font = Font(bold=True, color="FFFFFF")
            if colour:
                model.fill = PatternFill("solid", fgColor=colour)
            self._made[key] = model._style
        return self._made[key]


_HEADER_COLOUR = "0B5A8A"
_COLOURS = {Tone.PLAIN: "", Tone.GOOD: "E3F3E6", Tone.NOTICE: "FFF3D6", Tone.BAD: "FBE1DE"}
_NUMBER_FORMATS = {
    Kind.TEXT: "General",
    Kind.ID: "@",
    Kind.NUMBER: "0",
    Kind.DATE: "dd.mm.yyyy",
}


def _sheet_title(title: str, taken: Sequence[str]) -> str:
    """A name that a sheet may have, and that no other has."""
    name = re.sub(r"[\[\]:*?/\\]", " ", _CONTROL.sub("", title))[:_LONGEST_NAME].strip("' ") or "1"
    if name not in taken:
        return name
    return f"{name[: _LONGEST_NAME - 4]} {len(taken) + 1}"


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    for index, column in enumerate(columns):
        least = len("31.12.2026") if column.kind is Kind.DATE else 0 if rows else _TO_FILL_IN
        longest = max((len(str(row[index] or "")) for row in rows), default=least)
        longest = max(longest, least)
        yield min(max(longest, len(column.title)) + 3, _WIDEST)


TABLES: dict[str, Callable[[Table], bytes]] = {"csv": to_csv, "xlsx": to_xlsx}
"""How each format of a table is made."""
