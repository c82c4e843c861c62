"""Rows under headers: ruled on a wide terminal, stacked on a narrow one, plain when piped."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Sequence
from typing import Literal, TextIO

Rows = Sequence[Sequence[str]]
_NEVER_CUT = 16
"""A column this narrow (ids, dates, numbers) is never wrapped."""
_LEAST = 14
"""What a wider column wants to be readable when it wraps."""
_GAP = 2
_RULED_GAP = 3
"""A space on either side, and one for the rule."""
_LABELLED = re.compile(r" *\S+(?: \S+)* {2,}(?=\S)")


def plain(headers: Sequence[str], rows: Rows, right: Sequence[int] = ()) -> str:
    """Return aligned columns, two spaces apart, no space at the end of a line."""
    widths = _widths([headers, *rows])
    return "\n".join(_line(row, widths, right) for row in [headers, *rows])


def fits(headers: Sequence[str], rows: Rows, width: int) -> bool:
    """Return whether a ruled table of these rows can be read at this width (headers wrap at
    words).
    """
    words = (max(map(len, header.split() or [""])) for header in headers)
    wanted = (w if w <= _NEVER_CUT else _LEAST for w in _widths(rows))
    return sum(max(pair) + _RULED_GAP for pair in zip(words, wanted, strict=True)) <= width


def stacked(headers: Sequence[str], rows: Rows, width: int, right: Sequence[int] = ()) -> str:
    """Return each row on two or more lines: the short columns side by side, the long ones below."""
    widths = _widths([headers, *rows])
    above = _side_by_side(widths, width)
    below = [index for index in range(len(headers)) if index not in above]
    columns = [position for position, index in enumerate(above) if index in right]
    lines = []
    for row in [headers, *rows]:
        lines.append(_line([row[i] for i in above], [widths[i] for i in above], columns))
        rest = " · ".join(row[i] for i in below if row[i])
        lines += textwrap.wrap(rest, width - 1, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def hanging(line: str, width: int) -> str:
    """Return a line "label value" with what does not fit under its value; any other as it is."""
    label = _LABELLED.match(line)
    if label is None or len(line) <= width or label.end() > width // 2:
        return line
    return textwrap.fill(
        line,
        width - 1,
        subsequent_indent=" " * label.end(),
        break_long_words=False,
        break_on_hyphens=False,
    )


def ruled(headers: Sequence[str], rows: Rows, right: Sequence[int], out: TextIO) -> None:
    """Print a table with a rule under its header, to a terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, (header, width) in enumerate(zip(headers, _widths(rows), strict=True)):
        least = width if width <= _NEVER_CUT else None
        justify: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(header, justify=justify, min_width=least, overflow="fold")
    for row in rows:
        table.add_row(*row)
    colourless = "NO_COLOR" in os.environ
    Console(file=out, highlight=False, markup=False, no_color=colourless).print(table)


def _side_by_side(widths: Sequence[int], width: int) -> list[int]:
    chosen: list[int] = []
    room = width
    for index, wanted in enumerate(widths):
        if wanted <= _NEVER_CUT + _GAP * 2 and wanted + _GAP <= room:
            chosen.append(index)
            room -= wanted + _GAP
    return chosen


def _widths(rows: Rows) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if index in right else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return (" " * _GAP).join(cells).rstrip()
