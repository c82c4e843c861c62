"""Some consecutive rows of a sheet, of which only the columns that are asked for are looked at.

A cell is text, a number, or "" when empty; a date is its ISO text. An error, or a formula that was
never calculated, is the text of `cell_errors`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

ROWS = 1000
"""The most rows of a chunk that is made of rows."""
CELLS = 200_000
"""The most cells of such a chunk."""
LONGEST_CELL = 32_767
"""The most letters that Excel lets a cell have."""


class Chunk(Protocol):
    """What every reader gives of consecutive rows."""

    @property
    def count(self) -> int:
        """How many rows."""

    def column(self, number: int) -> Sequence[Any]:
        """Return the cells of a column, counted from 0; "" where the file has none."""

    def row(self, place: int) -> Sequence[Any]:
        """Return the cells of one row, from the first column to the last that is filled."""

    @property
    def widths(self) -> Sequence[int]:
        """How many cells each row was written with, where only their order says which is which;
        nothing where the file names the column of each.
        """


class Blank:
    """Rows without a cell."""

    widths: Sequence[int] = ()

    def __init__(self, count: int) -> None:
        self.count = count

    def column(self, number: int) -> Sequence[Any]:
        """Return nothing, that many times."""
        del number
        return [""] * self.count

    def row(self, place: int) -> Sequence[Any]:
        """Return nothing."""
        del place
        return ()


class Dense:
    """Rows as lists of cells, filled up to one width."""

    def __init__(self, rows: Sequence[Sequence[Any]], *, in_order: bool = False) -> None:
        self.count = len(rows)
        self.widths: Sequence[int] = list(map(len, rows)) if in_order else ()
        self._rows = rows
        self._columns: list[tuple[Any, ...]] | None = None

    def column(self, number: int) -> Sequence[Any]:
        """Read as it stands in the rows."""
        if self._columns is None:
            width = max(map(len, self._rows), default=0)
            self._columns = list(zip(*(_filled(row, width) for row in self._rows), strict=True))
        return self._columns[number] if number < len(self._columns) else [""] * self.count

    def row(self, place: int) -> Sequence[Any]:
        """Read as it was given."""
        return self._rows[place]


class Sparse:
    """Rows as mappings from column to cell."""

    widths: Sequence[int] = ()

    def __init__(self, rows: Sequence[Mapping[int, Any]]) -> None:
        self.count = len(rows)
        self._rows = rows

    def column(self, number: int) -> Sequence[Any]:
        """Return one cell of each mapping."""
        return [row.get(number, "") for row in self._rows]

    def row(self, place: int) -> Sequence[Any]:
        """Return the mapping as a list."""
        return listed(self._rows[place])


def listed(row: Mapping[int, Any]) -> list[Any]:
    """Return a row with "" where it has no cell."""
    return [row.get(number, "") for number in range(max(row, default=-1) + 1)]


def _filled(row: Sequence[Any], width: int) -> Sequence[Any]:
    return row if len(row) == width else [*row, *[""] * (width - len(row))]


def dense(rows: Iterable[Sequence[Any]], *, in_order: bool = False) -> Iterator[Chunk]:
    """Yield chunks of rows of cells, few rows each where the rows are long; `in_order`: the file
    names no columns.
    """
    ahead = iter(rows)
    for first in ahead:
        size = max(1, min(ROWS, CELLS // max(1, len(first))))
        yield Dense([first, *islice(ahead, size - 1)], in_order=in_order)


class Below:
    """The rows of a chunk from one of them on."""

    def __init__(self, chunk: Chunk, place: int) -> None:
        self.count = chunk.count - place
        self.widths = chunk.widths[place:]
        self._chunk = chunk
        self._place = place

    def column(self, number: int) -> Sequence[Any]:
        """Return that of the chunk, without its beginning."""
        return self._chunk.column(number)[self._place :]

    def row(self, place: int) -> Sequence[Any]:
        """Return that of the chunk."""
        return self._chunk.row(self._place + place)


class Unmerged:
    """A sheet whose merged cells were filled on the way."""

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """Return None that go down."""
        return ()

    def merged_across(self) -> Sequence[tuple[int, int, int]]:
        """Return None: they were read as their first cell."""
        return ()
