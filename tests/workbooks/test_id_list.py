"""Lists of national ids as people keep them."""

from __future__ import annotations

import pytest

from esign_cli.foundation.errors.workbooks import IdListUnreadable
from esign_cli.workbooks import id_list
from tests.support.factories import national_id

ONE, TWO = national_id(1), national_id(2)


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{TWO}\n",
        f"{ONE}\r\n{TWO}",
        f"\ufeffT.C. Kimlik No;Adı\n{ONE};AYŞE\n{TWO};VELİ\n",
        f'"{ONE}","AYŞE"\n="{TWO}"\n',
        f"\n  {ONE}\tAYŞE\n\n'{TWO}.0\n",
    ],
)
def test_ids_are_read_from_the_first_column(text: str) -> None:
    for encoding in ("utf-8", "windows-1254"):
        content = text.encode(encoding, errors="ignore")
        told = id_list.read(content, "list")
        assert (told.national_ids, told.bad) == ((ONE, TWO), ())


@pytest.mark.parametrize(
    "text",
    [
        f"Sıra;Adı;TCKN;Doğum Tarihi;Tarih\n1;AYŞE;{ONE};01.01.1980;20.11.2026\n2;VELİ;{TWO};;\n",
        f"BATMAN\n\nT.C. Kimlik No;Başvuru Tarihi\n{ONE};20.11.2026\n{TWO};\n",
        f"1;{ONE};20.11.2026\n2;{TWO};\n",
    ],
)
def test_ids_stand_in_any_column(text: str) -> None:
    told = id_list.read(text.encode(), "list", ("basvurutarihi", "tarih"))
    assert (told.national_ids, told.bad) == ((ONE, TWO), ())
    assert told.second == ("20.11.2026", "")


def test_rows_of_a_workbook_hold_numbers_and_dates() -> None:
    rows = [(1, ("", "Liste")), (2, ("Kimlik No", "Tarih")), (3, (float(ONE), "2026-11-20"))]
    told = id_list.from_rows([*rows, (4, ("", "")), (5, ("12", ""))])
    assert (told.national_ids, told.second) == ((ONE,), ("2026-11-20",))
    assert told.bad == (id_list.BadLine(5, "12"),)


def test_a_date_may_be_a_count_of_days_or_have_a_time_under_its_header() -> None:
    head = (1, ("TCKN", "Tarih"))
    told = id_list.from_rows([head, (2, (ONE, 46346.0)), (3, (TWO, "2026-11-20 09:30:00"))])
    assert told.second == ("2026-11-20", "2026-11-20")
    assert id_list.from_rows([(1, (ONE, 46346.0))]).second == ("",)


@pytest.mark.parametrize("header", ["Aşama tarihi", "Göreve Başlama Tarihi", "Onay Tarihi"])
def test_a_date_under_another_header_is_not_the_one_that_is_asked_for(header: str) -> None:
    content = f"TCKN;{header};Tarih\n{ONE};01.02.2019;20.11.2026 00:00\n".encode()
    told = id_list.read(content, "list")
    assert (told.second, told.dated, told.rows) == (("20.11.2026",), "Tarih", (2,))
    alone = id_list.read(f"TCKN;{header}\n{ONE};01.02.2019\n".encode(), "list")
    assert (alone.second, alone.dated) == (("",), "")
    bare = id_list.read(f"Kişi;{header}\n{ONE};01.02.2019\n".encode(), "list")
    assert (bare.second, bare.dated) == (("",), "")


def test_what_cannot_be_read_under_the_header_of_dates_is_given_as_it_is() -> None:
    told = id_list.read(f"TCKN;Tarih\n{ONE};Kasım 2026\n{TWO};\n".encode(), "list")
    assert told.second == ("Kasım 2026", "")
    assert id_list.read(f"{ONE};AYŞE IŞIK\n".encode(), "list").second == ("",)


def test_the_second_column_is_given_beside_the_ids() -> None:
    told = id_list.read(f"No;Tarih\n{ONE};20.11.2026;x\n{TWO}\n".encode(), "list")
    assert told.second == ("20.11.2026", "")


def test_order_and_repetition_are_kept_and_bad_lines_are_named() -> None:
    content = f"{TWO}\n10000000145\n{ONE}\nAYŞE\n{TWO}\n".encode()
    told = id_list.read(content, "list")
    assert told.national_ids == (TWO, ONE, TWO)
    assert told.bad == (id_list.BadLine(2, "10000000145"), id_list.BadLine(4, "AYŞE"))


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"1\x000\x00"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(IdListUnreadable):
        id_list.read(content, "list.xlsx")
