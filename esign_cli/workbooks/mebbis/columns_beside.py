"""Columns whose header stands beside them, as merged cells make it.

A recognised column that is empty, next to a full one that has no header, is told in any case. Where
every value there is plainly one of the field (a date, a phone number, an address), it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esign_cli.workbooks.mebbis import values
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.fields import DATES
from esign_cli.workbooks.mebbis.headers import Header

if TYPE_CHECKING:
    from esign_cli.workbooks.mebbis.layouts import Layout

_FARTHEST = 2
_PLAIN: Mapping[str, Callable[[Cell], values.Read]] = {
    **dict.fromkeys(DATES, values.day),
    "birth_date": values.birth_day,
    "mobile_phone": values.mobile_phone,
    "email": values.email,
    "national_id": values.national_id,
}
"""Fields whose values are known when they are seen."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Where a header stands, and the full column without one near it; both count from 0."""

    header: int
    column: int
    is_read: bool
    """The values there are those of the field, and are read."""


def moved(layout: Layout, header: Header, rows: Sequence[Sequence[Cell]]) -> Layout:
    """Return the layout, told by the first rows below the header."""
    found: dict[str, Beside] = {}
    columns = dict(layout.columns)
    taken = set(columns.values())
    for field, column in layout.columns.items():
        if not rows or any(_at(row, column) != "" for row in rows):
            continue
        other = _full_beside(header, rows, column, taken)
        if other is not None:
            is_read = _all_are(field, [_at(row, other) for row in rows])
            found[field] = Beside(column, other, is_read)
            taken.add(other)
            if is_read:
                columns[field] = other
    return replace(layout, columns=columns, beside=found) if found else layout


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else ""


def _full_beside(
    header: Header, rows: Sequence[Sequence[Cell]], column: int, taken: set[int]
) -> int | None:
    for distance in range(1, _FARTHEST + 1):
        for other in (column - distance, column + distance):
            headless = other >= 0 and not (other < len(header.texts) and header.texts[other])
            if headless and other not in taken and any(_at(row, other) != "" for row in rows):
                return other
    return None


def _all_are(field: str, cells: Sequence[Cell]) -> bool:
    read = _PLAIN.get(field)
    filled = [cell for cell in cells if cell != ""]
    return read is not None and all(read(cell)[0] for cell in filled)
