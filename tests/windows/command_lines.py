"""The main job as command lines, which have to answer the same on Windows and on Linux.

Each chain has a folder of its own with the demo's files, a database and settings; its lines run one
after the other, the chains side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PIN = "246810"
PASSPHRASE = "ornek-parola"
WORD = "mavi defter"
PERSON = "10000000146"
ROOT = "{root}"
"""Stands for the fingerprint of the demo's root."""
TRUST = (
    *("--trust", "ornek-kok.pem", "--trust", "ornek-altkok.pem"),
    *("--crl", "ornek-altkok.crl", "--crl", "ornek-kok.crl"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One command line: what it is given on standard input, and the files that it leaves."""

    words: tuple[str, ...]
    given: str = ""
    leaves: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    same: bool = True
    """Whether the answer has to be the same; else only the exit code is (the systems differ)."""

    @property
    def name(self) -> str:
        return " ".join(self.words)


def _line(*words: str, given: str = "", leaves: tuple[str, ...] = (), **environment: str) -> Line:
    return Line(words, given, leaves, environment)


def _code_only(*words: str, **environment: str) -> Line:
    return Line(words, environment=environment, same=False)


ROSTER = (
    _line("--version"),
    _line("--help", ESIGN_LANG="tr"),
    _line("eligible"),
    _line("config", "set", "province", "BATMAN"),
    _line("config", "--json"),
    _line("import", "personel.xlsx", "--explain"),
    _line("import", "personel.xlsx", "gorevlendirmeler.xlsx", "sertifikalar.xlsx", "--dry-run"),
    _line("import", "personel.xlsx", "gorevlendirmeler.xlsx", "sertifikalar.xlsx"),
    _line("import", "yok.xlsx"),
    _line("import", "ornek-kok.pem"),
    _line("imports", "list"),
    _line("eligible", "--province", "batman"),
    _line("eligible", "--verdict", "all", "--json"),
    _line("eligible", "--verdict", "hepsi", ESIGN_LANG="tr"),
    _line("eligible", "--output", "şube listesi.csv", leaves=("şube listesi.csv",)),
    _line("eligible", "--output", "şube listesi.csv"),
    _line("eligible", "--output", "yok/liste.csv"),
    _line("eligible", "--output", "liste.xlsx", leaves=("liste.xlsx",)),
    _line("report", "--province", "batman", ESIGN_LANG="tr"),
    _line(
        "report",
        "--output",
        "rapor.html",
        "--output",
        "rapor.json",
        leaves=("rapor.html", "rapor.json"),
    ),
    _line("report", "--output", "rapor.pdf", leaves=("rapor.pdf",)),
    _line("check-form", "--national-id", PERSON),
    _line("person", "show", PERSON, "--json"),
    _line("person", "mark", PERSON, "on-duty", "--reason", "İl onayı", "--until", "2030-01-01"),
    _line("applications", "add", PERSON, "--note", "Işıl'ın çağrısı"),
    _line("applications", "cancel", "1"),
    _line(
        *("sign-form", "--secrets-stdin", "--yes", "--output", "basvuru.p7m"),
        given=f"{WORD}\n{PIN}\n",
    ),
    _line("verify", "basvuru.p7m", *TRUST, "--report", "sonuc.html", leaves=("sonuc.html",)),
    _line("applications", "list", "--json"),
    _line("remind", "--dry-run", ESIGN_LANG="tr"),
    _line("calendar", "--output", "takvim.ics", leaves=("takvim.ics",)),
    _line("template", "cards", "--output", "kartlar.xlsx", leaves=("kartlar.xlsx",)),
    _line("purge", "--left-before", "2026-01-01", "--dry-run"),
    _code_only("doctor"),
    _code_only("schedule"),
)

CARD = (
    _line("check-card"),
    _line("check-card", "--json", ESIGN_LANG="tr"),
    _line("cards"),
    _code_only("check-card", SOFT_NOREADER="1"),  # where pcscd may be what is missing
    _line("check-card", SOFT_EMPTY="1"),
    _line("check-card", SOFT_FAULT="C_GetTokenInfo=unknown"),
    _line("check-card", SOFT_FAULT="C_GetTokenInfo=print"),
    _line("check-card", "--timeout", "3", SOFT_FAULT="C_GetSlotList=hang"),
    _line("check-card", "--module", "yok.dll"),
    _line("check-card", "--module", "ornek-kok.pem"),
    _line("trust", "add", "ornek-kok.pem", "--fingerprint", ROOT),
    _line("trust", "list"),
    _line("sign", "personel.xlsx", "--pin-stdin", "--yes", given=f"{PIN}\n"),
    _line("verify", "personel.xlsx.p7m", *TRUST, ESIGN_LANG="tr"),
    _line("verify", "personel.xlsx.p7m", *TRUST, "--json"),
    _line("verify", "personel.xlsx.p7m", "--offline", *TRUST[:4]),
    _line("sign", "ORNEK-VERI.txt", "--pin-stdin", "--yes", "--detached", given=f"{PIN}\r\n"),
    _line("verify", "ORNEK-VERI.txt.p7s", "--content", "ORNEK-VERI.txt", *TRUST),
    _line("verify", "sukru-isik.p12", *TRUST),
    _line(
        *("sign", "sertifikalar.xlsx", "--p12", "sukru-isik.p12", "--pin-stdin", "--yes", "--pem"),
        given=f"{PASSPHRASE}\n",
    ),
    _line("sign", "gorevlendirmeler.xlsx", "--pin-stdin", "--yes", given="123456\n"),
    _line("sign", "gorevlendirmeler.xlsx", "--pin-stdin", "--yes", given="123456 \n"),
    _line("cards", "--json"),
)

CHAINS = {"roster": ROSTER, "card": CARD}
