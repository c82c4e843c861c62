"""The rows that head a table: which they are, and what each column is called in them.

A header may stand on up to three rows: "Görevlendirme" over "Başlangıç" and "Bitiş" heads the two
columns "Görevlendirme Başlangıç" and "Görevlendirme Bitiş".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.mebbis.cells import HEADER_ROWS, Cell
from esign_cli.workbooks.mebbis.fields import BARE, BY_KEY, CAREFUL, NATIONAL_ID_KEYS

LEAST_FIELDS = 2
LONGEST_HEADER = 80
_DATA = re.compile(r"\d{5}|\d[./-]\d|@")
"""What stands in no header: an id, a code, a date, an address."""
_OWN_GROUP = re.compile(
    r"^(tc|kisi(sel|nin)?|personel(in)?|calisan(in)?|ogretmen(in)?|kimlik|nufus|iletisim|kurum|okul|gorev"
    r"(yeri|li)?|gorevlendirme(nin)?|kadro(su)?|ozluk|sertifika|eimza|adres|genel|temel|ve|bilgi(si|leri)?)*$"
)
"""Groups whose headers are those of the person of the row."""
_GROUPS = (
    (("gorevlendirme",), "basla", "gorevlendirmebaslangic"),
    (("gorevlendirme",), "bitis", "gorevlendirmebitis"),
    (("sertifika", "eimza"), "bitis", "sertifikabitis"),
)
"""Words of a group's header, how a header below begins, and the key of both together."""


@dataclass(frozen=True, slots=True)
class Header:
    """The rows that head a table."""

    row: int
    """The first of them; the sheet's first is 1."""
    depth: int
    """How many they are."""
    texts: Sequence[str]
    """The header of each column, of all rows together."""
    keys: Sequence[str]
    """By what each column is known, folded."""
    first: Sequence[str]
    """What stands in the first row, folded."""

    @property
    def signature(self) -> str:
        """The same for two tables with the same header, however it is spelled and spaced."""
        return "|".join(map(fold, self.texts)).strip("|")


def find(
    top: Sequence[Sequence[Cell]], wanted: Mapping[str, str], header_row: int | None
) -> Header | None:
    """Return the first header that names a column of national ids, else the one that says
    the most.

    `wanted` is folded header → field, as the user said it; so did they name `header_row`, from 1.
    """
    rows = range(len(top)) if header_row is None else range(header_row - 1, header_row)
    deepest = [_deepest(top, row, wanted) for row in rows if row < len(top)]
    if header_row is not None:
        return deepest[0][1] if deepest else Header(header_row, 1, (), (), ())
    good = [(score, header) for score, header in deepest if score >= LEAST_FIELDS]
    with_id = [header for _, header in good if _names_ids(header, wanted)]
    if with_id:
        return with_id[0]
    return max(good, key=lambda one: one[0], default=(0, None))[1]


def is_header(row: Sequence[Cell], id_keys: frozenset[str]) -> bool:
    """Return whether a row in the midst of a sheet heads a table of people."""
    keys = {fold(str(cell)) for cell in row if _is_short_text(cell)}
    known = sum(key in BY_KEY or key in BARE or key in id_keys for key in keys)
    return known >= LEAST_FIELDS and not keys.isdisjoint(id_keys)


def _names_ids(header: Header, wanted: Mapping[str, str]) -> bool:
    ids = {key for key, field in wanted.items() if field in ("national_id", "identity")}
    return not (NATIONAL_ID_KEYS | ids).isdisjoint(header.keys)


def _deepest(
    top: Sequence[Sequence[Cell]], row: int, wanted: Mapping[str, str]
) -> tuple[int, Header]:
    """The header that begins in this row, of as few rows as say the most; and how much it says.

    A row of which the others say as much without it is a title above them.
    """
    depths = [1]
    for below in range(row + 1, min(row + HEADER_ROWS, len(top))):
        if not _may_head(top[below]):
            break
        depths.append(below - row + 1)
    best = _joined(top[row : row + 1], row + 1, wanted)
    most = _score(best, wanted)
    for depth in depths[1:]:
        header = _joined(top[row : row + depth], row + 1, wanted)
        without_first = _joined(top[row + 1 : row + depth], row + 2, wanted)
        score = _score(header, wanted)
        if score > max(most, _score(without_first, wanted)):
            best, most = header, score
    return most, best


def _may_head(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell != ""]
    return bool(filled) and all(
        _is_short_text(cell) and not _DATA.search(str(cell)) for cell in filled
    )


def _is_short_text(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) <= LONGEST_HEADER


def _score(header: Header, wanted: Mapping[str, str]) -> int:
    fields = {wanted.get(key) or BY_KEY.get(key) for key in header.keys} - {None}
    return len(fields) + len(BARE.keys() & set(header.keys))


def _joined(rows: Sequence[Sequence[Cell]], number: int, wanted: Mapping[str, str]) -> Header:
    texts = [[" ".join(str(cell).split()) for cell in row] for row in rows]
    first = [fold(text) for text in texts[0]]
    width = max(map(len, texts))
    texts = [row + [""] * (width - len(row)) for row in texts]
    for place in range(len(texts) - 1):
        texts[place] = _spread(texts[place], texts[place + 1 :])
    columns = [
        [text for text in dict.fromkeys(column) if text] for column in zip(*texts, strict=True)
    ]
    keys = [_key(parts, wanted) for parts in columns]
    joined = [" ".join(parts) for parts in columns]
    return Header(number, len(rows), joined, keys, first + [""] * (width - len(first)))


def _spread(upper: Sequence[str], lower: Sequence[Sequence[str]]) -> list[str]:
    """An upper cell heads the columns to its right that have a header below and none above."""
    spread: list[str] = []
    for column, text in enumerate(upper):
        below = any(row[column] for row in lower)
        spread.append(text if text or not below or not spread else spread[-1])
    return spread


def _key(parts: Sequence[str], wanted: Mapping[str, str]) -> str:
    """By what a column is known: its header as a whole, else, where that is safe, the lowest."""
    whole = fold(" ".join(parts))
    if len(parts) < LEAST_FIELDS or whole in wanted or whole in BY_KEY:
        return whole
    group, last = fold(" ".join(parts[:-1])), fold(parts[-1])
    for words, begins, key in _GROUPS:
        if last.startswith(begins) and any(word in group for word in words):
            return key
    safe = last in wanted or (last in BY_KEY and BY_KEY[last] not in CAREFUL)
    return last if safe and _is_of_the_person(parts[:-1]) else whole


def _is_of_the_person(groups: Sequence[str]) -> bool:
    """Whether what stands above a header says no more than that these are the row's own data.

    The "Adı" below "Baba", the "Cep Telefonu" below "Okul Müdürü" are those of somebody else.
    """
    words = [_OWN_GROUP.sub("", fold(group)) for group in groups]
    return not any(words)
