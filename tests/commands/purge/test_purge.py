"""Forgetting people for good: one of them, or everybody who left before a day."""

from __future__ import annotations

import sqlite3
from contextlib import closing
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


@pytest.mark.sqlite
def test_backups_are_named(esign: Esign, people: None, database: Path, today: date) -> None:
    backup = database.with_name("esign.db.0001-first-house.bak")
    backup.write_bytes(b"")
    ran = esign("purge", "--left-before", today.isoformat(), "--yes")
    assert str(backup) in ran.stderr
    forgot = esign("person", "forget", national_id(5), "--yes")
    assert str(backup) in forgot.stderr


@pytest.mark.sqlite
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


RULES = {"left": "1m", "history": "1y", "reminders": "6m", "watch": "90d"}


@pytest.fixture
def rules(home: Path) -> None:
    path = home / "config/esign/config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f'{kind} = "{period}"\n' for kind, period in RULES.items())
    path.write_text(f"[retention]\n{lines}", "utf-8")


@pytest.fixture
def aged(store: Store, people: None, today: date) -> None:
    """Beside `people`: an old import with details, reminders and piles of cards, old and new."""

    def at(days: int) -> str:
        return f"{today - timedelta(days)}T09:00:00+00:00"

    change = "INSERT INTO change VALUES ({}, 'person', ?, '{{}}', '{{}}')"
    with store.writing() as db:
        db.execute("UPDATE import SET at = ? WHERE id = 1", (at(400),))
        db.execute("UPDATE import SET at = ? WHERE id = 2", (at(399),))
        for number in (1, 2):
            db.execute(change.format(number), (national_id(5),))
            file_id = db.execute("SELECT id FROM file WHERE import_id = ?", (number,)).fetchone()[0]
            row = (file_id, "x", 2, "E-posta", "email", "bad-email", "kötü@@", 0)
            db.execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')", row)
        remind = (
            "INSERT INTO reminder (national_id, not_after, threshold, channel, state, at)"
            " VALUES (?, ?, '3m', 'email', 'sent', ?)"
        )
        ends = {1: -200, 2: 10, 3: -1}  # over long ago; still running; over, and sent just now
        for n, (end, sent) in enumerate(zip(ends.values(), (300, 200, 10), strict=True)):
            day = (today + timedelta(end)).isoformat()
            db.execute(remind, (national_id(5 + n), day, at(sent)))
        for number, days in ((1, 100), (2, 10)):
            db.execute("INSERT INTO watch VALUES (?, ?)", (number, at(days)))
            row = (number, "T", national_id(5), f"{number}", at(days))
            db.execute("INSERT INTO watch_card VALUES (?, ?, ?, ?, ?)", row)


def counts(store: Store) -> dict[str, int]:
    tables = ("change", "problem", "reminder", "watch", "watch_card")
    return {t: store.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}


def test_the_settings_say_how_long_is_kept(
    esign: Esign, rules: None, aged: None, store: Store, database: Path
) -> None:
    before = counts(store)
    ran = esign("purge", "--dry-run", "--json")
    assert ran.exit_code == 0, ran.stderr
    kinds = {one["kind"]: one["count"] for one in ran.json["data"]["kinds"]}
    assert kinds == {"left": 3, "history": 2, "reminders": 1, "watch": 2}
    assert ran.json["data"]["records"] == []
    assert counts(store) == before
    assert esign("purge").exit_code == 2  # nobody to be asked
    ran = esign("purge", "--yes", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert counts(store) == {
        "change": 1, "problem": 1, "reminder": 2, "watch": 1, "watch_card": 1
    }  # fmt: skip
    assert esign("person", "show", national_id(2)).exit_code == 3
    assert esign("audit", "verify").exit_code == 0
    records = [Path(one) for one in ran.json["data"]["records"]]
    assert {path.suffix for path in records} == {".xlsx", ".pdf"}
    assert records[0].parent == database.parent
    again = esign("purge", "--yes", "--json").json["data"]
    assert [one["count"] for one in again["kinds"]] == [0, 0, 0, 0]
    assert again["records"] == []


def test_the_record_says_what_how_many_by_which_rule_and_when_and_no_name(
    esign: Esign, rules: None, aged: None, tmp_path: Path, today: date
) -> None:
    import openpyxl

    files = (tmp_path / "t.xlsx", tmp_path / "t.pdf")
    words = [word for path in files for word in ("--record", str(path))]
    ran = esign("purge", "--yes", *words, lang="tr")
    assert ran.exit_code == 0, ran.stderr
    sheet, when = openpyxl.load_workbook(files[0]).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[1], row[3]) for row in rows] == [
        ("retention.left = 1 ay (1m)", 3),
        ("retention.history = 1 yıl (1y)", 2),
        ("retention.reminders = 6 ay (6m)", 1),
        ("retention.watch = 90 gün (90d)", 2),
    ]
    assert rows[3][2].date() == today - timedelta(90)
    assert f"{today:%d.%m.%Y}" in when["A2"].value
    assert files[1].read_bytes().startswith(b"%PDF")
    for text in (ran.stdout + ran.stderr, repr(rows)):  # the log of the schedule, too
        assert national_id(2) not in text
        assert "AYŞE" not in text
    assert esign("purge", "--yes", "--record", tmp_path / "t.txt").exit_code == 2
    assert esign("purge", "--yes", "--record", files[0]).exit_code == 12  # it is there


@pytest.mark.posix
def test_what_cannot_be_recorded_is_not_deleted(
    esign: Esign, rules: None, aged: None, store: Store, tmp_path: Path
) -> None:
    """Of two records one goes where no file can be made."""
    before = counts(store)
    words = ("--record", tmp_path / "t.xlsx", "--record", "/proc/t.xlsx")
    ran = esign("purge", "--yes", *words)
    assert ran.exit_code == 11, ran.stderr
    assert not (tmp_path / "t.xlsx").exists()
    assert counts(store) == before
    assert esign("person", "show", national_id(2)).exit_code == 0
    assert esign("audit", "verify").exit_code == 0


@pytest.mark.sqlite
def test_what_a_reader_holds_back_is_recorded_all_the_same(
    esign: Esign, rules: None, aged: None, database: Path, tmp_path: Path
) -> None:
    record = tmp_path / "t.xlsx"
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM person").fetchall()
        ran = esign("purge", "--yes", "--record", record, "--json")
    assert ran.exit_code == 8, ran.stderr
    assert record.exists()
    assert esign("person", "show", national_id(2)).exit_code == 3


def test_an_import_whose_details_are_gone_is_not_taken_back(
    esign: Esign, rules: None, aged: None, store: Store
) -> None:
    with store.writing() as db:
        db.execute("UPDATE import SET changed = 1")
    assert esign("purge", "--yes").exit_code == 0
    with store.writing() as db:  # made up above: no record to put back
        db.execute("DELETE FROM change")
        db.execute("UPDATE import SET changed = 0, missing = 0 WHERE id = 2")
    assert esign("imports", "undo", "2", "--yes").exit_code == 0
    ran = esign("imports", "undo", "1", "--yes")
    assert ran.exit_code == 12
    assert "retention.history" in ran.stderr


def test_without_a_day_and_a_rule_nothing_is_done(esign: Esign, people: None) -> None:
    ran = esign("purge", "--yes")
    assert ran.exit_code == 2
    assert "retention.left" in ran.stderr


@pytest.mark.parametrize("period", ["2", "y", "-1y", "0d", "2 years", "99999d", "1y\n", "101y"])
def test_a_period_that_is_none(esign: Esign, home: Path, period: str) -> None:
    assert esign("config", "set", "retention.left", period).exit_code == 2


def test_the_schedule_purges_where_there_are_rules(esign: Esign, rules: None, home: Path) -> None:
    def purges() -> bool:
        return " purge --yes" in esign("schedule").stdout.replace('"', "")  # Windows' marks

    assert purges()
    assert esign("config", "set", "retention.left", "").exit_code == 0
    for kind in RULES:
        assert esign("config", "set", f"retention.{kind}", "").exit_code == 0
    assert not purges()
