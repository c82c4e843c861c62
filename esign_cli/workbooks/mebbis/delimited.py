"""Rows of delimited text: what a program calls CSV, with whichever delimiter it has."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

from esign_cli.workbooks.mebbis.html_tables import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS

_DELIMITERS = (";", "\t", ",", "|")
_LOOKED_AT = 30
_NAMED = "sep="


def rows(text: str) -> list[list[str]]:
    """The rows, by the delimiter that stands equally often in the most of the first lines.

    A first line "sep=;" names it, as Excel has it. Raises csv.Error for text that is none.
    """
    lines = text.splitlines(keepends=True)
    first = lines[0].strip().lower() if lines else ""
    if first.startswith(_NAMED) and len(first) == len(_NAMED) + 1:
        delimiter, lines = first[-1], lines[1:]
    else:
        delimiter = _delimiter(lines[:_LOOKED_AT])
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    return [row[:MOST_COLUMNS] for row in islice(reader, MOST_ROWS)]


def _delimiter(lines: list[str]) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have the commonest count of it, and that count."""
    counts = Counter(line.count(delimiter) for line in lines)
    counts.pop(0, None)
    return max(((times, count) for count, times in counts.items()), default=(0, 0))
