"""Headers that stand beside their columns, as cells that are merged too far make them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from esign_cli.foundation.errors.workbooks import HeaderBeside
from tests.support import workbooks
from tests.support.workbooks import national_id
from tests.workbooks.test_no_wrong_fact import bring

ID, OTHER = national_id(1), national_id(2)
BOTH = [("AYŞE", "KAYA", "", "Müdür"), ("ALİ", "CAN", "", "Şef")]
NO = None
Rows = list[list[Any]]


def merged(rows: Rows, areas: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in areas:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def people(header: list[Any], *cells: Any) -> Rows:
    """Two people in the columns where `cells` has their fields."""
    facts = [dict(zip("IGFTP", (ID, "AYŞE", "KAYA", "Müdür", 5321234561), strict=True)),
             dict(zip("IGFTP", (OTHER, "ALİ", "CAN", "Şef", 5321234562), strict=True))]  # fmt: skip
    return [header, *([one.get(cell, cell) for cell in cells] for one in facts)]


TOO_FAR = ["TCKN", "Adı", NO, "Soyadı", "Görevi"]
REFUSED: dict[str, bytes] = {
    "a header merged one column too far": merged(
        people([*TOO_FAR, "Branşı"], "I", "G", "F", "T"), ["B1:C1"]
    ),
    "the same before a column that is no field": merged(
        people([*TOO_FAR, "Açıklama"], "I", "G", "F", "T", "x"), ["B1:C1"]
    ),
    "on a page": workbooks.web(
        [["TCKN", "Adı", "", "Soyadı", "Görevi"], [ID, "AYŞE", "KAYA", "Müdür", ""]],
        encoding="utf-8",
    ),
    "in a text": b"TCKN;Ad\xc4\xb1;;Soyad\xc4\xb1;G\xc3\xb6revi\n"
    + f"{ID};AYŞE;KAYA;Müdür;\n".encode(),
    "one too early": merged(people(["TCKN", "Adı", "Soyadı", "Görevi"], "I", NO, "G", "F", "T")),
    "all of them": merged(people([NO, "TCKN", "Adı", "Soyadı", "Görevi"], "I", "G", "F", "T")),
    "a column of days beside an empty one": merged(
        people(["TCKN", "Adı", "Soyadı", "Görevlendirme Bitiş"], "I", "G", "F", NO, "30.06.2027")
    ),
}


def test_a_moved_header_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = ["TCKN", "Adı", NO, "Soyadı", "Görevi", NO, "Cep Telefonu"]
    rows = people(header, "I", NO, "G", "F", "T", "P")
    outcome, stored = bring(tmp_path / "a", monkeypatch, merged(rows, ["B1:C1"]))
    told = [(one.code, one.column, one.value) for one in outcome.problems]
    assert told == [
        ("column-moved", "Adı", "B → C"),
        ("column-moved", "Cep Telefonu", "G → F"),
    ]
    assert stored == [
        ("AYŞE", "KAYA", "+905321234561", "Müdür"),
        ("ALİ", "CAN", "+905321234562", "Şef"),
    ]


def test_data_merged_over_the_column_of_the_header_are_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = people(["TCKN", "Adı", "Soyadı", NO, "Görevi"], "I", "G", "F", "T", NO)
    outcome, stored = bring(tmp_path / "a", monkeypatch, merged(rows, ["D2:E2", "D3:E3"]))
    assert [one.code for one in outcome.problems] == ["column-moved"]
    assert stored == BOTH


def test_two_cells_merged_under_two_are_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = people(TOO_FAR, "I", "G", NO, "F", "T")
    outcome, stored = bring(tmp_path / "a", monkeypatch, merged(rows, ["B1:C1", "B2:C2", "B3:C3"]))
    assert (outcome.problems, stored) == ([], BOTH)


def test_numbers_before_the_rows_are_no_column_of_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = [NO, "TCKN", "Adı", "Soyadı", "Görevi", "Cep Telefonu"]
    rows = people(header, 1, "I", "G", "F", "T")
    outcome, stored = bring(tmp_path / "a", monkeypatch, merged(rows))
    assert (outcome.problems, stored) == ([], BOTH)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with pytest.raises(HeaderBeside):
        bring(tmp_path / "a", monkeypatch, REFUSED[name])
