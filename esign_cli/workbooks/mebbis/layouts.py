"""Where in a sheet the data stand: its header row, and which column is which field.

MEBBİS publishes no schema: the aliases below were seen in real exports. The guess is always shown
and can be overruled by a header row and by a mapping "header → field".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from esign_cli.foundation.errors.workbooks import (
    AmbiguousColumn,
    MappedColumnMissing,
    NoIdentityColumn,
)
from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.mebbis.cells import Cell

ROSTER, ASSIGNMENTS, CERTIFICATES = "roster", "assignments", "certificates"
IGNORED = "-"
"""Mapped to this, a column is passed over."""
LEAST_FIELDS = 2
LONGEST_HEADER = 80

_ALIASES: dict[str, tuple[str, ...]] = {
    "national_id": (
        "T.C. Kimlik No", "TC Kimlik", "TCKN", "Kimlik No", "Personel No TC Kimlik No",
        "T.C. Kimlik Numarası", "Kimlik Numarası", "TC No",
    ),
    "identity": (
        "Adı Soyadı (T.C. Kimlik No)", "Ad Soyad (TCKN)", "Adı Soyadı (TCKN)",
        "Ad Soyad (TC Kimlik No)", "Personel (T.C. Kimlik No)", "Adı Soyadı (TC)",
    ),
    "given_name": ("Adı", "Ad", "İsim"),
    "family_name": ("Soyadı", "Soyad", "Soy Adı"),
    "full_name": ("Adı Soyadı", "Ad Soyad", "Personel Adı Soyadı", "Adı ve Soyadı"),
    "institution_code": ("Kurum Kodu", "Kadrosunun Bulunduğu Kurum Kodu"),
    "institution": (
        "Kurum Adı", "Okul Adı", "Kadrosunun Bulunduğu Okul", "Kadrosunun Bulunduğu Kurum",
        "Kurumu",
    ),
    "province": ("İl", "İl Adı", "İli"),
    "district": ("İlçe", "İlçe Adı", "İlçesi"),
    "place": ("İl/İlçe", "İl - İlçe"),
    "title": ("Görevi", "Ünvanı", "Unvan", "Unvan / Branş", "Unvanı"),
    "branch": ("Branşı", "Branş"),
    "registry_no": ("Kurum Sicil No", "Sicil No"),
    "unit": ("Çalıştığı Birim", "Birim", "Birimi"),
    "kind": ("Kadro Durumu", "Personel Türü", "İstihdam Şekli"),
    "status": ("Görev Durumu",),
    "start": (
        "Görevlendirme Başlangıç", "Görevlendirme Başlangıç Tarihi", "Başlama Tarih",
        "Başlama Tarihi", "Göreve Başlama Tarihi",
    ),
    "own_start": ("Kadro Göreve Başlama Tarihi", "Kadroya Başlama Tarihi"),
    "end": ("Görevlendirme Bitiş", "Görevlendirme Bitiş Tarihi", "Görev Bitiş Tarihi"),
    "email": ("E-Posta", "Eposta", "Mail", "E-Posta Adresi", "E-Mail"),
    "mobile_phone": ("Cep Telefonu", "Cep Tel", "GSM", "Cep Telefonu No"),
    "birth_place": ("Doğum Yeri",),
    "birth_date": ("Doğum Tarihi",),
    "certificate_end": (
        "Sertifika Bitiş Tarihi", "E-İmza Bitiş Tarihi", "Geçerlilik Bitiş",
        "Geçerlilik Bitiş Tarihi", "Sertifika Bitiş",
    ),
    "certificate_serial": ("Sertifika Seri No", "Sertifika Seri Numarası"),
    "assigned_institution": ("Görevlendirildiği Kurum", "Görevlendirildiği Kurum Adı",
                             "Görevlendirildiği Okul"),
    "assigned_institution_code": ("Görevlendirildiği Kurum Kodu", "Görevlendirildiği Kurum (Kodu)"),
    "assigned_province": ("Görevlendirildiği İl",),
    "assigned_district": ("Görevlendirildiği İlçe",),
    "assigned_place": ("Görevlendirildiği İl/İlçe",),
}  # fmt: skip
FIELDS = tuple(_ALIASES)
"""Every field a column may be; nothing else of a row is ever kept."""
_BY_KEY = {fold(alias): field for field, aliases in _ALIASES.items() for alias in aliases}
NATIONAL_ID_KEYS = frozenset(
    fold(alias) for field in ("national_id", "identity") for alias in _ALIASES[field]
)
ROSTER_KEYS = frozenset(
    fold(alias)
    for field in ("title", "branch", "kind", "status", "start", "own_start", "end")
    for alias in _ALIASES[field]
) | {"durum", "durumu"}
"""Headers that personnel records have, and lists made by hand have not."""

_ASSIGNED = frozenset(field for field in FIELDS if field.startswith("assigned_"))
_DUTY_GROUP = _ASSIGNED | {"kind", "status", "start", "own_start", "end"}
_CERTIFICATE_GROUP = frozenset(("certificate_end", "certificate_serial"))
_PLAIN_DATES = {"start": "Göreve Başlama Tarihi", "end": "Görev Bitiş Tarihi"}
"""Headed otherwise, dates make every row an assignment."""
_OF_ASSIGNMENT = "gorevlendirme"
"""So begins, folded, the header of an assignment's date."""
_BARE: dict[str, tuple[str, str]] = {  # key → as duty, as certificate
    "bitistarihi": ("end", "certificate_end"),
    "durum": ("status", IGNORED),
    "durumu": ("status", IGNORED),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The guess on one sheet: what is shown to the user and what the reading goes by."""

    header_row: int
    """The first row is 1."""
    columns: Mapping[str, int]
    """Field → column, counted from 0."""
    headers: Mapping[str, str]
    """Field → the header as it stands in the file."""
    unused: tuple[str, ...]
    """Headers that are not recognised, or that the user passes over."""
    doubled: tuple[str, ...]
    """Headers of columns that mean what another column already stands for."""
    kind: str
    duty_is_assignment: bool
    """No kind column, and dates headed "Görevlendirme …": every row is an assignment."""
    form: bool = False
    """Not a table but the form "Personel Listesi Özet Bilgiler"."""
    unsettled: Mapping[str, int] = field(default_factory=dict)
    """Header → column of those that may mean several things, where that was no error."""

    @property
    def key(self) -> str:
        """The field that names the person of a row."""
        return "national_id" if "national_id" in self.columns else "identity"

    def heading(self, field: str) -> str:
        """A header by which the field would be known again in a table of this kind."""
        plain = "" if self.duty_is_assignment else _PLAIN_DATES.get(field, "")
        return plain or _ALIASES[field][0]


def guess(
    top: Sequence[Sequence[Cell]],
    *,
    header_row: int | None = None,
    mapping: Mapping[str, str] | None = None,
    lenient: bool = False,
    path: str = "",
    sheet: str = "",
) -> Layout | None:
    """The layout of a sheet with these first rows; None if there is no header among them.

    `header_row` counts from 1; `mapping` is header → field. Raises MappedColumnMissing, and unless
    `lenient` NoIdentityColumn and AmbiguousColumn, which name the file and the sheet.
    """
    wanted = {fold(header): field for header, field in (mapping or {}).items()}
    rows = range(len(top)) if header_row is None else range(header_row - 1, header_row)
    scores = [(_score(top[row], wanted), -row) for row in rows if row < len(top)]
    best, minus_row = max(scores, default=(0, 0))
    if best < LEAST_FIELDS and header_row is None:
        return None
    row = top[-minus_row] if top else ()
    place = {"path": path, "sheet": sheet}
    return _layout(row, -minus_row + 1, mapping or {}, wanted, lenient=lenient, place=place)


def _score(row: Sequence[Cell], wanted: Mapping[str, str]) -> int:
    keys = {fold(cell) for cell in row if isinstance(cell, str) and len(cell) <= LONGEST_HEADER}
    fields = {wanted.get(key) or _BY_KEY.get(key) for key in keys} - {None}
    return len(fields) + len(keys & _BARE.keys())


def _layout(
    row: Sequence[Cell],
    number: int,
    mapping: Mapping[str, str],
    wanted: Mapping[str, str],
    *,
    lenient: bool,
    place: Mapping[str, str],
) -> Layout:
    headers = [" ".join(str(cell).split()) for cell in row]
    keys = [fold(header) for header in headers]
    for header in mapping:
        if fold(header) not in keys:
            raise MappedColumnMissing(column=header, headers=_shown(headers), **place)
    told = [wanted.get(key) or _BY_KEY.get(key, "") for key in keys]
    told, unsettled = _settle_bare(keys, told)
    if unsettled and not lenient:
        column = headers[unsettled[0]]
        raise AmbiguousColumn(column=column, fields=meanings(column), **place)
    told = _settle_starts(keys, told, wanted)
    columns = _first_of_each(keys, told, wanted)
    if "national_id" in columns:
        columns.pop("identity", None)
    if not (lenient or columns.keys() & {"national_id", "identity"}):
        raise NoIdentityColumn(row=number, headers=_shown(headers), **place)
    left = [c for c, header in enumerate(headers) if header and c not in columns.values()]
    open_ones = {headers[c]: c for c in unsettled}
    unused = tuple(headers[c] for c in left if told[c] in ("", IGNORED) and c not in unsettled)
    doubled = tuple(headers[c] for c in left if told[c] not in ("", IGNORED))
    named = {field: headers[column] for field, column in columns.items()}
    kind, assignment = _kind(columns.keys(), named)
    return Layout(number, columns, named, unused, doubled, kind, assignment, unsettled=open_ones)


def _settle_starts(keys: list[str], told: list[str], wanted: Mapping[str, str]) -> list[str]:
    """Beside "Görevlendirme Başlangıç", "Göreve Başlama" is the start of the own post."""
    sent = any(
        field == "start" and key.startswith(_OF_ASSIGNMENT)
        for key, field in zip(keys, told, strict=True)
    )
    if not sent or "own_start" in told:
        return told
    return [
        "own_start"
        if field == "start" and key not in wanted and not key.startswith(_OF_ASSIGNMENT)
        else field
        for key, field in zip(keys, told, strict=True)
    ]


def _first_of_each(keys: list[str], told: list[str], wanted: Mapping[str, str]) -> dict[str, int]:
    """Field → column: that which the user named, an assignment's before others, the leftmost."""
    order = sorted(
        range(len(keys)),
        key=lambda c: (keys[c] not in wanted, not keys[c].startswith(_OF_ASSIGNMENT), c),
    )
    first: dict[str, int] = {}
    for column in order:
        if told[column] not in ("", IGNORED):
            first.setdefault(told[column], column)
    return dict(sorted(first.items(), key=lambda pair: pair[1]))


def _shown(headers: Sequence[str]) -> list[str]:
    return [header[:LONGEST_HEADER] for header in headers if header]


def meanings(header: str) -> list[str]:
    """The fields that a bare header may stand for."""
    return [one for one in _BARE[fold(header)] if one != IGNORED]


def _settle_bare(keys: list[str], told: list[str]) -> tuple[list[str], list[int]]:
    """Give "Bitiş Tarihi" and "Durum" a meaning by the group they stand beside, else none yet."""
    groups = [bool(group.intersection(told)) for group in (_DUTY_GROUP, _CERTIFICATE_GROUP)]
    bare = [column for column, key in enumerate(keys) if key in _BARE and not told[column]]
    if sum(groups) != 1:
        return told, bare
    settled = list(told)
    for column in bare:
        settled[column] = _BARE[keys[column]][groups.index(True)]
    return settled, []


def _kind(fields: Iterable[str], headers: Mapping[str, str]) -> tuple[str, bool]:
    present = frozenset(fields)
    if "certificate_end" in present and not present & _DUTY_GROUP:
        return CERTIFICATES, False
    dates = [headers[field] for field in ("start", "end") if field in present]
    by_dates = "kind" not in present and any(
        fold(header).startswith("gorevlendirme") for header in dates
    )
    assigned = bool(present & _ASSIGNED)
    return (ASSIGNMENTS if assigned or by_dates else ROSTER), by_dates and not assigned
