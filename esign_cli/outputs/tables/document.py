"""A report in the reader's words, before it takes the form of a page, a print or a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from esign_cli.outputs.tables import Table, Tone


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is seen at a glance."""

    label: str
    value: str
    tone: Tone = Tone.PLAIN
    target: str = ""
    """The name of the section that it counts."""
    beside: str = ""
    """What is said beside the number."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    value: int
    said: str
    """The value as it is written."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside each other (`upright`) or below each other."""

    title: str
    bars: Sequence[Bar]
    upright: bool = True

    @property
    def most(self) -> int:
        """The longest bar's value, at least 1."""
        return max([1, *(bar.value for bar in self.bars)])


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what has to be known of it."""

    name: str
    """A name for links; no two sections have the same."""
    table: Table
    note: str = ""
    empty: str = ""
    """What is said in place of a table without rows."""
    count: int | None = None
    """How many rows there are, where that is told."""
    shaded: bool = False
    """Numbers are shaded by their size."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    lang: str
    title: str
    subtitle: str
    notes: Sequence[str]
    figures: Sequence[Figure]
    charts: Sequence[Chart]
    sections: Sequence[Section]
    foot: str
    contents: str
    """What the list of sections is called."""
