"""Tables as an .xlsx workbook: openpyxl makes all but the rows, which are written as they come.

The rows go into a temporary file, a row at a time, and from there into the sheet: a workbook of a
whole province takes no more memory than one of a school, and half the time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, repeat
from tempfile import TemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape

from esign_cli.foundation.i18n import _
from esign_cli.outputs.tables import CONTROL, Cell, Kind, Table, Tone

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
_A4 = 9
_HEADER_COLOUR = "0B5A8A"
_COLOURS = {Tone.PLAIN: "", Tone.GOOD: "E3F3E6", Tone.NOTICE: "FFF3D6", Tone.BAD: "FBE1DE"}
_NUMBER_FORMATS = {
    Kind.TEXT: "General",
    Kind.ID: "@",
    Kind.PHONE: "@",
    Kind.NUMBER: "0",
    Kind.DATE: "dd.mm.yyyy",
}
_END_OF_ROWS = b"</sheetData>"
_CHUNK = 1 << 20


def to_xlsx(*tables: Table) -> bytes:
    """Return a workbook with a sheet a table: header frozen, filters set, real dates, ids as text.

    It prints on A4, landscape, as wide as the paper, the header on every page with its number.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    with TemporaryFile() as spool:
        places: dict[str, tuple[int, int]] = {}
        for number, table in enumerate(tables, start=1):
            sheet = book.create_sheet(sheet_title(table.title, book.sheetnames))
            begin = spool.tell()
            rows = _Rows(sheet, table)
            rows.write(spool)
            _lay_out(sheet, table, rows)
            places[f"xl/worksheets/sheet{number}.xml"] = (begin, spool.tell())
        skeleton = io.BytesIO()
        book.save(skeleton)
        return _joined(skeleton, spool, places)


def sheet_title(title: str, taken: Sequence[str]) -> str:
    """Return a name that a sheet may have and no other has, cut between words."""
    name = re.sub(r"[\[\]:*?/\\]", " ", CONTROL.sub("", title))
    if len(name) > _LONGEST_NAME:
        name = name.partition(" · ")[0]
    if len(name) > _LONGEST_NAME:
        whole = name[: _LONGEST_NAME + 1].rpartition(" ")[0]
        name = whole or name[:_LONGEST_NAME]
    name = name.strip("' ,;") or "1"
    if name.casefold() not in map(str.casefold, taken):
        return name
    return f"{name[: _LONGEST_NAME - 4]} {len(taken) + 1}"


def _lay_out(sheet: Any, table: Table, rows: _Rows) -> None:
    """What a sheet has around its rows."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = "A2"
    last = get_column_letter(len(table.columns))
    sheet.auto_filter.ref = f"A1:{last}{rows.count + 1}"
    for number, width in enumerate(rows.widths(), start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = width
        dimension.number_format = _NUMBER_FORMATS[table.columns[number - 1].kind]
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.left.text = "&A"  # its name
    sheet.oddFooter.center.text = _("Page {page} of {pages}").format(page="&P", pages="&N")


@dataclass
class _Rows:
    """The rows of a sheet on their way into the file, and what is learnt of them meanwhile."""

    sheet: Any
    table: Table
    count: int = 0
    _longest: list[int] = field(default_factory=list)
    _styles: dict[tuple[Kind, Tone], int] = field(default_factory=dict)

    def write(self, out: IO[bytes]) -> None:
        """Write the header through openpyxl, the rows into `out`."""
        from openpyxl.utils import get_column_letter

        columns = self.table.columns
        self.sheet.append([_header(self.sheet, column.title) for column in columns])
        self._longest = [0] * len(columns)
        letters = [get_column_letter(number + 1) for number in range(len(columns))]
        kinds = [column.kind for column in columns]
        tones = chain(self.table.tones, repeat(Tone.PLAIN))
        for row, tone in zip(self.table.rows, tones, strict=False):
            self.count += 1
            if self.table.notes:
                self._append(row, kinds, tone)
                continue
            number = self.count + 1
            cells = map(self._cell, letters, repeat(number), row, kinds, repeat(tone))
            out.write(f'<row r="{number}">{"".join(cells)}</row>'.encode("utf-8", "replace"))
            self._longest = [
                max(longest, len(str(value or "")))
                for longest, value in zip(self._longest, row, strict=True)
            ]

    def widths(self) -> Iterator[int]:
        """Yield how wide each column is to be, in letters."""
        for column, longest in zip(self.table.columns, self._longest, strict=True):
            unknown = 0 if self.count else _TO_FILL_IN
            least = len("31.12.2026") if column.kind is Kind.DATE else unknown
            yield min(max(longest, least, len(column.title)) + 3, _WIDEST)

    def _cell(self, letter: str, number: int, value: Cell, kind: Kind, tone: Tone) -> str:
        if value in (None, "") and not tone:
            return ""
        place = f'<c r="{letter}{number}" s="{self._style(kind, tone)}"'
        if isinstance(value, str):
            text = value if value.isprintable() else CONTROL.sub("", value)
            text = escape(text[:_LONGEST_TEXT])
            return f'{place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        if value is None:
            return place + "/>"
        amount = (value - _DAY_0).days if isinstance(value, date) else value
        return f"{place}><v>{amount}</v></c>"

    def _style(self, kind: Kind, tone: Tone) -> int:
        """The number of a style, which is made once."""
        key = kind, tone
        if key not in self._styles:
            self._styles[key] = _styled(self.sheet, kind, tone).style_id
        return self._styles[key]

    def _append(self, row: Sequence[Cell], kinds: Sequence[Kind], tone: Tone) -> None:
        """A row with remarks, which only openpyxl can write."""
        from openpyxl.comments import Comment

        cells = []
        for column, (value, kind) in enumerate(zip(row, kinds, strict=True)):
            note = self.table.notes.get((self.count - 1, column))
            cell = _styled(self.sheet, kind, Tone.BAD if note else tone)
            cell.value = CONTROL.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with "=" stays a text
            cell.comment = Comment(note, _AUTHOR) if note else None
            cells.append(cell)
            self._longest[column] = max(self._longest[column], len(str(value or "")))
        self.sheet.append(cells)


def _header(sheet: Any, title: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(sheet, title)
    cell.data_type = "s"
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_HEADER_COLOUR)
    return cell


def _styled(sheet: Any, kind: Kind, tone: Tone) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, PatternFill

    cell = WriteOnlyCell(sheet)
    cell.number_format = _NUMBER_FORMATS[kind]
    if kind is Kind.TEXT:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    else:
        cell.alignment = Alignment(vertical="top")
    if _COLOURS[tone]:
        cell.fill = PatternFill("solid", fgColor=_COLOURS[tone])
    return cell


def _joined(skeleton: IO[bytes], spool: IO[bytes], places: dict[str, tuple[int, int]]) -> bytes:
    """The workbook with the rows in their sheets."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(skeleton) as empty,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as whole,
    ):
        for item in empty.infolist():
            part = empty.read(item)
            if item.filename not in places:
                whole.writestr(item, part)
                continue
            begin, end = places[item.filename]
            before, mark, after = part.partition(_END_OF_ROWS)
            with whole.open(item, "w") as sheet:
                sheet.write(before)
                spool.seek(begin)
                for left in range(end - begin, 0, -_CHUNK):
                    sheet.write(spool.read(min(left, _CHUNK)))
                sheet.write(mark + after)
    return content.getvalue()
