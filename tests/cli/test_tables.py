"""Tables are readable at every width, and never cut an id, a date or a number."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from esign_cli.cli import tables

HEADERS = ["Id", "Name", "Until", "Days", "Result"]
ROWS = [
    ["100******46", "ŞÜKRÜ IŞIK", "04.01.2027", "42", "Eligible for renewal, and on time for it"],
    ["100******14", "AYŞE ÇELİK", "05.12.2026", "1107", ""],
]


def test_plain_columns_end_without_spaces() -> None:
    lines = tables.plain(HEADERS, ROWS, right=[3]).split("\n")
    assert lines[2] == "100******14  AYŞE ÇELİK  05.12.2026  1107"
    assert lines[0].index("Days") == lines[1].index("42") - 2


def test_a_long_value_goes_on_below_itself_and_never_inside_a_word() -> None:
    line = "  Issuer      Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6"
    assert tables.hanging(line, 40).split("\n") == [
        "  Issuer      Kamu Elektronik Sertifika",
        "              Hizmet Sağlayıcısı -",
        "              Sürüm 6",
    ]
    assert tables.hanging(line, 80) == line
    assert tables.hanging("/a path/with spaces", 10) == "/a path/with spaces"


def test_a_narrow_terminal_gets_rows_on_several_lines() -> None:
    assert tables.fits(HEADERS, ROWS, 100)
    assert not tables.fits(HEADERS, ROWS, 50)
    text = tables.stacked(HEADERS, ROWS, 50)
    assert max(map(len, text.split("\n"))) <= 50
    assert "    Eligible for renewal, and on time for it" in text.split("\n")


@given(width=st.integers(40, 200))
def test_nothing_short_is_ever_cut(width: int) -> None:
    if tables.fits(HEADERS, ROWS, width):
        out = io.StringIO()
        tables.ruled(HEADERS, ROWS, [3], out)
        text = out.getvalue()
    else:
        text = tables.stacked(HEADERS, ROWS, width)
    for row in ROWS:
        assert row[0] in text
        assert row[2] in text


def test_a_table_without_rows_has_its_headers() -> None:
    assert tables.plain(HEADERS, []) == "Id  Name  Until  Days  Result"


def test_a_last_column_of_long_words_is_not_crushed_at_80_columns() -> None:
    headers = ("T.C. kimlik no", "Adı soyadı", "İlçe", "Kurum", "Geçerlilik bitişi", "Kalan gün",
               "Neden")  # fmt: skip
    row = ("100******98", "ÇİĞDEM ŞAHİN", "GERCÜŞ", "MÜDÜRLÜK", "14.10.2026", "-40", "x" * 30)
    assert not tables.fits(headers, [row], 80)
    assert tables.fits(headers, [row], 100)
