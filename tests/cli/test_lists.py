"""Lists of people on a terminal: a number for each, which the next command takes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from esign_cli.foundation import clock
from esign_cli.store import Store, list_numbers
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.factories import national_id
from tests.support.terminal import Terminal
from tests.support.workbooks import xlsx

ROSTER = ["T.C. Kimlik No", "Adı", "Soyadı", "Kurum Kodu", "Kurum Adı", "İl", "İlçe"]


@pytest.fixture
def populated(esign: Esign, store: Store, ends: Ends, home: Path) -> Path:
    """Somebody who may renew, somebody who left, and somebody who applied."""
    gone = ends(2, 40, records=(factories.post(2, status="Emekli", end=date(2020, 1, 1)),))
    manager = ends(1, 40, records=(factories.post(1, title="Okul Müdürü"),))
    factories.save(store, [manager, gone, ends(3, 40)])
    assert esign("applications", "add", national_id(3)).exit_code == 0
    path = home / "personel.xlsx"
    row = [national_id(9), "AYŞE", "ÖZ", "700001", "OKUL", "Batman", "Merkez"]
    path.write_bytes(xlsx([ROSTER, row]))
    return path


LISTS = {
    "eligible": ("eligible",),
    "find": ("person", "find", "kisi1@example.tr"),
    "institutions": ("institutions",),
    "check-form": ("check-form",),
    "report": ("report",),
    "remind": ("remind", "--on", "{later}"),
    "purge": ("purge", "--left-before", "2024-01-01", "--dry-run"),
    "full import": ("import", "--full", "--dry-run", "--yes", "--province", "batman", "{file}"),
}


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_every_list_ends_with_a_command_that_takes_its_number(
    populated: Path, today: date, words: tuple[str, ...]
) -> None:
    filled = {"file": str(populated), "later": today.isoformat()}
    with Terminal(*(word.format(**filled) for word in words)) as terminal:
        terminal.ended()
    step = re.findall(r"^  esign person show (\d{1,4})$", terminal.seen, re.M)
    assert step, terminal.seen
    with Terminal("person", "show", step[-1]) as terminal:
        assert terminal.ended() == 0, terminal.seen


def test_the_people_of_an_import_have_numbers(esign: Esign, populated: Path) -> None:
    assert esign("import", populated).exit_code == 0
    newest = esign("imports", "--json").json["data"][0]["number"]
    with Terminal("imports", "show", str(newest)) as terminal:
        assert terminal.ended() == 0
    (step,) = re.findall(r"^  esign person show (\d+)$", terminal.seen, re.M)
    with Terminal("person", "show", step) as terminal:
        assert terminal.ended() == 0
    assert "AYŞE ÖZ" in terminal.seen


def test_an_application_and_its_owner_have_one_number(
    esign: Esign, store: Store, populated: Path
) -> None:
    """No list gives somebody else the number of an open application."""
    with Terminal("eligible") as terminal:
        assert terminal.ended() == 0
    assert list_numbers.person(store, 1, os_user=_me(store)) is None
    with Terminal("applications") as terminal:
        assert terminal.ended() == 0
    assert list_numbers.person(store, 1, os_user=_me(store)) == national_id(3)
    with Terminal("applications", "wait", "1") as terminal:
        assert terminal.ended() == 0
    (listed,) = esign("applications", "list", "--json").json["data"]["applications"]
    assert (listed["national_id"], listed["state"]) == (national_id(3), "waiting")


def test_a_step_is_taken_by_the_number_of_a_list_that_no_application_has(
    esign: Esign, store: Store, populated: Path
) -> None:
    given = list_numbers.give(store, [national_id(3)], at=clock.now(), os_user=_me(store))
    assert given == {national_id(3): 2}
    with Terminal("applications", "wait", "2") as terminal:
        assert terminal.ended() == 0
    assert "ÇİĞDEM IŞIK, 100******82" in terminal.seen
    (listed,) = esign("applications", "list", "--json").json["data"]["applications"]
    assert listed["state"] == "waiting"


def test_what_stands_first_in_a_row_is_taken_for_that_row(
    esign: Esign, store: Store, ends: Ends, populated: Path
) -> None:
    """Application 1 is of somebody whom a list shows under 2, 2 is an ended one, and 1 is
    somebody else.
    """
    factories.save(store, [ends(4, 40)])
    esign("applications", "add", national_id(4))
    assert esign("applications", "cancel", "2", "--note", "emekli", "--yes").exit_code == 0
    listed = [national_id(1), national_id(3)]
    with store.writing() as db:
        db.execute("DELETE FROM list_number")
        db.executemany(
            "INSERT INTO list_number VALUES (?, ?, ?, ?)",
            [(_me(store), n, one, clock.now().isoformat()) for n, one in enumerate(listed, 1)],
        )
    with Terminal("applications") as terminal:
        assert terminal.ended() == 0
    ((typed, own),) = re.findall(r"^ *(\d+) +(\d+) .*ÇİĞDEM", terminal.seen, re.M)
    assert (typed, own) == ("3", "1")
    assert f"  esign applications approve {typed}\n" in terminal.seen
    with Terminal("applications", "show", typed) as terminal:
        assert terminal.ended() == 0, terminal.seen
    assert "ÇİĞDEM" in terminal.seen
    with Terminal("applications", "show", "1") as terminal:
        assert terminal.ended() == 12, terminal.seen


def test_the_number_of_somebody_forgotten_is_nobody_elses_within_the_day(
    esign: Esign, store: Store, populated: Path
) -> None:
    """Neither another list gives it away, nor does an application of somebody else answer to it."""
    me, now = _me(store), clock.now()
    given = list_numbers.give(store, [national_id(2), national_id(1)], at=now, os_user=me)
    number = given[national_id(2)]
    assert esign("person", "forget", national_id(2), "--yes").exit_code == 0
    assert (
        number
        not in list_numbers.give(
            store, [national_id(n) for n in (1, 3, 9)], at=now, os_user=me
        ).values()
    )
    for words in (("person", "show"), ("applications", "undo")):
        with Terminal(*words, str(number)) as terminal:
            assert terminal.ended() != 0, terminal.seen
    for n in range(10, 10 + number):  # until an application has that very number
        assert esign("applications", "add", national_id(n)).exit_code == 0
    with Terminal("applications", "undo", str(number), "--yes") as terminal:
        assert terminal.ended() == 12, terminal.seen
    later = list_numbers.give(store, [national_id(9)], at=now + timedelta(2), os_user=me)
    assert list_numbers.person(store, later[national_id(9)], os_user=me) == national_id(9)


@pytest.mark.parametrize("given", ["2", "ÇİĞDEM"])
def test_whom_a_step_is_about_is_shown_and_asked_once(
    store: Store, populated: Path, given: str
) -> None:
    list_numbers.give(store, [national_id(3)], at=clock.now(), os_user=_me(store))
    with Terminal("applications", "cancel", given, "--note", "emekli") as terminal:
        terminal.answer("Enter this step", "y")
        asked = terminal.seen
        assert terminal.ended() == 0, terminal.seen
    assert asked.count("ÇİĞDEM") == 1, asked
    assert "[y/N]" not in terminal.seen.removeprefix(asked)


@pytest.mark.parametrize("command", ["sign-form", "print-form"])
def test_a_form_takes_no_name_with_yes(populated: Path, command: str) -> None:
    with Terminal(command, "kisi1@example.tr", "--yes") as terminal:
        assert terminal.ended() == 2
    assert "--yes" in terminal.seen


def _me(store: Store) -> str:
    row = store.db.execute("SELECT os_user FROM list_number LIMIT 1").fetchone()
    if row:
        return str(row[0])
    import getpass

    return getpass.getuser()
