"""Prompts longer than the terminal is wide go on below, between two words."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.cli import console as consoles
from esign_cli.cli.console import Console
from esign_cli.commands.setup.questions import QUESTIONS
from esign_cli.foundation import i18n
from tests.support.terminal import Terminal

LONG = (
    "100******46, ŞÜKRÜ IŞIK, ÖRNEK MESLEKÎ VE TEKNİK ANADOLU LİSESİ, başvuru 1234. Bu adım geri"
    " alınsın mı: Onaylandı, 29.11.2026?"
)
WAYS: dict[str, Callable[[Console], object]] = {
    "ask": lambda console: console.ask(LONG, option="--x", default="Doğru Mahallesi 1. Sokak"),
    "confirm": lambda console: console.confirm(LONG),
    "secret": lambda console: console.secret(LONG, option="--x"),
    "key": lambda console: console.key(LONG, ["e"], option="--x"),
}


@pytest.mark.parametrize("width", [40, 80, 140])
@pytest.mark.parametrize("way", WAYS)
def test_no_word_of_a_prompt_is_broken(
    way: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.StringIO()
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setattr(sys, "stdin", io.StringIO("e\n"))
    monkeypatch.setattr(Console, "interactive", True)
    monkeypatch.setattr(consoles, "_read_unseen", lambda prompt: shown.write(prompt) and "x")
    keys = iter("xe")
    monkeypatch.setattr(typer, "getchar", lambda: next(keys))
    WAYS[way](Console())
    lines = shown.getvalue().replace("\r", "\n").splitlines()
    assert max(map(len, lines)) < width
    assert " ".join(" ".join(lines).split()).startswith(LONG[:-1])


_WORD = st.text("abcçğıİöşü0123456789-/*.", min_size=1, max_size=30)


@given(st.lists(_WORD, min_size=1, max_size=30), st.integers(34, 200))
def test_the_words_stay_and_the_lines_fit(words: list[str], width: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        lines = consoles._at_words(" ".join(words) + ": ").split("\n")
    assert [word for line in lines for word in line.split()] == [*words[:-1], words[-1] + ":"]
    assert max(map(len, lines)) < width


@pytest.mark.parametrize("language", ["en", "tr"])
def test_questions_of_setup_keep_their_indent(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    i18n.activate(language)
    for question in QUESTIONS:
        text = "     " + i18n._(question.text) + " [BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ]: "
        for line in consoles._at_words(text).rstrip().split("\n"):
            assert line.startswith("     ")
            assert len(line) < 40


@pytest.mark.posix
def test_a_long_question_of_setup_on_a_terminal(home: Path) -> None:
    address = "Gültepe Mahallesi Turgut Özal Bulvarı İl Millî Eğitim Müdürlüğü Ek Binası No: 123"
    with Terminal("setup") as terminal:
        terminal.answer("Your province", "batman")
        terminal.answer("Institution name", "")
        terminal.answer("Address", address)
        terminal.answer("Province, as on the form", "<")
        terminal.answer("Address", "")
        terminal.interrupt("Province, as on the form")
    asked = terminal.seen.split("Address, where")[2].partition("]: ")[0]
    assert max(map(len, asked.split("\n"))) < 80
    assert " ".join(asked.split()).endswith(address)
