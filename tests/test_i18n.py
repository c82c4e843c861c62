"""No message is left in English, and none says less in Turkish than it was given."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import esign_cli
from esign_cli.foundation import errors, i18n
from esign_cli.wording.sentences import SENTENCES

PACKAGE = Path(esign_cli.__file__).parent
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def _extracted() -> set[str]:
    found = extract_from_dir(PACKAGE, keywords=KEYWORDS)  # type: ignore[arg-type]
    messages = [message for _file, _line, message, _comments, _context in found]
    return {message[0] if isinstance(message, tuple) else message for message in messages} - {""}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with Path(PACKAGE, "locale/tr/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file)


def _forms(message: Message) -> list[str]:
    return list(message.string) if not isinstance(message.string, str) else [message.string]


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_every_message_is_translated(catalogue: Catalog) -> None:
    translated = {_id(m) for m in catalogue if m.id and all(_forms(m)) and not m.fuzzy}
    assert sorted(_extracted() - translated) == []


def test_no_translation_is_left_over(catalogue: Catalog) -> None:
    assert sorted({_id(m) for m in catalogue if m.id} - _extracted()) == []


def _fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_translations_keep_every_fact(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            for form in _forms(message):
                assert _fields(form) == _fields(_id(message)), form


def test_help_keeps_its_blocks(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id:
            for form in _forms(message):
                assert form.count("\b") == _id(message).count("\b"), form


def test_every_error_has_a_sentence() -> None:
    assert set(SENTENCES) == set(errors.EsignError.kinds.values())


def test_sentences_use_only_facts_that_the_error_names() -> None:
    for kind, row in SENTENCES.items():
        told = _fields(row.what) | _fields(row.next)
        assert all(f"{name}:" in (kind.__doc__ or "") for name in told), (kind, told)


def test_turkish_counts_and_groups_as_turkish_does() -> None:
    i18n.activate("tr")
    assert i18n.number(13012) == "13.012"
    i18n.activate("en")
    assert i18n.number(13012) == "13,012"
