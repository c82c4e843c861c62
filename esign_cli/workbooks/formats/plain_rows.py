"""Rows that one regular expression takes apart, over all their columns, and others among them.

Most programs write all rows of a list alike. Those are taken apart at once, two texts a cell; what
is written otherwise stands between them and is read by a reader that takes all there can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from esign_cli.workbooks.formats.chunks import CELLS, ROWS, Chunk

MOST_MATCHED = 256
"""Columns that one regular expression takes apart."""
Row = int | Sequence[Any]
"""The number of a plain row in its piece, or the cells of another."""


class Piece:
    """A piece of a file: plain rows, before each and after the last what is written otherwise.

    The pattern has two groups a column. In it no group may be repeated possessively: Python 3.11.2,
    Debian's, forgets where the last try of it began.
    """

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self.width = pattern.groups // 2
        self._step = pattern.groups + 1
        self._parts: list[Any] = pattern.split(text)
        self.between: list[str] = self._parts[:: self._step]
        self.count = len(self.between) - 1

    def cells(self, number: int) -> list[tuple[Any, Any]]:
        """Return the two texts of each cell of a row."""
        begin = number * self._step
        parts = self._parts[begin + 1 : begin + self._step]
        return list(zip(parts[::2], parts[1::2], strict=True))

    def column(self, number: int) -> tuple[list[Any], list[Any]]:
        """Return the first and the second texts of a column, of all rows."""
        begin = 2 * number + 1
        return self._parts[begin :: self._step], self._parts[begin + 1 :: self._step]


class Reader(Protocol):
    """What says what cells say."""

    def one(self, first: Any, second: Any) -> Any:
        """Return a cell by its two texts."""

    def many(self, first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
        """Return several."""


class Matched:
    """Plain rows of a piece, and others among them."""

    def __init__(
        self, piece: Piece, rows: Sequence[Row], reader: Reader, *, in_order: bool
    ) -> None:
        self.count = len(rows)
        self.widths: Sequence[int] = []
        if in_order:
            self.widths = [piece.width if isinstance(row, int) else len(row) for row in rows]
        self._piece = piece
        self._rows = rows
        self._reader = reader
        self.are_all = list(rows) == list(range(piece.count))

    def column(self, number: int) -> Sequence[Any]:
        """Read when it is asked for."""
        plain: list[Any] = []
        if self._piece.count and number < self._piece.width:
            plain = self._reader.many(*self._piece.column(number))
        if self.are_all and plain:
            return plain
        return [
            (plain[row] if plain else "")
            if isinstance(row, int)
            else (row[number] if number < len(row) else "")
            for row in self._rows
        ]

    def row(self, place: int) -> Sequence[Any]:
        """Return all its columns."""
        row = self._rows[place]
        if not isinstance(row, int):
            return row
        return [self._reader.one(*texts) for texts in self._piece.cells(row)]


def chunks(
    piece: Piece, rows: Iterable[Row], reader: Reader, *, in_order: bool = False
) -> Iterator[Chunk]:
    """Yield these rows of the piece, few in a chunk where they are long; `in_order`: the file names
    no columns.
    """
    gathered: list[Row] = []
    size = 0
    for row in rows:
        gathered.append(row)
        size += 0 if isinstance(row, int) else len(row)
        if size > CELLS or len(gathered) >= 10 * ROWS:
            yield Matched(piece, gathered, reader, in_order=in_order)
            gathered, size = [], 0
    if gathered:
        yield Matched(piece, gathered, reader, in_order=in_order)
