"""The program that reads one workbook, in a process of its own that may die of it.

It is asked in frames, each a marshalled tuple, and answers each with one:
("open", path) → (type, sha256, bytes, [sheet tops], *`inner_dates.oldest`)
· ("rows", sheet, *fields of a cells.Plan) → ()
· ("next",) → (True, *fields of a cells.Block), or (False, *fields of a cells.NewHeader) after which
nothing more comes until rows are asked for by a plan of that header, or None after the last ·
("cells", sheet, form, columns, row numbers) → those rows as they stand in the file. Nothing is sent
unasked, so that a slow parent is not flooded.
"""

from __future__ import annotations

import gc
import hashlib
import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from esign_cli.foundation import child, files
from esign_cli.foundation.errors import workbooks as errors
from esign_cli.workbooks.formats import (
    Damaged,
    Locked,
    Unsupported,
    compound,
    delimited,
    filetypes,
    inner_dates,
)
from esign_cli.workbooks.formats.chunks import LONGEST_CELL, Below, Blank, Chunk
from esign_cli.workbooks.formats.package import UNREADABLE
from esign_cli.workbooks.formats.text_file import TextFile
from esign_cli.workbooks.mebbis import dates
from esign_cli.workbooks.mebbis.blocks import CellReader
from esign_cli.workbooks.mebbis.cells import TOP_ROWS, Cell, Plan, distinct, plain
from esign_cli.workbooks.mebbis.row_widths import Widths
from esign_cli.workbooks.sheets import FormSheet, Opened, Sheet, opened

Way = Callable[[Sequence[Any]], list[Any]]
_MARSHAL = 2  # plain values: no references between equal strings to look for


# --- answering -----------------------------------------------------------------------------------


class Book:
    """One workbook, opened by the first frame and read out by the following ones."""

    def __init__(self) -> None:
        self._book = Opened(())
        self._blocks: Iterator[Any] = iter(())
        self._rows_of: tuple[int, bool] = (-1, False)
        self._rows_left: _Rows | None = None
        self._path = ""

    def answer(self, request: bytes) -> bytes:
        """Return what `child.serve` hands on; raises errors.Workbook… and errors.File…."""
        word, *rest = marshal.loads(request)  # noqa: S302  (from our own parent)
        try:
            answer = getattr(self, f"_{word}")(*rest)
        except MemoryError as error:
            raise errors.WorkbookTooLarge(path=self._path, detail="") from error
        except Locked as error:
            raise errors.WorkbookEncrypted(path=self._path) from error
        except Unsupported as error:
            raise errors.WorkbookUnsupported.from_cause(error, path=self._path) from error
        except (Damaged, *UNREADABLE) as error:
            raise errors.WorkbookDamaged.from_cause(error, path=self._path) from error
        return marshal.dumps(answer, _MARSHAL)

    def _open(self, path: str) -> Any:
        self._path = path
        kind, digest, size, day = self._opened(Path(path))
        tops = [(s.name, s.rows, s.visible, _top(s), _across(s)) for s in self._book.sheets]
        return kind, digest, size, tops, *day

    def _opened(self, path: Path) -> tuple[str, str, int, tuple[str, str]]:
        """Its type, SHA-256, size, and day."""
        # what is no file in a folder can be read once only
        if files.is_file(path) and filetypes.is_text(next(files.chunks(path), b"")):
            text = TextFile(path)
            self._book = Opened([delimited.Sheet(text.texts, text.lines)])
            day = inner_dates.oldest(filetypes.TEXT, b"", path)
            return filetypes.TEXT, text.sha256, text.size, day
        content = files.read(path)
        digest = hashlib.sha256(content).hexdigest()
        kind, plain = _unlocked(content, str(path))
        self._book = opened(kind, plain)
        return kind, digest, len(content), inner_dates.oldest(kind, plain, path)

    def _rows(self, number: int, *plan: Any) -> Any:
        asked = replace(Plan(*plan), serials_from_1904=self._book.from_1904)
        if asked.goes_on and self._rows_left is not None and self._rows_of == (number, asked.form):
            rows = self._rows_left
        else:
            rows = _Rows(self._sheet(number, form=asked.form))
        forms = _date_forms(self._sheet(number, form=asked.form), asked, self._path)
        self._rows_of, self._rows_left = (number, asked.form), rows
        self._blocks = rows.blocks(replace(asked, date_forms=forms))
        return ()

    def _sheet(self, number: int, *, form: bool) -> Sheet:
        sheet = self._book.sheets[number]
        return FormSheet(sheet, serials_from_1904=self._book.from_1904) if form else sheet

    def _cells(self, sheet: int, form: bool, columns: Sequence[int], wanted: frozenset[int]) -> Any:
        rows = _Rows(self._sheet(sheet, form=form))
        return [
            (first + place + 1, row)
            for first, _, taken in rows.chunks(columns, [plain] * len(columns))
            for place, row in enumerate(zip(*taken, strict=True))
            if not wanted or first + place + 1 in wanted
        ]

    def _next(self) -> Any:
        return next(self._blocks, None)


def _unlocked(content: bytes, path: str) -> tuple[str, bytes]:
    """The type of a file and its content, without an encryption that needs no password."""
    try:
        return filetypes.tell(content, path), content
    except errors.WorkbookEncrypted:
        content = compound.unlocked(content)
        return filetypes.tell(content, path), content


def _top(sheet: Sheet) -> list[tuple[Cell, ...]]:
    """The first rows, as wide as the widest of them."""
    whole = (chunk.row(place) for chunk in sheet.chunks() for place in range(chunk.count))
    rows = [plain(row) for row in islice(whole, TOP_ROWS)]
    width = max(map(len, rows), default=0)
    filled = [list(map(_cut, [*row, *[""] * (width - len(row))])) for row in rows]
    columns = list(map(list, zip(*filled, strict=True)))
    areas = [area for area in sheet.merged() if area[0] < width]
    _fill_down(columns, 0, areas, {})
    return list(zip(*columns, strict=True)) if columns else [() for _ in rows]


def _across(sheet: Sheet) -> list[tuple[int, int, int]]:
    """The cells merged in a row, of the first rows."""
    return [area for area in sheet.merged_across() if area[0] < TOP_ROWS]


def _cut(cell: Cell) -> Cell:
    """No header is longer than Excel lets a cell be, whatever a file says."""
    return cell[:LONGEST_CELL] if isinstance(cell, str) else cell


def _date_forms(sheet: Sheet, plan: Plan, path: str) -> dict[str, str]:
    """The form of each column of dates: for those that are `undated`, by all of their cells.

    Raises DatesAmbiguous where they do not tell it.
    """
    places = dict(zip(plan.fields, plan.columns, strict=True))
    columns = {field: dates.ColumnForms() for field in plan.undated}
    for chunk in sheet.chunks() if columns else ():
        for field, forms in columns.items():
            forms.add(chunk.column(places[field]))
    known, doubtful = dates.forms(columns, plan.remembered_forms)
    if doubtful:
        samples = [columns[field].samples for field in doubtful]
        raise errors.DatesAmbiguous(
            path=path, fields=doubtful, samples=samples, sheet=sheet.name, columns=[], header="",
            commands=[],
        )  # fmt: skip
    return {**plan.date_forms, **known}


# --- rows ----------------------------------------------------------------------------------------


class _Rows:
    """The rows of a sheet on their way out; after a new header they go on from there."""

    def __init__(self, sheet: Sheet) -> None:
        self._chunks = sheet.chunks()
        self._merged = sheet.merged()
        self._first = 0
        self._above: dict[tuple[int, int], Cell] = {}

    def blocks(self, plan: Plan) -> Iterator[Any]:
        """Yield blocks of values, up to the end or to a header that is not that of the plan."""
        reader, widths = CellReader(plan), Widths(plan)
        key = list(plan.fields).index(plan.key)
        ways = [plain if field == plan.key else distinct for field in plan.fields]
        for first, chunk, taken in self.chunks(plan.columns, ways):
            if isinstance(chunk, Blank):
                yield (True, *reader.blank(first + 1, chunk.count))
                continue
            end = reader.new_header(first + 1, taken[key], chunk.row)
            above = taken if end is None else [column[:end] for column in taken]
            if above[key]:
                whole = _whole(chunk, above[key])
                yield (True, *reader.block(first + 1, above, whole, widths.shifted(first, chunk)))
            if end is not None:
                self._go_back(first + end, Below(chunk, end))
                yield (False, first + end + 1, self._peek(TOP_ROWS))
                return

    def chunks(
        self, columns: Sequence[int], ways: Sequence[Way]
    ) -> Iterator[tuple[int, Chunk, list[list[Cell]]]]:
        """Yield first row from 0, rows as they are, and the wanted columns with merged cells
        filled.
        """
        for chunk in self._chunks:
            first, self._first = self._first, self._first + chunk.count
            taken = [way(chunk.column(column)) for column, way in zip(columns, ways, strict=True)]
            areas = _among(self._merged, columns, first, first + chunk.count)
            _fill_down(taken, first, areas, self._above)
            yield first, chunk, taken

    def _go_back(self, first: int, rest: Chunk) -> None:
        self._first = first
        self._above = {}
        self._chunks = chain([rest], self._chunks)

    def _peek(self, count: int) -> list[tuple[Cell, ...]]:
        """The next rows, which are still to come."""
        taken: list[Chunk] = []
        rows: list[tuple[Cell, ...]] = []
        for chunk in self._chunks:
            taken.append(chunk)
            rows += [tuple(plain(chunk.row(n))) for n in range(min(chunk.count, count - len(rows)))]
            if len(rows) >= count:
                break
        self._chunks = chain(taken, self._chunks)
        return rows


def _whole(chunk: Chunk, keys: Sequence[Cell]) -> dict[int, list[Cell]]:
    if "" not in keys:
        return {}
    return {place: plain(chunk.row(place)) for place, cell in enumerate(keys) if cell == ""}


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


def main() -> None:
    """Answer the parent until it has no more to ask."""
    gc.disable()  # rows are freed as they are left behind; looking for cycles finds none
    child.serve(Book().answer)
