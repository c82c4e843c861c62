"""What keeps a database from being used is named: the file, why, and the command that mends it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from esign_cli.foundation import files
from esign_cli.store import open_store
from tests.support.parts import need, program

pytestmark = [pytest.mark.sqlite, pytest.mark.posix]


Spoil = Callable[[Path], object]


def _replaced(make: Spoil) -> Spoil:
    def spoil(path: Path) -> None:
        path.unlink(missing_ok=True)
        make(path)

    return spoil


NO_FILES: dict[str, Spoil] = {
    "folder": _replaced(Path.mkdir),
    "pipe": _replaced(os.mkfifo) if os.name == "posix" else Path.mkdir,
    "link": _replaced(lambda path: path.symlink_to("/etc/hostname")),
}
SPOILED: dict[str, tuple[str, Spoil, str]] = {
    **{
        f"{kind}{ending}": (ending, spoil, "mv {path} {path}.aside")
        for ending in ("-wal", "-shm")
        for kind, spoil in NO_FILES.items()
    },
    **{
        f"another's{ending}": (ending, lambda path: os.chown(path, 1, 1), "sudo chown 0 {path}")
        for ending in ("", "-wal", "-shm")
    },
    **{
        f"{mode:04o}{ending}": (ending, partial(Path.chmod, mode=mode), "chmod u+rw {path}")
        for ending in ("", "-wal", "-shm")
        for mode in (0o400, 0)
    },
}
"""What is wrong with which file of a database, and the command that mends it."""


@pytest.mark.parametrize("kind", SPOILED)
def test_the_file_is_named_that_keeps_the_database_from_being_used(
    kind: str, tmp_path: Path
) -> None:
    """As an account that is not above the rights of files."""
    need("root", os.geteuid() == 0)
    ending, spoil, mends = SPOILED[kind]
    database = tmp_path / "esign.db"
    with open_store(database) as store, contextlib.closing(sqlite3.connect(database)) as other:
        other.execute("SELECT 1 FROM person").fetchall()  # whoever is last takes the log away
        with store.writing() as db:
            db.execute("INSERT INTO watch (number, began) VALUES (1, '')")
        kept = {end: Path(f"{database}{end}").read_bytes() for end in ("", "-wal", "-shm")}
    path = Path(f"{database}{ending}")
    command = mends.format(path=path)
    weak = [program("setpriv"), "--bounding-set=-dac_override,-dac_read_search,-fowner"]
    for words in (("imports", "list"), ("doctor", "--module", "none.so")):
        for end, content in kept.items():
            files.write_private(Path(f"{database}{end}"), content)
        spoil(path)
        ran = subprocess.run(
            [*weak, sys.executable, "-m", "esign_cli", "--lang", "en", "--db", database, *words],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert ran.returncode == 11, ran.stderr
        assert command in ran.stderr + ran.stdout, ran.stderr + ran.stdout
        assert "Traceback" not in ran.stderr
        _put_away(path)


def _put_away(path: Path) -> None:
    """What spoiled the file, so that the next can be written."""
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("word", ["--db", "--config", "import", "verify", "restore"])
def test_a_file_that_may_not_be_read_is_called_so_in_our_words(word: str, tmp_path: Path) -> None:
    need("root", os.geteuid() == 0)
    shut = tmp_path / "shut"
    shut.write_bytes(b"x")
    shut.chmod(0)
    weak = [program("setpriv"), "--bounding-set=-dac_override,-dac_read_search"]
    more = ("imports", "list") if word.startswith("-") else ()
    ran = subprocess.run(
        [*weak, sys.executable, "-m", "esign_cli", "--lang", "tr", word, shut, *more],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")},
    )  # fmt: skip
    assert ran.returncode == (11 if word == "--db" else 3), ran.stderr
    assert "readable" not in ran.stderr
    assert str(shut) in ran.stderr
