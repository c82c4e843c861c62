"""One file on its way into the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from esign_cli.commands.imports import sheets
from esign_cli.commands.imports.request import Problem, Request, Watch, Workbook
from esign_cli.foundation.errors.workbooks import MixedSheets
from esign_cli.store import imports
from esign_cli.workbooks.import_rows import Reader, RowProblem, Rows
from esign_cli.workbooks.mebbis.cells import SheetTop
from esign_cli.workbooks.mebbis.layouts import Layout


class File:
    """One file on its way through: what was found, and what has been read of it."""

    def __init__(self, place: int, request: Request, book: Workbook, watch: Watch) -> None:
        path = request.files[place]
        self.place = place
        self.path = path
        self.name = request.names[place]
        self.sha256 = book.sha256
        self.file_type = book.file_type
        self.sheets, self.passed_over = sheets.tables(path, book, request)
        self.hidden = sheets.hidden(book, request)
        kinds = sorted({layout.kind for _, layout in self.sheets})
        if len(kinds) > 1:
            raise MixedSheets(path=str(path), kinds=kinds)
        self.kind = kinds[0]
        self._watch = watch
        self.how = sheets.how(request)
        self.known = False
        self.rows: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._total = sum(sheet.rows for sheet, _ in self.sheets)

    @property
    def entry(self) -> imports.ImportedFile:
        return imports.ImportedFile(self.name, self.sha256, self.how)

    def read(
        self, book: Workbook, sheet: SheetTop, layout: Layout, request: Request, known: bytes
    ) -> Iterator[Rows]:
        """The sheet's rows, counted as they pass."""
        self._watch(self.rows["read"], self._total)
        reader = Reader(layout, request.rules)
        for block in book.blocks(sheet.index, sheets.plan(layout, request, known)):
            rows = reader.rows(block)
            self.rows["read"] += rows.read
            self.rows["rejected"] += rows.rejected
            self.rows["ignored"] += rows.ignored
            self.problems += (_problem(self.name, sheet, problem) for problem in rows.problems)
            yield rows
            self._watch(self.rows["read"], self._total)


def _problem(name: str, sheet: SheetTop, problem: RowProblem) -> Problem:
    return Problem(
        problem.code, name, sheet.name, problem.row, problem.column, problem.field,
        problem.value, problem.rejected,
    )  # fmt: skip
