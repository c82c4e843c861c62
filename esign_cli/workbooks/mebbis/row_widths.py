"""Rows of a text or a page that have more or fewer cells than the others: they may be shifted.

Only the order of its cells says there which column each stands in. A row in which one is missing
is taken as it stands where all rows are so, where a value shows by its kind that it stands in its
own column, and where Excel wrote it: it leaves out the last columns of sixteen rows at a time if
all of them are empty there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from esign_cli.workbooks.formats.chunks import Chunk
from esign_cli.workbooks.mebbis import values
from esign_cli.workbooks.mebbis.cells import Cell, Plan
from esign_cli.workbooks.mebbis.columns import ReadCell
from esign_cli.workbooks.mebbis.fields import DATES

TOO_MANY, TOO_FEW = "too-many-fields", "too-few-fields"
_BLOCK = 16
"""So many rows Excel writes at a time."""
_TYPED: dict[str, ReadCell] = {
    "national_id": values.national_id,
    "mobile_phone": values.mobile_phone,
    "email": values.email,
    **dict.fromkeys(DATES, values.day),
}
"""Fields whose values are of a kind of their own."""


class Widths:
    """The widths of the rows of one table."""

    def __init__(self, plan: Plan) -> None:
        by_field = zip(plan.fields, plan.columns, strict=True)
        self._typed = {column: _TYPED[field] for field, column in by_field if field in _TYPED}
        self._begin, self._end = plan.header_row - plan.header_rows, plan.header_row
        self._header = 0
        self._usual = 0

    def shifted(self, first: int, chunk: Chunk) -> dict[int, str]:
        """Return why the cells of a row below the header may stand in wrong columns, by its place.

        The chunk's first row is the sheet's `first`, from 0.
        """
        if not chunk.widths:
            return {}
        for row in range(max(self._begin, first), min(self._end, first + chunk.count)):
            self._header = max(self._header, _filled(chunk.row(row - first)))
        below = range(max(self._end - first, 0), chunk.count)
        if not self._usual and below:
            self._usual = _commonest(chunk.widths[below.start :])
        if set(chunk.widths[below.start :]) <= {self._header} & {self._usual}:
            return {}
        found = ((place, self._why(first, place, chunk)) for place in below)
        return {place: why for place, why in found if why}

    def _why(self, first: int, place: int, chunk: Chunk) -> str:
        width, wanted = chunk.widths[place], max(self._header, self._usual)
        if width >= wanted:
            return TOO_MANY if _filled(chunk.row(place)) > wanted else ""
        if width == self._usual or self._is_anchored(chunk.row(place), wanted - width):
            return ""
        return "" if _written_by_excel(first, place, chunk.widths) else TOO_FEW

    def _is_anchored(self, row: Sequence[Cell], missing: int) -> bool:
        """Whether the last value is of the kind of its column, and of no column that it may have
        come from.
        """
        last = _filled(row) - 1
        if last not in self._typed or self._typed[last](row[last])[1]:
            return False
        others = (self._typed.get(last + n) for n in range(1, missing + 1))
        return all(other is None or other(row[last])[1] for other in others)


def _filled(row: Sequence[Cell]) -> int:
    """The width without empty cells at the end."""
    return next((n + 1 for n in range(len(row) - 1, -1, -1) if str(row[n]).strip()), 0)


def _commonest(widths: Sequence[int]) -> int:
    """The width that several rows have, most of all; 0 if no two have the same."""
    counts = Counter(width for width in widths if width > 1)
    width, times = max(counts.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    return width if times > 1 else 0


def _written_by_excel(first: int, place: int, widths: Sequence[int]) -> bool:
    """Whether all of the sixteen rows that are written together have this width."""
    begin = max(place - (first + place) % _BLOCK, 0)
    together = widths[begin : begin + _BLOCK]
    return len(together) > 1 and set(together) == {widths[place]}
