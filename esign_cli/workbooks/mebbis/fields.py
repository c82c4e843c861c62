"""The fields of a person's row, and the headers under which MEBBİS and others write them.

MEBBİS publishes no schema: the aliases were seen in real exports.
"""

from __future__ import annotations

from esign_cli.foundation.turkish import fold

IGNORED = "-"
"""Mapped to this, a column is passed over."""

ALIASES: dict[str, tuple[str, ...]] = {
    "national_id": (
        "T.C. Kimlik No", "TC Kimlik", "TCKN", "Kimlik No", "Personel No TC Kimlik No",
        "T.C. Kimlik Numarası", "Kimlik Numarası", "TC No",
    ),
    "identity": (
        "Adı Soyadı (T.C. Kimlik No)", "Ad Soyad (TCKN)", "Adı Soyadı (TCKN)",
        "Ad Soyad (TC Kimlik No)", "Personel (T.C. Kimlik No)", "Adı Soyadı (TC)",
    ),
    "given_name": ("Adı", "Ad", "İsim", "İsmi"),
    "family_name": ("Soyadı", "Soyad", "Soy Adı", "Soyisim", "Soyismi"),
    "full_name": (
        "Adı Soyadı", "Ad Soyad", "Personel Adı Soyadı", "Adı ve Soyadı", "Ad ve Soyad",
        "İsim Soyisim", "Personelin Adı Soyadı",
    ),
    "full_name_last_word": ("Adı Soyadı (soyadı son sözcük)",),
    "surname_first": ("Soyadı Adı", "Soyad Ad", "Soyadı ve Adı", "Personel Soyadı Adı",
                      "Soyisim İsim"),
    "surname_first_word": ("Soyadı Adı (soyadı ilk sözcük)",),
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
        "Görevlendirme Başlangıç", "Görevlendirme Başlangıç Tarihi", "Görevlendirme Başlama Tarihi",
        "Görevlendirme Başlama", "Başlama Tarih",
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
        "Geçerlilik Bitiş Tarihi", "Sertifika Bitiş", "E-İmza Bitiş", "Son Kullanma Tarihi",
        "Sertifika Son Kullanma Tarihi", "E-İmza Son Kullanma Tarihi", "NES Bitiş Tarihi",
        "Sertifika Geçerlilik Bitiş Tarihi", "Sertifika Geçerlilik Bitiş",
    ),
    "certificate_serial": ("Sertifika Seri No", "Sertifika Seri Numarası"),
    "assigned_institution": ("Görevlendirildiği Kurum", "Görevlendirildiği Kurum Adı",
                             "Görevlendirildiği Okul"),
    "assigned_institution_code": ("Görevlendirildiği Kurum Kodu", "Görevlendirildiği Kurum (Kodu)"),
    "assigned_province": ("Görevlendirildiği İl",),
    "assigned_district": ("Görevlendirildiği İlçe",),
    "assigned_place": ("Görevlendirildiği İl/İlçe",),
}  # fmt: skip
FIELDS = tuple(ALIASES)
"""Every field a column may be; nothing else of a row is ever kept."""
BY_KEY = {fold(alias): field for field, aliases in ALIASES.items() for alias in aliases}
NATIONAL_ID_KEYS = frozenset(
    fold(alias) for field in ("national_id", "identity") for alias in ALIASES[field]
)
ROSTER_KEYS = frozenset(
    fold(alias)
    for field in ("title", "branch", "kind", "status", "start", "own_start", "end")
    for alias in ALIASES[field]
) | {"durum", "durumu"}
"""Headers that personnel records have, and lists made by hand have not."""

WHOLE_NAMES = ("full_name", "full_name_last_word", "surname_first", "surname_first_word")
"""Both names in one cell."""
ASSIGNED = frozenset(field for field in FIELDS if field.startswith("assigned_"))
DUTY_GROUP = ASSIGNED | {"kind", "status", "start", "own_start", "end"}
OF_CERTIFICATE = ("sertifika", "eimza", "gecerlilik", "nesbitis", "sonkullanma")
"""Words, folded, of headers of a list of certificates."""
CERTIFICATE_GROUP = frozenset(("certificate_end", "certificate_serial"))
PLAIN_DATES = {"start": "Göreve Başlama Tarihi", "end": "Görev Bitiş Tarihi"}
"""Headed otherwise, dates make every row an assignment."""
OF_ASSIGNMENT = "gorevlendirme"
"""So begins, folded, the header of an assignment's date."""
BARE: dict[str, tuple[str, str]] = {  # key → as duty, as certificate
    "bitistarihi": ("end", "certificate_end"),
    "durum": ("status", IGNORED),
    "durumu": ("status", IGNORED),
}
"""Headers that mean one thing among the columns of a post, another among those of a certificate."""
DATES = frozenset(("start", "own_start", "end", "birth_date", "certificate_end"))
CAREFUL = DATES | {"status", "kind", "certificate_serial"}
"""Fields that no header means which stands under one of a group: "İzin" over "Bitiş Tarihi"."""
