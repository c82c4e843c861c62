"""A message names a page of the docs in the user's language, as it lies on that computer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from esign_cli.foundation import i18n, pages
from esign_cli.foundation.errors.credentials import CredentialMissing
from esign_cli.foundation.installation import DEBIAN_FOLDER
from esign_cli.wording.sentences import next_step
from tests.test_docs import PAIRS, SOURCE

CATALOGUE = SOURCE / "esign_cli/locale/tr/LC_MESSAGES/messages.po"
NAMED_OTHERWISE = re.compile(r"\bdocs/|\.md\b")


@pytest.fixture(params=["en", "tr"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.activate(request.param)
    yield request.param
    i18n.activate("en")


def messages() -> list[tuple[str, str]]:
    """Every message of esign in English and in Turkish: sentences, helps and all else."""
    with CATALOGUE.open("rb") as file:
        found = [(message.id, message.string) for message in read_po(file) if message.id]
    return [
        (english, turkish)
        for ids, strings in found
        for english, turkish in (
            zip(ids, strings, strict=False) if isinstance(ids, tuple) else [(ids, strings)]
        )
    ]


def test_every_message_that_names_a_page_names_one_of_the_readers_language(language: str) -> None:
    for english, turkish in messages():
        assert not NAMED_OTHERWISE.search(english + turkish)
        assert re.findall(r"docs:(\w+)", english) == re.findall(r"docs:(\w+)", turkish)
        told = pages.named({"en": english, "tr": turkish}[language])
        for path in re.findall(r"docs[/:]\S+\w", told):
            assert path.startswith(f"docs/{language}/")
            assert (SOURCE / path).exists()


def test_a_page_is_called_as_the_site_calls_it_in_both_languages() -> None:
    named = {(f"{page['en']}.md", f"{page['tr']}.md") for page in pages.PAGES.values()}
    assert named <= set(PAIRS)
    used = {key for english, _ in messages() for key in re.findall(r"docs:(\w+)", english)}
    assert used == set(pages.PAGES)


def test_a_package_names_the_page_that_it_brought(tmp_path: Path, language: str) -> None:
    page = pages.PAGES["reminders"][language]
    debian = pages.path("reminders", DEBIAN_FOLDER, "linux")
    assert debian == f"/usr/share/doc/esign/html/{language}/{page}.html"
    (tmp_path / "kaldir.exe").touch()
    windows = pages.path("reminders", str(tmp_path), "win32")
    assert windows == f"{tmp_path}\\docs\\{language}\\{page}.html"


def test_a_wheel_names_the_page_that_it_brought(tmp_path: Path, language: str) -> None:
    page = tmp_path / "docs" / language / f"{pages.PAGES['reminders'][language]}.md"
    page.parent.mkdir(parents=True)
    page.touch()
    assert pages.path("reminders", "/nowhere", package=tmp_path) == str(page)


def test_an_error_tells_the_path(language: str) -> None:
    step = next_step(CredentialMissing(name="smtp-password", looked=["keyring"]))
    assert f"({pages.path('reminders')})" in step
    assert Path(pages.path("reminders")).match(f"docs/{language}/*.md")
