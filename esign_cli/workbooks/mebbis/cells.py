"""What a workbook is made of once it has been read: cells, the top of a sheet, blocks of rows.

A cell is text, a number, or "" when empty; a date cell is its ISO text ("2027-01-31", with a time
of day "2027-01-31 09:30:00"), so that one spelling more covers it and a block can cross a pipe.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Cell = str | int | float
HEADER_ROWS = 3
"""So many rows a header may have."""
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
    across: tuple[tuple[int, int, int], ...] = ()
    """Cells of `top` merged in a row: its number from 0, the first and the last column."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read of a sheet, and which rows need not be."""

    fields: Sequence[str]
    columns: Sequence[int]
    """The column of each field, counted from 0."""
    key: str
    """The field without whose value a row may be none."""
    header: str
    """What heads the key's column: a row with the same words is a header again."""
    header_row: int
    """The last row of the header; the first row is 1."""
    header_rows: int = 1
    header_cells: Sequence[str] = ()
    """What stands, folded, in the first row of the header above each field."""
    form: bool = False
    """The sheet has the form layout: its columns are those that `forms` makes of it."""
    salt: bytes = b""
    """Whatever else decides what a row means; part of each digest. 16 bytes at most."""
    known: bytes = b""
    """Digests of rows that are not wanted again, 8 bytes each."""
    digests: bool = False
    """Whether the digest of each row is asked for."""
    serials_from_1904: bool = False
    """Bare counts of days are those of Excel's other calendar."""
    goes_on: bool = False
    """The rows go on from where a new header was met, and this plan is by that header."""
    date_forms: Mapping[str, str] = field(default_factory=dict)
    """The form (`dates.FORMS`) of each column of dates."""
    undated: Sequence[str] = ()
    """Columns of dates whose form is to be found out from all of their cells."""
    remembered_forms: Mapping[str, str] = field(default_factory=dict)
    """Of those of them whose cells do not show it, as somebody said of a file with this header."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a sheet: the values of each field, and what was wrong with the cells."""

    first_row: int
    """As the reader of the sheet counts: the first row is 1."""
    count: int
    """All rows of the block, also those that were ignored or are known."""
    rows: Sequence[int]
    """The numbers of those whose values follow."""
    values: Mapping[str, Sequence[str]]
    found: Sequence[tuple[int, str, str, str]]
    """Bad cells: the row's place in `rows`, field, code, the cell's text, not masked."""
    ignored: int
    digests: Sequence[int]
    """Of each row of `rows`; empty unless asked for."""
    known: Sequence[int]
    """The digests of rows that are known and were left out."""


@dataclass(frozen=True, slots=True)
class NewHeader:
    """A row among those of a table that is the header of another: what follows is read by it."""

    row: int
    """The first row of the sheet is 1."""
    top: Sequence[Sequence[Cell]]
    """That row and those below it, TOP_ROWS at most."""


# --- cells as they are read ----------------------------------------------------------------------


def plain(column: Iterable[Any]) -> list[Cell]:
    """Return cells that can cross the pipe: only text and numbers stay what they are."""
    cells = list(column)
    strange = set(map(type, cells)) - {str, float, int}
    if not strange:
        return cells
    return [_SPELLED[type(cell)](cell) if type(cell) in strange else cell for cell in cells]


def distinct(column: Sequence[Any]) -> list[Any]:
    """Return the cells, of which two are equal only if they say the same: TRUE is not 1."""
    return plain(column) if bool in set(map(type, column)) else list(column)


def spelled(cell: Any) -> Cell:
    """Return one cell as `plain` has it."""
    way = _SPELLED.get(type(cell))
    return way(cell) if way else cell


def _moment(value: datetime.datetime) -> str:
    midnight = value.time() == datetime.time()
    return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")


_SPELLED: dict[type, Callable[[Any], Cell]] = {
    datetime.date: lru_cache(maxsize=50_000)(datetime.date.isoformat),
    datetime.datetime: _moment,
    datetime.time: lambda value: str(value.isoformat()),
    datetime.timedelta: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    type(None): lambda _value: "",
}
