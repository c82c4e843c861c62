"""From the cells of a sheet to the values of its fields, a block of rows at a time.

Column by column and without an object per row: a ministry has 1.2 million of them. This half of the
reading happens where the workbook is, beside the other half (`mebbis_import`), on another core.
"""

from __future__ import annotations

import hashlib
import marshal
import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from itertools import compress, repeat
from typing import Any

from esign_cli.mebbis import values as read
from esign_cli.mebbis.cells import Cell, Plan
from esign_cli.mebbis.layouts import NATIONAL_ID_KEYS
from esign_cli.turkish import fold, mask

LONGEST_SHOWN = 60
_TOTALS = ("toplam", "geneltoplam")
_DIGEST_BYTES = 8
_MARSHAL = 2
"""The last version that writes equal rows as equal bytes."""
_READERS: dict[str, Callable[[Cell], read.Read]] = {
    "national_id": read.national_id,
    "identity": read.identity,
    "full_name": read.full_name,
    "institution_code": read.code,
    "assigned_institution_code": read.code,
    "registry_no": read.code,
    "certificate_serial": read.code,
    "province": read.province,
    "assigned_province": read.province,
    "place": read.place,
    "assigned_place": read.place,
    "start": read.day,
    "end": read.day,
    "birth_date": read.birth_day,
    "certificate_end": read.day,
    "email": read.email,
    "mobile_phone": read.mobile_phone,
}
_DAYS = frozenset(("start", "end", "birth_date", "certificate_end"))
_NUMBER = re.compile(r"\d{5,}")


Found = list[tuple[int, str, str, str]]
"""Bad cells, as in `cells.Block`."""


class FieldReader:
    """Reads the columns of some fields."""

    def __init__(self, fields: Sequence[str], *, serials_from_1904: bool = False) -> None:
        self._columns = {
            field: read.Column(_reader(field, serials_from_1904=serials_from_1904))
            for field in fields
        }

    def read(self, cells: Mapping[str, Sequence[Cell]]) -> tuple[dict[str, list[str]], Found]:
        """The values of each field, and what was wrong with cells."""
        values = {field: column.values(cells[field]) for field, column in self._columns.items()}
        found = [
            (place, field, code, shown(field, cells[field][place]))
            for field, column in self._columns.items()
            for place, code in column.problems()
        ]
        return values, found


class CellReader:
    """Reads the rows of one sheet as a plan says."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._key = list(plan.fields).index(plan.key)
        self._known = set(array("q", plan.known))
        early = [field for field in plan.fields if field not in plan.late]
        self._early = FieldReader(early, serials_from_1904=plan.serials_from_1904)
        self._headers = NATIONAL_ID_KEYS | {fold(plan.header)}

    def block(
        self, first_row: int, columns: Sequence[Sequence[Cell]], whole: Mapping[int, Sequence[Cell]]
    ) -> tuple[Any, ...]:
        """The fields of `cells.Block`, in its order, from cells by column.

        `whole` holds every cell of the rows without a key, by their place.
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
                    kept and digest not in wanted
                    for kept, digest in zip(keep, digests, strict=True)
                ]
            columns = [list(compress(column, keep)) for column in columns]
            rows = list(compress(rows, keep))
            digests = list(compress(digests, keep))
        cells = dict(zip(self._plan.fields, columns, strict=True))
        values, found = self._early.read(cells)
        late = {field: cells[field] for field in self._plan.late}
        return first_row, count, list(rows), values, late, found, len(ignored), digests, known

    def _digests(self, columns: Sequence[Sequence[Cell]]) -> tuple[list[int], list[int]]:
        """Those of all rows, and those that are known."""
        if not self._plan.digests:
            return [], []
        blake, salt = hashlib.blake2b, self._plan.salt
        pieces = [
            blake(row, digest_size=_DIGEST_BYTES, person=salt).digest()
            for row in map(marshal.dumps, zip(*columns, strict=True), repeat(_MARSHAL))
        ]
        digests = array("q", b"".join(pieces)).tolist()
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
        ignored = set(range(min(self._plan.header_row - first + 1, count)))
        ignored |= {place for place, row in whole.items() if _says_nothing(row)}
        words = [
            (place, fold(cell))
            for place, cell in enumerate(columns[self._key])
            if isinstance(cell, str) and cell and not cell[-1].isdigit()
        ]
        for place, key in words:
            alone = sum(column[place] != "" for column in columns) == 1
            letters_only = not any(letter.isdigit() for letter in key)
            if key in self._headers or key.startswith(_TOTALS) or (alone and letters_only):
                ignored.add(place)
        return ignored


def _reader(field: str, *, serials_from_1904: bool) -> Callable[[Cell], read.Read]:
    reader = _READERS.get(field, read.text)
    if serials_from_1904 and field in _DAYS:
        return lambda cell: reader(read.from_1904(cell))
    return reader


def shown(field: str, cell: Cell) -> str:
    """A cell as people may see it: a national id masked, a long text cut."""
    if field == "national_id":
        return mask(read.code(cell)[0])[:LONGEST_SHOWN]
    if field == "identity":
        return _NUMBER.sub(lambda digits: mask(digits[0]), str(cell))[:LONGEST_SHOWN]
    return (read.text(cell)[0] or str(cell))[:LONGEST_SHOWN]


def _says_nothing(row: Sequence[Cell]) -> bool:
    """A row without a national id that is blank, a title, a page number or a total."""
    filled = [cell for cell in row if cell != ""]
    return len(filled) <= 1 or any(
        isinstance(cell, str) and fold(cell).startswith(_TOTALS) for cell in filled
    )
