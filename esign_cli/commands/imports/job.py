"""Import these workbooks: find their tables, read the rows, merge all of them or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from esign_cli.commands.imports import outcome as telling
from esign_cli.commands.imports.explain import Explained, explain
from esign_cli.commands.imports.file import File
from esign_cli.commands.imports.rejects import RejectedRow, Rejects, rejected_rows
from esign_cli.commands.imports.request import (
    FileReport,
    OpenWorkbook,
    Outcome,
    Problem,
    Request,
    Settle,
    SheetReport,
    Watch,
)
from esign_cli.foundation.errors import workbooks as errors
from esign_cli.foundation.errors.environment import Declined
from esign_cli.store import Store, imports
from esign_cli.store import import_columns as columns
from esign_cli.store.import_columns import Answer
from esign_cli.store.import_history import Diff, Written
from esign_cli.store.import_staging import Staging
from esign_cli.workbooks.mebbis.layouts import CERTIFICATES

__all__ = [
    "Explained", "FileReport", "Outcome", "Problem", "RejectedRow", "Rejects", "Request",
    "SheetReport", "explain", "import_files", "rejected_rows",
]  # fmt: skip

CELLS_NAMED = 50
MOST_MISSING = 0.10
"""A full snapshot that would flag more than this part of the people asks first."""


def _ask_nobody(doubt: errors.AmbiguousColumn | errors.DatesAmbiguous) -> list[Answer]:
    raise doubt


def import_files(
    request: Request,
    *,
    open_workbook: OpenWorkbook,
    store: Store,
    now: datetime,
    today: date,
    confirm: Callable[[int, int], bool],
    settle: Settle = _ask_nobody,
    watch: Watch = lambda _read, _total, _file: None,
) -> Outcome:
    """Read all the files and merge them in one transaction; a trial ends before its last step.

    `confirm` is asked when more than MOST_MISSING of the people a full snapshot covers would be
    flagged: missing, known; `settle` what doubtful columns are, unless that was once said of a file
    with the same header; `watch` is told how far the reading is. Raises errors.Workbook… and those
    of `layouts.guess` for a file that cannot be used, ProvinceNeeded, Declined; then nothing at all
    was changed.
    """
    store.expects_changes(("duty", "person"))
    staged = Staging(store, full=request.scope is not None)
    request = replace(request, remembered=columns.known(store))
    answers: list[Answer] = []
    while True:
        try:
            files = _stage_all(request, open_workbook, store, staged, watch)
            if not staged.lacks_rows():
                break
        except (errors.AmbiguousColumn, errors.DatesAmbiguous) as error:
            answers += settle(error)
            request = replace(request, answers=columns.by_column(answers))
        staged.begin()
    _refuse(files, request)
    fresh = [file for file in files if not file.known]
    if not fresh:
        return telling.outcome(files, staged.compare(request.scope), request, Diff((), (), ()))
    if request.scope is not None and not request.dry_run:
        _ask(staged.compare(request.scope), confirm)
    included = fresh if request.scope is None else files
    return _merge(included, files, request, answers, staged, now, today)


def _refuse(files: Sequence[File], request: Request) -> None:
    """Raise for a file that says nothing of anybody, and for a snapshot of no duty record."""
    for file in files:
        if file.rows["read"] == file.rows["ignored"]:
            raise errors.WorkbookWithoutPeople(path=str(file.path))
        if column := file.column_of_errors:
            cells = file.cells_of_errors
            raise errors.ColumnOfErrors(
                path=str(file.path), column=column, cells=cells[:CELLS_NAMED], count=len(cells)
            )
    if request.scope is not None and all(file.kind == CERTIFICATES for file in files):
        raise errors.SnapshotOfCertificates(path=str(files[0].path))


def _merge(
    chosen: Sequence[File],
    files: Sequence[File],
    request: Request,
    answers: Sequence[Answer],
    staged: Staging,
    now: datetime,
    today: date,
) -> Outcome:
    def finish(written: Written, figures: imports.Figures) -> None:
        problems = telling.problems(files, figures)
        written.keep_problems(telling.rows_of(problems, chosen))
        written.keep_answers(answers, now)
        if request.dry_run:
            raise _Trial(telling.outcome(files, figures, request, written.diff()))

    entry = telling.entry(chosen, request)
    try:
        figures = staged.apply(entry, now=now, today=today, finish=finish, policy=request.policy)
        return telling.outcome(files, figures, request)
    except _Trial as trial:
        return trial.outcome


class _Trial(Exception):
    """All was done as it would be, and is not to be kept."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def _ask(figures: imports.Figures, confirm: Callable[[int, int], bool]) -> None:
    many = figures.missing > MOST_MISSING * figures.known
    if many and not confirm(figures.missing, figures.known):
        raise Declined


def _stage_all(
    request: Request, open_workbook: OpenWorkbook, store: Store, staged: Staging, watch: Watch
) -> list[File]:
    files = []
    for place, path in enumerate(request.files):
        with open_workbook(path) as book:
            file = File(place, request, book, watch)
            file.imported = imports.imported_as_of(store, file.entry)
            for sheet, layout in file.sheets:
                rows = file.read(book, sheet, layout, request, staged.known_rows)
                weak = layout.kind == CERTIFICATES
                known = file.known and request.scope is None
                staged.add_sheet(place, sheet.name, rows, weak=weak, known=known)
        files.append(file)
    return files
