"""PDF by Typst: Turkish letters, the same bytes each time, nothing from outside."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from esign_cli.foundation.errors.outputs import PdfMissing, TypesetFailed
from esign_cli.foundation.installation import pdf_command
from esign_cli.outputs import typeset
from tests.support.parts import need, program

TURKISH = "ŞÜKRÜ IŞIK, Iğdır, İğneada; fiş, âlim, Hakkâri; ÇĞİÖŞÜ çğıöşü"


@pytest.fixture(autouse=True)
def _typst() -> None:
    need("typst", typeset.available())


def sheet(**changed: object) -> dict[str, object]:
    return {
        "lang": "tr",
        "title": "Başlık",
        "subtitle": "İkinci başlık",
        "institution": "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ",
        "notice": TURKISH,
        "groups": [{"title": "KİŞİ", "rows": [{"label": "Adı", "value": "ŞÜKRÜ"}]}],
        "address": {"title": "ADRES", "rows": [{"label": "Adres", "value": "Merkez"}]},
        "todo_title": "YAPILACAKLAR",
        "todo": ["Bir", "İki"],
        "declaration": "Doğrudur.",
        "boxes": [{"title": "Sahibi", "name": "ŞÜKRÜ", "date": "Tarih", "signature": "İmza"}],
        "foot": "esign",
        "copies": ["1. nüsha", "2. nüsha"],
        **changed,
    }


def text_of(content: bytes, folder: Path) -> str:
    file = folder / "made.pdf"
    file.write_bytes(content)
    command = [program("pdftotext"), "-layout", str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_all_turkish_letters_come_out_of_the_pdf_again(tmp_path: Path) -> None:
    assert TURKISH in text_of(typeset.pdf("form", sheet()), tmp_path)


def test_the_same_data_give_the_same_bytes() -> None:
    assert typeset.pdf("form", sheet()) == typeset.pdf("form", sheet())


def test_data_are_text_and_never_run(tmp_path: Path) -> None:
    hostile = '#panic("run") $x$ *b* @preview/x:1.0.0 <label> \\ #read("/etc/hostname")'
    assert hostile in text_of(typeset.pdf("form", sheet(notice=hostile)), tmp_path)


def test_what_typst_refuses_is_an_error_of_ours() -> None:
    with pytest.raises(TypesetFailed) as raised:
        typeset.pdf("form", {})
    assert raised.value.facts["template"] == "form"


def test_without_the_extra_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(PdfMissing) as raised:
        typeset.pdf("form", sheet())
    assert raised.value.facts == {"command": pdf_command()}
