"""What a shell completes beside commands and options, as bash, zsh and fish ask for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from esign_cli.foundation import clock
from esign_cli.store import Store, list_numbers
from tests.support import factories
from tests.support.factories import national_id

LINES = {
    "a province": ("esign eligible --province bat", ["batman"]),
    "a province with its mark": ("esign eligible --province Şan", ["Şanlıurfa"]),
    "a province without its mark": ("esign eligible --province sanl", ["sanliurfa"]),
    "a district": ("esign report --district mer", ["merkez"]),
    "a verdict": ("esign eligible --verdict needs", ["needs-update"]),
    "a phase": ("esign eligible --phase la", ["late"]),
    "a state": ("esign applications list --state subm", ["submitted"]),
    "a setting": ("esign config set renewal.deadl", ["renewal.deadline_months_before"]),
    "a number": ("esign person show ", ["1", "2"]),
    "a number of applications": ("esign applications add 2", ["2"]),
}


@pytest.fixture
def lists(store: Store, home: Path) -> None:
    factories.save(store, [factories.facts(1), factories.facts(2)])
    ids = [national_id(1), national_id(2)]
    list_numbers.give(store, ids, at=clock.now(), os_user=_me())


def _me() -> str:
    from esign_cli.cli.context import Context

    return Context().os_user


def ask(shell: str, line: str, lang: str = "en") -> list[str]:
    """What the shell is told, as its own script asks."""
    words = line.split(" ")
    variables = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    env = {**os.environ, **variables, "_ESIGN_COMPLETE": f"complete_{shell}", "ESIGN_LANG": lang}
    ran = subprocess.run(
        [sys.executable, "-m", "esign_cli"], env=env, capture_output=True, check=False, text=True
    )
    assert ran.stderr == "", ran.stderr
    return [line for line in ran.stdout.splitlines() if line]


@pytest.mark.posix
@pytest.mark.parametrize(("line", "offered"), LINES.values(), ids=LINES)
def test_bash_is_told_the_words(lists: None, line: str, offered: list[str]) -> None:
    assert ask("bash", line) == offered


@pytest.mark.posix
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_told_whose_number_it_is(lists: None, shell: str) -> None:
    told = "\n".join(ask(shell, "esign person show "))
    assert "AYŞE IŞIK" in told
    assert "batman" in "\n".join(ask(shell, "esign eligible --province bat"))


@pytest.mark.posix
def test_turkish_words_come_where_turkish_is_spoken(lists: None) -> None:
    assert "uygun" in ask("bash", "esign eligible --verdict u", lang="tr")


@pytest.mark.posix
def test_nothing_is_said_where_nothing_can_be_completed(home: Path) -> None:
    (home / "broken.db").write_bytes(b"no database" * 1000)
    assert ask("bash", f"esign --db {home / 'broken.db'} person show ") == []
    assert ask("bash", "esign person show ") == []
