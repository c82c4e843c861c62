"""The report on a terminal, or as plain text when piped."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from esign_cli.cli import tables
from esign_cli.cli.console import Console
from esign_cli.foundation.i18n import _, number
from esign_cli.outputs.tables import Kind, Tone, tone_of
from esign_cli.outputs.tables.document import Chart, Document, Section
from esign_cli.outputs.tables.page import written
from esign_cli.renewals.report_summary import Listed

_SHORT = 10
"""So many rows of a list are shown on a terminal; all of them when piped."""
_BAR = "█"
_LOOKS = {Tone.PLAIN: "", Tone.GOOD: "green", Tone.NOTICE: "yellow", Tone.BAD: "red"}


Numbers = Mapping[str, Sequence[int | None]]
"""Of the people in each list, by its name, in its order."""


def first(lines: Iterable[Listed]) -> list[str]:
    """Return the national ids of those of a list whom a terminal shows."""
    return [one.national_id for one in itertools.islice(lines, _SHORT)]


def show(console: Console, document: Document, numbers: Numbers) -> None:
    """Show numbers, charts and lists; empty lists are in the numbers only."""
    console.heading(document.title)
    console.out(document.subtitle)
    for note in document.notes:
        console.out(note)
    console.out()
    width = max(len(figure.label) for figure in document.figures)
    for figure in document.figures:
        beside = f"  ({figure.beside})" if figure.beside else ""
        console.out(f"  {figure.label:<{width}}  {figure.value:>7}{beside}")
    for chart in document.charts:
        _chart(console, chart)
    for section in sorted(document.sections, key=lambda one: not one.shaded):
        if not section.shaded or _has_room(section):
            _section(console, section, numbers.get(section.name, ()))


def _has_room(section: Section) -> bool:
    """Whether the months by district, which are many columns, fit; a file has them in any case."""
    titles = [column.title for column in section.table.columns]
    rows = [list(map(written, row)) for row in section.table.rows]
    return not sys.stdout.isatty() or tables.fits(titles, rows, shutil.get_terminal_size().columns)


def _chart(console: Console, chart: Chart) -> None:
    bars = [bar for bar in chart.bars if bar.value or chart.upright]
    if not bars:
        return
    console.out()
    console.heading(chart.title)
    label = max(len(bar.label) for bar in bars)
    said = max(len(bar.said) for bar in bars)
    room = max(10, min(shutil.get_terminal_size().columns, 100) - label - said - 6)
    for bar in bars:
        drawn = _BAR * max(round(room * bar.value / chart.most), bar.value > 0)
        console.out(f"  {bar.label:<{label}}  {bar.said:>{said}}  {drawn}".rstrip())


def _section(console: Console, section: Section, numbers: Sequence[int | None]) -> None:
    few = sys.stdout.isatty() and section.count is not None
    rows = list(itertools.islice(section.table.rows, _SHORT if few else None))
    if not rows:
        return
    console.out()
    counted = "" if section.count is None else f" · {number(section.count)}"
    console.heading(section.table.title + counted)
    if section.note:
        console.out(section.note)
    columns = section.table.columns
    right = [place for place, column in enumerate(columns) if column.kind is Kind.NUMBER]
    titles = [column.title for column in columns]
    first = [list(map(written, row)) for row in rows]
    if numbers:
        titles, right = [_("No"), *titles], [0, *(place + 1 for place in right)]
        first = [[str(one or ""), *row] for one, row in zip_longest(numbers[: len(first)], first)]
    looks = [[_LOOKS[tone_of(row)]] * len(titles) for row in rows]
    console.table(titles, first, right=right, styles=looks)
    if more := (section.count or len(rows)) - len(rows):
        line = _("… and more: {count}. All of them: --output rapor.html")
        console.out(line.format(count=number(more)))
