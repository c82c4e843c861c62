"""A report as one HTML file that needs nothing else: no font, nothing from outside.

Its one script, which the page allows by its hash alone, sorts and searches the lists.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import IO, TYPE_CHECKING, Any

from esign_cli.foundation import i18n
from esign_cli.foundation.i18n import _
from esign_cli.foundation.plain_text import plain
from esign_cli.outputs.tables import Cell, Column, Kind, Row, Tone, tone_of
from esign_cli.outputs.tables.charts import drawn
from esign_cli.outputs.tables.document import Document, Section

if TYPE_CHECKING:
    from jinja2 import Template

_SHADES = 5
_PIECES = 1000
"""Of the page, so many are written at a time."""
_RIGHT = (Kind.NUMBER,)
_FIXED = (Kind.ID, Kind.DATE, Kind.PHONE)
"""Kinds whose values stay on one line."""


def write_html(document: Document, file: IO[bytes]) -> None:
    """Write the page, a row at a time; what stands in the document is escaped, and moves or hides
    nothing.
    """
    script = _script()
    pieces = _template().stream(
        page=document,
        script=script,
        script_sha256=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        words={"search": _("Search this list"), "sort": _("Put in order")},
        drawings=[drawn(chart) for chart in document.charts],
        sections=document.sections,
        marked=_marked,
        number=i18n.number,
        right=_RIGHT,
    )
    pieces.enable_buffering(_PIECES)
    for piece in pieces:
        file.write(plain(piece).encode("utf-8"))


def written(cell: Cell) -> str:
    """Return a cell as people read it: dates dd.mm.yyyy, numbers in the reader's language."""
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, int):
        return i18n.number(cell)
    return "" if cell is None else plain(str(cell))


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
    rows = [(tone_of(row).value, list(map(written, row))) for row in section.table.rows]
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
        "count": "" if section.count is None else i18n.number(section.count),
        "columns": columns,
        "rows": [{"tone": tone, "cells": cells} for tone, cells in rows],
    }


def _weight(column: Column, cells: Iterable[str]) -> int:
    """How much of a line a column of text wants beside the others; 0: as wide as its values."""
    texts = list(cells)
    if column.kind is not Kind.TEXT or not any(" " in text for text in texts):
        return 0  # a word alone would run into the next column
    longest = max(map(len, texts))
    return min(max(longest, len(column.title), _LEAST), _MOST)


_LEAST, _MOST = 8, 45


@dataclass(frozen=True, slots=True)
class _PageCell:
    """A cell as it stands on the page."""

    text: str
    mark: str = ""
    """Its class."""
    value: str = ""
    """What it is sorted by, where that is not its text."""
    link: str = ""
    lines: Sequence[str] = ()
    """What opens below it."""


def _marked(section: Section) -> Iterator[tuple[Tone, list[_PageCell]]]:
    """The rows with their tones; what a row tells more of opens below its first text."""
    columns = section.table.columns
    shaded = section.table.rows if section.shaded else ()
    most = max((cell for row in shaded for cell in row if isinstance(cell, int)), default=0)

    def marked(cell: Cell, column: Column) -> _PageCell:
        text = written(cell)
        if isinstance(cell, int):
            shade = -(-cell * _SHADES // most) if most else 0
            mark = f"number shade-{shade}" if shade > 0 else "number"
            return _PageCell(text, mark, value=str(cell))
        value = cell.isoformat() if isinstance(cell, date) else ""
        link = _telephone(text) if column.kind is Kind.PHONE else ""
        return _PageCell(text, "fixed" if column.kind in _FIXED else "", value, link)

    name = next((n for n, column in enumerate(columns) if column.kind is Kind.TEXT), 0)
    for row in section.table.rows:
        cells = list(map(marked, row, columns))
        if isinstance(row, Row):
            cells[name] = replace(cells[name], lines=row.details)
        yield tone_of(row), cells


def _telephone(text: str) -> str:
    """The address of a number that can be rung, as of 0532 000 00 01; nothing of any other text."""
    digits = "".join(text.split())
    return f"tel:+9{digits}" if _RINGS.fullmatch(digits) else ""


_RINGS = re.compile(r"0[2-5][0-9]{9}", re.ASCII)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_source("report.html"))


@cache
def _script() -> str:
    return _source("report.js")


def _source(name: str) -> str:
    place = resources.files("esign_cli.outputs").joinpath("templates", name)
    return place.read_text(encoding="utf-8")
