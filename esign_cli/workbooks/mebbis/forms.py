"""The layout "Personel Listesi Özet Bilgiler": several rows a person, and columns that shift.

    BATMAN / MERKEZ | GAZİ LİSESİ / 123456 / 01.09.2020 | AD SOYAD (10000000146) | Öğretmen | Tarih
    Lisans | 12345 | A Rh (+) | 25000 | 40000
    Görevde 9-1

The person's first row is known by the eleven digits in brackets, or by the institution before any
bracket: a person whose number is broken is a row that is rejected, not one that is not there. The
others are known by what stands in them.
What is recognised becomes a row of a table; nothing else of the form is ever handed on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from esign_cli.workbooks.mebbis import dates
from esign_cli.workbooks.mebbis import values as read
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.footers import is_footer
from esign_cli.workbooks.mebbis.layouts import ROSTER, Layout

HEADERS = {
    "identity": "AD SOYAD (TCKN)",
    "place": "İl / İlçe",
    "institution": "Kurum Adı",
    "institution_code": "Kurum Kodu",
    "start": "Başlama Tarihi",
    "title": "Ünvan / Görev",
    "branch": "Branş",
    "registry_no": "Kurum Sicil No",
    "birth_date": "Doğum Tarihi",
    "status": "Görev Durumu",
}
"""The fields of the table, in its order, and what they are in the form."""
FIELDS = tuple(HEADERS)
MOST_ROWS_A_PERSON = 6
_IDENTITY = re.compile(r".*\D\s*\(\s*\d{11}\s*\)")
_BROKEN = re.compile(r"[^()]*[^\W\d_][^()]*\([^()]*\)?\s*")
_INSTITUTION = re.compile(
    r"(?P<name>.+?)\s*/\s*(?P<code>\d+)\s*/\s*(?P<start>\d\d?[./]\d\d?[./]\d{4})"
)
_STATUS = re.compile(r"(?P<status>[^\W\d_][^\d]*?)\s+\d{1,2}\s*[-/]\s*\d{1,2}")
_REGISTRY = re.compile(r"\d{3,10}(\.0)?")
_BIRTH_AND_START = 2
_LEAST_AGE = 14
_Filled = list[Cell]
_Day = Callable[[Cell], str]


def layout_of(top: Sequence[Sequence[Cell]]) -> Layout | None:
    """Return the layout of a sheet whose first rows are a form; None if they are not."""
    if not any(_is_first(_filled(row)) for row in top):
        return None
    columns = {field: place for place, field in enumerate(FIELDS)}
    return Layout(0, columns, HEADERS, (), (), ROSTER, duty_is_assignment=False, form=True)


def table(
    rows: Iterable[Sequence[Cell]], *, serials_from_1904: bool = False
) -> Iterator[tuple[Cell, ...]]:
    """Yield a row under FIELDS for each row: the whole person on each of their rows, else blank."""
    born = _born_from_1904 if serials_from_1904 else _born
    blank: tuple[Cell, ...] = ("",) * len(FIELDS)
    group: list[_Filled] = []
    for row in rows:
        filled = _filled(row)
        begins = _identity_place(filled) is not None
        if group and (begins or len(group) == MOST_ROWS_A_PERSON or not _is_more(filled, born)):
            yield from [_person(group, born)] * len(group)
            group = []
        if begins or group:
            group.append(filled)
        else:
            yield blank
    if group:  # the last row may be nobody's
        yield from [_person(group, born)] * len(group)


def _filled(row: Sequence[Cell]) -> _Filled:
    return [cell for cell in row if cell != ""]


def _identity_place(row: _Filled) -> int | None:
    """Where name and number stand; behind the institution the number may be a broken one."""
    post = next((n for n, cell in enumerate(row) if _institution(cell)), len(row))
    ways = ((_IDENTITY, row, 0), (_BROKEN, row[post + 1 :], post + 1))
    places = (
        place
        for shape, cells, first in ways
        for place, cell in enumerate(cells, start=first)
        if isinstance(cell, str) and shape.fullmatch(cell)
    )
    return next(places, None)


def _is_first(row: _Filled) -> bool:
    return _identity_place(row) is not None and any(map(_institution, row))


def _institution(cell: Cell) -> re.Match[str] | None:
    return _INSTITUTION.fullmatch(cell.strip()) if isinstance(cell, str) else None


def _status(row: _Filled) -> str:
    words = (cell.strip() for cell in row if isinstance(cell, str) and not is_footer(cell))
    matches = map(_STATUS.fullmatch, words)
    return next((match["status"] for match in matches if match), "")


def _born(cell: Cell) -> str:
    return read.birth_day(cell)[0]


def _born_from_1904(cell: Cell) -> str:
    return read.birth_day(dates.from_1904(cell))[0]


def _is_more(row: _Filled, born: _Day) -> bool:
    """A further row of a person: their status, or their registry number and dates."""
    return bool(row) and bool(_status(row) or _details(row, born))


def _person(group: list[_Filled], born: _Day) -> tuple[Cell, ...]:
    values: dict[str, Cell] = dict.fromkeys(FIELDS, "")
    values |= _post(group[0])
    for row in group[1:]:
        values["status"] = values["status"] or _status(row)
        values |= _details(row, born)
    return tuple(values.values())


def _details(row: _Filled, born: _Day) -> dict[str, Cell]:
    """Of a person's second row: the registry number, and before the first day of work the birth."""
    days = [place for place, cell in enumerate(row) if born(cell)]
    if len(days) < _BIRTH_AND_START:
        return {}
    birth = days[-_BIRTH_AND_START]
    years = [int(born(row[place])[:4]) for place in days[-_BIRTH_AND_START:]]
    if years[1] - years[0] < _LEAST_AGE:
        return {}
    numbers = [cell for cell in row[:birth] if _REGISTRY.fullmatch(str(cell))]
    return {"birth_date": row[birth]} | ({"registry_no": numbers[0]} if numbers else {})


def _post(row: _Filled) -> dict[str, Cell]:
    """What a person's first row says: place and institution before the name, the post after it."""
    name = _identity_place(row) or 0
    values: dict[str, Cell] = {"identity": row[name]}
    for cell in row[:name]:
        if match := _institution(cell):
            values |= {"institution": match["name"], "institution_code": match["code"]}
            values["start"] = match["start"]
        elif isinstance(cell, str) and "/" in cell and not read.place(cell)[1]:
            values["place"] = cell
    return values | dict(zip(("title", "branch"), row[name + 1 :], strict=False))
