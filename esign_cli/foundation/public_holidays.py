"""Public holidays in Turkey (Laws 2429 and 2739), from the library `holidays`, and days added.

Half days (the afternoons of 28 October and of the eves of both bayrams) are none: offices work
until 13:00. The library has the days of Ramazan and Kurban Bayramı as they were announced up to a
year that moves on with its versions (2032 in 0.109), and after it as the Hijri calendar computes
them: the Diyanet's calendar may then differ by a day.
"""

from __future__ import annotations

import importlib.util
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from esign_cli.foundation import holiday_table


class PublicHolidays:
    """All public holidays of all years, and the days that an administrator adds.

    Nothing is looked up before a day is asked for.
    """

    def __init__(self, extra: frozenset[date] = frozenset()) -> None:
        self._extra = extra

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (day in self._extra or day in _of_year(day.year))


@cache
def _of_year(year: int) -> frozenset[date]:
    if year in holiday_table.DAYS and _is_library_known():
        days = holiday_table.DAYS[year].split()
        return frozenset(date.fromisoformat(f"{year}-{day}") for day in days)
    return worked_out(year)


@cache
def _is_library_known() -> bool:
    """Whether the installed library is of the version that the table was made with.

    Another one may know days that were announced since.
    """
    spec = importlib.util.find_spec("holidays")
    if spec is None or spec.origin is None:
        return False
    packages = Path(spec.origin).parent.parent
    return (packages / f"holidays-{holiday_table.LIBRARY}.dist-info").is_dir()


def worked_out(year: int) -> frozenset[date]:
    """Return the public holidays of a year as the installed library has them."""
    return frozenset(_country()(years=year, categories=("public",)))


@cache
def _country() -> Any:
    """The library's class for Turkey, alone: its package of countries loads all 250 of them,
    400 ms against 60.
    """
    import holidays

    spec = importlib.util.spec_from_file_location(
        "esign_cli.foundation.public_holidays.turkey",
        f"{next(iter(holidays.__path__))}/countries/turkey.py",
    )
    assert spec is not None  # noqa: S101  (a path is given)
    assert spec.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Turkey
