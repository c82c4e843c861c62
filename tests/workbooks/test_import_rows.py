"""Cells → fields: headers, values, rows that are none, rows that are two records."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.foundation import turkish
from esign_cli.foundation.errors.workbooks import AmbiguousColumn, NoIdentityColumn
from esign_cli.store.import_names_sql import SWAPS_KEEP
from esign_cli.workbooks import tables
from esign_cli.workbooks.import_rows import CERTIFICATE, PERSON, Reader, Rows
from esign_cli.workbooks.mebbis import layouts, national_ids
from esign_cli.workbooks.mebbis import values as read
from esign_cli.workbooks.mebbis.blocks import CellReader
from esign_cli.workbooks.mebbis.cells import Cell, SheetTop
from esign_cli.workbooks.mebbis.columns import Unpacker
from esign_cli.workbooks.mebbis.duties import DUTY, Rules
from esign_cli.workbooks.tables import ReadOptions
from tests.support.workbooks import HEADERS, national_id, person

BATMAN = Rules(province="72")


def rows(table: Sequence[Sequence[Cell]], rules: Rules = BATMAN, **options: Any) -> Rows:
    layout = layouts.guess(table, **options)
    assert layout
    turned = list(zip(*table, strict=True))
    key = layout.columns[layout.key]
    whole = {n: row for n, row in enumerate(table) if row[key] == ""}
    columns = [turned[column] for column in layout.columns.values()]
    top = SheetTop(0, "Liste", len(table), visible=True, top=tuple(map(tuple, table)))
    plan = tables.plan(top, layout, ReadOptions(rules=rules), b"")
    found = Reader(layout, rules).rows(
        Unpacker().block(CellReader(plan).block(1, columns, whole, {}))
    )
    taken = {one[0] for one in found.people}
    assert found.read == len(taken) + found.rejected + found.ignored
    return found


def named(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


# --- headers -------------------------------------------------------------------------------------


def test_the_header_is_found_below_junk() -> None:
    junk = [["BATMAN MEM", *[""] * 12], [""] * 13, ["PERSONEL LİSTESİ", *[""] * 12]]
    layout = layouts.guess([*junk, HEADERS, person(1)])
    assert layout
    assert layout.header_row == 4
    assert layout.kind == "roster"
    assert layout.headers["status"] == "Görev Durumu"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("T.C.\nKİMLİK  NO", "national_id"),
        ("Görevlendirildiği Kurum (Kodu)", "assigned_institution_code"),
        ("Kadrosunun Bulunduğu Kurum Kodu", "institution_code"),
        ("IL_ADI", "province"),
        ("İl/İlçe", "place"),
        ("eposta", "email"),
    ],
)
def test_aliases(header: str, field: str) -> None:
    layout = layouts.guess([["TCKN", "Adı", header]])
    assert layout
    assert field in layout.columns


@pytest.mark.parametrize(
    ("others", "field"),
    [
        (["Görevlendirildiği Kurum"], "end"),
        (["Sertifika Seri No"], "certificate_end"),
        ([], None),
        (["Görevlendirildiği Kurum", "Sertifika Seri No"], None),
    ],
)
def test_a_bare_end_date_needs_company(others: list[str], field: str | None) -> None:
    header = ["TCKN", "Adı", "Soyadı", "Bitiş Tarihi", *others]
    if field is None:
        with pytest.raises(AmbiguousColumn):
            layouts.guess([header])
    else:
        layout = layouts.guess([header])
        assert layout
        assert layout.columns[field] == 3
    told = layouts.guess([header], mapping={"bitis tarihi": "end"})
    assert told
    assert told.columns["end"] == 3


def test_no_identity_column() -> None:
    with pytest.raises(NoIdentityColumn):
        layouts.guess([["Adı", "Soyadı", "Kurum Adı"], ["A", "B", "C"]])
    assert layouts.guess([["x", "y"], [1, 2]]) is None


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["TCKN", "Adı", "Soyadı", "Kurum Adı"], "roster"),
        (["TCKN", "Adı", "Soyadı", "Görevlendirildiği Kurum"], "assignments"),
        (["TCKN", "Kurum Adı", "Görevlendirme Başlangıç", "Görevlendirme Bitiş"], "assignments"),
        (["TCKN", "Adı", "Kurum Adı", "Sertifika Bitiş Tarihi"], "certificates"),
    ],
)
def test_kinds(header: list[str], kind: str) -> None:
    layout = layouts.guess([header])
    assert layout
    assert layout.kind == kind


# --- values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("10000000146", ("10000000146", "")),
        (10000000146, ("10000000146", "")),
        (10000000146.0, ("10000000146", "")),
        (" 10000000146\xa0", ("10000000146", "")),
        ("10000000146.0", ("10000000146", "")),
        ("10000000146,00", ("10000000146", "")),
        ("10000000145", ("", "bad-national-id")),
        ("1,23E+10", ("", "lossy-national-id")),
        ("1.23E+10", ("", "lossy-national-id")),
        ("", ("", "no-national-id")),
        ("ABC", ("", "bad-national-id")),
    ],
)
def test_national_ids(cell: Cell, answer: tuple[str, str]) -> None:
    assert read.national_id(cell) == answer


@given(st.integers(0, 10**11))
def test_the_fast_check_is_the_known_one(number: int) -> None:
    assert national_ids.checks(str(number)) == turkish.is_national_id(str(number))
    assert national_ids.checks(national_id(number % 899_999_999))


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("31.01.2027", "2027-01-31"), ("31/01/2027", "2027-01-31"), ("2027-01-31", "2027-01-31"),
        ("1.2.2027", "2027-02-01"), ("2027-01-31 09:30:00", "2027-01-31"), (46418, "2027-01-31"),
        (46418.5, "2027-01-31"), ("46418", "2027-01-31"), ("", ""), ("0000-00-00", ""),
        ("NULL", ""), ("null", ""),
        ("00.00.0000", ""), ("-", ""), (0, ""), ("01.01.1900", ""), ("31.12.9999", ""),
    ],
)  # fmt: skip
def test_dates(cell: Cell, answer: str) -> None:
    assert read.day(cell) == (answer, "")


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2027-01-30T21:00:00Z", "2027-01-31"), ("2027-01-31T20:59:59.999Z", "2027-01-31"),
        ("1975-01-09T22:00:00Z", "1975-01-10"), ("1975-07-09T21:00:00Z", "1975-07-10"),
        ("1975-01-10T00:00:00+03:00", "1975-01-10"), ("1983-08-14T20:00:00Z", "1983-08-15"),
    ],
)  # fmt: skip
def test_a_midnight_of_turkey_is_of_its_day(moment: str, answer: str) -> None:
    """Which was at UTC+2, +3 and, in 1983, +4."""
    assert read.day(moment) == (answer, "")


@pytest.mark.parametrize("cell", ["31.02.2027", "yok", "2027", 12, "01.13.27", "1e999", "nan"])
def test_what_is_no_date(cell: Cell) -> None:
    assert read.day(cell) == ("", "bad-date")


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("  İL  MİLLÎ\nEĞİTİM ", "İL MİLLÎ EĞİTİM"),
        ("S\u0327U\u0308KRU\u0308", "ŞÜKRÜ"),
        ("A\x1aB\x01C", "ABC"),
        ("ÅžÃœKRÃœ", "ŞÜKRÜ"),
        ("ÅŸÃ¼krÃ¼", "şükrü"),
        ("ÞÜKRÜ IÐDIR ÝÇEL", "ŞÜKRÜ IĞDIR İÇEL"),
        ("HÂLÂ KÂZIM", "HÂLÂ KÂZIM"),
        ("JÄGER", "JÄGER"),
        (700123.0, "700123"),
    ],
)
def test_text(cell: Cell, answer: str) -> None:
    assert read.text(cell) == (answer, "")


@pytest.mark.parametrize(
    "cell", ["\ufffdÜKRÜ", "A?IK", "?ÜKRÜ", "AY??N", "ALİ KO?", "??", "Å", "Ã\u2502"]
)
def test_text_beyond_repair(cell: str) -> None:
    assert read.text(cell) == ("", "garbled-text")


@given(
    st.text(alphabet="abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ âîû", max_size=30)
)
def test_turkish_text_is_left_alone_and_mojibake_never_kept(word: str) -> None:
    word = " ".join(word.split())
    assert read.text(word) == (word, "")
    for code in ("cp1252", "latin-1", "cp1254"):
        garbled = word.encode().decode(code, "replace")
        assert read.text(garbled)[0] in ("", word) or garbled == word


def test_phones() -> None:
    assert read.mobile_phone(5321234567.0) == ("+905321234567", "")
    assert read.mobile_phone("0 (532) 123 45 67") == ("+905321234567", "")
    assert read.mobile_phone("0488 213 00 00") == ("", "bad-mobile-phone")


# --- rows ----------------------------------------------------------------------------------------


def test_a_person_and_a_post() -> None:
    found = rows([HEADERS, person(1)])
    assert found.ignored == 1
    (one,) = [named(PERSON, person) for person in found.people]
    assert one["national_id"] == "10000000146"
    assert (one["given_name"], one["given_key"]) == ("ŞÜKRÜ", "sukru")
    assert one["mobile_phone"] == "+905321000001"
    (duty,) = [named(DUTY, duty) for duty in found.duties]
    assert duty["duty_class"] == "permanent"
    assert duty["institution_code"] == "701"
    assert (duty["province"], duty["province_assumed"]) == ("72", 0)
    assert (duty["start"], duty["end"], duty["end_column"]) == ("2020-09-01", "", 1)


def test_rows_that_are_none() -> None:
    table = [
        ["PERSONEL LİSTESİ", *[""] * 12], HEADERS, person(1), [""] * 13, HEADERS,
        ["", "TOPLAM", 1, *[""] * 10], ["TOPLAM", 1, *[""] * 11], ["Sayfa", *[""] * 12],
        ["", "Sayfa 1 / 2", *[""] * 11],
    ]  # fmt: skip
    found = rows(table)
    assert (found.ignored, found.rejected, len(found.people)) == (8, 0, 1)


@pytest.mark.parametrize(
    "said",
    [
        "Sayfa: 1", "Sayfa 1 / 3", "GENEL TOPLAM: 6", "TOPLAM : 11", "Toplam Personel Sayısı 4",
        "Rapor tarihi 01.11.2026",
    ],
)  # fmt: skip
def test_what_ends_in_a_digit_among_the_ids_may_be_nobody(said: str) -> None:
    blank = [""] * 12
    found = rows(
        [HEADERS, person(1), [said, *blank], [said] * 13, ["", said, "Sayfa 2", *blank[2:]]]
    )
    assert (found.ignored, found.rejected, found.unreadable_ids) == (4, 0, 0)


@pytest.mark.parametrize("count", ["3", 3, 3.0])
def test_a_count_among_the_ids_is_nobody_where_a_total_stands_beside_it(count: Cell) -> None:
    total = [count, "", "", "TOPLAM", *[""] * 9]
    wrong = person(1, **{"T.C. Kimlik No": count, "Kurum Adı": "TOPLAMALI İLKOKULU"})
    alone = [count, *[""] * 12]
    found = rows([HEADERS, person(1), total, wrong, alone])
    assert (found.ignored, found.rejected, found.unreadable_ids) == (3, 1, 1)


def test_every_problem_of_a_row_is_named() -> None:
    bad = person(1)
    bad[0], bad[3], bad[8], bad[11] = "10000000145", "ATLANTİS", "Hayalet", "31.02.2027"
    found = rows([HEADERS, bad])
    assert {problem.code for problem in found.problems} == {
        "bad-national-id", "unknown-province", "unknown-kind", "bad-date"
    }  # fmt: skip
    assert found.rejected == 1
    assert found.unreadable_ids == 1
    assert next(p for p in found.problems if p.field == "national_id").value == "100******45"


def test_every_broken_name_is_named_and_none_is_kept() -> None:
    wrong = [("ŞÜKR?", "ÇALI?KAN"), ("A ? B", "IŞIK"), ("?", "?")]
    people = [person(n, Adı=one, Soyadı=two) for n, (one, two) in enumerate(wrong)]
    found = rows([HEADERS, *people])
    assert not found.people
    assert [(p.row, p.code) for p in found.problems] == [
        (row, "garbled-text") for row in (2, 2, 3, 4, 4)
    ]
    both = rows([["Ad Soyad (TCKN)", "Kurum Adı"], [f"AL? ({national_id(1)})", "OKUL"]])
    assert [p.code for p in both.problems] == ["garbled-text"]


def test_a_bad_phone_does_not_cost_the_row() -> None:
    found = rows([HEADERS, person(1, **{"Cep Telefonu": "123"})])
    assert found.rejected == 0
    assert [(p.code, p.rejected) for p in found.problems] == [("bad-mobile-phone", False)]


def test_a_row_that_is_two_records() -> None:
    header = [
        "TCKN", "Adı", "Soyadı", "Kurum Adı", "Kurum Kodu", "Görevlendirildiği Kurum",
        "Görevlendirildiği Kurum (Kodu)", "Görevlendirme Başlangıç", "Görevlendirme Bitiş",
    ]  # fmt: skip
    sent = [national_id(1), "A", "B", "Okul", 1, "MEM", 2, "01.09.2025", "31.08.2026"]
    at_home = [national_id(2), "A", "B", "Okul", 1, "", "", "", ""]
    found = [named(DUTY, duty) for duty in rows([header, sent, at_home]).duties]
    assert [(d["row"], d["duty_class"], d["institution_code"], d["end"]) for d in found] == [
        (3, "permanent", "1", ""),
        (2, "permanent", "1", None),
        (2, "assignment", "2", "2026-08-31"),
    ]
    assert [d["end_column"] for d in found] == [1, 0, 1]


_BOTH = ["Göreve Başlama Tarihi", "Görevlendirme Başlangıç Tarihi", "Görevlendirme Bitiş Tarihi"]


@pytest.mark.parametrize("dates", [_BOTH, [_BOTH[1], _BOTH[2], _BOTH[0]]])
def test_the_own_post_and_the_assignment_start_apart(dates: list[str]) -> None:
    told = dict(zip(_BOTH, ("01.09.2005", "01.09.2025", "30.06.2027"), strict=True))
    own = told | dict.fromkeys(_BOTH[1:], "")
    header = ["TCKN", "Kurum Kodu", "Görevlendirildiği Kurum Kodu", *dates]
    sent = [national_id(1), 1, 2, *(told[one] for one in dates)]
    home = [national_id(2), 1, "", *(own[one] for one in dates)]
    layout = layouts.guess([header])
    assert layout
    assert (layout.unused, layout.doubled, layout.kind) == ((), (), "assignments")
    found = [named(DUTY, duty) for duty in rows([header, sent, home]).duties]
    assert [(d["row"], d["duty_class"], d["start"]) for d in found] == [
        (3, "permanent", "2005-09-01"),
        (2, "permanent", "2005-09-01"),
        (2, "assignment", "2025-09-01"),
    ]
    again = layouts.guess([[layout.heading(field) for field in layout.columns]])
    assert again
    assert list(again.columns) == list(layout.columns)


@pytest.mark.parametrize("kinds", [["Görevlendirme", "Kadrolu"], []])
def test_each_row_starts_by_its_own_class(kinds: list[str]) -> None:
    header = ["TCKN", "Kurum Kodu", *_BOTH, *(["Kadro Durumu"] if kinds else [])]
    sent = [national_id(1), 1, "01.09.2005", "01.09.2025", "30.06.2027", *kinds[:1]]
    home = [national_id(2), 1, "01.09.2006", "", "", *kinds[1:]]
    found = [named(DUTY, duty) for duty in rows([header, sent, home]).duties]
    assert [(d["duty_class"], d["start"]) for d in found] == [
        ("assignment", "2025-09-01"), ("permanent", "2006-09-01")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "mapping", "used", "doubled"),
    [
        (["Kurum Kodu", "Kadrosunun Bulunduğu Kurum Kodu"], {}, "Kurum Kodu", 1),
        (["Kurum Kodu", "X"], {"X": "institution_code"}, "X", 0),
        (["Görev Bitiş Tarihi", "Görevlendirme Bitiş"], {}, "Görevlendirme Bitiş", 0),
        (["Görevlendirme Bitiş", "Görev Bitiş Tarihi"], {"Görev Bitiş Tarihi": "end"},
         "Görev Bitiş Tarihi", 0),
    ],
)  # fmt: skip
def test_of_two_columns_of_one_field_one_counts_and_the_other_is_told(
    header: list[str], mapping: dict[str, str], used: str, doubled: int
) -> None:
    layout = layouts.guess([["TCKN", "Adı", *header, "Kan Grubu"]], mapping=mapping)
    assert layout
    assert used in layout.headers.values()
    assert layout.doubled == (header[doubled],)
    assert layout.unused == ("Kan Grubu",)


def test_a_list_of_assignments() -> None:
    header = ["TCKN", "Adı Soyadı", "Kurum Adı", "Görevlendirme Başlangıç", "Görevlendirme Bitiş"]
    table = [header, [national_id(1), "AYŞE NUR IŞIK", "MEM", 45000, 46000]]
    found = rows(table, mapping={"Adı Soyadı": "full_name_last_word"})
    assert named(DUTY, found.duties[0])["duty_class"] == "assignment"
    assert named(PERSON, found.people[0])["given_name"] == "AYŞE NUR"


def test_a_list_of_certificates_makes_no_duty() -> None:
    header = ["TCKN", "Adı Soyadı", "Kurum Adı", "Sertifika Bitiş Tarihi", "Sertifika Seri No"]
    table = [
        header, [national_id(1), "A B", "X", "01.02.2027", "0A1B"],
        [national_id(2), "A B", "X", "01.02.2031", ""], [national_id(3), "A B", "X", "", ""],
    ]  # fmt: skip
    found = rows(table, Rules(latest_certificate_end=date(2029, 12, 22)))
    assert not found.duties
    assert [named(CERTIFICATE, one)["not_after"] for one in found.certificates] == ["2027-02-01"]
    assert [p.code for p in found.problems] == ["certificate-end-too-late", "no-certificate-end"]


def test_a_province_from_elsewhere_is_assumed() -> None:
    table = [["TCKN", "Adı", "Soyadı", "İl/İlçe"], [national_id(1), "A", "B", ""],
             [national_id(2), "A", "B", "Siirt / Kurtalan"]]  # fmt: skip
    found = [
        named(DUTY, duty)
        for duty in rows(table, Rules(province="72", district="Kozluk", assumed=True)).duties
    ]
    assert [(d["province"], d["district"], d["province_assumed"]) for d in found] == [
        ("72", "Kozluk", 1), ("56", "Kurtalan", 0)
    ]  # fmt: skip


@given(st.integers(0, 899_999_999))
def test_a_swap_keeps_the_remainder_by_which_namesakes_are_grouped(number: int) -> None:
    given = national_id(number)
    for low, high in itertools.combinations(range(11), 2):
        swapped = list(given)
        swapped[low], swapped[high] = swapped[high], swapped[low]
        other = "".join(swapped)
        if turkish.is_national_id(other):
            assert int(given) % SWAPS_KEEP == int(other) % SWAPS_KEEP
