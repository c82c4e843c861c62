"""What a cell of an .xlsx says, by its type and style ([ISO/IEC 29500-1] 18.3.1.4, 18.8.30)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

UNCALCULATED = "#?"
"""What stands for the value of a formula that no program has calculated yet."""
UNCLEAR = "#+"
"""What stands for a text of which a part is crossed out, or for several that only the eye tells
apart."""
Texts = Sequence[str]
Convert = Callable[[str], Any]

_TYPE = re.compile(r"""\bt\s*=\s*["'](\w+)""")
_STYLE = re.compile(r"""\bs\s*=\s*["'](\d+)""")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NO_TOKENS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_TOKENS = re.compile(r"[dyhs]|m(?!.*[#0?])", re.IGNORECASE)
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  (a spreadsheet's days have no zone)
_FALSE_LEAP_DAY = 60
_LAST_SERIAL = 2_958_466
_DAYS_TO_1904 = 1462
_SAMPLE = 64
"""Cells by which it is told whether the strings of a column come again."""
_SURROGATES = range(0xD800, 0xE000)


def text(given: str) -> str:
    """Return text without the escapes of XML and of the format ("_x000D_", 22.9.2.19)."""
    if "&" in given:
        given = html.unescape(given)
    return _ESCAPED.sub(_letter, given) if "_x" in given else given


def _letter(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if code in _SURROGATES else chr(code)


def is_date(code: str) -> bool:
    """Return whether a number format shows a day or a time: "dd.mm.yyyy", and not "#,##0"."""
    first = _NO_TOKENS.sub("", code.partition(";")[0])
    return first.casefold() != "general" and _DATE_TOKENS.search(first) is not None


def built_in_date(number: int) -> bool:
    """Return whether a format that has a number only shows a day or a time (18.8.30)."""
    return number in _BUILT_IN_DATES


class Cells:
    """Turns the texts of cells into what they say, by the attributes of their elements."""

    def __init__(self, strings: Sequence[str], dates: frozenset[int], *, from_1904: bool) -> None:
        self._strings = strings
        self._dates = dates
        self._shift = _DAYS_TO_1904 if from_1904 else 0
        self._known: dict[str, Convert] = {}
        self._days = _Cached(self._day)
        self._again = _Cached(self._shared)

    def one(self, kind: str, style: int, value: str) -> Any:
        """Return a cell by its type ("n" if it names none), the number of its style and its
        text.
        """
        return self._convert(kind, style)(value)

    def many(self, attributes: str | Texts, values: Texts) -> list[Any]:
        """Return cells by their attributes as they are written, of all or of each, and their
        texts.
        """
        if isinstance(attributes, str):
            return self._all(self._by(attributes), values)
        converts = {one: self._by(one) for one in set(attributes)}
        ways = set(converts.values())
        if len(ways) == 1:
            return self._all(ways.pop(), values)
        return [converts[one](value) for one, value in zip(attributes, values, strict=True)]

    def _all(self, convert: Convert, values: Texts) -> list[Any]:
        """The same as cell by cell, faster where values come again or no cell is empty."""
        if convert == self._shared:
            if 2 * len(set(values[:_SAMPLE])) < len(values[:_SAMPLE]):
                return list(map(self._again.__getitem__, values))
            if all(values):
                places = list(map(int, values))
                if min(places, default=0) < 0:
                    raise IndexError(min(places))
                return list(map(self._strings.__getitem__, places))
        if convert == _number and all(values):
            return list(map(float, values))
        return list(map(convert, values))

    def _by(self, attributes: str) -> Convert:
        if attributes not in self._known:
            kind, style = _TYPE.search(attributes), _STYLE.search(attributes)
            self._known[attributes] = self._convert(
                kind[1] if kind else "n", int(style[1]) if style else 0
            )
        return self._known[attributes]

    def _convert(self, kind: str, style: int) -> Convert:
        if kind == "n":
            return self._days.__getitem__ if style in self._dates else _number
        return self._shared if kind == "s" else _CONVERTS.get(kind, text)

    def _shared(self, value: str) -> str:
        if value[:1] == "-":
            raise IndexError(value)  # Python would count from the end
        return self._strings[int(value)] if value else ""

    def _day(self, value: str) -> str | float:
        """A count of days as an ISO day, moment or time; as it is where no calendar has it."""
        serial = float(value) if value else 0.0
        if not value or not 0 < serial + self._shift < _LAST_SERIAL:
            return serial if value else ""
        if serial < 1:
            return str((_DAY_ZERO + timedelta(seconds=round(serial * 86_400))).time())
        days = serial + self._shift
        days += 1 if days < _FALSE_LEAP_DAY else 0
        if days.is_integer():
            return date.fromordinal(_DAY_ZERO.toordinal() + int(days)).isoformat()
        moment = _DAY_ZERO + timedelta(seconds=round(days * 86_400))
        return str(moment.date() if moment.time() == _DAY_ZERO.time() else moment)


class _Cached(dict[str, Any]):
    """A function of text that remembers."""

    def __init__(self, function: Convert) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, value: str) -> Any:
        computed = self[value] = self._function(value)
        return computed


def _number(value: str) -> float | str:
    return float(value) if value else ""


def moment(value: str) -> str:
    """Return a day or a moment in ISO form as a cell; one of UTC, which may be of another day here,
    stays one.
    """
    day, _, time = value.partition("T")
    return value.replace("T", " ") if time.strip("0:.Z") else day.removesuffix("Z")


_CONVERTS: dict[str, Convert] = {
    "b": lambda value: {"1": "TRUE", "0": "FALSE"}.get(value, value),
    "d": moment,
}
