"""Whole columns of cells read at once, where most values come again and again.

What comes again is read once and crosses the pipe once: of a cell only the place of its value in
the list of values is sent.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from esign_cli.workbooks.mebbis.cells import Block, Cell, plain, spelled
from esign_cli.workbooks.mebbis.values import Read

CACHED, CACHED_OF_WHOLE = 20_000, 5_000
"""Different values after which it is asked whether a column's values come again at all; earlier
where a whole column can be read at once."""
ReadCell = Callable[[Cell], Read]
ReadWhole = Callable[[Sequence[Cell]], list[str] | None]
Packed = tuple[bool, list[str], bytes] | list[str]
"""Either: whether the list of values begins anew, what is added to it, each cell's place in it.
Or, where hardly any value comes again, the values themselves."""
Problems = list[tuple[int, str]]


class Column:
    """One reader over the blocks of a column.

    `whole`, where there is one, reads cells that are plainly right at once, or gives None; it is
    asked where values do not come again, be that known before (`all_differ`) or found out.
    """

    def __init__(
        self, read: ReadCell, whole: ReadWhole | None, *, all_differ: bool = False
    ) -> None:
        self._read = read
        self._whole = whole
        self._most = CACHED_OF_WHOLE if whole else CACHED
        self._codes = _Codes(read)
        self._sent = self._count = 0
        self._all_differ = all_differ
        self.problems: Problems = []
        """Where a cell of the column just read is bad, and the code of why."""

    def pack(self, cells: Sequence[Any]) -> Packed:
        """Return the values of the cells, for `Unpacker`."""
        if len(self._codes) > self._most:
            self._all_differ = len(self._codes) > self._count // 2
            self._codes, self._sent, self._count = _Codes(self._read), 0, 0
        if self._all_differ:
            return self._read_all(plain(cells))
        return self._pack(cells)

    def _read_all(self, cells: Sequence[Cell]) -> list[str]:
        self.problems = []
        at_once = self._whole(cells) if self._whole else None
        if at_once is not None:
            return at_once
        read = list(map(self._read, cells))
        self.problems = [(place, code) for place, (_, code) in enumerate(read) if code]
        return [value for value, _ in read]

    def _pack(self, cells: Sequence[Any]) -> Packed:
        known = self._codes
        codes = array("I", map(known.__getitem__, cells))
        begun, self._sent = self._sent, len(known.read)
        self._count += len(cells)
        bad = known.bad
        self.problems = []
        if bad and not bad.keys().isdisjoint(codes):
            self.problems = [(n, bad[code]) for n, code in enumerate(codes) if code in bad]
        return begun == 0, known.read[begun:], codes.tobytes()


class _Codes(dict[Any, int]):
    """The place of each cell's value in `read`; a cell that is not known is read."""

    def __init__(self, read: ReadCell) -> None:
        super().__init__()
        self._cell = read
        self.read: list[str] = []
        self.bad: dict[int, str] = {}

    def __missing__(self, cell: Any) -> int:
        value, problem = self._cell(spelled(cell))
        code = self[cell] = len(self.read)
        self.read.append(value)
        if problem:
            self.bad[code] = problem
        return code


class Unpacker:
    """The other end of the pipe, for the blocks of one sheet in their order."""

    def __init__(self) -> None:
        self._tables: dict[str, list[str]] = {}

    def block(self, packed: Sequence[Any]) -> Block:
        """Return the block whose fields, in the order of `Block`, were packed."""
        first, count, rows, columns, *rest = packed
        values = {field: self._values(field, column) for field, column in columns.items()}
        return Block(first, count, rows, values, *rest)

    def _values(self, field: str, packed: Packed) -> list[str]:
        if isinstance(packed, list):
            return packed
        anew, more, places = packed
        table = self._tables[field] = [] if anew else self._tables[field]
        table += more
        return list(map(table.__getitem__, array("I", places)))
