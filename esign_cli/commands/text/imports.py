"""What an import says: problems, kinds of files, and what it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.turkish import mask, province_name
from esign_cli.outputs.json_data import pick
from esign_cli.outputs.tables import Kind
from esign_cli.outputs.tables.columns import ColumnSpec, below

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.store.import_history import ChangedField, Diff, NewRecord

PROBLEM_WORDS = {
    "no-national-id": N_("no national id"),
    "bad-national-id": N_("not a valid T.C. kimlik no"),
    "lossy-national-id": N_("the spreadsheet has rounded the number: its digits are lost"),
    "lossy-number": N_("the spreadsheet has rounded the number: its digits are lost"),
    "bad-date": N_("not a date"),
    "ambiguous-date": N_("whether the day or the month comes first cannot be told: --dates"),
    "shifted-date": N_("at 21:00 or 22:00 UTC the next day begins here: which day is meant?"),
    "garbled-text": N_("broken Turkish letters"),
    "error-cell": N_("the cell holds an error of the spreadsheet"),
    "not-calculated": N_("the cell holds a formula that was never calculated"),
    "above-header": N_("the row stands above the header, which does not say what its columns are"),
    "unbalanced-quote": N_("the quotes of the line do not tell where its fields end"),
    "too-many-fields": N_("the row has more fields than there are columns"),
    "too-few-fields": N_("the row has fewer fields than there are columns: which is missing?"),
    "misplaced-value": N_("a value of another column: the cells of the row may be shifted"),
    "unclear-cell": N_("the cell holds several texts, or one crossed out: which of them counts?"),
    "column-empty": N_("the column is empty, and a full one beside it has no header"),
    "column-moved": N_("the column is empty: the full one beside it without a header was read"),
    "unknown-province": N_("no such province"),
    "no-province": N_("no province"),
    "unclear-name": N_("which of it is the family name cannot be told (--map says how it stands)"),
    "guessed-name": N_("of several words the last one was taken as the family name"),
    "no-name": N_("no name"),
    "unknown-kind": N_("a word for the kind of post that is not known (setting words.kind)"),
    "no-certificate-end": N_("no end date of the certificate"),
    "certificate-end-too-late": N_("the certificate would end later than any can"),
    "bad-mobile-phone": N_("not a mobile number; it was not taken"),
    "bad-email": N_("not an e-mail address; it was not taken"),
    "identity-conflict": N_("another person is known by this national id"),
    "certificate-disagrees": N_("the card says another end date; the card is believed"),
    "possible-duplicate": N_("somebody of the same name has almost this national id"),
}
"""Problem codes as people read them."""
KIND_NAMES = {
    "roster": N_("roster"),
    "assignments": N_("assignments"),
    "certificates": N_("certificates"),
}
RECORD_NAMES = {
    "person": N_("person"),
    "duty": N_("duty record"),
    "certificate": N_("certificate"),
}
FIELD_NAMES = {
    "given_name": N_("given name"),
    "family_name": N_("family name"),
    "birth_place": N_("birth place"),
    "birth_date": N_("birth date"),
    "email": N_("e-mail"),
    "mobile_phone": N_("mobile phone"),
    "registry_no": N_("registry number"),
    "institution": N_("institution"),
    "province": N_("province"),
    "district": N_("district"),
    "title": N_("title"),
    "branch": N_("branch"),
    "unit": N_("unit"),
    "kind": N_("kind of post"),
    "status": N_("status"),
    "end": N_("end date"),
    "serial": N_("serial number"),
    "closed": N_("closed"),
    "identity_conflict": N_("another person under this national id"),
    "duplicate_of": N_("possible duplicate"),
}
"""Fields of a record as people read them."""
AS_OF_SOURCES = {
    "said": N_("--as-of"),
    "title": N_("its title rows"),
    "inside": N_("saved then, by the date inside the file"),
    "modified": N_("the file was changed then"),
}
"""What the day of an export is known by."""
MOST_SHOWN = 20
MOST_REJECTED = 50
"""Rows that were rejected are shown one by one up to this many."""
PLACES = 3
"""Of a kind of warning so many places are named."""


def problem_json(one: Any) -> dict[str, Any]:
    """Encode a problem; an empty cell's value, or a header that is not there, is null."""
    facts = asdict(one) | pick(one, "column value")
    del facts["national_id"]
    return facts


def show_problems(console: Console, problems: Any) -> None:
    """Show what cost rows first, cell by cell; on a terminal warnings are summed up by kind."""
    costly = [one for one in problems if one.rejected]
    mild = [one for one in problems if not one.rejected]
    shown = [*costly] if console.interactive else [*costly, *mild]
    _show(console, _PROBLEM_COLUMNS, shown, most=MOST_REJECTED)
    if console.interactive:
        _sum_up(console, mild)


def _sum_up(console: Console, problems: Sequence[Any]) -> None:
    """A line a kind of warning, with the first places."""
    from esign_cli.foundation.i18n import number

    kinds: dict[str, list[Any]] = {}
    for one in problems:
        kinds.setdefault(one.code, []).append(one)
    for code, of_kind in kinds.items():
        places = ", ".join(f"{one.file} {one.sheet} {one.row}" for one in of_kind[:PLACES])
        line = _("{what}: {count} ({places}{more})")
        console.out(
            line.format(
                what=_(PROBLEM_WORDS[code]),
                count=number(len(of_kind)),
                places=places,
                more=" …" if len(of_kind) > PLACES else "",
            )
        )


def shown_people(diff: Diff, *, new: bool) -> list[str]:
    """Return the national ids of those whom a terminal shows; of `new` ones only where wanted."""
    parts = (diff.new if new else (), diff.changed, diff.missing)
    return [one.national_id for part in parts for one in part[:MOST_SHOWN]]


def show_diff(console: Console, diff: Diff, numbers: Mapping[str, int]) -> None:
    """Show what is new, what is otherwise, who is missing; on a terminal the first of each.

    `numbers` are those of the list, by national id.
    """
    parts = ((diff.new, _new), (diff.changed, _changed), (diff.missing, _missing))
    for people, written in parts:
        rows = list(written(diff))
        if not numbers:
            _show(console, _DIFF_COLUMNS, rows)
            continue
        listed = [str(numbers.get(one.national_id, "")) for one in people]
        _show(console, _NUMBERED, [(n, *row) for n, row in zip(listed, rows, strict=True)])


def _new(diff: Diff) -> Iterator[tuple[str, ...]]:
    for one in diff.new:
        record = _record(one)
        yield (_("new"), one.name, mask(one.national_id), record, "", "", "")


def _changed(diff: Diff) -> Iterator[tuple[str, ...]]:
    for one in diff.changed:
        yield (_("changed"), one.name, mask(one.national_id), *_fourfold(one))


def _record(one: NewRecord | ChangedField) -> str:
    label = day(one.label) if one.what == "certificate" else one.label
    return f"{_(RECORD_NAMES[one.what])} {label}".strip()


def change(one: ChangedField) -> str:
    """Say on one line what became of a field."""
    record, field, old, new = _fourfold(one)
    return f"{record}, {field}: {old} → {new}"


def _fourfold(one: ChangedField) -> tuple[str, str, str, str]:
    """The record, its field, the old and the new value, as people read them."""
    record = _record(one)
    field = _(FIELD_NAMES.get(one.field, one.field))
    shown = _SHOWN.get(one.field, str)
    old, new = (shown(value) if value else "–" for value in (one.old, one.new))
    return record, field, old, new


def day(value: str) -> str:
    """Write an ISO date as people read it."""
    return ".".join(reversed(value.split("-")))


def _yes_or_no(value: str) -> str:
    return _("yes") if value in ("1", "true") else _("no")


_SHOWN: dict[str, Callable[[str], str]] = {
    "duplicate_of": mask,
    "identity_conflict": _yes_or_no,
    "closed": _yes_or_no,
    "birth_date": day,
    "end": day,
    "not_after": day,
    "province": province_name,
}
"""How the values of some fields are shown."""


def _missing(diff: Diff) -> Iterator[tuple[str, ...]]:
    for one in diff.missing:
        yield (_("missing"), one.name, mask(one.national_id), "", "", "", "")


_PROBLEM_COLUMNS = (
    ColumnSpec(N_("File"), "file"),
    ColumnSpec(N_("Sheet"), "sheet"),
    ColumnSpec(N_("Row"), "row", Kind.NUMBER),
    ColumnSpec(N_("Column"), "column"),
    ColumnSpec(N_("Value"), "value"),
    ColumnSpec(N_("What is wrong"), lambda one: _(PROBLEM_WORDS[one.code])),
)
_DIFF_TITLES = (N_("Change"), N_("Person"), N_("National id"), N_("Record"), N_("Field"),
                N_("Old"), N_("New"))  # fmt: skip
_DIFF_COLUMNS = [ColumnSpec(title, itemgetter(n)) for n, title in enumerate(_DIFF_TITLES)]
_NUMBERED = [
    ColumnSpec(N_("No"), itemgetter(0), Kind.NUMBER),
    *below(itemgetter(slice(1, None)), _DIFF_COLUMNS),
]


def _show(
    console: Console, columns: Sequence[ColumnSpec], rows: Sequence[Any], most: int = MOST_SHOWN
) -> None:
    from esign_cli.foundation.i18n import number

    shown = rows[:most] if console.interactive else rows
    console.listing(columns, shown)
    if len(shown) < len(rows):
        more = _("… and {count} more; --json lists all.")
        console.out(more.format(count=number(len(rows) - len(shown))))


def diff_json(diff: Diff) -> dict[str, Any]:
    """Encode a diff; national ids are masked."""

    def who(one: Any) -> dict[str, Any]:
        return {"national_id": mask(one.national_id), "name": one.name}

    def record(one: NewRecord | ChangedField) -> dict[str, Any]:
        return {"record": one.what, **who(one), "label": one.label or None}

    return {
        "new": [record(one) for one in diff.new],
        "changed": [
            {**record(one), "field": one.field, "old": one.old, "new": one.new}
            for one in diff.changed
        ],
        "missing": [who(one) for one in diff.missing],
    }
