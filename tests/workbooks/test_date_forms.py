"""Every form of dates, by every way of writing a table: the same days, or refused; none guessed."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from esign_cli.foundation.errors.workbooks import DatesAmbiguous
from tests.support import biff, rosters, workbooks
from tests.support.in_process import brought
from tests.support.rosters import PEOPLE, Row
from tests.support.writers import python

SHORT = ["Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"]
LONG = ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim",
        "Kasım", "Aralık"]  # fmt: skip
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
FORMS: dict[str, Callable[[date], str]] = {
    "01.09.2024": lambda day: f"{day:%d.%m.%Y}",
    "1.9.2024": lambda day: f"{day.day}.{day.month}.{day.year}",
    "01.09.24": lambda day: f"{day:%d.%m.%y}",
    "01/09/2024": lambda day: f"{day:%d/%m/%Y}",
    "01-09-2024": lambda day: f"{day:%d-%m-%Y}",
    "2024-09-01": lambda day: day.isoformat(),
    "2024/09/01": lambda day: f"{day:%Y/%m/%d}",
    "2024.09.01": lambda day: f"{day:%Y.%m.%d}",
    "20240901": lambda day: f"{day:%Y%m%d}",
    "2024-09-01T00:00:00": lambda day: f"{day.isoformat()}T00:00:00",
    "2024-09-01 00:00:00.000": lambda day: f"{day.isoformat()} 00:00:00.000",
    "2024-08-31T21:00:00Z": lambda day: f"{day - datetime.timedelta(1)}T21:00:00Z",
    "2024-09-01T00:00:00+03:00": lambda day: f"{day.isoformat()}T00:00:00+03:00",
    "2024-09-01T00:00:00.000+0300": lambda day: f"{day.isoformat()}T00:00:00.000+0300",
    "01.09.2024 00:00": lambda day: f"{day:%d.%m.%Y} 00:00",
    "01.09.2024 00:00:00": lambda day: f"{day:%d.%m.%Y} 00:00:00",
    "1-Eyl-2024": lambda day: f"{day.day}-{SHORT[day.month - 1]}-{day.year}",
    "1-EYL-24": lambda day: f"{day.day}-{_large(SHORT[day.month - 1])}-{day:%y}",
    "1 Eylül 2024": lambda day: f"{day.day} {LONG[day.month - 1]} {day.year}",
    "01 EYLÜL 2024": lambda day: f"{day:%d} {_large(LONG[day.month - 1])} {day.year}",
    "1-Sep-2024": lambda day: f"{day.day}-{ENGLISH[day.month - 1]}-{day.year}",
    "9/1/2024": lambda day: f"{day.month}/{day.day}/{day.year}",
    "9/1/2024 12:00:00 AM": lambda day: f"{day.month}/{day.day}/{day.year} 12:00:00 AM",
    "09/01/24": lambda day: f"{day:%m/%d/%y}",
    "45536": lambda day: str((day - date(1899, 12, 30)).days),
}  # fmt: skip
WAYS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "text": lambda rows: workbooks.text(_plain(rows)),
    "HTML": lambda rows: workbooks.web(_plain(rows), encoding="utf-8"),
    "SpreadsheetML": lambda rows: workbooks.spreadsheetml(_plain(rows)),
    "ods": lambda rows: workbooks.ods(_plain(rows)),
    "xlsx": python.by_openpyxl,
    "xlsx, strings inline": python.by_xlsxwriter_inline,
    "xls": python.by_xlwt,
    "Excel 95": lambda rows: biff.xls5(_plain(rows)),
    "xlsb": lambda rows: biff.xlsb(_plain(rows)),
}
REFUSED: dict[str, Callable[[date], str]] = {
    "month first, and no day above 12": lambda day: f"{day.month}/{min(day.day, 12)}/{day.year}",
    "both forms in one column": lambda day: (
        f"{day.month}/{day.day}/{day.year}" if day.day % 2 else f"{day.day}/{day.month}/{day.year}"
    ),
}


def _large(word: str) -> str:
    return word.replace("i", "İ").replace("ı", "I").upper()


def _plain(rows: Sequence[Row]) -> list[Row]:
    return [["" if value is None else value for value in row] for row in rows]


def bring(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[rosters.Fact]]:
    with brought(monkeypatch, path, path.with_suffix(".db")) as (store, outcome):
        return [(one.code, one.value) for one in outcome.problems], rosters.imported(store)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    for number, (way, write) in enumerate(WAYS.items()):
        path = tmp_path / f"{number}.xls"
        path.write_bytes(write(rosters.written(PEOPLE, FORMS[form])))
        assert bring(path, monkeypatch) == ([], rosters.known(PEOPLE)), way


@pytest.mark.parametrize("form", REFUSED)
def test_what_cannot_be_told_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    for number, write in enumerate(WAYS.values()):
        path = tmp_path / f"{number}.xls"
        path.write_bytes(write(rosters.written(PEOPLE, REFUSED[form])))
        with pytest.raises(DatesAmbiguous):
            bring(path, monkeypatch)
