"""The sheets of a workbook, whatever kind of file it is: each reader gives the same."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from esign_cli.workbooks.formats import (
    Damaged,
    Locked,
    Unsupported,
    biff,
    compound,
    decoding,
    delimited,
    filetypes,
    html_tables,
    mhtml,
    ods,
    spreadsheetml,
    xlsb,
    xlsx,
)
from esign_cli.workbooks.formats.chunks import Chunk, Unmerged, dense
from esign_cli.workbooks.formats.package import Package
from esign_cli.workbooks.mebbis import forms
from esign_cli.workbooks.mebbis.cells import plain

WIDEST = 1 << 14
"""Columns of a sheet of Excel, A to XFD."""
Overlay = Mapping[int, Mapping[int, Any]]
"""Values by row and column that stand for cells which a library gives as empty."""


class Sheet(Protocol):
    """What a reader of any file type gives of one sheet."""

    @property
    def name(self) -> str:
        """As people see it."""

    @property
    def visible(self) -> bool:
        """Whether people see it."""

    @property
    def rows(self) -> int:
        """How many there are, about."""

    def chunks(self) -> Iterator[Chunk]:
        """Return its rows, from the sheet's first; each call begins anew."""

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """Return cells merged downwards: (column, first row, last row), all counted from 0."""

    def merged_across(self) -> Sequence[tuple[int, int, int]]:
        """Return cells merged in a row, where the reader knows them: (row, first column, last
        column).
        """


@dataclass(frozen=True, slots=True)
class Opened:
    """A workbook that can be read."""

    sheets: Sequence[Sheet]
    from_1904: bool = False
    """Bare counts of days are those of Excel's other calendar."""


class CalamineSheet:
    """A sheet that python-calamine has read, with what it gives as empty."""

    def __init__(
        self, sheet: Any, *, visible: bool, overlay: Overlay, letters: Mapping[int, str]
    ) -> None:
        self._sheet = sheet
        self._overlay = overlay
        self._letters = letters
        self._first_column = sheet.start[1] if sheet.start else 0
        self.name = str(sheet.name)
        self.visible = visible
        self.rows = max(sheet.end[0] + 1 if sheet.end else 0, max(overlay, default=-1) + 1)

    def chunks(self) -> Iterator[Chunk]:
        """Read by calamine, whose rows begin at the first column that is not empty."""
        return dense(map(plain, self._rows()))

    def _rows(self) -> Iterator[Sequence[Any]]:
        before = [""] * self._first_column
        number = -1
        for number, cells in enumerate(self._sheet.iter_rows()):
            row = [*before, *cells] if before else cells
            if self._letters:
                row = [cell.translate(self._letters) if isinstance(cell, str) else cell
                       for cell in row]  # fmt: skip
            yield _laid_over(row, self._overlay[number]) if number in self._overlay else row
        for after in range(number + 1, self.rows):
            yield _laid_over([], self._overlay.get(after, {}))

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """Return those of more than one row, sorted by their first."""
        ranges = self._sheet.merged_cell_ranges or ()
        down = [(first[1], first[0], last[0]) for first, last in ranges if last[0] > first[0]]
        return sorted(down, key=lambda area: area[1])

    def merged_across(self) -> Sequence[tuple[int, int, int]]:
        """Return those of one row."""
        ranges = self._sheet.merged_cell_ranges or ()
        return [(first[0], first[1], last[1]) for first, last in ranges if first[0] == last[0]]


def _laid_over(row: Sequence[Any], texts: Mapping[int, Any]) -> Sequence[Any]:
    width = max(len(row), max(texts, default=-1) + 1)
    whole = [*row, *[""] * (width - len(row))]
    for column, text in texts.items():
        whole[column] = text
    return whole


class TableSheet(Unmerged):
    """A sheet whose rows are read anew each time; merged cells were filled on the way."""

    def __init__(
        self,
        name: str,
        read: Callable[[], Iterable[Sequence[Any]]],
        *,
        rows: int,
        visible: bool = True,
    ) -> None:
        self._read = read
        self.name = name
        self.visible = visible
        self.rows = rows

    def chunks(self) -> Iterator[Chunk]:
        """Return the rows as they are read."""
        return dense(self._read())


class FormSheet(Unmerged):
    """A sheet in the form layout, as the table that `forms` makes of it."""

    def __init__(self, sheet: Sheet, *, serials_from_1904: bool) -> None:
        self._sheet = sheet
        self._from_1904 = serials_from_1904
        self.name = sheet.name
        self.visible = sheet.visible
        self.rows = sheet.rows

    def chunks(self) -> Iterator[Chunk]:
        """Read as many rows as the sheet has."""
        rows = (
            plain(chunk.row(place))
            for chunk in self._sheet.chunks()
            for place in range(chunk.count)
        )
        return dense(forms.table(rows, serials_from_1904=self._from_1904))


# --- opening -------------------------------------------------------------------------------------


def opened(kind: str, content: bytes) -> Opened:
    """Return the workbook; raises Damaged, Locked, Unsupported, MemoryError or one of
    UNREADABLE.
    """
    return _READERS[kind](content)


def _xlsx(content: bytes) -> Opened:
    book = xlsx.Workbook(Package(content))
    return Opened(book.sheets, book.from_1904)


def _xls(content: bytes) -> Opened:
    content = compound.with_usual_name(content)
    stream = compound.workbook(content)
    read = biff.read_globals(stream)
    right, letters = biff.with_right_codepage(stream, read)
    if right != stream:
        content = compound.with_workbook(content, right)
    overlays = [biff.errors(stream, begin) for begin in read.sheets]
    try:
        sheets = _by_calamine(content, overlays, letters)
    except Unsupported as error:
        raise (Damaged(str(error)) if compound.is_cut(content) else error) from error
    return Opened(sheets, read.from_1904)


def _xlsb(content: bytes) -> Opened:
    package = Package(content)
    return Opened(_by_calamine(content, xlsb.overlays(package)), xlsb.from_1904(package))


def _by_calamine(
    content: bytes, overlays: Sequence[Overlay], letters: Mapping[int, str] | None = None
) -> list[Sheet]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        seen = [
            (number, str(sheet.visible).endswith(".Visible"))
            for number, sheet in enumerate(book.sheets_metadata)
            if str(sheet.typ).endswith(".WorkSheet")
        ]
        sheets = [(n, book.get_sheet_by_index(n), visible) for n, visible in seen]
    except calamine.PasswordError as error:
        raise Locked from error
    except MemoryError:
        raise
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise Unsupported(str(error)) from error
        if not isinstance(error, Exception):
            raise
        raise Damaged(f"{type(error).__name__}: {error}") from error
    if any(sheet.width > WIDEST for _, sheet, _ in sheets):
        raise Damaged("a sheet wider than any can be")
    return [
        CalamineSheet(
            sheet,
            visible=visible,
            overlay=overlays[n] if n < len(overlays) else {},
            letters=letters or {},
        )
        for n, sheet, visible in sheets
    ]


def _opendocument(document: ods.Document) -> Opened:
    return Opened([_kept(table) for table in document.tables], document.from_1904)


def _kept(table: ods.Table) -> Sheet:
    rows = table.rows
    return TableSheet(table.name, lambda: rows, rows=len(rows), visible=table.visible)


def _spreadsheetml(content: bytes) -> Opened:
    return Opened(spreadsheetml.sheets(content), spreadsheetml.is_from_1904(content))


def _mhtml(content: bytes) -> Opened:
    pages = [decoding.text(page) for page in mhtml.pages(content)]
    return Opened(
        [html_tables.Page(f"HTML {number}", text) for number, text in enumerate(pages, start=1)]
    )


def _lines(content: bytes) -> Opened:
    text = decoding.text(content)
    return Opened([delimited.Sheet(lambda: [text], text.count("\n"))])


_READERS: dict[str, Callable[[bytes], Opened]] = {
    filetypes.XLSX: _xlsx,
    filetypes.XLS: _xls,
    filetypes.ODS: lambda data: _opendocument(ods.Document(Package(data).open("content.xml"))),
    filetypes.FODS: lambda data: _opendocument(ods.Document(io.BytesIO(data))),
    filetypes.XLSB: _xlsb,
    filetypes.HTML: lambda data: Opened([html_tables.Page("HTML", decoding.text(data))]),
    filetypes.MHTML: _mhtml,
    filetypes.TEXT: _lines,
    filetypes.SPREADSHEETML: _spreadsheetml,
}
