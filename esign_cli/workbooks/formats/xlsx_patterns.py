"""What the rows of a sheet of an .xlsx look like, as one regular expression over all their columns.

Where nearly all cells of a column have the same attributes these stand in the expression: half of
what it would have to give is not given.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from esign_cli.workbooks.formats import column_letters

MOST_MATCHED = 256
"""Columns that one regular expression takes apart; wider rows are parsed."""
NEARLY_ALL = 15 / 16
LONGEST_ALIKE = 100
"""Letters of attributes that are made a part of the expression."""
_ANY = (
    r'(?:<{0}c r="{1}(?P=row)"([^>]*+)>(?:<{0}(?:v|is><{0}t(?: xml:space="preserve")?)>([^<]*+)'
    r"</{0}(?:v|t></{0}is)></{0}c>|</{0}c>)?+)?+"
)
_ALIKE = r'(?:<{0}c r="{1}(?P=row)"(?:{2}>{3}</{0}c>|[^>]*+(?<=/)>))?+'
_VALUE = "<{0}v>([^<]*+)</{0}v>"
_VALUES = {
    "inlineStr": r'<{0}is><{0}t(?: xml:space="preserve")?>([^<]*+)</{0}t></{0}is>',
    "s": "<{0}v>([0-9]++)</{0}v>",
}
"""By the type of the cell."""
_TYPE = re.compile(r"""\bt\s*=\s*["'](\w+)""")


@dataclass(frozen=True, slots=True)
class Column:
    """Where the cells of a column are among the groups of the expression."""

    value: int
    alike: str | None
    """The attributes of every cell; None where they are the group before."""

    def attributes(self, groups: Sequence[Sequence[str]]) -> str | Sequence[str]:
        """Return the attributes of all cells, or of each."""
        return groups[self.value - 1] if self.alike is None else self.alike


@dataclass(frozen=True, slots=True)
class Pattern:
    """The first group is the number of a row; the last the whole row if it looks otherwise."""

    rows: re.Pattern[str]
    columns: Mapping[int, Column]

    def is_filled(self, row: Sequence[str]) -> bool:
        """Return whether a row that matched has a cell with a value."""
        return any(row[column.value] for column in self.columns.values())


def learnt(prefix: str, piece: str) -> Pattern:
    """Return the pattern of most rows of a piece of XML, whose names have this prefix."""
    attributes: dict[int, Counter[str]] = defaultdict(Counter)
    written = re.findall(rf'<{prefix}c r="([A-Z]{{1,3}})\d++"([^>]*+)>', piece)
    for (letters, one), times in Counter(written).items():
        attributes[column_letters.to_number(letters)][one] += times
    columns: dict[int, Column] = {}
    cells, group = "", 1
    for number in sorted(attributes)[:MOST_MATCHED]:
        alike = _alike(attributes[number])
        group += 1 if alike is None else 0
        columns[number] = Column(group, alike)
        cells += _cell(prefix, column_letters.of(number), alike)
        group += 1
    other = rf"(<{prefix}row\b(?:[^>]*+(?<=/)>|[^>]*+>.*?</{prefix}row>))"
    row = rf'<{prefix}row r="(?P<row>\d++)"[^>]*+>{cells}</{prefix}row>'
    return Pattern(re.compile(f"{row}|{other}", re.DOTALL), columns)


def _alike(attributes: Mapping[str, int]) -> str | None:
    """The attributes of nearly all cells that are not empty, if they have the same."""
    filled = {one: times for one, times in attributes.items() if not one.endswith("/")}
    commonest = max(filled, key=filled.__getitem__, default="/")
    shared = filled.get(commonest, 0) >= NEARLY_ALL * max(sum(filled.values()), 1)
    return commonest if shared and len(commonest) <= LONGEST_ALIKE else None


def _cell(prefix: str, letters: str, alike: str | None) -> str:
    if alike is None:
        return _ANY.format(prefix, letters)
    kind = _TYPE.search(alike)
    value = _VALUES.get(kind[1] if kind else "", _VALUE).format(prefix)
    return _ALIKE.format(prefix, letters, re.escape(alike), value)
