"""From cells to people, duty records and certificates, a block of rows at a time.

Column by column and without an object per row: a ministry has 1.2 million of them. Only the fields
of `layouts.FIELDS` are ever looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from esign_cli import turkish
from esign_cli.mebbis import duties
from esign_cli.mebbis import values as read
from esign_cli.mebbis.cells import Block, Cell
from esign_cli.mebbis.duties import Rules
from esign_cli.mebbis.layouts import CERTIFICATES, NATIONAL_ID_KEYS, Layout
from esign_cli.turkish import fold

_READERS: dict[str, Callable[[Cell], read.Read]] = {
    "national_id": read.national_id,
    "full_name": read.full_name,
    "institution_code": read.code,
    "assigned_institution_code": read.code,
    "registry_no": read.code,
    "certificate_serial": read.code,
    "province": read.province,
    "assigned_province": read.province,
    "place": read.place,
    "assigned_place": read.place,
    "start": read.day,
    "end": read.day,
    "birth_date": read.birth_day,
    "certificate_end": read.day,
    "email": read.email,
    "mobile_phone": read.mobile_phone,
}
_HALVES = {
    "full_name": ("given_name", "family_name"),
    "place": ("province", "district"),
    "assigned_place": ("assigned_province", "assigned_district"),
}
MILD = frozenset(("bad-mobile-phone", "bad-email"))
"""Problems that cost the row this one value only."""
_TOTALS = ("toplam", "geneltoplam")
LONGEST_SHOWN = 60
Tuple = tuple[int | str | None, ...]
_key = lru_cache(maxsize=50_000)(fold)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A cell that could not be taken, and whether it cost the whole row."""

    code: str
    row: int
    column: str
    field: str
    value: str
    rejected: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """What some rows hold, as tuples for the store; `person` begins each with row and national id.

    A value that is None stands in a column the file does not have.
    """

    read: int
    ignored: int
    rejected: int
    people: Sequence[Tuple]
    duties: Sequence[Tuple]
    certificates: Sequence[Tuple]
    problems: Sequence[RowProblem]
    rejected_ids: Sequence[str]
    """The national ids of rejected rows: nobody is missing because of them."""
    unreadable_ids: int


PERSON = (
    "row", "national_id", "given_name", "family_name", "given_key", "family_key", "birth_place",
    "birth_date", "email", "mobile_phone", "registry_no",
)  # fmt: skip
CERTIFICATE = ("row", "national_id", "not_after", "serial")


class Reader:
    """Reads the rows of one sheet by its layout."""

    def __init__(self, layout: Layout, rules: Rules) -> None:
        self._layout = layout
        self._rules = rules
        self.fields = tuple(layout.columns)
        self._columns = {name: read.Column(_READERS.get(name, read.text)) for name in self.fields}

    def rows(self, block: Block) -> Rows:
        """What the rows of the block hold."""
        cells = dict(zip(self.fields, block.columns, strict=True))
        values = {name: self._columns[name].values(cells[name]) for name in self.fields}
        for whole, halves in _HALVES.items():
            if whole in values:
                values |= _split(values.pop(whole), halves)
        ignored = self._ignored(block, cells)
        problems = self._problems(block, cells, values, ignored)
        rejected = {problem.row for problem in problems if problem.rejected}
        ids = values["national_id"]
        refused = [ids[row - block.first_row] for row in rejected]
        rows: Sequence[int] = range(block.first_row, block.first_row + block.rows)
        kept: Mapping[str, Sequence[str]] = values
        if rejected or ignored:
            keep = [row not in rejected and row not in ignored for row in rows]
            kept = {name: list(compress(column, keep)) for name, column in values.items()}
            rows = list(compress(rows, keep))
        return Rows(
            read=block.rows,
            ignored=len(ignored),
            rejected=len(rejected),
            people=_people(rows, kept),
            duties=self._duties(rows, kept),
            certificates=_certificates(rows, kept),
            problems=problems,
            rejected_ids=[one for one in refused if one],
            unreadable_ids=sum(not one for one in refused),
        )

    def _duties(self, rows: Sequence[int], values: Mapping[str, Sequence[str]]) -> list[Tuple]:
        if self._layout.kind == CERTIFICATES:
            return []
        assigned = self._layout.duty_is_assignment
        return duties.records(rows, values, self._rules, all_assigned=assigned)

    # --- which rows are none -------------------------------------------------------------------

    def _ignored(self, block: Block, cells: Mapping[str, Sequence[Cell]]) -> set[int]:
        """Rows up to the header, blank ones, titles and totals, headers that come again."""
        first = block.first_row
        header = self._layout.header_row
        ignored = set(range(first, min(header, first + block.rows - 1) + 1))
        ignored |= {first + place for place, row in block.whole.items() if _says_nothing(row)}
        ids = cells["national_id"]
        words = [
            (place, fold(cell))
            for place, cell in enumerate(ids)
            if isinstance(cell, str) and cell and not cell[-1].isdigit()
        ]
        for place, key in words:
            alone = sum(column[place] != "" for column in cells.values()) == 1
            letters_only = not any(letter.isdigit() for letter in key)
            if key in NATIONAL_ID_KEYS or key.startswith(_TOTALS) or (alone and letters_only):
                ignored.add(first + place)
        return ignored

    # --- what is wrong -------------------------------------------------------------------------

    def _problems(
        self,
        block: Block,
        cells: Mapping[str, Sequence[Cell]],
        values: Mapping[str, Sequence[str]],
        ignored: set[int],
    ) -> list[RowProblem]:
        first = block.first_row
        found = [
            (place, name, code)
            for name in self.fields
            for place, code in self._columns[name].problems(cells[name])
        ]
        found += self._unfit(values)
        told = [
            self._problem(first + place, name, code, cells.get(name, [""] * block.rows)[place])
            for place, name, code in found
            if first + place not in ignored
        ]
        return sorted(told, key=lambda problem: problem.row)

    def _unfit(self, values: Mapping[str, Sequence[str]]) -> Iterable[tuple[int, str, str]]:
        """What only shows when cells are looked at together, or against the rules."""
        if "kind" in values:
            known = {kind for kind in set(values["kind"]) if self._rules.duty_class(kind)}
            yield from _where(values["kind"], lambda kind: kind not in known, "kind:unknown-kind")
        if "given_name" in values and "family_name" in values:
            both = zip(values["given_name"], values["family_name"], strict=True)
            names = list(map("".join, both))
            yield from _where(names, lambda name: not name, "family_name:no-name")
        if "province" in values and not self._rules.province:
            nowhere = (values["province"], lambda place: not place, "province:no-province")
            yield from _where(*nowhere)
        ends = values.get("certificate_end", ())
        latest = self._rules.latest_certificate_end.isoformat()
        yield from _where(
            ends, lambda end: end > latest, "certificate_end:certificate-end-too-late"
        )
        if self._layout.kind == CERTIFICATES:
            yield from _where(ends, lambda end: not end, "certificate_end:no-certificate-end")

    def _problem(self, row: int, name: str, code: str, cell: Cell) -> RowProblem:
        shown = read.text(cell)[0] or str(cell)
        if name == "national_id":
            shown = turkish.mask(read.code(cell)[0])
        return RowProblem(
            code, row, self._layout.headers.get(name, ""), name, shown[:LONGEST_SHOWN],
            code not in MILD,
        )  # fmt: skip


def _where(
    column: Sequence[str], wrong: Callable[[str], bool], finding: str
) -> Iterable[tuple[int, str, str]]:
    name, _, code = finding.partition(":")
    return ((place, name, code) for place, value in enumerate(column) if wrong(value))


def _says_nothing(row: Sequence[Cell]) -> bool:
    """A row without a national id that is blank, a title, a page number or a total."""
    filled = [cell for cell in row if cell != ""]
    return len(filled) <= 1 or any(
        isinstance(cell, str) and fold(cell).startswith(_TOTALS) for cell in filled
    )


def _split(pairs: Sequence[str], names: tuple[str, str]) -> dict[str, list[str]]:
    parted = [pair.partition(read.SEPARATOR) for pair in pairs]
    return {names[0]: [part[0] for part in parted], names[1]: [part[2] for part in parted]}


def _people(rows: Sequence[int], values: Mapping[str, Sequence[str]]) -> list[Tuple]:
    blank = [""] * len(rows)
    given, family = (values.get(name, blank) for name in ("given_name", "family_name"))
    contacts = (values.get(name, blank) for name in PERSON[6:])
    keys = (map(_key, given), map(_key, family))
    return list(zip(rows, values["national_id"], given, family, *keys, *contacts, strict=True))


def _certificates(rows: Sequence[int], values: Mapping[str, Sequence[str]]) -> list[Tuple]:
    if "certificate_end" not in values:
        return []
    ends = values["certificate_end"]
    serials = values.get("certificate_serial", [""] * len(rows))
    found = zip(rows, values["national_id"], ends, serials, strict=True)
    return list(compress(found, map(bool, ends)))
