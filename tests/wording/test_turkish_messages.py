"""The Turkish catalogue keeps its house rules, and the words that it offers work."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import esign_cli
from esign_cli.commands.applications.help import LIST_HELP
from esign_cli.commands.eligible import command as eligible
from esign_cli.foundation import i18n
from esign_cli.wording import labels
from esign_cli.wording.vocabulary import Vocabulary

Pair = tuple[str, str]


def _catalogue() -> Catalog:
    path = Path(esign_cli.__file__).parent / "locale/tr/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        return read_po(file)


def _pairs() -> list[Pair]:
    """Each English message with each of its Turkish forms."""
    found = []
    for message in _catalogue():
        english = _forms(message.id)[-1]
        found += [(english, form) for form in _forms(message.string) if english and form]
    return found


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


PAIRS = _pairs()
TURKISH = dict(PAIRS)
PAGES = [pair for pair in PAIRS if "\n" in pair[0]]


def _breaking(rule: re.Pattern[str]) -> list[str]:
    return [turkish for _english, turkish in PAIRS if rule.search(turkish)]


def test_no_suffix_hangs_on_a_value_that_changes() -> None:
    assert _breaking(re.compile(r"\}[”\"]?['’][a-zçğıöşü]|\}[a-zçğıöşü]")) == []


def test_letters_are_whole_and_none_is_a_lookalike() -> None:
    assert [t for _e, t in PAIRS if unicodedata.normalize("NFC", t) != t] == []
    assert _breaking(re.compile("[’‘…]\\w|İ̇|i̇|[ţŢşŞ]̧|[ţŢãðþý]")) == []


def test_quotes_are_the_curly_ones_and_come_in_pairs() -> None:
    assert [t for _e, t in PAIRS if t.count("“") != t.count("”")] == []
    assert [t for e, t in PAIRS if t.count('"') != e.count('"')] == []  # those of a command line


def test_options_variables_and_numbers_to_call_are_the_same() -> None:
    kept = re.compile(r"--[a-z0-9-]+|ESIGN_\w+|444 5 576|FORM-001-042|\bPKCS#\d+")
    for english, turkish in PAIRS:
        assert set(kept.findall(english)) == set(kept.findall(turkish)), turkish


def test_after_a_number_turkish_has_one_form() -> None:
    plural = [m for m in _catalogue() if m.id and not isinstance(m.id, str)]
    assert [m.string for m in plural if len(set(_forms(m.string))) != 1] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page[0][:40])
def test_help_pages_keep_their_lines_and_their_commands(page: Pair) -> None:
    english, turkish = (inspect.cleandoc(text).splitlines() for text in page)
    assert turkish[0].endswith(".")
    assert turkish[1:2] == english[1:2]  # the first sentence is one line: lists of commands show it
    assert max(map(len, turkish)) < 96
    typed = re.compile(r"esign [a-z].*")
    examples = [re.sub(r"^\S.*?:\s+", "", line.strip()) for line in english[1:]]
    ours = [re.sub(r"^\S.*?:\s+", "", line.strip()) for line in turkish[1:]]
    assert [e for e in examples if typed.fullmatch(e)] == [o for o in ours if typed.fullmatch(o)]


@pytest.mark.parametrize(
    "vocabulary",
    [labels.VERDICTS, labels.PHASES, labels.STATES, labels.APPLICATION_REASONS, labels.MARKS],
    ids=["verdicts", "phases", "states", "reasons", "marks"],
)
def test_what_a_column_shows_can_be_given_to_the_option(vocabulary: Vocabulary[str]) -> None:
    i18n.activate("tr")
    meant = {code: vocabulary.code(TURKISH[name]) for code, name in vocabulary.items()}
    assert meant == {code: code for code in vocabulary}


@pytest.mark.parametrize(
    ("page", "title", "vocabulary"),
    [
        (eligible.HELP, "Sonuçlar", labels.VERDICTS),
        (eligible.HELP, "Yenileme durumları", labels.PHASES),
        (LIST_HELP, "Aşamalar", labels.STATES),
    ],
    ids=["verdicts", "phases", "states"],
)
def test_the_words_that_help_offers_are_understood(
    page: str, title: str, vocabulary: Vocabulary[str]
) -> None:
    text = " ".join(TURKISH[page].split())
    line = text.partition(f"{title}: ")[2].partition(".")[0]
    offered = {code: word for word, code in re.findall(r"([\w-]+) \(([a-z-]+)\)", line)}
    assert offered.pop("all", "hepsi") == "hepsi"
    meant = {code: vocabulary.code(word) for code, word in offered.items()}
    assert meant == {code: code for code in vocabulary}
