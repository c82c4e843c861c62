"""`esign template`: workbooks that are taken back once they are filled in; `esign calendar`."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pytest

from esign_cli.foundation import clock, shell
from esign_cli.foundation.people import Mark, OpenApplication
from esign_cli.store import open_store
from tests.conftest import Esign
from tests.support import factories
from tests.support.databases import Place
from tests.support.factories import national_id

TODAY = clock.today()


def fill(path: Path, *rows: tuple[Any, ...]) -> None:
    """Type rows below the header, as Excel keeps them."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == 1
    for row in rows:
        sheet.append(row)
    book.save(path)


def person(esign: Esign, number: int) -> dict[str, Any]:
    return dict(esign("person", "show", national_id(number), "--json").json["data"])


def test_certificates_come_back_by_import(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "sertifika listesi.xlsx"
    ran = esign("template", "certificates", "--output", path)
    assert ran.exit_code == 0
    assert shell.command_line(["esign", "import", str(path)]) in ran.stderr
    end = TODAY + timedelta(40)
    fill(
        path,
        (int(national_id(1)), "AYŞE", "IŞIK", end, "0a1b"),
        (national_id(2), "İBRAHİM", "IŞIK", f"{end:%d.%m.%Y}", None),
    )
    done = esign("import", path)
    assert done.exit_code == 0, done.stderr
    assert person(esign, 1)["not_after"] == end.isoformat()
    assert person(esign, 1)["certificates"][0]["serial"] == "0a1b"
    assert person(esign, 2)["not_after"] == end.isoformat()


def test_applications_and_cards_come_back(esign: Esign, tmp_path: Path) -> None:
    made, cards = tmp_path / "b.xlsx", tmp_path / "k.xlsx"
    assert esign("template", "başvurular", "-o", made).exit_code == 0
    assert esign("template", "cards", "-o", cards).exit_code == 0
    applied, came = TODAY - timedelta(9), TODAY - timedelta(2)
    fill(
        made,
        (int(national_id(1)), "AYŞE", "IŞIK", applied),
        (national_id(2), "İBRAHİM", "IŞIK", f"{applied:%d.%m.%Y}"),
        (national_id(3), "ÇİĞDEM", "IŞIK", None),
        ("12345678901", "KİM", "BU", applied),
    )
    ran = esign("applications", "add", "--from", made, "--json")
    assert ran.exit_code == 8
    assert [one["row"] for one in ran.json["problems"]] == [5]
    found = ran.json["data"]["applications"]
    assert [one["since"] for one in found] == [applied.isoformat()] * 2 + [TODAY.isoformat()]
    numbers = [str(one["number"]) for one in found[:2]]
    words = ("applications", "approve", *numbers, "--override", "deneme", "--date")
    assert esign(*words, applied.isoformat()).exit_code == 0
    fill(cards, *((national_id(n), "", "", came) for n in (1, 2)))
    assert esign("applications", "arrive", "--from", cards).exit_code == 0
    states = esign("applications", "--json").json["data"]["applications"]
    assert {(one["state"], one["since"]) for one in states} == {
        ("arrived", came.isoformat()),
        ("submitted", TODAY.isoformat()),
    }


def test_an_empty_one_and_a_strange_one_are_said(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert esign("template", "cards", "-o", path).exit_code == 0
    assert esign("template", "cards", "-o", path).exit_code == 12
    empty = esign("applications", "add", "--from", path, "--json")
    assert (empty.exit_code, empty.json["problems"][0]["code"]) == (3, "id-list-empty")
    path.write_bytes(b"PK\x03\x04rest")
    assert esign("applications", "add", "--from", path).exit_code == 3
    assert esign("template", "other", "-o", tmp_path / "y.xlsx").exit_code == 2
    assert esign("template", "cards", "-o", tmp_path / "y.csv").exit_code == 2


def test_eligible_takes_a_workbook_too(esign: Esign, tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    book = openpyxl.Workbook()
    for row in (("Batman",), (), ("Sıra", "Adı", "T.C. Kimlik No"), (1, "x", int(national_id(1)))):
        book.active.append(row)
    book.save(path)
    people = esign("eligible", "--from", path, "--json").json["data"]["people"]
    assert [one["national_id"] for one in people] == [national_id(1)]


# --- calendar ------------------------------------------------------------------------------------


@pytest.fixture
def people(place: Place) -> None:
    def ends(number: int, days: int, **changes: Any) -> Any:
        certificate = factories.certificate(number, TODAY + timedelta(days))
        return factories.facts(number, certificates=(certificate,), **changes)

    on_its_way = OpenApplication(7, "approved", TODAY - timedelta(5))
    everybody = [
        ends(1, 70),
        ends(2, 20),
        ends(3, 60, application=on_its_way),
        ends(4, 400),
        ends(5, 60, mark=Mark(national_id(5), "left", "x")),
        ends(6, -5),
    ]
    with open_store(place) as store:
        factories.save(store, everybody)


def events(content: bytes) -> list[tuple[date, str, str]]:
    calendar = icalendar.Calendar.from_ical(content)
    found = [
        (event.decoded("dtstart"), str(event["categories"].cats[0]), str(event["uid"]))
        for event in calendar.walk("VEVENT")
    ]
    return sorted(found)


@pytest.mark.posix
def test_the_days_to_come(esign: Esign, home: Path, people: None, tmp_path: Path) -> None:
    path = tmp_path / "e-imza.ics"
    assert esign("calendar", "--output", path).exit_code == 0
    content = path.read_bytes()
    deadline = esign("person", "show", national_id(1), "--json").json["data"]["deadline"]
    assert [(day, kind.partition(": ")[2]) for day, kind, _uid in events(content)] == [
        (TODAY + timedelta(10), "the new card should be there"),
        (TODAY + timedelta(20), "certificate ends"),
        (date.fromisoformat(deadline), "last day to apply"),
        (TODAY + timedelta(70), "certificate ends"),
    ]
    text = content.decode().replace("\r\n ", "")
    assert "AYŞE IŞIK (100******46)" in text
    assert all(national_id(n) not in text for n in range(1, 7))
    assert esign("calendar", "--output", path).exit_code == 12
    again = esign("calendar")
    uids = [uid for _day, _kind, uid in events(again.stdout.encode())]
    assert uids == [uid for _day, _kind, uid in events(content)]
    assert len(set(uids)) == 4
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_opened_and_never_submitted_takes_no_day_away(esign: Esign, place: Place) -> None:
    with open_store(place) as store:
        for number, state in ((1, "signed"), (2, "submitted")):
            held = (factories.certificate(number, TODAY + timedelta(60)),)
            made = OpenApplication(number, state, TODAY - timedelta(3))
            facts = factories.facts(number, certificates=held, application=made)
            factories.save(store, [facts])
    text = esign("calendar").stdout.replace("\r\n ", "").replace("\n ", "")
    assert text.count("BEGIN:VEVENT") == 2
    assert "100******46" in text
    assert "100******14" not in text


def test_only_near_days_of_the_place(esign: Esign, people: None) -> None:
    near = esign("calendar", "--days", "15")
    assert len(events(near.stdout.encode())) == 1
    assert events(esign("calendar", "--province", "siirt").stdout.encode()) == []
    assert esign("calendar", "--output", "x.txt").exit_code == 2


def test_it_reads_the_sheet_that_holds_ids(esign: Esign, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(("Not", "yalnız açıklama"))
    book.create_sheet("Liste").append((national_id(1),))
    content = io.BytesIO()
    book.save(content)
    path = tmp_path / "iki.xlsx"
    path.write_bytes(content.getvalue())
    people = esign("eligible", "--from", path, "--json").json["data"]["people"]
    assert [one["national_id"] for one in people] == [national_id(1)]
