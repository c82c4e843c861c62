"""What each column of a table is, and of which it cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.mebbis import whole_names
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.fields import (
    BARE,
    BY_KEY,
    CERTIFICATE_GROUP,
    DUTY_GROUP,
    IGNORED,
    OF_ASSIGNMENT,
    OF_CERTIFICATE,
    WHOLE_NAMES,
)
from esign_cli.workbooks.mebbis.headers import Header
from esign_cli.workbooks.mebbis.values import day

Answers = Mapping[tuple[str, str, str], str]
"""What somebody said of files with the same header: (`headers.Header.signature`, folded header of
a column, FIELD or DATES) → the field, or the form of its dates."""
FIELD, DATES = "field", "dates"


def settle(
    header: Header,
    wanted: Mapping[str, str],
    answers: Answers,
    below: Sequence[Sequence[Cell]],
) -> tuple[list[str], list[int], dict[str, str]]:
    """Return what each column is, which are doubtful all the same, and what answers decided."""
    keys = list(header.keys)
    fields, doubtful = _settle_bare(keys, [wanted.get(key) or BY_KEY.get(key, "") for key in keys])
    apart = {"given_name", "family_name"} <= set(fields)
    names = [] if apart else whole_names.of_several_words(fields, below)
    names = [c for c in names if keys[c] not in wanted]
    names += _ends_of_certificates(keys, fields, below)
    asked = [*doubtful, *names]
    known = {keys[c]: answers.get((header.signature, keys[c], FIELD), "") for c in asked}
    answered = {key: field for key, field in known.items() if field}
    if answered:
        fields, doubtful = _settle_bare(
            keys, [answered.get(key, one) for key, one in zip(keys, fields, strict=True)]
        )
    names = [c for c in names if keys[c] not in answered]
    fields = ["" if c in names else field for c, field in enumerate(fields)]
    return fields, [*doubtful, *names], answered


def settle_starts(keys: list[str], fields: list[str], wanted: Mapping[str, str]) -> list[str]:
    """Beside "Görevlendirme Başlangıç", "Göreve Başlama" is the start of the own post."""
    sent = any(
        field == "start" and key.startswith(OF_ASSIGNMENT)
        for key, field in zip(keys, fields, strict=True)
    )
    if not sent or "own_start" in fields:
        return fields
    return [
        "own_start"
        if field == "start" and key not in wanted and not key.startswith(OF_ASSIGNMENT)
        else field
        for key, field in zip(keys, fields, strict=True)
    ]


def _settle_bare(keys: list[str], fields: list[str]) -> tuple[list[str], list[int]]:
    """Give "Bitiş Tarihi" and "Durum" a meaning by the group they stand beside, else none yet."""
    groups = [bool(group.intersection(fields)) for group in (DUTY_GROUP, CERTIFICATE_GROUP)]
    bare = [column for column, key in enumerate(keys) if key in BARE and not fields[column]]
    if sum(groups) != 1:
        return fields, bare
    settled = list(fields)
    for column in bare:
        settled[column] = BARE[keys[column]][groups.index(True)]
    return settled, []


def meanings(header: str) -> list[str]:
    """Return the fields that a bare header may stand for."""
    key = fold(header)
    if key not in BY_KEY and key not in BARE:
        return ["certificate_end"]
    named = whole_names.CHOICES.get(BY_KEY.get(key, ""))
    return list(named or (one for one in BARE.get(key, ()) if one != IGNORED))


def _ends_of_certificates(
    keys: Sequence[str], fields: Sequence[str], below: Sequence[Sequence[Cell]]
) -> list[int]:
    """Return the columns of days that may be the ends of certificates, in a list that says nothing
    of posts: read as personnel records it would give everybody one.
    """
    who = {"", "national_id", "identity", "given_name", "family_name", *WHOLE_NAMES}
    if not who.issuperset(fields):
        return []
    named = (c for c, key in enumerate(keys) if any(word in key for word in OF_CERTIFICATE))
    return [c for c in named if not fields[c] and _are_days(below, c)]


def _are_days(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row) and row[column] != ""]
    return bool(cells) and not any(day(cell)[1] for cell in cells)
