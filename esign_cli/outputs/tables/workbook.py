"""Tables as an .xlsx workbook, a row at a time: a province takes no more memory than a school.

XlsxWriter writes it, with each row put into a temporary file at once (its `constant_memory`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from esign_cli.foundation.i18n import _
from esign_cli.foundation.plain_text import one_line, plain
from esign_cli.outputs.tables import Cell, Kind, Table, Tone, tone_of

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDEST = 34
_TO_FILL_IN = 15
"""The least width of a column of a table without rows, which somebody may type into."""
_AUTHOR = "esign"
"""Of remarks."""
_LONGEST_NAME = 31
"""Of a sheet, in Excel."""
_LONGEST_TEXT = 32_767
"""In a cell, in Excel."""
_DAY_0 = date(1899, 12, 30)
"""From here Excel counts days."""
_A4 = 9
_HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B5A8A"}
_COLOURS = {Tone.GOOD: "#E3F3E6", Tone.NOTICE: "#FFF3D6", Tone.BAD: "#FBE1DE"}
_NUMBER_FORMATS = {
    Kind.TEXT: "General",
    Kind.ID: "@",
    Kind.PHONE: "@",
    Kind.NUMBER: "0",
    Kind.DATE: "dd.mm.yyyy",
}


def write_xlsx(file: IO[bytes], *tables: Table) -> None:
    """Write a workbook with a sheet a table: header frozen, filters set, real dates, ids as text.

    It prints on A4, landscape, as wide as the paper, the header on every page with its number.
    Raises OSError.
    """
    import tempfile

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # its rows, so far
        _write_book(file, tables, {"constant_memory": True, "tmpdir": folder})


def _write_book(file: IO[bytes], tables: Sequence[Table], options: dict[str, Any]) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    book = Workbook(file, options)
    try:
        taken: list[str] = []
        for table in tables:
            taken.append(sheet_title(table.title, taken))
            sheet = book.add_worksheet(taken[-1])
            _write(sheet, table, cache(lambda kind, tone: book.add_format(_look(kind, tone))),
                   book.add_format(_HEADER))  # fmt: skip
        book.close()
    except FileCreateError as error:  # what it puts around the system's own
        raise error.args[0] from error
    finally:
        for sheet in book.worksheets():
            sheet._opt_close()  # its rows, where it came to no end


def sheet_title(title: str, taken: Sequence[str]) -> str:
    """Return a name that a sheet may have and no other has, cut between words."""
    name = re.sub(r"[\[\]:*?/\\]", " ", one_line(title))
    if len(name) > _LONGEST_NAME:
        name = name.partition(" · ")[0]
    if len(name) > _LONGEST_NAME:
        whole = name[: _LONGEST_NAME + 1].rpartition(" ")[0]
        name = whole or name[:_LONGEST_NAME]
    name = name.strip("' ,;") or "1"
    if name.casefold() not in map(str.casefold, taken):
        return name
    return f"{name[: _LONGEST_NAME - 4]} {len(taken) + 1}"


def _look(kind: Kind, tone: Tone) -> dict[str, Any]:
    """A cell's look, in XlsxWriter's words."""
    look = {"num_format": _NUMBER_FORMATS[kind], "valign": "top", "text_wrap": kind is Kind.TEXT}
    return look | ({"bg_color": _COLOURS[tone]} if tone else {})


def _write(sheet: Any, table: Table, look: Callable[[Kind, Tone], Any], header: Any) -> None:
    """Write the rows, then what a sheet has around them."""
    kinds = [column.kind for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, _text(column.title), header)
    longest = [0] * len(kinds)
    count = 0
    for count, row in enumerate(table.rows, start=1):
        tone = tone_of(row)
        for place, (value, kind) in enumerate(zip(row, kinds, strict=True)):
            note = table.notes.get((count - 1, place)) if table.notes else None
            if note:
                sheet.write_comment(count, place, _text(note), {"author": _AUTHOR})
                _write_cell(sheet, count, place, value, look(kind, Tone.BAD))
            elif tone or not (value is None or value == ""):
                _write_cell(sheet, count, place, value, look(kind, tone))
            letters = len(value if isinstance(value, str) else str(value or ""))
            longest[place] = max(longest[place], letters)
    for place, width in enumerate(_widths(table, longest, count)):
        sheet.set_column(place, place, width, look(kinds[place], Tone.PLAIN))
    _lay_out(sheet, count, len(kinds))


def _write_cell(sheet: Any, row: int, column: int, value: Cell, look: Any) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, _text(value), look)
    elif isinstance(value, date):
        sheet.write_number(row, column, (value - _DAY_0).days, look)
    else:
        sheet.write_number(row, column, value, look)


def _text(value: str) -> str:
    """What a cell can hold of it, as plain text."""
    return plain(value)[:_LONGEST_TEXT]


def _widths(table: Table, longest: Sequence[int], count: int) -> Iterator[int]:
    """How wide each column is to be, in letters."""
    for column, letters in zip(table.columns, longest, strict=True):
        unknown = 0 if count else _TO_FILL_IN
        least = len("31.12.2026") if column.kind is Kind.DATE else unknown
        yield min(max(letters, least, len(column.title)) + 3, _WIDEST)


def _lay_out(sheet: Any, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4)
    sheet.repeat_rows(0)
    sheet.set_header("&L&A")  # its name
    sheet.set_footer("&C" + _("Page {page} of {pages}").format(page="&P", pages="&N"))
