"""Signing and verifying from Python, as docs/signatures.md shows it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from esign_cli import clock
from esign_cli.madeup import MadeUpCa, national_id

SOURCE = Path(os.environ.get("ESIGN_SOURCE") or Path(__file__).parents[1])
NOTHING_OF_THE_COMMAND_LINE = """
import sys
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"typer", "rich", "click", "sqlite3", "pkcs11"}, loaded
assert "esign_cli.cli" not in sys.modules
"""


def test_the_example_works_and_loads_nothing_of_the_command_line(tmp_path: Path) -> None:
    page = (SOURCE / "docs/signatures.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
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
    program = example + NOTHING_OF_THE_COMMAND_LINE
    words = [sys.executable, "-c", program]
    ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "TOTAL-PASSED None True\n"
