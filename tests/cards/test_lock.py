"""Two users of one machine take turns at one card, by real accounts and a real sticky folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import parts

pytestmark = pytest.mark.posix
ONE, OTHER = 65533, 65532
"""Two accounts that own nothing."""
HOLDS = """
import fcntl, os, sys, tempfile, time
from pathlib import Path
from esign_cli.cards import lock
from esign_cli.foundation.errors.cards import CardBusy
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
lock.SHARED = (Path(sys.argv[1]),)
try:
    with lock.card_lock(["a" * 64], wait=0.3):
        print("held", flush=True)
        sys.stdin.read()
except CardBusy:
    print("busy", flush=True)
"""
"""Becomes that account once all is imported: it may have no way to where this Python lies."""


@contextmanager
def _user(number: int, shared: Path, home: Path) -> Iterator[str]:
    """What becomes of an account that wants the card; it lets go at the end of the block."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(home)}
    environment["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(shared), str(number)], stdin=subprocess.PIPE, text=True,
        stdout=subprocess.PIPE, cwd="/", env=environment,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        yield run.stdout.readline().strip()
        run.communicate(timeout=20)


@pytest.fixture
def places() -> Iterator[tuple[Path, dict[int, Path]]]:
    """A sticky folder and two homes below /tmp, where both accounts may go."""
    import shutil
    import tempfile

    parts.need("the right to be another user", os.geteuid() == 0)
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    shared = folder / "lock"
    shared.mkdir()
    shared.chmod(0o1777)
    homes = {number: folder / str(number) for number in (ONE, OTHER)}
    for number, home in homes.items():
        home.mkdir(mode=0o700)
        os.chown(home, number, number)
    yield shared, homes
    shutil.rmtree(folder)


def test_two_accounts_take_turns(places: tuple[Path, dict[int, Path]]) -> None:
    shared, homes = places
    with _user(ONE, shared, homes[ONE]) as first:
        assert first == "held"
        with _user(OTHER, shared, homes[OTHER]) as second:
            assert second == "busy"
    with _user(OTHER, shared, homes[OTHER]) as second:
        assert second == "held"
    (file,) = shared.iterdir()
    assert (file.stat().st_uid, file.stat().st_mode & 0o777) == (ONE, 0o644)


@pytest.mark.parametrize("trap", ["link", "pipe", "folder", "no sticky folder"])
def test_a_trap_in_the_shared_folder_is_passed_by(
    trap: str, places: tuple[Path, dict[int, Path]]
) -> None:
    """Whoever put something else there gets nothing opened, and no card is blocked by it."""
    shared, homes = places
    with _user(ONE, shared, homes[ONE]) as first:
        assert first == "held"
    (file,) = shared.iterdir()
    file.unlink()
    precious = homes[ONE] / "precious"
    if trap == "link":
        file.symlink_to(precious)
    elif trap == "pipe":
        os.mkfifo(file)
    elif trap == "folder":
        file.mkdir()
    else:
        shared.chmod(0o755)
    with _user(OTHER, shared, homes[OTHER]) as second:
        assert second == "held"
        with _user(OTHER, shared, homes[OTHER]) as again:
            assert again == "busy"  # one's own place holds between one's own programs
    assert not precious.exists()
