"""What a workbook is made of once it has been read: cells, the top of a sheet, blocks of rows.

A cell is text, a number, or "" when empty; a date cell is its ISO text ("2027-01-31", with a time
of day "2027-01-31 09:30:00"), so that one spelling more covers it and a block can cross a pipe.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = str | int | float
TOP_ROWS = 30
"""So many rows of a sheet are looked at to find its header."""


@dataclass(frozen=True, slots=True)
class SheetTop:
    """A sheet's name, size and first rows; rows and columns count from the sheet's own first."""

    index: int
    name: str
    rows: int
    visible: bool
    top: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a sheet, column by column: only the columns that were asked for.

    `whole` holds every cell of those rows whose key column is empty, by their place in the block.
    """

    first_row: int
    """As the reader of the sheet counts: the first row is 1."""
    rows: int
    columns: Sequence[Sequence[Cell]]
    whole: Mapping[int, Sequence[Cell]]
