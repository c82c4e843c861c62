"""The documents say what the program does."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from esign_cli.cli import command_table
from esign_cli.foundation import exit_codes

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[1])
MARKDOWN = sorted([*SOURCE.glob("*.md"), *SOURCE.glob("docs/**/*.md")])


def test_the_reference_is_what_the_commands_say() -> None:
    ran = subprocess.run(
        [sys.executable, SOURCE / "docs/reference.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


WRITTEN = [page for page in MARKDOWN if page.name not in ("commands.md", "komutlar.md")]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: path.name)
def test_commands_that_are_shown_exist(page: Path) -> None:
    known = {entry.name for entry in command_table.ENTRIES}
    lines = re.findall(r"^\s*(?:\$ |[0-9* ]+)?esign ([a-z][a-z-]*)", page.read_text("utf-8"), re.M)
    assert set(lines) <= known


def test_every_exit_code_is_documented() -> None:
    told = re.findall(r"^\| (\d+) \|", (SOURCE / "docs/en/automation.md").read_text("utf-8"), re.M)
    codes = {value for name, value in vars(exit_codes).items() if name.isupper()}
    assert set(map(int, told)) == codes


@pytest.mark.parametrize("entry", command_table.ENTRIES, ids=lambda entry: entry.name)
def test_the_list_of_commands_says_what_each_page_begins_with(entry: command_table.Entry) -> None:
    page = inspect.cleandoc(command_table.pages(entry)[entry.name])
    assert " ".join(page.partition("\n\n")[0].split()) == entry.short


def test_every_test_of_windows_stands_in_its_table_of_faults() -> None:
    told = re.findall(r"`(test_\w+)`", (SOURCE / "docs/en/windows.md").read_text("utf-8"))
    folder = Path(__file__).parent / "windows"
    files = [*folder.glob("test_*.py"), folder / "press_keys.py"]
    there = [
        name
        for file in files
        for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.M)
    ]
    assert sorted(told) == sorted(there)
