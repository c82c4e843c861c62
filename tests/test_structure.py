"""The house: who may import what, how long a module is, how things are called."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import esign_cli

PACKAGE = Path(esign_cli.__file__).parent
SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[1])
ROOMS = {
    "aiohttp": (),
    "asn1crypto": (
        "cards",
        "signatures.certificate",
        "signatures.path_validation",
        "signatures.pki",
    ),
    "click": (),
    "cryptography": (
        "commands.demo",
        "signatures.pki",
        "signatures.pkcs12",
        "signatures.time_stamp_client",
    ),
    "icalendar": ("outputs.ical",),
    "jinja2": ("outputs.messages", "outputs.tables"),
    "keyring": ("foundation.credentials",),
    "smtplib": ("outputs.messages",),
    "urllib3": ("foundation.http_client",),
    "openpyxl": ("commands.demo",),
    "xlsxwriter": ("outputs.tables",),
    "pkcs11": ("cards", "commands.demo"),
    "platformdirs": ("foundation.locations",),
    "pyhanko": ("signatures.path_validation",),
    "pyhanko_certvalidator": ("signatures.path_validation",),
    "msoffcrypto": ("workbooks.formats.compound",),
    "olefile": ("workbooks.formats.compound",),
    "python_calamine": ("workbooks.sheets",),
    "rich": ("cli.tables",),
    "sqlite3": ("store",),
    "pyrage": ("store.archive",),
    "sqlite_utils": ("store",),
    "tomlkit": ("cli.settings",),
    "typer": ("cli", "commands"),
    "typst": ("outputs.typeset",),
}
"""Each library, and the modules and packages that may import it."""
LONGEST = 400
MOST_ENTRIES = 20
"""At the top of the package: what a newcomer reads first."""
PARTICIPLES = re.compile(r"^\| `(\w+)` \|.*noun.*\|$", re.M)
"""Module names that CONTRIBUTING.md lists as exceptions, with the reason."""


POSIX_ONLY = frozenset(("fcntl", "grp", "pty", "pwd", "resource", "termios"))
ON_LINUX_ONLY = ("press_keys.py",)
"""Run beside Wine, not in it."""


@cache
def _imports(path: Path) -> frozenset[str]:
    return frozenset().union(*map(_names, ast.walk(ast.parse(path.read_text("utf-8")))))


def _names(node: ast.AST) -> frozenset[str]:
    """The packages that a statement imports."""
    if isinstance(node, ast.Import):
        return frozenset(alias.name.partition(".")[0] for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return frozenset((node.module.partition(".")[0],))
    return frozenset()


def _rooms() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ".".join(path.relative_to(PACKAGE).with_suffix("").parts), path


@pytest.mark.parametrize("library", ROOMS)
def test_a_library_is_imported_in_its_own_rooms_only(library: str) -> None:
    using = [room for room, path in _rooms() if library in _imports(path)]
    own = tuple(f"{room}." for room in ROOMS[library])
    assert [room for room in using if not f"{room}.".startswith(own)] == []


def test_modules_stay_readable() -> None:
    long = {
        str(path.relative_to(PACKAGE)): lines
        for _room, path in _rooms()
        if (lines := path.read_text("utf-8").count("\n")) > LONGEST
    }
    assert long == {}


def test_top_of_the_package_is_read_at_a_glance() -> None:
    entries = [path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= MOST_ENTRIES, sorted(entries)


def test_modules_are_named_by_nouns() -> None:
    names = {part for room, _path in _rooms() for part in room.split(".")}
    verbs = {name for name in names if re.search(r"(ed|ing)(_|$)", name)}
    assert verbs <= set(PARTICIPLES.findall((SOURCE / "CONTRIBUTING.md").read_text("utf-8")))


def test_every_folder_says_in_a_sentence_what_it_owns() -> None:
    for path in sorted(PACKAGE.rglob("__init__.py")):
        text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert text.partition("\n")[0].endswith("."), path


NO_VERB = re.compile(
    r"(The|An?|Every|Those|All|One|Each|This|These|Its|Whether|What|How|Where|Why|Who|When|No|Told"
    r"|By|Of|To|From|For|In|On|At|With|C_\w+|\w+'s|[A-Z]{2,})\b"
)


def test_docstrings_of_public_functions_begin_with_a_verb() -> None:
    without = [
        f"{room}.{node.name}"
        for room, path in _rooms()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
        if NO_VERB.match(ast.get_docstring(node) or "")
    ]
    assert without == []


APART = (("support",), ("windows",), ("year",))
"""Folders of the tests that are about no one part of the code."""


def test_tests_lie_as_the_code_does() -> None:
    root = SOURCE / "tests"
    folders = {path.parent.relative_to(root) for path in root.rglob("*.py")}
    apart = {folder for folder in folders if folder.parts[:1] in APART}
    assert [str(f) for f in folders - apart if not (PACKAGE / f).is_dir()] == []
    assert [str(f) for f in folders if not (root / f / "__init__.py").exists()] == []


def test_tests_are_collected_where_windows_has_no_such_module() -> None:
    """One that needs it imports it in the function that is marked for POSIX."""
    at_top = {
        f"{path.name}: {name}"
        for path in (SOURCE / "tests").rglob("*.py")
        if path.name not in ON_LINUX_ONLY
        for node in ast.parse(path.read_text("utf-8")).body
        for name in _names(node) & POSIX_ONLY
    }
    assert at_top == set()


WRITTEN_IN = ("CONTRIBUTING.md", "README.md", "benchmarks", "docs", "scripts", "tests")


def _written() -> Iterator[tuple[Path, str]]:
    for top in WRITTEN_IN:
        for path in (SOURCE / top, *(SOURCE / top).rglob("*")):
            if path.suffix in (".py", ".md", ".toml", ".sh", "") and path.is_file():
                yield path, path.read_text("utf-8", "ignore")


def test_names_of_ours_in_strings_and_pages_lead_somewhere() -> None:
    """Programs in strings, pages and patches break unseen when something moves."""
    lost = set()
    for path, text in _written():
        names = set(re.findall(r"\besign_cli(?:\.(?!__)[a-zA-Z_]\w*)+", text))
        for module, imported in re.findall(r"from (esign_cli[\w.]*) import ([\w, ]+)", text):
            words = (one.strip().partition(" as ")[0] for one in imported.split(","))
            names |= {f"{module}.{word}" for word in words if word}
        lost |= {(path.name, name) for name in names if not _leads_somewhere(name)}
    assert lost == set()


@cache
def _leads_somewhere(name: str) -> bool:
    """Whether it is a module, or a word of the module that it begins with."""
    place, parts = PACKAGE, name.split(".")[1:]
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    if parts and (place / f"{parts[0]}.py").is_file():
        module = place / f"{parts.pop(0)}.py"
    else:
        module = place / "__init__.py"
    return not parts or bool(re.search(rf"\b{parts[0]}\b", module.read_text("utf-8")))


def test_paths_that_contributing_names_are_there() -> None:
    page = (SOURCE / "CONTRIBUTING.md").read_text("utf-8")
    paths = {path for path in re.findall(r"`([\w.]+/[\w./]+)`", page) if path == path.lower()}
    roots = (SOURCE, PACKAGE)
    assert [path for path in paths if not any((root / path).exists() for root in roots)] == []
