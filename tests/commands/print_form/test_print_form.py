"""`esign print-form`: two copies of a sheet to sign by hand, and what is recorded of it."""

from __future__ import annotations

import json
import stat
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from esign_cli.foundation import clock
from esign_cli.outputs import typeset
from esign_cli.store import open_store
from tests.conftest import Esign
from tests.support import factories
from tests.support.databases import Place, direct
from tests.support.parts import need, program
from tests.support.terminal import Terminal

ONE = factories.national_id(1)
PROFILE = """
[profile]
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "Gültepe Mahallesi, İl Millî Eğitim Müdürlüğü, Batman"
province = "BATMAN"
district = "BATMAN MERKEZ"
postal_code = "72050"
work_phone = "0488 213 12 12"
"""


@pytest.fixture(autouse=True)
def workdir(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with one person whose certificate has long expired, and a profile."""
    need("typst", typeset.available())
    (home / "config" / "esign").mkdir(parents=True)
    (home / "config" / "esign" / "config.toml").write_text(PROFILE, "utf-8")
    folder = home / "masa"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def keep(place: Place, **changes: object) -> None:
    record = factories.post(1, unit="Özel Büro")
    with open_store(place) as store:
        held = factories.certificate(1, clock.today() + timedelta(60))
        known = {"records": (record,), "certificates": (held,)}
        factories.save(store, [factories.facts(1, **{**known, **changes})])


def pages(path: Path) -> list[str]:
    """The text of each page, spaces between its words made one."""
    command = [program("pdftotext"), "-layout", str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [" ".join(page.split()) for page in text.split("\f") if page.strip()]


def events(place: Place) -> list[tuple[str, str, str]]:
    with direct(place) as db:
        query = (
            "SELECT state, facts, reason FROM application JOIN application_event ON application ="
            " number ORDER BY id"
        )
        return db.execute(query).fetchall()


@pytest.mark.posix
def test_two_copies_are_left_private_and_the_application_is_recorded_as_printed(
    esign: Esign, workdir: Path, place: Place
) -> None:
    keep(place)
    ran = esign("print-form", "--national-id", ONE, "--output", "bir.pdf", "--json")
    assert ran.exit_code == 0, ran.stderr
    file = workdir / "bir.pdf"
    assert ran.json["schema"] == "esign.print-form/1"
    assert list(ran.json["data"]) == ["output", "bytes", "application", "verdict", "reasons"]
    assert ran.json["data"]["bytes"] == file.stat().st_size
    assert ran.json["data"]["application"] == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second = pages(file)
    assert "Copy 1: stays at the directorate" in first
    assert "Copy 2: stays with the applicant" in second
    for page in (first, second):
        assert "This is not Kamu SM's form" in page
        assert "Yöntem 2" in page
        assert ONE in page
        assert "AYŞE" in page
        assert "Özel Büro" in page
        assert "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ" in page
        assert "BATMAN LİSESİ" not in page  # the school is no part of the form
        assert "Signature:" in page
    ((state, facts, reason),) = events(place)
    assert (state, reason) == ("printed", "renewal")
    assert json.loads(facts) == {"file": "bir.pdf", "folder": str(workdir)}


def test_printing_twice_goes_on_with_the_same_application(esign: Esign, place: Place) -> None:
    keep(place)
    for _ in range(2):
        ran = esign("print-form", "--national-id", ONE, "--force", "--output", "a.pdf", "--yes")
        assert ran.exit_code == 0, ran.stderr
    assert [state for state, _, _ in events(place)] == ["printed", "printed"]
    listed = esign("applications", "list", "--format", "json").json["data"]["applications"]
    assert [one["state"] for one in listed] == ["printed"]


def test_an_expired_certificate_makes_it_a_first_application(esign: Esign, place: Place) -> None:
    keep(place, certificates=(factories.certificate(1, date(2020, 1, 1)),))
    ran = esign("print-form", "--national-id", ONE, "--output", "a.pdf")
    assert ran.exit_code == 0, ran.stderr
    assert events(place)[0][2] == "first"
    assert "Warning" not in ran.stderr


def test_a_renewal_of_an_expired_certificate_is_warned_of(
    esign: Esign, workdir: Path, place: Place
) -> None:
    keep(place, certificates=(factories.certificate(1, date(2020, 1, 1)),))
    (workdir / "form.toml").write_text(f'national_id = "{ONE}"\nreason = "renewal"\n', "utf-8")
    ran = esign("print-form", "--form", "form.toml", "--output", "a.pdf")
    assert ran.exit_code == 0, ran.stderr
    assert "an expired certificate cannot be renewed" in ran.stderr


def test_whoever_is_not_on_duty_is_printed_only_at_a_word(
    esign: Esign, workdir: Path, place: Place
) -> None:
    keep(place, records=(factories.post(1, status="Emekli", unit="x"),))
    ran = esign("print-form", "--national-id", ONE, "--output", "a.pdf")
    assert ran.exit_code == 2
    assert not (workdir / "a.pdf").exists()
    ran = esign("print-form", "--national-id", ONE, "--output", "a.pdf", "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert "the province cannot approve" in ran.stderr


def test_all_that_is_missing_is_named_at_once(esign: Esign, workdir: Path, place: Place) -> None:
    keep(place, person=factories.person(1, email="", birth_place="", mobile_phone="123"))
    ran = esign("print-form", "--national-id", ONE, "--output", "a.pdf", "--json")
    assert ran.exit_code == 3, ran.stderr
    assert ran.json["problems"][0]["fields"] == ["birth_place", "email", "mobile_phone"]
    told = esign("print-form", "--national-id", ONE, "--output", "a.pdf").stderr
    assert "Birth place [birth_place], E-mail [email], Mobile phone [mobile_phone]: is not" in told
    assert "signed" not in told
    assert list(workdir.iterdir()) == []


@pytest.mark.posix
def test_what_is_missing_is_asked_for_on_a_terminal(
    esign: Esign, workdir: Path, place: Place
) -> None:
    keep(place, person=factories.person(1, email=""))
    with Terminal("print-form", "--national-id", ONE, "-o", "a.pdf") as terminal:
        terminal.answer("E-mail", "kime@example.tr")
        assert terminal.ended() == 0, terminal.seen
    assert "kime@example.tr" in pages(workdir / "a.pdf")[0]
    assert terminal.seen.endswith("  esign applications submit 1\n")
    assert esign("applications", "submit", "1").exit_code == 0


@pytest.mark.posix
def test_why_an_answer_is_asked_for_again_is_said(workdir: Path, place: Place) -> None:
    keep(place, person=factories.person(1, birth_date=None))
    with Terminal("print-form", "--national-id", ONE, "-o", "a.pdf") as terminal:
        terminal.answer("Birth date (dd.mm.yyyy)", "31.02.1980")
        terminal.answer("Birth date (dd.mm.yyyy) (is written in a way", "28.02.1980")
        assert terminal.ended() == 0, terminal.seen
    assert "28.02.1980" in pages(workdir / "a.pdf")[0]


def test_an_output_that_is_there_is_left_alone(esign: Esign, workdir: Path, place: Place) -> None:
    keep(place)
    (workdir / "a.pdf").write_text("mine", "utf-8")
    ran = esign("print-form", "--national-id", ONE, "--output", "a.pdf")
    assert ran.exit_code == 12
    assert (workdir / "a.pdf").read_text("utf-8") == "mine"
    assert events(place) == []


def test_the_form_of_somebody_else_is_refused(esign: Esign, workdir: Path, place: Place) -> None:
    keep(place)
    (workdir / "form.toml").write_text('given_name = "VELİ"\nfamily_name = "ÇELİK"\n', "utf-8")
    ran = esign("print-form", "--national-id", ONE, "--form", "form.toml", "--output", "a.pdf")
    assert ran.exit_code == 12, ran.stderr
    (workdir / "form.toml").write_text(f'national_id = "{factories.national_id(2)}"\n', "utf-8")
    ran = esign("print-form", "--national-id", ONE, "--form", "form.toml", "--output", "a.pdf")
    assert ran.exit_code == 12, ran.stderr


@pytest.mark.posix
@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_name_is_asked_about_once(workdir: Path, place: Place, answer: str) -> None:
    keep(place)
    with Terminal("print-form", "ayşe ışık", "-o", "a.pdf") as terminal:
        terminal.answer("Print the sheet?", answer)
        assert terminal.ended() == (0 if answer == "y" else 12), terminal.seen
    assert terminal.seen.count("[y/N]") == 1
    before = terminal.seen.partition("Print the sheet?")[0]
    assert "AYŞE IŞIK, 100******46, BATMAN LİSESİ" in before
    assert (workdir / "a.pdf").exists() is (answer == "y")


def test_without_an_output_the_file_is_named_after_the_person(
    esign: Esign, workdir: Path, place: Place
) -> None:
    keep(place)
    assert esign("print-form", "--national-id", ONE).exit_code == 0
    [made] = workdir.iterdir()
    assert made.name.startswith("bilgi-sayfasi-ayse-isik-")


def test_long_values_stay_on_the_page_and_each_copy_on_one(
    esign: Esign, workdir: Path, place: Place
) -> None:
    long = "MUHAMMED ABDÜLHAMİD ÇAĞRIŞIM KÜÇÜKAĞAOĞULLARI-BÜYÜKÇİFTLİKLİOĞLU"
    keep(
        place,
        person=factories.person(1, given_name=long, family_name=long, email="a" * 60 + "@a.tr"),
        records=(factories.post(1, unit=long, title=long),),
    )
    ran = esign("print-form", "--national-id", ONE, "--output", "a.pdf")
    assert ran.exit_code == 0, ran.stderr
    assert len(pages(workdir / "a.pdf")) == 2
