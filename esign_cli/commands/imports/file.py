"""One file on its way into the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from esign_cli import __version__
from esign_cli.commands.imports.request import Problem, Request, Watch
from esign_cli.foundation.errors.workbooks import MixedSheets
from esign_cli.store import imports
from esign_cli.workbooks import tables
from esign_cli.workbooks.formats import column_letters
from esign_cli.workbooks.import_rows import RowProblem, Rows
from esign_cli.workbooks.mebbis.cells import SheetTop
from esign_cli.workbooks.mebbis.footers import report_day
from esign_cli.workbooks.mebbis.layouts import ASSIGNMENTS, CERTIFICATES, ROSTER, Layout
from esign_cli.workbooks.tables import SheetSource

TITLE, SAID = "title", "said"
_NO_VALUE = ("error-cell", "not-calculated")
_ABOUT = {
    ROSTER: {"national_id", "identity"},
    ASSIGNMENTS: {"national_id", "identity", "start", "end"},
    CERTIFICATES: {"national_id", "identity", "certificate_end"},
}
"""The columns without which a list says nothing."""


class File:
    """One file on its way through: what was found, and what has been read of it."""

    def __init__(self, place: int, request: Request, book: SheetSource, watch: Watch) -> None:
        path = request.files[place]
        self.place = place
        self.path = path
        self.name = request.names[place]
        self.sha256 = book.sha256
        self.file_type = book.file_type
        self.sheets, self.passed_over = tables.tables(path, book, request)
        self.hidden = tables.hidden(book, request)
        kinds = sorted({layout.kind for _, layout in self.sheets})
        if len(kinds) > 1:
            raise MixedSheets(path=str(path), kinds=kinds)
        self.kind = kinds[0]
        self.tables: list[tuple[SheetTop, Layout]] = []
        """What was read, in order: a sheet has as many tables as headers that differ."""
        days = (report_day(sheet.top, layout.header_row) for sheet, layout in self.sheets)
        self.titled = next(filter(None, days), None)
        day, source = book.day
        self.dated = (self.titled, TITLE) if self.titled else (date.fromisoformat(day), source)
        count = len(request.files)
        self._called = self.name if count == 1 else f"{self.name} ({place + 1}/{count})"
        self._watch = watch
        self.how = _how(request)
        self._said = request.as_of
        self.imported: date | None = None
        """The day as of which this very file was imported before in this very way."""
        self.rows: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._total = sum(sheet.rows for sheet, _ in self.sheets)

    @property
    def known(self) -> bool:
        """Whether it was imported before, as of no older day than is said now."""
        said = self._said or date.min
        return self.imported is not None and said <= self.imported

    @property
    def entry(self) -> imports.ImportedFile:
        return imports.ImportedFile(self.name, self.sha256, self.how)

    def read(
        self, book: SheetSource, sheet: SheetTop, layout: Layout, request: Request, known: bytes
    ) -> Iterator[Rows]:
        """Yield the sheet's rows, counted; those below a later header by that header."""
        self._watch(self.rows["read"], self._total, self._called)
        for part in tables.rows(self.path, book, sheet, layout, request, known):
            if isinstance(part, Layout):
                self._begin(sheet, part)
            else:
                yield self._counted(sheet, part)

    def _begin(self, sheet: SheetTop, layout: Layout) -> None:
        if (layout.kind == CERTIFICATES) != (self.kind == CERTIFICATES):
            raise MixedSheets(path=str(self.path), kinds=sorted((self.kind, layout.kind)))
        self.tables.append((sheet, layout))
        told = ((layout.beside.told, "column-empty"), (layout.beside.moved, "column-moved"))
        for columns, code in told:
            for field, one in columns.items():
                places = f"{column_letters.of(one.header)} → {column_letters.of(one.column)}"
                header = layout.headers[field]
                problem = RowProblem(code, layout.header_row, header, field, places, rejected=False)
                self.problems.append(_problem(self.name, sheet, problem))

    def _counted(self, sheet: SheetTop, rows: Rows) -> Rows:
        self.rows["read"] += rows.read
        self.rows["rejected"] += rows.rejected
        self.rows["ignored"] += rows.ignored
        self.problems += (_problem(self.name, sheet, problem) for problem in rows.problems)
        self._watch(self.rows["read"], self._total, self._called)
        return rows

    @property
    def _without_value(self) -> list[Problem]:
        return [one for one in self.problems if one.rejected and one.code in _NO_VALUE]

    @property
    def column_of_errors(self) -> str:
        """The header of a column the list is about in which every row has an error; "" if none."""
        rows = self.rows["read"] - self.rows["ignored"]
        about = _ABOUT[self.kind]
        costly = Counter(one.column for one in self._without_value if one.field in about)
        column, times = costly.most_common(1)[0] if costly else ("", 0)
        return column if times == rows and rows > 1 else ""

    @property
    def cells_of_errors(self) -> list[str]:
        """Each cell that holds an error or was never calculated, as Excel calls it."""
        return [
            f"{one.sheet}!{self._letters(one)}{one.row} {one.value}" for one in self._without_value
        ]

    def _letters(self, problem: Problem) -> str:
        return column_letters.of(self.layout_of(problem.sheet, problem.row).columns[problem.field])

    def layout_of(self, sheet: str, row: int) -> Layout:
        """Return the layout by which a row of a sheet was read."""
        own = [layout for one, layout in self.tables if one.name == sheet]
        return next((one for one in reversed(own) if one.header_row <= row), own[0])


def _problem(name: str, sheet: SheetTop, problem: RowProblem) -> Problem:
    return Problem(
        problem.code, name, sheet.name, problem.row, problem.column, problem.field,
        problem.value, problem.rejected, problem.national_id,
    )  # fmt: skip


def _how(request: Request) -> str:
    """Everything besides the bytes that decides what is read from a file."""
    rules = request.rules
    words = sorted(rules.kind_words.items())
    return repr(
        (
            __version__, rules.province, rules.district, rules.assumed, words, request.scope,
            request.sheet, request.header_row, sorted(request.mapping.items()), request.dates,
            sorted({**request.remembered, **request.answers}.items()),
        )
    )  # fmt: skip
