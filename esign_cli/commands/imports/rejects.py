"""The rows that were rejected, as tables that can be corrected and imported again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from esign_cli.commands.imports.request import (
    FileReport,
    OpenWorkbook,
    Outcome,
    Problem,
    Request,
)
from esign_cli.foundation.plain_text import REPLACEMENT, without_hidden
from esign_cli.workbooks.import_rows import HALVES
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.layouts import Layout
from esign_cli.workbooks.tables import SheetSource


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one cell."""

    header: str
    """What its column is headed here; "" if there is none."""
    column: str
    """What it is headed in the file."""
    code: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row as it stands in its file, and all that is wrong with it."""

    cells: Sequence[str]
    file: str
    sheet: str
    row: int
    problems: Sequence[Wrong]


@dataclass(frozen=True, slots=True)
class Rejects:
    """The rejected rows of all files of one kind, under headers that an import knows."""

    kind: str
    headers: Sequence[str]
    rows: Sequence[RejectedRow]


_Row = tuple[dict[str, str], RejectedRow]


def rejected_rows(request: Request, outcome: Outcome, open_workbook: OpenWorkbook) -> list[Rejects]:
    """Return a table for each kind of file that had rejected rows, read from the files once
    more.
    """
    by_kind: dict[str, list[_Row]] = defaultdict(list)
    for path, file in zip(request.files, outcome.files, strict=True):
        if file.rejected:
            with open_workbook(path) as book:
                if book.sha256 == file.sha256:  # else it was saved anew meanwhile
                    by_kind[file.kind] += _of_file(file, outcome, book)
    return [_table(kind, rows) for kind, rows in by_kind.items()]


def _of_file(file: FileReport, outcome: Outcome, book: SheetSource) -> Iterator[_Row]:
    for sheet in file.sheets:
        problems: dict[int, list[Problem]] = defaultdict(list)
        for one in outcome.problems:
            if (one.file, one.sheet) == (file.file, sheet.name):
                problems[one.row].append(one)
        wanted = [row for row, of_row in problems.items() if any(one.rejected for one in of_row)]
        if not wanted:
            continue
        index = next(top.index for top in book.sheets if top.name == sheet.name)
        layout = sheet.layout
        headers = [layout.heading(field) for field in layout.columns]
        rows = book.cells(index, list(layout.columns.values()), wanted, form=layout.form)
        for row in wanted:
            named = dict(zip(headers, map(_text, rows[row]), strict=True))
            why = [_wrong(layout, one) for one in problems[row]]
            yield named, RejectedRow((), file.file, sheet.name, row, why)


def _wrong(layout: Layout, problem: Problem) -> Wrong:
    """Of a name or a place that stands in one cell with others, it is that cell."""
    holders = [problem.field, *(whole for whole, parts in HALVES.items() if problem.field in parts)]
    field = next((one for one in holders if one in layout.columns), "")
    header = layout.heading(field) if field else ""
    return Wrong(header, problem.column or layout.headers.get(field, problem.field), problem.code)


def _table(kind: str, rows: Sequence[_Row]) -> Rejects:
    headers = list(dict.fromkeys(header for named, _ in rows for header in named))
    problem_rows = [
        replace(row, cells=[named.get(header, "") for header in headers]) for named, row in rows
    ]
    return Rejects(kind, headers, problem_rows)


def _text(cell: Cell) -> str:
    """A number as it was typed; a text as it is read, with its own lines and what garbled it."""
    if not isinstance(cell, str):
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return "\n".join(map(without_hidden, cell.replace("\0", REPLACEMENT).split("\n")))
