"""Tests of what Windows does otherwise: scripts/test-windows runs them under Wine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

collect_ignore_glob = [] if sys.platform == "win32" else ["test_*.py"]

PREPARED = Path("C:\\esign")
"""Where scripts/test-windows leaves the demo's files and the software cards."""
PIN = "246810"


@dataclass(frozen=True)
class Ran:
    """What a command line left."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Workdir:
    """A folder with the demo's files, and command lines run there as by an administrator."""

    folder: Path
    environment: dict[str, str]

    def command(self, *words: str | Path) -> list[str]:
        return [sys.executable, "-m", "esign_cli", *map(str, words)]

    def esign(self, *words: str | Path, given: str = "", **variables: str) -> Ran:
        ran = subprocess.run(
            self.command(*words),
            input=given.encode(),
            capture_output=True,
            cwd=self.folder,
            env={**self.environment, **variables},
            timeout=120,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode("utf-8"), ran.stderr.decode("utf-8"))

    def start(self, *words: str | Path, **variables: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env={**self.environment, **variables},
        )


@pytest.fixture
def workdir(tmp_path: Path) -> Workdir:
    """A folder whose name has a space and Turkish letters; nothing of other tests is there."""
    folder = tmp_path / "Şube İçi ığüşöç"
    shutil.copytree(PREPARED / "data", folder, ignore=shutil.ignore_patterns("esign.db*"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESIGN_")}
    ours = {
        "ESIGN_DB": str(folder / "esign.db"),
        "ESIGN_CONFIG": str(folder / "config.toml"),
        "ESIGN_PKCS11_MODULE": str(PREPARED / "akisp11.dll"),
        "ESIGN_LANG": "en",
        "SOFT_STATE": str(tmp_path / "wrong-pins"),
        "WIN_PD_OVERRIDE_LOCAL_APPDATA": str(tmp_path / "appdata"),  # platformdirs: PIN tries too
    }
    return Workdir(folder, {**kept, **ours})


@pytest.fixture
def imported(workdir: Workdir) -> Workdir:
    """The same after an import."""
    ran = workdir.esign("import", "personel.xlsx", "sertifikalar.xlsx", "--province", "batman")
    assert ran.code == 0, ran.stderr
    return workdir
