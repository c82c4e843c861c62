"""Columns whose header stands beside them, as merged cells make it.

A recognised column that is empty, next to a full one that has no header, is told. The full one is
not read: it may as well be a column that lost its header.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.headers import Header

_FARTHEST = 2


@dataclass(frozen=True, slots=True)
class Beside:
    """Where a header stands, and the full column without one near it; both count from 0."""

    header: int
    column: int


def beside(
    columns: Mapping[str, int], header: Header, rows: Sequence[Sequence[Cell]]
) -> dict[str, Beside]:
    """Find fields whose column is empty beside a full one, by the first rows below the header."""
    by_field: dict[str, Beside] = {}
    for field, column in columns.items():
        if not rows or any(_at(row, column) != "" for row in rows):
            continue
        other = _full_beside(header, rows, column)
        if other is not None:
            by_field[field] = Beside(column, other)
    return by_field


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else ""


def _full_beside(header: Header, rows: Sequence[Sequence[Cell]], column: int) -> int | None:
    for distance in range(1, _FARTHEST + 1):
        for other in (column - distance, column + distance):
            headless = other >= 0 and not (other < len(header.texts) and header.texts[other])
            if headless and any(_at(row, other) != "" for row in rows):
                return other
    return None
