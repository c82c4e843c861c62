"""Finding people by any part of their name, their institution or their e-mail address."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from esign_cli.foundation import turkish
from esign_cli.store.connection import Db, plain
from esign_cli.store.database import Store
from esign_cli.store.dialect import Statement, both, text

_PEOPLE = """
SELECT national_id, given_name, family_name FROM person WHERE {conditions}
"""
_BY_NAME = both(lambda d: d.position.format("name_key", ":word{n}") + " > 0")
_BY_EMAIL = both(lambda d: d.position.format("lower(email)", ":text{n}") + " > 0")
_BY_INSTITUTION = Statement(
    "national_id IN (SELECT national_id FROM duty WHERE closed_by IS NULL"
    " AND institution IN (SELECT value FROM json_each(:names{n})))",
    "national_id IN (SELECT national_id FROM duty WHERE closed_by IS NULL"
    ' AND institution IN (SELECT json_array_elements_text(CAST(:names{n} AS json)) COLLATE "C"))',
)
_HOLDERS = """
SELECT DISTINCT national_id, holder FROM certificate
 WHERE holder <> '' AND national_id NOT IN (SELECT national_id FROM person)
"""
_LEAST_EMAIL = 3
"""Letters; shorter ones are in nearly every address."""


@dataclass(frozen=True, slots=True)
class _Hit:
    national_id: str
    name: str
    rank: int


def find(store: Store, words: Sequence[str]) -> tuple[str, ...]:
    """Return the national ids of those in whom every word is found, the likeliest first.

    Whose name it is comes before whose names begin with the words, then those whose names hold
    them, then those of an institution or an e-mail address. To be called inside
    `store.reading()`.
    """
    keys = [key for key in map(turkish.fold, words) if key]
    if not keys:
        return ()
    hits = [*_people(store.db, keys, words), *_holders(store.db, keys)]
    hits.sort(key=lambda hit: (hit.rank, turkish.sort_key(hit.name), hit.national_id))
    return tuple(dict.fromkeys(hit.national_id for hit in hits))


def _people(db: Db, keys: Sequence[str], words: Sequence[str]) -> Iterator[_Hit]:
    with_institution = _institutions(db, keys)
    conditions: list[str] = []
    given: dict[str, str] = {}
    for n, (key, word) in enumerate(zip(keys, words, strict=False)):
        ways = [text(db, _BY_NAME)]
        given[f"word{n}"] = key
        if len(word) >= _LEAST_EMAIL and word.isascii():
            ways.append(text(db, _BY_EMAIL))
            given[f"text{n}"] = word.lower()
        if n in with_institution:
            ways.append(text(db, _BY_INSTITUTION))
            given[f"names{n}"] = json.dumps(with_institution[n])
        conditions.append("(" + " OR ".join(way.format(n=n) for way in ways) + ")")
    query = _PEOPLE.format(conditions=" AND ".join(conditions))
    for national_id, given_name, family_name in plain(db, query, given):
        name = f"{given_name} {family_name}"
        yield _Hit(national_id, name, _rank(keys, name))


def _institutions(db: Db, keys: Sequence[str]) -> dict[int, list[str]]:
    """Return the institutions that each word is in, by the number of the word."""
    known = db.execute("SELECT DISTINCT institution FROM duty WHERE closed_by IS NULL").fetchall()
    folded = [(name, " ".join(map(turkish.fold, name.split()))) for (name,) in known]
    found = {n: [name for name, words in folded if key in words] for n, key in enumerate(keys)}
    return {n: names for n, names in found.items() if names}


def _holders(db: Db, keys: Sequence[str]) -> Iterator[_Hit]:
    """Those whom only a certificate names."""
    for national_id, holder in db.execute(_HOLDERS):
        text = turkish.fold(holder)
        if all(key in text for key in keys):
            yield _Hit(national_id, holder, _rank(keys, holder))


def _rank(keys: Sequence[str], name: str) -> int:
    parts = [turkish.fold(part) for part in name.split()]
    if "".join(parts) == "".join(keys):
        return 0
    if all(any(part.startswith(key) for part in parts) for key in keys):
        return 1
    return 2 if all(key in "".join(parts) for key in keys) else 3
