"""Made-up workbooks of every kind that an import reads."""

from __future__ import annotations

import csv
import datetime
import html
import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import openpyxl
import xlwt

from tests.support import biff

Row = Sequence[Any]
HEADERS = (
    "T.C. Kimlik No", "Adı", "Soyadı", "İl", "İlçe", "Kurum Kodu", "Kurum Adı", "Görevi",
    "Kadro Durumu", "Görev Durumu", "Başlama Tarihi", "Görev Bitiş Tarihi", "Cep Telefonu",
)  # fmt: skip


def national_id(n: int) -> str:
    """A valid T.C. kimlik no of nobody."""
    nine = [int(digit) for digit in f"{100_000_000 + n:09d}"]
    tenth = (7 * sum(nine[0::2]) - sum(nine[1::2])) % 10
    return "".join(map(str, [*nine, tenth, (sum(nine) + tenth) % 10]))


def person(n: int, **changed: Any) -> list[Any]:
    """A row under HEADERS; `changed` by header."""
    row = dict(
        zip(
            HEADERS,
            (
                national_id(n), "ŞÜKRÜ", f"IŞIK {'ABCÇDEFG'[n % 8]}", "BATMAN", "MERKEZ", 700 + n,
                f"{n}. İLKOKULU", "Öğretmen", "Kadrolu", "Görevde", "01.09.2020", "",
                f"05321{n:06d}",
            ),
            strict=True,
        )
    )  # fmt: skip
    return list((row | {name.replace("_", " "): value for name, value in changed.items()}).values())


def xlsx(rows: Sequence[Row], more: Mapping[str, Sequence[Row]] | None = None) -> bytes:
    """An .xlsx with these rows, and more sheets by name."""
    book = openpyxl.Workbook()
    book.active.title = "Liste"
    for row in rows:
        book.active.append(list(row))
    for name, others in (more or {}).items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Sequence[Row]) -> bytes:
    """A BIFF8 .xls with these rows."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Liste")
    date = xlwt.XFStyle()
    date.num_format_str = "dd.mm.yyyy"
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            style = [date] if isinstance(value, datetime.date) else []
            sheet.write(r, c, value, *style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def compound(name: str) -> bytes:
    """A compound file with one stream of that name in its root."""
    made = xls([[""]])
    old, new = ("Workbook".encode("utf-16-le") + b"\0\0", name.encode("utf-16-le") + b"\0\0")
    place = made.index(old)
    entry = new.ljust(64, b"\0") + len(new).to_bytes(2, "little")
    return made[:place] + entry + made[place + len(entry) :]


def locked_ods(rows: Sequence[Row]) -> bytes:
    """An .ods whose manifest says how its content is encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods(rows))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            locked = (
                b'<manifest:encryption-data manifest:checksum-type="SHA256"/></manifest:manifest>'
            )
            new.writestr(name, part.replace(b"</manifest:manifest>", locked))
    return out.getvalue()


def locked_xls(rows: Sequence[Row]) -> bytes:
    """The same with a FILEPASS record, which a password-protected one has in its first records."""
    made = bytearray(xls(rows))
    place = made.index(b"\xc1\x00\x02\x00")  # MMS, of two bytes, right behind INTERFACEEND
    made[place : place + 2] = b"\x2f\x00"
    return bytes(made)


def web(rows: Sequence[Row], *, encoding: str = "cp1254", closed: bool = True) -> bytes:
    """An HTML table saved as .xls; not `closed`: without </td> and </tr>, and with 0x1A in it."""
    end_cell, end_row = ("</td>", "</tr>") if closed else ("", "\x1a")
    body = "".join(
        "<tr>"
        + "".join(f"<td>{html.escape(_shown(value)) or '&nbsp;'}{end_cell}" for value in row)
        + end_row
        for row in rows
    )
    page = f"<html><head><meta charset=iso-8859-1></head><body><table>{body}</table></body></html>"
    return page.encode(encoding)


def _shown(value: Any) -> str:
    return value.strftime("%d.%m.%Y") if isinstance(value, datetime.date) else str(value)


def text(rows: Sequence[Row], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """Delimited text with these rows."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([_shown(v) for v in row] for row in rows)
    return out.getvalue().encode(encoding)


def spreadsheetml(rows: Sequence[Row], *, before: str = "") -> bytes:
    """SpreadsheetML 2003 with these rows; `before` stands before the first element."""
    body = "".join(
        "<Row>" + "".join(_spreadsheetml_cell(value) for value in row) + "</Row>" for row in rows
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<Workbook'
        ' xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Liste"><Table>{body}</Table></Worksheet></Workbook>'
    ).encode()


def _spreadsheetml_cell(value: Any) -> str:
    if isinstance(value, datetime.date):
        kind, shown = "DateTime", f"{value:%Y-%m-%d}T00:00:00.000"
    else:
        kind = "Number" if isinstance(value, int | float) else "String"
        shown = html.escape(str(value))
    return f'<Cell><Data ss:Type="{kind}">{shown}</Data></Cell>'


def ods(rows: Sequence[Row], *, settings: str = "") -> bytes:
    """An OpenDocument spreadsheet with these rows."""
    body = "".join(
        "<table:table-row>" + "".join(_ods_cell(value) for value in row) + "</table:table-row>"
        for row in rows
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{names}>'
        f"<office:body><office:spreadsheet>{settings}"
        f'<table:table table:name="Liste">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest'
            ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>",
        )
    return out.getvalue()


def _ods_cell(value: Any) -> str:
    if isinstance(value, datetime.date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    shown = html.escape(value)
    return (
        f'<table:table-cell office:value-type="string"><text:p>{shown}</text:p></table:table-cell>'
    )


def form(people: Sequence[tuple[str, str]], *, province: str = "BATMAN") -> list[list[Any]]:
    """The rows of "Personel Listesi Özet Bilgiler" for these names and national ids."""
    rows: list[list[Any]] = [["", "Personel Listesi Özet Bilgiler"], [""]]
    for n, (name, number) in enumerate(people):
        shift = [""] * (n % 3)
        rows += [
            [*shift, f"{province} / MERKEZ", "", f"{n}. İLKOKULU / {700000 + n} / 01/09/2020",
             f"{name} ({number})", "Öğretmen", "", "Tarih"],
            [*shift, "Lisans", 12345 + n, "A Rh (+)", "", 29000 + n, 40000],
            ["", *shift, "Görevde 9-1"],
        ]  # fmt: skip
    width = max(map(len, rows))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def from_1904(rows: Sequence[Row], kind: str) -> bytes:
    """A workbook that counts days from 1904; its dates are bare numbers."""
    return {
        "xlsx": _xlsx_from_1904, "xls": _xls_from_1904, "ods": _ods_from_1904,
        "xlsb": partial(biff.xlsb, from_1904=True), "BIFF5": partial(biff.xls5, from_1904=True),
    }[kind](rows)  # fmt: skip


def _xls_from_1904(rows: Sequence[Row]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = True
    sheet = book.add_sheet("Liste")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_from_1904(rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods_from_1904(rows: Sequence[Row]) -> bytes:
    settings = '<table:null-date table:date-value="1904-01-01"/>'
    return ods(
        rows, settings=f"<table:calculation-settings>{settings}</table:calculation-settings>"
    )
