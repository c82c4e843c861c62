"""The rows of a sheet of an .xlsx, from pieces of its XML ([ISO/IEC 29500-1] 18.3).

Rows as every program writes them are taken apart by one regular expression over all their columns
(`xlsx_patterns`), faster than by any parser; a row that it does not match (with a formula, an
error, formatted text, cells without a reference) is parsed as XML. What is neither is a damaged
file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from esign_cli.workbooks.formats import Damaged, column_letters
from esign_cli.workbooks.formats.chunks import Blank, Chunk, Sparse, listed
from esign_cli.workbooks.formats.xlsx_cells import UNCALCULATED, UNCLEAR, Cells
from esign_cli.workbooks.formats.xlsx_patterns import Pattern, learnt
from esign_cli.workbooks.formats.xml_pieces import Head

LAST_COLUMN, LAST_ROW = 1 << 14, 1 << 20
MORE_ODD, MOST_ODD = 1 / 16, 1 / 2
"""Parts of the rows of a piece."""
_GAP = 1000
_OFF = ("0", "false")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d+)")


def local(element: ElementTree.Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


Odd = dict[int, dict[int, Any]]
"""Rows that were parsed, by their place among those of a piece."""


class Rows:
    """Reads piece after piece, and knows how far it is and what the rows look like."""

    def __init__(self, cells: Cells, *, stale: bool) -> None:
        self._cells = cells
        self._stale = stale
        self._next = 0
        self._pattern: Pattern | None = None
        self._most_odd = 0.0

    def read(self, head: Head, piece: str) -> Iterator[Chunk]:
        """Yield the rows of a piece, with those that are left out between them."""
        pattern = self._pattern or learnt(head.prefix, piece)
        matches = pattern.rows.findall(piece)
        odd = self._parsed(head, [row[-1] for row in matches])
        self._judge(pattern, len(odd) / max(len(matches), 1))
        numbers = self._numbers(matches, odd)
        if not numbers:
            return
        after, self._next = self._next, numbers[-1] + 1
        while matches and not odd.get(len(matches) - 1, pattern.is_filled(matches[-1])):
            matches.pop()
        rows = _Matched(matches, pattern, odd, self._cells)
        if matches and numbers[len(matches) - 1] == after + len(matches) - 1:
            yield rows
        elif matches:
            yield from _with_gaps(rows, numbers, after)
        last = numbers[len(matches) - 1] + 1 if matches else after
        if last < self._next:
            yield Blank(self._next - last)

    def _judge(self, pattern: Pattern, odd: float) -> None:
        """Keep the pattern for the next piece, unless more rows look otherwise than when it was
        learnt, or most do.
        """
        if self._pattern is None:
            self._most_odd = min(odd + MORE_ODD, MOST_ODD)
        self._pattern = pattern if odd <= self._most_odd else None

    def _numbers(self, matches: Sequence[Sequence[str]], odd: Odd) -> list[int]:
        """The number of each row from 0; those that name none follow the one before."""
        if not odd:
            numbers = [int(row[0]) - 1 for row in matches]
        else:
            numbers, last = [], self._next - 1
            for place, row in enumerate(matches):
                given = odd[place].pop(-1, None) if place in odd else int(row[0]) - 1
                last = last + 1 if given is None else given
                numbers.append(last)
        in_order = numbers == sorted(set(numbers))
        if numbers and not (in_order and numbers[0] >= self._next and numbers[-1] < LAST_ROW):
            raise Damaged("its rows are not in order")
        return numbers

    def _parsed(self, head: Head, texts: Sequence[str]) -> Odd:
        """The rows of these texts that are one, by their places; -1 is the number of the row."""
        places = [place for place, one in enumerate(texts) if one]
        if not places:
            return {}
        whole = f"<s{head.namespaces}>{''.join(texts)}</s>"
        try:
            root = ElementTree.fromstring(whole)  # noqa: S314  (no document type: no entities)
            return {place: self._row(row) for place, row in zip(places, root, strict=True)}
        except (ElementTree.ParseError, ValueError, IndexError) as error:
            raise Damaged(str(error)) from error

    def _row(self, row: ElementTree.Element) -> dict[int, Any]:
        cells: dict[int, Any] = {}
        number = row.get("r")
        if number:
            cells[-1] = int(number) - 1
        column, seen = -1, set()
        for one in row:
            if local(one) != "c":
                continue
            column = _column(one.get("r"), number, column)
            if column in seen:
                raise Damaged("a cell that stands there twice")
            seen.add(column)
            value = self._cell(one)
            if value != "":
                cells[column] = value
        return cells

    def _cell(self, cell: ElementTree.Element) -> Any:
        parts = {local(one): one for one in cell}
        if len(parts) < len(cell) or {"is", "v"} <= parts.keys():
            raise Damaged("a cell with two values")
        kind = cell.get("t", "n")
        if "is" in parts:
            if any(local(one) == "strike" and one.get("val") not in _OFF for one in cell.iter()):
                return UNCLEAR
            return "".join(
                one.text or "" for one in _outside(parts["is"], "rPh") if local(one) == "t"
            )
        value = parts["v"].text or "" if "v" in parts else ""
        if "f" in parts and kind in ("n", "str", "s") and self._never_calculated(kind, value):
            return UNCALCULATED
        style = cell.get("s", "0")
        return self._cells.one(kind, int(style) if style.isdigit() else 0, value)

    def _never_calculated(self, kind: str, value: str) -> bool:
        """Some writers leave the value out, others write 0 and say: calculate all when opened."""
        if kind == "str" and value == "":
            return False
        return value == "" or (self._stale and kind == "n" and value in ("0", "0.0"))


def _column(given: str | None, row: str | None, before: int) -> int:
    """The column of a cell: that of its reference, else the next one; raises Damaged."""
    column = before + 1
    if given is not None:
        reference = _REFERENCE.fullmatch(given)
        if reference is None or (row and reference[2] != row):
            raise Damaged("a cell that stands elsewhere than it says")
        column = column_letters.to_number(reference[1])
    if column >= LAST_COLUMN:
        raise Damaged("a column past the last")
    return column


def _outside(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    for one in element:
        if local(one) != name:
            yield one
            yield from _outside(one, name)


class _Matched:
    """Rows that the regular expression took apart, and those that were parsed among them."""

    widths: Sequence[int] = ()

    def __init__(
        self, matches: Sequence[Sequence[str]], pattern: Pattern, odd: Odd, cells: Cells
    ) -> None:
        self.count = len(matches)
        self._found = matches
        self._pattern = pattern
        self._odd = {place: row for place, row in odd.items() if place < self.count}
        self._cells = cells
        self._turned: list[tuple[str, ...]] | None = None

    def column(self, number: int) -> Sequence[Any]:
        """Read when it is asked for."""
        cells: list[Any]
        column = self._pattern.columns.get(number)
        if column is None:
            cells = [""] * self.count
        else:
            if self._turned is None:
                self._turned = list(zip(*self._found, strict=True))
            cells = self._read(column.attributes(self._turned), self._turned[column.value])
        for row, odd in self._odd.items():
            cells[row] = odd.get(number, "")
        return cells

    def _read(self, attributes: str | Sequence[str], values: Sequence[str]) -> list[Any]:
        try:
            return self._cells.many(attributes, values)
        except (ValueError, IndexError) as error:
            raise Damaged(str(error)) from error

    def row(self, place: int) -> Sequence[Any]:
        """Return all its columns."""
        return listed(self.cells(place))

    def cells(self, place: int) -> dict[int, Any]:
        """Return the filled cells of a row by column."""
        if place in self._odd:
            return self._odd[place]
        texts = [[one] for one in self._found[place]]
        return {
            number: self._read(column.attributes(texts), texts[column.value])[0]
            for number, column in self._pattern.columns.items()
            if texts[column.value][0]
        }


def _with_gaps(rows: _Matched, numbers: Sequence[int], after: int) -> Iterator[Chunk]:
    """The rows in chunks, with blank ones where the numbers leave some out."""
    filled: list[dict[int, Any]] = []
    for place in range(rows.count):
        missing = numbers[place] - after
        if missing > _GAP:
            if filled:
                yield Sparse(filled)
            yield Blank(missing)
            filled = []
        else:
            filled += [{} for _ in range(missing)]
        filled.append(rows.cells(place))
        after = numbers[place] + 1
    yield Sparse(filled)
