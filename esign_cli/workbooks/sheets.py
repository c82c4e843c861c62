"""The sheets of a workbook, whatever kind of file it is: each reader gives the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from esign_cli.foundation.errors.workbooks import (
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookTooLarge,
)
from esign_cli.workbooks.mebbis import (
    delimited,
    epochs,
    filetypes,
    forms,
    html_tables,
    spreadsheetml,
)
from esign_cli.workbooks.mebbis.cells import plain

WIDEST = 1 << 14
"""Columns of a sheet of Excel, A to XFD."""


class Sheet(Protocol):
    """What a reader of any file type gives of one sheet."""

    name: str
    visible: bool
    rows: int
    width: int

    def iterate(self) -> Iterator[Sequence[Any]]:
        """Its rows, from the sheet's first, all of one width."""

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """Cells merged downwards: (column, first row, last row), all counted from 0."""


class CalamineSheet:
    """A sheet that python-calamine has read."""

    def __init__(self, sheet: Any, *, visible: bool) -> None:
        self._sheet = sheet
        self.name = str(sheet.name)
        self.visible = visible
        self.rows = int(sheet.end[0] + 1) if sheet.end else 0
        self.width = int(sheet.width)

    def iterate(self) -> Iterator[Sequence[Any]]:
        """calamine's rows begin at the first row and at the first column that is not empty."""
        return iter(self._sheet.iter_rows())

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """Those of more than one row, sorted by their first."""
        offset = self._sheet.start[1] if self._sheet.start else 0
        ranges = self._sheet.merged_cell_ranges or ()
        down = [
            (first[1] - offset, first[0], last[0])
            for first, last in ranges
            if last[0] > first[0] and 0 <= first[1] - offset < self.width
        ]
        return sorted(down, key=lambda area: area[1])


class TableSheet:
    """A sheet whose rows we read ourselves; merged cells were filled on the way."""

    def __init__(self, name: str, table: Sequence[Sequence[Any]]) -> None:
        self._table = table
        self.name = name
        self.visible = True
        self.rows = len(table)
        self.width = max(map(len, table), default=0)

    def iterate(self) -> Iterator[Sequence[Any]]:
        """Its rows, filled up to the widest."""
        width = self.width
        return ([*row, *[""] * (width - len(row))] for row in self._table)

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """None that are left to fill."""
        return ()


class FormSheet:
    """A sheet in the form layout, as the table that `forms` makes of it."""

    def __init__(self, sheet: Sheet, *, serials_from_1904: bool) -> None:
        self._sheet = sheet
        self._from_1904 = serials_from_1904
        self.name = sheet.name
        self.visible = sheet.visible
        self.rows = sheet.rows
        self.width = len(forms.FIELDS)

    def iterate(self) -> Iterator[Sequence[Any]]:
        """As many rows as the sheet has."""
        rows = map(plain, self._sheet.iterate())
        return forms.table(rows, serials_from_1904=self._from_1904)

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """None: a form's cells are told by what stands in them."""
        return ()


# --- opening -------------------------------------------------------------------------------------


def _by_calamine(content: bytes, path: str) -> list[Sheet]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        seen = [
            (number, str(sheet.visible).endswith(".Visible"))
            for number, sheet in enumerate(book.sheets_metadata)
            if str(sheet.typ).endswith(".WorkSheet")
        ]
        sheets: list[Sheet] = [
            CalamineSheet(book.get_sheet_by_index(number), visible=visible)
            for number, visible in seen
        ]
    except calamine.PasswordError as error:
        raise WorkbookEncrypted(path=path) from error
    except MemoryError as error:
        raise WorkbookTooLarge(path=path, detail="") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException" and not isinstance(error, Exception):
            raise
        raise WorkbookDamaged.from_cause(error, path=path) from error
    if any(sheet.width > WIDEST for sheet in sheets):
        raise WorkbookDamaged(path=path, detail="a sheet wider than any can be")
    return sheets


def _by_html(content: bytes, path: str) -> list[Sheet]:  # noqa: ARG001  (one shape for all readers)
    return [TableSheet("HTML", html_tables.rows(html_tables.decode(content)))]


def _by_lines(content: bytes, path: str) -> list[Sheet]:
    try:
        return [TableSheet("CSV", delimited.rows(html_tables.decode(content)))]
    except csv.Error as error:
        raise WorkbookDamaged.from_cause(error, path=path) from error


def _by_xml(content: bytes, path: str) -> list[Sheet]:
    try:
        return [TableSheet(name, table) for name, table in spreadsheetml.sheets(content)]
    except spreadsheetml.Refused as error:
        raise WorkbookDamaged.from_cause(error, path=path) from error


READERS: dict[str, Callable[[bytes, str], list[Sheet]]] = {
    filetypes.XLSX: _by_calamine,
    filetypes.XLS: _by_calamine,
    filetypes.ODS: _by_calamine,
    filetypes.XLSB: _by_calamine,
    filetypes.HTML: _by_html,
    filetypes.TEXT: _by_lines,
    filetypes.SPREADSHEETML: _by_xml,
}
EPOCHS: dict[str, Callable[[bytes], bool]] = {
    filetypes.XLSX: epochs.xlsx,
    filetypes.XLS: epochs.xls,
    filetypes.XLSB: epochs.xlsb,
    filetypes.ODS: epochs.ods,
}
