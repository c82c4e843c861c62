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
    with script.that_day():
        script.prepare(script.CliRunner())
        now = script.page(language)
    shown = (SOURCE / "docs" / script.PAGES[language]).read_text("utf-8")
    assert _same(now) == _same(shown)
    assert len(script.QUESTIONS) == 25
    assert len(re.findall(r"^\$ esign ", shown, re.MULTILINE)) == 25


def test_the_comparison_sees_another_answer() -> None:
    assert _same("Açık: 3 · /tmp/a/b") == _same("Açık:  3 · /tmp/c")
    assert _same("Açık: 3") != _same("Açık: 4")
    assert _same("Açık: 01.02.2027") != _same("Açık: 04.01.2027")
