"""The root's page: five headings, every command once, on one screen."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from esign_cli.cli.command_table import ENTRIES
from esign_cli.cli.overview import GROUPS

MOST_LINES = 40


def test_every_command_stands_under_one_heading() -> None:
    named = [name for _heading, lines in GROUPS for names, _ in lines for name in names.split(", ")]
    assert sorted(named) == sorted(entry.name for entry in ENTRIES)
    assert len(GROUPS) == 5


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_the_page_is_one_screen(lang: str) -> None:
    env = {**os.environ, "COLUMNS": "80"}
    command = [sys.executable, "-m", "esign_cli", "--lang", lang, "--help"]
    ran = subprocess.run(command, capture_output=True, env=env, check=True)
    lines = ran.stdout.decode("utf-8").rstrip("\n").split("\n")
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 80
