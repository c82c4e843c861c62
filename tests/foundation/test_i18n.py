"""No message is left in English, and none says less in Turkish than it was given."""

from __future__ import annotations

import string
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import esign_cli
from esign_cli.foundation import errors, i18n
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.wording.sentences import entry

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


@pytest.fixture(scope="module")
def kinds() -> list[type[EsignError]]:
    """Every error that can be raised."""
    errors.load_all()
    return list(EsignError.by_code.values())


def test_every_error_has_a_sentence_and_writes_its_code_out(kinds: list[type[EsignError]]) -> None:
    assert len(kinds) > 150
    for kind in kinds:
        assert entry(kind).what
        assert "code" in vars(kind)
    tables = [import_module(f"esign_cli.wording.sentences.{wing}") for wing in errors.WINGS]
    assert {code for table in tables for code in table.SENTENCES} == set(EsignError.by_code)


def test_sentences_use_only_facts_that_the_error_has(kinds: list[type[EsignError]]) -> None:
    for kind in kinds:
        wanted = _fields(entry(kind).what) | _fields(entry(kind).next)
        assert wanted <= set(kind.fact_names), kind


def test_an_error_takes_its_facts_and_no_others() -> None:
    with pytest.raises(TypeError):
        FileMissing()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        FileMissing(path="a", detail="b")  # type: ignore[call-arg]
    assert FileMissing(path="a").to_facts() == {"code": "file-missing", "path": "a"}


def test_turkish_counts_and_groups_as_turkish_does() -> None:
    i18n.activate("tr")
    assert i18n.number(13012) == "13.012"
    i18n.activate("en")
    assert i18n.number(13012) == "13,012"
