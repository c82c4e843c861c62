"""Turkey's public holidays, as the law and the Diyanet's calendar have them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from importlib.metadata import version

import pytest

from esign_cli.foundation import holiday_table, public_holidays
from esign_cli.foundation.public_holidays import PublicHolidays

FIXED = ("01-01", "04-23", "05-01", "05-19", "07-15", "08-30", "10-29")
BAYRAMS = {
    2026: ((date(2026, 3, 20), 3), (date(2026, 5, 27), 4)),
    2027: ((date(2027, 3, 9), 3), (date(2027, 5, 16), 4)),
    2028: ((date(2028, 2, 26), 3), (date(2028, 5, 5), 4)),
    2029: ((date(2029, 2, 14), 3), (date(2029, 4, 24), 4)),
}
"""First day and length of Ramazan and Kurban Bayramı (Diyanet)."""


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range(366) if (first + timedelta(n)).year == year]


@pytest.mark.parametrize("year", BAYRAMS)
def test_a_year_has_these_holidays_and_no_others(year: int) -> None:
    wanted = {date.fromisoformat(f"{year}-{day}") for day in FIXED}
    wanted |= {first + timedelta(n) for first, days in BAYRAMS[year] for n in range(days)}
    holidays = PublicHolidays()
    assert {day for day in _days(year) if day in holidays} == wanted


@pytest.mark.parametrize("year", range(2033, 2061))
def test_years_to_come_have_fixed_days_and_computed_bayrams(year: int) -> None:
    holidays = PublicHolidays()
    held = {day for day in _days(year) if day in holidays}
    fixed = {date.fromisoformat(f"{year}-{day}") for day in FIXED}
    assert fixed <= held
    assert 3 <= len(held - fixed) <= 11


@pytest.mark.parametrize(
    "eve", [date(2026, 10, 28), date(2026, 3, 19), date(2026, 5, 26), date(2027, 5, 15)]
)
def test_half_days_are_none(eve: date) -> None:
    assert eve not in PublicHolidays()


def test_days_that_are_added_count_beside_them() -> None:
    leave = date(2026, 5, 25)
    holidays = PublicHolidays(frozenset({leave}))
    assert leave in holidays
    assert leave not in PublicHolidays()
    assert date(2026, 5, 27) in holidays


@pytest.mark.parametrize("year", holiday_table.DAYS)
def test_the_table_is_what_the_library_says(year: int) -> None:
    days = {date.fromisoformat(f"{year}-{day}") for day in holiday_table.DAYS[year].split()}
    assert days == public_holidays.worked_out(year)


def test_the_table_was_written_with_the_library_of_the_lock() -> None:
    assert version("holidays") == holiday_table.LIBRARY, "python -m tests.holiday_table"


PROGRAM = """
import sys
from datetime import date
from esign_cli.foundation import holiday_table
from esign_cli.foundation.public_holidays import PublicHolidays
{before}
holidays = PublicHolidays()
assert date(2026, 10, 29) in holidays
assert ("holidays" in sys.modules) is {loaded}
countries = [name for name in sys.modules if name.startswith("holidays.countries")]
assert countries == [], len(countries)
"""


@pytest.mark.parametrize(
    ("before", "loaded"),
    [
        ("", False),
        ("holiday_table.LIBRARY = '0.0'", True),
        ("holiday_table.DAYS.clear()", True),
    ],
    ids=["as-locked", "another-version", "another-year"],
)
def test_the_library_is_loaded_for_what_the_table_cannot_tell_and_one_country_of_it(
    before: str, loaded: bool
) -> None:
    program = PROGRAM.format(before=before, loaded=loaded)
    subprocess.run([sys.executable, "-c", program], check=True)
