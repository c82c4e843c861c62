"""Lists of national ids as people keep them: one a line, or the first column of a csv.

What stands in the second column is given as well: where dates are wanted, it may be one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from esign_cli import errors, turkish

_SEPARATOR = re.compile(r"[;,\t|]")
_WRAPPING = " \t\"'=\ufeff"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


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
    """What the second column says beside each of them; "" where there is none."""


def read(content: bytes, name: str) -> IdList:
    """The national ids of a text or csv file; `name` is for the error alone.

    Blank lines are passed over, and so is a first line without any digit (a header). Raises
    IdListUnreadable for what is no text.
    """
    if content.startswith((_ZIP, _OLE)) or b"\0" in content:
        raise errors.IdListUnreadable(path=name)
    found: list[str] = []
    second: list[str] = []
    bad: list[BadLine] = []
    for row, line in enumerate(_text(content).splitlines(), start=1):
        cell, beside, *_rest = (*_SEPARATOR.split(line.strip(_WRAPPING)), "")
        cell, beside = cell.strip(_WRAPPING), beside.strip(_WRAPPING)
        value = cell.removesuffix(".0")
        if turkish.is_national_id(value):
            found.append(value)
            second.append(beside)
        elif line.strip() and not (row == 1 and not re.search(r"\d", line)):
            bad.append(BadLine(row, cell))
    return IdList(tuple(found), tuple(bad), tuple(second))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("windows-1254", errors="replace")
