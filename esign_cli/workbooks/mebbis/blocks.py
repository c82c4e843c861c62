"""From the cells of a sheet to the values of its fields, a block of rows at a time.

Column by column and without an object per row: a ministry has 1.2 million of them. This half of the
reading happens where the workbook is, beside the other half (`import_rows`), on another core.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import compress
from typing import Any, cast

from esign_cli.foundation.turkish import fold, mask
from esign_cli.workbooks.mebbis import dates, whole_names
from esign_cli.workbooks.mebbis import values as read
from esign_cli.workbooks.mebbis import whole_columns as at_once
from esign_cli.workbooks.mebbis.cells import Cell, Plan, spelled
from esign_cli.workbooks.mebbis.columns import Column, ReadCell, ReadWhole
from esign_cli.workbooks.mebbis.fields import DATES, NATIONAL_ID_KEYS
from esign_cli.workbooks.mebbis.footers import TOTALS, is_footer, is_total
from esign_cli.workbooks.mebbis.headers import is_header

LONGEST_SHOWN = 60
_ID_DIGITS, _LEAST_ID = 11, 10_000_000_000
_COUNT_DIGITS = 7
"""No count of people has more; an id that has so few and stands alone is none."""
_DIGEST_BITS, _DIGEST_BYTES = 64, 8
_LABEL = (read.label, at_once.labels)
_CODE = (read.code, at_once.codes)
_READERS: dict[str, tuple[ReadCell, ReadWhole | None]] = {
    "national_id": (read.national_id, at_once.ids),
    "identity": (whole_names.identity, None),
    "given_name": (read.name, at_once.names),
    "family_name": (read.name, at_once.names),
    "full_name": (whole_names.full_name, None),
    "full_name_last_word": (whole_names.last_word, None),
    "surname_first": (whole_names.surname_first, None),
    "surname_first_word": (whole_names.first_word, None),
    "institution_code": _CODE,
    "assigned_institution_code": _CODE,
    "registry_no": _CODE,
    "certificate_serial": _CODE,
    "province": (read.province, None),
    "assigned_province": (read.province, None),
    "place": (read.place, None),
    "assigned_place": (read.place, None),
    **{field: (read.day, None) for field in DATES},
    "email": (read.email, at_once.emails),
    "mobile_phone": (read.mobile_phone, at_once.mobiles),
}
_DAYS = dict.fromkeys(DATES, read.day) | {"birth_date": read.birth_day}
_ALL_DIFFER = frozenset(("national_id", "mobile_phone", "email"))
"""In these columns no value is expected twice."""
_NUMBER = re.compile(r"\d{5,}")


Found = list[tuple[int, str, str, str]]
"""Bad cells, as in `cells.Block`."""


class CellReader:
    """Reads the rows of one sheet as a plan says."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._key = list(plan.fields).index(plan.key)
        self._known = set(array("q", plan.known))
        self._salt = int.from_bytes(plan.salt[:_DIGEST_BYTES].ljust(_DIGEST_BYTES), signed=True)
        self._columns = {field: _column(field, plan) for field in plan.fields}
        self._headers = NATIONAL_ID_KEYS | {fold(plan.header)}

    def new_header(
        self, first_row: int, keys: Sequence[Cell], row_at: Callable[[int], Sequence[Cell]]
    ) -> int | None:
        """Return the place of the first row that is a header, and not that of the plan once
        more.
        """
        if self._plan.form:
            return None
        blank = (place for place, cell in enumerate(keys) if cell == "")
        begin = self._plan.header_row - first_row + 1
        candidates = sorted({*blank, *(place for place, _ in _no_ids(keys))})
        return next(
            (place for place in candidates if place >= begin and self._is_new(row_at(place))), None
        )

    def _is_new(self, row: Sequence[Cell]) -> bool:
        return is_header(row, self._headers) and not self._is_own_header(row)

    def _is_own_header(self, row: Sequence[Cell]) -> bool:
        cells = (row[column] if column < len(row) else "" for column in self._plan.columns)
        return [fold(str(cell)) for cell in cells] == list(self._plan.header_cells)

    def blank(self, first_row: int, count: int) -> tuple[Any, ...]:
        """Return a block of rows without a cell, all of which are ignored."""
        packed = {field: column.pack([]) for field, column in self._columns.items()}
        return first_row, count, [], packed, [], count, [], []

    def block(
        self,
        first_row: int,
        columns: Sequence[Sequence[Any]],
        whole: Mapping[int, Sequence[Cell]],
        shifted: Mapping[int, str],
    ) -> tuple[Any, ...]:
        """Return a block for `columns.Unpacker`, from cells by column.

        Those of the key are plain, of others two are equal only if they say the same. `whole` holds
        every cell of the rows without a key, by their place; `shifted` why the cells of others may
        stand in wrong columns.
        """
        count = len(columns[0])
        digests, known = self._digests(columns)
        rows: Sequence[int] = range(first_row, first_row + count)
        ignored = self._ignored(first_row, columns, whole)
        if ignored or known:
            keep = [place not in ignored for place in range(count)]
            if known:
                wanted = self._known
                keep = [
                    one and digest not in wanted for one, digest in zip(keep, digests, strict=True)
                ]
            columns = [list(compress(column, keep)) for column in columns]
            rows = list(compress(rows, keep))
            digests = list(compress(digests, keep))
        cells = dict(zip(self._plan.fields, columns, strict=True))
        packed = {field: column.pack(cells[field]) for field, column in self._columns.items()}
        problems = _found(self._columns, cells)
        problems += [
            (place, self._plan.key, "above-header", "")
            for place, row in enumerate(rows)
            if row <= self._plan.header_row
        ]
        problems += (
            [
                (place, self._plan.key, shifted[row - first_row], "")
                for place, row in enumerate(rows)
                if row - first_row in shifted
            ]
            if shifted
            else []
        )
        return first_row, count, list(rows), packed, problems, len(ignored), digests, known

    def _digests(self, columns: Sequence[Sequence[Any]]) -> tuple[list[int], list[int]]:
        """Those of all rows, and those that are known.

        They are Python's own hashes, which are the same in every process that is started with the
        same seed for them; the reader of workbooks is.
        """
        if not self._plan.digests or sys.hash_info.width < _DIGEST_BITS:
            return [], []
        forms = sorted(self._plan.date_forms.items())
        salt = self._salt ^ hash(tuple(forms)) if forms else self._salt
        digests = [salt ^ one for one in map(hash, zip(*columns, strict=True))]
        known = self._known
        return digests, [one for one in digests if one in known] if known else []

    def _ignored(
        self,
        first: int,
        columns: Sequence[Sequence[Cell]],
        whole: Mapping[int, Sequence[Cell]],
    ) -> set[int]:
        """Rows up to the header, blank ones, titles and totals, headers that come again."""
        count = len(columns[0])
        ignored = {
            place
            for place in range(min(self._plan.header_row - first + 1, count))
            if self._plan.goes_on or not _names_somebody(column[place] for column in columns)
        }
        ignored |= {place for place, row in whole.items() if _says_nothing(row)}
        for place, cell in _no_ids(columns[self._key]):
            row = [column[place] for column in columns]
            if fold(str(cell)) in self._headers:
                ignored |= self._header_again(place, columns)
            elif _is_of_nobody(cell, row):
                ignored.add(place)
        return ignored

    def _header_again(self, place: int, columns: Sequence[Sequence[Cell]]) -> set[int]:
        """The row, and those below it that belong to the same header."""
        keys = columns[self._key]
        below = range(place + 1, min(place + self._plan.header_rows, len(keys)))
        return {place, *(n for n in below if keys[n] in ("", keys[place]))}


def _column(field: str, plan: Plan) -> Column:
    cell, whole = _READERS.get(field, _LABEL)
    if field in DATES:
        form = plan.date_forms.get(field, dates.DAY_FIRST)
        day = partial(_DAYS[field], form=form)
        cell = (lambda given: day(dates.from_1904(given))) if plan.serials_from_1904 else day
    return Column(partial(_unless_marked, cell), whole, all_differ=field in _ALL_DIFFER)


def _unless_marked(read_cell: ReadCell, cell: Cell) -> read.Read:
    """What the cell says, if it does not say that it has no value."""
    mark = read.mark(cell)
    return ("", mark) if mark else read_cell(cell)


def _found(columns: Mapping[str, Column], cells: Mapping[str, Sequence[Any]]) -> Found:
    return [
        (place, field, code, _text(field, spelled(cells[field][place])))
        for field, column in columns.items()
        for place, code in column.problems
    ]


def shown(field: str, cell: Cell) -> str:
    """Return a cell as people may see it: a national id masked, a long text cut."""
    return masked(field, _text(field, cell))


def _text(field: str, cell: Cell) -> str:
    if field == "national_id":
        return read.code(cell)[0][:LONGEST_SHOWN]
    text = "" if field == "identity" else read.text(cell)[0]
    return (text or str(cell))[:LONGEST_SHOWN]


def masked(field: str, text: str) -> str:
    """Return a cell's text without the national ids in it."""
    if field == "national_id":
        return mask(text)
    return _NUMBER.sub(lambda digits: mask(digits[0]), text) if field == "identity" else text


def _names_somebody(cells: Iterable[Cell]) -> bool:
    """Whether a national id stands among the cells."""
    return any(read.national_id(cell)[0] for cell in cells if cell != "")


def _no_ids(column: Sequence[Cell]) -> list[tuple[int, Cell]]:
    """Cells that are filled and do not look like a bare national id, with their places."""
    if _look_like_ids(column):
        return []
    return [
        (place, cell)
        for place, cell in enumerate(column)
        if (
            cell and not (len(cell) == _ID_DIGITS and cell.isdigit())
            if isinstance(cell, str)
            else cell < _LEAST_ID
        )
    ]  # fmt: skip


def _look_like_ids(column: Sequence[Cell]) -> bool:
    """Whether it is plain that all of them do."""
    kinds = set(map(type, column))
    if kinds == {str}:
        texts = cast("Sequence[str]", column)
        return set(map(len, texts)) == {_ID_DIGITS} and "".join(texts).isdigit()
    return kinds == {float} and min(cast("Sequence[float]", column)) >= _LEAST_ID


def _is_of_nobody(cell: Cell, row: Sequence[Cell]) -> bool:
    """A title, a page number or a total whose words, or whose count, stand among the ids."""
    if is_footer(cell):
        return True
    key = fold(str(cell))
    alone = sum(one != "" for one in row) == 1
    if alone and not any(letter.isdigit() for letter in key):
        return True
    counted = len(key) <= _COUNT_DIGITS and not key.strip("0123456789")
    return counted and (alone or any(map(is_total, row)))


def _says_nothing(row: Sequence[Cell]) -> bool:
    """A row without a national id that is blank, a title, a page number or a total."""
    filled = [cell for cell in row if cell != ""]
    return (
        len(filled) <= 1
        or all(map(is_footer, filled))
        or any(isinstance(cell, str) and fold(cell).startswith(TOTALS) for cell in filled)
    )
