"""One roster in many forms: what people and report programs make of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from esign_cli.store import Store
from tests.support.workbooks import national_id

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a row says of somebody."""

    national_id: str
    given_name: str
    family_name: str
    institution: str
    title: str
    start: date | None
    end: date | None
    mobile_phone: str
    birth_date: date | None


PEOPLE = (
    Fact(national_id(1), "İBRAHİM", "IŞIK", "YILDIZ İLKOKULU", "Müdür", date(2024, 9, 1),
         date(2027, 6, 30), "5321234561", date(1975, 5, 12)),
    Fact(national_id(2), "ŞÜKRÜ", "AĞAOĞLU", "ÖZEL GÜN LİSESİ", "Müdür Yardımcısı",
         date(2023, 2, 28), date(2026, 12, 31), "5321234562", date(1989, 7, 22)),
    Fact(national_id(3), "Çiğdem Âlâ", "öztürk", "Hakkâri & Ova <Anadolu> Lisesi", "Müdür",
         date(2025, 1, 15), None, "5321234563", date(1990, 12, 31)),
    Fact(national_id(4), "AYŞE", "ŞAHİN GÜNEŞ", "I. MURAT O.O.", "Öğretmen", None,
         date(2028, 2, 29), "5321234564", date(1981, 1, 13)),
)  # fmt: skip
HEADERS = (
    "T.C. Kimlik No", "Adı", "Soyadı", "Kurum Adı", "Görevi", "Görevlendirme Başlangıç",
    "Görevlendirme Bitiş", "Cep Telefonu", "Doğum Tarihi",
)  # fmt: skip
_MONTHS = ["Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"]


def _row(one: Fact, shown: Callable[[date], Any]) -> Row:
    start, end, birth = (
        shown(day) if day else None for day in (one.start, one.end, one.birth_date)
    )
    return [one.national_id, one.given_name, one.family_name, one.institution, one.title,
            start, end, one.mobile_phone, birth]  # fmt: skip


def _same(day: date) -> Any:
    return day


def dotted(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def typed(people: Sequence[Fact]) -> list[Row]:
    """Days as days, numbers as numbers."""
    rows = [_row(one, _same) for one in people]
    for row in rows:
        row[0], row[7] = int(row[0]), int(row[7])
    return [list(HEADERS), *rows]


def written(people: Sequence[Fact], shown: Callable[[date], str] = dotted) -> list[Row]:
    """All as text."""
    return [list(HEADERS), *(_row(one, shown) for one in people)]


def by_month_names(people: Sequence[Fact]) -> list[Row]:
    return written(people, lambda day: f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}")


def iso(people: Sequence[Fact]) -> list[Row]:
    return written(people, lambda day: f"{day.isoformat()}T00:00:00+03:00")


def american(people: Sequence[Fact]) -> list[Row]:
    return written(people, lambda day: f"{day.month}/{day.day}/{day.year}")


def titled(people: Sequence[Fact]) -> list[Row]:
    """Below titles and a blank row, and with a total at the end."""
    width = len(HEADERS)
    return [
        ["BATMAN İL MİLLÎ EĞİTİM MÜDÜRLÜĞÜ", *[None] * (width - 1)],
        [None] * width,
        *typed(people),
        ["TOPLAM", len(people), *[None] * (width - 2)],
    ]


def paged(people: Sequence[Fact]) -> list[Row]:
    """The header comes again on each page."""
    width = len(HEADERS)
    rows: list[Row] = []
    for page, one in enumerate(people, start=1):
        rows += [*written([one]), [None, None, f"Sayfa {page}", *[None] * (width - 3)]]
    return rows


def moved(people: Sequence[Fact]) -> list[Row]:
    """The header of the second page has its columns in another order."""
    first, second = written(people[:2]), written(people[2:])
    order = (2, 0, 1, 7, 8, 6, 5, 4, 3)
    return [*first, [None] * len(HEADERS), *([row[n] for n in order] for row in second)]


def spaced(people: Sequence[Fact]) -> list[Row]:
    """A blank column that the second page does not have."""
    width = len(HEADERS)
    first = [[*row[:2], None, *row[2:]] for row in written(people[:2])]
    second = [[*row, None] for row in written(people[2:])]
    return [*first, ["Sayfa 1", *[None] * width], *second]


def grouped(people: Sequence[Fact]) -> list[Row]:
    """The dates of the assignment stand under a header of their own."""
    upper: Row = [*HEADERS[:5], "Görevlendirme", None, *HEADERS[7:]]
    lower: Row = [*[None] * 5, "Başlangıç", "Bitiş", None, None]
    return [upper, lower, *typed(people)[1:]]


FORMS: dict[str, Callable[[Sequence[Fact]], list[Row]]] = {
    "typed": typed,
    "written": written,
    "month-names": by_month_names,
    "iso": iso,
    "american": american,
    "titled": titled,
    "paged": paged,
    "moved": moved,
    "spaced": spaced,
    "grouped": grouped,
}


def imported(store: Store) -> list[Fact]:
    """What the database knows, as the facts of PEOPLE are written."""
    rows = store.db.execute(
        "SELECT p.national_id, p.given_name, p.family_name, d.institution, d.title, d.start,"
        ' d."end", p.mobile_phone, p.birth_date FROM person p JOIN duty d USING (national_id)'
        " ORDER BY p.national_id"
    )
    return [_fact(*row) for row in rows]


def _fact(*values: Any) -> Fact:
    *texts, start, end, phone, birth = values
    start, end, birth = (date.fromisoformat(day) if day else None for day in (start, end, birth))
    return Fact(*texts, start, end, phone.removeprefix("+90"), birth)


def known(people: Sequence[Fact]) -> list[Fact]:
    """The people as they should be found."""
    return sorted(people, key=lambda one: one.national_id)
