"""A private PostgreSQL cluster for tests and benchmarks: a socket in a temporary folder, no TCP."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests that ask nothing of a computer that goes down."""


@dataclass
class Cluster:
    """A running server."""

    folder: Path
    programs: Path
    settings: Mapping[str, str]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / "data"

    def address(self, name: str, user: str = "postgres") -> str:
        return f"postgresql:///{name}?host={self.folder}&user={user}"

    def run(self, program: str, *words: str) -> str:
        """Run one of PostgreSQL's programs as the cluster's owner."""
        return _as_owner([str(self.programs / program), *words])

    def start(self) -> None:
        """Start it, and wait until it answers."""
        told = {"listen_addresses": "''", "max_connections": "60", **self.settings}
        options = " ".join(f"-c {name}={value}" for name, value in told.items())
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"),
                 "-o", f"-k {self.folder} {options}", "start")  # fmt: skip

    def sql(self, name: str, text: str) -> str:
        """What psql says of a statement, unadorned."""
        return self.run("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder),
                        "-U", "postgres", "-d", name, "-c", text)  # fmt: skip

    def new(self, of: str = "") -> str:
        """The address of a new database: empty, or as the one of this address is."""
        name, template = f"roster{next(self._numbers)}", name_of(of) if of else "template1"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.address(name)

    def kill(self) -> None:
        """End it by SIGKILL, as a computer does that loses its power; until nothing of it runs."""
        first = int((self.data / "postmaster.pid").read_text("utf-8").split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text("utf-8").split()
        killed = [first, *map(int, children)]
        for number in killed:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        while any(Path(f"/proc/{number}").exists() for number in killed):
            time.sleep(0.01)


def name_of(address: str) -> str:
    """The name of the database that an address of ours means."""
    return urlsplit(address).path.strip("/")


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


@contextmanager
def running(where: Path, settings: Mapping[str, str]) -> Iterator[Cluster]:
    """A server with nothing in it, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="esign-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    one = Cluster(folder, where, settings)
    one.run("initdb", "-D", str(one.data), "-A", "trust", "-U", "postgres", "-E", "UTF8",
            "--locale=C.UTF-8", "-N")  # fmt: skip
    hba = one.data / "pg_hba.conf"  # one user has a password; the others come by the socket alone
    hba.write_text(f"local all guarded scram-sha-256\n{hba.read_text('utf-8')}", "utf-8")
    one.start()
    try:
        folder.chmod(0o755)
        yield one
    finally:
        one.run("pg_ctl", "-D", str(one.data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def found() -> Path:
    """Where PostgreSQL is; without it a test is passed over, or fails where all has to be there."""
    where = programs()
    if where is None:
        if os.environ.get("ESIGN_TEST_REQUIRE_ALL"):
            pytest.fail("PostgreSQL is missing (Debian: apt install postgresql)")
        pytest.skip("PostgreSQL is missing")
    return where


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running server with nothing in it."""
    with running(found(), QUICK) as one:
        yield one
