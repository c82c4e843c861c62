"""Both names in one cell: read where it is told which is which, asked or rejected elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from esign_cli.foundation.errors.workbooks import AmbiguousColumn
from esign_cli.workbooks.mebbis import layouts, whole_names
from tests.support import workbooks
from tests.support.workbooks import national_id
from tests.workbooks.test_no_wrong_fact import bring

FIRST, LAST = "surname_first", "full_name"
READ = {
    (LAST, "AYŞE KAYA"): "AYŞE|KAYA",
    (FIRST, "KAYA AYŞE"): "AYŞE|KAYA",
    (LAST, "Ayşe ŞAHİN GÜNEŞ"): "Ayşe|ŞAHİN GÜNEŞ",
    (LAST, "Mehmet Ali KAYA"): "Mehmet Ali|KAYA",
    (LAST, "Mehmet A. KAYA"): "Mehmet A.|KAYA",
    (FIRST, "ŞAHİN GÜNEŞ Ayşe"): "Ayşe|ŞAHİN GÜNEŞ",
    (FIRST, "KAYA Mehmet Ali"): "Mehmet Ali|KAYA",
    (FIRST, "ŞAHİN GÜNEŞ, AYŞE"): "AYŞE|ŞAHİN GÜNEŞ",
    (FIRST, "KAYA, MEHMET ALİ"): "MEHMET ALİ|KAYA",
    ("full_name_last_word", "MEHMET ALİ KAYA"): "MEHMET ALİ|KAYA",
    ("full_name_last_word", "Ayşe ŞAHİN GÜNEŞ"): "Ayşe|ŞAHİN GÜNEŞ",
    ("surname_first_word", "KAYA MEHMET ALİ"): "MEHMET ALİ|KAYA",
    (LAST, "AB C"): "AB|C",
    (FIRST, "C AB"): "AB|C",
    (LAST, ""): "|",
}
UNCLEAR = (
    (LAST, "AYŞE ŞAHİN GÜNEŞ"),
    (LAST, "Ayşe Şahin Güneş"),
    (FIRST, "KAYA MEHMET ALİ"),
    (LAST, "KAYA Ayşe"),
    (FIRST, "Ayşe KAYA"),
    (LAST, "KAYA, AYŞE"),
    (LAST, "Ayşe KAYA Şahin"),
    (LAST, "AYŞE"),
    (FIRST, "KAYA,"),
    (FIRST, "KAYA, AYŞE, FATMA"),
    ("full_name_last_word", "AYŞE KAYA (V)"),
    ("full_name_last_word", "KAYA Mehmet Ali"),
)
READERS = {
    LAST: whole_names.full_name,
    FIRST: whole_names.surname_first,
    "full_name_last_word": whole_names.last_word,
    "surname_first_word": whole_names.first_word,
}
ID, OTHER = national_id(1), national_id(2)


@pytest.mark.parametrize(("field", "cell"), READ)
def test_it_is_told(field: str, cell: str) -> None:
    wanted = READ[field, cell].replace("|", whole_names.SEPARATOR)
    assert READERS[field](cell) == (wanted, "")


@pytest.mark.parametrize(("field", "cell"), UNCLEAR)
def test_it_is_not_told(field: str, cell: str) -> None:
    assert READERS[field](cell) == ("", "unclear-name")


@pytest.mark.parametrize("header", ["Soyadı Adı", "SOYADI, ADI", "Soyad / Ad", "Soyadı ve Adı"])
def test_the_family_name_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    rows = [["TCKN", header, "Görevi"], [ID, "KAYA AYŞE", "Şef"], [OTHER, "CAN Ali Veli", "Şef"]]
    outcome, stored = bring(tmp_path / "a", monkeypatch, workbooks.xlsx(rows))
    assert outcome.problems == []
    assert [one[:2] for one in stored] == [("AYŞE", "KAYA"), ("Ali Veli", "CAN")]


@pytest.mark.parametrize(
    ("header", "fields"),
    [("Adı Soyadı", ["full_name_last_word", LAST]), ("Soyadı Adı", ["surname_first_word", FIRST])],
)
def test_names_of_several_words_are_asked_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: str, fields: list[str]
) -> None:
    rows = [["TCKN", header, "Görevi"], [ID, "A B", "Şef"], [OTHER, "AYŞE ŞAHİN GÜNEŞ", "Şef"]]
    with pytest.raises(AmbiguousColumn) as raised:
        bring(tmp_path / "a", monkeypatch, workbooks.xlsx(rows))
    assert raised.value.fields == fields
    assert raised.value.samples == ["AYŞE ŞAHİN GÜNEŞ"]
    key = (raised.value.header, "adisoyadi" if header == "Adı Soyadı" else "soyadiadi", "field")
    for field in fields:
        layout = layouts.guess(rows, answers={key: field})
        assert layout
        assert layout.columns[field] == 1
        assert not layout.unsettled


def test_below_those_that_are_looked_at_they_are_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["TCKN", "Adı Soyadı", "Görevi"]]
    rows += [[national_id(n), "ALİ CAN", "Şef"] for n in range(1, 60)]
    rows.append([national_id(60), "AYŞE ŞAHİN GÜNEŞ", "Şef"])
    outcome, stored = bring(tmp_path / "a", monkeypatch, workbooks.xlsx(rows))
    costly = [one for one in outcome.problems if one.rejected]
    assert [(one.code, one.row) for one in costly] == [("unclear-name", 61)]
    assert len(stored) == 59


def test_columns_of_their_own_say_it_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ["TCKN", "Adı Soyadı", "Adı", "Soyadı", "Görevi"]
    rows = [header, [ID, "AYŞE ŞAHİN GÜNEŞ", "AYŞE", "ŞAHİN GÜNEŞ", "Şef"]]
    outcome, stored = bring(tmp_path / "a", monkeypatch, workbooks.xlsx(rows))
    assert outcome.problems == []
    assert [one[:2] for one in stored] == [("AYŞE", "ŞAHİN GÜNEŞ")]


def test_beside_the_number_the_last_word_is_taken_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [("AYŞE KAYA", ID), ("MEHMET ALİ CAN", OTHER)]
    outcome, stored = bring(tmp_path / "a", monkeypatch, workbooks.xlsx(workbooks.form(people)))
    told = [(one.code, one.rejected) for one in outcome.problems]
    assert set(told) == {("guessed-name", False)}
    assert [one[:2] for one in stored] == [("AYŞE", "KAYA"), ("MEHMET ALİ", "CAN")]
