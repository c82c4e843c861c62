"""`esign check-form`: everything that would stop an application is found before it is made."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from esign_cli.foundation import clock, locations
from esign_cli.store import Store
from tests.conftest import Esign, Ran
from tests.support import factories
from tests.support.factories import national_id

PROFILE = {
    "institution_name": "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ",
    "address": "Merkez",
    "province": "Batman",
    "district": "MERKEZ",
    "postal_code": "72050",
    "work_phone": "04882130000",
}


@pytest.fixture(autouse=True)
def people(home: Path, store: Store) -> None:
    """1 without a fault, 2 with many, 3 not due yet, 4 with another name on the card, 5 left."""
    today = clock.today()
    ends, later = today + timedelta(50), today + timedelta(700)

    def record(number: int, **changes: Any):  # type: ignore[no-untyped-def]
        return (factories.post(number, unit="Bilgi İşlem", **changes),)

    bad = factories.person(
        2, email="şükrü@", mobile_phone="0488", birth_date=today, birth_place="", registry_no=""
    )
    everybody = [
        factories.facts(
            1, certificates=(factories.certificate(1, ends, holder="ayşe ışık"),), records=record(1)
        ),
        factories.facts(
            2, certificates=(factories.certificate(2, ends),), person=bad, records=record(2)
        ),
        factories.facts(3, certificates=(factories.certificate(3, later),), records=record(3)),
        factories.facts(
            4, certificates=(factories.certificate(4, ends, holder="IŞIL ÇELİK"),),
            records=record(4, district="KOZLUK"),
        ),
        factories.facts(
            5, certificates=(factories.certificate(5, ends),), records=record(5, status="Emekli")
        ),
    ]  # fmt: skip
    factories.save(store, everybody, as_of=today)
    settings = locations.config_file()
    settings.parent.mkdir(parents=True, exist_ok=True)
    lines = (f'{key} = "{value}"' for key, value in PROFILE.items())
    settings.write_text("\n".join(["[profile]", *lines]), "utf-8")


def found(ran: Ran) -> dict[str, list[tuple[str, str]]]:
    return {
        one["national_id"]: [(p["code"], p["field"]) for p in one["problems"]]
        for one in ran.json["data"]["people"]
    }


def test_everybody_in_the_window_with_all_problems_at_once(esign: Esign) -> None:
    ran = esign("check-form", "--province", "batman", "--json")
    assert ran.exit_code == 8
    assert ran.json["schema"] == "esign.check-form/1"
    data = ran.json["data"]
    assert (data["checked"], data["right"], data["province"]) == (3, 1, "72")
    assert found(ran) == {
        national_id(4): [("differs-from-card", "given_name")],
        national_id(2): [
            ("missing", "birth_place"),
            ("missing", "registry_no"),
            ("not-an-email", "email"),
            ("not-a-mobile", "mobile_phone"),
            ("birth-date-impossible", "birth_date"),
        ],
    }


def test_nothing_found_is_exit_code_0(esign: Esign) -> None:
    ran = esign("check-form", "--national-id", national_id(1))
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "Checked: 1 · nothing found: 1" in ran.stderr


def test_a_person_is_checked_whether_due_or_not(esign: Esign) -> None:
    ran = esign("check-form", "--national-id", national_id(3), "--json")
    assert ran.exit_code == 0
    assert ran.json["data"]["checked"] == 1


def test_somebody_who_is_nowhere(esign: Esign) -> None:
    ran = esign("check-form", "--national-id", national_id(60), "--json")
    assert ("not-in-roster", "national_id") in found(ran)[national_id(60)]
    assert ("missing", "given_name") in found(ran)[national_id(60)]


def test_the_profile_is_found_once_with_the_setting_to_write(esign: Esign) -> None:
    assert esign("config", "set", "profile.postal_code", "34000").exit_code == 0
    ran = esign("check-form")
    assert ran.exit_code == 8
    assert ran.stderr.count("belongs to another province (people: 3)") == 1
    assert "esign config set profile.postal_code" in ran.stderr
    assert "belongs to another province" not in ran.stdout
    assert national_id(2) not in ran.stdout
    assert "E-mail: is not an e-mail address" in ran.stdout


def test_a_form_file_is_held_against_the_records(esign: Esign, tmp_path: Path) -> None:
    file = tmp_path / "form.toml"
    file.write_text(
        f'national_id = "{national_id(1)}"\ngiven_name = "FATMA"\nbirth_date = 1990-02-03\n',
        "utf-8",
    )
    ran = esign("check-form", "--form", file, "--json")
    assert found(ran)[national_id(1)] == [
        ("differs-from-roster", "given_name"),
        ("differs-from-roster", "birth_date"),
        ("differs-from-card", "given_name"),
    ]
    two = esign(
        "check-form",
        "--form",
        file,
        "--national-id",
        national_id(1),
        "--national-id",
        national_id(2),
    )
    assert two.exit_code == 2


def test_a_form_file_is_told_all_that_is_wrong_with_it(esign: Esign, tmp_path: Path) -> None:
    file = tmp_path / "form.toml"
    file.write_text(
        f'national_id = "{national_id(1)}"\nemail = "yok"\nbirth_date = "31.02.1980"\n'
        'mobile_phone = "12"\npostal_code = "34000"\n',
        "utf-8",
    )
    ran = esign("check-form", "--form", file, "--json")
    assert found(ran)[national_id(1)] == [
        ("not-understood", "birth_date"),
        ("postal-code-elsewhere", "postal_code"),
        ("not-an-email", "email"),
        ("not-a-mobile", "mobile_phone"),
    ]
    shown = esign("check-form", "--form", file)
    assert shown.exit_code == 8
    assert "Postal code: belongs to another province" in shown.stdout
    assert "profile" not in shown.stderr


def test_fields_that_may_stay_empty_are_a_setting(esign: Esign) -> None:
    optional = "birth_place, registry_no, work_extension, mobile_operator, home_phone"
    assert esign("config", "set", "form_optional", optional).exit_code == 0
    ran = esign("check-form", "--national-id", national_id(2), "--json")
    assert "missing" not in {code for code, _field in found(ran)[national_id(2)]}
    assert esign("config", "set", "form_optional", "shoe_size").exit_code == 2


def test_a_list_and_a_workbook_with_a_line_a_problem(esign: Esign, tmp_path: Path) -> None:
    ids, output = tmp_path / "ids.txt", tmp_path / "eksik.xlsx"
    ids.write_text(f"{national_id(2)}\n{national_id(1)}\n12345\n{national_id(2)}\n", "utf-8")
    ran = esign("check-form", "--from", ids, "--output", output)
    assert ran.exit_code == 8
    assert "line 3" in ran.stderr
    assert "Checked: 2" in ran.stderr
    sheet = load_workbook(output).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 6
    assert {row[0] for row in rows[1:]} == {national_id(2)}
    assert rows[-1][6] == f"{clock.today():%d.%m.%Y}"


def test_an_age_is_counted_in_whole_years(store: Store) -> None:
    from esign_cli.renewals.application import Form, Problem, compared

    impossible = Problem("birth-date-impossible", "birth_date")
    today = date(2026, 11, 23)
    for born, right in (
        (date(2008, 11, 23), True),
        (date(2008, 11, 24), False),
        (date(1925, 11, 24), True),
        (date(1925, 11, 23), False),
    ):
        assert (impossible not in compared(Form(birth_date=born), None, "", today)) is right
