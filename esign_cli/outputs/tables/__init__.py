"""Tables as files: CSV for a Turkish Excel, xlsx, JSON. Renders what it is given, no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import IO

from esign_cli.foundation.plain_text import plain

Cell = str | int | date | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Tone(StrEnum):
    """How urgent a row or a number is."""

    PLAIN = ""
    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title in the reader's language, and what it holds."""

    title: str
    kind: Kind = Kind.TEXT


class Row(list[Cell]):
    """A row's cells with what it tells beside them."""

    tone = Tone.PLAIN
    details: Sequence[str] = ()
    """What opens below it on a page."""


def tone_of(row: Sequence[Cell]) -> Tone:
    """Return how urgent a row is."""
    return row.tone if isinstance(row, Row) else Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; `rows` may be an iterator and is read once."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    """Each may be a `Row`, which tells more."""
    notes: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Remarks on cells, by row and column, both from 0; in a workbook such a cell stands out."""


def write_csv(table: Table, file: IO[bytes]) -> None:
    """Write CSV: semicolons, UTF-8 with BOM, CRLF; dates dd.mm.yyyy; ids and texts in quotes.

    Text is plain, and what a spreadsheet would take for a formula gets an apostrophe before it. A
    row at a time: none is held.
    """
    text = io.TextIOWrapper(file, "utf-8", newline="")
    text.write(_BOM)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_csv_cell(column.title) for column in table.columns])
    writer.writerows(list(map(_csv_cell, row)) for row in table.rows)
    text.detach()  # flushed; the file stays open


def to_csv(table: Table) -> bytes:
    """Return the same."""
    content = io.BytesIO()
    write_csv(table, content)
    return content.getvalue()


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return "'" + plain(cell) if cell.startswith(_FORMULA) else plain(cell)
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    return "" if cell is None else cell


def write_xlsx(table: Table, file: IO[bytes]) -> None:
    """Write a workbook with one sheet, as `workbook.write_xlsx` does."""
    from esign_cli.outputs.tables import workbook

    workbook.write_xlsx(file, table)


def to_xlsx(*tables: Table) -> bytes:
    """Return a workbook with a sheet a table."""
    from esign_cli.outputs.tables import workbook

    content = io.BytesIO()
    workbook.write_xlsx(content, *tables)
    return content.getvalue()


TABLES: dict[str, Callable[[Table, IO[bytes]], None]] = {"csv": write_csv, "xlsx": write_xlsx}
"""How each format of a table is written, into a file that can be sought in."""
