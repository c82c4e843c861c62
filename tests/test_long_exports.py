"""Files of everybody: whoever is too many to be held is written one by one, all the same."""

from __future__ import annotations

import random
import re
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from esign_cli.commands.eligible import job as eligible
from esign_cli.foundation.errors.store import DatabaseUnreadable
from esign_cli.foundation.people import PersonFacts
from esign_cli.store import Store, connection, in_order, people, reports
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id
from tests.test_numbers_agree import somebody

FEW, MANY = 120, 720
MOST_MORE = 600_000
"""Bytes that the larger roster may take more; one whose people are held takes eight times that."""
PLACE = ("eligible", "--verdict", "all")
LISTS = {
    "place": PLACE,
    "some": ("eligible", "--verdict", "not-due", "--verdict", "eligible"),
    "chosen": (*PLACE, "--ends-within", "900", "--not-applied"),
    "list": ("eligible", "--from", "ids.txt"),
    "some of a list": ("eligible", "--from", "ids.txt", "--verdict", "not-due"),
}


def roster(store: Store, count: int, today: date) -> None:
    dice = random.Random(count)
    factories.save(store, [somebody(n, dice, today) for n in range(1, count + 1)], as_of=today)


def empty(store: Store) -> None:
    with store.writing() as db:
        for table in ("application_event", "application", "certificate", "duty", "person"):
            db.execute(f"DELETE FROM {table}")


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that names people out of order, one of them twice and one whom nobody knows."""
    numbers = [*range(FEW, 0, -2), FEW, FEW + 7]
    (tmp_path / "ids.txt").write_text("\n".join(map(national_id, numbers)))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let hardly anybody be held from now on."""

    def now() -> None:
        monkeypatch.setattr(eligible, "MOST_HELD", 7)
        monkeypatch.setattr(connection, "CHUNK", 5)

    return now


def content(path: Path) -> object:
    """All that a file says, but for the time at which it was made."""
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        return [book.get_sheet_by_index(n).to_python() for n in range(len(book.sheet_names))]
    return re.sub(rb"DTSTAMP:\S+", b"", path.read_bytes())


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_a_list_that_is_not_held_is_the_same(
    esign: Esign,
    store: Store,
    today: date,
    small: Callable[[], None],
    words: tuple[str, ...],
    ending: str,
) -> None:
    roster(store, FEW, today)
    held = esign(*words, "--output", f"held.{ending}")
    small()
    streamed = esign(*words, "--output", f"streamed.{ending}")
    assert content(Path(f"streamed.{ending}")) == content(Path(f"held.{ending}"))
    assert streamed.exit_code == held.exit_code == 0
    assert streamed.stderr == held.stderr.replace("held", "streamed")
    if ending != "xlsx":
        printed = esign(*words, *(("--json",) if ending == "json" else ("--format", ending)))
        assert printed.stdout == Path(f"held.{ending}").read_text("utf-8")  # with its \r\n as \n


def test_a_screen_shows_all_of_a_list_that_is_not_held(
    esign: Esign, store: Store, today: date, small: Callable[[], None]
) -> None:
    roster(store, FEW, today)
    held = esign(*PLACE).stdout
    small()
    assert esign(*PLACE).stdout == held


@pytest.mark.usefixtures("listed")
def test_a_calendar_in_small_pieces_is_the_same(
    esign: Esign, store: Store, today: date, small: Callable[[], None]
) -> None:
    roster(store, FEW, today)
    words = ("calendar", "--days", "1200", "--output")
    assert esign(*words, "held.ics").exit_code == 0
    small()
    assert esign(*words, "streamed.ics").exit_code == 0
    assert content(Path("streamed.ics")) == content(Path("held.ics"))
    assert Path("held.ics").read_bytes().count(b"BEGIN:VEVENT") > FEW


def test_a_report_in_small_pieces_is_the_same(
    esign: Esign,
    store: Store,
    today: date,
    small: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roster(store, FEW, today)
    assert esign("report", "--output", tmp_path / "first.json").exit_code == 0
    empty(store)
    roster(store, FEW, today - timedelta(20))
    endings = ("csv", "xlsx", "html", "json")

    def written(folder: Path) -> dict[str, object]:
        folder.mkdir()
        outputs = [word for one in endings for word in ("--output", folder / f"r.{one}")]
        calls = ("--call-list", folder / "calls.xlsx", "--split", "district", "--since-last")
        monkeypatch.setattr(reports, "remember", lambda *_given: None)  # both follow the first
        assert esign("report", *outputs, *calls, "--force").exit_code == 0
        return {path.name: content(path) for path in folder.iterdir()}

    held = written(tmp_path / "held")
    small()
    streamed = written(tmp_path / "streamed")
    assert streamed.keys() == held.keys()
    assert len(held) > len(endings) + 1
    for name, one in held.items():
        assert without_head(streamed[name]) == without_head(one), name


def without_head(one: object) -> object:
    """A file without the end of the audit trail, which each run moves."""
    return re.sub(rb"[0-9]+:[0-9a-f]{64}", b"", one) if isinstance(one, bytes) else one


FILES = {
    **dict.fromkeys(("r.csv", "r.xlsx", "r.json"), PLACE),
    "r.ics": ("calendar", "--days", "1200"),
    **dict.fromkeys(("a.csv", "a.xlsx", "a.json"), ("applications", "list", "--state", "all")),
    **dict.fromkeys(("p.csv", "p.xlsx", "p.html", "p.json"), ("report",)),
    "c.xlsx": ("report", "--call-list"),
}


@pytest.mark.parametrize("name", FILES)
def test_five_times_the_people_take_no_more_memory(
    esign: Esign, store: Store, today: date, tmp_path: Path, small: Callable[[], None], name: str
) -> None:
    words = FILES[name] if "--call-list" in FILES[name] else (*FILES[name], "--output")
    small()

    def peak(count: int) -> int:
        roster(store, count, today)
        esign(*words, tmp_path / name, "--force")  # once for what is loaded
        tracemalloc.start()
        try:
            assert esign(*words, tmp_path / name, "--force").exit_code == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = peak(FEW)
    empty(store)
    assert peak(MANY) - few < MOST_MORE


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_a_trail_ten_times_as_long_takes_no_more_memory(
    esign: Esign, store: Store, tmp_path: Path, name: str
) -> None:
    words = ("audit", "--output", tmp_path / name, "--force")
    esign("audit")

    def peak(rows: int) -> int:
        columns = "at, who, machine, command, people, exported, ok, state, key_id, link"
        with store.writing() as db:
            (last,) = db.execute("SELECT max(number) FROM audit").fetchone()
            db.executemany(
                f"INSERT INTO audit (number, {columns}) SELECT ?, {columns} FROM audit LIMIT 1",
                [(number,) for number in range(last + 1, rows)],
            )
        tracemalloc.start()
        try:
            assert esign(*words).exit_code == 0
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(200)  # what is loaded
    few = peak(500)
    assert peak(5_000) - few < MOST_MORE * 2


@pytest.mark.parametrize("where", ["stdout", "file"])
def test_a_database_that_ends_midway_leaves_nothing_by_halves(
    esign: Esign,
    store: Store,
    today: date,
    tmp_path: Path,
    small: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    roster(store, FEW, today)
    small()
    read = people.facts

    def until_the_last(*given: object, **asked: object) -> object:
        for number, one in enumerate(read(*given, **asked)):  # type: ignore[arg-type]
            if number == 3 and asked.get("asked") is False:
                raise DatabaseUnreadable(path="esign.db", detail="")
            yield one

    monkeypatch.setattr(people, "facts", until_the_last)
    output = tmp_path / "r.xlsx"
    words = ("--output", output) if where == "file" else ("--format", "xlsx")
    ran = esign(*PLACE, *words)
    assert ran.exit_code == DatabaseUnreadable.exit_status
    assert ran.stdout == ""
    assert not output.exists()
    assert not list(tmp_path.glob("*.xlsx"))


def _known(one: PersonFacts) -> str:
    return one.national_id


def test_an_order_gives_people_as_python_sorts_them(store: Store, today: date) -> None:
    roster(store, 40, today)
    texts = ("", "a", "a\x00b", "Ç", "c", "\U0001f600", "z")
    dice = random.Random(1)
    entries = [
        ((dice.choice(texts), dice.choice(texts), dice.choice(texts), ""), national_id(n))
        for n in range(1, 41)
    ]
    order = in_order.InOrder(store)
    order.add(entries)
    with store.reading():
        given = [(place, _known(facts)) for place, facts in order.people()]
    assert given == sorted(entries)
    assert order.count == len(entries)
