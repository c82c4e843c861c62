"""The geometry of bar charts: numbers in, places and sizes out."""

from __future__ import annotations

from dataclasses import dataclass

from esign_cli.outputs.tables.document import Chart

WIDTH = 720
"""Units of a chart's own; it is drawn as wide as the page gives."""
_HEIGHT, _BELOW, _ABOVE = 220, 26, 22
_ROW, _LABELS, _SAID = 24, 190, 60
_GAP = 0.25
"""Of a column's place."""
_LONGEST_LABEL = 28


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar with its label and its value, each with the place where it stands."""

    label: str
    said: str
    corner: Point
    size: Point
    label_at: Point
    said_at: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of so many units by so many."""

    title: str
    description: str
    upright: bool
    height: float
    bars: tuple[Drawn, ...]
    width: int = WIDTH


def drawn(chart: Chart) -> Drawing:
    """Return where everything of a chart stands; the longest bar fills its room."""
    description = "; ".join(f"{bar.label}: {bar.said}" for bar in chart.bars)
    bars = _columns(chart) if chart.upright else _rows(chart)
    height = _HEIGHT if chart.upright else _ROW * max(1, len(chart.bars))
    return Drawing(chart.title, description, chart.upright, height, bars)


def _columns(chart: Chart) -> tuple[Drawn, ...]:
    place = WIDTH / max(1, len(chart.bars))
    room = _HEIGHT - _BELOW - _ABOVE
    drawn = []
    for number, bar in enumerate(chart.bars):
        height = room * bar.value / chart.most
        x, top = number * place + place * _GAP / 2, _ABOVE + room - height
        middle = number * place + place / 2
        drawn.append(
            Drawn(
                bar.label,
                bar.said,
                corner=_at(x, top),
                size=_at(place * (1 - _GAP), height),
                label_at=_at(middle, _HEIGHT - 8),
                said_at=_at(middle, top - 6),
            )
        )
    return tuple(drawn)


def _rows(chart: Chart) -> tuple[Drawn, ...]:
    room = WIDTH - _LABELS - _SAID
    drawn = []
    for number, bar in enumerate(chart.bars):
        width, top = room * bar.value / chart.most, number * _ROW
        middle = top + _ROW / 2 + 4
        label = bar.label
        if len(label) > _LONGEST_LABEL:
            label = label[: _LONGEST_LABEL - 1] + "…"
        drawn.append(
            Drawn(
                label,
                bar.said,
                corner=_at(_LABELS, top + 4),
                size=_at(width, _ROW - 8),
                label_at=_at(_LABELS - 8, middle),
                said_at=_at(_LABELS + width + 6, middle),
            )
        )
    return tuple(drawn)


def _at(x: float, y: float) -> Point:
    return round(x, 1), round(y, 1)
