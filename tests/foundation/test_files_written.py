"""Several files at once: all of them on the disk before one is replaced, and nothing left over."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from esign_cli.foundation import files, locks, own_files
from esign_cli.foundation.errors.environment import (
    FileMissing,
    FileUnreadable,
    OutputUnwritable,
)
from tests.conftest import Esign
from tests.support.parts import need

KILLED_BEFORE_A_NAME = """
import os, signal, sys
from pathlib import Path
from esign_cli.foundation import files
sys.addaudithook(lambda event, _: event == "os.link" and os.kill(os.getpid(), signal.SIGKILL))
files.write_all_private({Path("a"): b"new" * 1000, Path("b"): b"new" * 1000})
"""


@pytest.fixture(params=["nameless", "named", "many"])
def count(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many files to write, in each of the ways in which they are."""
    if request.param == "named":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    return 101 if request.param == "many" else 3


@pytest.mark.posix
def test_all_are_written_private_and_nothing_else_is_left(tmp_path: Path, count: int) -> None:
    contents = {tmp_path / f"{n}": b"%d" % n * 5000 for n in range(count)}
    (tmp_path / "0").write_bytes(b"old")
    files.write_all_private(contents)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == contents
    assert {stat.S_IMODE(path.stat().st_mode) for path in contents} == {0o600}


def test_where_one_cannot_be_written_none_is_replaced(tmp_path: Path, count: int) -> None:
    contents = {tmp_path / f"{n}": b"new" for n in range(count)}
    for path in contents:
        path.write_bytes(b"old")
    with pytest.raises(OutputUnwritable):
        files.write_all_private({**contents, tmp_path / "none" / "x": b"new"})
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"old"}
    assert len(list(tmp_path.iterdir())) == count


@pytest.mark.posix
def test_of_a_run_that_is_killed_while_it_writes_nothing_is_left(tmp_path: Path) -> None:
    need("O_TMPFILE", hasattr(os, "O_TMPFILE"))
    (tmp_path / "a").write_bytes(b"old")
    ran = subprocess.run([sys.executable, "-c", KILLED_BEFORE_A_NAME], cwd=tmp_path, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]


@pytest.mark.posix
def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null"), tmp_path):
        with pytest.raises(OutputUnwritable):
            files.check_output(path, force=True)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_file_where_a_folder_belongs_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("no folder", "utf-8")
    for path in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OutputUnwritable):
            files.private_folder(path)


@pytest.mark.posix
def test_every_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        files.private_folder(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    for path in (tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "c"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def _link(path: Path, other: Path) -> None:
    path.symlink_to(other)


def _dangling(path: Path, other: Path) -> None:
    path.symlink_to(other.with_name("none"))


def _second_name(path: Path, other: Path) -> None:
    path.hardlink_to(other)


def _pipe(path: Path, _other: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path, _other: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _anothers(path: Path, _other: Path) -> None:
    need("root", os.geteuid() == 0)
    path.write_bytes(b"theirs")
    path.chmod(0o600)
    os.chown(path, 65534, 65534)


PLANTED: dict[str, Callable[[Path, Path], None]] = {
    "a link": _link, "a link to nothing": _dangling, "a second name": _second_name,
    "a pipe": _pipe, "a socket": _socket, "somebody else's file": _anothers,
}  # fmt: skip
"""What lies where a file of ours belongs."""


@pytest.mark.posix
@pytest.mark.parametrize("kind", PLANTED)
def test_a_noted_line_changes_nothing_that_is_not_ours(tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "state", tmp_path / "precious"
    other.write_bytes(b"precious")
    PLANTED[kind](path, other)
    own_files.note(path, "line")
    assert other.read_bytes() == b"precious"
    assert path.read_bytes() == b"line\n"
    assert not path.is_symlink()
    assert not (tmp_path / "none").exists()


@pytest.mark.posix
@pytest.mark.parametrize("kind", PLANTED)
def test_what_esign_rests_on_is_read_of_files_of_ours_only(tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "state", tmp_path / "precious"
    other.write_bytes(b"precious")
    PLANTED[kind](path, other)
    if kind in ("a link", "a second name"):
        assert own_files.read(path) == b"precious"
    else:
        with pytest.raises((FileUnreadable, FileMissing)):
            own_files.read(path)


@pytest.mark.posix
@pytest.mark.parametrize("kind", ["a link to nothing", "a link"])
def test_a_lock_is_no_link(tmp_path: Path, kind: str) -> None:
    path, other = tmp_path / "lock", tmp_path / "precious"
    other.write_bytes(b"precious")
    PLANTED[kind](path, other)
    with pytest.raises(OutputUnwritable), locks.lock(path, "esign"):
        pass
    assert not (tmp_path / "none").exists()


@pytest.mark.posix
def test_nothing_is_made_or_replaced_where_somebody_elses_link_leads(
    tmp_path: Path, esign: Esign
) -> None:
    need("root", os.geteuid() == 0)
    folder, link, inside = tmp_path / "folder", tmp_path / "link", tmp_path / "link/out.csv"
    folder.mkdir()
    (folder / "out.csv").write_bytes(b"precious")
    link.symlink_to(folder)
    files.check_output(inside, force=True)
    os.chown(link, 65534, 65534, follow_symlinks=False)
    with pytest.raises(OutputUnwritable):
        files.check_output(inside, force=True)
    database = tmp_path / "esign.db"
    database.symlink_to(tmp_path / "elsewhere.db")
    os.chown(database, 65534, 65534, follow_symlinks=False)
    ran = esign("--db", database, "person", "find", "X", "--json")
    assert ran.json["problems"][0]["code"] == "database-unopenable"
    assert not (tmp_path / "elsewhere.db").exists()
    os.chown(database, 0, 0, follow_symlinks=False)
    assert esign("--db", database, "person", "find", "X").exit_code == 0
    assert (tmp_path / "elsewhere.db").exists()
