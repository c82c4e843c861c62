"""Nothing heavy is loaded before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tokens import RealToken

HEAVY = {
    "aiohttp", "asn1crypto", "cryptography", "holidays", "openpyxl", "pkcs11", "pyhanko",
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


def _modules(home: Path, *words: str, **variables: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        capture_output=True, encoding="utf-8", check=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", **variables},
    )  # fmt: skip
    return set(ran.stderr.rpartition("LOADED ")[2].split())


def _loaded(home: Path, *words: str) -> set[str]:
    return {name.partition(".")[0] for name in _modules(home, *words)}


@pytest.mark.parametrize("words", [["--help"], ["sign-form", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    assert _loaded(tmp_path, *words) & HEAVY == set()


def test_an_answer_from_the_database_loads_no_card_and_no_signature(tmp_path: Path) -> None:
    _loaded(tmp_path, "eligible", "--format", "csv")  # makes the database
    loaded = _loaded(tmp_path, "eligible", "--format", "csv")
    assert loaded & (HEAVY - {"sqlite3", "zoneinfo"}) == set()


def test_reading_a_card_loads_no_database_and_no_verdict(card: RealToken, tmp_path: Path) -> None:
    """As few modules as before the house was rebuilt: 259 then, on Python 3.11."""
    words = ("check-card", "--json", "--module", str(card.module.path))
    store = os.environ["SOFTHSM2_CONF"]
    loaded = _modules(tmp_path, *words, SOFTHSM2_CONF=store)
    assert "asn1crypto.x509" in loaded
    needless = {
        "esign_cli.renewals.rules.verdict_table", "esign_cli.store.database", "platformdirs",
        "sqlite3", "tempfile", "tomllib",
    }  # fmt: skip
    assert loaded & needless == set()
    assert len(loaded) <= 300
