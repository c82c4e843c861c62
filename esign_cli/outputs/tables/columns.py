"""A column as it is specified once: what it is called, and what of each thing stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from esign_cli.foundation.dates import day
from esign_cli.foundation.i18n import _
from esign_cli.outputs.attributes import at
from esign_cli.outputs.tables import Cell, Column, Kind, Row, Table, Tone


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column of a table about things of one kind."""

    title: str
    """Not translated yet."""
    value: str | Callable[[Any], Cell]
    """Where it lies, as `attributes.at` takes it, or what tells it."""
    kind: Kind = Kind.TEXT
    tone: Callable[[Any], Tone] | None = None
    """How urgent what stands in it is; colour beside the words, never instead of them."""
    spare: int = 0
    """Which column goes first where a terminal is too narrow: the highest; 0: it stays."""

    def cell(self, one: Any) -> Cell:
        """Return what stands in the row of `one`; a text that is not known is empty."""
        value: Cell = at(one, self.value) if isinstance(self.value, str) else self.value(one)
        return "" if value is None and self.kind in (Kind.TEXT, Kind.ID, Kind.PHONE) else value

    def text(self, one: Any) -> str:
        """Return the same as it is read on a terminal."""
        cell = self.cell(one)
        return "" if cell is None else day(cell) if isinstance(cell, date) else str(cell)


def below(take: Callable[[Any], Any], specs: Iterable[ColumnSpec]) -> tuple[ColumnSpec, ...]:
    """Return the columns for things out of which `take` takes what these are about."""

    def deeper(spec: ColumnSpec) -> ColumnSpec:
        return replace(spec, value=lambda one: spec.cell(take(one)))

    return tuple(map(deeper, specs))


def fill(
    title: str,
    specs: Sequence[ColumnSpec],
    things: Iterable[Any],
    *,
    tone: Callable[[Any], Tone] | None = None,
    details: Callable[[Any], Sequence[str]] | None = None,
) -> Table:
    """Return the table of these things, a row each, made when it is read: of an iterator once."""
    columns = [Column(_(spec.title), spec.kind) for spec in specs]

    def row(one: Any) -> Row:
        cells = Row([spec.cell(one) for spec in specs])
        if tone:
            cells.tone = tone(one)
        if details:
            cells.details = details(one)
        return cells

    return Table(title, columns, Rows(row, things))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of things, none of which is held: read of them anew each time."""

    row: Callable[[Any], Sequence[Cell]]
    things: Iterable[Any]

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return map(self.row, self.things)
