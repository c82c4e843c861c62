"""Nothing heavy is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "aiohttp", "asn1crypto", "cryptography", "openpyxl", "pkcs11", "pyhanko",
    "pyhanko_certvalidator",
    "python_calamine", "rich", "sqlite3", "sqlite_utils", "tomlkit", "zoneinfo",
}  # fmt: skip
PROGRAM = """
import sys
sys.argv = ["esign", *sys.argv[1:]]
from esign_cli.cli.app import run
try:
    run()
except SystemExit as end:
    assert end.code == 0, end.code
sys.stderr.write("\\nLOADED " + " ".join(sys.modules))
"""


def _loaded(home: Path, *words: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        capture_output=True, text=True, check=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return {name.partition(".")[0] for name in ran.stderr.rpartition("LOADED ")[2].split()}


@pytest.mark.parametrize("words", [["--help"], ["sign-form", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    assert _loaded(tmp_path, *words) & HEAVY == set()


def test_an_answer_from_the_database_loads_no_card_and_no_signature(tmp_path: Path) -> None:
    _loaded(tmp_path, "eligible", "--format", "csv")  # makes the database
    loaded = _loaded(tmp_path, "eligible", "--format", "csv")
    assert loaded & (HEAVY - {"sqlite3", "zoneinfo"}) == set()
