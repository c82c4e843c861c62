"""Rows of delimited text: what a program calls CSV, with whichever delimiter it has.

A quote that is opened and not closed would swallow the lines behind it, people and all. So a line
is read by itself; only where a quoted field plainly goes on in the next line are they joined.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from esign_cli.workbooks.formats.chunks import LONGEST_CELL, Chunk, Unmerged, dense
from esign_cli.workbooks.formats.html_tables import MOST_COLUMNS, MOST_ROWS

UNBALANCED = '#"'
"""What stands in every cell of a line whose quotes do not tell where its fields end."""
_DELIMITERS = (";", "\t", ",", "|")
_LOOKED_AT = 30
_NAMED = "sep="
_MOST_JOINED = 20
"""Lines of one field; more are no address but other people."""
_ID = re.compile(r"(?<!\d)\d{11}(?!\d)", re.ASCII)


class Sheet(Unmerged):
    """The rows of a text, which are read anew each time."""

    name = "CSV"
    visible = True

    def __init__(self, texts: Callable[[], Iterable[str]], rows: int) -> None:
        self._texts = texts
        self.rows = rows

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows, by the delimiter that stands equally often in the most of the first
        lines.

        A first line "sep=;" names it, as Excel has it.
        """
        top = list(islice(_lines(self._texts()), _LOOKED_AT))
        first = top[0].strip().lower() if top else ""
        named = first.startswith(_NAMED) and len(first) == len(_NAMED) + 1
        delimiter = first[-1] if named else _delimiter(top)
        csv.field_size_limit(LONGEST_CELL)
        lines = islice(_lines(self._texts()), int(named), None)
        rows = _Reader(delimiter, top[int(named) :]).rows(lines)
        return dense(islice(rows, MOST_ROWS), in_order=True)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """The lines of a text that comes in pieces, with their ends."""
    waiting: list[str] = []
    for text in texts:
        # a line may go on in the next piece, and so may its end be: "\r" and "\n"
        cut = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
        if cut:
            yield from io.StringIO("".join([*waiting, text[:cut]]), newline="")
            waiting = []
        waiting.append(text[cut:])
    yield from io.StringIO("".join(waiting), newline="")


class _Reader:
    def __init__(self, delimiter: str, top: list[str]) -> None:
        self._delimiter = delimiter
        closed = (line for line in top if line.count('"') % 2 == 0)  # others are parts of rows
        widths = Counter(len(row) for row in map(self._whole, closed) if row)
        del widths[1]
        self._width = widths.most_common(1)[0][0] if widths else 1

    def rows(self, lines: Iterator[str]) -> Iterator[list[str]]:
        waiting: list[str] = []
        while line := waiting.pop(0) if waiting else next(lines, ""):
            row = self._whole(line)
            if row is not None:
                yield row[:MOST_COLUMNS]
                continue
            waiting += islice(lines, _MOST_JOINED - len(waiting))
            joined = self._joined(line, waiting)
            if joined is None:
                yield self._literally(line)
                continue
            count, row = joined
            yield row[:MOST_COLUMNS]
            yield from (
                [] for _ in range(count)
            )  # a row is a line: those that were joined are blank
            del waiting[:count]

    def _whole(self, line: str) -> list[str] | None:
        """The fields of a line; None if a quoted one is still open at its end."""
        if '"' not in line:
            return line.rstrip("\r\n").split(self._delimiter)
        try:
            return next(csv.reader([line], delimiter=self._delimiter, strict=True), [])
        except csv.Error as error:
            if "unexpected end" in str(error):
                return None
        return next(csv.reader([line], delimiter=self._delimiter), [])

    def _joined(self, line: str, following: list[str]) -> tuple[int, list[str]] | None:
        """How many following lines belong to this one, and the row; None if that cannot be."""
        for count, other in enumerate(following, start=1):
            if _ID.search(other) or other.count(self._delimiter) >= self._width - 1 > 0:
                return None
            row = self._whole("".join([line, *following[:count]]))
            if row is not None:
                return (count, row) if len(row) == self._width else None
        return None

    def _literally(self, line: str) -> list[str]:
        """The fields between the delimiters, if they are as many as those of other lines."""
        fields = line.rstrip("\r\n").split(self._delimiter)
        if len(fields) != self._width:
            return [UNBALANCED] * self._width
        return [field.strip('"') for field in fields]


def _delimiter(lines: list[str]) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have the commonest count of it, and that count."""
    counts = Counter(line.count(delimiter) for line in lines)
    counts.pop(0, None)
    return max(((times, count) for count, times in counts.items()), default=(0, 0))
