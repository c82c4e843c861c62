"""Writers from PyPI; each takes rows of None, text, numbers and days, and gives a file's bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import odswriter
import openpyxl
import xlsxwriter
import xlwt

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


def by_odswriter(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    with odswriter.writer(out) as book:
        for row in rows:
            book.writerow(row)
    return out.getvalue()


WRITERS: dict[str, tuple[str, Callable[[Sequence[Row]], bytes]]] = {
    "openpyxl": ("xlsx", by_openpyxl),
    "openpyxl, streaming": ("xlsx", by_openpyxl_streaming),
    "XlsxWriter": ("xlsx", by_xlsxwriter),
    "XlsxWriter, inline": ("xlsx", by_xlsxwriter_inline),
    "XlsxWriter, 1904": ("xlsx", by_xlsxwriter_1904),
    "xlwt": ("xls", by_xlwt),
    "xlwt, 1904": ("xls", by_xlwt_1904),
    "odswriter": ("ods", by_odswriter),
}
"""By name: the kind of file, and what writes it."""
