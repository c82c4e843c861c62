"""Rows of an .xlsx taken apart by a pattern say what they say when they are parsed as XML."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from esign_cli.workbooks.formats import column_letters
from esign_cli.workbooks.formats.xlsx_cells import Cells
from esign_cli.workbooks.formats.xlsx_patterns import NEARLY_ALL, learnt
from esign_cli.workbooks.formats.xlsx_rows import Rows
from esign_cli.workbooks.formats.xml_pieces import Head

STRINGS = ["ŞÜKRÜ", "IŞIK", "", "a/b"]
STYLES = ("", ' s="1"', ' s="2"')
DATES = frozenset({2})
PIECE = 60
"""Rows."""
KINDS: tuple[Callable[[str, str, int], str], ...] = (
    lambda place, style, n: f'<c r="{place}"{style} t="s"><v>{n % len(STRINGS)}</v></c>',
    lambda place, style, n: f'<c r="{place}"{style}><v>{n}</v></c>',
    lambda place, style, n: f'<c r="{place}"{style} t="inlineStr"><is><t>x{n}</t></is></c>',
    lambda place, style, n: f'<c r="{place}"{style} t="n"><v>{n}.5</v></c>',
    lambda place, style, _: f'<c r="{place}"{style}/>',
    lambda place, style, _: f'<c r="{place}"{style}></c>',
    lambda place, style, n: f'<c r="{place}"{style}><f>A1</f><v>{n}</v></c>',
    lambda place, style, n: f'<c r="{place}"{style} t="b"><v>{n % 2}</v></c>',
    lambda *_: "",
)


def written(seed: int, strange: float, count: int) -> list[str]:
    """Rows whose columns are of a kind and a style each, but for a part of the cells."""
    chance = random.Random(seed)
    usual = [(chance.choice(KINDS), chance.choice(STYLES)) for _ in range(6)]
    rows = []
    for row in range(1, count + 1):
        cells = ""
        for number, own in enumerate(usual):
            other = (chance.choice(KINDS), chance.choice(STYLES))
            kind, style = other if chance.random() < strange else own
            cells += kind(f"{column_letters.of(number)}{row}", style, chance.randrange(40_000))
        rows.append(f'<row r="{row}">{cells}</row>')
    return rows


def read(rows: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows, of which the columns say the same as each row alone."""
    reader = Rows(Cells(STRINGS, DATES, from_1904=False), stale=False)
    for begin in range(0, len(rows), PIECE):
        for chunk in reader.read(Head("", ""), "".join(rows[begin : begin + PIECE])):
            by_column = list(zip(*map(chunk.column, range(7)), strict=True))
            for place, row in enumerate(by_column):
                own = chunk.row(place)
                assert [*own, *[""] * (len(row) - len(own))] == list(row)
            yield from by_column


def parsed(rows: Sequence[str]) -> list[str]:
    """The same rows with something in each that no pattern has."""
    return [row.replace('">', '"><x/>', 1) for row in rows]


@pytest.mark.parametrize("strange", [0.0, 0.01, 0.05, 0.5])
@pytest.mark.parametrize("seed", range(12))
def test_the_pattern_reads_as_the_parser(seed: int, strange: float) -> None:
    first = written(seed, strange, 150)
    other = written(seed + 100, strange, 300)[150:]  # as if another program went on
    assert list(read(first + other)) == list(read(parsed(first + other)))


def test_attributes_of_nearly_all_cells_stand_in_the_pattern() -> None:
    rows = [f'<row r="{n}"><c r="A{n}" s="1"><v>{n}</v></c></row>' for n in range(1, 101)]
    few = int(100 * (1 - NEARLY_ALL))
    for many, alike in ((few, ' s="1"'), (few + 1, None)):
        other = [row.replace(' s="1"', ' s="2"') for row in rows[:many]]
        assert learnt("", "".join(other + rows[many:])).columns[0].alike == alike


def test_a_long_attribute_stands_in_no_pattern() -> None:
    long = f' s="{"1" * 500}"'
    assert learnt("", f'<row r="1"><c r="A1"{long}><v>1</v></c></row>').columns[0].alike is None
