"""Signing and verifying from Python, as docs/signatures.md shows it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from esign_cli.commands.demo.made_up import MadeUpCa, national_id
from esign_cli.foundation import clock
from tests.support.certomancer_server import Pki

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[2])
NOTHING_OF_THE_COMMAND_LINE = """
import sys
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"typer", "rich", "click", "sqlite3", "pkcs11"}, loaded
assert "esign_cli.cli.app" not in sys.modules
"""


def examples() -> list[str]:
    page = (SOURCE / "docs/signatures.md").read_text("utf-8")
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


def test_the_example_works_and_loads_nothing_of_the_command_line(tmp_path: Path) -> None:
    example, _raising = examples()
    now = clock.now()
    ca = MadeUpCa.create(now)
    issued = ca.issue("A B", national_id(1), not_before=now - timedelta(days=30))
    parts = {
        "key.p12": issued.p12("passphrase"),
        "rapor.pdf": b"%PDF-1.4 made up",
        "root.pem": ca.root_pem,
        "sub.crl": ca.crl(this_update=now),
        "root.crl": ca.crl(this_update=now, issuer="root"),
    }
    for name, data in parts.items():
        (tmp_path / name).write_bytes(data)
    assert printed(example, tmp_path) == "TOTAL-PASSED None True\n"


def test_the_example_of_raising_works(pki: Pki, tmp_path: Path) -> None:
    """With servers on loopback for those that are named, and no CRLs at hand."""
    issued = pki.issued("rsa")
    parts = {
        "key.p12": issued.p12("passphrase"),
        "rapor.pdf": b"%PDF-1.4 made up",
        "root.pem": pki.trust(tmp_path).read_bytes(),
    }
    for name, data in parts.items():
        (tmp_path / name).write_bytes(data)
    program = "".join(examples())
    for written, meant in (
        ('("sub.crl", "root.crl")', "()"),
        ('"http://tsa.example.tr"', f'"{pki.tsa_url}", allow_private=True'),
        ('Fetcher(Path("cache"))', 'Fetcher(Path("cache"), allow_private=True)'),
    ):
        assert written in program
        program = program.replace(written, meant)
    told = printed(program, tmp_path).splitlines()
    assert told == ["INDETERMINATE TRY_LATER True", "B-LTA () None"]


def printed(program: str, folder: Path) -> str:
    words = [sys.executable, "-c", program + NOTHING_OF_THE_COMMAND_LINE]
    ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
