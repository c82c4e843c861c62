"""What is read a column at once is what is read cell by cell."""

from __future__ import annotations

import random

import pytest

from esign_cli.workbooks.mebbis import blocks
from esign_cli.workbooks.mebbis.cells import Cell
from tests.support.factories import national_id

PLAIN: list[list[Cell]] = [
    [national_id(n) for n in range(20)],
    [float(national_id(n)) for n in range(20)],
    [f"53{n:08}" for n in range(11, 31)],
    [5_320_000_011.0 + n for n in range(20)],
    [f"k{n}@example.tr" for n in range(20)],
    [f"ŞÜKRÜ {chr(65 + n)}" for n in range(20)],
    [float(700_000 + n) for n in range(20)],
    [f"{700_000 + n}" for n in range(20)],
]
ODD: list[Cell] = [
    "", " ", 0.0, 1.5, float("nan"), float("inf"), -5.0, "0532 000 00 11", "05320000011",
    "5320000000",
    5_320_000_000.0, "532|000011", "53200000١١", "4320000011", "10000000145", "1E+10", "?", "a@b",
    "#N/A", "=A1", "x\xa0y", "İ\u0307", "01.02.2020", "TOPLAM", "T.C. Kimlik No", "5" * 20,
]  # fmt: skip


def columns() -> list[list[Cell]]:
    """Plain columns, and the same with an odd cell or two."""
    dice = random.Random(11)
    made = [*PLAIN]
    for column in PLAIN:
        for odd in ODD:
            mixed = [*column]
            for _ in range(dice.choice((1, 2))):
                mixed[dice.randrange(len(mixed))] = odd
            made.append(mixed)
    return made


AT_ONCE = {field for field, (_, whole) in blocks._READERS.items() if whole}


@pytest.mark.parametrize("field", sorted({*AT_ONCE, "title"}))
def test_at_once_as_cell_by_cell(field: str) -> None:
    read, whole = blocks._READERS.get(field, blocks._LABEL)
    assert whole is not None
    for column in columns():
        at_once = whole(column)
        if at_once is not None:
            assert [(value, "") for value in at_once] == list(map(read, column)), column


@pytest.mark.parametrize("field", ["national_id", "mobile_phone", "email"])
def test_some_columns_are_read_at_once(field: str) -> None:
    _, whole = blocks._READERS[field]
    assert sum(whole(column) is not None for column in PLAIN) > 0


def test_what_are_no_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = [blocks._no_ids(column) for column in columns()]
    monkeypatch.setattr(blocks, "_look_like_ids", lambda _column: False)
    assert [repr(one) for one in at_once] == [repr(blocks._no_ids(one)) for one in columns()]
