"""Names that stand in one cell, and which of their words are the family name.

Of two words the header says it. Of more it is told by capitals ("Ayşe ŞAHİN GÜNEŞ") or a comma
("ŞAHİN GÜNEŞ, Ayşe"); else either side may have several, and only somebody who knows the list can
say that the last word, or the first, is the family name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.values import SEPARATOR, Read, name, national_id, text

_PLAIN = re.compile(r"[^,;:()/\\|]+")
_INITIAL = 1
_WORDS = 2
UNCLEAR, GUESSED = "unclear-name", "guessed-name"
CHOICES = {
    "full_name": ("full_name_last_word", "full_name"),
    "surname_first": ("surname_first_word", "surname_first"),
}
"""What somebody may say of a column with names of several words: one is the family name, or such
rows are rejected."""


def full_name(cell: Cell) -> Read:
    """Return given names and, after SEPARATOR, the family name, where they stand in this order."""
    return _read(cell, surname_first=False)


def surname_first(cell: Cell) -> Read:
    """Return the same where the family name stands before."""
    return _read(cell, surname_first=True)


def last_word(cell: Cell) -> Read:
    """Return the last of several words as the family name, unless it is told otherwise."""
    return _read(cell, surname_first=False, by_word=True)


def first_word(cell: Cell) -> Read:
    """Return the first of several words as the family name, unless it is told otherwise."""
    return _read(cell, surname_first=True, by_word=True)


def guessed(cell: Cell) -> Read:
    """Return the same as `last_word`, and GUESSED where nothing but the order tells it."""
    certain = full_name(cell)
    by_word = certain if certain[1] != UNCLEAR else last_word(cell)
    return by_word if certain == by_word else (by_word[0], GUESSED)


def identity(cell: Cell) -> Read:
    """Return given names, family name and national id from "AD SOYAD (10000000146)", by
    SEPARATOR.
    """
    whole, problem = text(cell)
    if problem or not whole:
        return "", problem or "no-national-id"
    names, _, number = whole.removesuffix(")").rpartition("(")
    number, problem = national_id(number.strip())
    names, garbled = guessed(names.strip())
    if problem or not names:
        return "", garbled or problem
    return names + SEPARATOR + number, garbled


def of_several_words(fields: Sequence[str], below: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the columns that hold a name of which nothing tells the parts."""
    return [c for c, field in enumerate(fields) if field in CHOICES and several(below, c)]


def several(rows: Sequence[Sequence[Cell]], column: int) -> list[Sequence[Cell]]:
    """Return the rows with a name of several words in this column, alike in capitals."""
    filled = [row for row in rows if column < len(row) and isinstance(row[column], str)]
    return [row for row in filled if _is_of_several(str(row[column]))]


def _is_of_several(cell: str) -> bool:
    words = cell.split()
    plain = not name(cell)[1] and _PLAIN.fullmatch(cell) is not None
    return plain and len(words) > _WORDS and _by_capitals(words) is None


def _read(cell: Cell, *, surname_first: bool, by_word: bool = False) -> Read:
    whole, problem = name(cell)
    if problem or not whole:
        return ("", problem) if problem else (SEPARATOR, "")
    parts = _parts(whole, surname_first=surname_first, by_word=by_word)
    return (SEPARATOR.join(parts), "") if parts else ("", UNCLEAR)


def _parts(whole: str, *, surname_first: bool, by_word: bool) -> tuple[str, str] | None:
    family, comma, given = (one.strip() for one in whole.partition(","))
    if comma and surname_first and _PLAIN.fullmatch(given) and _PLAIN.fullmatch(family):
        return given, family
    words = whole.split()
    if len(words) < _WORDS or not _PLAIN.fullmatch(whole):
        return None
    told = _by_capitals(words)
    if told is None and (len(words) == _WORDS or by_word):
        told = 1 if surname_first else len(words) - 1, surname_first
    if told is None or told[1] != surname_first:
        return None
    first, second = " ".join(words[: told[0]]), " ".join(words[told[0] :])
    return (second, first) if surname_first else (first, second)


def _by_capitals(words: Sequence[str]) -> tuple[int, bool] | None:
    """Where the second part begins, and whether the family name, alone in capitals, is the
    first.
    """
    whole = [len(word.strip(".")) > _INITIAL for word in words]
    capitals = [word.isupper() and more for word, more in zip(words, whole, strict=True)]
    count = sum(capitals)
    if count in (0, sum(whole)):  # an initial shows nothing
        return None
    if all(capitals[:count]):
        return count, True
    return (len(words) - count, False) if all(capitals[-count:]) else None
