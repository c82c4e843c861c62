"""Made-up staff of a province, as the workbooks that MEBBİS and an administrator would give.

Every person, school and number is made up. Dates are days from the day the demo is run, so that
each verdict is there whenever that is.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from esign_cli.commands.demo.made_up.parts import national_id

TITLE = "ÖRNEK VERİ (GERÇEK DEĞİL) – Batman İl Millî Eğitim Müdürlüğü"
NAMES = ("personel.xlsx", "gorevlendirmeler.xlsx", "sertifikalar.xlsx")
SIGNER, RENEWED = 1, 2
"""Numbers of the two people who have a card: one who signs, one whose new card begins later."""
SIGNERS_DAYS_LEFT = 42
RENEWED_DAYS_LEFT = 12


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of person: how many, and what MEBBİS and the list of certificates say of them."""

    count: int
    days_left: tuple[int, ...] = ()
    """Of their certificates, in turn; none: no certificate is listed."""
    status: str = "Görevde"
    assigned: tuple[int, int | None] | None = None
    """Start and end of an assignment, in days from today; None as the end: its cell is empty."""
    in_roster: bool = True
    title: str = "Öğretmen"
    school: int | None = None
    """Of post and assignment, by its place in the list; None: the schools take turns."""
    new_card: int | None = None
    """Days left of a second certificate, which overlaps the first."""
    former_name: str = ""
    """The family name that the list of certificates still has."""
    reachable: bool = True
    """Whether MEBBİS has an e-mail address and a mobile number."""


CASES = (
    Case(1, (SIGNERS_DAYS_LEFT,), assigned=(-400, 700)),  # SIGNER
    Case(1, (RENEWED_DAYS_LEFT,)),  # RENEWED, by the certificate on the card
    Case(4, (45, 61, 70, 84)),
    Case(2, (50, 77), assigned=(-300, 420)),
    Case(3, (3, 9, 27)),
    Case(2, (36, 58), assigned=(-760, -20)),
    Case(2, (49, 66), assigned=(-200, None)),
    Case(1, (55,), status="Sevk İşleminde"),
    Case(1, (33,), status="Ücretsiz İzinde"),
    Case(1, (64,), status="Emekli"),
    Case(1, (72,), status="Nakil"),
    Case(2, (-6, -130)),
    Case(9, (150, 230, 310, 415, 560, 640, 720, 890, 1010)),
    Case(10),
    Case(2, (40, 80), in_roster=False),
    Case(2, (56, 63), assigned=(-700, -15), school=1),
    Case(2, (95, 140), assigned=(-320, 40)),
    Case(1, (20,), new_card=960),
    Case(1, (57,), former_name="KARACA"),
    Case(1, (47,), reachable=False),
    Case(1, title="Okul Müdürü", school=6),
    Case(2, school=6),
    Case(1, title="Okul Müdürü", school=2),
)
_GIVEN = (
    "ŞÜKRÜ", "AYŞE", "İBRAHİM", "ÇİĞDEM", "ÖMER", "IŞIL", "MEHMET ALİ", "GÜLŞEN", "VELİ", "HACER",
    "RAMAZAN", "ZÜBEYDE", "EYÜP", "FATMA NUR", "İSMAİL", "ÜLKÜ",
)  # fmt: skip
_FAMILY = (
    "IŞIK", "ÇELİK", "ÖZTÜRK", "İNCE", "ŞAHİN", "GÜNEŞ", "YILDIZ", "AĞAOĞLU", "UÇAR", "KILIÇ",
    "ÖZGÜR", "DOĞAN", "ÜNAL",
)  # fmt: skip
_SCHOOLS = (
    ("720001", "ÖRNEK ATATÜRK ANADOLU LİSESİ", "MERKEZ"),
    ("720002", "ÖRNEK CUMHURİYET ORTAOKULU", "KOZLUK"),
    ("720003", "ÖRNEK ŞEHİT ÖĞRETMEN İLKOKULU", "SASON"),
    ("720004", "ÖRNEK HALK EĞİTİMİ MERKEZİ", "BEŞİRİ"),
    ("720005", "ÖRNEK MESLEKÎ VE TEKNİK ANADOLU LİSESİ", "GERCÜŞ"),
    ("720006", "ÖRNEK İMAM HATİP ORTAOKULU", "HASANKEYF"),
    ("720007", "ÖRNEK KÖY İLKOKULU", "KOZLUK"),
)
_TURNS = 6
"""So many of them take turns; in the last, nobody has an e-imza."""
_BRANCHES = ("Sınıf Öğretmenliği", "Matematik", "Türkçe", "Fen Bilimleri", "İngilizce", "Rehberlik")
_ROSTER = (
    "T.C. Kimlik No", "Adı", "Soyadı", "Kurum Kodu", "Kurum Adı", "İlçe", "Ünvanı", "Branşı",
    "Çalıştığı Birim", "Kadro Durumu", "Görev Durumu", "Kurum Sicil No", "Doğum Yeri",
    "Doğum Tarihi", "E-Posta", "Cep Telefonu",
)  # fmt: skip
_ASSIGNMENTS = (
    "T.C. Kimlik No", "Adı", "Soyadı", "Görevlendirildiği Kurum Kodu", "Görevlendirildiği Kurum",
    "Görevlendirildiği İl/İlçe", "Görevi", "Görevlendirme Başlangıç", "Görevlendirme Bitiş",
)  # fmt: skip
_CERTIFICATES = ("T.C. Kimlik No", "Adı", "Soyadı", "Sertifika Bitiş Tarihi")
"""Names stand in two columns: of MEHMET ALİ YILDIZ in one cell an import asks which is which."""


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """Somebody made up, by number."""

    number: int
    case: Case
    days_left: int | None

    @property
    def national_id(self) -> str:
        return national_id(self.number)

    @property
    def given_name(self) -> str:
        return _GIVEN[(self.number - 1) % len(_GIVEN)]

    @property
    def family_name(self) -> str:
        return _FAMILY[(self.number - 1) % len(_FAMILY)]

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def listed_name(self) -> tuple[str, str]:
        """Both names in the list of certificates."""
        return self.given_name, self.case.former_name or self.family_name

    def school(self, turn: int) -> tuple[str, str, str]:
        """Code, name and district of where somebody serves whose turn it is."""
        chosen = self.case.school
        return _SCHOOLS[turn % _TURNS if chosen is None else chosen]


def everybody() -> tuple[MadeUpPerson, ...]:
    """Return everybody, in the order of CASES, numbered from 1."""
    cases = [(case, turn) for case in CASES for turn in range(case.count)]
    return tuple(
        MadeUpPerson(number, case, case.days_left[turn] if case.days_left else None)
        for number, (case, turn) in enumerate(cases, start=1)
    )


def workbooks(today: date) -> dict[str, bytes]:
    """Return the three .xlsx files of the demo, by name."""
    people = everybody()
    sheets: tuple[tuple[str, Sequence[str], list[Sequence[Any]]], ...] = (
        ("Personel", _ROSTER, [_roster_row(p) for p in people if p.case.in_roster]),
        (
            "Görevlendirme",
            _ASSIGNMENTS,
            [_assignment_row(p, today, p.case.assigned) for p in people if p.case.assigned],
        ),
        (
            "Sertifika",
            _CERTIFICATES,
            [
                (p.national_id, *p.listed_name, _on(today, left))
                for p in people
                for left in _left(p)
            ],
        ),
    )
    return {name: _workbook(*sheet) for name, sheet in zip(NAMES, sheets, strict=True)}


def _roster_row(person: MadeUpPerson) -> Sequence[Any]:
    number = person.number
    code, school, district = person.school(number)
    reachable = person.case.reachable
    return (
        person.national_id,
        person.given_name,
        person.family_name,
        code,
        school,
        district,
        person.case.title,
        _BRANCHES[number % len(_BRANCHES)],
        "Eğitim Öğretim",
        "Kadrolu" if number % 5 else "Sözleşmeli",
        person.case.status,
        f"UYD{number:04d}",
        "BATMAN",
        date(1975 + number % 20, 1 + number % 12, 1 + number % 28),
        f"ornek{number}@example.tr" if reachable else "",
        f"0532 000 {number // 100:02d} {number % 100:02d}" if reachable else "",
    )


def _assignment_row(
    person: MadeUpPerson, today: date, assigned: tuple[int, int | None]
) -> Sequence[Any]:
    start, end = assigned
    code, school, district = person.school(person.number + 3)
    return (
        person.national_id,
        person.given_name,
        person.family_name,
        code,
        school,
        f"BATMAN / {district}",
        "Müdür",
        _on(today, start),
        "" if end is None else _on(today, end),
    )


def _left(person: MadeUpPerson) -> list[int]:
    """Days left of each of somebody's certificates."""
    return [days for days in (person.days_left, person.case.new_card) if days is not None]


def _on(today: date, days: int) -> date:
    return today + timedelta(days)


def _workbook(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A sheet as such exports look: a title and a blank row above the header, TOPLAM at the end."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = name
    sheet.append([TITLE])
    sheet.append([])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    sheet.append(["TOPLAM"])
    for line in sheet.iter_rows(min_row=4):
        for cell in line:
            if isinstance(cell.value, date):
                cell.number_format = "DD.MM.YYYY"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
