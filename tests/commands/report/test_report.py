"""`esign report`: numbers, lists, months, what changed; in six forms, by district, by e-mail."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from esign_cli.cli import settings
from esign_cli.foundation import clock
from esign_cli.foundation.people import Mark, OpenApplication
from esign_cli.outputs import typeset
from esign_cli.renewals.application.life_cycle import Event
from esign_cli.renewals.report_summary import LISTS
from esign_cli.store import Store, applications, exclusive_run, open_store
from tests.conftest import Ends, Esign
from tests.support import factories, mail_server
from tests.support.databases import Place, direct
from tests.support.factories import national_id
from tests.support.mail_server import PASSWORD, MailServer
from tests.support.parts import need, program

NUMBERS = {
    "late": 2,
    "eligible": 3,
    "needs-update": 2,
    "undecided": 1,
    "expired": 1,
    "live-certificate": 1,
    "stalled": 0,
    "overdue": 1,
    "unconfirmed": 0,
    "leavers": 0,
}


@pytest.fixture
def workdir(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home / "masa"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def filled(store: Store, ends: Ends, today: date) -> None:
    """At least one in each list."""
    over = factories.assignment(4, end=today - timedelta(9), district="KOZLUK")
    placeless = factories.assignment(5, end=today - timedelta(9), district="")
    everybody = [
        ends(1, 8),
        ends(2, 60),
        ends(3, 61, records=(factories.post(3, district="SASON"),)),
        ends(4, 20, records=(factories.post(4), over)),
        ends(5, 45, records=(factories.post(5), placeless)),
        ends(6, 50, records=(factories.post(6, status="Kayıp"),)),
        ends(7, -3),
        ends(8, 400, records=(factories.post(8, status="Emekli"),)),
        ends(9, 40, application=OpenApplication(1, "submitted", today)),
        ends(10, 300),
        factories.facts(11, certificates=()),
    ]
    factories.save(store, everybody, as_of=today - timedelta(4))
    approved = today - timedelta(40)
    with store.writing() as db:
        event = Event("approved", approved, datetime.now(UTC), "test")
        applications.add(db, national_id(11), "first", event)


def report(esign: Esign, *words: str | Path) -> Any:
    ran = esign("report", "--json", *words)
    assert ran.exit_code == 0, ran.stderr
    return ran.json["data"]


# --- what it says --------------------------------------------------------------------------------


def test_numbers_lists_and_months(esign: Esign, filled: None, today: date) -> None:
    data = report(esign)
    assert {name: len(lines) for name, lines in data["lists"].items()} == NUMBERS
    assert list(data["lists"]) == list(LISTS)
    assert [one["national_id"] for one in data["lists"]["late"]] == [national_id(1), national_id(4)]
    assert data["people"] == 11
    assert data["holders"] == 10
    assert data["counts"]["no-certificate"] == 1
    assert sum(data["counts"].values()) == 11
    assert data["applications"] == {"submitted": 1, "approved": 1}
    months = data["months"]
    assert months[0]["month"] == f"{today:%Y-%m}"
    assert len(months) == 12
    assert len({one["month"] for one in months}) == 12
    assert sum(one["ending"] for one in months) == 8  # neither the expired nor the one who left
    assert data["roster"]["as_of"] == str(today - timedelta(4))
    ending = {one["district"]: sum(one["ending"]) for one in data["districts"]}
    assert ending == {"KOZLUK": 1, "MERKEZ": 5, "SASON": 1, None: 1}
    [overdue] = data["lists"]["overdue"]
    assert overdue["application"]["approved"] == str(today - timedelta(40))


def test_a_district_alone(esign: Esign, filled: None) -> None:
    data = report(esign, "--province", "batman", "--district", "sason")
    assert [one["national_id"] for one in data["lists"]["eligible"]] == [national_id(3)]
    assert data["holders"] == 1


def test_the_date_moves_and_facts_stay(esign: Esign, filled: None, today: date) -> None:
    data = report(esign, "--on", str(today + timedelta(70)))
    assert len(data["lists"]["expired"]) > NUMBERS["expired"]
    assert report(esign)["changes"] is None  # a report of another day is not remembered


def test_nothing_known_is_a_report_too(esign: Esign, home: Path) -> None:
    data = report(esign)
    assert data["people"] == 0
    assert all(lines == [] for lines in data["lists"].values())
    ran = esign("report")
    assert ran.exit_code == 0, ran.stderr


# --- what changed --------------------------------------------------------------------------------


def told_of(place: Place, number: int, word: str) -> None:
    with open_store(place) as store, store.writing() as db:
        db.execute(
            "INSERT INTO mark (national_id, word, reason, at, os_user) VALUES (?, ?, 'x', '', '')",
            (national_id(number), word),
        )


def test_what_changed_since_the_last_report(esign: Esign, filled: None, place: Place) -> None:
    assert report(esign)["changes"] is None
    assert report(esign)["changes"]["people"] == []
    told_of(place, 2, "left")
    told_of(place, 10, "left")
    changes = report(esign)["changes"]
    assert [(one["national_id"], one["was"], one["now"]) for one in changes["people"]] == [
        (
            national_id(2),
            {"verdict": "eligible", "lists": ["eligible"]},
            {"verdict": "not-eligible", "lists": ["live-certificate"]},
        ),
        (national_id(10), None, {"verdict": "not-eligible", "lists": ["live-certificate"]}),
    ]
    assert changes["counts"]["eligible"] == -1
    assert changes["counts"]["not-eligible"] == 2
    assert report(esign)["changes"]["people"] == []


def test_since_the_last_one_lists_hold_only_who_is_new(
    esign: Esign, filled: None, place: Place
) -> None:
    report(esign)
    told_of(place, 2, "left")
    data = report(esign, "--since-last")
    assert [one["national_id"] for one in data["lists"]["live-certificate"]] == [national_id(2)]
    assert data["lists"]["eligible"] == []
    told_of(place, 3, "left")
    assert len(report(esign)["lists"]["live-certificate"]) == 3  # all were remembered, not the new


def test_the_numbers_stay_those_of_everybody(
    esign: Esign, filled: None, place: Place, workdir: Path
) -> None:
    need("typst", typeset.available())
    report(esign)
    told_of(place, 2, "left")
    ran = esign("report", "--json", "--since-last", "--fail-on", "late", "-o", "r.html")
    assert ran.exit_code == 9
    assert "Not empty: Past the last day to apply · 2" in ran.stderr
    data = ran.json["data"]
    assert data["only_new"] is True
    assert data["sizes"] == {**NUMBERS, "eligible": 2, "live-certificate": 2}
    assert {name: len(lines) for name, lines in data["lists"].items() if lines} == {
        "live-certificate": 1
    }
    page = (workdir / "r.html").read_text("utf-8")
    assert '>2 <small>(new: 1)</small></span><a href="#live-certificate">Left, cert' in page
    assert '>2 <small>(new: 0)</small></span><a href="#late">' in page
    told_of(place, 3, "left")
    ran = esign("report", "--since-last")
    assert re.search(r"certificate still valid +3  \(new: 1\)", ran.stdout)
    assert "New: Left, certificate still valid · 1" in ran.stdout


def test_an_application_that_nobody_submitted_is_to_be_chased(
    esign: Esign, store: Store, ends: Ends, today: date
) -> None:
    factories.save(store, [ends(1, -6), ends(2, 60), ends(3, 60)])
    with store.writing() as db:
        for number, state, ago in (
            (1, "signed", 50),
            (2, "printed", 8),
            (3, "draft", 7),
            (4, "draft", 9),
        ):
            event = Event(state, today - timedelta(ago), datetime.now(UTC), "test")
            applications.add(db, national_id(number), "renewal", event)
    data = report(esign)
    assert [one["national_id"] for one in data["lists"]["stalled"]] == [
        national_id(1), national_id(2), national_id(4)
    ]  # fmt: skip
    assert data["lists"]["stalled"][0]["application"]["state"] == "signed"
    assert [one["national_id"] for one in data["lists"]["expired"]] == [national_id(1)]
    assert data["counts"]["applied"] == 3
    assert esign("report", "--fail-on", "expired").exit_code == 9
    assert esign("report", "--fail-on", "stalled").exit_code == 2
    assert "Applications to chase · 3" in esign("report").stdout
    assert esign("config", "set", "renewal.submission_days", "30").exit_code == 0
    assert len(report(esign)["lists"]["stalled"]) == 1


def test_each_place_has_a_last_report_of_its_own(esign: Esign, filled: None) -> None:
    report(esign)
    assert report(esign, "--province", "72")["changes"] is None
    assert report(esign, "--province", "Batman")["changes"] is not None
    assert report(esign, "--province", "72", "--district", "Sason")["changes"] is None
    assert report(esign, "--province", "72", "--district", "SASON")["changes"] is not None


def test_whoever_was_forgotten_is_in_no_remembered_report(
    esign: Esign, filled: None, place: Place
) -> None:
    report(esign)
    assert esign("person", "forget", national_id(2), "--yes").exit_code == 0
    with direct(place) as db:
        found = db.execute("SELECT national_id FROM report_person").fetchall()
    assert (national_id(2),) not in found
    assert len(found) == 8
    assert report(esign)["changes"]["people"] == []


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.posix
def test_every_format_is_written_private(esign: Esign, filled: None, workdir: Path) -> None:
    need("typst", typeset.available())
    names = [f"r.{ending}" for ending in ("html", "pdf", "xlsx", "csv", "json")]
    ran = esign("report", *[word for name in names for word in ("--output", name)])
    assert ran.exit_code == 0, ran.stderr
    assert sorted(path.name for path in workdir.iterdir()) == sorted(names)
    for name in names:
        assert stat.S_IMODE((workdir / name).stat().st_mode) == 0o600
    ids = [national_id(n) for n in range(1, 12)]
    for name in ("r.csv", "r.json"):
        text = (workdir / name).read_text(encoding="utf-8")
        assert ids[0] in text
    page = (workdir / "r.html").read_text("utf-8")
    printed = subprocess.run(
        [program("pdftotext"), "-layout", "r.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for text in (page, printed, esign("report").stdout):
        assert not any(one in text for one in ids)
        assert "100******46" in text
        assert "AYŞE IŞIK" in text
        assert "Past the last day to apply" in text


def test_the_page_needs_nothing_from_outside(esign: Esign, filled: None, workdir: Path) -> None:
    esign("report", "--output", "r.html")
    page = (workdir / "r.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<script") == 1
    links = re.findall(r"(?:src|href)=\"([^\"]*)\"|url\(([^)]*)\)", page)
    assert all(one.startswith(("#", "data:", "tel:")) for pair in links for one in pair if one)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert page.count("<svg") == 2


def test_names_are_escaped_on_the_page(
    esign: Esign, store: Store, ends: Ends, workdir: Path
) -> None:
    hostile = '<script>alert("x")</script>'
    factories.save(store, [ends(1, 8, person=factories.person(1, given_name=hostile))])
    esign("report", "--output", "r.html")
    page = (workdir / "r.html").read_text("utf-8")
    assert page.count("<script") == 1  # the page's own
    assert "&lt;script&gt;" in page


def test_the_workbook_has_real_dates_filters_and_colours(
    esign: Esign, filled: None, workdir: Path, today: date
) -> None:
    esign("report", "--output", "r.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO((workdir / "r.xlsx").read_bytes()))
    names = book.sheet_names
    assert names[2:] == [
        "Past the last day to apply",
        "Eligible for renewal",
        "MEBBİS record needs updating",
        "Undecided",
        "Expired",
        "Left, certificate still valid",
        "Applications to chase",
        "Overdue cards",
        "Delivered, new one not seen",
        "Left with an application open",
    ]
    header, first, *_rest = book.get_sheet_by_name(names[2]).to_python()
    row = dict(zip(header, first, strict=True))
    assert row["National id"] == national_id(1)
    assert row["Valid until"] == today + timedelta(8)
    assert row["Days left"] == 8
    sheet = load_workbook(workdir / "r.xlsx")[names[2]]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:V3"
    assert sheet["A1"].fill.fgColor.rgb.endswith("0B5A8A")
    assert sheet["A2"].fill.fgColor.rgb.endswith("FBE1DE")
    assert sheet["N2"].is_date


def test_csv_holds_all_lists_below_each_other(esign: Esign, filled: None) -> None:
    ran = esign("report", "--format", "csv")
    rows = list(csv.reader(io.StringIO(ran.stdout.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) - 1 == sum(NUMBERS.values())
    assert rows[0][:2] == ["List", "National id"]
    assert rows[1][:2] == ["Past the last day to apply", national_id(1)]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--output", "r.docx"], 2),
        (["--output", "a.html", "--output", "b.html", "--format", "csv"], 2),
        (["--output", "a.html", "--output", "a.html"], 2),
        (["--format", "docx"], 2),
        (["--split", "province"], 2),
        (["--fail-on", "nothing"], 2),
        (["--email", "nobody"], 2),
        (["--output", "there/r.html"], 11),
        (["--output", "there/"], 2),
        (["--split", "district", "--output", "there/below/"], 11),
        (["--split", "district", "--output", "r.docx"], 2),
        (["--split", "district", "--output", "a/", "--output", "b/"], 2),
        (["--json", "--format", "csv"], 2),
        (["--on", "2026-13-01"], 2),
        (["--district", "Sasn", "--output", "r.html"], 2),
    ],
)
def test_what_cannot_be_is_refused(
    esign: Esign, filled: None, workdir: Path, words: list[str], status: int
) -> None:
    ran = esign("report", *words)
    assert ran.exit_code == status, ran.stderr
    assert list(workdir.iterdir()) == []


def test_an_output_that_is_there_keeps_all_from_being_written(
    esign: Esign, filled: None, workdir: Path
) -> None:
    (workdir / "b.csv").write_text("mine", "utf-8")
    assert esign("report", "--output", "a.html", "--output", "b.csv").exit_code == 12
    assert [path.name for path in workdir.iterdir()] == ["b.csv"]
    assert report(esign)["changes"] is None
    assert esign("report", "-o", "a.html", "-o", "b.csv", "--force").exit_code == 0


def test_ids_in_what_others_wrote_are_masked_for_readers(
    esign: Esign, store: Store, ends: Ends, workdir: Path
) -> None:
    mark = Mark(national_id(1), "left", f"see {national_id(2)}")
    held = factories.certificate(3, clock.today() + timedelta(9), holder=f"{national_id(3)} NES0")
    stranger = factories.facts(3, person=None, records=(), certificates=(held,))
    factories.save(store, [ends(1, 60, mark=mark), stranger])
    esign("report", "--output", "r.html")
    page = (workdir / "r.html").read_text("utf-8") + esign("report").stdout
    assert "see 100******14" in page
    assert not any(national_id(n) in page for n in (1, 2, 3))


# --- one file a district -------------------------------------------------------------------------


@pytest.mark.posix
def test_each_district_gets_its_own_people_and_nobody_elses(
    esign: Esign, filled: None, workdir: Path, today: date
) -> None:
    (workdir / "ozluk").mkdir()
    ran = esign("report", "--province", "72", "--split", "district", "--output", "ozluk")
    assert ran.exit_code == 0, ran.stderr
    files = sorted((workdir / "ozluk").iterdir())
    assert [path.name for path in files] == [
        f"ozluk-batman-kozluk-{today}.xlsx",
        f"ozluk-ilcesi-bilinmeyen-{today}.xlsx",
    ]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    book = CalamineWorkbook.from_filelike(io.BytesIO(files[0].read_bytes()))
    header, *rows = book.get_sheet_by_index(0).to_python()
    [row] = rows
    told = dict(zip(header, row, strict=True))
    assert told["National id"] == national_id(4)
    assert told["Own institution"] == "BATMAN LİSESİ"
    assert told["Institution of the assignment"] == "BATMAN ORTAOKULU"
    assert told["Start"] == date(2024, 6, 1)
    assert told["End in MEBBİS"] == today - timedelta(9)
    assert told["Correction asked for"].startswith("If the assignment goes on")
    assert told["Source"] == "personel.xlsx, sheet Sayfa1, row 9, end of the assignment"
    other = CalamineWorkbook.from_filelike(io.BytesIO(files[1].read_bytes()))
    [theirs] = other.get_sheet_by_index(0).to_python()[1:]
    assert theirs[0] == national_id(5)


@pytest.mark.posix
@pytest.mark.parametrize("named", ["ozluk/", "ozluk", "ozluk.2026/"])
def test_a_folder_for_the_districts_is_made(
    esign: Esign, filled: None, workdir: Path, named: str
) -> None:
    for more in ([], ["--force"]):
        ran = esign("report", "--split", "district", "-o", named, "-o", "r.html", *more)
        assert ran.exit_code == 0, ran.stderr
    folder = workdir / named
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list(folder.iterdir())) == 2
    assert (workdir / "r.html").is_file()
    assert esign("report", "--split", "district", "-o", named).exit_code == 12
    (workdir / "file").touch()
    assert esign("report", "--split", "district", "-o", "file/").exit_code != 0


def test_a_report_of_one_district_leaves_that_ones_file_alone(
    esign: Esign, store: Store, ends: Ends, workdir: Path, today: date
) -> None:
    past = today - timedelta(9)
    sason, kozluk = factories.post(1, district="SASON"), factories.post(2, district="KOZLUK")
    people = [
        ends(1, 20, records=(sason, factories.assignment(1, end=past, district="SASON"))),
        ends(2, 20, records=(kozluk, factories.assignment(2, end=past, district="SASON"))),
    ]
    factories.save(store, people)
    ran = esign("report", "--split", "district", "--district", "kozluk")
    assert ran.exit_code == 0, ran.stderr
    assert list(workdir.iterdir()) == []
    assert "In another district's file, for their record stands there: 1" in ran.stderr
    ran = esign("report", "--split", "district", "--district", "Sason")
    assert ran.exit_code == 0, ran.stderr
    [path] = workdir.iterdir()
    assert path.name == f"ozluk-batman-sason-{today}.xlsx"
    assert "In another" not in ran.stderr
    book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == [national_id(1), national_id(2)]
    assert len(set(header)) == len(header)


def test_districts_named_to_do_harm_stay_in_the_folder_and_apart(
    esign: Esign, store: Store, ends: Ends, workdir: Path, today: date
) -> None:
    long = "ÇOK " * 40
    names = ["../../etc/KOZLUK", "..", "KOZLUK", "kozluk", long + "BİR", long + "İKİ", "CON"]
    people = []
    for number, name in enumerate(names, start=1):
        over = factories.assignment(number, end=today - timedelta(9), district=name)
        people.append(ends(number, 20, records=(over,)))
    factories.save(store, people)
    assert esign("report", "--split", "ilçe").exit_code == 0
    files = sorted(path.name for path in workdir.iterdir())
    assert len(files) == 6
    assert all(re.fullmatch(r"ozluk-[a-z0-9-]+\.xlsx", name) for name in files)
    held = {}
    for path in workdir.iterdir():
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        held[path.name] = {row[0] for row in book.get_sheet_by_index(0).to_python()[1:]}
    assert sum(len(ids) for ids in held.values()) == len(names)
    assert held[f"ozluk-batman-kozluk-{today}.xlsx"] == {national_id(3), national_id(4)}


# --- fail-on and e-mail --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["late"], 9),
        (["gecikti"], 9),
        (["overdue"], 9),
        (["expired", "late"], 9),
        (["süresi doldu"], 9),
    ],
)
def test_a_list_that_should_be_empty_ends_with_9(
    esign: Esign, filled: None, words: list[str], status: int
) -> None:
    ran = esign("report", *[word for name in words for word in ("--fail-on", name)])
    assert ran.exit_code == status
    assert "Not empty:" in ran.stderr


def test_an_empty_list_ends_with_0(esign: Esign, store: Store, ends: Ends) -> None:
    factories.save(store, [ends(1, 60)])
    assert esign("report", "--fail-on", "late", "--fail-on", "expired").exit_code == 0


@pytest.fixture
def server(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setenv("ESIGN_SMTP_PASSWORD", PASSWORD)
    with mail_server.running(tmp_path) as running:
        for key, value in running.settings().items():
            settings.set_value(home / "config" / "esign" / "config.toml", key, str(value))
        yield running


def test_the_report_is_sent_masked(esign: Esign, filled: None, server: MailServer) -> None:
    need("typst", typeset.available())
    ran = esign("report", "--email", "bir@example.tr", "--email", "iki@example.tr", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["emailed"] == ["bir@example.tr", "iki@example.tr"]
    assert server.recipients == ["bir@example.tr", "iki@example.tr"]
    message = server.received[0]
    assert str(message["Message-ID"]).endswith("@example.tr>")
    assert server.received[0]["Message-ID"] != server.received[1]["Message-ID"]
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body(("plain",))
    assert body is not None
    assert "Past the last day to apply: 2" in body.get_content()
    [attached] = message.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert str(attached.get_filename()).endswith(".pdf")
    content = attached.get_content()
    assert content.startswith(b"%PDF")
    whole = message.as_bytes()
    assert not any(national_id(n).encode() in whole + content for n in range(1, 12))


def test_what_was_handed_out_is_not_shown_too(
    esign: Esign, filled: None, server: MailServer, workdir: Path
) -> None:
    assert esign("report", "--email", "bir@example.tr").stdout == ""
    assert esign("report", "--split", "district").stdout == ""
    assert esign("report", "--output", "r.html").stdout == ""
    assert esign("report", "--email", "bir@example.tr", "--format", "table").stdout != ""


def test_where_no_pdf_can_be_made_the_page_is_sent(
    esign: Esign, filled: None, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert esign("report", "--email", "bir@example.tr").exit_code == 0
    [attached] = server.received[0].iter_attachments()
    assert attached.get_content_type() == "text/html"
    assert "<svg" in attached.get_content()


def test_what_could_not_be_sent_is_told_again_in_the_next_report(
    esign: Esign, filled: None, server: MailServer, place: Place
) -> None:
    report(esign)
    told_of(place, 2, "left")
    server.misbehave = lambda stage, who: "450 no" if (stage, who[:3]) == ("rcpt", "bir") else None
    ran = esign("report", "--email", "bir@example.tr", "--email", "iki@example.tr", "--json")
    assert ran.exit_code == 8
    assert ran.json["data"]["emailed"] == ["iki@example.tr"]
    assert ran.json["problems"][0]["code"] == "recipients-refused"
    server.misbehave = lambda stage, who: None
    ran = esign("report", "--email", "bir@example.tr", "--json")
    assert [one["national_id"] for one in ran.json["data"]["changes"]["people"]] == [national_id(2)]
    assert report(esign)["changes"]["people"] == []


def test_a_dead_address_does_not_hold_up_what_changed(
    esign: Esign, filled: None, server: MailServer, place: Place, workdir: Path
) -> None:
    report(esign)
    told_of(place, 2, "left")
    server.misbehave = lambda stage, who: "550 no" if (stage, who[:3]) == ("rcpt", "bir") else None
    assert esign("report", "--email", "bir@example.tr").exit_code == 8  # nobody has it
    ran = esign("report", "--email", "bir@example.tr", "--email", "iki@example.tr", "--json")
    assert ran.exit_code == 8
    assert ran.json["problems"][0]["for_good"] is True
    assert len(ran.json["data"]["changes"]["people"]) == 1
    assert report(esign)["changes"]["people"] == []
    told_of(place, 3, "left")
    assert esign("report", "--email", "bir@example.tr", "-o", "r.html").exit_code == 8
    assert report(esign)["changes"]["people"] == []


def test_without_a_mail_server_nothing_is_done(esign: Esign, filled: None, workdir: Path) -> None:
    ran = esign("report", "--output", "r.html", "--email", "bir@example.tr")
    assert ran.exit_code != 0
    assert list(workdir.iterdir()) == []


# --- killed --------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
left = int(sys.argv.pop(1))
def count(event, arguments):
    global left
    if event in ("os.link", "os.rename", "os.remove", "socket.connect"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
from esign_cli.__main__ import run
run()
"""


def _whole(text: str) -> bool:
    """Whether it is all of a report as a page, as JSON or as CSV."""
    if text.startswith("{"):
        return bool(json.loads(text)["schema"] == "esign.report/1")
    if text.lower().startswith("<!doctype html"):
        return text.rstrip().endswith("</html>")
    return ";" in text and text.endswith("\n")


@pytest.mark.posix
def test_killed_anywhere_every_file_is_whole_and_no_change_is_lost(
    esign: Esign, filled: None, workdir: Path, server: MailServer, place: Place
) -> None:
    """Killed before each file gets a name, before it takes its place, and before the message."""
    report(esign)
    told_of(place, 2, "left")
    names = ("r.html", "r.json", "r.csv")
    for name in names:
        (workdir / name).write_text("old", "utf-8")
    words = [word for name in names for word in ("--output", name)]
    killed = 0
    while True:
        command = [sys.executable, "-c", KILLED, str(killed + 1), "--lang", "en", "report"]
        ran = subprocess.run(
            [*command, *words, "--force", "--email", "bir@example.tr"],
            capture_output=True,
            check=False,
        )
        if ran.returncode == 0:
            break
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        killed += 1
        whole = {
            "r.html": lambda text: text.rstrip().endswith("</html>"),
            "r.json": lambda text: json.loads(text)["schema"] == "esign.report/1",
            "r.csv": lambda text: text.endswith("\n"),
        }
        for name in names:
            text = (workdir / name).read_text("utf-8")
            assert text == "old" or whole[name](text)
        for left in workdir.glob(".*"):  # killed between its two names
            assert _whole(left.read_text(encoding="utf-8"))
            left.unlink()
    assert killed >= 2 * len(names) + 1
    changes = json.loads((workdir / "r.json").read_text("utf-8"))["data"]["changes"]["people"]
    assert [one["national_id"] for one in changes] == [national_id(2)]
    assert report(esign)["changes"]["people"] == []


@pytest.mark.posix
def test_killed_while_the_message_is_taken_it_is_sent_again(
    esign: Esign, filled: None, server: MailServer, place: Place
) -> None:
    report(esign)
    told_of(place, 2, "left")
    running: list[subprocess.Popen[bytes]] = []

    def kill(stage: str, _address: str) -> str | None:
        if stage == "data" and len(running) == 1:
            os.kill(running[0].pid, signal.SIGKILL)
            return "hang"
        return None

    server.misbehave = kill
    command = [sys.executable, "-m", "esign_cli", "report", "--email", "bir@example.tr"]
    for status in (-signal.SIGKILL, 0):
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        assert running[-1].wait(30) == status
    assert len(server.received) == 2
    assert report(esign)["changes"]["people"] == []


def test_a_second_run_that_hands_out_is_refused(
    esign: Esign, filled: None, workdir: Path, place: Place
) -> None:
    with exclusive_run(place, "report", 0.0):
        assert esign("report", "--output", "r.html").exit_code == 11
        assert esign("report").exit_code == 0
    assert list(workdir.iterdir()) == []


def test_marks_count_in_a_report(esign: Esign, store: Store, ends: Ends) -> None:
    mark = Mark(national_id(1), "on-duty", "söz")
    factories.save(store, [ends(1, 60, records=(factories.post(1, status="Kayıp"),), mark=mark)])
    assert len(report(esign)["lists"]["eligible"]) == 1


def test_the_call_list_says_whom_to_ring(esign: Esign, filled: None, workdir: Path) -> None:
    ran = esign("report", "--call-list", "ara.xlsx")
    assert ran.exit_code == 0, ran.stderr
    book = CalamineWorkbook.from_filelike(io.BytesIO((workdir / "ara.xlsx").read_bytes()))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert header[:6] == [
        "District",
        "Institution",
        "Name",
        "National id",
        "Mobile phone",
        "E-mail",
    ]
    assert header[-1] == "Notes"
    listed = report(esign)["lists"]
    rung = ("late", "expired", "unconfirmed", "stalled", "overdue")
    assert len(rows) == len({one["national_id"] for name in rung for one in listed[name]})
    assert any(str(row[4]).startswith("0532 ") for row in rows)
    assert all("*" in str(row[3]) for row in rows)
    assert esign("report", "--call-list", "ara.txt").exit_code == 2
    need("typst", typeset.available())
    assert esign("report", "--call-list", "ara.pdf").exit_code == 0
    assert (workdir / "ara.pdf").read_bytes().startswith(b"%PDF")
