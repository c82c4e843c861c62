"""A private PostgreSQL cluster for the tests: a socket in a temporary folder, no TCP, no fsync."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_OFF = {"listen_addresses": "''", "fsync": "off", "synchronous_commit": "off",
        "full_page_writes": "off", "max_connections": "60"}  # fmt: skip


@dataclass
class Cluster:
    """A running server."""

    folder: Path
    programs: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def address(self, name: str, user: str = "postgres") -> str:
        return f"postgresql:///{name}?host={self.folder}&user={user}"

    def run(self, program: str, *words: str) -> str:
        """Run one of PostgreSQL's programs as the cluster's owner."""
        return _as_owner([str(self.programs / program), *words])

    def sql(self, name: str, text: str) -> str:
        """What psql says of a statement, unadorned."""
        return self.run("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder),
                        "-U", "postgres", "-d", name, "-c", text)  # fmt: skip

    def new(self) -> str:
        """The address of a new and empty database."""
        name = f"roster{next(self._numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} STRATEGY file_copy")
        return self.address(name)


def _as_owner(command: Sequence[str]) -> str:
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*owner, *command], capture_output=True, text=True, cwd="/", check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")
    return done.stdout


def programs() -> Path | None:
    """Where the newest PostgreSQL of this computer is; None: there is none that can be used."""
    if sys.platform == "win32":
        return None
    import pwd

    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    on_path = shutil.which("initdb")
    where = found[-1].parent if found else Path(on_path).resolve().parent if on_path else None
    if where is not None and os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return None
    return where


def _version(initdb: Path) -> int:
    number = initdb.parent.parent.name
    return int(number) if number.isdigit() else 0


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running server with nothing in it."""
    where = programs()
    if where is None:
        if os.environ.get("ESIGN_TEST_REQUIRE_ALL"):
            pytest.fail("PostgreSQL is missing (Debian: apt install postgresql)")
        pytest.skip("PostgreSQL is missing")
    folder = Path(tempfile.mkdtemp(prefix="esign-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    one = Cluster(folder, where)
    data, options = folder / "data", " ".join(f"-c {k}={v}" for k, v in _OFF.items())
    one.run("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8",
            "--locale=C.UTF-8", "-N")  # fmt: skip
    hba = data / "pg_hba.conf"  # one user has a password; the others come by the socket alone
    hba.write_text(f"local all guarded scram-sha-256\n{hba.read_text('utf-8')}", "utf-8")
    start = ("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"))
    one.run(*start, "-o", f"-k {folder} {options}", "start")
    try:
        folder.chmod(0o755)
        yield one
    finally:
        one.run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
