"""Command lines to copy, for each system's own shell."""

from __future__ import annotations

import shlex

import pytest

from esign_cli.foundation import shell

WORDS = [
    (["esign", "import", "liste.xlsx"], "esign import liste.xlsx"),
    (["esign", "import", r"C:\\Veri\\Şube.xlsx"], r"esign import C:\\Veri\\Şube.xlsx"),
    (["esign", "import", r"C:\\İl Verisi\\a&b.xlsx"], r'esign import "C:\\İl Verisi\\a&b.xlsx"'),
    (["esign", "person", "mark", ""], 'esign person mark ""'),
]


@pytest.mark.parametrize(("words", "line"), WORDS)
def test_windows_quotes_by_double_marks(words: list[str], line: str) -> None:
    assert shell.command_line(words, platform="win32") == line


@pytest.mark.parametrize("words", [words for words, _line in WORDS])
def test_posix_reads_back_the_same_words(words: list[str]) -> None:
    assert shlex.split(shell.command_line(words, platform="linux")) == words


def test_windows_gives_lines_without_a_space_at_their_end() -> None:
    line = shell.command_line(["esign", "sign"], given=["mavi defter", "1"], platform="win32")
    assert line == "(echo mavi defter& echo 1) | esign sign"
