"""Rows under headers: ruled on a wide terminal, stacked on a narrow one, plain when piped."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from esign_cli.outputs.tables.columns import ColumnSpec

Rows = Sequence[Sequence[str]]
Styles = Sequence[Sequence[str]]
"""Of each cell of each row, in Rich's words."""
_TONES = {"": "", "good": "green", "notice": "yellow", "bad": "red"}
_NEVER_CUT = 16
"""A column this narrow (ids, dates, numbers) is never wrapped."""
_LEAST = 14
"""What a wider column wants to be readable when it wraps."""
_LONGEST_WORD = 24
"""A longer one may be cut."""
_GAP = 2
_RULED_GAP = 3
"""A space on either side, and one for the rule."""
_WHOLE = re.compile(r" +(?:esign|sudo|git) | *(?:[/\\]|[A-Za-z]:\\)")
"""How a line begins that is a command, which is set in, or a path."""
_COPIED = re.compile(
    r"(?P<said>.*: )(?P<copied>(?:esign|sudo|git) (?:(?!\. ).)*[^.]|[/\\]\S*|[A-Za-z]:\\\S*)"
)
"""One at the end of a line, behind what is said of it."""
_LABELLED = re.compile(r" *\S+(?: \S+)* {2,}(?=\S)")


def plain(headers: Sequence[str], rows: Rows, right: Sequence[int] = ()) -> str:
    """Return aligned columns, two spaces apart, no space at the end of a line."""
    widths = _widths([headers, *rows])
    return "\n".join(_line(row, widths, right) for row in [headers, *rows])


def fits(headers: Sequence[str], rows: Rows, width: int) -> bool:
    """Return whether a ruled table of these rows can be read at this width (headers wrap at
    words).
    """
    pairs = zip(_header_words(headers), _least_widths(rows), strict=True)
    return sum(max(pair) + _RULED_GAP for pair in pairs) <= width


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
        if rest:
            lines.append(_filled(f"    {rest}", width, 4))
    return "\n".join(lines)


def hanging(line: str, width: int, further: int = 2) -> str:
    """Return a line with what does not fit below it, broken between words.

    Of "label  value" it goes on under the value, else so much `further` in than it begins. A
    command or a path at its end, which somebody copies, stays whole.
    """
    begin = len(line) - len(line.lstrip())
    if len(line) <= width or _WHOLE.match(line):
        return line
    if (end := _COPIED.fullmatch(line)) is not None:
        return f"{hanging(end['said'].rstrip(), width, further)}\n{' ' * begin}{end['copied']}"
    label = _LABELLED.match(line)
    under_value = label is not None and label.end() <= width // 2
    indent = label.end() if label and under_value else begin + further
    return _filled(line, width, indent)


def _filled(text: str, width: int, indent: int) -> str:
    return textwrap.fill(
        text,
        width - 1,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def styles(specs: Sequence[ColumnSpec], one: Any, urgent: bool) -> list[str]:
    """Return how each cell of a row looks: coloured by its tone, all in bold if it is urgent."""
    tones = (_TONES[spec.tone(one) if spec.tone else ""] for spec in specs)
    return [f"bold {tone}".strip() if urgent else tone for tone in tones]


def ruled(
    headers: Sequence[str],
    rows: Rows,
    right: Sequence[int],
    out: TextIO,
    looks: Styles = (),
) -> None:
    """Print a table with a rule under its header, to a terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colourless = "NO_COLOR" in os.environ
    console = Console(file=out, highlight=False, markup=False, no_color=colourless)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, (header, width) in enumerate(
        zip(headers, _ruled_widths(headers, rows, console.width), strict=True)
    ):
        justify: Literal["left", "right"] = "right" if index in right else "left"
        table.add_column(header, justify=justify, width=width, overflow="fold")
    for row, look in zip_longest(rows, looks, fillvalue=()):
        cells = zip_longest(row, look, fillvalue="")
        table.add_row(*(Text(cell, style) for cell, style in cells))
    console.print(table)


def _ruled_widths(headers: Sequence[str], rows: Rows, width: int) -> list[int]:
    """How wide each column is: as it wants to be, else the widest gives way down to its words.

    Only where these do not fit, the longest of them are cut. Rich, left to itself, keeps headers
    whole and cuts the last column off.
    """
    widths = _widths([headers, *rows])
    words = [_longest_word(column) for column in zip(headers, *rows, strict=True)]
    cut = _least_widths(rows) if rows else [0] * len(headers)
    for least in (words, cut):
        floor = [max(pair) for pair in zip(_header_words(headers), least, strict=True)]
        _give_way(widths, floor, width - _RULED_GAP * len(widths))
    return widths


def _give_way(widths: list[int], least: Sequence[int], room: int) -> None:
    """Narrow the widest columns, none below its least width, until all have room, if they can."""
    while sum(widths) > room:
        spare = [index for index, wide in enumerate(widths) if wide > least[index]]
        if not spare:
            return
        widths[max(spare, key=lambda index: widths[index])] -= 1


def _side_by_side(widths: Sequence[int], width: int) -> list[int]:
    chosen: list[int] = []
    room = width
    for index, wanted in enumerate(widths):
        if wanted <= _NEVER_CUT + _GAP * 2 and wanted + _GAP <= room:
            chosen.append(index)
            room -= wanted + _GAP
    return chosen


def _least_widths(rows: Rows) -> list[int]:
    """What each column wants at least: all of it if it is narrow, else its longest word."""
    return [
        width if width <= _NEVER_CUT else max(_LEAST, min(_longest_word(column), _LONGEST_WORD))
        for width, column in zip(_widths(rows), zip(*rows, strict=True), strict=True)
    ]


def _header_words(headers: Sequence[str]) -> list[int]:
    """The longest word of each header, which wraps at words."""
    return [max(map(len, header.split() or [""])) for header in headers]


def _longest_word(texts: Sequence[str]) -> int:
    return max((len(word) for text in texts for word in text.split()), default=0)


def _widths(rows: Rows) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if index in right else cell.ljust(width)
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return (" " * _GAP).join(cells).rstrip()
