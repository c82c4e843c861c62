"""The EU's DSS 6.4 as another verifier and writer: two Java programs in `referee/`, run offline.

Maven fetches what they need once, into a cache; nothing is fetched while they run.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.support import parts

REFEREE = Path(__file__).with_name("referee")
_LAST_JAR = "complete"


@dataclass(frozen=True)
class Asked:
    """A signature file for DSS, what it is over if that lies outside, and what is trusted."""

    signature: Path
    trusted: Sequence[Path]
    """Certificates (.der), and CRLs (.crl) where revocation counts."""
    at: datetime
    content: Path | None = None
    strict: bool = True
    """Whether data on revocation have to be there."""

    def line(self) -> str:
        fields = (
            str(self.signature),
            str(self.content or ""),
            ",".join(map(str, self.trusted)),
            self.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "strict" if self.strict else "lenient",
        )
        return "\t".join(fields) + "\n"


def answers(cases: Sequence[Asked], folder: Path) -> list[str]:
    """One JVM's answers: for each file, for each of its signatures "INDICATION LEVEL WHY"."""
    manifest = folder / "asked.tsv"
    manifest.write_text("".join(case.line() for case in cases), "utf-8")
    return run("DssCheck.java", manifest).splitlines()


def run(program: str, *arguments: Path) -> str:
    """What one of the Java programs prints; fails with what it says if it fails."""
    words = [parts.program("java"), "-cp", class_path(), REFEREE / program, *arguments]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def class_path() -> str:
    """DSS with all that it needs; skips, or fails where every part is required, without Maven."""
    pom = REFEREE / "pom.xml"
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "esign-tests"
    cache.mkdir(parents=True, exist_ok=True)
    jars = cache / f"dss-{pom.stat().st_size}"
    with (cache / "dss.lock").open("w") as lock:
        import fcntl  # where DSS is, it is there

        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (jars / _LAST_JAR).exists():
            _fetch(pom, jars)
    return f"{jars}/*"


def _fetch(pom: Path, jars: Path) -> None:
    with tempfile.TemporaryDirectory() as room:
        words = [parts.program("mvn"), "-q", "-B", "-f", pom, "dependency:copy-dependencies"]
        words += [f"-DoutputDirectory={jars}", f"-DbuildDirectory={room}"]
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    parts.need("DSS from Maven", done.returncode == 0)
    (jars / _LAST_JAR).touch()
