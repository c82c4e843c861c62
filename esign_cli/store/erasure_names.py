"""Names of workbooks that tell of whoever is forgotten: “Ayşe Yılmaz nakil.xlsx”."""

# ruff: noqa: S608  (every piece that is put together here is written here)

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from esign_cli.foundation.turkish import fold
from esign_cli.store.connection import Db
from esign_cli.store.dialect import Dialect, both

_THEM = "(SELECT national_id FROM forgotten)"
_INSTEAD = "…"
"""Stands for a name that tells too much; the ending stays."""
_WORD = re.compile(r"[^\W_]+")


def _names(d: Dialect) -> str:
    given, family = d.at("before", "given_name"), d.at("before", "family_name")
    return f"""
SELECT national_id, given_name, family_name FROM person WHERE national_id IN {_THEM}
 UNION SELECT national_id, {given}, {family} FROM change
        WHERE what = 'person' AND national_id IN {_THEM}
 UNION SELECT national_id, holder, '' FROM certificate WHERE national_id IN {_THEM}
"""


_NAMES = both(_names)
_OF_OTHERS = " UNION ALL ".join(
    f"SELECT 1 FROM {table} WHERE file_id = ? AND national_id NOT IN {_THEM}"
    for table in ("person", "duty", "certificate")
)


def take_out(db: Db) -> None:
    """Take the names of those who are about to be forgotten out of the names of workbooks.

    A name tells of somebody with their national id or whole name in it, or any word of the name
    where the workbook is of nobody else. Asked before their records go.
    """
    people = _People(db.execute(_NAMES).fetchall())
    for number, name in db.execute("SELECT id, name FROM file").fetchall():
        alone = people.any_word(name) and not db.execute(_OF_OTHERS, (number,) * 3).fetchone()
        if alone or people.whole_name(name):
            db.execute("UPDATE file SET name = ? WHERE id = ?", (_without(name), number))
    for number, name in db.execute("SELECT number, file FROM import_column").fetchall():
        if people.whole_name(name):
            db.execute(
                "UPDATE import_column SET file = ? WHERE number = ?", (_without(name), number)
            )


class _People:
    """How those are called who are forgotten."""

    def __init__(self, rows: Iterable[tuple[str, str | None, str | None]]) -> None:
        self._names: dict[str, list[frozenset[str]]] = defaultdict(list)
        """Whole names by each of their words; a national id is one of its own."""
        for national_id, given, family in rows:
            words = frozenset(_words(f"{given or ''} {family or ''}"))
            for name in (words, frozenset({national_id})):
                for word in name:
                    self._names[word].append(name)

    def any_word(self, name: str) -> bool:
        return any(word in self._names for word in _words(name))

    def whole_name(self, name: str) -> bool:
        words = frozenset(_words(name))
        return any(whole <= words for word in words for whole in self._names.get(word, ()))


def _words(text: str) -> Iterator[str]:
    """The words of a text, folded; a letter on its own is none."""
    return (word for word in map(fold, _WORD.findall(text)) if len(word) > 1)


def _without(name: str) -> str:
    return _INSTEAD + PurePath(name).suffix
