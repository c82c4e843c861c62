"""Each vendor's library is known to its own rooms only; modules stay small enough to read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import esign_cli

PACKAGE = Path(esign_cli.__file__).parent
ROOMS = {
    "aiohttp": (),
    "asn1crypto": ("card", "certificate", "pathcheck", "pki"),
    "click": (),
    "cryptography": ("madeup", "pki", "softkey", "softtoken", "time_stamping"),
    "icalendar": ("calendar_file",),
    "jinja2": ("notify", "report"),
    "keyring": ("credentials",),
    "smtplib": ("notify",),
    "urllib3": ("http",),
    "openpyxl": ("madeup", "report"),
    "pkcs11": ("card", "softtoken"),
    "platformdirs": ("locations",),
    "pyhanko": ("pathcheck",),
    "pyhanko_certvalidator": ("pathcheck",),
    "python_calamine": ("workbook_sheets",),
    "rich": ("tables",),
    "sqlite3": ("store",),
    "sqlite_utils": ("store",),
    "tomlkit": ("config",),
    "typer": ("cli", "command_table", "commands", "context", "help_text", "options"),
    "typst": ("typeset",),
}
LONGEST = 400


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _rooms() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path


@pytest.mark.parametrize("library", ROOMS)
def test_a_library_is_imported_in_its_own_rooms_only(library: str) -> None:
    using = {room for room, path in _rooms() if library in _imports(path)}
    assert using <= set(ROOMS[library])


def test_modules_stay_readable() -> None:
    tables = {"errors.py", "sentences.py"}  # one line an entry, read by searching
    long = {
        str(path.relative_to(PACKAGE)): lines
        for _room, path in _rooms()
        if path.name not in tables and (lines := path.read_text("utf-8").count("\n")) > LONGEST
    }
    assert long == {}
