"""Dates that could be read either way: by what their column shows, or refused; never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Esign
from tests.support.factories import national_id

HEADER = "T.C. Kimlik No;Adı;Soyadı;Kurum Kodu;Görevi;Görevlendirme Başlangıç;Bitiş Tarihi\n"
READ: dict[str, tuple[list[tuple[str, str]], tuple[str, ...], list[tuple[str, str]]]] = {
    "a day above 12 in the column": (
        [("09/01/2024", "01/09/2028"), ("31/01/2024", "30/09/2028")],
        (),
        [("2024-01-09", "2028-09-01"), ("2024-01-31", "2028-09-30")],
    ),
    "day first beside a column that shows nothing": (
        [("09/01/2024", "01/09/2028"), ("10/01/2024", "30/09/2028")],
        (),
        [("2024-01-09", "2028-09-01"), ("2024-01-10", "2028-09-30")],
    ),
    "both month first": (
        [("9/1/2024", "1/9/2028"), ("9/15/2024", "9/30/2028")],
        (),
        [("2024-09-01", "2028-01-09"), ("2024-09-15", "2028-09-30")],
    ),
    "dots, which nobody writes the month first with": (
        [("09.01.2024", "01.09.2028")],
        (),
        [("2024-01-09", "2028-09-01")],
    ),
    "said: day first": (
        [("9/1/2024", "1/9/2028")],
        ("--dates", "dmy"),
        [("2024-01-09", "2028-09-01")],
    ),
    "said: month first": (
        [("9/1/2024", "1/9/2028")],
        ("--dates", "mdy"),
        [("2024-09-01", "2028-01-09")],
    ),
}
REFUSED = {
    "nothing shows it": [("9/1/2024", "1/9/2028"), ("9/2/2024", "2/9/2028")],
    "nothing shows it, padded": [("09/01/2024", "01/09/2028")],
    "nothing shows it, hyphens": [("09-01-2024", "01-09-2028")],
    "another column has the month first": [("9/1/2024", "9/30/2028")],
    "one column shows both": [("9/15/2024", "30/9/2028"), ("15/9/2024", "30/9/2028")],
}


def imported(esign: Esign, home: Path, rows: list[tuple[str, str]], *words: str) -> tuple[int, str]:
    lines = [
        f"{national_id(number)};AYŞE;KAYA;700002;Müdür;{';'.join(dates)}\n"
        for number, dates in enumerate(rows, start=1)
    ]
    path = home / "liste.csv"
    path.write_text(HEADER + "".join(lines), "utf-8")
    ran = esign("import", path, "--province", "batman", "--yes", *words)
    return ran.exit_code, ran.stderr


def stored(esign: Esign, count: int) -> list[tuple[str, str]]:
    people = [esign("person", "show", national_id(n), "--json").json for n in range(1, count + 1)]
    return [(one["start"], one["end"]) for person in people for one in person["data"]["records"]]


@pytest.mark.parametrize("name", READ)
def test_read_in_one_form(esign: Esign, home: Path, name: str) -> None:
    rows, words, right = READ[name]
    assert imported(esign, home, rows, *words)[0] == 0
    assert stored(esign, len(rows)) == right


@pytest.mark.parametrize("name", REFUSED)
def test_refused_where_it_cannot_be_told(esign: Esign, home: Path, name: str) -> None:
    code, said = imported(esign, home, REFUSED[name])
    assert code == 3
    assert "--dates dmy" in said
    assert esign("person", "find", "KAYA", "--json").json["data"]["people"] == []
