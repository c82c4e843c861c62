"""The program that reads one workbook, in a process of its own that may die of it.

It is asked in frames, each a marshalled tuple, and answers each with one:
("open", path) → (type, sha256, bytes, [sheet tops]) · ("rows", sheet, *fields of a cells.Plan) → ()
· ("next",) → the fields of a cells.Block, or None after the last · ("cells", sheet, form, columns,
row numbers) → those rows as they stand in the file. Nothing is sent unasked, so that a slow parent
is not flooded.
"""

from __future__ import annotations

import gc
import hashlib
import marshal
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from esign_cli.foundation import child, files
from esign_cli.foundation.errors.workbooks import WorkbookTooLarge
from esign_cli.workbooks.mebbis import filetypes
from esign_cli.workbooks.mebbis.blocks import CellReader
from esign_cli.workbooks.mebbis.cells import TOP_ROWS, Cell, Plan, distinct, plain
from esign_cli.workbooks.mebbis.html_tables import LONGEST_CELL
from esign_cli.workbooks.sheets import EPOCHS, READERS, FormSheet, Sheet

Way = Callable[[Sequence[Any]], list[Any]]
BLOCK_ROWS = 1000
BLOCK_CELLS = 200_000
_MARSHAL = 2  # plain values: no references between equal strings to look for


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
            raise WorkbookTooLarge(path=self._path, detail="") from error
        return marshal.dumps(answer, _MARSHAL)

    def _open(self, path: str) -> Any:
        self._path = path
        content = files.read(Path(path))
        kind = filetypes.tell(content, path)
        digest = hashlib.sha256(content).hexdigest()
        self._sheets = READERS[kind](content, path)
        self._from_1904 = kind in EPOCHS and EPOCHS[kind](content)
        tops = [(s.name, s.rows, s.visible, _top(s)) for s in self._sheets]
        return kind, digest, len(content), tops

    def _rows(self, sheet: int, *plan: Any) -> Any:
        asked = replace(Plan(*plan), serials_from_1904=self._from_1904)
        self._blocks = _blocks(self._sheet(sheet, form=asked.form), asked)
        return ()

    def _sheet(self, number: int, *, form: bool) -> Sheet:
        sheet = self._sheets[number]
        return FormSheet(sheet, serials_from_1904=self._from_1904) if form else sheet

    def _cells(self, sheet: int, form: bool, columns: Sequence[int], wanted: frozenset[int]) -> Any:
        return [
            (first + place, row)
            for first, _, taken in _chunks(
                self._sheet(sheet, form=form), columns, [plain] * len(columns)
            )
            for place, row in enumerate(zip(*taken, strict=True))
            if not wanted or first + place in wanted
        ]

    def _next(self) -> Any:
        return next(self._blocks, None)


def _top(sheet: Sheet) -> list[tuple[Cell, ...]]:
    rows = list(islice(sheet.iterate(), TOP_ROWS))
    columns = [list(map(_cut, plain(column))) for column in zip(*rows, strict=True)]
    _fill_down(columns, 0, sheet.merged(), {})
    return list(zip(*columns, strict=True)) if columns else [() for _ in rows]


def _cut(cell: Cell) -> Cell:
    """No header is longer than Excel lets a cell be, whatever a file says."""
    return cell[:LONGEST_CELL] if isinstance(cell, str) else cell


def _blocks(sheet: Sheet, plan: Plan) -> Iterator[Any]:
    reader = CellReader(plan)
    key = list(plan.fields).index(plan.key)
    ways = [plain if field == plan.key else distinct for field in plan.fields]
    for first, rows, taken in _chunks(sheet, plan.columns, ways):
        yield reader.block(first, taken, _whole(rows, taken[key]))


def _chunks(
    sheet: Sheet, columns: Sequence[int], ways: Sequence[Way]
) -> Iterator[tuple[int, list[Sequence[Any]], list[list[Cell]]]]:
    """First row's number, rows as they are, and the wanted columns with merged cells filled."""
    rows = sheet.iterate()
    merged = sheet.merged()
    size = max(1, min(BLOCK_ROWS, BLOCK_CELLS // max(1, sheet.width)))
    first = 0
    above: dict[tuple[int, int], Cell] = {}
    while block := list(islice(rows, size)):
        turned = list(zip(*block, strict=True))
        taken = [way(turned[column]) for column, way in zip(columns, ways, strict=True)]
        _fill_down(taken, first, _among(merged, columns, first, first + len(block)), above)
        yield first + 1, block, taken
        first += len(block)


def _whole(block: Sequence[Sequence[Any]], keys: Sequence[Cell]) -> dict[int, list[Cell]]:
    if "" not in keys:
        return {}
    return {place: plain(block[place]) for place, cell in enumerate(keys) if cell == ""}


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
