"""The doors of the library, as docs/en/library.md shows them."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.foundation import clock
from tests.support import workbooks
from tests.support.certomancer_server import Pki
from tests.support.tokens import PIN, RealToken

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[1])
DOORS = ("card", "mebbis_import", "sign", "verify")
NOTHING_OF_THE_COMMAND_LINE = """
import sys
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"typer", "rich", "click", "sqlite3", "sqlite_utils", "pkcs11"}, loaded
ours = {".".join(name.split(".")[:2]) for name in sys.modules}
assert not ours & {"esign_cli.cli", "esign_cli.commands", "esign_cli.store"}, ours
"""


def example(heading: str) -> str:
    """The Python under this heading of the page."""
    page = (SOURCE / "docs/en/library.md").read_text("utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (program,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return str(program)


def run(program: str, folder: Path, meant: Mapping[str, str] | None = None) -> str:
    """What a program of the page prints in `folder`, with what is `meant` for what is written."""
    for written, instead in (meant or {}).items():
        assert written in program
        program = program.replace(written, instead)
    words = [sys.executable, "-c", program + NOTHING_OF_THE_COMMAND_LINE]
    spoken = {**os.environ, "PYTHONIOENCODING": "utf-8"}  # what a program prints on Windows
    ran = subprocess.run(
        words, env=spoken, cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def put(folder: Path, **parts: bytes) -> None:
    """Files in `folder`, their names with "_" for the full stop."""
    for name, data in {"rapor_pdf": b"%PDF-1.4 made up", **parts}.items():
        (folder / name.replace("_", ".")).write_bytes(data)


@pytest.mark.parametrize("name", DOORS)
def test_door_exports_what_its_page_names(name: str) -> None:
    door = importlib.import_module(f"esign_cli.{name}")
    assert all(hasattr(door, exported) for exported in door.__all__)
    named = set(re.findall(rf"\b{name}\.(\w+)", f"{door.__doc__}\n{page()}"))
    assert named <= set(door.__all__)


def page() -> str:
    return (SOURCE / "docs/en/library.md").read_text("utf-8")


@pytest.mark.parametrize("name", DOORS)
def test_door_loads_nothing_of_the_command_line(name: str, tmp_path: Path) -> None:
    assert run(f"import esign_cli.{name}\n", tmp_path) == ""


def test_signing_and_verifying(tmp_path: Path) -> None:
    now = clock.now()
    ca = MadeUpCa.create(now)
    issued = ca.issue("A B", national_id(1), not_before=now - timedelta(days=30))
    put(
        tmp_path,
        key_p12=issued.p12("passphrase"),
        root_pem=ca.root_pem,
        sub_crl=ca.crl(this_update=now),
        root_crl=ca.crl(this_update=now, issuer="root"),
    )
    assert run(example("Sign and verify"), tmp_path) == "TOTAL-PASSED None True\n"


def test_extending(pki: Pki, tmp_path: Path) -> None:
    """With servers on loopback for those that are named, and no CRLs at hand."""
    issued = pki.issued("rsa")
    put(tmp_path, key_p12=issued.p12("passphrase"), root_pem=pki.trust(tmp_path).read_bytes())
    meant = {
        '[Path("sub.crl"), Path("root.crl")]': "[]",
        '"http://tsa.example.tr"': f'"{pki.tsa_url}", allow_private=True',
        'Fetcher(Path("cache"))': 'Fetcher(Path("cache"), allow_private=True)',
    }
    printed = run(example("Sign and verify") + example("Extend"), tmp_path, meant).splitlines()
    assert printed == ["INDETERMINATE TRY_LATER True", "B-LTA () None"]


def test_cards(card: RealToken, issued: Callable[..., object], tmp_path: Path) -> None:
    put(tmp_path)
    meant = {
        "find_module()": f"find_module(option=Path({str(card.module.path)!r}))",
        'getpass(f"PIN ({state}): ")': repr(PIN),
        "TryRecord.of_user()": 'TryRecord(Path("pin-tries.json"))',
    }
    printed = run(example("Cards"), tmp_path, meant).splitlines()
    assert printed[0].startswith(f"{card.label} no-warning ")
    assert printed[1:] == ["The PIN now: no-warning"]
    assert (tmp_path / "rapor.pdf.p7m").read_bytes().startswith(b"\x30")


def test_workbooks(tmp_path: Path) -> None:
    table = [
        workbooks.HEADERS,
        workbooks.person(1, Kadro_Durumu="Görevlendirme", Görev_Bitiş_Tarihi="31.12.2026"),
        workbooks.person(2, Başlama_Tarihi="32.13.2020"),
    ]
    (tmp_path / "personel.xlsx").write_bytes(workbooks.xlsx(table))
    assert run(example("Workbooks"), tmp_path).splitlines() == [
        "2 ŞÜKRÜ IŞIK B 1. İLKOKULU assignment 2026-12-31",
        "3 Başlama Tarihi bad-date",
    ]
