"""A last day to apply on a holiday is told with the working day before it, wherever it is told."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from esign_cli.foundation.dates import day
from esign_cli.foundation.public_holidays import PublicHolidays
from esign_cli.outputs.messages import letters
from esign_cli.renewals.rules.lifetime import months_before
from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id

THURSDAY, SUNDAY = 3, 6
DAY = timedelta(1)


@dataclass(frozen=True)
class Dates:
    """Of somebody whose last day is a Sunday, and of somebody else, whose last day is not."""

    end: date
    deadline: date
    friday: date
    other_end: date


@pytest.fixture
def dates(today: date) -> Dates:
    """The first that suit: no public holiday lies before the Sunday."""
    public = PublicHolidays()
    ends = (today + n * DAY for n in range(40, 400))
    for end in ends:
        last = months_before(end, 1)
        week = [last - n * DAY for n in range(1, 8)]
        if last.weekday() == SUNDAY and not any(one in public for one in [last, *week]):
            break
    later = (end + n * DAY for n in range(1, 60))
    other = next(e for e in later if _last(e).weekday() == THURSDAY and _last(e) not in public)
    return Dates(end, last, week[1], other)


def _last(end: date) -> date:
    return months_before(end, 1)


@pytest.fixture
def people(store: Store, today: date, dates: Dates) -> None:
    ended = factories.assignment(3, end=today - 10 * DAY)
    everybody = [
        factories.facts(1, certificates=(factories.certificate(1, dates.end),)),
        factories.facts(2, certificates=(factories.certificate(2, dates.other_end),)),
        factories.facts(3, certificates=(factories.certificate(3, dates.end),), records=(ended,)),
    ]
    factories.save(store, everybody, as_of=today)


@pytest.mark.usefixtures("people")
def test_lists_name_it(esign: Esign, dates: Dates) -> None:
    ran = esign("eligible", "--warning", "tatilde", "--json").json["data"]["people"]
    told = [(one["national_id"], one["deadline"], one["working_day"]) for one in ran]
    both = str(dates.deadline), str(dates.friday)
    assert sorted(told) == [(national_id(1), *both), (national_id(3), *both)]
    shown = esign("eligible", "--warning", "deadline-on-holiday", lang="tr").stdout
    assert shown.count(f"Son başvuru günü tatilde; önceki iş günü: {day(dates.friday)}") == 2
    (one,) = esign("eligible", national_id(2), "--json").json["data"]["people"]
    assert one["working_day"] is None
    text = esign("eligible", "--verdict", "all", "--format", "csv").stdout.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    written = {row["National id"]: row["Working day before it"] for row in rows}
    friday = day(dates.friday)
    assert written == {national_id(1): friday, national_id(2): "", national_id(3): friday}


@pytest.mark.usefixtures("people")
def test_those_are_chosen_whose_working_day_is_near_enough(
    esign: Esign, today: date, dates: Dates
) -> None:
    def chosen(days: int) -> list[str]:
        ran = esign("eligible", "--last-day-within", str(days), "--json")
        return sorted(one["national_id"] for one in ran.json["data"]["people"])

    friday = (dates.friday - today).days
    assert national_id(1) in chosen(friday)
    assert national_id(1) in chosen(friday + 2)
    assert national_id(1) not in chosen(friday - 1)


@pytest.mark.usefixtures("people")
def test_a_person_is_shown_with_it(esign: Esign, dates: Dates) -> None:
    told = f"Working day before it: {day(dates.friday)}"
    assert told in esign("person", "show", national_id(1)).stdout
    assert "Working day" not in esign("person", "show", national_id(2)).stdout
    ran = esign("person", "show", national_id(1), "--json")
    assert ran.json["data"]["working_day"] == str(dates.friday)


@pytest.mark.usefixtures("people")
def test_the_calendar_has_it_in_the_place_of_the_last_day(esign: Esign, dates: Dates) -> None:
    ran = esign("calendar", "--days", "400")
    text = re.sub(r"\r?\n ", "", ran.stdout)
    last_days = [part for part in text.split("BEGIN:VEVENT") if "last day to apply:" in part]
    days = sorted(part.partition("DTSTART;VALUE=DATE:")[2][:8] for part in last_days)
    other = f"{_last(dates.other_end):%Y%m%d}"
    assert days == sorted([f"{dates.friday:%Y%m%d}"] * 2 + [other])
    assert text.count(f"The last day to apply is a holiday: {day(dates.deadline)}") == 2


@pytest.mark.usefixtures("people")
def test_letters_name_it(esign: Esign, home: Path, dates: Dates) -> None:
    settings = home / "config/esign/config.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[remind]\nthresholds = ['13m']\n", "utf-8")
    letter = esign("remind", "--dry-run", "--province", "all").stderr
    told = f"{day(dates.deadline)} (tatil günü; önceki iş günü: {day(dates.friday)})"
    assert f"| Son başvuru tarihi: {told}\n" in letter


@pytest.mark.parametrize("text", ["renew", "update"])
def test_each_channel_names_it_only_where_there_is_one(text: str) -> None:
    facts: dict[str, Any] = {**dict.fromkeys(letters.FACTS, ""), "reasons": [], "late": False}
    last = {"deadline": "29.11.2026", "not_after": "29.12.2026", "name": "ŞÜKRÜ IŞIK"}
    written = letters.Letters()
    for working_day in ("", "27.11.2026"):
        given = {**facts, **last, "working_day": working_day}
        message = written.email(text, given)
        parts = [str(part.get_payload(decode=True), "utf-8") for part in message.walk()
                 if not part.is_multipart()]  # fmt: skip
        assert len(parts) == 2
        for part in parts:
            assert "29.11.2026" in part
            assert ("önceki iş günü" in part) is bool(working_day)
            assert ("27.11.2026" in part) is bool(working_day)
    sms = written.sms("renew", {**facts, **last, "working_day": "27.11.2026"})
    assert "son iş günü 27.11.2026" in sms


@pytest.mark.usefixtures("people")
def test_reports_and_the_units_files_have_it(esign: Esign, tmp_path: Path, dates: Dates) -> None:
    for words in (("-o", tmp_path / "r.xlsx"), ("--split", "district", "-o", tmp_path / "ozluk")):
        ran = esign("report", *words)
        assert ran.exit_code == 0, ran.stderr
    files = [tmp_path / "r.xlsx", *(tmp_path / "ozluk").iterdir()]
    assert len(files) == 2
    for path in files:
        book = CalamineWorkbook.from_path(path)
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        rows = [dict(zip(s[0], row, strict=True)) for s in sheets for row in s[1:]]
        told = {
            (row["Last day to apply"], row["Working day before it"])
            for row in rows
            if row.get("National id") == national_id(3) and "Working day before it" in row
        }
        assert told == {(dates.deadline, dates.friday)}


@pytest.mark.usefixtures("people")
def test_administrative_leave_moves_it_further(esign: Esign, dates: Dates) -> None:
    leave = str(dates.friday)
    assert esign("config", "set", "renewal.extra_holidays", leave).exit_code == 0
    (one,) = esign("eligible", national_id(1), "--json").json["data"]["people"]
    assert one["working_day"] == str(dates.friday - DAY)
