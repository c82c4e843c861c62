"""Lists of national ids as people keep them: one a line, a csv, or the rows of a workbook.

The ids stand under a header that says so ("TCKN", "T.C. Kimlik No", …), else in the column that
holds the most of them. Beside each, a date may stand: under a header that is asked for, else, in a
list without headers, in the next column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from esign_cli.foundation import turkish
from esign_cli.foundation.errors.workbooks import IdListUnreadable
from esign_cli.workbooks.mebbis import values
from esign_cli.workbooks.mebbis.cells import TOP_ROWS, Cell
from esign_cli.workbooks.mebbis.fields import NATIONAL_ID_KEYS, ROSTER_KEYS

_SEPARATOR = re.compile(r"[;,\t|]")
_WRAPPING = " \t\"'=\ufeff"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_TIME = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", re.ASCII)
_DATED = ("tarih", "date")
_NONE = -1


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no national id; lines are counted from 1."""

    row: int
    value: str
    second: str = ""
    """What the column of dates says beside it."""


@dataclass(frozen=True, slots=True)
class IdList:
    """The national ids in the order given, and what could not be read."""

    national_ids: tuple[str, ...]
    bad: tuple[BadLine, ...]
    second: tuple[str, ...] = ()
    """What the column of dates says beside each of them; "" where there is none."""
    rows: tuple[int, ...] = ()
    """The row of each of them."""
    headers: tuple[str, ...] = ()
    """What stands in the row above them; () where the list has no headers."""
    dated: str = ""
    """The header of the column of dates; "" where there is none."""

    @property
    def headed(self) -> bool:
        """Whether a header says where the national ids stand."""
        return any(turkish.fold(header) in NATIONAL_ID_KEYS for header in self.headers)

    @property
    def of_roster(self) -> tuple[str, ...]:
        """The headers by which the list is an export of personnel records."""
        return tuple(header for header in self.headers if turkish.fold(header) in ROSTER_KEYS)


EMPTY = IdList((), ())
Rows = Sequence[tuple[int, Sequence[Cell]]]
"""The number of each row, and its cells."""


def is_workbook(content: bytes) -> bool:
    """Return whether it is a file of a spreadsheet program, whose rows somebody else has to
    read.
    """
    return content.startswith((_ZIP, _OLE)) or content.lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"<"


def read(content: bytes, name: str, dated: Sequence[str] = _DATED) -> IdList:
    """Return the national ids of a text or csv file; `name` is for the error alone.

    `dated` are the headers, folded, under which a date is looked for: the first that is there.
    Raises IdListUnreadable for what is no text.
    """
    if content.startswith((_ZIP, _OLE)) or b"\0" in content:
        raise IdListUnreadable(path=name)
    lines = enumerate(_text(content).splitlines(), start=1)
    return from_rows([(row, _cells(line)) for row, line in lines], dated)


def from_rows(rows: Rows, dated: Sequence[str] = _DATED) -> IdList:
    """Return the national ids of these rows.

    Blank rows are passed over, and so are the header with what stands above it, and a first row
    without any digit.
    """
    layout = _layout(rows, dated)
    listed: list[tuple[str, str, int]] = []
    bad: list[BadLine] = []
    for place, (row, cells) in enumerate(rows):
        if place <= layout.header or not any(str(cell).strip() for cell in cells):
            continue
        value, beside = _national_id(_at(cells, layout.ids)), _date(cells, layout)
        if value:
            listed.append((value, beside, row))
        elif place or _has_digit(cells):
            bad.append(BadLine(row, str(_at(cells, layout.ids) or _at(cells, 0)), beside))
    ids, second, numbers = zip(*listed, strict=True) if listed else ((), (), ())
    column = str(_at(layout.headers, layout.dates)).strip()
    return IdList(ids, tuple(bad), second, numbers, tuple(map(str, layout.headers)), column)


@dataclass(frozen=True, slots=True)
class _Layout:
    header: int
    """The place of the header among the rows; _NONE where no header names the national ids."""
    headers: Sequence[Cell]
    ids: int
    dates: int


def _layout(rows: Rows, dated: Sequence[str]) -> _Layout:
    for place, (_row, cells) in enumerate(rows[:TOP_ROWS]):
        keys = [turkish.fold(str(cell)) for cell in cells]
        ids = [column for column, key in enumerate(keys) if key in NATIONAL_ID_KEYS]
        if ids:
            return _Layout(place, cells, ids[0], _first(keys, dated))
    counts: dict[int, int] = {}
    for _row, cells in rows[:TOP_ROWS]:
        for column, cell in enumerate(cells):
            counts[column] = counts.get(column, 0) + bool(_national_id(cell))
    at = max(counts, key=lambda column: (counts[column], -column), default=0)
    headers = rows[0][1] if rows and not _has_digit(rows[0][1]) else ()
    key = turkish.fold(str(_at(headers, at + 1)))
    return _Layout(_NONE, headers, at, at + 1 if not key or key in dated else _NONE)


def _first(keys: Sequence[str], dated: Sequence[str]) -> int:
    return next((keys.index(one) for one in dated if one in keys), _NONE)


def _date(cells: Sequence[Cell], layout: _Layout) -> str:
    """What is written there, without its time; without a header, only what has digits in it.

    A count of days is one only where a header says that it is a date.
    """
    cell, headed = _at(cells, layout.dates), layout.header != _NONE
    if isinstance(cell, str):
        return _TIME.sub("", cell.strip()) if headed or _has_digit([cell]) else ""
    return values.day(cell)[0] or str(cell) if headed else ""


def _has_digit(cells: Sequence[Cell]) -> bool:
    return any(letter.isdigit() for cell in cells for letter in str(cell))


def _at(cells: Sequence[Cell], column: int) -> Cell:
    return cells[column] if 0 <= column < len(cells) else ""


def _national_id(cell: Cell) -> str:
    value = cell.removesuffix(".0") if isinstance(cell, str) else values.national_id(cell)[0]
    return value if turkish.is_national_id(value) else ""


def _cells(line: str) -> list[Cell]:
    return [cell.strip(_WRAPPING) for cell in _SEPARATOR.split(line.strip(_WRAPPING))]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1254", errors="replace")
