"""Lists of national ids as people keep them: one a line, a csv, or the rows of a workbook.

The ids stand under a header that says so ("TCKN", "T.C. Kimlik No", …), else in the column that
holds the most of them. Beside each, a date may stand: under a header that says so, else in the next
column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from esign_cli import errors, turkish
from esign_cli.mebbis import values
from esign_cli.mebbis.cells import TOP_ROWS, Cell
from esign_cli.mebbis.layouts import NATIONAL_ID_KEYS

_SEPARATOR = re.compile(r"[;,\t|]")
_WRAPPING = " \t\"'=\ufeff"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DATES, _OTHER_DATES = ("tarih", "date"), ("dogumtarihi", "sertifika")
_NONE = -1


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no national id; lines are counted from 1."""

    row: int
    value: str


@dataclass(frozen=True, slots=True)
class IdList:
    """The national ids in the order given, and what could not be read."""

    national_ids: tuple[str, ...]
    bad: tuple[BadLine, ...]
    second: tuple[str, ...] = ()
    """What the column of dates says beside each of them; "" where there is none."""


Rows = Sequence[tuple[int, Sequence[Cell]]]
"""The number of each row, and its cells."""


def is_workbook(content: bytes) -> bool:
    """Whether it is a file of a spreadsheet program, whose rows somebody else has to read."""
    return content.startswith((_ZIP, _OLE)) or content.lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"<"


def read(content: bytes, name: str) -> IdList:
    """The national ids of a text or csv file; `name` is for the error alone.

    Raises IdListUnreadable for what is no text.
    """
    if content.startswith((_ZIP, _OLE)) or b"\0" in content:
        raise errors.IdListUnreadable(path=name)
    lines = enumerate(_text(content).splitlines(), start=1)
    return of_rows([(row, _cells(line)) for row, line in lines])


def of_rows(rows: Rows) -> IdList:
    """The national ids of these rows.

    Blank rows are passed over, and so are the header with what stands above it, and a first row
    without any digit.
    """
    header, at, beside = _layout(rows)
    found: list[str] = []
    second: list[str] = []
    bad: list[BadLine] = []
    for place, (row, cells) in enumerate(rows):
        if place <= header or not any(str(cell).strip() for cell in cells):
            continue
        value = _national_id(_at(cells, at))
        if value:
            found.append(value)
            second.append(_date(_at(cells, beside), headed=header != _NONE))
        elif place or any(letter.isdigit() for cell in cells for letter in str(cell)):
            bad.append(BadLine(row, str(_at(cells, at) or _at(cells, 0))))
    return IdList(tuple(found), tuple(bad), tuple(second))


def _layout(rows: Rows) -> tuple[int, int, int]:
    """The place of the header among the rows, the column of the ids and that of the dates."""
    for place, (_row, cells) in enumerate(rows[:TOP_ROWS]):
        keys = [turkish.fold(str(cell)) for cell in cells]
        ids = [column for column, key in enumerate(keys) if key in NATIONAL_ID_KEYS]
        if ids:
            return place, ids[0], next(filter(lambda c: _is_date(keys[c]), range(len(keys))), _NONE)
    counts: dict[int, int] = {}
    for _row, cells in rows[:TOP_ROWS]:
        for column, cell in enumerate(cells):
            counts[column] = counts.get(column, 0) + bool(_national_id(cell))
    at = max(counts, key=lambda column: (counts[column], -column), default=0)
    return _NONE, at, at + 1


def _date(cell: Cell, *, headed: bool) -> str:
    """What is written there; a count of days only where the header says that it is a date."""
    if isinstance(cell, str):
        return cell.partition(" ")[0] if cell[:4].isdecimal() else cell
    return values.day(cell)[0] if headed else ""


def _is_date(key: str) -> bool:
    return any(word in key for word in _DATES) and not any(word in key for word in _OTHER_DATES)


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
