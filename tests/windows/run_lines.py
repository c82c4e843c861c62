"""Run the command lines under this Python, and keep what came of each: run_lines.py FOLDER MODULE.

FOLDER has the demo's files in `data`; MODULE is the software card. Leaves FOLDER/answers.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from command_lines import CHAINS, ROOT, Line

INPUTS = ("*.xlsx", "*.p12", "*.pem", "*.crl", "*.txt", "*.toml")
LONGEST = 120


def run_chain(
    name: str, lines: tuple[Line, ...], folder: Path, module: str
) -> list[dict[str, Any]]:
    """The answers of one chain, in a new folder of its own."""
    place = folder / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for pattern in INPUTS:
        for path in (folder / "data").glob(pattern):
            shutil.copy(path, place)
    settings = place / "config.toml"
    settings.write_text("trust_folder = 'trust'\n" + settings.read_text("utf-8"), "utf-8")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("ESIGN_")},
        **{"ESIGN_DB": "esign.db", "ESIGN_CONFIG": "config.toml", "ESIGN_LANG": "en"},
        **{"ESIGN_PKCS11_MODULE": module, "SOFT_STATE": "wrong-pins", "SOFT_LOG": "card.log"},
        **{"HOME": str(place), "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(place), "COLUMNS": "100"},
    }
    return [run_line(line, place, environment) for line in lines]


def run_line(line: Line, place: Path, environment: dict[str, str]) -> dict[str, Any]:
    """What one command line left; bytes are kept as Latin-1 text, so that nothing is lost."""
    begun = time.monotonic()
    roots = {ROOT: fingerprint(place / "ornek-kok.pem")}
    ran = subprocess.run(
        [sys.executable, "-m", "esign_cli", *(roots.get(word, word) for word in line.words)],
        input=line.given.encode(),
        capture_output=True,
        cwd=place,
        env={**environment, **line.environment},
        timeout=LONGEST,
        check=False,
    )
    leaves = {name: place / name for name in line.leaves}
    return {
        "code": ran.returncode,
        "stdout": ran.stdout.decode("latin-1"),
        "stderr": ran.stderr.decode("latin-1"),
        "leaves": {
            name: path.read_bytes().decode("latin-1") if path.exists() else None
            for name, path in leaves.items()
        },
        "seconds": round(time.monotonic() - begun, 1),
    }


def fingerprint(path: Path) -> str:
    """The SHA-256 of a certificate in a PEM file."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(path.read_text("ascii"))).hexdigest()


def main(folder: Path, module: str) -> None:
    with ThreadPoolExecutor(len(CHAINS)) as threads:
        runs = {
            name: threads.submit(run_chain, name, lines, folder, module)
            for name, lines in CHAINS.items()
        }
        answers = {name: run.result() for name, run in runs.items()}
    facts = {"folder": str(folder), "module": module, "answers": answers}
    (folder / "answers.json").write_text(json.dumps(facts), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2])
