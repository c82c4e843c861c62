"""Writers from PyPI; each takes rows of None, text, numbers and days, and gives a file's bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odf import number as odf_number
from odf import opendocument, style, table, text

Row = Sequence[Any]
DAY = "dd.mm.yyyy"


def by_openpyxl(rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row] if any(value is not None for value in row) else ():
            if isinstance(cell.value, date):
                cell.number_format = DAY
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_openpyxl_streaming(rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Liste")
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(rows: Sequence[Row], **options: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Liste")
        day = book.add_format({"num_format": DAY})
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif value is not None:
                    sheet.write_number(r, c, value)
    return out.getvalue()


def by_xlsxwriter_inline(rows: Sequence[Row]) -> bytes:
    return by_xlsxwriter(rows, constant_memory=True, in_memory=False)


def by_xlsxwriter_1904(rows: Sequence[Row]) -> bytes:
    return by_xlsxwriter(rows, date_1904=True)


def by_xlwt(rows: Sequence[Row], *, from_1904: bool = False) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = from_1904
    sheet = book.add_sheet("Liste")
    day = xlwt.XFStyle()
    day.num_format_str = DAY
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value, *([day] if isinstance(value, date) else []))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlwt_1904(rows: Sequence[Row]) -> bytes:
    return by_xlwt(rows, from_1904=True)


def by_odfpy(rows: Sequence[Row]) -> bytes:
    book = opendocument.OpenDocumentSpreadsheet()
    shown = odf_number.DateStyle(name="day")
    for part, dot in ((odf_number.Day, "."), (odf_number.Month, "."), (odf_number.Year, "")):
        shown.addElement(part(style="long"))
        if dot:
            shown.addElement(odf_number.Text(text=dot))
    book.automaticstyles.addElement(shown)
    day = style.Style(name="days", family="table-cell", datastylename=shown)
    book.automaticstyles.addElement(day)
    sheet = table.Table(name="Liste")
    for row in rows:
        line = table.TableRow()
        for value in row:
            line.addElement(_odf_cell(value, day))
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _odf_cell(value: Any, day: Any) -> Any:
    if value is None:
        return table.TableCell()
    if isinstance(value, date):
        return table.TableCell(valuetype="date", datevalue=value.isoformat(), stylename=day)
    if isinstance(value, int | float):
        return table.TableCell(valuetype="float", value=str(value))
    cell = table.TableCell(valuetype="string")
    cell.addElement(text.P(text=value))
    return cell


WRITERS: dict[str, tuple[str, Callable[[Sequence[Row]], bytes]]] = {
    "openpyxl": ("xlsx", by_openpyxl),
    "openpyxl, streaming": ("xlsx", by_openpyxl_streaming),
    "XlsxWriter": ("xlsx", by_xlsxwriter),
    "XlsxWriter, inline": ("xlsx", by_xlsxwriter_inline),
    "XlsxWriter, 1904": ("xlsx", by_xlsxwriter_1904),
    "xlwt": ("xls", by_xlwt),
    "xlwt, 1904": ("xls", by_xlwt_1904),
    "odfpy": ("ods", by_odfpy),
}
"""By name: the kind of file, and what writes it."""
