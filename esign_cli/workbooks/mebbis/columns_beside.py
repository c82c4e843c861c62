"""Columns whose header stands beside them, as merged cells make it.

A recognised column that is empty, next to a full one that has no header: that one is read where
merged cells, or values of a kind of their own, show that it is meant; it is refused where the
columns between may be meant by other headers, too; else it is told, for it may as well be a column
that lost its header.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from esign_cli.workbooks.mebbis import values
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.columns import ReadCell
from esign_cli.workbooks.mebbis.fields import DATES
from esign_cli.workbooks.mebbis.headers import Header

_FARTHEST = 2
_UNMISTAKABLE: Mapping[str, ReadCell] = {
    "national_id": values.national_id,
    "mobile_phone": values.mobile_phone,
    "email": values.email,
}
_READ: Mapping[str, ReadCell] = {
    **_UNMISTAKABLE,
    **dict.fromkeys(DATES, values.day),
    "given_name": values.name,
    "family_name": values.name,
    "province": values.province,
    "institution_code": values.code,
}
"""How the values of some fields are read; those of others are any words."""
Rows = Sequence[Sequence[Cell]]
Across = Sequence[tuple[int, int, int]]
"""Cells merged in a row: its number from 0, the first and the last column."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Where a header stands, and the full column without one near it; both count from 0."""

    header: int
    column: int


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be done about headers that stand beside their columns, by field; of columns that
    are none by header.
    """

    moved: dict[str, Beside] = field(default_factory=dict)
    """The full column is read."""
    refused: dict[str, Beside] = field(default_factory=dict)
    """What the columns mean cannot be told."""
    told: dict[str, Beside] = field(default_factory=dict)
    """Nothing is read of either."""


def beside(columns: Mapping[str, int], header: Header, rows: Rows, across: Across = ()) -> Found:
    """Find fields whose column is empty beside a full one, by the first rows below the header.

    An empty column of no field, too, shows that headers stand beside their columns.
    """
    found = Found()
    table = _Table(columns, header, rows, across)
    known = set(columns.values())
    unknown = {text: c for c, text in enumerate(header.texts) if text and c not in known}
    for name, column in [*columns.items(), *unknown.items()]:
        if not rows or table.is_filled(column):
            continue
        for other in sorted(table.headless(), key=lambda one: abs(one - column)):
            if column in known:
                way = table.way(name, column, other, found)
            else:
                way = found.refused if table.may_be_shifted(column, other) else None
            if way is not None:
                way[name] = Beside(column, other)
                break
    return found


class _Table:
    def __init__(
        self, columns: Mapping[str, int], header: Header, rows: Rows, across: Across
    ) -> None:
        self._fields = {column: name for name, column in columns.items()}
        self._header = header
        self._rows = rows
        self._across = across

    def is_filled(self, column: int) -> bool:
        return any(_at(row, column) != "" for row in self._rows)

    def headless(self) -> list[int]:
        """Return the full columns without a header."""
        width = max(map(len, self._rows), default=0)
        return [c for c in range(width) if not self._has_header(c) and self.is_filled(c)]

    def way(self, name: str, column: int, other: int, found: Found) -> dict[str, Beside] | None:
        """Return where such a pair belongs; None if the two have nothing to do with each other."""
        near = abs(column - other) <= _FARTHEST
        read = _READ.get(name)
        if near and (self._is_merged(column, other) or name in _UNMISTAKABLE):
            if self._holds(other, read):
                return found.moved
        elif near and name in DATES and self._holds(other, read):
            return found.refused
        if self.may_be_shifted(column, other):
            return found.refused
        return found.told if near else None

    def _has_header(self, column: int) -> bool:
        return column < len(self._header.texts) and bool(self._header.texts[column])

    def _is_merged(self, column: int, other: int) -> bool:
        """Whether the header covers the other column, or cells of that one this one."""
        top = range(self._header.row - 1, self._header.row - 1 + self._header.depth)
        return any(
            first <= column <= last and first <= other <= last
            and first == (column if row in top else other)
            for row, first, last in self._across if row >= top.start
        )  # fmt: skip

    def _holds(self, column: int, read: ReadCell | None) -> bool:
        """Whether all values of a column can be read so."""
        cells = [_at(row, column) for row in self._rows]
        return read is None or not any(read(cell)[1] for cell in cells if cell != "")

    def may_be_shifted(self, column: int, other: int) -> bool:
        """Return whether all columns from the full one up to the empty one may be meant by the
        header of the next: several of them stand between.
        """
        step = 1 if other < column else -1
        between = range(other + step, column, step)
        if not between or not all(map(self._has_header, between)):
            return False
        if self._fields.keys().isdisjoint(between):
            return False
        meant = [(one, self._fields.get(one + step, "")) for one in (other, *between)]
        return all(self._holds(one, _READ.get(name)) for one, name in meant)


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else ""
