"""Files as bytes → sheets of cells, and what is refused."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.foundation.errors.workbooks import (
    WorkbookDamaged,
    WorkbookEmpty,
    WorkbookEncrypted,
    WorkbookForeign,
    WorkbookHasMacros,
)
from esign_cli.workbooks.formats import html_tables
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.reader import WorkbookReader
from tests.support import workbooks

ROWS = [["T.C. Kimlik No", "Adı"], [10000000146, "ŞÜKRÜ"], ["", "AYŞE"], [1.5, ""]]


def read(path: Path, content: bytes, columns: int = 2) -> tuple[str, list[tuple[Cell, ...]]]:
    path.write_bytes(content)
    with WorkbookReader([path]) as opener, opener.open(path) as book:
        rows = book.cells(0, range(columns))
        assert len(rows) == book.sheets[0].rows
        return book.file_type, list(rows.values())


PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ENABLED_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def test_the_type_is_told_by_bytes(tmp_path: Path) -> None:
    for kind, content in {
        "xlsx": workbooks.xlsx(ROWS),
        "xls": workbooks.xls(ROWS),
        "html": workbooks.web(ROWS),
    }.items():
        found, rows = read(tmp_path / "liste.xls", content)
        assert found == kind
        assert [str(cell).removesuffix(".0") for cell in rows[1]] == ["10000000146", "ŞÜKRÜ"]
        assert rows[2] == ("", "AYŞE")


def test_the_name_of_a_type_is_no_macro(tmp_path: Path) -> None:
    """An .xlsm that holds none is read."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbooks.xlsx(ROWS))) as plain,
        zipfile.ZipFile(content, "w") as enabled,
    ):
        for name in plain.namelist():
            part = plain.read(name)
            enabled.writestr(name, part.replace(PLAIN_TYPE, ENABLED_TYPE))
            assert name != "[Content_Types].xml" or PLAIN_TYPE in part
    assert read(tmp_path / "liste.xlsm", content.getvalue())[0] == "xlsx"


def test_dates_cross_as_iso_text(tmp_path: Path) -> None:
    moment = datetime.datetime.fromisoformat("2027-01-02T09:30")
    rows = [["a", "b"], [datetime.date(2027, 1, 2), moment], [True, datetime.time(9, 30)]]
    _, found = read(tmp_path / "a", workbooks.xlsx(rows))
    assert found[1:] == [("2027-01-02", "2027-01-02 09:30:00"), ("TRUE", "09:30:00")]


def test_cells_merged_downwards_are_filled(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(5000):
        book.active.append([number, "BATMAN" if number == 1 else ""])
    book.active.merge_cells("B2:B4000")
    out = io.BytesIO()
    book.save(out)
    _, rows = read(tmp_path / "a.xlsx", out.getvalue())
    assert {row[1] for row in rows[1:4000]} == {"BATMAN"}
    assert rows[0][1] == rows[4000][1] == ""


@pytest.mark.parametrize("encoding", ["cp1254", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("closed", [True, False])
def test_html_as_it_really_comes(tmp_path: Path, encoding: str, closed: bool) -> None:
    content = workbooks.web(ROWS, encoding=encoding, closed=closed)
    _, rows = read(tmp_path / "a.xls", content)
    assert [tuple(c.strip("\x1a") for c in map(str, row)) for row in rows] == [
        ("T.C. Kimlik No", "Adı"), ("10000000146", "ŞÜKRÜ"), ("", "AYŞE"), ("1.5", "")
    ]  # fmt: skip


def html_rows(text: str) -> list[list[Cell]]:
    """As they are written, not filled up to one width."""
    chunks = html_tables.Page("HTML", text).chunks()
    return [list(chunk.row(place)) for chunk in chunks for place in range(chunk.count)]


def test_html_spans() -> None:
    text = "<table><tr><td rowspan=3>BATMAN<td colspan=2>a<td>b<tr><td>1<td>2<td>3<tr><td>x</table>"
    assert html_rows(text) == [
        ["BATMAN", "a", "", "b"], ["BATMAN", "1", "2", "3"], ["BATMAN", "x"]
    ]  # fmt: skip


def test_html_cannot_be_made_endless() -> None:
    wide = "<table><tr><td colspan=999999999999>a" + "<td>" * 5000
    assert len(html_rows(wide)[0]) <= 2 * html_tables.MOST_COLUMNS


WORKBOOK = workbooks.xlsx(ROWS)


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", WorkbookEmpty),
        (b" \r\n\x1a", WorkbookEmpty),
        (WORKBOOK[: len(WORKBOOK) // 2], WorkbookDamaged),
        (workbooks.xls(ROWS)[:-10], WorkbookDamaged),
        (workbooks.xls(ROWS)[:3000], WorkbookDamaged),
        (zipped("xl/workbook.xml"), WorkbookDamaged),
        (zipped("xl/workbook.xml", "xl/vbaProject.bin"), WorkbookHasMacros),
        (zipped("xl/workbook.bin", "xl/vbaProject.bin"), WorkbookHasMacros),
        (zipped("content.xml", "Basic/script-lc.xml"), WorkbookHasMacros),
        (workbooks.compound("_VBA_PROJECT_CUR"), WorkbookHasMacros),
        (workbooks.locked_xls(ROWS), WorkbookEncrypted),
        (workbooks.locked_ods(ROWS), WorkbookEncrypted),
        (zipped("word/document.xml"), WorkbookForeign),
        (zipped("a.txt"), WorkbookForeign),
        (b"%PDF-1.7\n", WorkbookForeign),
        (bytes(range(256)) * 4, WorkbookForeign),
        (workbooks.compound("EncryptedPackage"), WorkbookEncrypted),
        (workbooks.compound("WordDocument"), WorkbookForeign),
    ],
)  # fmt: skip
def test_refused_in_a_sentence(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(tmp_path / "a.xlsx", content)


def test_one_cell_at_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "T.C. Kimlik No"
    book.active["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "a.xlsx"
    path.write_bytes(out.getvalue())
    with WorkbookReader([path]) as opener, opener.open(path) as book:
        assert book.sheets[0].top[0] == ("T.C. Kimlik No",)
        assert book.cells(0, [16383], [1 << 20]) == {1 << 20: ("x",)}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with WorkbookReader([]) as opener, pytest.raises(FileMissing), opener.open(tmp_path / "no"):
        pass
