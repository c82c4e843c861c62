"""Wherever a certificate is shown, its authority is named; a company's seal by its VKN."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from esign_cli.cards.modules import Module
from esign_cli.commands.demo import made_up
from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id
from esign_cli.signatures.certificate import parse
from tests.cards.long_watch import Watch
from tests.conftest import Esign
from tests.support import parts
from tests.support.tokens import PIN, RealToken, sha256_of

COMPANY_SEAL = "2.16.792.1.2.1.1.5.7.4.1"
"""Kamu SM's policy for seals of companies (mali mühür)."""
VKN = "1234567890"
OF_A_PERSON = ("Renewal opens", "Last day to apply", "Kimlik no", "Phase", "portal")
OTHER = "BAŞKA SAĞLAYICI"
FORM = """
given_name = "ŞÜKRÜ"
family_name = "IŞIK"
email = "sukru.isik@example.tr"
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
address = "İl Millî Eğitim Müdürlüğü, Merkez"
"""


@dataclass
class Desk:
    """A card with certificates on it, a folder, and the command line."""

    esign: Esign
    folder: Path
    module: Module
    shown: dict[str, Issued]
    """The certificates on the card by their authorities' names."""

    def run(self, *words: str | Path, stdin: str = "") -> str:
        """All that was said, on one line."""
        ran = self.esign(*words, stdin=stdin)
        return " ".join(f"{ran.stdout}\n{ran.stderr}".split())

    def on_card(self, *words: str | Path) -> str:
        return self.run(*words, "--module", self.module.path)

    def signed(self, *more: str) -> str:
        """What is said while each certificate signs."""
        quiet = ("--pin-stdin", "--yes", "--force", "--module", self.module.path, *more)
        said = (
            self.run("sign", "a.txt", "--cert", sha256_of(one), *quiet, stdin=f"{PIN}\n")
            for one in self.shown.values()
        )
        return " ".join(said)

    def form_signed(self, *more: str) -> str:
        (self.folder / "form.toml").write_text(FORM, "utf-8")
        quiet = ("--secrets-stdin", "--yes", "--force", "--module", self.module.path, *more)
        words = ("sign-form", "--form", "form.toml", "--output", "f.p7m", *quiet)
        said = (
            self.run(*words, "--cert", sha256_of(one), stdin=f"mavi\n{PIN}\n")
            for one in self.shown.values()
        )
        return " ".join(said)

    def verified(self, *more: str) -> str:
        """What is said of what each certificate has signed."""
        said = []
        for one in self.shown.values():
            quiet = ("--pin-stdin", "--yes", "--force", "--module", self.module.path)
            words = ("sign", "a.txt", "--cert", sha256_of(one), *quiet, "--allow-unqualified")
            self.run(*words, stdin=f"{PIN}\n")
            (self.folder / "page.html").unlink(missing_ok=True)
            said.append(self.run("verify", "a.txt.p7m", "--offline", *more))
            if "--report" in more:
                said.append((self.folder / "page.html").read_text("utf-8"))
        return " ".join(said)

    def saved(self, *words: str | Path) -> str:
        self.on_card("check-card", "--save")
        return self.run(*words)

    def written(self, *words: str, file: str) -> str:
        self.saved(*words, "--output", file)
        return _text(self.folder / file)

    def watched(self, ending: str = "") -> str:
        """The line of a card in a pile, or what stands on the list by which it is handed over."""
        sheet = self.folder / f"teslim{ending}"
        with Watch(self.module.path, *(("--hand-over", sheet) if ending else ())) as watch:
            line = " ".join(watch.wait(1))
            watch.stop()
        return _text(sheet) if ending else line


def _text(path: Path) -> str:
    if path.suffix == ".pdf":
        words = [parts.program("pdftotext"), "-raw", str(path), "-"]
        return " ".join(subprocess.check_output(words, text=True).split())
    if path.suffix == ".xlsx":
        sheets = openpyxl.load_workbook(path).worksheets
        cells = (cell for s in sheets for row in s.iter_rows(values_only=True) for cell in row)
        return " ".join(str(cell) for cell in cells if cell is not None)
    return path.read_text("utf-8-sig")


Place = Callable[[Desk], str]
BOTH: dict[str, Place] = {
    "check-card": lambda desk: desk.on_card("check-card"),
    "check-card, JSON": lambda desk: desk.on_card("check-card", "--json"),
    "cards": lambda desk: desk.on_card("cards"),
    "cards, JSON": lambda desk: desk.on_card("cards", "--json"),
    "doctor": lambda desk: desk.on_card("doctor"),
    "doctor, JSON": lambda desk: desk.on_card("doctor", "--json"),
    "sign": lambda desk: desk.signed(),
    "sign, JSON": lambda desk: desk.signed("--json"),
    "sign, no choice made": lambda desk: desk.run(
        "sign", "a.txt", "--module", desk.module.path, "--pin-stdin", "--yes", stdin=f"{PIN}\n"
    ),
    "sign-form": lambda desk: desk.form_signed(),
    "sign-form, JSON": lambda desk: desk.form_signed("--json"),
    "verify": lambda desk: desk.verified(),
    "verify, JSON": lambda desk: desk.verified("--json"),
    "verify, page": lambda desk: desk.verified("--report", "page.html"),
    "person show": lambda desk: desk.saved("person", "show", national_id(1)),
    "person show, JSON": lambda desk: desk.saved("person", "show", national_id(1), "--json"),
    "eligible, file": lambda desk: desk.written("eligible", "--verdict", "all", file="e.csv"),
    "eligible, workbook": lambda desk: desk.written("eligible", "--verdict", "all", file="e.xlsx"),
    "eligible, JSON": lambda desk: desk.saved("eligible", "--verdict", "all", "--json"),
    "report, workbook": lambda desk: desk.written("report", file="r.xlsx"),
}
"""Where all certificates are shown. Lists of people name the one that counts, and the other in a
reason."""
FIRST: dict[str, Place] = {
    "watch": lambda desk: desk.watched(),
    "hand-over list, workbook": lambda desk: desk.watched(".xlsx"),
    "hand-over list, paper": lambda desk: desk.watched(".pdf"),
}
"""Where a card stands for the certificate that is renewed here."""


@pytest.fixture
def workdir(home: Path, monkeypatch: pytest.MonkeyPatch, ca: MadeUpCa) -> Path:
    own = parse(ca.sub).holder
    settings = home / "config" / "esign" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[renewal]\nissuers = ["{own}"]\nother_issuers = ["{OTHER}"]\n', "utf-8")
    (home / "a.txt").write_text("merhaba", "utf-8")
    monkeypatch.chdir(home)
    return home


@pytest.fixture
def desk(
    softhsm: RealToken, ca: MadeUpCa, instant: datetime, workdir: Path, esign: Esign
) -> Desk:  # fmt: skip
    """One person's e-imza, which ends in ten days, and a newer one of another authority."""
    years = instant - timedelta(days=800), instant + timedelta(days=2000)
    root = made_up.parts.new_authority("root", "BAŞKA KÖK", None, *years, "P-256")
    sub = made_up.parts.new_authority("sub", OTHER, root, *years, "P-256")
    who = ("ŞÜKRÜ IŞIK", national_id(1))
    begin, end = instant - timedelta(days=900), instant + timedelta(days=10)
    own = ca.issue(*who, key="P-256", not_before=begin, not_after=end)
    other = MadeUpCa(root, sub).issue(*who, key="P-384", not_before=instant)
    softhsm.put(own, workdir)
    softhsm.put(other, workdir, identifier="02")
    shown = {parse(one.certificate).issuer: one for one in (own, other)}
    assert len(shown) == 2
    return Desk(esign, workdir, softhsm.module, shown)


@pytest.mark.posix
@pytest.mark.parametrize("place", BOTH)
def test_every_certificate_is_shown_with_its_authority(place: str, desk: Desk) -> None:
    said = BOTH[place](desk)
    assert [issuer for issuer in desk.shown if issuer not in said] == [], said


@pytest.mark.posix
@pytest.mark.parametrize("place", FIRST)
def test_a_card_stands_for_the_certificate_that_is_renewed_here(place: str, desk: Desk) -> None:
    """The newer one of another authority does not take its place."""
    own, other = desk.shown
    said = FIRST[place](desk)
    assert own in said
    assert other not in said


def test_a_certificate_of_another_authority_has_no_dates_of_a_renewal_here(desk: Desk) -> None:
    own, other = desk.shown
    said = desk.on_card("check-card")
    assert said.count("Last day to apply") == 1
    assert "it is renewed at its own authority" in said
    ran = desk.esign("check-card", "--json", "--module", desk.module.path).json
    days = {c["issuer"]: c["deadline"] for c in ran["data"]["tokens"][0]["certificates"]}
    assert days[own] is not None
    assert days[other] is None


# --- a company's seal ----------------------------------------------------------------------------

SEAL: dict[str, Place] = {
    "check-card": lambda desk: desk.on_card("check-card"),
    "check-card, JSON": lambda desk: desk.on_card("check-card", "--json"),
    "cards": lambda desk: desk.on_card("cards"),
    "cards, JSON": lambda desk: desk.on_card("cards", "--json"),
    "doctor": lambda desk: desk.on_card("doctor"),
    "sign": lambda desk: desk.signed("--allow-unqualified"),
    "verify": lambda desk: desk.verified(),
    "verify, JSON": lambda desk: desk.verified("--json"),
    "verify, page": lambda desk: desk.verified("--report", "page.html"),
    "watch": lambda desk: desk.watched(),
}


@pytest.fixture
def seal(
    softhsm: RealToken, ca: MadeUpCa, instant: datetime, workdir: Path, esign: Esign
) -> Desk:  # fmt: skip
    made = ca.issue(
        "BATMAN A.Ş.", VKN, key="P-256", not_before=instant, qualified=False,
        non_repudiation=False, policy=COMPANY_SEAL,
    )  # fmt: skip
    softhsm.put(made, workdir)
    return Desk(esign, workdir, softhsm.module, {parse(made.certificate).issuer: made})


@pytest.mark.posix
@pytest.mark.parametrize("place", SEAL)
def test_a_company_seal_is_shown_by_its_vkn_and_has_no_dates_of_a_person(
    place: str, seal: Desk
) -> None:
    said = SEAL[place](seal)
    assert VKN in said
    assert [issuer for issuer in seal.shown if issuer not in said] == []
    if not place.startswith(("doctor", "sign")):
        assert [words for words in OF_A_PERSON if words in said] == []


@pytest.mark.posix
def test_a_company_seal_is_on_no_list_of_cards_to_hand_over(seal: Desk) -> None:
    with pytest.raises(FileNotFoundError):
        seal.watched(".xlsx")
