"""A backup: all that is kept in one file, while others write, with no secret in plain."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from esign_cli.cli.settings_backup import without_secrets
from esign_cli.store import Store, archive
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id

pytestmark = pytest.mark.sqlite


@pytest.fixture
def people(store: Store) -> list[str]:
    ids = [national_id(n) for n in range(1, 21)]
    factories.save(store, [factories.facts(n) for n in range(1, 21)])
    return ids


@pytest.mark.posix
def test_one_private_file_holds_database_settings_and_roots(
    esign: Esign, home: Path, people: list[str]
) -> None:
    assert esign("config", "set", "province", "batman").exit_code == 0
    target = home / "esign.backup"
    ran = esign("backup", target, "--json")
    assert ran.exit_code == 0, ran.stderr
    data = ran.json["data"]
    assert (data["path"], data["sealed"]) == (str(target), False)
    assert data["parts"] == ["database.sqlite", "config.toml"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as content:
        content.extract("database.sqlite", home)
        assert json.loads(content.read("manifest.json"))["schema"] == archive.SCHEMA
    with closing(sqlite3.connect(home / "database.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM person").fetchone() == (20,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert esign("backup", target).exit_code == 12
    assert esign("backup", target, "--force").exit_code == 0
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []


@contextmanager
def writing(path: Path) -> Iterator[list[int]]:
    """Somebody who adds two rows at a time, as long as the block lasts."""
    ended, written = threading.Event(), [0]

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as db:
            while not ended.is_set():
                db.execute("BEGIN IMMEDIATE")
                for _ in range(2):
                    db.execute("INSERT INTO watch (began) VALUES ('x')")
                db.execute("COMMIT")
                written[0] += 2
                time.sleep(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        ended.set()
        writer.join()


def test_while_others_write_it_is_of_one_instant(
    esign: Esign, home: Path, database: Path, people: list[str]
) -> None:
    with writing(database) as written:
        for number in range(5):
            assert esign("backup", home / f"{number}.backup").exit_code == 0
    assert written[0] > 0
    for number in range(5):
        with zipfile.ZipFile(home / f"{number}.backup") as content:
            content.extract("database.sqlite", home)
        with closing(sqlite3.connect(home / "database.sqlite")) as db:
            assert db.execute("SELECT count(*) % 2 FROM watch").fetchone() == (0,)
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_sealed_it_tells_nothing(
    esign: Esign, home: Path, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = home / "esign.backup"
    assert esign("backup", target, "--seal").exit_code == 11  # nobody there to type one
    assert not target.exists()
    monkeypatch.setenv("ESIGN_BACKUP_PASSPHRASE", "uzun bir parola")
    assert esign("backup", target, "--seal").exit_code == 0
    content = target.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"SQLite" not in content
    assert people[0].encode() not in content


def test_the_newest_are_kept_and_only_ours_go(esign: Esign, home: Path, people: list[str]) -> None:
    folder = home / "backups"
    folder.mkdir()
    strange = folder / "esign-20200101-000000.backup"
    strange.write_bytes(b"holiday photos")
    for day in range(1, 4):
        assert esign("backup", home / "old.backup", "--force").exit_code == 0
        (home / "old.backup").rename(folder / f"esign-2026010{day}-083000.backup")
    (folder / "other.backup").write_bytes(b"x")
    ran = esign("backup", folder / "esign.backup", "--keep", "2", "--json")
    assert ran.exit_code == 0
    left = sorted(path.name for path in folder.iterdir())
    newest = Path(ran.json["data"]["path"]).name
    assert left == [
        strange.name, "esign-20260103-083000.backup", newest, "other.backup"
    ]  # fmt: skip
    assert len(ran.json["data"]["removed"]) == 2


PLAIN = """
# Authorization = "Bearer commented-out"
province = "72"
[sms]
url = "https://user:pw1@gateway.example/send"
body = '{"password": "pw2", "to": "{mobile}"}'
[sms.headers]
Authorization = "Bearer pw3"
X-Api.Key = "{secret:sms-token}"
Accept = "application/json"
[network]
proxy = "http://me:pw4@proxy:3128"
"""


def test_no_secret_of_the_settings_is_in_it() -> None:
    kept, left_out = without_secrets(PLAIN.replace("X-Api.Key", '"X-Api.Key"').encode())
    assert left_out == ("sms.url", "sms.body", "sms.headers.Authorization", "network.proxy")
    assert b'province = "72"' in kept
    assert b"{secret:sms-token}" in kept
    assert b"application/json" in kept
    assert not any(word in kept for word in (b"pw1", b"pw2", b"pw3", b"pw4", b"commented"))


def test_a_broken_database_is_not_backed_up_as_a_good_one(
    esign: Esign, home: Path, database: Path, people: list[str], store: Store
) -> None:
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = b"\xff" * 4096
    store.db.close()
    database.write_bytes(content)
    ran = esign("backup", home / "esign.backup")
    assert ran.exit_code == 11, ran.stderr
    assert not (home / "esign.backup").exists()
    assert not database.with_name("esign.db.copying").exists()


def test_doctor_says_how_old_the_newest_is(
    esign: Esign, home: Path, database: Path, people: list[str]
) -> None:
    def line() -> str:
        lines = esign("doctor", "--module", home / "none.so", "--json").json["data"]["lines"]
        return next(str(one["code"]) for one in lines if one["check"] == "backup")

    assert line() == "no-backup"
    assert esign("backup", home / "esign.backup").exit_code == 0
    assert line() == "backup-made"
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE backup SET at = '2020-01-01T00:00:00+00:00'")
    assert line() == "backup-old"
