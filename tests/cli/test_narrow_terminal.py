"""Nothing that any command says is cut within a word at 80 columns, nor any page of help.

Each line is run at 400 columns first, where nothing needs to be broken, and then, after all that it
changed was put back, at 80: there no line is wider than the terminal, and every word is one of
those that stood there before.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from esign_cli.cli.app import app
from esign_cli.cli.console import NO_ROOM
from esign_cli.commands.demo.made_up import staff
from esign_cli.foundation import clock
from esign_cli.foundation.i18n import _
from tests.wording.test_no_english import RIGHT, WRONG, every_command

WIDE, NARROW = 400, 80
_LOOKS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[^\n]*\r(?!\n)")
"""Colours, and what a line of progress showed before its last."""
_NOT_A_WORD = re.compile(r"[0-9/\\_]|[─━│╭╮╰╯█·]")
"""Of times, numbers, paths, rules and bars: what tells one run from another."""
COPIED = {("schedule", "--cron"), ("schedule", "--systemd"), ("config", "path")}
"""Lines to be put into a file, or a path alone, as they are."""
UNBROKEN = re.compile(r"[0-9a-f]{32,}|\S*[/\\]\S{40,}|^ +esign .*|^ *(?:git|sudo) .*")
"""A digest, a path, a command line: nobody could use it in two pieces."""


class Screen(io.StringIO):
    """What a program is given as a terminal, and what it wrote there."""

    def isatty(self) -> bool:
        return True


Run = Callable[[Sequence[str], str, int], str]


@pytest.fixture
def seen(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a line as on a terminal of so many columns; gives all that was shown on it."""

    def run(words: Sequence[str], lang: str, columns: int) -> str:
        screen = Screen()
        with monkeypatch.context() as at:
            at.setenv("COLUMNS", str(columns))
            at.setenv("TERM", "xterm-256color")
            at.setattr(sys, "stdin", io.StringIO())
            at.setattr(sys, "stdout", screen)
            at.setattr(sys, "stderr", screen)
            with contextlib.suppress(SystemExit):
                app(["--lang", lang, *words])
        return _LOOKS.sub("", screen.getvalue())

    return run


def words_of(text: str) -> Iterator[str]:
    """The words that may stand in any order and on any line, the same each time."""
    return (word.strip(".,;:()") for word in text.split() if not _NOT_A_WORD.search(word))


def broken(narrow: str, wide: str) -> list[str]:
    """What of a narrow screen is wider than it, or no word of the wide one."""
    assert bool(narrow.strip()) == bool(wide.strip())  # a screen that stays empty breaks nothing
    whole = set(words_of(wide)) | set(words_of(_(NO_ROOM)))
    lines = [line for line in narrow.splitlines() if len(line) > NARROW]
    too_wide = [line for line in lines if not UNBROKEN.search(line)]
    return too_wide + [word for word in words_of(narrow) if word not in whole]


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_pages_of_help(seen: Run, lang: str) -> None:
    wrong = {}
    for path in every_command():
        words = (*path, "--help")
        if one := broken(seen(words, lang, NARROW), seen(words, lang, WIDE)):
            wrong[" ".join(path)] = one
    assert wrong == {}


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_wrong_lines(seen: Run, lang: str) -> None:
    wrong = {}
    for words in WRONG:
        if one := broken(seen(words, lang, NARROW), seen(words, lang, WIDE)):
            wrong[" ".join(words)] = one
    assert wrong == {}


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_what_commands_say(
    seen: Run, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other over made-up people, as they would be run on a day."""
    folder, before = tmp_path / "gün", tmp_path.with_name(f"{tmp_path.name}-before")
    folder.mkdir()
    for name, content in staff.workbooks(clock.today()).items():
        (folder / name).write_bytes(content)
    monkeypatch.chdir(folder)
    wrong = {}
    for words in RIGHT:
        shutil.copytree(tmp_path, before)
        wide = seen(words, lang, WIDE)
        monkeypatch.chdir(tmp_path.parent)
        shutil.rmtree(tmp_path)
        shutil.move(before, tmp_path)
        monkeypatch.chdir(folder)
        narrow = seen(words, lang, NARROW)
        if "csv" not in words and words[:2] not in COPIED and (one := broken(narrow, wide)):
            wrong[" ".join(words)] = one
    assert wrong == {}
