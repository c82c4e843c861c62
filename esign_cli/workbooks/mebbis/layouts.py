"""Where in a sheet the data stand: its header row, and which column is which field.

MEBBİS publishes no schema: the aliases below were seen in real exports. The guess is always shown
and can be overruled by a header row and by a mapping "header → field".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from esign_cli.foundation.errors import workbooks as errors
from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.formats import column_letters
from esign_cli.workbooks.mebbis import headers, whole_names
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.columns_beside import Across, Found, beside
from esign_cli.workbooks.mebbis.dates import day
from esign_cli.workbooks.mebbis.fields import (
    ALIASES,
    ASSIGNED,
    BY_KEY,
    DUTY_GROUP,
    IGNORED,
    OF_ASSIGNMENT,
    PLAIN_DATES,
    WHOLE_NAMES,
)
from esign_cli.workbooks.mebbis.headers import LONGEST_HEADER, Header
from esign_cli.workbooks.mebbis.meanings import (
    Answers,
    meanings,
    settle,
    settle_starts,
)
from esign_cli.workbooks.mebbis.samples import samples

ROSTER, ASSIGNMENTS, CERTIFICATES = "roster", "assignments", "certificates"
_ELEVEN = re.compile(r"\d{11}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """The guess on one sheet: what is shown to the user and what the reading goes by."""

    header_row: int
    """The first row is 1."""
    columns: Mapping[str, int]
    """Field → column, counted from 0."""
    headers: Mapping[str, str]
    """Field → the header as it stands in the file."""
    unused: tuple[str, ...]
    """Headers that are not recognised, or that the user passes over."""
    doubled: tuple[str, ...]
    """Headers of columns that mean what another column already stands for."""
    kind: str
    duty_is_assignment: bool
    """No kind column, and dates headed "Görevlendirme …": every row is an assignment."""
    form: bool = False
    """Not a table but the form "Personel Listesi Özet Bilgiler"."""
    unsettled: Mapping[str, int] = field(default_factory=dict)
    """Header → column of those that may mean several things, where that was no error."""
    header_rows: int = 1
    """The rows of the header, of which `header_row` is the first."""
    header_cells: tuple[str, ...] = ()
    """What stands, folded, in the first of them above each of `columns`."""
    beside: Found = field(default_factory=Found)
    """Fields whose header stands over an empty column, and the full one beside it."""
    signature: str = ""
    """By what a table with the same header is known."""
    answered: Mapping[str, str] = field(default_factory=dict)
    """Header → field, or form of its dates, of those columns that an answer decided."""

    @property
    def last_header_row(self) -> int:
        """The row above the first person."""
        return self.header_row + self.header_rows - 1

    @property
    def key(self) -> str:
        """The field that names the person of a row."""
        return "national_id" if "national_id" in self.columns else "identity"

    def heading(self, field: str) -> str:
        """Return a header by which the field would be known again in a table of this kind."""
        plain = "" if self.duty_is_assignment else PLAIN_DATES.get(field, "")
        return plain or ALIASES[field][0]


def guess(
    top: Sequence[Sequence[Cell]],
    *,
    header_row: int | None = None,
    mapping: Mapping[str, str] | None = None,
    answers: Answers | None = None,
    across: Across = (),
    lenient: bool = False,
    path: str = "",
    sheet: str = "",
) -> Layout | None:
    """Return the layout of a sheet with these first rows; None if there is no header among
    them.

    `across` are cells merged in a row; `header_row` counts from 1; `mapping` is header → field;
    `answers` settle what else would be ambiguous. Raises MappedColumnMissing, and unless `lenient`
    NoIdentityColumn, AmbiguousColumn and HeaderBeside, which name the file and the sheet.
    """
    wanted = {fold(header): field for header, field in (mapping or {}).items()}
    header = headers.find(top, wanted, header_row)
    if header is None:
        return None
    place = {"path": path, "sheet": sheet}
    for one in mapping or {}:
        if fold(one) not in {*header.keys, *map(fold, header.texts)}:
            raise errors.MappedColumnMissing(column=one, headers=_shown(header.texts), **place)
    below = top[header.row + header.depth - 1 :]
    if not lenient and (doubled := _other_people(header, wanted, below)):
        raise errors.TablesSideBySide(columns=doubled, **place)
    wanted = _cut_start(header, below) | wanted
    fields, doubtful, answered = settle(header, wanted, answers or {}, below)
    if doubtful and not lenient:
        raise _ambiguous(header, doubtful, below, place)
    layout = _layout(header, fields, doubtful, {**wanted, **answered})
    if not (lenient or layout.columns.keys() & {"national_id", "identity"}):
        raise errors.NoIdentityColumn(row=header.row, headers=_shown(header.texts), **place)
    named = {
        text: answered[key]
        for text, key in zip(header.texts, header.keys, strict=True)
        if key in answered
    }
    found = beside(layout.columns, header, below, across)
    if not lenient:
        _refuse_beside(layout, found, place)
    return _moved(replace(layout, beside=found, answered=named), header)


def _refuse_beside(layout: Layout, found: Found, place: Mapping[str, str]) -> None:
    for one, where in found.refused.items():
        columns = [column_letters.of(where.header), column_letters.of(where.column)]
        column = layout.headers.get(one, one)
        raise errors.HeaderBeside(column=column, columns=columns, **place)


def _moved(layout: Layout, header: Header) -> Layout:
    """The layout with those columns that were found beside their headers."""
    columns = {**layout.columns, **{one: at.column for one, at in layout.beside.moved.items()}}
    first = tuple(header.first[c] if c < len(header.first) else "" for c in columns.values())
    return replace(layout, columns=columns, header_cells=first)


def _other_people(
    header: Header, wanted: Mapping[str, str], below: Sequence[Sequence[Cell]]
) -> list[str]:
    """The headers of two columns of national ids that name different people in one row."""
    ids = [
        c
        for c, key in enumerate(header.keys)
        if (wanted.get(key) or BY_KEY.get(key)) == "national_id"
    ]
    for row in below:
        named = {str(row[c]).removesuffix(".0").strip() for c in ids if c < len(row)} - {""}
        if len(named) > 1 and all(map(_ELEVEN.fullmatch, named)):
            return [header.texts[c] for c in ids]
    return []


def _cut_start(header: Header, below: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """A report's "Görevlendirme Başlangıç" that is cut after its first word, as folded header →
    field: it heads nothing but dates, and the end stands beside it.
    """
    fields = [BY_KEY.get(key) for key in header.keys]
    if OF_ASSIGNMENT not in header.keys or "end" not in fields or "start" in fields:
        return {}
    column = list(header.keys).index(OF_ASSIGNMENT)
    cells = [row[column] for row in below if column < len(row) and row[column] != ""]
    dated = cells and all(day(str(cell)) or fold(str(cell)) == OF_ASSIGNMENT for cell in cells)
    return {OF_ASSIGNMENT: "start"} if dated else {}


def _ambiguous(
    header: Header,
    doubtful: Sequence[int],
    below: Sequence[Sequence[Cell]],
    place: Mapping[str, str],
) -> errors.AmbiguousColumn:
    """Which of them most meanings are left to: what it is settles the others, too."""
    column = max(doubtful, key=lambda c: len(meanings(header.keys[c])))
    return errors.AmbiguousColumn(
        column=header.texts[column],
        fields=meanings(header.keys[column]),
        samples=samples(whole_names.several(below, column) or below, column),
        header=header.signature,
        commands=[],
        **place,
    )


def _layout(
    header: Header, fields: list[str], unsettled: Sequence[int], wanted: Mapping[str, str]
) -> Layout:
    texts, keys = header.texts, list(header.keys)
    fields = settle_starts(keys, fields, wanted)
    columns = _first_of_each(keys, fields, wanted)
    for less in _said_otherwise(columns):
        del columns[less]
    left = [c for c, text in enumerate(texts) if text and c not in columns.values()]
    named = {field: texts[column] for field, column in columns.items()}
    kind, assignment = _kind(columns.keys(), named)
    return Layout(
        header.row,
        columns,
        named,
        tuple(texts[c] for c in left if fields[c] in ("", IGNORED) and c not in unsettled),
        tuple(texts[c] for c in left if fields[c] not in ("", IGNORED)),
        kind,
        assignment,
        unsettled={texts[c]: c for c in unsettled},
        header_rows=header.depth,
        header_cells=tuple(header.first[column] for column in columns.values()),
        signature=header.signature,
    )


def _said_otherwise(columns: Mapping[str, int]) -> list[str]:
    """The fields of which other columns say the same with less doubt."""
    whole = [one for one in columns if one in WHOLE_NAMES]
    less = whole if {"given_name", "family_name"} <= columns.keys() else whole[1:]
    return [*less, "identity"] if {"identity", "national_id"} <= columns.keys() else less


def _first_of_each(keys: list[str], fields: list[str], wanted: Mapping[str, str]) -> dict[str, int]:
    """Field → column: that which the user named, an assignment's before others, the leftmost."""
    order = sorted(
        range(len(keys)),
        key=lambda c: (keys[c] not in wanted, not keys[c].startswith(OF_ASSIGNMENT), c),
    )
    first: dict[str, int] = {}
    for column in order:
        if fields[column] not in ("", IGNORED):
            first.setdefault(fields[column], column)
    return dict(sorted(first.items(), key=lambda pair: pair[1]))


def _shown(headers: Sequence[str]) -> list[str]:
    return [header[:LONGEST_HEADER] for header in headers if header]


def _kind(fields: Iterable[str], headers: Mapping[str, str]) -> tuple[str, bool]:
    present = frozenset(fields)
    if "certificate_end" in present and not present & DUTY_GROUP:
        return CERTIFICATES, False
    dates = [headers[field] for field in ("start", "end") if field in present]
    by_dates = "kind" not in present and any(
        fold(header).startswith("gorevlendirme") for header in dates
    )
    assigned = bool(present & ASSIGNED)
    return (ASSIGNMENTS if assigned or by_dates else ROSTER), by_dates and not assigned
