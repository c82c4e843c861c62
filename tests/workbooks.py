"""Made-up workbooks of every kind that an import reads."""

from __future__ import annotations

import datetime
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
import xlwt

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
