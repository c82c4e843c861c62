"""A short form of the made-up year, and that its checks can fail; the long one: `-m tests.year`."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.usage import Usage
from tests.year.clocked import Clocked
from tests.year.oracle import Letter, Owed
from tests.year.people import months_before
from tests.year.servers import REFUSES, UNREACHABLE, Channel, Taken
from tests.year.simulation import Wrong, Year

FIRST, DAYS, PEOPLE = date(2027, 2, 15), 30, 20


@pytest.mark.posix
def test_a_month_of_reminders_through_kills_and_outages(tmp_path: Path, home: Path) -> None:
    with Year(tmp_path / "month", PEOPLE, FIRST, DAYS, seed=5) as year:
        for number in range(DAYS):
            year.day(FIRST + timedelta(number))
        year.check_record()
        figures = year.figures
    assert figures.sent.total() >= PEOPLE / 2, figures
    assert figures.kills, figures
    assert figures.bad_days.keys() & {"email unreachable", "email busy", "email broken"}, figures
    assert {name.split()[0] for name in figures.sent} == {"email", "sms"}, figures


@pytest.mark.posix
def test_a_command_that_is_killed_too_late_has_ended_well(tmp_path: Path, home: Path) -> None:
    esign = Clocked(os.environ, tmp_path / "log.txt")
    try:
        now = datetime(2027, 3, 1, 9, tzinfo=ISTANBUL)

        def late() -> None:
            time.sleep(2)
            esign.kill()

        assert esign.run(["--version"], now, late).code == 0
        assert esign.run(["--version"], now, esign.kill).code == -signal.SIGKILL
        assert esign.run(["no-such-command"], now).code == Usage.exit_status
    finally:
        esign.close()


DAY = date(2027, 3, 1)
ONE = Owed("10000000146", "email", "1m", Letter("kisi1@example.tr", "renew", date(2027, 4, 1)))
TAKEN = Taken(ONE.letter, "<1@x>")
OTHER = replace(ONE.letter, text="update")
WRONG: dict[str, Callable[[Channel], object]] = {
    "nothing came": lambda _channel: None,
    "twice, without a kill": lambda channel: channel.came.extend([TAKEN, TAKEN]),
    "twice, under two names": lambda channel: channel.came.extend([TAKEN, Taken(ONE.letter, "2")]),
    "another text": lambda channel: channel.came.append(Taken(OTHER, "<1@x>")),
    "of another end": lambda channel: channel.came.append(
        Taken(replace(ONE.letter, ends=DAY), "<1@x>")
    ),
    "somebody else's too": lambda channel: channel.came.extend(
        [TAKEN, Taken(replace(ONE.letter, address="kisi2@example.tr"), "<2@x>")]
    ),
    "from a server that cannot be reached": lambda channel: (
        channel.new_day(UNREACHABLE), channel.came.append(TAKEN),
    ),
}  # fmt: skip


@pytest.mark.parametrize("happens", WRONG.values(), ids=WRONG)
def test_a_day_that_went_otherwise_is_seen(
    tmp_path: Path, happens: Callable[[Channel], object]
) -> None:
    year, channel = Year(tmp_path, 1, DAY, 1, seed=1), Channel("email")
    happens(channel)
    with pytest.raises(Wrong):
        year._check(DAY, channel, [ONE], kills=0)


def test_a_day_as_it_has_to_be_passes(tmp_path: Path) -> None:
    year, channel = Year(tmp_path, 1, DAY, 1, seed=1), Channel("email")
    channel.came.append(TAKEN)
    year._check(DAY, channel, [ONE], kills=0)
    assert year.oracle.done == {(ONE.who, "email"): {"3m": "superseded", "6w": "superseded",
                                                     "1m": "sent"}}  # fmt: skip
    channel.new_day(REFUSES)
    assert channel.refuses(ONE.letter.address)
    year._check(DAY, channel, [ONE], kills=0)
    assert year.oracle.done[ONE.who, "email"]["1m"] == "failed"


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2027, 5, 31), date(2027, 2, 28)),
        (date(2028, 5, 31), date(2028, 2, 29)),
        (date(2027, 1, 15), date(2026, 10, 15)),
        (date(2027, 3, 1), date(2026, 12, 1)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, before: date) -> None:
    assert months_before(day, 3) == before
