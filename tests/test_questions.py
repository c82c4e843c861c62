"""The questions of an administrator: each is answered by the one command that the page shows."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[1])
MOVES = re.compile(r"/tmp/\S*")
"""What another machine changes in an answer, and nothing else."""


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("questions", SOURCE / "docs/questions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["questions"] = module
    spec.loader.exec_module(module)
    return module


def _same(page: str) -> list[str]:
    return [" ".join(MOVES.sub("~", line).split()) for line in page.splitlines()]


@pytest.mark.parametrize("language", ["en", "tr"])
def test_each_question_is_answered_as_the_page_says(
    home: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    script = _script()
    folder = home / "sorular"
    folder.mkdir()
    monkeypatch.chdir(folder)
    script.prepare(script.CliRunner())
    with script.that_day():
        now = script.page(language)
    shown = (SOURCE / "docs" / script.PAGES[language]).read_text("utf-8")
    assert _same(now) == _same(shown)
    assert len(script.QUESTIONS) == 25
    assert len(re.findall(r"^\$ esign ", shown, re.MULTILINE)) == 25


EMPTY = re.compile(r"nobody to list|Listelenecek kimse yok|: 0(?: ·|$)")
"""How an answer begins that names nobody."""
HEADINGS = ("National id", "T.C. kimlik no", "No ", "District", "İlçe")


@pytest.mark.parametrize("language", ["en", "tr"])
def test_no_answer_is_empty(language: str) -> None:
    """A list has rows below its heading; what is no list says something in three lines or more."""
    page = (SOURCE / "docs" / _script().PAGES[language]).read_text("utf-8")
    answers = re.findall(r"```text\n\$ esign [^\n]+\n(.*?)\n```", page, re.DOTALL)
    assert len(answers) == 25
    for answer in answers:
        lines = answer.splitlines()
        assert len(lines) >= 3, answer
        assert not EMPTY.search(lines[0]), answer
        assert not lines[0].startswith(HEADINGS) or re.search(r"\d", lines[1]), answer


def test_the_comparison_sees_another_answer() -> None:
    assert _same("Açık: 3 · /tmp/a/b") == _same("Açık:  3 · /tmp/c")
    assert _same("Açık: 3") != _same("Açık: 4")
    assert _same("Açık: 01.02.2027") != _same("Açık: 04.01.2027")
