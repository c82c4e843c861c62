"""`esign eligible`: the list, its filters, its forms, and what is said beside it."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from esign_cli.foundation import turkish
from esign_cli.foundation.people import Mark, OpenApplication, PersonFacts
from esign_cli.foundation.standing import Verdict
from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import TODAY, national_id

COLUMNS = 21


def people() -> list[PersonFacts]:
    """One of each kind: 1 and 2 eligible, 3 to be updated, 4 unknown, and others."""
    ended = factories.assignment(3, end=date(2026, 6, 15))
    return [
        factories.facts(1, certificates=(factories.certificate(1, date(2027, 1, 20)),)),
        factories.facts(2, certificates=(factories.certificate(2, date(2026, 12, 1)),)),
        factories.facts(3, records=(factories.post(3), ended)),
        factories.facts(4, records=(factories.post(4, status="Kayıp"),)),
        factories.facts(5, certificates=(factories.certificate(5, date(2029, 1, 1)),)),
        factories.facts(6, certificates=()),
        factories.facts(
            7,
            application=OpenApplication(1, "submitted", date(2026, 11, 3)),
            records=(factories.post(7, district="KOZLUK"),),
        ),
        factories.facts(8, records=(factories.post(8, province="34", district="FATİH"),)),
        factories.facts(9, records=(), person=None),
    ]


@pytest.fixture
def filled(store: Store) -> None:
    factories.save(store, people(), as_of=date(2026, 11, 3))


def ids(*numbers: int) -> list[str]:
    return [national_id(number) for number in numbers]


def listed(result: object) -> list[str]:
    return [one["national_id"] for one in result.json["data"]["people"]]


ON = ("--on", TODAY.isoformat())


@pytest.mark.usefixtures("filled")
def test_by_default_those_to_whom_something_is_to_be_done(esign: Esign) -> None:
    result = esign("eligible", "--province", "batman", *ON, "--json")
    assert result.exit_code == 0
    data = result.json["data"]
    assert listed(result) == ids(2, 9, 3, 4, 1)  # by the end, then by name: "", ÇİĞDEM, IŞIL
    assert list(data) == ["on", "province", "roster", "counts", "people"]
    assert data["province"] == "72"
    assert data["on"] == TODAY.isoformat()
    assert data["roster"] == {"as_of": "2026-11-03", "files": ["personel.xlsx"]}
    assert list(data["counts"]) == [verdict.value for verdict in Verdict]
    assert data["counts"]["eligible"] == 2
    assert data["counts"]["not-due"] == 1
    assert sum(data["counts"].values()) == 8


@pytest.mark.usefixtures("filled")
def test_a_person_in_json_has_every_key(esign: Esign) -> None:
    result = esign("eligible", "--national-id", national_id(3), *ON, "--json")
    assert result.json["schema"] == "esign.eligible/1"
    (one,) = result.json["data"]["people"]
    assert one == {
        "national_id": national_id(3),
        "given_name": "ÇİĞDEM",
        "family_name": "IŞIK",
        "province": "72",
        "district": "KOZLUK",
        "institution": "BATMAN ORTAOKULU",
        "mobile_phone": "+905320000003",
        "email": "kisi3@example.tr",
        "verdict": "needs-update",
        "phase": "open",
        "not_after": "2027-01-15",
        "days_left": 53,
        "deadline": "2026-12-15",
        "working_day": None,
        "issuer": None,
        "application": None,
        "reasons": [
            {
                "code": "assignment-ended",
                "source": {"file": "personel.xlsx", "sheet": "Sayfa1", "row": 9},
                "field": "end",
                "value": "2026-06-15",
            }
        ],
    }


@pytest.mark.usefixtures("filled")
def test_what_is_not_known_is_null(esign: Esign) -> None:
    result = esign("eligible", "--national-id", national_id(77), *ON, "--json")
    (one,) = result.json["data"]["people"]
    unknown = ("given_name", "family_name", "province", "district", "institution", "not_after")
    assert [one[key] for key in (*unknown, "days_left", "application")] == [None] * 8
    assert one["reasons"] == [
        {"code": "no-certificate", "source": None, "field": None, "value": None}
    ]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("spelling", ["batman", "BATMAN", "72", "Batman İli"])
def test_a_province_in_any_spelling(esign: Esign, spelling: str) -> None:
    result = esign("eligible", "--province", spelling, *ON, "--json")
    assert result.json["data"]["province"] == "72"


@pytest.mark.usefixtures("filled")
def test_all_provinces_and_the_default_of_the_settings(esign: Esign) -> None:
    everywhere = esign("eligible", "--province", "all", *ON, "--json")
    assert national_id(8) in listed(everywhere)
    assert everywhere.json["data"]["province"] == "all"
    assert esign("eligible", *ON, "--json").stdout == everywhere.stdout
    assert esign("config", "set", "province", "istanbul").exit_code == 0
    ours = esign("eligible", *ON, "--json")
    assert ours.json["data"]["province"] == "34"
    assert set(listed(ours)) == set(ids(8, 9))


@pytest.mark.usefixtures("filled")
def test_a_district_leaves_out_those_without_a_place(esign: Esign) -> None:
    result = esign("eligible", "--district", "kozluk", "--verdict", "all", *ON, "--json")
    assert set(listed(result)) == set(ids(3, 7))


def test_an_unknown_province(esign: Esign) -> None:
    result = esign("eligible", "--province", "batmna", "--json")
    assert result.exit_code == 2
    assert result.json["data"] is None
    (problem,) = result.json["problems"]
    assert (problem["code"], problem["suggestions"][0]) == ("unknown-province", "Batman")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("word", ["uygun", "Yenilemeye UYGUN", "eligible", "eligible for renewal"])
def test_a_verdict_in_either_language(esign: Esign, word: str) -> None:
    result = esign("eligible", "--province", "72", "--verdict", word, *ON, "--json")
    assert listed(result) == ids(2, 1)
    assert sum(result.json["data"]["counts"].values()) == 8  # whatever is shown


@pytest.mark.usefixtures("filled")
def test_several_verdicts_and_all_of_them(esign: Esign) -> None:
    two = ("--verdict", "applied", "--verdict", "süresi var")
    assert set(listed(esign("eligible", *two, *ON, "--json"))) == set(ids(5, 7))
    assert len(listed(esign("eligible", "--verdict", "all", *ON, "--json"))) == 9
    assert len(listed(esign("eligible", "--verdict", "hepsi", *ON, "--json"))) == 9


@pytest.mark.usefixtures("filled")
def test_a_phase_looks_among_everybody(esign: Esign) -> None:
    late = esign("eligible", "--phase", "geç", *ON, "--json")
    assert listed(late) == ids(2)
    assert listed(esign("eligible", "--phase", "not-due", *ON, "--json")) == ids(5)
    both = ("--phase", "open", "--verdict", "applied")
    assert listed(esign("eligible", *both, *ON, "--json")) == ids(7)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--verdict", "perhaps"), "unknown-word"),
        (("--phase", "perhaps"), "unknown-word"),
        (("--on", "2026-02-30"), "bad-date"),
        (("--on", "tomorrow"), "bad-date"),
        (("--national-id", "10000000145"), "bad-national-id"),
        (("--national-id", "10000000146", "--province", "72"), "options-exclude"),
        (("--national-id", "10000000146", "--from", "x"), "options-exclude"),
    ],
)
def test_usage_that_is_refused(esign: Esign, words: tuple[str, ...], code: str) -> None:
    result = esign("eligible", *words, "--json")
    assert result.exit_code == 2
    assert [problem["code"] for problem in result.json["problems"]] == [code]


def test_a_format_that_there_is_not(esign: Esign) -> None:
    assert esign("eligible", "--format", "pdf").exit_code == 2
    assert esign("eligible", "--format", "csv", "--json").exit_code == 2


def test_a_date_in_the_turkish_manner(esign: Esign, filled: None) -> None:
    result = esign("eligible", "--on", "01.03.2027", "--verdict", "expired", "--json")
    assert result.json["data"]["on"] == "2027-03-01"
    assert result.json["data"]["counts"]["expired"] > 0


# --- lists of people -----------------------------------------------------------------------------


@pytest.mark.usefixtures("filled")
def test_a_list_is_answered_line_by_line(esign: Esign, tmp_path: Path) -> None:
    wanted = ids(5, 77, 1, 5)
    file = tmp_path / "list.csv"
    file.write_text("Kimlik;Ad\n" + "".join(f"{one};x\n" for one in wanted), "utf-8")
    result = esign("eligible", "--from", file, *ON, "--json")
    assert listed(result) == wanted
    assert result.exit_code == 0
    assert sum(result.json["data"]["counts"].values()) == 3
    shown = esign("eligible", "--from", file, *ON)
    assert "Not in the personnel records: 1" in shown.stderr


@pytest.mark.usefixtures("filled")
def test_bad_lines_are_named_and_the_rest_is_answered(esign: Esign, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"{national_id(1)}\n10000000145\n{national_id(2)}\n", "utf-8")
    result = esign("eligible", "--from", file, *ON, "--json")
    assert result.exit_code == 8
    assert listed(result) == ids(1, 2)
    assert result.json["problems"] == [
        {"code": "bad-national-id", "file": "list.txt", "row": 2, "value": "100******45"}
    ]


def test_a_list_that_is_not_there_or_no_list(esign: Esign, tmp_path: Path) -> None:
    assert esign("eligible", "--from", tmp_path / "none.txt").exit_code == 3
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04")
    assert esign("eligible", "--from", file).exit_code == 3


# --- what a person reads -------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "\n\n", "T.C. Kimlik No\n"])
def test_a_list_of_nobody_is_refused(esign: Esign, tmp_path: Path, content: str) -> None:
    (tmp_path / "liste.txt").write_text(content, "utf-8")
    ran = esign("eligible", "--from", tmp_path / "liste.txt", "--json")
    assert ran.exit_code == 3
    assert ran.json["problems"][0]["code"] == "id-list-empty"


@pytest.mark.usefixtures("filled")
def test_a_list_of_bad_lines_alone_advises_nothing_else(esign: Esign, tmp_path: Path) -> None:
    (tmp_path / "liste.txt").write_text("10000000145\n", "utf-8")
    ran = esign("eligible", "--from", tmp_path / "liste.txt")
    assert ran.exit_code == 8
    assert "--province all" not in ran.stderr


@pytest.mark.usefixtures("filled")
def test_a_file_that_was_written_is_named(esign: Esign, tmp_path: Path) -> None:
    ran = esign("eligible", "--output", tmp_path / "liste.csv")
    assert f"Written: {tmp_path / 'liste.csv'} · people: " in ran.stderr
    ran = esign("eligible", "--output", tmp_path / "liste.txt", "--format", "table")
    assert ran.exit_code == 2
    assert "--format table" in ran.stderr


@pytest.mark.usefixtures("filled")
def test_the_table_masks_ids_and_says_what_it_leaves_out(esign: Esign) -> None:
    result = esign("eligible", "--province", "batman", *ON)
    assert turkish.mask(national_id(1)) in result.stdout
    assert national_id(1) not in result.stdout
    assert "20.01.2027" in result.stdout
    assert "Assignment has ended: 15.06.2026" in result.stdout
    assert "Not due yet: 1" in result.stderr
    assert "MEBBİS export is" in result.stderr
    whole = esign("eligible", "--province", "batman", *ON, "--show-ids")
    assert national_id(1) in whole.stdout


@pytest.mark.usefixtures("filled")
def test_in_turkish_by_its_own_words(esign: Esign) -> None:
    result = esign("eligible", "--province", "batman", *ON, lang="tr")
    assert result.exit_code == 0
    assert result.stdout


def test_empty_says_what_is_missing_and_what_to_run(esign: Esign, store: Store) -> None:
    nothing = esign("eligible")
    assert nothing.exit_code == 0
    assert "esign import" in nothing.stderr
    factories.save(store, [factories.facts(1, certificates=())])
    no_dates = esign("eligible", *ON)
    assert "1 people, 0 certificate dates" in no_dates.stderr
    assert "esign check-card --save" in no_dates.stderr
    elsewhere = esign("eligible", "--province", "van", *ON)
    assert elsewhere.stdout == ""


@pytest.mark.usefixtures("filled")
def test_nobody_to_list_is_said(esign: Esign) -> None:
    result = esign("eligible", "--verdict", "renewed", *ON)
    assert result.stdout == ""
    assert "esign eligible --verdict all" in result.stderr


def test_a_roster_that_is_not_there(esign: Esign, store: Store) -> None:
    with store.writing() as db:
        db.execute(
            "INSERT INTO certificate (national_id, origin, not_after, seen_at)"
            " VALUES (?, 'list', '2027-01-15', '')",
            (national_id(1),),
        )
    result = esign("eligible", *ON)
    assert "There is no MEBBİS export yet." in result.stderr
    assert "Not in the personnel records" in result.stdout


def test_a_mark_is_shown_with_its_reason(esign: Esign, store: Store) -> None:
    mark = Mark(national_id(1), "on-duty", "called the school")
    factories.save(store, [factories.facts(1, mark=mark)])
    assert "called the school" in esign("eligible", *ON).stdout


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("filled")
def test_csv_on_standard_output(esign: Esign) -> None:
    result = esign("eligible", "--province", "72", *ON, "--format", "csv")
    rows = list(csv.reader(io.StringIO(result.stdout.lstrip("\ufeff"), newline=""), delimiter=";"))
    assert len(rows) == 6
    assert {len(row) for row in rows} == {COLUMNS}
    assert rows[1][0] == national_id(2)
    assert rows[1][-1] == "personel.xlsx, sheet Sayfa1, row 5"


@pytest.mark.posix
@pytest.mark.usefixtures("filled")
def test_the_ending_tells_the_format_and_the_file_is_private(esign: Esign, tmp_path: Path) -> None:
    for ending in ("csv", "json", "xlsx"):
        file = tmp_path / f"list.{ending}"
        result = esign("eligible", "--province", "72", *ON, "--output", file)
        assert result.exit_code == 0
        assert result.stdout == ""
        assert file.stat().st_mode & 0o777 == 0o600
    sheet = load_workbook(tmp_path / "list.xlsx").active
    assert sheet.max_row == 6
    assert sheet["A2"].value == national_id(2)
    asked = esign("eligible", "--province", "72", *ON, "--json")
    assert (tmp_path / "list.json").read_text("utf-8") == asked.stdout


@pytest.mark.usefixtures("filled")
def test_an_existing_output_is_left_alone(esign: Esign, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("mine", "utf-8")
    assert esign("eligible", "--output", file).exit_code == 12
    assert file.read_text("utf-8") == "mine"
    assert esign("eligible", "--output", file, "--force").exit_code == 0
    assert file.read_text("utf-8") != "mine"


def test_an_output_that_cannot_be(esign: Esign, tmp_path: Path) -> None:
    assert esign("eligible", "--output", tmp_path / "no" / "list.csv").exit_code == 11
    assert esign("eligible", "--output", tmp_path / "list.docx").exit_code == 2


@pytest.mark.posix
def test_a_workbook_is_not_shown_on_a_terminal(home: Path) -> None:
    import pty

    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "esign_cli", "--lang", "en", "eligible", "--format", "xlsx"]
    ran = subprocess.run(
        command, stdout=terminal, stderr=subprocess.PIPE, env=os.environ, check=False
    )
    os.close(terminal)
    os.close(master)
    assert (ran.returncode, b"--output" in ran.stderr) == (2, True)


@pytest.mark.usefixtures("filled")
def test_thresholds_of_the_settings_are_used(esign: Esign, home: Path) -> None:
    assert esign("config", "set", "renewal.opens_months_before", "30").exit_code == 0
    result = esign("eligible", "--verdict", "eligible", *ON, "--json")
    assert national_id(5) in listed(result)


def test_the_order_is_by_end_then_turkish_name(esign: Esign, store: Store) -> None:
    names = ["ZEKİ", "ÇAĞLA", "IŞIL", "İREM", "CEM", "ÖMER", "OYA"]
    made = [
        factories.facts(n, person=replace(factories.person(n), given_name=name, family_name="A"))
        for n, name in enumerate(names, start=1)
    ]
    factories.save(store, made)
    result = esign("eligible", *ON, "--json")
    told = [one["given_name"] for one in result.json["data"]["people"]]
    assert told == ["CEM", "ÇAĞLA", "IŞIL", "İREM", "OYA", "ÖMER", "ZEKİ"]
