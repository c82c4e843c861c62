"""Words of the Turkish texts that were corrected once and must not come back."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages import pofile

from esign_cli.cli.console import Console
from esign_cli.commands.text.reason import all_said
from esign_cli.foundation import i18n
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import Declined, FileMissing
from esign_cli.foundation.errors.renewals import IllegalStep
from esign_cli.foundation.errors.signatures import SignatureUnproven
from esign_cli.foundation.standing import Reason
from esign_cli.store import Store
from esign_cli.wording import labels
from esign_cli.wording.sentences import next_step, sentence
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.factories import national_id

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[2])
CATALOGUE = SOURCE / "esign_cli/locale/tr/LC_MESSAGES/messages.po"
TEMPLATES = SOURCE / "esign_cli/outputs/templates/reminders"
NEVER = {
    "all and a negative": r"\b(hepsi|her şey|tümü) (yapıla|gönderile|okuna)m|hepsi yok",
    "to undo, where a file is read": r"esign geri alır|komut geri alır",
    "a person's own password": r"kişisel şifre",
    "a personnel file": r"özlük dosyası",
    "the school's personnel unit": r"kurumunuzun özlük|görev yaptığınız kurumun",
    "a period of school": r"\bDönem\b",
    "a program remembers": r"hatırlan[ıa]|hatırlar\b",
    "heap, top": r"\byığın|[Üü]st imza",
    "over": r"[vV]eri(si|ler|lerin)? üzerinde|(şunun|tümü) üzerine",
    "to have it opened": r"kilidi[^.]*açtır",
    "bogus": r"[Uu]ydurma|UYDURMA",
    "take a message": r"(iletiyi|satırları) almadı|adımı almaz|SMS alındı",
    "the other or": r"\bveya\b",
    "your application, your question": r"ile başvurunuz|bugün başvurunuz|\bsorunuz\b",
    "-In for -InIz": r"\b(tamamlayın|doğrulayın|deneyin|verin)\b|\bgörün:",
    "told": r"\b[Ss]öylenen\b|sözlü bilgi",
    "a mail server": r"(?<![Ee]-)\bposta sunucu",
    "words for issuer": r"\b[Oo]torite|\bmakam\b|[Yy]ayımcı|sertifikayı veren\b",
    "import and export": r"(dışa|içe) aktar",
    "a book": r"çalışma kitabı|\bkitap\b",
    "printed": r"\bbasıl(dı|mış)\b",
    "secret": r"gizli bilgi\b",
    "a gate": r"\bkapısı\b|her zamanki",
    "0 days of age": r"\bgünlük\.",
    "slang": r"imzası tutmuyor|Nakil olmuş",
    "question before its data": r"silinsin mi\? ",
    "Ctrl-C as a subject": r"Ctrl-C (bitirir|durdurur)",
    "participles as people": r"yenileyebilecekleri\b",
    "no Turkish letters": r"\bSERTIFIKA\b|\bSURUCU|\bAKIS-PAKETI\b|\bNUMARA\b",
}
"""Why it must not, and how it is known."""


def _texts() -> list[str]:
    with CATALOGUE.open("rb") as file:
        strings = [m.string for m in pofile.read_po(file) if m.id]
    said = [one if isinstance(one, str) else "\n".join(one) for one in strings]
    letters = [path.read_text("utf-8") for path in sorted(TEMPLATES.iterdir())]
    return [*said, *letters]


@pytest.mark.parametrize("why", NEVER)
def test_a_corrected_word_does_not_come_back(why: str) -> None:
    bad = [text for text in _texts() if re.search(NEVER[why], text)]
    assert bad == []


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("all and a negative", "Form imzalandı, ama her şey yapılamadı"),
        ("told", "Söylenen bir tarih"),
        ("-In for -InIz", "Daha sonra yeniden deneyin"),
        ("a mail server", "Posta sunucusu yok: posta sunucusu"),
        ("over", "imza ise şunun üzerine: x"),
    ],
)
def test_the_patterns_know_what_was_wrong(why: str, text: str) -> None:
    assert re.search(NEVER[why], text)


def test_reasons_are_parted_so_that_each_may_begin_with_a_capital() -> None:
    reasons = [Reason(code) for code in labels.REASONS]
    for language in ("en", "tr"):
        i18n.activate(language)
        line = all_said(reasons)
        assert not re.search(r"; [A-ZÇĞİÖŞÜ]", line), line
        assert line.count(" · ") == len(reasons) - 1


def test_steps_and_subindications_are_said_in_words() -> None:
    i18n.activate("tr")
    refused = IllegalStep(number=1, state="signed", step="approve", legal=["submit", "cancel"])
    assert "onay (approve)" in sentence(refused)
    assert next_step(refused).endswith("gönderim (submit), iptal (cancel)")
    unproven = SignatureUnproven(sub="NO_CERTIFICATE_CHAIN_FOUND")
    told = "Sertifika güvenilen bir köke bağlanmıyor. [NO_CERTIFICATE_CHAIN_FOUND]"
    assert sentence(unproven).endswith(told)


def test_phones_are_written_as_on_turkish_forms(
    esign: Esign, store: Store, ends: Ends, today: date
) -> None:
    factories.save(store, [ends(1, 20)], as_of=today)
    for words in (("person", "show", national_id(1)), ("remind", "--channel", "sms", "--dry-run")):
        shown = esign(*words, lang="tr").stdout
        assert "0532 000 00 01" in shown
        assert "+90532" not in shown


def test_an_empty_list_says_so(esign: Esign, store: Store, ends: Ends, today: date) -> None:
    factories.save(store, [ends(1, 20)], as_of=today)
    added = esign("applications", "add", national_id(1), "--date", str(today - timedelta(1)))
    assert added.exit_code == 0
    ran = esign("applications", "list", "--state", "teslim", lang="tr")
    assert ran.stderr.startswith("Listelenecek başvuru yok.\nListelenmeyen: Gönderildi: 1")


def test_what_is_wrong_with_a_form_is_parted_so_too(
    esign: Esign, store: Store, ends: Ends, today: date
) -> None:
    nobody = factories.person(1, email="", mobile_phone="", birth_place="")
    factories.save(store, [ends(1, 20, person=nobody)], as_of=today)
    shown = esign("check-form", national_id(1), lang="tr").stdout
    assert shown.count(" · ") > 1
    assert not re.search(r"; [A-ZÇĞİÖŞÜ]", shown)


@pytest.mark.parametrize(("error", "begins"), [(Declined(), ""), (FileMissing(path="x"), "Hata: ")])
def test_to_say_no_is_no_error(
    error: EsignError, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    i18n.activate("tr")
    Console().fail(error)
    assert capsys.readouterr().err.startswith(begins + sentence(error))
