"""The tables of a workbook: which sheets hold one, by what layout, and the rows as it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from esign_cli import __version__
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import workbooks as errors
from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.import_rows import Reader, Rows
from esign_cli.workbooks.mebbis import forms, layouts
from esign_cli.workbooks.mebbis.cells import Block, Cell, NewHeader, Plan, SheetTop
from esign_cli.workbooks.mebbis.dates import DAY_FIRST, is_swappable
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.mebbis.fields import DATES
from esign_cli.workbooks.mebbis.layouts import CERTIFICATES, Layout
from esign_cli.workbooks.mebbis.meanings import DATES as FORM
from esign_cli.workbooks.mebbis.meanings import Answers


class SheetSource(Protocol):
    """An opened workbook, as `reader.WorkbookReader` hands it over."""

    @property
    def sha256(self) -> str:
        """Of the file's bytes, hexadecimal."""

    @property
    def file_type(self) -> str:
        """Told by its bytes."""

    @property
    def sheets(self) -> tuple[SheetTop, ...]:
        """Names, sizes and first rows."""

    @property
    def day(self) -> tuple[str, ...]:
        """The oldest of the days of the file (ISO), and where it comes from."""

    def cells(
        self, sheet: int, columns: Sequence[int], rows: Iterable[int] = (), *, form: bool = False
    ) -> Mapping[int, Sequence[Cell]]:
        """Return some rows as they stand in the file."""

    def blocks(self, sheet: int, plan: Plan) -> Iterator[Block | NewHeader]:
        """Return the rows of one sheet, up to a header that stands otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What was said of workbooks besides their bytes; what was not is found out."""

    rules: Rules = field(default_factory=Rules)
    sheet: str = ""
    """A sheet's name, or its number from 1."""
    header_row: int | None = None
    """The first row is 1."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Header → field (`fields.FIELDS`)."""
    answers: Answers = field(default_factory=dict)
    """What was just said of columns that would be ambiguous."""
    remembered: Answers = field(default_factory=dict)
    """The same, said once of a file with the same header."""
    dates: str = ""
    """In which form (`dates.FORMS`) dates are written; "" if the columns show it."""


def tables(
    path: Path, book: SheetSource, options: ReadOptions, *, lenient: bool = False
) -> tuple[list[tuple[SheetTop, Layout]], list[str]]:
    """Return the sheets that hold a table, and the names of the others.

    A sheet that has headers but cannot be used is an error only if no other can; `lenient`: columns
    that may mean several things are none, nor is a table without a person's number.
    """
    used: list[tuple[SheetTop, Layout]] = []
    others: list[str] = []
    doubtful: list[tuple[SheetTop, Layout]] = []
    trouble: list[EsignError] = []
    for sheet in _asked(path, book, options.sheet):
        try:
            layout = _guess(path, sheet, options, lenient=lenient)
        except (errors.NoIdentityColumn, errors.MappedColumnMissing) as error:
            trouble.append(error)
            layout = None
        if layout is None:
            others.append(sheet.name)
        elif layout.key not in layout.columns:
            doubtful.append((sheet, layout))
        else:
            used.append((sheet, layout))
    if not used and doubtful:
        return doubtful, others
    others += [sheet.name for sheet, _layout in doubtful]
    if not used:
        raise trouble[0] if trouble else errors.NoTableFound(path=str(path))
    return used, others


def hidden(book: SheetSource, options: ReadOptions) -> list[str]:
    """Return the names of sheets that are hidden and hold something, and that nobody asked for."""
    return [
        sheet.name for sheet in book.sheets if not (sheet.visible or options.sheet) and sheet.rows
    ]


def _asked(path: Path, book: SheetSource, wanted: str) -> Sequence[SheetTop]:
    if not wanted:
        return [sheet for sheet in book.sheets if sheet.visible]
    for number, sheet in enumerate(book.sheets, start=1):
        if wanted in (sheet.name, str(number)):
            return [sheet]
    names = [sheet.name for sheet in book.sheets]
    raise errors.NoSuchSheet(path=str(path), sheet=wanted, sheets=names)


def _guess(path: Path, sheet: SheetTop, options: ReadOptions, *, lenient: bool) -> Layout | None:
    layout = None
    if options.header_row is None and not options.mapping:
        layout = forms.layout_of(sheet.top)
    layout = layout or layouts.guess(
        sheet.top,
        header_row=options.header_row,
        mapping=options.mapping,
        answers={**options.remembered, **options.answers},
        across=sheet.across,
        lenient=lenient,
        path=str(path),
        sheet=sheet.name,
    )
    places = {"province", "place"}
    duty = layout is not None and layout.kind != CERTIFICATES
    if layout and duty and not (options.rules.province or places & layout.columns.keys()):
        raise errors.ProvinceNeeded(path=str(path))
    return layout


def rows(
    path: Path,
    book: SheetSource,
    sheet: SheetTop,
    layout: Layout,
    options: ReadOptions,
    known: bytes = b"",
) -> Iterator[Layout | Rows]:
    """Yield the sheet's rows, block by block, each table of it behind its layout.

    A later header begins another table, whose layout may differ. Raises as `layouts.guess` does,
    DatesAmbiguous, WorkbookTooLarge and WorkbookDamaged.
    """
    blocks = plan(sheet, layout, options, known)
    while True:
        yield _with_forms(layout, blocks, options)
        reader = Reader(layout, options.rules)
        header: NewHeader | None = None
        for block in _read(book, sheet.index, blocks, layout):
            if isinstance(block, NewHeader):
                header = block
            else:
                yield reader.rows(block)
        if header is None:
            return
        layout = _later(path, sheet, header, options)
        top = replace(sheet, top=tuple(map(tuple, header.top)))
        blocks = plan(top, layout, options, known, goes_on=True)


def _read(book: SheetSource, sheet: int, plan: Plan, layout: Layout) -> Iterator[Block | NewHeader]:
    """The rows; columns of dates that cannot be told are named as the file does."""
    try:
        yield from book.blocks(sheet, plan)
    except errors.DatesAmbiguous as error:
        columns = [layout.headers[one] for one in error.fields]
        facts = {**error.facts, "columns": columns, "header": layout.signature}
        raise errors.DatesAmbiguous(**facts) from error


def _later(path: Path, sheet: SheetTop, header: NewHeader, options: ReadOptions) -> Layout:
    """The layout of a table below another on one sheet."""
    named = {fold(str(cell)) for row in header.top for cell in row}
    layout = layouts.guess(
        header.top,
        header_row=1,
        mapping={one: field for one, field in options.mapping.items() if fold(one) in named},
        answers={**options.remembered, **options.answers},
        path=str(path),
        sheet=sheet.name,
    )
    assert layout is not None  # noqa: S101  (the row was named)
    return replace(layout, header_row=header.row)


def plan(
    sheet: SheetTop, layout: Layout, options: ReadOptions, known: bytes, *, goes_on: bool = False
) -> Plan:
    """Return how a sheet of this layout is to be read; `known` are digests of rows not wanted
    again.
    """
    rules = options.rules
    forms = _forms(layout, options.answers)
    if options.dates:
        forms = dict.fromkeys(DATES & layout.columns.keys(), options.dates)
    undated = [one for one in _undated(sheet, layout, goes_on=goes_on) if one not in forms]
    remembered = _forms(layout, options.remembered)
    by_default = DAY_FIRST if layout.form else ""  # no slash among the first: those below are not
    what = (
        __version__, rules.province, rules.district, rules.assumed,
        sorted(rules.kind_words.items()), layout.kind, layout.duty_is_assignment,
        tuple(layout.columns),
    )  # fmt: skip
    return Plan(
        fields=tuple(layout.columns),
        columns=tuple(layout.columns.values()),
        key=layout.key,
        header=layout.headers[layout.key],
        header_row=layout.last_header_row,
        header_rows=layout.header_rows,
        header_cells=layout.header_cells,
        form=layout.form,
        goes_on=goes_on,
        date_forms=dict.fromkeys(DATES & layout.columns.keys(), by_default) | forms,
        undated=undated,
        remembered_forms={one: remembered[one] for one in undated if one in remembered},
        salt=hashlib.blake2b(repr(what).encode(), digest_size=16).digest(),
        known=known,
        # the end of a certificate may be allowed today and not tomorrow, or the card may disagree
        digests="certificate_end" not in layout.columns,
    )


def _forms(layout: Layout, answers: Answers) -> dict[str, str]:
    """The form of those columns of dates of which the answers say it."""
    dated = DATES & layout.columns.keys()
    keys = {one: (layout.signature, fold(layout.headers[one]), FORM) for one in dated}
    return {one: answers[key] for one, key in keys.items() if key in answers}


def _with_forms(layout: Layout, plan: Plan, options: ReadOptions) -> Layout:
    """The layout that tells which forms of dates answers decided."""
    forms = {**plan.remembered_forms, **({} if options.dates else _forms(layout, options.answers))}
    said = {layout.headers[field]: form for field, form in forms.items()}
    return replace(layout, answered={**layout.answered, **said})


def _undated(sheet: SheetTop, layout: Layout, *, goes_on: bool) -> list[str]:
    """Columns of dates whose first cells do not show in which form they are written."""
    if layout.form:
        return []
    begin = layout.header_rows if goes_on else layout.last_header_row
    rows = sheet.top[begin:]
    cells = {
        field: [row[layout.columns[field]] for row in rows if layout.columns[field] < len(row)]
        for field in sorted(DATES & layout.columns.keys())
    }
    filled = {field: [one for one in column if one != ""] for field, column in cells.items()}
    return [field for field, column in filled.items()
            if not column or any(map(is_swappable, column))]  # fmt: skip
