"""The database opens whole, private and never behind anybody's back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from esign_cli.foundation import files
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import (
    DiskFull,
    OutputExists,
    OutputFolderMissing,
    OutputUnwritable,
)
from esign_cli.foundation.errors.store import (
    DatabaseBusy,
    DatabaseNewer,
    DatabaseUnopenable,
    DatabaseUnreadable,
)
from esign_cli.store import database, open_store, schema
from esign_cli.wording.sentences import sentence
from tests.conftest import Esign
from tests.support.parts import need, program

pytestmark = pytest.mark.sqlite


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.posix
def test_a_database_is_private_with_all_its_files(tmp_path: Path) -> None:
    path = tmp_path / "new" / "esign.db"
    with open_store(path) as store:
        with store.writing() as db:
            db.execute("CREATE TABLE mine (one)")
        assert {_mode(file) for file in path.parent.iterdir()} == {0o600}
        assert len(list(path.parent.iterdir())) == 3
    assert _mode(path.parent) == 0o700


@pytest.mark.posix
def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "esign.db"
    path.touch(0o644)
    with open_store(path):
        assert _mode(path) == 0o600


def test_an_opened_database_knows_every_migration(tmp_path: Path) -> None:
    with open_store(tmp_path / "esign.db") as store:
        rows = store.db.execute("SELECT name FROM _sqlite_migrations ORDER BY id")
        assert tuple(row["name"] for row in rows) == schema.NAMES


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path, esign: Esign) -> None:
    path = tmp_path / "esign.db"
    with open_store(path) as store, store.writing() as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
            ("esign", "9999-from-the-future", "2036-01-01"),
        )
    before = path.read_bytes()
    ran = esign("--db", path, "eligible")
    assert ran.exit_code == 11
    assert "newer version" in ran.stderr
    assert path.read_bytes() == before
    opening = open_store(path)
    with pytest.raises(DatabaseNewer) as caught:
        opening.__enter__()
    assert caught.value.facts["migrations"] == ["9999-from-the-future"]


@pytest.mark.posix
def test_a_migration_leaves_the_old_database_beside_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "esign.db"
    with open_store(path):
        pass
    monkeypatch.setattr(schema, "NAMES", (*schema.NAMES, "0002-next"))
    with open_store(path) as store:
        store.db.execute("SELECT 1")
    backup = tmp_path / f"esign.db.{schema.NAMES[-2]}.bak"
    assert _mode(backup) == 0o600
    with contextlib.closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 5000]
)
def test_a_file_that_is_no_database_is_one_sentence(
    tmp_path: Path, esign: Esign, content: bytes
) -> None:
    path = tmp_path / "esign.db"
    path.write_bytes(content)
    ran = esign("--db", path, "eligible")
    assert ran.exit_code == 11
    assert "Traceback" not in ran.stderr
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "make",
    [
        Path.mkdir,
        pytest.param(lambda path: path.symlink_to("away/from/here"), marks=pytest.mark.posix),
        pytest.param(lambda path: path.symlink_to(path.name), marks=pytest.mark.posix),
    ],
)
def test_a_database_that_cannot_be_had_is_not_called_broken(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "esign.db"
    make(path)
    opening = open_store(path)
    with pytest.raises(DatabaseUnopenable):
        opening.__enter__()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_NOTADB, DatabaseUnreadable),
        (sqlite3.SQLITE_CORRUPT, DatabaseUnreadable),
        (sqlite3.SQLITE_IOERR_READ, DatabaseUnopenable),
        (sqlite3.SQLITE_CANTOPEN, DatabaseUnopenable),
        (sqlite3.SQLITE_READONLY, DatabaseUnopenable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusy),
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull),
    ],
)
def test_each_of_sqlites_codes_is_its_own_sentence(
    tmp_path: Path, code: int, kind: type[EsignError]
) -> None:
    error = sqlite3.OperationalError("in English")
    error.sqlite_errorcode = code
    with pytest.raises(kind) as told, database.as_store_errors(tmp_path):
        raise error
    assert "in English" not in sentence(told.value)


def test_a_writer_that_waits_too_long_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("esign_cli.store.connection.BUSY_SECONDS", 0.1)
    path = tmp_path / "esign.db"
    with open_store(path) as one, open_store(path) as two, one.writing():
        waiting = two.writing()
        with pytest.raises(DatabaseBusy):
            waiting.__enter__()
        with two.reading() as db:
            assert db.execute("SELECT count(*) FROM person").fetchone()[0] == 0


def test_what_fails_in_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "esign.db") as store:
        with contextlib.suppress(ZeroDivisionError), store.writing() as db:
            db.execute("CREATE TABLE mine (one)")
            raise ZeroDivisionError
        assert (
            store.db.execute("SELECT name FROM sqlite_master WHERE name = 'mine'").fetchall() == []
        )


def test_first_runs_at_once_all_find_a_whole_database(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "esign_cli", "--lang", "en", "--db", tmp_path / "d/esign.db"]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    running = [
        subprocess.Popen([*command, "eligible"], env=env, stderr=subprocess.PIPE, text=True)
        for _each in range(6)
    ]
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 6, said


class TestFullDisk:
    """On a file system of 64 KiB, in a mount namespace of its own, or as root without one."""

    @staticmethod
    def _run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        alone = [program("unshare"), "-rm"]
        mount = f'mount -t tmpfs -o size=64k tmpfs "{folder}"'
        after = ""
        if subprocess.run([*alone, "sh", "-c", mount], capture_output=True, check=False).returncode:
            need("a mount namespace, or root", os.geteuid() == 0)
            alone, after = [], f'; code=$?; umount -l "{folder}"; exit $code'
        return subprocess.run(
            [*alone, "sh", "-c", f'{mount} && (cd "{folder}" && {script}){after}'],
            capture_output=True, text=True, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "PY": sys.executable},
        )  # fmt: skip

    @pytest.mark.posix
    def test_a_database_that_does_not_fit(self, tmp_path: Path) -> None:
        ran = self._run('"$PY" -m esign_cli --lang en --db d/esign.db eligible', tmp_path)
        assert ran.returncode == 11, ran.stderr
        assert "disk is full" in ran.stderr

    @pytest.mark.posix
    def test_a_settings_file_that_does_not_fit_leaves_the_old_one(self, tmp_path: Path) -> None:
        script = (
            'set_value() { "$PY" -m esign_cli --lang en --config c.toml config set "$@"; }; '
            "set_value province 72 && head -c 61440 /dev/zero > big; "
            "set_value profile.address \"$(printf '%05000d' 0)\"; code=$?; "
            "cat c.toml; ls -A; exit $code"
        )
        ran = self._run(script, tmp_path)
        assert ran.returncode == 11, ran.stderr
        assert "disk is full" in ran.stderr
        assert ran.stdout == 'province = "72"\nbig\nc.toml\n'


@pytest.mark.posix
def test_a_private_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out"
    files.write_private(path, b"one")
    assert _mode(path) == 0o600
    with pytest.raises(OutputUnwritable):
        files.write_private(tmp_path / "none" / "out", b"two")
    with pytest.raises(OutputExists):
        files.check_output(path)
    with pytest.raises(OutputFolderMissing):
        files.check_output(tmp_path / "none" / "out")
    files.check_output(path, force=True)
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@pytest.mark.posix
def test_opened_twice_it_is_in_use_for_other_programs_as_well(tmp_path: Path) -> None:
    path = tmp_path / "esign.db"
    write = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
    write += "db.execute(\"INSERT INTO watch (began) VALUES ('x')\"); db.commit(); db.close()"
    with open_store(path) as first:
        with first.writing() as db:
            db.execute("INSERT INTO watch (began) VALUES ('x')")
        with open_store(path):
            pass
        subprocess.run([sys.executable, "-c", write, str(path)], check=True)
        assert path.with_name("esign.db-wal").exists()  # the last to close it takes it away
        with open_store(path) as second:
            assert second.db.execute("SELECT count(*) FROM watch").fetchone()[0] == 2


@pytest.mark.posix
def test_a_file_that_is_not_ours_stays_as_it_was(tmp_path: Path, esign: Esign) -> None:
    """Neither its mode nor a byte changes; no device and no pipe is opened."""
    other = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as db, db:
        db.execute("CREATE TABLE photos (name)")
    text = tmp_path / "notes.txt"
    text.write_text("no database " * 100, "utf-8")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (other, text):
        path.chmod(0o644)
        before = path.read_bytes()
        ran = esign("--db", path, "eligible", "--province", "all")
        assert ran.exit_code == 11
        assert "fault in esign" not in ran.stderr
        assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (before, 0o644)
    for path in (pipe, Path("/dev/null"), Path("/dev/zero")):
        assert esign("--db", path, "eligible", "--province", "all").exit_code == 11
