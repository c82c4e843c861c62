"""How files are understood, without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from esign_cli.commands.imports.request import OpenWorkbook, Request, SheetReport
from esign_cli.workbooks import tables
from esign_cli.workbooks.mebbis import forms
from esign_cli.workbooks.mebbis.blocks import shown
from esign_cli.workbooks.mebbis.cells import Cell, SheetTop
from esign_cli.workbooks.mebbis.layouts import Layout


@dataclass(frozen=True, slots=True)
class ExplainedSheet(SheetReport):
    """A sheet and the guess on it."""

    samples: Mapping[str, str]
    """A value of each field, "" where the first rows have none."""
    unsettled: Mapping[str, str]
    """A value of each column that may mean several things, by its header."""

    @property
    def refused(self) -> bool:
        """Whether an import would ask for a mapping first."""
        layout = self.layout
        return bool(layout.unsettled) or layout.key not in layout.columns


@dataclass(frozen=True, slots=True)
class Explained:
    """A file and the guess on it."""

    file: str
    sha256: str
    file_type: str
    sheets: Sequence[ExplainedSheet]
    passed_over: Sequence[str]
    hidden: Sequence[str]


def explain(request: Request, open_workbook: OpenWorkbook) -> list[Explained]:
    """Return the guess on each file, with what it leaves open; raises errors.Workbook… and the
    like.
    """
    # which province rows without one belong to is no question yet
    asked = replace(request, rules=replace(request.rules, province=request.rules.province or "all"))
    return [_explain(place, asked, open_workbook) for place in range(len(asked.files))]


def _explain(place: int, request: Request, open_workbook: OpenWorkbook) -> Explained:
    path = request.files[place]
    with open_workbook(path) as book:
        used, passed_over = tables.tables(path, book, request, lenient=True)
        return Explained(
            file=request.names[place],
            sha256=book.sha256,
            file_type=book.file_type,
            sheets=[
                ExplainedSheet(
                    sheet.name,
                    layout,
                    _samples(sheet, layout, layout.columns),
                    _samples(sheet, layout, layout.unsettled),
                )
                for sheet, layout in used
            ],
            passed_over=passed_over,
            hidden=tables.hidden(book, request),
        )


def _samples(sheet: SheetTop, layout: Layout, columns: Mapping[str, int]) -> dict[str, str]:
    rows: Sequence[Sequence[Cell]] = sheet.top[layout.last_header_row :]
    if layout.form:
        rows = list(forms.table(sheet.top))
    return {
        field: next((shown(field, row[column]) for row in rows if row[column] != ""), "")
        for field, column in columns.items()
    }
