"""A link that is cut, a client or a server that is killed: told soon, old or new, and no lock left.

The long run: ESIGN_KILL_POINTS=40 python -m pytest tests/store/test_server_lost.py
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esign_cli.foundation import database_server, exit_codes
from esign_cli.foundation.errors import store as errors
from esign_cli.store import card_watches, open_store
from tests.support import postgres, workbooks
from tests.support.postgres import Cluster, name_of
from tests.support.way import Way, way

pytestmark = pytest.mark.posix

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
POINTS = int(os.environ.get("ESIGN_KILL_POINTS", "6"))
SOON = 10.0
"""Seconds after which a cut is told, and another desk writes."""
OLD, NEW = 50, 1500
"""People before and after the import that is killed."""


@pytest.fixture(scope="module")
def safe() -> Iterator[Cluster]:
    """A server that forgets nothing when it is killed."""
    with postgres.running(postgres.found(), {}) as one:
        yield one


@pytest.fixture
def far(cluster: Cluster) -> Iterator[Way]:
    with way(f"{cluster.folder}/.s.PGSQL.5432") as one:
        yield one


@pytest.mark.parametrize("then", ["SELECT 1", "SELECT pg_sleep(1)", "INSERT INTO watch VALUES (2)"])
def test_a_cut_is_told_and_the_others_write_on(
    cluster: Cluster, far: Way, home: Path, then: str
) -> None:
    near = database_server.parse(cluster.new())
    with open_store(near):
        pass
    cut = 0.0
    with (  # noqa: PT012  (all of it)
        pytest.raises(errors.ServerLost),
        open_store(database_server.parse(far.address(str(near)))) as desk,
        desk.writing() as db,
    ):
        db.execute("INSERT INTO watch VALUES (7, 'x')")
        cut = time.monotonic()
        far.cut.set()
        db.execute(then)
    assert time.monotonic() - cut < SOON
    with open_store(near) as other:
        number = 0
        while not number:
            with suppress(errors.ServerBusy):
                number = card_watches.begin(other, NOW)
        assert time.monotonic() - cut < SOON
    assert number == 1  # nothing is left of what was not finished


# --- killed --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def roster(safe: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, float]:
    """A database with OLD people, the workbook of NEW, and how long its import takes."""
    folder = tmp_path_factory.mktemp("rosters")
    address = safe.new()
    first, second = folder / "1.xlsx", folder / "2.xlsx"
    for file, count in ((first, OLD), (second, NEW)):
        people = [workbooks.person(n) for n in range(1, count + 1)]
        file.write_bytes(workbooks.xlsx([workbooks.HEADERS, *people]))
    _import(address, first, folder).communicate()
    begun = time.monotonic()
    _import(safe.new(of=address), second, folder).communicate()
    return address, second, time.monotonic() - begun


def _import(address: str, file: Path, home: Path) -> subprocess.Popen[bytes]:
    words = ["--lang", "en", "--db", address, "import", "--province", "72", str(file)]
    folders = {"XDG_DATA_HOME": str(home), "XDG_STATE_HOME": str(home), "HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-m", "esign_cli", *words],
        env={**os.environ, **folders},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _midway(
    cluster: Cluster, roster: tuple[str, Path, float], home: Path, part: float
) -> tuple[str, subprocess.Popen[bytes]]:
    """An import into a database of its own, of which that part is over."""
    of, file, length = roster
    address = cluster.new(of=of)
    running = _import(address, file, home)
    time.sleep(length * part)
    return address, running


def _known(address: str) -> int:
    """How many people there are, once this desk could write."""
    with open_store(database_server.parse(address)) as store, store.writing() as db:
        (people,), (duties,), (imports,) = (
            db.execute(f"SELECT count(*) FROM {table}").fetchone()
            for table in ("person", "duty", "import")
        )
    assert (people, duties, imports) in ((OLD, OLD, 1), (NEW, NEW, 2))
    return int(people)


@pytest.mark.parametrize("step", range(POINTS))
def test_a_killed_client_leaves_the_old_or_the_new_and_no_lock(
    safe: Cluster, roster: tuple[str, Path, float], home: Path, step: int
) -> None:
    address, running = _midway(safe, roster, home, 0.2 + 0.8 * step / POINTS)
    running.kill()
    running.communicate()
    killed = time.monotonic()
    _known(address)
    assert time.monotonic() - killed < 2


@pytest.mark.parametrize("step", range(max(2, POINTS // 4)))
def test_a_killed_server_leaves_the_old_or_the_new(
    safe: Cluster, roster: tuple[str, Path, float], home: Path, step: int
) -> None:
    address, running = _midway(safe, roster, home, 0.3 + 0.7 * step / max(2, POINTS // 4))
    safe.kill()
    _said, told = running.communicate(timeout=SOON)
    safe.start()
    if running.returncode:
        assert running.returncode == exit_codes.ENVIRONMENT, told.decode()
        assert b"Traceback" not in told
    assert _known(address) == (OLD if running.returncode else NEW) or b"record" in told
    safe.sql("postgres", f"DROP DATABASE {name_of(address)}")


def test_a_client_that_stops_in_the_middle_of_its_work_is_not_waited_for_long(
    cluster: Cluster, home: Path
) -> None:
    """A computer that sleeps, or a program that hangs, is a client that says nothing."""
    server = database_server.parse(cluster.new())
    hangs = (
        "import time\nfrom esign_cli.foundation import database_server\n"
        "from esign_cli.store import open_store\n"
        f"with open_store(database_server.parse({str(server)!r})) as s, s.writing() as db:\n"
        "    db.execute(\"INSERT INTO watch VALUES (7, 'x')\")\n    print('.', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", hangs], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.read(1)
        running.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        number = 0
        with open_store(server) as other:
            while not number:
                with suppress(errors.ServerBusy):
                    number = card_watches.begin(other, NOW)
        assert time.monotonic() - begun < SOON
        running.kill()
    assert number == 1
