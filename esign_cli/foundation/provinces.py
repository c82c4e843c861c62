"""The 81 provinces by plate code (ISO 3166-2:TR suffix), and the other names they go by."""

from __future__ import annotations

_IN_PLATE_ORDER = """
Adana|Adıyaman|Afyonkarahisar|Ağrı|Amasya|Ankara|Antalya|Artvin|Aydın|Balıkesir|Bilecik|Bingöl
Bitlis|Bolu|Burdur|Bursa|Çanakkale|Çankırı|Çorum|Denizli|Diyarbakır|Edirne|Elazığ|Erzincan|Erzurum
Eskişehir|Gaziantep|Giresun|Gümüşhane|Hakkâri|Hatay|Isparta|Mersin|İstanbul|İzmir|Kars|Kastamonu
Kayseri|Kırklareli|Kırşehir|Kocaeli|Konya|Kütahya|Malatya|Manisa|Kahramanmaraş|Mardin|Muğla|Muş
Nevşehir|Niğde|Ordu|Rize|Sakarya|Samsun|Siirt|Sinop|Sivas|Tekirdağ|Tokat|Trabzon|Tunceli|Şanlıurfa
Uşak|Van|Yozgat|Zonguldak|Aksaray|Bayburt|Karaman|Kırıkkale|Batman|Şırnak|Bartın|Ardahan|Iğdır
Yalova|Karabük|Kilis|Osmaniye|Düzce
"""

PROVINCES: dict[str, str] = {
    f"{plate:02}": name
    for plate, name in enumerate(_IN_PLATE_ORDER.strip().replace("\n", "|").split("|"), start=1)
}
"""Plate code ("01" to "81") to name."""

ALIASES: dict[str, str] = {
    "Afyon": "03",
    "İçel": "33",
    "Urfa": "63",
    "Ş.Urfa": "63",
    "Maraş": "46",
    "K.Maraş": "46",
    "Antep": "27",
    "G.Antep": "27",
    "İzmit": "41",
    "Adapazarı": "54",
    "Antakya": "31",
}
"""Older, shorter and everyday names to plate code."""
