"""What the command line says of words that it does not know: in Turkish, and no English left."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Esign

ENGLISH = re.compile(r"\b(did you mean|is not a valid|is not in the range|no such command)\b", re.I)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("elig",), "Bunu mu demek istediniz: eligible"),
        (("check-card", "--timeout", "x"), "0,1 ya da daha büyük"),
        (("check-card", "--timeout", "0"), "0,1 ya da daha büyük"),
        (("eligible", "--verdict", "xx"), "uygun (eligible), düzeltilecek (needs-update)"),
        (("eligible", "--verdict", "xx"), "hepsi (all)"),
        (("applications", "list", "--state", "xx"), "taslak (draft)"),
        (("person", "mark", "10000000146", "tatilde"), "görevde (on-duty)"),
        (("remind", "--channel", "xx"), "e-posta (email)"),
        (("person", "mark", "10000000146", "tatilde"), "(İŞARET)"),
        (("template", "xx"), "(AD)"),
        (("template", "xx"), "sertifikalar (certificates), başvurular (applications)"),
        (("report", "--split", "xx"), "ilçe (district)"),
    ],
)
def test_words_are_offered_in_turkish(esign: Esign, words: tuple[str, ...], said: str) -> None:
    ran = esign(*words, lang="tr")
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert not ENGLISH.search(ran.stderr)


def test_the_words_that_are_offered_are_taken(esign: Esign) -> None:
    assert esign("remind", "--channel", "e-posta", "--dry-run", lang="tr").exit_code == 0
    assert esign("eligible", "--verdict", "güncellenecek", lang="tr").exit_code == 0
    assert esign("eligible", "--verdict", "düzeltilecek", lang="tr").exit_code == 0
    english = esign("eligible", "--verdict", "xx")
    assert "eligible, needs-update" in english.stderr
