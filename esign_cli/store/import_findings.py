"""What an import points out of its staged rows, once they were compared with what is known."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from esign_cli.foundation.people import CertificateRecord
from esign_cli.foundation.turkish import mask
from esign_cli.renewals.rules import lifetime
from esign_cli.store import import_names_sql as names
from esign_cli.store import import_sql as sql
from esign_cli.store import rows
from esign_cli.store.connection import Db
from esign_cli.store.imports import Finding

Pair = tuple[str, str]
_SWAP = 2
_FEW = 32
"""So many are sooner compared in pairs than digit by digit."""
_SWAP_DIFFERENCES = frozenset(
    digits * (10**high - 10**low)
    for high in range(11)
    for low in range(high)
    for digits in range(-9, 10)
    if digits
)
"""What two numbers of eleven digits differ by when two digits of one are swapped in the other."""


def all_of(db: Db, pairs: Sequence[Pair]) -> list[Finding]:
    """Return conflicts of identity, lists that disagree with cards, and namesakes
    (`duplicates`).
    """
    conflicts = _found(db, "identity-conflict", "family_name", sql.CONFLICTS)
    return [*conflicts, *_disagreeing(db), *_new_duplicates(db, pairs), *_misread(db)]


def duplicates(db: Db, *, all_is_new: bool) -> list[Pair]:
    """Return new people with the name of another and an id one swap of digits away: (the other, the
    one).

    One digit changed never leaves a valid id, and no other is kept; a swap may.
    """
    namesakes = db.execute(names.NAMESAKES_AMONG_NEW if all_is_new else names.NAMESAKES)
    groups = (group for (ids,) in namesakes for group in _groups(list(map(int, ids.split(",")))))
    pairs = sorted(
        (str(min(pair)), str(max(pair)))
        for group in groups
        for pair in itertools.combinations(group, 2)
        if pair[1] - pair[0] in _SWAP_DIFFERENCES and _differing(*pair) == _SWAP
    )
    return [*pairs, *((second, first) for first, second in pairs)]


def _groups(ids: list[int]) -> Iterable[list[int]]:
    """Those of several that may be a swap apart: of many, only those of the same digits."""
    return [ids] if len(ids) <= _FEW else _of_same_digits(ids)


def _found(db: Db, code: str, field: str, query: str) -> list[Finding]:
    rows_found = sorted(map(tuple, db.execute(query)))
    return [_at(db, line, code, field, str(value)) for line, value in rows_found]


def _disagreeing(db: Db) -> list[Finding]:
    """Ends in lists against which a certificate stands that was read from a card or a file."""
    ends = {}
    for line, end, serial, *read in map(tuple, db.execute(sql.DISAGREEMENTS)):
        listed = CertificateRecord("", date.fromisoformat(end), serial=serial)
        if lifetime.disagree(rows.plain_certificate((*read, "")), listed):
            ends[line] = end
    return [
        _at(db, line, "certificate-disagrees", "certificate_end", end) for line, end in ends.items()
    ]


def _at(db: Db, line: int, code: str, field: str, value: str, whose: str = "") -> Finding:
    place = db.execute(
        "SELECT file, sheet, ? - first + 1 FROM sheet_base WHERE first <= ?"
        " ORDER BY first DESC LIMIT 1",
        (line, line),
    ).fetchone()
    file, sheet, row = place
    known = db.execute("SELECT national_id FROM line WHERE line = ?", (line,)).fetchone()
    return Finding(code, file, sheet, row, field, value, known[0] if known else whose)


def _new_duplicates(db: Db, pairs: Sequence[Pair]) -> list[Finding]:
    findings = []
    for other, one in pairs:
        line = db.execute(names.LINE_OF_NEW, (one,)).fetchone()
        if line:
            findings.append(_at(db, line[0], "possible-duplicate", "national_id", mask(other)))
    return findings


def _misread(db: Db) -> Iterator[Finding]:
    """Rows whose national id is none, but one digit or swap away from that of a namesake."""
    if not db.execute(names.IS_ANY_MISREAD).fetchone()[0]:
        return
    for line, digits, ids in db.execute(names.MISREAD):
        for known in sorted(set(ids.split(","))):
            apart = _differing(int(digits), int(known))
            if apart == 1 or (apart == _SWAP and sorted(digits) == sorted(known)):
                yield _at(db, line, "possible-duplicate", "national_id", mask(known), known)


def _of_same_digits(group: Sequence[int]) -> Iterable[list[int]]:
    same_digits: dict[str, list[int]] = defaultdict(list)
    for one in group:
        same_digits["".join(sorted(str(one)))].append(one)
    return same_digits.values()


def _differing(first: int, second: int) -> int:
    return sum(a != b for a, b in zip(f"{first:011}", f"{second:011}", strict=True))
