"""`esign import` as its user sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from esign_cli.foundation import shell
from esign_cli.foundation.exit_codes import BAD_INPUT, PARTLY, USAGE
from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import workbooks
from tests.support.terminal import Terminal
from tests.support.workbooks import HEADERS, national_id, person


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


@pytest.mark.posix
def test_an_import_on_a_terminal_ends_with_what_is_usually_done_next(
    home: Path, tmp_path: Path
) -> None:
    path = save(tmp_path, [HEADERS, person(1)])
    for is_new in (True, False):
        with Terminal("import", path, "--province", "72") as terminal:
            assert terminal.ended() == 0, terminal.seen
        assert terminal.seen.endswith("  esign\n") is is_new


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


def test_a_phone_is_not_said_to_cost_or_to_spare_its_row(esign: Esign, tmp_path: Path) -> None:
    bad = {"Cep Telefonu": "123"}
    rows = [HEADERS, person(1, **bad), person(2, **bad, İl="ATLANTİS")]
    ran = esign("import", save(tmp_path, rows))
    assert ran.stdout.count("not a mobile number; it was not taken") == len(rows) - 1
    assert "the row" not in ran.stdout


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
    assert shell.command_line(["--map", "Bitiş Tarihi=certificate_end"]) in ran.stderr
    ran = esign("import", path, "--map", "Bitiş Tarihi=certificate_end", "--json")
    assert ran.json["data"][0]["kind"] == "certificates"


def test_what_has_to_be_asked_is_explained_beside_all_the_rest(
    esign: Esign, tmp_path: Path
) -> None:
    rows = [["Numara", "Adı Soyadı", "Durum", "Bitiş Tarihi", "Okul Adı"],
            [national_id(1), "ALİ CAN", "Görevde", "01.01.2027", "OKUL"]]  # fmt: skip
    path = save(tmp_path, rows)
    ran = esign("import", path, "--explain")
    assert ran.exit_code == 3
    assert '--map "HEADER=national_id"' in ran.stdout
    assert '--map "Bitiş Tarihi=FIELD"' in ran.stdout
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert "Adı Soyadı full_name ALİ CAN" in lines
    assert "Bitiş Tarihi which? end / certificate_end / - 01.01.2027" in lines
    ran = esign("import", path, "--explain", "--json", "--map", "Numara=national_id")
    assert ran.exit_code == 3
    (sheet,) = ran.json["data"][0]["sheets"]
    assert sheet["unsettled"] == {"Durum": ["status"], "Bitiş Tarihi": ["end", "certificate_end"]}
    assert sheet["unused"] == []
    told = ("--map", "Numara=national_id", "--map", "Bitiş Tarihi=end")
    ran = esign("import", path, "--explain", *told)
    assert ran.exit_code == 0
    assert "which?" not in ran.stdout


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


def test_a_hidden_sheet_is_named(esign: Esign, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(save(tmp_path, [HEADERS, person(1)], "a.xlsx"))
    hidden = book.create_sheet("Gizli")
    for row in (HEADERS, person(2)):
        hidden.append(list(row))
    hidden.sheet_state = "hidden"
    book.create_sheet("Boş").sheet_state = "hidden"
    path = tmp_path / "b.xlsx"
    book.save(path)
    told = "Hidden sheets, not read unless named with --sheet: Gizli\n"
    assert told in esign("import", path, "--explain").stdout
    ran = esign("import", path)
    assert told in ran.stdout
    assert "new: 1" in ran.stdout
    (file,) = esign("import", path, "--sheet", "Gizli", "--json").json["data"]
    assert (file["imported"]["new"], file["hidden"]) == (1, [])
    assert esign("import", path, "--explain", "--json").json["data"][0]["hidden"] == ["Gizli"]


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


def test_the_guess_is_explained_without_a_database(esign: Esign, tmp_path: Path) -> None:
    path = save(tmp_path, [["BATMAN"], [*HEADERS, "Kan Grubu"], [*person(1), "A Rh (+)"]])
    ran = esign("import", "--explain", path)
    assert ran.exit_code == 0
    assert "100******46" in ran.stdout
    assert "Not recognised: Kan Grubu" in ran.stdout
    assert "A Rh" not in ran.stdout
    assert not list(tmp_path.rglob("*.db"))
    (file,) = esign("import", "--explain", path, "--json").json["data"]
    (sheet,) = file["sheets"]
    assert (sheet["layout"], sheet["header_row"], sheet["kind"]) == ("table", 2, "roster")
    assert sheet["samples"]["given_name"] == "ŞÜKRÜ"
    assert sheet["unused"] == ["Kan Grubu"]


def test_a_second_column_of_a_field_is_told(esign: Esign, tmp_path: Path) -> None:
    path = save(tmp_path, [[*HEADERS, "Unvan", "Kan Grubu"], [*person(1), "Müdür", "A"]])
    told = "Not used, since another column has the same field: Unvan"
    ran = esign("import", "--explain", path)
    assert told in ran.stdout
    assert "Not recognised: Kan Grubu" in ran.stdout
    assert told in esign("import", path).stdout
    (sheet,) = esign("import", path, "--json").json["data"][0]["sheets"]
    assert (sheet["unused"], sheet["doubled"]) == (["Kan Grubu"], ["Unvan"])


def test_the_form_is_explained(esign: Esign, tmp_path: Path) -> None:
    path = save(tmp_path, workbooks.form([("ŞÜKRÜ IŞIK", national_id(1))]))
    ran = esign("import", "--explain", path)
    assert "form, several rows a person" in ran.stdout
    assert "ŞÜKRÜ IŞIK (100******46)" in ran.stdout
    assert "Rh" not in ran.stdout


def test_a_trial_shows_what_would_change(esign: Esign, tmp_path: Path) -> None:
    esign("import", save(tmp_path, [HEADERS, person(1), person(2)]))
    later = save(tmp_path, [HEADERS, person(1, Görevi="Müdür"), person(3)])
    ran = esign("import", later, "--dry-run")
    assert "Öğretmen  Müdür" in ran.stdout
    assert "This was a trial" in ran.stdout
    options = ("--full", "--province", "72", "--dry-run", "--json")
    (file,) = esign("import", later, *options).json["data"]
    assert [one["name"] for one in file["diff"]["new"]] == ["ŞÜKRÜ IŞIK Ç"]
    (changed, closed) = file["diff"]["changed"]
    assert (changed["field"], changed["old"], changed["new"]) == ("title", "Öğretmen", "Müdür")
    assert (closed["field"], closed["old"], closed["new"]) == ("closed", "false", "true")
    assert [one["name"] for one in file["diff"]["missing"]] == ["ŞÜKRÜ IŞIK C"]
    (past,) = esign("imports", "--json").json["data"]
    assert past["new"] == 2


def test_the_same_diff_is_shown_afterwards(esign: Esign, tmp_path: Path) -> None:
    esign("import", save(tmp_path, [HEADERS, person(1), person(2)]))
    later = save(tmp_path, [HEADERS, person(1, Görevi="Müdür"), person(3, İl="ATLANTİS")])
    before = esign("import", later, "--dry-run", "--json").json
    done = esign("import", later, "--json").json
    assert before["problems"] == done["problems"]
    assert done["data"][0]["diff"] is None
    shown = esign("imports", "show", "2", "--json").json
    assert shown["data"]["diff"] == before["data"][0]["diff"]
    assert shown["problems"] == done["problems"]
    assert shown["data"]["rows_read"] == done["data"][0]["rows_read"]
    ran = esign("imports", "show", "2")
    assert "no such province" in ran.stdout
    assert "title" in ran.stdout
    assert "roster" in esign("imports", "list").stdout
    assert esign("imports", "show", "9").exit_code == 2


def test_only_the_newest_import_is_taken_back(esign: Esign, tmp_path: Path) -> None:
    assert "Nothing was imported yet" in esign("imports").stderr
    esign("import", save(tmp_path, [HEADERS, person(1)]))
    esign("import", save(tmp_path, [HEADERS, person(2)]))
    assert esign("imports", "undo", "1", "--yes").exit_code == 12
    assert esign("imports", "undo", "1").exit_code == 12  # before anything is asked
    assert esign("imports", "undo", "2").exit_code == 2
    assert "Taken back: import 2" in esign("imports", "undo", "2", "--yes").stdout
    assert [one["number"] for one in esign("imports", "--json").json["data"]] == [1]
    assert esign("imports", "undo", "1", "--yes", "--json").json["data"]["new"] == 1


@pytest.mark.posix
def test_rejected_rows_can_be_corrected_and_imported(esign: Esign, tmp_path: Path) -> None:
    bad = person(2, **{"İl": "ATLANTİS", "Görev Bitiş Tarihi": "31.02.2027"})
    path = save(tmp_path, [[*HEADERS, "Kan Grubu"], [*person(1), "A"], [*bad, "AB Rh NEGATIF"]])
    rejects = tmp_path / "rejected.xlsx"
    ran = esign("import", path, "--rejects", rejects)
    assert ran.exit_code == 8
    assert str(rejects) in ran.stderr
    assert rejects.stat().st_mode & 0o777 == 0o600
    book = openpyxl.load_workbook(rejects)
    headers, row = book.active.iter_rows(values_only=True)
    told = dict(zip(headers, row, strict=True))
    assert told["T.C. Kimlik No"] == national_id(2)
    assert told["What is wrong"] == "İl: no such province · Görev Bitiş Tarihi: not a date"
    notes = {headers[c.column - 1]: c.comment.text for c in book.active[2] if c.comment}
    assert notes == {"İl": "no such province", "Görev Bitiş Tarihi": "not a date"}
    assert "Kan Grubu" not in headers
    assert "Rh" not in str(row)
    assert esign("import", path, "--rejects", rejects).exit_code != 8
    book.active.cell(2, headers.index("İl") + 1).value = "BATMAN"
    book.active.cell(2, headers.index("Görev Bitiş Tarihi") + 1).value = "28.02.2027"
    book.save(rejects)
    (file,) = esign("import", rejects, "--json").json["data"]
    assert file["imported"]["new"] == 1
    assert file["kind"] == "roster"


def test_a_file_is_taken_again_after_a_snapshot_that_lacked_its_people(
    esign: Esign, tmp_path: Path
) -> None:
    good, part = tmp_path / "good.xlsx", tmp_path / "part.xlsx"
    good.write_bytes(workbooks.xlsx([HEADERS, *map(person, range(10))]))
    part.write_bytes(workbooks.xlsx([HEADERS, *map(person, range(5))]))
    assert esign("import", good, "--json").json["data"][0]["imported"]["new"] == 10
    wrong = esign("import", part, "--full", "--province", "72", "--yes", "--json")
    assert wrong.json["data"][0]["missing"] == 5
    again = esign("import", good, "--json").json["data"][0]["imported"]
    assert again == {"new": 0, "changed": 5, "unchanged": 5}
    twice = esign("import", good, "--json").json["data"][0]["imported"]
    assert twice == {"new": 0, "changed": 0, "unchanged": 10}


@pytest.mark.parametrize("words", [[], ["--full", "--province", "72", "--yes"]])
def test_a_workbook_that_names_nobody_is_refused(
    esign: Esign, tmp_path: Path, words: list[str]
) -> None:
    path = tmp_path / "header.xlsx"
    path.write_bytes(workbooks.xlsx([HEADERS]))
    ran = esign("import", path, *words)
    assert ran.exit_code == 3
    assert "names nobody" in ran.stderr
    assert esign("imports", "--json").json["data"] == []


def test_a_list_of_certificates_is_no_snapshot(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        workbooks.xlsx([["T.C. Kimlik No", "Sertifika Bitiş Tarihi"], [person(1)[0], "01.01.2027"]])
    )
    assert esign("import", path, "--full", "--province", "72", "--yes").exit_code == 2
    assert esign("import", path).exit_code == 0


def test_rejected_rows_say_why_where_a_cell_holds_two_things(esign: Esign, tmp_path: Path) -> None:
    rows = [["TCKN", "Adı Soyadı", "İl/İlçe"], [national_id(1), "", "ATLANTİS / MERKEZ"]]
    rejects = tmp_path / "rejected.xlsx"
    esign("import", save(tmp_path, rows), "--rejects", rejects)
    sheet = openpyxl.load_workbook(rejects).active
    notes = {sheet.cell(1, c.column).value: c.comment.text for c in sheet[2] if c.comment}
    assert notes == {"Adı Soyadı": "no name", "İl/İlçe": "no such province"}


def test_two_files_of_one_name_are_kept_apart(esign: Esign, tmp_path: Path) -> None:
    paths = []
    for number, folder in enumerate(("a", "b")):
        (tmp_path / folder).mkdir()
        bad = person(number * 10, **{"İl": f"YOK {folder}"})
        paths.append(save(tmp_path / folder, [HEADERS, person(number * 10 + 1), bad]))
    rejects = tmp_path / "rejected.xlsx"
    told = esign("import", *paths, paths[0], "--rejects", rejects, "--json").json
    assert [file["file"] for file in told["data"]] == list(map(str, paths))
    names = [(one["file"], one["value"]) for one in told["problems"]]
    assert names == [(str(paths[0]), "YOK a"), (str(paths[1]), "YOK b")]
    assert esign("imports", "show", "1", "--json").json["problems"] == told["problems"]
    book = openpyxl.load_workbook(rejects)
    assert len(list(book.active.iter_rows())) == 3


def test_one_finding_for_one_cell(esign: Esign, tmp_path: Path) -> None:
    rows = [["TCKN", "Sertifika Bitiş Tarihi"], [national_id(1), "yarın"], [national_id(2), ""]]
    problems = esign("import", save(tmp_path, rows), "--json").json["problems"]
    assert [(one["code"], one["value"]) for one in problems] == [
        ("bad-date", "yarın"), ("no-certificate-end", None)
    ]  # fmt: skip


def test_a_wrong_id_that_is_almost_that_of_a_namesake(esign: Esign, tmp_path: Path) -> None:
    assert esign("import", save(tmp_path, [HEADERS, person(1), person(2)])).exit_code == 0
    right = national_id(1)
    typed = right[:4] + str((int(right[4]) + 1) % 10) + right[5:]
    swapped = right[:8] + right[9] + right[8] + right[10]
    ids = ((1, typed), (1, swapped), (2, typed))
    rows = [HEADERS, *(person(n, **{"T.C. Kimlik No": one}) for n, one in ids)]
    problems = esign("import", save(tmp_path, rows), "--json").json["problems"]
    near = [one for one in problems if one["code"] == "possible-duplicate"]
    assert [(one["row"], one["value"]) for one in near] == [(2, "100******46"), (3, "100******46")]
    assert {one["code"] for one in problems if one["rejected"]} == {"bad-national-id"}


def test_help_names_every_field(esign: Esign) -> None:
    from esign_cli.workbooks.mebbis.fields import FIELDS

    page = esign("import", "--help").stdout
    assert set(FIELDS) <= {word.strip("().,") for word in page.split()}


TITLED = (
    ["Rapor Tarihi: 05.11.2026", *[""] * (len(HEADERS) - 1)],
    [""] * len(HEADERS),
    HEADERS,
    person(1),
)


def test_the_day_of_the_data_is_that_of_the_titles(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(workbooks.web(TITLED))
    ran = esign("import", path, "--json")
    assert ran.json["data"][0]["as_of"] == "2026-11-05"
    assert esign("imports", "--json").json["data"][0]["as_of"] == "2026-11-05"


def test_the_day_of_the_data_can_be_said(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(workbooks.web(TITLED))
    ran = esign("import", path, "--as-of", "01.10.2026", "--json")
    assert ran.json["data"][0]["as_of"] == "2026-10-01"
    assert esign("import", path, "--as-of", "31.12.2099").exit_code == USAGE


def test_the_same_file_of_a_newer_day_is_said(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(workbooks.web(TITLED))
    esign("import", path)
    assert "of it was taken again" in esign("import", path, "--as-of", "05.11.2026").stdout
    ran = esign("import", path, "--as-of", "06.11.2026")
    assert "was imported before, as of 05.11.2026; now it counts as of the newer day" in ran.stdout
    assert esign("--json").json["data"]["roster_as_of"] == "2026-11-06"
    assert esign("imports", "undo", "2", "--yes").exit_code == 0
    assert esign("--json").json["data"]["roster_as_of"] == "2026-11-05"


def test_fields_are_mapped_by_their_turkish_names(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(workbooks.text([["Numara", "Adı", "Soyadı"], [national_id(1), "A", "B"]]))
    ran = esign("import", path, "--province", "72", "--map", "Numara=TC_Kimlik_No", "--json")
    assert ran.json["data"][0]["sheets"][0]["columns"]["national_id"] == "Numara"


def test_a_column_full_of_errors_is_refused(esign: Esign, tmp_path: Path) -> None:
    rows = [["TCKN", "Adı", "Soyadı", "Sertifika Bitiş Tarihi"]]
    rows += [[national_id(n), "A", "B", "#YOK"] for n in range(1, 4)]
    path = tmp_path / "a.csv"
    path.write_bytes(workbooks.text(rows))
    ran = esign("import", path, "--json")
    assert ran.exit_code == BAD_INPUT
    assert ran.json["problems"][0]["code"] == "column-of-errors"
    assert ran.json["problems"][0]["cells"] == [f"CSV!D{row} #YOK" for row in (2, 3, 4)]


def test_errors_elsewhere_cost_their_rows_cell_by_cell(esign: Esign, tmp_path: Path) -> None:
    rows = [["TCKN", "Adı", "Soyadı", "Görevi", "Cep Telefonu", "Doğum Tarihi"]]
    rows += [[national_id(n), "A", "B", "Müdür", "#YOK", "#DEĞER!"] for n in range(1, 3)]
    path = tmp_path / "a.csv"
    path.write_bytes(workbooks.text(rows))
    ran = esign("import", path, "--province", "72", "--json")
    assert ran.exit_code == PARTLY
    assert [(one["row"], one["column"], one["value"]) for one in ran.json["problems"]] == [
        (row, column, value)
        for row in (2, 3)
        for column, value in (("Cep Telefonu", "#YOK"), ("Doğum Tarihi", "#DEĞER!"))
    ]


@pytest.mark.parametrize(
    ("cells", "start"),
    [(["01.09.2024", "02.09.2024"], "2024-09-01"), (["01.09.2024", "sürüyor"], None)],
)
def test_a_header_that_a_report_cut_heads_the_start_only_over_days(
    esign: Esign, tmp_path: Path, store: Store, cells: list[str], start: str | None
) -> None:
    header = ["TCKN", "Adı", "Soyadı", "Görevi", "Görevlendirme", "Görevlendirme Bitiş"]
    rows = [[national_id(n), "A", "B", "M", cell, "30.06.2027"] for n, cell in enumerate(cells, 1)]
    path = tmp_path / "a.csv"
    path.write_bytes(workbooks.text([header, *rows]))
    assert esign("import", path, "--province", "72").exit_code == 0
    (first, *_) = store.db.execute("SELECT start FROM duty ORDER BY national_id").fetchone()
    assert (first or None) == start
