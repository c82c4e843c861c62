"""A report as one HTML file that needs nothing else: no script, no font, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from esign_cli.foundation import i18n
from esign_cli.outputs.tables import Cell, Column, Kind, Table, Tone
from esign_cli.outputs.tables.charts import drawn
from esign_cli.outputs.tables.document import Document, Section

if TYPE_CHECKING:
    from jinja2 import Template

_SHADES = 5
_RIGHT = (Kind.NUMBER,)
_FIXED = (Kind.ID, Kind.DATE)
"""Kinds whose values stay on one line."""


def to_html(document: Document) -> bytes:
    """Return the page; everything that stands in the document is escaped."""
    page = _template().render(
        page=document,
        drawings=[drawn(chart) for chart in document.charts],
        sections=[(section, _marked(section)) for section in document.sections],
        right=_RIGHT,
    )
    return page.encode("utf-8")


def written(cell: Cell) -> str:
    """Return a cell as people read it: dates dd.mm.yyyy, numbers in the reader's language."""
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, int):
        return i18n.number(cell)
    return "" if cell is None else str(cell)


def as_data(document: Document) -> dict[str, Any]:
    """Return the same as plain values, for what typesets it."""
    return {
        "lang": document.lang,
        "title": document.title,
        "subtitle": document.subtitle,
        "notes": list(document.notes),
        "figures": [
            {"label": f.label, "value": f.value, "tone": f.tone.value, "beside": f.beside}
            for f in document.figures
        ],
        "charts": [
            {
                "title": chart.title,
                "upright": chart.upright,
                "most": chart.most,
                "bars": [{"label": b.label, "value": b.value, "said": b.said} for b in chart.bars],
            }
            for chart in document.charts
        ],
        "sections": [_section(section) for section in document.sections],
        "foot": document.foot,
    }


def _section(section: Section) -> dict[str, Any]:
    rows = [(tone.value, list(map(written, row))) for row, tone in _rows(section.table)]
    columns = [
        {
            "title": column.title,
            "right": column.kind in _RIGHT,
            "weight": _weight(column, [cells[place] for _, cells in rows]),
        }
        for place, column in enumerate(section.table.columns)
    ]
    return {
        "title": section.table.title,
        "note": section.note,
        "empty": section.empty,
        "count": section.count,
        "columns": columns,
        "rows": [{"tone": tone, "cells": cells} for tone, cells in rows],
    }


def _weight(column: Column, cells: Iterable[str]) -> int:
    """How much of a line a column of text wants beside the others; 0: as wide as its values."""
    if column.kind is not Kind.TEXT:
        return 0
    longest = max((len(text) for text in cells), default=0)
    return min(max(longest, len(column.title), _LEAST), _MOST)


_LEAST, _MOST = 8, 45


def _rows(table: Table) -> list[tuple[Sequence[Cell], Tone]]:
    rows = list(table.rows)
    tones = [*table.tones, *[Tone.PLAIN] * (len(rows) - len(table.tones))]
    return list(zip(rows, tones, strict=True))


def _marked(section: Section) -> list[tuple[Tone, list[tuple[str, str]]]]:
    """The rows with their tones; each cell as text with its class on the page."""
    rows = _rows(section.table)
    most = max((cell for row, _ in rows for cell in row if isinstance(cell, int)), default=0)

    def marked(cell: Cell, column: Column) -> tuple[str, str]:
        if not isinstance(cell, int):
            return written(cell), "fixed" if column.kind in _FIXED else ""
        shade = -(-cell * _SHADES // most) if section.shaded and most else 0
        return written(cell), f"number shade-{shade}" if shade > 0 else "number"

    columns = section.table.columns
    return [(tone, list(map(marked, row, columns))) for row, tone in rows]


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    source = resources.files("esign_cli.outputs").joinpath("templates", "report.html")
    return environment.from_string(source.read_text(encoding="utf-8"))
