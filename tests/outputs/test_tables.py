"""Tables as files, read back by programs that are not ours."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from esign_cli.outputs import tables as report
from esign_cli.outputs.tables import Cell, Column, Kind, Row, Table, Tone
from esign_cli.outputs.tables.charts import drawn
from esign_cli.outputs.tables.document import Bar, Chart, Document, Section
from esign_cli.outputs.tables.page import as_data

COLUMNS = (
    Column("T.C. kimlik no", Kind.ID),
    Column("Adı"),
    Column("Bitiş", Kind.DATE),
    Column("Kalan gün", Kind.NUMBER),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("10000000146", "ŞÜKRÜ IŞIK", date(2027, 1, 5), 43),
    ("10000000214", "", None, None),
)
FORMULAS = [
    "=1+1",
    "+90532",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＠SUM(A1)",
]


def made(*rows: tuple[Cell, ...]) -> Table:
    return Table("Sonuç", COLUMNS, iter(rows))


def csv_rows(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_csv_opens_in_a_turkish_excel() -> None:
    content = report.to_csv(made(*ROWS))
    assert content.startswith(b"\xef\xbb\xbf")
    assert b'"10000000146";"\xc5\x9e' in content
    assert content.endswith(b"\r\n")
    assert csv_rows(content) == [
        [column.title for column in COLUMNS],
        ["10000000146", "ŞÜKRÜ IŞIK", "05.01.2027", "43"],
        ["10000000214", "", "", ""],
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    cell = csv_rows(report.to_csv(made((text, text, None, None))))[1][1]
    assert cell.startswith("'")
    book = load_workbook(io.BytesIO(report.to_xlsx(made((text, text, None, None)))))
    assert [c.data_type for c in book.active[2][:2]] == ["s", "s"]


@given(st.text(max_size=40))
def test_any_text_is_written_as_one_cell(text: str) -> None:
    row = (text.encode("utf-8", "replace").decode(), "", None, None)
    assert len(csv_rows(report.to_csv(made(row)))) == 2
    report.to_xlsx(made(row))


def test_xlsx_has_filters_a_frozen_header_real_dates_and_ids_as_text() -> None:
    content = report.to_xlsx(made(*ROWS))
    sheet = load_workbook(io.BytesIO(content)).active
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")
    assert sheet.title == "Sonuç"
    assert [cell.number_format for cell in sheet[2]] == ["@", "General", "dd.mm.yyyy", "0"]
    assert sheet["A2"].data_type == "s"
    read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert read == [
        [column.title for column in COLUMNS],
        ["10000000146", "ŞÜKRÜ IŞIK", date(2027, 1, 5), 43],
        ["10000000214", "", "", ""],
    ]


def test_a_table_without_rows_still_has_its_header() -> None:
    assert csv_rows(report.to_csv(made())) == [[column.title for column in COLUMNS]]
    sheet = load_workbook(io.BytesIO(report.to_xlsx(made()))).active
    assert sheet.max_row == 1


def test_an_empty_table_can_be_typed_into() -> None:
    sheet = load_workbook(io.BytesIO(report.to_xlsx(made()))).active
    for letter, kind in (("A", "@"), ("B", "General"), ("C", "dd.mm.yyyy"), ("D", "0")):
        assert sheet.column_dimensions[letter].number_format == kind
    assert sheet.column_dimensions["B"].width >= 18
    assert sheet.column_dimensions["C"].width >= 12


def test_a_title_that_excel_does_not_take() -> None:
    table = Table("a/b:c" * 10, COLUMNS, ())
    assert load_workbook(io.BytesIO(report.to_xlsx(table))).sheetnames[0].startswith("a b c")


def test_rows_have_the_colour_of_their_tone() -> None:
    urgent = Row(ROWS[0])
    urgent.tone = Tone.BAD
    table = Table("Sonuç", COLUMNS, iter([urgent, *ROWS[1:]]))
    sheet = load_workbook(io.BytesIO(report.to_xlsx(table))).active
    assert [row[0].fill.fgColor.rgb[-6:] for row in sheet.iter_rows()] == [
        "0B5A8A",
        "FBE1DE",
        "000000",
    ]


def test_sheets_have_names_that_differ() -> None:
    tables = [Table(title, COLUMNS, ()) for title in ("'a/b'", "a b", "x" * 40, "x" * 41, "")]
    names = load_workbook(io.BytesIO(report.to_xlsx(*tables))).sheetnames
    assert names == ["a b", "a b 2", "x" * 31, "x" * 27 + " 4", "1"]


def test_the_longest_bar_fills_its_room_and_none_leaves_the_drawing() -> None:
    bars = [Bar("KOZLUK" * 9, 7, "7"), Bar("SASON", 0, "0"), Bar("", 100, "100")]
    for upright in (True, False):
        made = drawn(Chart("Aylar", bars, upright))
        assert len(made.bars) == 3
        for bar in made.bars:
            assert 0 <= bar.corner[0] <= bar.corner[0] + bar.size[0] <= made.width
            assert 0 <= bar.corner[1] <= bar.corner[1] + bar.size[1] <= made.height
        assert made.description.endswith(": 100")
    assert drawn(Chart("nothing", [], upright=False)).bars == ()


def test_a_workbook_prints_as_wide_as_the_paper_with_its_header_on_every_page() -> None:
    title = "Süresi dolacak sertifikalar, ilçe ve aya göre"
    book = load_workbook(io.BytesIO(report.to_xlsx(Table(title, COLUMNS, ROWS))))
    assert book.sheetnames == ["Süresi dolacak sertifikalar"]
    sheet = book.active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (1, None)  # 1 unless it is said (ECMA-376 18.3.1.63)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
    assert "&P" in sheet.oddFooter.center.text or sheet.oddFooter.center.text.startswith("Page")


def test_rows_with_remarks_and_rows_without_read_alike() -> None:
    plain = load_workbook(io.BytesIO(report.to_xlsx(made(*ROWS)))).active
    noted = Table("Sonuç", COLUMNS, ROWS, notes={(0, 0): "yanlış"})
    remarked = load_workbook(io.BytesIO(report.to_xlsx(noted))).active
    assert list(plain.values) == list(remarked.values)
    assert remarked["A2"].comment.text == "yanlış"


def test_a_column_of_single_words_is_as_wide_as_they_are() -> None:
    """On paper a district's name has no place to break, and would run into the next column."""
    rows = [("HASANKEYF", "ÖRNEK İMAM HATİP ORTAOKULU"), ("", "")]
    table = Table("Liste", (Column("İlçe"), Column("Kurum")), rows)
    document = Document("tr", "", "", (), (), (), (Section("one", table),), "", "")
    columns = as_data(document)["sections"][0]["columns"]
    assert columns[0]["weight"] == 0
    assert columns[1]["weight"] > 0
