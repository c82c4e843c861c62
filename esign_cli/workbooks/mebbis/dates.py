"""Dates as people and programs write them.

A column is read in one form: day first, as Turks write, or month first, as Americans do. Which it
is, the column shows by a day greater than 12; cell by cell it is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from typing import Any

from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.turkish import fold

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
FORMS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)
NONE_WORDS = frozenset(("", "-", "–", "0", "00.00.0000", "00/00/0000", "0000-00-00", "NULL"))
LONGEST = 100
_AROUND = " \xa0\t\r\n\x1a"
"""What may stand around a date."""
DAY_ZERO = date(1899, 12, 30)
"""Excel counts days from this one."""
_LEAST_SERIAL, _MOST_SERIAL = 10_000, 73_415
"""From 1927 to 2100."""
_NO_END = 2_958_465
"""31.12.9999, as databases write that there is none."""
_DAYS_TO_1904 = 1462
_ISO = re.compile(r"[1-9]\d{3}-\d\d-\d\d", re.ASCII)
_COUNT = re.compile(r"\d{4,5}(\.\d+)?")
_THREE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_SWAPPABLE = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_TOGETHER = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:\.0)?")
_NAMED = re.compile(r"(\d{1,2})[\s./-]*([^\W\d_]{3,9})\.?[\s./,-]*(\d{4}|\d{2})(?:[^\W\d_]*)")
_TIME = re.compile(r"[ T,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?$")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)", re.IGNORECASE
)
_HOUR, _OF_AFTERNOON = r"[:.]00(?:[:.]00(?:[.,]0+)?)?", r"\s*P\.?M\.?"
_MIDNIGHT_IN_UTC = re.compile(
    rf".*[ T,](?:2[12]{_HOUR}|(?:0?9|10){_HOUR}{_OF_AFTERNOON})|\d{{5}}\.(?:875|91666\d*)",
    re.IGNORECASE,
)
"""As ExcelJS writes a day: Excel shows the one before."""
_OF_TODAY = timezone(timedelta(hours=3))
"""What programs without a list of time zones take for Istanbul's, of all years."""
_MONTHS = {
    name[:length]: number
    for names in (
        "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), start=1)
    for length in (3, 4, len(name))
}
_CENTURY, _YEAR_DIGITS, _SHORT = 100, 4, 2
_YOUNGEST = 15
PIVOT, BIRTH_PIVOT = 50, 30
"""Years of two digits below this are of this century; nobody in office was born before 1930, or
after 2015."""
_MONTHS_A_YEAR = 12
_MOST_SAMPLES = 3


def day(whole: str, form: str = DAY_FIRST, pivot: int = PIVOT) -> date | None:
    """Return the day a text says; date.min where it says none; None where it says what is
    no day.
    """
    try:
        if _ISO.fullmatch(whole):  # as most cells of spreadsheets are
            return date.fromisoformat(whole)
        return _written(whole.strip(_AROUND), form, pivot)
    except (ValueError, OverflowError):
        return None


def _written(whole: str, form: str, pivot: int) -> date | None:
    if whole.upper() in NONE_WORDS:
        return date.min
    if len(whole) > LONGEST:
        return None
    return _moment(whole) or _three(_TIME.sub("", whole), form, pivot)


def _moment(whole: str) -> date | None:
    """A moment with an offset, on the day it was in Turkey."""
    match = _MOMENT.fullmatch(whole)
    if match is None:
        return None
    moment = datetime.fromisoformat(match[1].replace(" ", "T") + match[2].upper())
    return max(moment.astimezone(zone).date() for zone in (ISTANBUL, _OF_TODAY))


def _three(whole: str, form: str, pivot: int) -> date | None:
    if match := _THREE.fullmatch(whole):
        form = DAY_FIRST if match[2] == "." and form == MONTH_FIRST else form
        return _numbers(match[1], match[3], match[4], form, pivot)
    if match := _NAMED.fullmatch(whole):
        month = _MONTHS.get(fold(match[2]))
        return date(_year(match[3], pivot), month, int(match[1])) if month else None
    if match := _TOGETHER.fullmatch(whole):
        return date(int(match[1]), int(match[2]), int(match[3]))
    serial = int(
        float(whole)
    )  # Excel's own count of days; less is a year, more six digits of a day
    counts = _LEAST_SERIAL <= serial <= _MOST_SERIAL or serial == _NO_END
    return DAY_ZERO + timedelta(days=serial) if counts else None


def _numbers(first: str, second: str, third: str, form: str, pivot: int) -> date | None:
    if len(first) == _YEAR_DIGITS and len(third) <= _SHORT:
        if first == "0000":
            return date.min  # MySQL's way of writing none
        return date(int(first), int(second), int(third))
    if len(first) > _SHORT or len(third) not in (_SHORT, _YEAR_DIGITS):
        return None
    if form == YEAR_FIRST:
        return date(_year(first, pivot), int(second), int(third))
    days, months = (second, first) if form == MONTH_FIRST else (first, second)
    return date(_year(third, pivot), int(months), int(days))


def _year(digits: str, pivot: int) -> int:
    if len(digits) > _SHORT:
        return int(digits)
    if pivot == BIRTH_PIVOT and _YOUNGEST < int(digits) < pivot:
        raise ValueError(digits)  # too young, or too old
    return int(digits) + (2000 if int(digits) < pivot else 1900)


def evidence(cells: Iterable[Any]) -> set[str]:
    """Return the forms that a column's cells show: DAY_FIRST, MONTH_FIRST, both or none.

    Only dates with slashes or hyphens are looked at: with dots nobody writes the month first.
    """
    forms: set[str] = set()
    for cell in cells:
        if isinstance(cell, str) and (match := _SWAPPABLE.match(cell.strip())):
            if int(match[1]) > _MONTHS_A_YEAR:
                forms.add(DAY_FIRST)
            elif int(match[3]) > _MONTHS_A_YEAR:
                forms.add(MONTH_FIRST)
    return forms


def is_swappable(cell: Any) -> bool:
    """Return whether the cell is a date whose day and month only the rest of its column tells
    apart.
    """
    return isinstance(cell, str) and _SWAPPABLE.match(cell.strip()) is not None


def is_doubtful(cell: Any) -> bool:
    """Return whether the cell is one day or another, as the day or the month comes first."""
    match = _SWAPPABLE.match(cell.strip()) if isinstance(cell, str) else None
    parts = {int(match[1]), int(match[3])} if match else {0}
    return len(parts) > 1 and max(parts) <= _MONTHS_A_YEAR


def is_midnight_in_utc(whole: str) -> bool:
    """Return whether it is the moment at which a day begins in Turkey, in UTC, without a word of
    that.
    """
    return _MIDNIGHT_IN_UTC.fullmatch(whole.strip(_AROUND)) is not None


class ColumnForms:
    """What the cells of a column of dates show of the form they are written in."""

    def __init__(self) -> None:
        self.shown: set[str] = set()
        self.samples: list[str] = []
        """The first of those that could be read either way."""

    def add(self, cells: Iterable[Any]) -> None:
        """Look at these cells, too."""
        texts = dict.fromkeys(cell for cell in cells if isinstance(cell, str))
        self.shown |= evidence(texts)
        if len(self.samples) < _MOST_SAMPLES:
            self.samples += islice(filter(is_swappable, texts), _MOST_SAMPLES - len(self.samples))


def forms(
    columns: Mapping[str, ColumnForms], remembered: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return the form of each field's dates, and the fields of which it cannot be told.

    A column that shows nothing is as somebody once said of such a file; else day first where
    another column shows that and none the month first. What they said never stands against what a
    column shows: then, and where one column shows both, it cannot be told.
    """
    known = {field: next(iter(one.shown)) for field, one in columns.items() if len(one.shown) == 1}
    doubtful = [field for field, one in columns.items() if len(one.shown) > 1]
    doubtful += [field for field, form in known.items() if remembered.get(field, form) != form]
    others = set(known.values())
    for field, one in columns.items():
        if one.shown:
            continue
        guess = remembered.get(field, DAY_FIRST)
        if one.samples and others != {guess} and (others or field not in remembered):
            doubtful.append(field)
        known[field] = guess
    return known, [field for field in columns if field in doubtful]


def from_1904(cell: Any) -> Any:
    """Return a count of days from Excel's 1904 calendar as one from its usual one."""
    if isinstance(cell, str) and not _COUNT.fullmatch(cell):
        return cell
    days = float(cell)
    return days + _DAYS_TO_1904 if days >= _LEAST_SERIAL - _DAYS_TO_1904 else cell
