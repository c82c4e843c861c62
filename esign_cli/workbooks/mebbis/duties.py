"""From read columns to duty records: whose post it is, where, and when a row is two records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import compress, repeat

from esign_cli.foundation.people import DutyClass
from esign_cli.foundation.turkish import fold

Texts = Sequence[str]
Record = tuple[int | str | None, ...]

DUTY = (
    "row", "national_id", "duty_class", "institution_code", "start", "institution", "province",
    "district", "district_key", "title", "branch", "unit", "kind", "status", "end", "end_column",
    "province_assumed",
)  # fmt: skip
"""The fields of a record, in order; None stands in a column that the file does not have."""
KIND_WORDS: Mapping[str, str] = {
    fold(word): kind.value
    for kind, words in {
        DutyClass.PERMANENT: ("", "Kadrolu", "Sözleşmeli"),
        DutyClass.ASSIGNMENT: ("Görevlendirme", "Geçici Görevlendirme", "Ücretli", "Vekil"),
    }.items()
    for word in words
}
"""MEBBİS kind words that are known, folded, and their duty class."""
_AS_READ = ("title", "branch", "unit", "kind", "status")
_key = lru_cache(maxsize=10_000)(fold)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the reading of rows goes by besides the layout."""

    province: str = ""
    """Plate code for rows that name none; "" if every row must name its own."""
    district: str = ""
    assumed: bool = False
    """The province comes from the settings: nobody named it for this import."""
    kind_words: Mapping[str, str] = field(default_factory=lambda: KIND_WORDS)
    latest_certificate_end: date = date.max

    def duty_class(self, kind: str) -> str:
        """Return the class of a kind word; "" for one that is not known."""
        return self.kind_words.get(_key(kind), "")


def places(values: Mapping[str, Texts], rules: Rules, count: int) -> Sequence[str]:
    """Return the plate codes that each row names, or that stand for it, with a blank
    between two.
    """
    own = [one or rules.province for one in values.get("province", [""] * count)]
    if "assigned_province" not in values:
        return own
    away = values["assigned_province"]
    return [f"{here} {there}".strip() for here, there in zip(own, away, strict=True)]


def records(
    rows: Sequence[int], values: Mapping[str, Texts], rules: Rules, *, all_assigned: bool
) -> list[Record]:
    """Return the duty records of these rows; a row with "Görevlendirildiği Kurum" gives two."""
    own = _own(values, rules, len(rows), all_assigned=all_assigned)
    places = [values[name] for name in ("assigned_institution", "assigned_institution_code")
              if name in values]  # fmt: skip
    sent = [any(place) for place in zip(*places, strict=True)]
    if not any(sent):
        return _together(rows, values["national_id"], own)
    here = [not away for away in sent]
    posts = [values[name] for name in ("institution", "institution_code") if name in values]
    left = [any(post) for post in zip(*posts, strict=True)] or [False] * len(rows)
    both = [away and post for away, post in zip(sent, left, strict=True)]
    stay = _together(rows, values["national_id"], own)
    post = _together(rows, values["national_id"], own | _without_dates(values, len(rows)))
    away = _together(rows, values["national_id"], own | _assigned(values, own, len(rows)))
    return [*compress(stay, here), *compress(post, both), *compress(away, sent)]


def _together(
    rows: Sequence[int], ids: Texts, columns: Mapping[str, Iterable[int | str | None]]
) -> list[Record]:
    return list(zip(rows, ids, *(columns[name] for name in DUTY[2:]), strict=False))


def _own(
    values: Mapping[str, Texts], rules: Rules, count: int, *, all_assigned: bool
) -> dict[str, Iterable[int | str | None]]:
    blank: Texts = [""] * count
    kinds = values.get("kind", blank)
    named = values.get("province", blank)
    provinces = [one or rules.province for one in named]
    districts = [
        district or (rules.district if province == rules.province else "")
        for district, province in zip(values.get("district", blank), provinces, strict=True)
    ]
    sole = DutyClass.ASSIGNMENT.value if all_assigned else None
    known = {kind: sole or rules.duty_class(kind) for kind in set(kinds)}
    classes = list(map(known.__getitem__, kinds))
    starts = values.get("start", blank)
    if "own_start" in values:
        classes, starts = _by_starts(values, classes, starts, all_assigned=all_assigned)
    return {
        "duty_class": classes,
        "institution_code": values.get("institution_code", blank),
        "start": starts,
        "institution": values.get("institution", repeat(None)),
        "province": provinces,
        "district": districts,
        "district_key": [_key(district) for district in districts],
        "end": values.get("end", repeat(None)),
        "end_column": repeat(int("end" in values)),
        "province_assumed": [int(rules.assumed and not one) for one in named],
        **{name: values.get(name, repeat(None)) for name in _AS_READ},
    }


def _by_starts(
    values: Mapping[str, Texts], classes: list[str], starts: Texts, *, all_assigned: bool
) -> tuple[list[str], list[str]]:
    """Where own post and assignment start in columns of their own: each record by its own.

    In a list of assignments a row that has dates of the own post only is that post.
    """
    if all_assigned:
        ends = values.get("end", [""] * len(starts))
        sent = DutyClass.ASSIGNMENT.value, DutyClass.PERMANENT.value
        classes = [sent[not (one or end)] for one, end in zip(starts, ends, strict=True)]
    own = values["own_start"]
    permanent = DutyClass.PERMANENT.value
    columns = zip(classes, own, starts, strict=True)
    return classes, [here if kind == permanent else there for kind, here, there in columns]


def _without_dates(
    values: Mapping[str, Texts], count: int
) -> dict[str, Iterable[int | str | None]]:
    """The post of somebody sent elsewhere: other dates of the row are those of the assignment."""
    return {
        "duty_class": repeat(DutyClass.PERMANENT.value),
        "start": values.get("own_start", [""] * count),
        "end": repeat(None),
        "end_column": repeat(0),
    }


def _assigned(
    values: Mapping[str, Texts], own: Mapping[str, Iterable[int | str | None]], count: int
) -> dict[str, Iterable[int | str | None]]:
    """Where the person serves: in the post's province and district, or those the row names."""
    blank: Texts = [""] * count
    provinces = [
        there or here
        for there, here in zip(values.get("assigned_province", blank), own["province"], strict=True)
    ]
    districts = [
        there or (here if province == home else "")
        for there, here, province, home in zip(
            values.get("assigned_district", blank), own["district"], provinces, own["province"],
            strict=True,
        )
    ]  # fmt: skip
    return {
        "duty_class": repeat(DutyClass.ASSIGNMENT.value),
        "institution": values.get("assigned_institution", repeat(None)),
        "institution_code": values.get("assigned_institution_code", blank),
        "start": values.get("start", blank),
        "province": provinces,
        "district": districts,
        "district_key": [_key(str(district)) for district in districts],
    }
