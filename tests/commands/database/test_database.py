"""`esign database`: where it lies, whether it is whole, packing; shares, and logs of crashes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from esign_cli.foundation import disks
from esign_cli.store import Store, open_store
from tests.conftest import Esign
from tests.support import factories

pytestmark = pytest.mark.sqlite

KILLED = """
import os, signal, sys
from pathlib import Path
from esign_cli.store import open_store
with open_store(Path(sys.argv[1])) as store:
    with store.writing() as db:
        db.execute("INSERT INTO mark (national_id, word, reason, at, os_user)"
                   " VALUES ('10000000146', 'left', 'x', '2026-01-01T00:00:00+00:00', '')")
    if len(sys.argv) > 2:
        print("open", flush=True)
        sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_where_it_lies(esign: Esign, database: Path, store: Store) -> None:
    ran = esign("database", "where", "--json")
    data = ran.json["data"]
    assert (ran.exit_code, data["path"]) == (0, str(database))
    assert data["size"] == database.stat().st_size
    assert data["disk"]["network"] is False
    assert data["disk"]["encryption"] in ("on", "off", "unknown")
    assert str(database) in esign("database", "where").stdout
    gone = esign("--db", database.with_name("none.db"), "database", "where", "--json")
    assert gone.json["data"]["size"] is None
    assert not database.with_name("none.db").exists()


def test_check_changes_nothing_and_names_damage(esign: Esign, database: Path, store: Store) -> None:
    factories.save(store, [factories.facts(1)])
    store.db.close()
    assert esign("database", "compact").exit_code == 0
    before = database.read_bytes()
    assert esign("database", "check").exit_code == 0
    assert database.read_bytes() == before
    with closing(sqlite3.connect(database)) as db:
        db.execute("UPDATE certificate SET not_after = 'soon'")
        db.execute("UPDATE duty SET start = 'x'")
        db.commit()
    ran = esign("database", "check", "--json")
    assert ran.exit_code == 11
    assert ran.json["problems"][0]["code"] == "database-unreadable"
    assert "esign restore" in esign("database", "check").stderr
    assert esign("--db", database.with_name("none.db"), "database", "check").exit_code == 0


def test_compact_leaves_no_free_page(esign: Esign, database: Path, store: Store) -> None:
    store.db.execute("CREATE TEMP TABLE x (y)")
    with store.writing() as db:
        db.executemany(
            "INSERT INTO mark (national_id, word, reason, at, os_user)"
            " VALUES (?, 'left', ?, '2026-01-01T00:00:00+00:00', '')",
            ((factories.national_id(n), "r" * 500) for n in range(2000)),
        )
    with store.writing() as db:
        db.execute("DELETE FROM mark")
    ran = esign("database", "compact", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["data"]["after"] < ran.json["data"]["before"] / 2
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)


@pytest.mark.posix
def test_a_share_is_refused_with_the_way_out(
    esign: Esign, database: Path, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The kind of the disk's own file system stands in for that of a share."""
    kind = disks.mount_of(database)
    assert kind is not None
    assert esign("backup", tmp_path / "b.backup").exit_code == 0
    monkeypatch.setattr(disks, "NETWORK", frozenset({kind.kind}))
    content = database.read_bytes()
    for words in (
        ("eligible", "--province", "all"),
        ("database", "compact"),
        ("restore", tmp_path / "b.backup", "--yes"),
    ):
        ran = esign(*words)
        assert ran.exit_code == 12, ran.stderr
        assert "--i-know" in ran.stderr
        assert "Traceback" not in ran.stderr
    assert database.read_bytes() == content
    assert esign("database", "where", "--json").json["data"]["disk"]["network"] is True
    assert esign("database", "check").exit_code == 0  # reading only
    assert esign("--i-know", "eligible", "--province", "all").exit_code == 0
    assert esign("--i-know", "restore", tmp_path / "b.backup", "--yes").exit_code == 0


@pytest.mark.posix
@pytest.mark.skipif(sys.platform != "linux", reason="/proc/locks")
def test_what_a_run_that_was_cut_off_had_written_is_recovered_and_said(
    esign: Esign, database: Path
) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED, str(database)], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert Path(f"{database}-wal").stat().st_size > 32
    first = esign("person", "show", "10000000146", "--json")
    assert "recovered" in first.stderr
    assert first.exit_code == 0
    with open_store(database) as store:
        assert store.db.execute("SELECT count(*) FROM mark").fetchone()[0] == 1
        assert not store.recovered
    assert "recovered" not in esign("eligible", "--province", "all").stderr


@pytest.mark.posix
@pytest.mark.skipif(sys.platform != "linux", reason="/proc/locks")
def test_a_log_that_another_program_is_using_is_no_crash(esign: Esign, database: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(database), "wait"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stdin is not None
        assert running.stdout.readline() == b"open\n"
        assert Path(f"{database}-wal").stat().st_size > 32
        assert "recovered" not in esign("eligible", "--province", "all").stderr
        running.stdin.close()
    assert Path(database).exists()
