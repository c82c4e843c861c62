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
    "urllib3": ("foundation.http",),
    "openpyxl": ("commands.demo", "outputs.tables"),
    "pkcs11": ("cards", "commands.demo"),
    "platformdirs": ("foundation.locations",),
    "pyhanko": ("signatures.path_validation",),
    "pyhanko_certvalidator": ("signatures.path_validation",),
    "msoffcrypto": ("workbooks.formats.compound",),
    "olefile": ("workbooks.formats.compound",),
    "python_calamine": ("workbooks.sheets",),
    "rich": ("cli.tables",),
    "sqlite3": ("store",),
    "sqlite_utils": ("store",),
    "tomlkit": ("cli.settings",),
    "typer": ("cli", "commands"),
    "typst": ("outputs.typeset",),
}
"""Each library, and the modules and packages that may import it."""
LONGEST = 400


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


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
