"""`esign` alone: at most twelve lines, the numbers of the report, never old without saying so."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from esign_cli.commands.start import output
from esign_cli.commands.start.job import StartRequest
from esign_cli.commands.text import last_doctor
from esign_cli.commands.text.findings import Level, Line, failed
from esign_cli.foundation import clock, locations
from esign_cli.foundation.errors.cards import CardServiceForbidden
from esign_cli.store import Store, trail
from esign_cli.store.overview import Glance, Numbers
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.databases import Place
from tests.support.factories import national_id
from tests.support.terminal import Terminal

MOST_LINES = 12
OLD_DOCTOR = '{"at": "2026-11-22T08:00:00+00:00", "level": "error", "line": "Cards: x"}'
"""As 0.2.0 kept it."""


@pytest.mark.sqlite
def test_setup_comes_first_while_nothing_is_set_up(esign: Esign, home: Path) -> None:
    ran = esign()
    assert ran.exit_code == 0, ran.stderr
    assert ran.stdout.splitlines()[1].startswith("  esign setup  ")
    assert not (home / "data").exists()  # looking makes nothing
    assert esign("--json").json["data"]["next"][0] == "esign setup"


@pytest.fixture
def staff(esign: Esign, store: Store, ends: Ends, today: date) -> None:
    """Ends in 5, 20, 29, 60 and 200 days, one that is over, one of somebody who left."""
    left = (factories.post(7, status="Emekli", end=today - timedelta(400)),)
    days = {1: 5, 2: 20, 3: 29, 4: 60, 5: 200, 6: -10}
    factories.save(
        store,
        [*(ends(n, left) for n, left in days.items()), ends(7, 6, records=left)],
        as_of=today - timedelta(3),
    )
    assert esign("config", "set", "province", "batman").exit_code == 0


def counts(esign: Esign) -> dict[str, int]:
    ran = esign("--json")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["schema"] == "esign.start/1"
    assert ran.json["data"]["counted"]["current"]
    return dict(ran.json["data"]["counts"])


def test_its_numbers_are_those_of_the_report(esign: Esign, staff: None) -> None:
    mine = counts(esign)
    assert (mine["due-7"], mine["due-30"], mine["due-90"]) == (1, 3, 4)
    report = esign("report", "--json").json["data"]
    assert mine["late"] == report["sizes"]["late"] if "sizes" in report else mine["late"] == 3
    for name in ("eligible", "needs-update", "undecided"):
        assert mine[name] == report["counts"][name]
    assert esign("--json").json["data"]["roster_as_of"] == str(clock.today() - timedelta(3))


CHANGES: dict[str, tuple[tuple[str, ...], str, int]] = {
    "an application": (("applications", "add", national_id(1)), "waiting", 1),
    "a mark": (("person", "mark", national_id(1), "left", "--reason", "x"), "late", -1),
    "an end that was told": (
        ("person", "set", national_id(1), "--not-after", "{later}"), "due-7", -1,
    ),
    "somebody forgotten": (("person", "forget", national_id(1), "--yes"), "due-7", -1),
}  # fmt: skip


@pytest.mark.parametrize(("words", "name", "more"), CHANGES.values(), ids=CHANGES)
def test_it_is_counted_anew_after_every_change(
    esign: Esign, staff: None, today: date, words: tuple[str, ...], name: str, more: int
) -> None:
    before = counts(esign)
    assert counts(esign) == before
    later = str(today + timedelta(900))
    ran = esign(*(word.format(later=later) for word in words))
    assert ran.exit_code == 0, ran.stderr
    assert counts(esign)[name] == before[name] + more


@pytest.mark.sqlite
def test_what_it_keeps_is_a_value_of_ours(esign: Esign, staff: None, database: Path) -> None:
    """Also the time that counting took, of which a tenth of a second is no whole number."""
    assert esign().exit_code == 0
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE overview SET counts = json_set(counts, '$.seconds', 0.1)")
    assert esign("database", "check").exit_code == 0


def test_other_rules_are_counted_anew(esign: Esign, staff: None) -> None:
    before = counts(esign)
    assert esign("config", "set", "renewal.deadline_months_before", "3").exit_code == 0
    assert counts(esign)["late"] > before["late"]
    assert esign("config", "set", "district", "beşiri").exit_code == 0
    assert counts(esign)["due-90"] == 0


@pytest.mark.sqlite
def test_a_look_writes_nothing(esign: Esign, staff: None, database: Path) -> None:
    counts(esign)
    counts(esign)
    with closing(trail.beside(database)) as db:
        rows = db.execute("SELECT count(*) FROM audit").fetchone()[0]
        counts(esign)
        assert db.execute("SELECT count(*) FROM audit").fetchone()[0] == rows


@pytest.mark.sqlite
def test_old_numbers_say_that_they_are_old(esign: Esign, staff: None, place: Place) -> None:
    """Numbers that take long are not counted at each look, but never pass for new ones."""
    counts(esign)
    counts(esign)
    from esign_cli.store import open_store

    with open_store(place) as store, store.writing() as db:
        db.execute("UPDATE overview SET counts = json_set(counts, '$.seconds', 9)")
    assert esign("applications", "add", national_id(1)).exit_code == 0
    ran = esign()
    assert "changes since then are counted" in ran.stdout
    assert len(ran.stdout.splitlines()) <= MOST_LINES
    assert not esign("--json").json["data"]["counted"]["current"]
    with open_store(place) as store, store.writing() as db:
        db.execute("UPDATE overview SET at = '2026-01-01T00:00:00+00:00'")
    assert counts(esign)["waiting"] == 1


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_the_fullest_page_has_twelve_lines(
    lang: str, capsys: pytest.CaptureFixture[str], today: date
) -> None:
    from esign_cli.cli.console import Console
    from esign_cli.foundation import i18n

    i18n.activate(lang)
    now = clock.now()
    full = dict.fromkeys(("late", "waiting", "overdue", "eligible", "people", "certificates"), 9)
    numbers = Numbers(today, now, {**full, "roster": "2020-01-01"}, current=False)
    request = StartRequest(now, today, "72", "", "")
    line = Line("clock", Level.ERROR, "clock-fits", {"now": "x"})
    doctor = last_doctor.LastDoctor(now, line)
    output.show(Console(), output.Page(request, Glance(numbers, None, None), doctor, 30, True))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == MOST_LINES
    assert max(map(len, lines)) <= 80, lines


def test_doctor_is_remembered(esign: Esign, staff: None) -> None:
    assert esign("--json").json["data"]["doctor"] is None
    status = esign("doctor", "--json").json["data"]["status"]
    assert esign("--json").json["data"]["doctor"]["level"] == status
    assert "esign doctor, today" in esign().stdout


def test_what_doctor_found_is_told_in_the_language_of_the_day(
    esign: Esign, staff: None, home: Path
) -> None:
    esign("doctor", "--module", home / "none.so", lang="en")
    for lang in ("tr", "en"):
        shown = esign(lang=lang).stdout
        found = esign("doctor", "--module", home / "none.so", lang=lang).stdout
        line = re.search(r"^esign doctor, .* · (.+)$", shown, re.M)
        assert line, shown
        assert f" {line[1]}\n" in found


@pytest.mark.parametrize("problem", [True, False])
def test_the_facts_of_doctor_are_kept_without_ids(problem: bool, home: Path) -> None:
    error = CardServiceForbidden(path=f"/of {national_id(1)}")
    facts = {"card": national_id(1), "pin": "low"}
    line = failed("service", error) if problem else Line("pin", Level.WARNING, "pin-state", facts)
    last_doctor.keep(last_doctor.LastDoctor(clock.now(), line))
    assert national_id(1) not in locations.doctor_file().read_text("utf-8")
    read = last_doctor.read()
    assert read is not None
    assert (read.level, read.worst.code) == (line.level, line.code)
    assert read.line


@pytest.mark.parametrize("content", ["{}", "[]", '{"at": "x"}', OLD_DOCTOR, "\x00"])
def test_what_is_not_understood_of_doctor_was_not_kept(
    content: str, esign: Esign, staff: None, home: Path
) -> None:
    (home / "state/esign").mkdir(parents=True, exist_ok=True)
    (home / "state/esign/doctor.json").write_text(content, "utf-8")
    ran = esign()
    assert "was not looked at yet" in ran.stdout, ran.stderr


def test_a_file_that_is_no_database_is_one_sentence(esign: Esign, home: Path) -> None:
    path = home / "strange.db"
    path.write_bytes(b"x" * 5000)
    ran = esign("--db", path)
    assert ran.exit_code == 11, ran.stderr
    assert ran.stderr.startswith("Error: ")


def test_json_before_a_command_is_told_where_it_stands(esign: Esign) -> None:
    ran = esign("--json", "eligible")
    assert ran.exit_code == 2
    assert "esign eligible --json" in ran.stderr


def test_a_terminal_sees_the_same_page(staff: None) -> None:
    with Terminal() as terminal:
        assert terminal.ended() == 0
    assert "Certificates that end in 7 days: 1" in terminal.seen
