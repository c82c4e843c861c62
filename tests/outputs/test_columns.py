"""Columns that are specified once, for files and for the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from esign_cli.outputs.tables import Column, Kind
from esign_cli.outputs.tables.columns import ColumnSpec, below, fill


@dataclass(frozen=True)
class Post:
    """Where somebody serves."""

    district: str
    start: date | None = None


@dataclass(frozen=True)
class Teacher:
    """Somebody with a post, or without."""

    name: str
    post: Post | None = None


COLUMNS = (
    ColumnSpec("ad", lambda one: one.name.upper()),
    ColumnSpec("ilce", "post.district"),
    ColumnSpec("baslangic", "post.start", Kind.DATE),
)


def test_what_is_not_known_is_an_empty_text_or_no_date() -> None:
    table = fill("kadro", COLUMNS, [Teacher("a", Post("Merkez", date(2026, 9, 1))), Teacher("b")])
    assert table.columns == [Column("ad"), Column("ilce"), Column("baslangic", Kind.DATE)]
    rows = [["A", "Merkez", date(2026, 9, 1)], ["B", "", None]]
    assert list(table.rows) == rows == list(table.rows)  # made anew each time


def test_a_terminal_shows_dates_as_people_write_them() -> None:
    assert [c.text(Teacher("a", Post("x", date(2026, 9, 1)))) for c in COLUMNS] == [
        "A",
        "x",
        "01.09.2026",
    ]
    assert [c.text(Teacher("a")) for c in COLUMNS] == ["A", "", ""]


def test_columns_of_a_part_serve_the_whole() -> None:
    district = ColumnSpec("ilce", "district")
    (column,) = below(attrgetter("post"), [district])
    assert column.cell(Teacher("a", Post("Merkez"))) == "Merkez"
