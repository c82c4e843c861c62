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


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: path.name)
def test_no_example_stands_inside_a_list(page: Path) -> None:
    """The site's Markdown takes it for a sentence, GitHub's for an example."""
    assert not re.search(r"\n\n {5,7}\S.*", page.read_text("utf-8"))


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


def _pages(language: str) -> list[str]:
    """The pages of the site in their order, by which those of the two languages are pairs."""
    return re.findall(
        r"^  - ([\w-]+\.md)$", (SOURCE / f"docs/{language}.yml").read_text("utf-8"), re.M
    )


PAIRS = list(zip(_pages("en"), _pages("tr"), strict=False))
ENGLISH_ONLY = {"library.md"}
"""For programmers."""


def test_both_languages_have_the_same_pages() -> None:
    english, turkish = (
        {page.name for page in SOURCE.glob(f"docs/{language}/*.md")} for language in ("en", "tr")
    )
    assert english == {page for page, _ in PAIRS} | ENGLISH_ONLY
    assert turkish == {page for _, page in PAIRS}


@pytest.mark.parametrize("language", ["en", "tr"])
def test_every_picture_is_shown_on_a_page(language: str) -> None:
    pages = [page.read_text("utf-8") for page in SOURCE.glob(f"docs/{language}/*.md")]
    shown = {name for page in pages for name in re.findall(r"\(pictures/([\w.-]+)\)", page)}
    assert shown == {picture.name for picture in SOURCE.glob(f"docs/{language}/pictures/*")}


def _headings(page: str) -> list[str]:
    return re.findall(r"^(#+) ", re.sub(r"^```.*?^```", "", page, flags=re.M | re.S), re.M)


def _command_lines(page: str) -> list[str]:
    """The command lines that a page shows, without their comments; of an answer, what is typed:
    what esign proposes then is in the reader's words.
    """
    answers = re.sub(r"^```text\n(\$ .+\n)(?:.*\n)*?```$", r"\1", page, flags=re.M)
    lines = re.findall(r"^(?:    |\$ |[0-9* ]+)(esign .+)$", answers, re.M)
    return [re.sub(r"\s+#.*", "", line) for line in lines]


@pytest.mark.parametrize(("english", "turkish"), PAIRS)
def test_a_page_has_the_same_headings_and_commands_in_both_languages(
    english: str, turkish: str
) -> None:
    pages = [
        (SOURCE / f"docs/{path}").read_text("utf-8") for path in (f"en/{english}", f"tr/{turkish}")
    ]
    assert _headings(pages[0]) == _headings(pages[1])
    if english != "commands.md":
        assert _command_lines(pages[0]) == _command_lines(pages[1])
