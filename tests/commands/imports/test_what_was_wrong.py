"""What an import tells on a terminal: rejected rows first, warnings by kind, how to mend them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import workbooks
from tests.support.workbooks import national_id

if os.name != "posix":
    pytest.skip("pseudo-terminals are POSIX's", allow_module_level=True)

from tests.support.terminal import Terminal

HEADER = ["T.C. Kimlik No", "Adı", "Soyadı", "Görevi", "Cep Telefonu"]
NAMES = [first + second for first in "ABCDEFGHIJ" for second in "KLMNOPRSTU"]


@pytest.fixture
def told(home: Path) -> str:
    """What is shown of 60 rejected rows among which 5 others have a warning each."""
    rows = [[f"{10_000_000_000 + n}", "A", "B", "M", ""] for n in range(1, 61)]
    good = [[national_id(n), NAMES[n], "KAYA", "M", "yok"] for n in range(1, 6)]
    path = home / "liste.csv"
    path.write_bytes(workbooks.text([HEADER, *good, *rows]))
    with Terminal("--db", home / "a.db", "import", path, "--province", "batman") as terminal:
        assert terminal.ended() == 8, terminal.seen
    return terminal.seen


def test_rejected_rows_come_first_and_fifty_of_them(told: str) -> None:
    assert told.count("not a valid T.C.") == 50
    assert "… and 10 more; --json lists all." in told
    assert told.index("… and 10 more") < told.index("not a mobile number")


def test_warnings_are_summed_up_with_three_places(told: str) -> None:
    (line,) = [line for line in told.splitlines() if line.startswith("not a mobile number")]
    place = "liste.csv CSV"
    joined = " ".join(told[told.index(line) :].split())
    wanted = f"it was not taken: 5 ({place} 2, {place} 3, {place} 4 …)"
    assert wanted.replace(" ", "") in joined.replace(" ", "")


def test_the_way_to_correct_them_is_one_line(told: str) -> None:
    lines = [line for line in told.splitlines() if "--rejects" in line]
    assert lines == ["To correct the rejected rows in a workbook of their own: --rejects FILE.xlsx"]
