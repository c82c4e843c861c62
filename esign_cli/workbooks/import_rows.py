"""From the values of rows to people, duty records and certificates, a block at a time.

Column by column and without an object per row: a ministry has 1.2 million of them. Only the fields
of `fields.FIELDS` are ever looked at. The cells were read by `mebbis.blocks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.mebbis import duties
from esign_cli.workbooks.mebbis.blocks import Found, masked
from esign_cli.workbooks.mebbis.cells import Block
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.mebbis.fields import WHOLE_NAMES
from esign_cli.workbooks.mebbis.layouts import CERTIFICATES, Layout
from esign_cli.workbooks.mebbis.values import SEPARATOR

HALVES = {
    "identity": ("given_name", "family_name", "national_id"),
    **dict.fromkeys(WHOLE_NAMES, ("given_name", "family_name")),
    "place": ("province", "district"),
    "assigned_place": ("assigned_province", "assigned_district"),
}
"""Fields of which one cell holds several, in this order."""
_JUDGED_AS = {
    "place": "province",
    "identity": "family_name",
    **dict.fromkeys(WHOLE_NAMES, "family_name"),
    "given_name": "family_name",
}
"""A cell that cannot be read is not also said to be missing."""
MILD = frozenset(("bad-mobile-phone", "bad-email", "guessed-name"))
"""Problems that cost the row this one value at most."""
_ELEVEN = re.compile(r"\d{11}", re.ASCII)
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
    national_id: str = ""
    """Whose row it is; "" where that cannot be read."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What some rows hold, as tuples for the store; each begins with row and national id.

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
    misread: Sequence[tuple[int, str, str]]
    """Rows with eleven digits that are no national id: row, digits, folded name."""
    known: Sequence[int]
    """The digests of rows that are known and were not read."""


PERSON = (
    "row", "national_id", "given_name", "family_name", "given_key", "family_key", "birth_place",
    "birth_date", "email", "mobile_phone", "registry_no", "digest", "places",
)  # fmt: skip
_CONTACTS = PERSON[6:11]
CERTIFICATE = ("row", "national_id", "not_after", "serial")


class Reader:
    """Reads the rows of one sheet by its layout."""

    def __init__(self, layout: Layout, rules: Rules) -> None:
        self._layout = layout
        self._rules = rules

    def rows(self, block: Block) -> Rows:
        """Return what the rows of the block hold."""
        values = dict(block.values)
        for whole, parts in HALVES.items():
            if whole in values:
                values = _split(values.pop(whole), parts) | values
        problems = self._problems(block, list(block.found), values)
        with_problems = {problem.row for problem in problems}
        rejected = {problem.row for problem in problems if problem.rejected}
        rows = block.rows
        digests: Sequence[int | None] = block.digests or [None] * len(rows)
        if with_problems:
            digests = [
                None if row in with_problems else digest
                for row, digest in zip(rows, digests, strict=True)
            ]
        rest: Mapping[str, Sequence[str]] = values
        refused: list[str] = []
        if rejected:
            keep = [row not in rejected for row in rows]
            ids = values["national_id"]
            refused = [one for one, rest in zip(ids, keep, strict=True) if not rest]
            rest = {name: list(compress(column, keep)) for name, column in values.items()}
            rows, digests = list(compress(rows, keep)), list(compress(digests, keep))
        return Rows(
            read=block.count,
            ignored=block.ignored,
            rejected=len(rejected),
            people=self._people(rows, rest, digests),
            duties=self._duties(rows, rest),
            certificates=_certificates(rows, rest),
            problems=problems,
            rejected_ids=[one for one in refused if one],
            unreadable_ids=sum(not one for one in refused),
            misread=_misread(block, values),
            known=block.known,
        )

    def _people(
        self,
        rows: Sequence[int],
        values: Mapping[str, Sequence[str]],
        digests: Sequence[int | None],
    ) -> list[Tuple]:
        blank = [""] * len(rows)
        given, family = (values.get(name, blank) for name in ("given_name", "family_name"))
        contacts = (values.get(name, blank) for name in _CONTACTS)
        keys = (map(_key, given), map(_key, family))
        places = duties.places(values, self._rules, len(rows))
        ids = values["national_id"]
        return list(zip(rows, ids, given, family, *keys, *contacts, digests, places, strict=True))

    def _duties(self, rows: Sequence[int], values: Mapping[str, Sequence[str]]) -> list[Tuple]:
        if self._layout.kind == CERTIFICATES:
            return []
        assigned = self._layout.duty_is_assignment
        return duties.records(rows, values, self._rules, all_assigned=assigned)

    # --- what is wrong -------------------------------------------------------------------------

    def _problems(
        self, block: Block, found: Found, values: Mapping[str, Sequence[str]]
    ) -> list[RowProblem]:
        bad = {(place, _JUDGED_AS.get(name, name)) for place, name, _, _ in found}
        found += [
            (place, name, code, values[name][place])
            for place, name, code in self._unfit(values)
            if (place, name) not in bad
        ]
        headers, ids = self._layout.headers, values.get("national_id")
        problems_told = [
            RowProblem(
                code,
                block.rows[place],
                headers.get(name, ""),
                name,
                masked(name, shown),
                code not in MILD,
                ids[place] if ids else "",
            )
            for place, name, code, shown in found
        ]
        return sorted(problems_told, key=lambda problem: problem.row)

    def _unfit(self, values: Mapping[str, Sequence[str]]) -> Iterable[tuple[int, str, str]]:
        """What only shows when cells are looked at together, or against the rules."""
        if "kind" in values:
            known = {kind for kind in set(values["kind"]) if self._rules.duty_class(kind)}
            if set(values["kind"]) - known:
                unknown = (values["kind"], lambda kind: kind not in known, "kind:unknown-kind")
                yield from _where(*unknown)
        if any("" in values.get(name, ()) for name in ("given_name", "family_name")):
            yield from _unfit_names(values)
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


def _misread(block: Block, values: Mapping[str, Sequence[str]]) -> list[tuple[int, str, str]]:
    given, family = (values.get(name) for name in ("given_name", "family_name"))
    return [
        (block.rows[place], shown, f"{_key(given[place])} {_key(family[place])}")
        for place, name, code, shown in block.found
        if name == "national_id" and code == "bad-national-id" and _ELEVEN.fullmatch(shown)
        if given and family and given[place] and family[place]
    ]


def _unfit_names(values: Mapping[str, Sequence[str]]) -> Iterable[tuple[int, str, str]]:
    """Rows without a name, or with a whole one in one of its two columns."""
    if "given_name" not in values or "family_name" not in values:
        return
    both = zip(values["given_name"], values["family_name"], strict=True)
    names = list(map(SEPARATOR.join, both))
    yield from _where(names, lambda name: name == SEPARATOR, "family_name:no-name")
    yield from _where(names, _is_whole, "family_name:unclear-name")


def _is_whole(name: str) -> bool:
    """Whether several words stand in one of the two columns of a name and nothing in the other."""
    return " " in name and not all(name.split(SEPARATOR))


def _where(
    column: Sequence[str], wrong: Callable[[str], bool], finding: str
) -> Iterable[tuple[int, str, str]]:
    name, _, code = finding.partition(":")
    return ((place, name, code) for place, value in enumerate(column) if wrong(value))


def _split(joined: Sequence[str], names: tuple[str, ...]) -> dict[str, list[str]]:
    missing = [""] * len(names)
    parted = [(one.split(SEPARATOR) + missing)[: len(names)] for one in joined]
    return {name: [parts[place] for parts in parted] for place, name in enumerate(names)}


def _certificates(rows: Sequence[int], values: Mapping[str, Sequence[str]]) -> list[Tuple]:
    if "certificate_end" not in values:
        return []
    ends = values["certificate_end"]
    serials = values.get("certificate_serial", [""] * len(rows))
    columns = zip(rows, values["national_id"], ends, serials, strict=True)
    return list(compress(columns, map(bool, ends)))
