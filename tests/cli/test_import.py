"""`esign import` as its user sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import workbooks
from tests.conftest import Esign
from tests.workbooks import HEADERS, national_id, person


def save(folder: Path, rows: Sequence[Any], name: str = "liste.xls") -> Path:
    path = folder / name
    path.write_bytes(workbooks.xlsx(rows))
    return path


def test_the_guess_and_the_figures_are_shown(esign: Esign, tmp_path: Path) -> None:
    ran = esign("import", save(tmp_path, [["BATMAN"], HEADERS, person(1)]))
    assert ran.exit_code == 0
    assert "liste.xls: roster (xlsx)" in ran.stdout
    assert "header row: 2" in ran.stdout
    assert "T.C. Kimlik No → national_id" in ran.stdout
    assert "Rows: 3 · new: 1" in ran.stdout


def test_the_json_envelope(esign: Esign, tmp_path: Path) -> None:
    path = save(tmp_path, [HEADERS, person(1), person(2, **{"T.C. Kimlik No": "10000000145"})])
    ran = esign("import", path, "--json")
    assert ran.exit_code == 8
    assert ran.json["schema"] == "esign.import/1"
    (file,) = ran.json["data"]
    assert file["imported"] == {"new": 1, "changed": 0, "unchanged": 0}
    assert (file["rows_read"], file["rejected"], file["ignored"]) == (3, 1, 1)
    assert (file["kind"], file["missing"], file["dry_run"]) == ("roster", 0, False)
    assert len(file["sha256"]) == 64
    (sheet,) = file["sheets"]
    assert (sheet["sheet"], sheet["layout"], sheet["header_row"]) == ("Liste", "table", 1)
    assert sheet["columns"]["national_id"] == "T.C. Kimlik No"
    assert ran.json["problems"] == [
        {
            "code": "bad-national-id", "file": "liste.xls", "sheet": "Liste", "row": 3,
            "column": "T.C. Kimlik No", "field": "national_id", "value": "100******45",
            "rejected": True,
        }
    ]  # fmt: skip


def test_every_rejected_row_is_named(esign: Esign, tmp_path: Path) -> None:
    ran = esign("import", save(tmp_path, [HEADERS, person(1, İl="ATLANTİS")]))
    assert ran.exit_code == 8
    assert "ATLANTİS" in ran.stdout
    assert "no such province" in ran.stdout


def test_the_province_comes_from_somewhere(esign: Esign, tmp_path: Path) -> None:
    path = save(tmp_path, [["TCKN", "Adı", "Soyadı", "Kurum Adı"], [national_id(1), "A", "B", "C"]])
    ran = esign("import", path)
    assert ran.exit_code == 2
    assert "--province" in ran.stderr
    assert esign("import", path, "--province", "atlantis").exit_code == 2
    assert esign("import", path, "--province", "Batman").exit_code == 0


def test_the_guess_can_be_overruled(esign: Esign, tmp_path: Path) -> None:
    rows = [["Numara", "Adı", "Soyadı", "İl"], [national_id(1), "A", "B", "BATMAN"]]
    path = save(tmp_path, rows)
    ran = esign("import", path)
    assert ran.exit_code == 3
    assert "Numara" in ran.stderr
    assert esign("import", path, "--map", "Numara=national_id").exit_code == 0
    assert esign("import", path, "--map", "Numara=nothing").exit_code == 2
    assert esign("import", path, "--map", "Yok=national_id").exit_code == 3
    ran = esign("import", path, "--map", "Numara=national_id", "--sheet", "2")
    assert ran.exit_code == 2
    assert "Liste" in ran.stderr


def test_an_ambiguous_column_is_asked_for(esign: Esign, tmp_path: Path) -> None:
    rows = [["TCKN", "Adı", "İl", "Bitiş Tarihi"], [national_id(1), "A", "BATMAN", "01.01.2027"]]
    path = save(tmp_path, rows)
    ran = esign("import", path)
    assert ran.exit_code == 3
    assert '--map "Bitiş Tarihi=FIELD"' in ran.stderr
    ran = esign("import", path, "--map", "Bitiş Tarihi=certificate_end", "--json")
    assert ran.json["data"][0]["kind"] == "certificates"


def test_several_sheets(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    notes = [["Açıklama"], ["x"]]
    path.write_bytes(
        workbooks.xlsx([HEADERS, person(1)], {"İki": [HEADERS, person(2)], "Notlar": notes})
    )
    ran = esign("import", path)
    assert "Sheets without a table: Notlar" in ran.stdout
    assert "new: 2" in ran.stdout
    ran = esign("import", path, "--sheet", "İki", "--json", "--dry-run")
    assert [sheet["sheet"] for sheet in ran.json["data"][0]["sheets"]] == ["İki"]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04", bytes(500) + b"\x01"])
def test_a_file_that_cannot_be_used(esign: Esign, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    ran = esign("import", path, "--json")
    assert ran.exit_code == 3
    assert ran.json["data"] is None
    assert str(path) in ran.stderr


def test_a_file_without_a_table(esign: Esign, tmp_path: Path) -> None:
    assert esign("import", save(tmp_path, [["a", "b"], [1, 2]])).exit_code == 3


def test_a_snapshot_needs_a_scope_and_a_word(esign: Esign, tmp_path: Path) -> None:
    everybody = save(tmp_path, [HEADERS, person(1), person(2)])
    assert esign("import", everybody).exit_code == 0
    one = save(tmp_path, [HEADERS, person(1)])
    assert esign("import", one, "--full").exit_code == 2
    ran = esign("import", one, "--full", "--province", "72")
    assert ran.exit_code == 2
    assert "--yes" in ran.stderr
    ran = esign("import", one, "--full", "--province", "72", "--yes")
    assert ran.exit_code == 0
    assert "Missing from the snapshot: 1" in ran.stdout
