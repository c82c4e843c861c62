"""Import these workbooks: find their tables, read the rows, merge all of them or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from esign_cli import __version__, errors
from esign_cli.mebbis import layouts
from esign_cli.mebbis.cells import Block, SheetTop
from esign_cli.mebbis.duties import Rules
from esign_cli.mebbis.layouts import CERTIFICATES, Layout
from esign_cli.mebbis_import import Reader, RowProblem, Rows
from esign_cli.store import Store, imports

MOST_MISSING = 0.10
"""A full snapshot that would flag more than this part of the people asks first."""


class Workbook(Protocol):
    """What the workbook room hands over."""

    @property
    def sha256(self) -> str:
        """Of the file's bytes, hexadecimal."""

    @property
    def file_type(self) -> str:
        """Told by its bytes."""

    @property
    def sheets(self) -> tuple[SheetTop, ...]:
        """Names, sizes and first rows."""

    def blocks(self, sheet: int, columns: Sequence[int], key: int | None = None) -> Iterator[Block]:
        """The rows of one sheet."""


OpenWorkbook = Callable[[Path], AbstractContextManager[Workbook]]


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for."""

    files: Sequence[Path]
    rules: Rules
    scope: imports.Scope | None = None
    """Of a full snapshot; None for a partial import."""
    dry_run: bool = False
    sheet: str = ""
    """A sheet's name, or its number from 1."""
    header_row: int | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetReport:
    """A sheet that was read, and by what layout."""

    name: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or row that is pointed out; `rejected`: it cost the row."""

    code: str
    file: str
    sheet: str
    row: int
    column: str
    field: str
    value: str
    rejected: bool


@dataclass(frozen=True, slots=True)
class FileReport:
    """What one file was and what became of its rows."""

    file: str
    sha256: str
    file_type: str
    kind: str
    sheets: Sequence[SheetReport]
    passed_over: Sequence[str]
    """Sheets without a table, or hidden."""
    rows_read: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    ignored: int
    known: bool
    """This very file was imported before in this very way: nothing of it was taken again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the command did, or would do."""

    files: Sequence[FileReport]
    problems: Sequence[Problem]
    missing: int
    suspended: bool
    """Nobody was flagged as missing, because some national ids could not be read."""

    @property
    def rejected(self) -> int:
        return sum(file.rejected for file in self.files)


class _File:
    """One file on its way through: what was found, and what has been read of it."""

    def __init__(self, place: int, path: Path, request: Request, book: Workbook) -> None:
        self.place = place
        self.path = path
        self.sha256 = book.sha256
        self.file_type = book.file_type
        self.sheets, self.passed_over = _tables(path, book, request)
        kinds = sorted({layout.kind for _, layout in self.sheets})
        if len(kinds) > 1:
            raise errors.MixedSheets(path=str(path), kinds=kinds)
        self.kind = kinds[0]
        self.how = _how(request)
        self.known = False
        self.rows: Counter[str] = Counter()
        self.problems: list[Problem] = []

    @property
    def entry(self) -> imports.ImportedFile:
        return imports.ImportedFile(self.path.name, self.sha256, self.how)

    def read(self, book: Workbook, sheet: SheetTop, layout: Layout, rules: Rules) -> Iterator[Rows]:
        """The sheet's rows, counted as they pass."""
        reader = Reader(layout, rules)
        columns = list(layout.columns.values())
        for block in book.blocks(sheet.index, columns, layout.columns["national_id"]):
            rows = reader.rows(block)
            self.rows["read"] += rows.read
            self.rows["rejected"] += rows.rejected
            self.rows["ignored"] += rows.ignored
            self.problems += (_problem(self.path, sheet, problem) for problem in rows.problems)
            yield rows


def import_files(
    request: Request,
    *,
    open_workbook: OpenWorkbook,
    store: Store,
    now: datetime,
    today: date,
    confirm: Callable[[int, int], bool],
) -> Outcome:
    """Read all the files and merge them in one transaction.

    `confirm` is asked when more than MOST_MISSING of the people a full snapshot covers would be
    flagged: missing, known. Raises errors.Workbook… and those of `layouts.guess` for a file
    that cannot be used, ProvinceNeeded, Declined; then nothing at all was changed.
    """
    staged = imports.staging(store)
    files = [
        _stage(place, path, request, open_workbook, store, staged)
        for place, path in enumerate(request.files)
    ]
    fresh = [file for file in files if not file.known]
    if request.dry_run or not fresh:
        return _outcome(files, staged.compare(request.scope))
    if request.scope is not None:
        _ask(staged.compare(request.scope), confirm)
    kept = fresh if request.scope is None else files
    figures = staged.apply(_entry(kept, request), now=now, today=today)
    return _outcome(files, figures)


def _ask(figures: imports.Figures, confirm: Callable[[int, int], bool]) -> None:
    many = figures.missing > MOST_MISSING * figures.known
    if many and not confirm(figures.missing, figures.known):
        raise errors.Declined


def _stage(
    place: int,
    path: Path,
    request: Request,
    open_workbook: OpenWorkbook,
    store: Store,
    staged: imports.Staging,
) -> _File:
    with open_workbook(path) as book:
        file = _File(place, path, request, book)
        file.known = imports.is_known(store, file.entry)
        for sheet, layout in file.sheets:
            rows = file.read(book, sheet, layout, request.rules)
            weak = layout.kind == CERTIFICATES
            known = file.known and request.scope is None
            staged.add_sheet(place, sheet.name, rows, weak=weak, known=known)
    return file


# --- which sheets, and how they are read ---------------------------------------------------------


def _tables(
    path: Path, book: Workbook, request: Request
) -> tuple[list[tuple[SheetTop, Layout]], list[str]]:
    """The sheets that hold a table, and the names of the others.

    A sheet that has headers but cannot be used is an error only if no other can.
    """
    found: list[tuple[SheetTop, Layout]] = []
    others: list[str] = []
    trouble: list[errors.EsignError] = []
    for sheet in _asked(path, book, request.sheet):
        try:
            layout = _guess(path, sheet, request)
        except (errors.NoIdentityColumn, errors.MappedColumnMissing) as error:
            trouble.append(error)
            layout = None
        if layout is None:
            others.append(sheet.name)
        else:
            found.append((sheet, layout))
    if not found:
        raise trouble[0] if trouble else errors.NoTableFound(path=str(path))
    return found, others


def _asked(path: Path, book: Workbook, wanted: str) -> Sequence[SheetTop]:
    if not wanted:
        return [sheet for sheet in book.sheets if sheet.visible]
    for number, sheet in enumerate(book.sheets, start=1):
        if wanted in (sheet.name, str(number)):
            return [sheet]
    names = [sheet.name for sheet in book.sheets]
    raise errors.NoSuchSheet(path=str(path), sheet=wanted, sheets=names)


def _guess(path: Path, sheet: SheetTop, request: Request) -> Layout | None:
    try:
        layout = layouts.guess(sheet.top, header_row=request.header_row, mapping=request.mapping)
    except errors.EsignError as error:
        error.facts |= {"path": str(path), "sheet": sheet.name}
        raise
    places = {"province", "place"}
    duty = layout is not None and layout.kind != CERTIFICATES
    if layout and duty and not (request.rules.province or places & layout.columns.keys()):
        raise errors.ProvinceNeeded(path=str(path))
    return layout


def _how(request: Request) -> str:
    """Everything besides the bytes that decides what is read from a file."""
    rules = request.rules
    words = sorted(rules.kind_words.items())
    return repr(
        (
            __version__, rules.province, rules.district, rules.assumed, words, request.scope,
            request.sheet, request.header_row, sorted(request.mapping.items()),
        )
    )  # fmt: skip


# --- what is told --------------------------------------------------------------------------------


def _entry(files: Sequence[_File], request: Request) -> imports.Entry:
    total = sum((file.rows for file in files), Counter[str]())
    kinds = {file.kind for file in files}
    return imports.Entry(
        files=[file.entry for file in files],
        kind=kinds.pop() if len(kinds) == 1 else layouts.ROSTER,
        scope=request.scope,
        read=total["read"],
        rejected=total["rejected"],
        ignored=total["ignored"],
    )


def _outcome(files: Sequence[_File], figures: imports.Figures) -> Outcome:
    known = all(file.known for file in files)
    problems = [problem for file in files for problem in file.problems]
    for finding in figures.findings:
        headers = _headers(files[finding.file], finding.sheet)
        problems.append(
            Problem(
                finding.code, files[finding.file].path.name, finding.sheet, finding.row,
                headers.get(finding.field, ""), finding.field, finding.value,
                finding.code == "identity-conflict",
            )
        )  # fmt: skip
    return Outcome(
        files=[_report(file, figures.counts.get(file.place, imports.Counts())) for file in files],
        problems=sorted(problems, key=lambda one: one.file),
        missing=0 if known else figures.missing,
        suspended=figures.suspended,
    )


def _report(file: _File, counts: imports.Counts) -> FileReport:
    new, changed, unchanged = counts.new, counts.changed, counts.unchanged
    if file.known:
        new, changed, unchanged = 0, 0, new + changed + unchanged
    report = FileReport(
        file=file.path.name,
        sha256=file.sha256,
        file_type=file.file_type,
        kind=file.kind,
        sheets=[SheetReport(sheet.name, layout) for sheet, layout in file.sheets],
        passed_over=file.passed_over,
        rows_read=file.rows["read"],
        new=new,
        changed=changed,
        unchanged=unchanged,
        rejected=file.rows["rejected"] + counts.conflicts,
        ignored=file.rows["ignored"],
        known=file.known,
    )
    told = new + changed + unchanged + report.rejected + report.ignored
    assert report.rows_read == told, "a row was lost"  # noqa: S101  (the promise of every import)
    return report


def _headers(file: _File, sheet: str) -> Mapping[str, str]:
    return next(layout.headers for one, layout in file.sheets if one.name == sheet)


def _problem(path: Path, sheet: SheetTop, problem: RowProblem) -> Problem:
    return Problem(
        problem.code, path.name, sheet.name, problem.row, problem.column, problem.field,
        problem.value, problem.rejected,
    )  # fmt: skip
