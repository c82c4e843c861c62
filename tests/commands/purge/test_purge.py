"""Forgetting people for good: one of them, or everybody who left before a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from esign_cli.foundation.people import Mark, OpenApplication
from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import factories, workbooks
from tests.support.factories import national_id


@pytest.fixture
def people(store: Store, today: date) -> None:
    """1, 2, 3 and 4 are gone since 10, 40, 40 and 40 days; nobody else is."""
    ends = (factories.certificate(2, today + timedelta(50)),)
    left = factories.post(2, status="Ayrılmış", end=today - timedelta(40))
    running = OpenApplication(7, "submitted", today - timedelta(60))
    both = (factories.post(6, status="Emekli", end=date(2020, 1, 1)), factories.assignment(6))
    soon = [
        factories.facts(1, records=(factories.post(1, status="Emekli"),)),
        factories.facts(5),
        factories.facts(6, records=both),
        factories.facts(7, records=()),
        factories.facts(
            8,
            records=(factories.post(8, status="Emekli", end=date(2020, 1, 1)),),
            mark=Mark(national_id(8), "on-duty", "dönüyor"),
        ),
        factories.facts(9, records=(factories.post(9, status="Askerde", end=date(2020, 1, 1)),)),
    ]
    before = [
        factories.facts(2, records=(left,), certificates=ends, application=running),
        factories.facts(3, records=(), missing_since=today - timedelta(40)),
        factories.facts(4, mark=Mark(national_id(4), "left", "telefonla")),
    ]
    factories.save(store, soon, as_of=today - timedelta(10), file="a.xlsx")
    factories.save(store, before, as_of=today - timedelta(40), file="b.xlsx")


def test_who_left_before_a_day(esign: Esign, people: None, today: date) -> None:
    def gone(days: int) -> list[tuple[str, str]]:
        day = (today - timedelta(days)).isoformat()
        ran = esign("purge", "--left-before", day, "--dry-run", "--json", "--show-ids")
        assert ran.exit_code == 0, ran.stderr
        return [(p["national_id"], p["reason"]) for p in ran.json["data"]["people"]]

    assert sorted(gone(39)) == sorted(
        [
            (national_id(2), "left"),
            (national_id(3), "missing-from-latest"),
            (national_id(4), "left"),
        ]
    )
    assert gone(40) == []
    assert (national_id(1), "left") in gone(9)
    assert len(gone(0)) == 4
    shown = esign("purge", "--left-before", today.isoformat(), "--dry-run")
    assert "Nothing was deleted" in shown.stderr
    assert national_id(2) not in shown.stdout
    assert f"{today + timedelta(50):%d.%m.%Y}" in shown.stdout
    assert "7" in shown.stdout


def test_it_asks_and_leaves_numbers(
    esign: Esign, people: None, store: Store, database: Path, today: date
) -> None:
    day = (today - timedelta(20)).isoformat()
    assert esign("purge", "--left-before", day).exit_code == 2  # nobody to be asked
    assert esign("person", "show", national_id(2)).exit_code == 0
    ran = esign("purge", "--left-before", day, "--yes")
    assert ran.exit_code == 0
    assert "Forgotten: 3" in ran.stderr
    for number in (2, 3, 4):
        assert esign("person", "show", national_id(number)).exit_code == 3
    assert esign("person", "show", national_id(1)).exit_code == 0
    kept = esign("applications", "show", "7", "--json").json["data"]["applications"][0]
    assert (kept["number"], kept["national_id"], kept["state"]) == (7, None, "submitted")
    content = b"".join(path.read_bytes() for path in database.parent.glob("esign.db*"))
    assert national_id(2).encode() not in content
    again = esign("purge", "--left-before", day, "--yes", "--json")
    assert again.json["data"]["people"] == []


@pytest.mark.parametrize("day", ["soon", "31.02.2020"])
def test_a_day_that_cannot_be(esign: Esign, day: str) -> None:
    assert esign("purge", "--left-before", day, "--yes").exit_code == 2


def test_who_left_today_can_be_forgotten_today(esign: Esign, people: None, today: date) -> None:
    words = ("person", "mark", national_id(5), "left", "--reason", "bugün")
    assert esign(*words).exit_code == 0
    tomorrow = (today + timedelta(1)).isoformat()
    ran = esign("purge", "--left-before", tomorrow, "--dry-run", "--json", "--show-ids")
    assert national_id(5) in [one["national_id"] for one in ran.json["data"]["people"]]


def test_backups_are_named(esign: Esign, people: None, database: Path, today: date) -> None:
    backup = database.with_name("esign.db.0001-first-house.bak")
    backup.write_bytes(b"")
    ran = esign("purge", "--left-before", today.isoformat(), "--yes")
    assert str(backup) in ran.stderr
    forgot = esign("person", "forget", national_id(5), "--yes")
    assert str(backup) in forgot.stderr


def test_nothing_of_what_imports_and_reports_kept_is_left(
    esign: Esign, home: Path, database: Path, tmp_path: Path
) -> None:
    """Read, changed, complained of, reported and then forgotten: not a word is left in the file."""
    header = (
        "T.C. Kimlik No",
        "Adı",
        "Soyadı",
        "E-Posta",
        "Cep Telefonu",
        "Görev Durumu",
        "Kurum Adı",
    )
    who, other = national_id(31), national_id(32)

    def bring(name: str, *rows: tuple[str, ...]) -> None:
        path = tmp_path / name
        path.write_bytes(workbooks.xlsx([header, *rows]))
        ran = esign("import", path, "--province", "72")
        assert ran.exit_code in (0, 8), ran.stderr

    mobile = "05321234567"
    other_row = (other, "VELİ", "ZENGİN", "veli@example.tr", mobile, "Görevde", "OKUL")
    bring("1.xlsx", (who, "ZÜMRÜT", "KEKLİK", "zumrut@example.tr", "77665", "Görevde", "OKUL"))
    bring("2.xlsx", (who, "ZÜMRÜT", "KEKLİKOĞLU", "zumrut@@yanlis", "99887", "Emekli", "OKUL"))
    bring("3.xlsx", other_row)
    assert esign("person", "set", who, "--not-after", "2027-01-15").exit_code == 0
    assert esign("applications", "add", who, "--note", "ZÜMRÜT geldi").exit_code == 0
    assert esign("report", "--province", "all").exit_code == 0
    before = b"".join(path.read_bytes() for path in database.parent.glob("esign.db*"))
    assert all(word.encode() in before for word in ("zumrut@@yanlis", "99887", "77665"))
    assert esign("person", "forget", who, "--yes").exit_code == 0
    left = b"".join(path.read_bytes() for path in database.parent.glob("esign.db*"))
    for word in (who, "ZÜMRÜT", "KEKLİK", "zumrut", "KEKLİKOĞLU", "99887", "77665"):
        assert word.encode() not in left, word
    assert other.encode() in left
    assert esign("imports", "undo", "3", "--yes").exit_code == 0
    assert esign("person", "show", who).exit_code == 3
    bring("2.xlsx", (who, "ZÜMRÜT", "KEKLİKOĞLU", "zumrut@example.tr", mobile, "Emekli", "OKUL"))
    assert esign("person", "show", who).exit_code == 0  # who still stands in a workbook comes back
