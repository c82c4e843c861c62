"""The program that reads one workbook, in a process of its own that may die of it.

It is asked in frames, each a marshalled tuple, and answers each with one:
("open", path) → (type, sha256, bytes, [sheet tops]) · ("rows", sheet, *fields of a cells.Plan) → ()
· ("next",) → the fields of a cells.Block, or None after the last · ("cells", sheet, form, columns,
row numbers) → those rows as they stand in the file. Nothing is sent unasked, so that a slow parent
is not flooded.
"""

from __future__ import annotations

import csv
import datetime
import gc
import hashlib
import io
import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from esign_cli import child, errors, files
from esign_cli.mebbis import (
    delimited,
    epochs,
    filetypes,
    forms,
    html_tables,
    spreadsheetml,
)
from esign_cli.mebbis.cells import TOP_ROWS, Cell, Plan
from esign_cli.mebbis.html_tables import LONGEST_CELL
from esign_cli.mebbis.reading import CellReader

BLOCK_ROWS = 2000
BLOCK_CELLS = 200_000
_MARSHAL = 2  # plain values: no references between equal strings to look for


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

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.name = sheet.name
        self.visible = sheet.visible
        self.rows = sheet.rows
        self.width = len(forms.FIELDS)

    def iterate(self) -> Iterator[Sequence[Any]]:
        """As many rows as the sheet has."""
        return forms.table(map(_plain, self._sheet.iterate()))

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
        return [
            CalamineSheet(book.get_sheet_by_index(number), visible=visible)
            for number, visible in seen
        ]
    except calamine.PasswordError as error:
        raise errors.WorkbookEncrypted(path=path) from error
    except MemoryError as error:
        raise errors.WorkbookTooLarge(path=path) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException" and not isinstance(error, Exception):
            raise
        raise errors.WorkbookDamaged.because(error, path=path) from error


def _by_html(content: bytes, path: str) -> list[Sheet]:  # noqa: ARG001  (one shape for all readers)
    return [TableSheet("HTML", html_tables.rows(html_tables.decode(content)))]


def _by_lines(content: bytes, path: str) -> list[Sheet]:
    try:
        return [TableSheet("CSV", delimited.rows(html_tables.decode(content)))]
    except csv.Error as error:
        raise errors.WorkbookDamaged.because(error, path=path) from error


def _by_xml(content: bytes, path: str) -> list[Sheet]:
    try:
        return [TableSheet(name, table) for name, table in spreadsheetml.sheets(content)]
    except spreadsheetml.Refused as error:
        raise errors.WorkbookDamaged.because(error, path=path) from error


_READERS: dict[str, Callable[[bytes, str], list[Sheet]]] = {
    filetypes.XLSX: _by_calamine,
    filetypes.XLS: _by_calamine,
    filetypes.ODS: _by_calamine,
    filetypes.XLSB: _by_calamine,
    filetypes.HTML: _by_html,
    filetypes.TEXT: _by_lines,
    filetypes.SPREADSHEETML: _by_xml,
}
_EPOCHS: dict[str, Callable[[bytes], bool]] = {
    filetypes.XLSX: epochs.xlsx,
    filetypes.XLS: epochs.xls,
}


# --- answering -----------------------------------------------------------------------------------


class Book:
    """One workbook, opened by the first frame and read out by the following ones."""

    def __init__(self) -> None:
        self._sheets: list[Sheet] = []
        self._blocks: Iterator[Any] = iter(())
        self._path = ""
        self._from_1904 = False

    def answer(self, request: bytes) -> bytes:
        """What `child.serve` hands on; raises errors.Workbook… and errors.File…."""
        word, *rest = marshal.loads(request)  # noqa: S302  (from our own parent)
        try:
            answer = getattr(self, f"_{word}")(*rest)
        except MemoryError as error:
            raise errors.WorkbookTooLarge(path=self._path) from error
        return marshal.dumps(answer, _MARSHAL)

    def _open(self, path: str) -> Any:
        self._path = path
        content = files.read(Path(path))
        kind = filetypes.tell(content, path)
        digest = hashlib.sha256(content).hexdigest()
        self._sheets = _READERS[kind](content, path)
        self._from_1904 = kind in _EPOCHS and _EPOCHS[kind](content)
        tops = [(s.name, s.rows, s.visible, _top(s)) for s in self._sheets]
        return kind, digest, len(content), tops

    def _rows(self, sheet: int, *plan: Any) -> Any:
        asked = replace(Plan(*plan), serials_from_1904=self._from_1904)
        self._blocks = _blocks(self._sheet(sheet, form=asked.form), asked)
        return ()

    def _sheet(self, number: int, *, form: bool) -> Sheet:
        return FormSheet(self._sheets[number]) if form else self._sheets[number]

    def _cells(self, sheet: int, form: bool, columns: Sequence[int], wanted: frozenset[int]) -> Any:
        return [
            (first + place, row)
            for first, _, taken in _chunks(self._sheet(sheet, form=form), columns)
            for place, row in enumerate(zip(*taken, strict=True))
            if not wanted or first + place in wanted
        ]

    def _next(self) -> Any:
        return next(self._blocks, None)


def _top(sheet: Sheet) -> list[tuple[Cell, ...]]:
    rows = list(islice(sheet.iterate(), TOP_ROWS))
    columns = [list(map(_cut, _plain(column))) for column in zip(*rows, strict=True)]
    _fill_down(columns, 0, sheet.merged(), {})
    return list(zip(*columns, strict=True)) if columns else [() for _ in rows]


def _cut(cell: Cell) -> Cell:
    """No header is longer than Excel lets a cell be, whatever a file says."""
    return cell[:LONGEST_CELL] if isinstance(cell, str) else cell


def _blocks(sheet: Sheet, plan: Plan) -> Iterator[Any]:
    reader = CellReader(plan)
    key = list(plan.fields).index(plan.key)
    for first, rows, taken in _chunks(sheet, plan.columns):
        yield reader.block(first, taken, _whole(rows, taken[key]))


def _chunks(
    sheet: Sheet, columns: Sequence[int]
) -> Iterator[tuple[int, list[Sequence[Any]], list[list[Cell]]]]:
    """First row's number, rows as they are, and the wanted columns with merged cells filled."""
    rows = sheet.iterate()
    merged = sheet.merged()
    size = max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(1, sheet.width)))
    first = 0
    above: dict[tuple[int, int], Cell] = {}
    while block := list(islice(rows, size)):
        turned = list(zip(*block, strict=True))
        taken = [_plain(turned[column]) for column in columns]
        _fill_down(taken, first, _among(merged, columns, first, first + len(block)), above)
        yield first + 1, block, taken
        first += len(block)


def _whole(block: Sequence[Sequence[Any]], keys: Sequence[Cell]) -> dict[int, list[Cell]]:
    if "" not in keys:
        return {}
    return {place: _plain(block[place]) for place, cell in enumerate(keys) if cell == ""}


def _among(
    merged: Sequence[tuple[int, int, int]], columns: Sequence[int], first: int, end: int
) -> list[tuple[int, int, int]]:
    """The merged areas that reach into these rows, their columns by place in the block."""
    places = {column: place for place, column in enumerate(columns)}
    return [
        (places[column], top, bottom)
        for column, top, bottom in merged
        if column in places and bottom >= first and top < end
    ]


def _fill_down(
    columns: list[list[Cell]],
    first: int,
    merged: Iterable[tuple[int, int, int]],
    above: dict[tuple[int, int], Cell],
) -> None:
    """Give the cells of merged areas the value of their top one, kept in `above` for later rows."""
    for place, top, bottom in merged:
        column = columns[place]
        if first <= top < first + len(column):
            above[place, top] = column[top - first]
        start, end = max(top - first, 0), min(bottom + 1 - first, len(column))
        if (place, top) in above and start < end:
            column[start:end] = [above[place, top]] * (end - start)


def _plain(column: Iterable[Any]) -> list[Cell]:
    """Cells that can cross the pipe: only text and numbers stay what they are."""
    cells = list(column)
    strange = set(map(type, cells)) - {str, float, int}
    if not strange:
        return cells
    return [_SPELLED[type(cell)](cell) if type(cell) in strange else cell for cell in cells]


def _moment(value: datetime.datetime) -> str:
    midnight = value.time() == datetime.time()
    return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")


_SPELLED: dict[type, Callable[[Any], Cell]] = {
    datetime.date: lru_cache(maxsize=50_000)(datetime.date.isoformat),
    datetime.datetime: _moment,
    datetime.time: lambda value: str(value.isoformat()),
    datetime.timedelta: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    type(None): lambda _value: "",
}


def main() -> None:
    """Answer the parent until it has no more to ask."""
    gc.disable()  # rows are freed as they are left behind; looking for cycles finds none
    child.serve(Book().answer)
