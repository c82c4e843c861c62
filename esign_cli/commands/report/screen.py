"""The report on a terminal, or as plain text when piped."""

from __future__ import annotations

import shutil
import sys

from esign_cli.cli.console import Console
from esign_cli.foundation.i18n import _, number
from esign_cli.outputs.tables import Kind
from esign_cli.outputs.tables.document import Chart, Document, Section
from esign_cli.outputs.tables.page import written

_SHORT = 10
"""So many rows of a list are shown on a terminal; all of them when piped."""
_BAR = "█"


def show(console: Console, document: Document) -> None:
    """Show numbers, charts and lists; empty lists are in the numbers only."""
    console.out(document.title)
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
    for section in document.sections:
        if not section.shaded:  # the months by district are a table for wider media
            _section(console, section)


def _chart(console: Console, chart: Chart) -> None:
    bars = [bar for bar in chart.bars if bar.value or chart.upright]
    if not bars:
        return
    console.out()
    console.out(chart.title)
    label = max(len(bar.label) for bar in bars)
    said = max(len(bar.said) for bar in bars)
    room = max(10, min(shutil.get_terminal_size().columns, 100) - label - said - 6)
    for bar in bars:
        drawn = _BAR * max(round(room * bar.value / chart.most), bar.value > 0)
        console.out(f"  {bar.label:<{label}}  {bar.said:>{said}}  {drawn}".rstrip())


def _section(console: Console, section: Section) -> None:
    rows = [[written(cell) for cell in row] for row in section.table.rows]
    if not rows:
        return
    console.out()
    console.out(
        f"{section.table.title} · {section.count}" if section.count else section.table.title
    )
    if section.note:
        console.out(section.note)
    columns = section.table.columns
    right = [place for place, column in enumerate(columns) if column.kind is Kind.NUMBER]
    shown = rows[:_SHORT] if sys.stdout.isatty() and section.count else rows
    console.table([column.title for column in columns], shown, right=right)
    if len(shown) < len(rows):
        console.out(
            _("… and more: {count}. All of them: --output rapor.html").format(
                count=number(len(rows) - len(shown))
            )
        )
