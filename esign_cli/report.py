"""Tables as files: CSV for a Turkish Excel, xlsx, JSON. Renders what it is given, no more."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Cell = str | int | date | None
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
_WIDEST = 60


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


def to_csv(table: Table) -> bytes:
    """Semicolons, UTF-8 with BOM, CRLF; dates dd.mm.yyyy; ids and texts in quotes.

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
        text = _CONTROL.sub("", cell)
        return "'" + text if text.startswith(_FORMULA) else text
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else cell


def to_json(document: Any) -> bytes:
    """One JSON document in one line."""
    return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8")


def to_xlsx(*tables: Table) -> bytes:
    """A workbook with a sheet a table: header frozen, filters set, real dates, ids as text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        _add_sheet(book, table)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _add_sheet(book: Any, table: Table) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(_sheet_title(table.title))
    rows = [list(row) for row in table.rows]
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(rows) + 1}"
    for number, width in enumerate(_widths(table.columns, rows), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width

    def cell(value: Cell, kind: Kind, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, _CONTROL.sub("", value) if isinstance(value, str) else value)
        if isinstance(value, str):
            made.data_type = "s"  # a text that begins with "=" stays a text
        made.number_format = _NUMBER_FORMATS[kind]
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(column.title, Kind.TEXT, bold=True) for column in table.columns])
    kinds = [column.kind for column in table.columns]
    for row in rows:
        sheet.append(
            [cell(v, k) if v is not None else None for v, k in zip(row, kinds, strict=True)]
        )


_NUMBER_FORMATS = {
    Kind.TEXT: "General",
    Kind.ID: "@",
    Kind.NUMBER: "0",
    Kind.DATE: "dd.mm.yyyy",
}


def _sheet_title(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1"


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    for index, column in enumerate(columns):
        longest = max((len(str(row[index] or "")) for row in rows), default=0)
        yield min(max(longest, len(column.title)) + 3, _WIDEST)


TABLES: dict[str, Callable[[Table], bytes]] = {"csv": to_csv, "xlsx": to_xlsx}
"""How each format of a table is made."""
