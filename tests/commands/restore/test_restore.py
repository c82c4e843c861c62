"""Restoring: checked before it replaces, the old one kept, nothing comes into force unasked."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from esign_cli.commands.demo.made_up.authority import MadeUpCa
from esign_cli.foundation import clock, locations
from esign_cli.signatures.trust import TrustFolder
from esign_cli.store import Store, list_numbers, open_store, schema
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.factories import national_id

pytestmark = pytest.mark.sqlite

AGE = b"age-encryption.org/v1\n"
POINTS = int(os.environ.get("ESIGN_KILL_POINTS", "8"))


@pytest.fixture
def people(store: Store, ends: Ends) -> None:
    factories.save(store, [ends(n, 20 + n) for n in range(1, 31)])
    store.db.close()


@pytest.fixture
def backup(esign: Esign, home: Path, people: None) -> Path:
    target = home / "esign.backup"
    assert esign("backup", target).exit_code == 0
    return target


def answers(esign: Esign) -> str:
    ran = esign("eligible", "--province", "all", "--json", "--show-ids")
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


def test_the_answers_are_the_same_byte_for_byte(
    esign: Esign, home: Path, database: Path, backup: Path
) -> None:
    before = answers(esign)
    assert national_id(1) in before
    assert esign("person", "mark", national_id(1), "left", "--reason", "x").exit_code == 0
    assert answers(esign) != before
    assert esign("restore", backup).exit_code == 2  # nobody to be asked
    ran = esign("restore", backup, "--yes", "--json")
    assert ran.exit_code == 0, ran.stderr
    assert answers(esign) == before
    aside = Path(ran.json["data"]["aside"])
    assert "left" in [row[0] for row in rows(aside, "SELECT word FROM mark")]
    for path in database.parent.glob("esign.db*"):
        if path.name != "esign.db.backup.lock" and path != aside:
            path.unlink()
    assert (
        esign("restore", backup, "--json").json["data"]["aside"] is None
    )  # none there: no question
    assert answers(esign) == before
    assert sorted(p.name for p in database.parent.glob("*.restoring*")) == []


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_a_number_on_the_screen_means_the_same_person(
    esign: Esign, database: Path, backup: Path
) -> None:
    """It was given since the backup, which would give it to the next list's first."""

    def given(number: int) -> str:
        with open_store(database) as store:
            names = list_numbers.give(store, [national_id(number)], at=clock.now(), os_user="ayşe")
            return f"{names[national_id(number)]}"

    assert [given(30), given(29)] == ["1", "2"]
    assert esign("restore", backup, "--yes").exit_code == 0
    assert [given(5), given(29), given(30)] == ["3", "2", "1"]


def test_over_a_broken_database(esign: Esign, database: Path, backup: Path) -> None:
    before = answers(esign)
    for content in (b"no database at all" * 1000, b"", os.urandom(20_000)):
        database.write_bytes(content)
        ran = esign("restore", backup, "--yes", "--json")
        assert ran.exit_code == 0, ran.stderr
        assert answers(esign) == before
        kept = Path(ran.json["data"]["aside"])
        assert not content or kept.read_bytes() == content
        kept.unlink()


def test_who_was_forgotten_since_is_forgotten_again(
    esign: Esign, database: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = clock.now() - timedelta(days=3)  # a clock that was set back brings nobody back
    with monkeypatch.context() as changed:
        changed.setattr(clock, "now", lambda: earlier)
        assert esign("person", "forget", national_id(4), "--yes").exit_code == 0
    assert esign("person", "forget", national_id(3), "--yes").exit_code == 0
    assert national_id(3).encode() not in database.with_name("esign.db.erased").read_bytes()
    database.write_bytes(b"broken" * 1000)  # what stands beside it is enough
    ran = esign("restore", backup, "--yes", "--json")
    assert ran.json["data"]["forgotten_again"] == 2, ran.stderr
    assert esign("person", "show", national_id(3)).exit_code == 3
    assert esign("person", "show", national_id(4)).exit_code == 3
    assert esign("person", "show", national_id(5)).exit_code == 0
    content = b"".join(
        p.read_bytes() for p in database.parent.glob("esign.db*") if ".bak" not in p.name
    )
    assert national_id(3).encode() not in content
    with_other_key = database.with_name("esign.db.key")
    with_other_key.write_bytes(b"00" * 32)
    ran = esign("restore", backup, "--yes", "--json")
    assert ran.exit_code == 12
    assert ran.json["problems"][0]["code"] == "erasures-unmatched"


def _of_the_list(database: Path, _backup: Path) -> None:
    """Bring back somebody who was forgotten, by taking away that it was done."""
    database.with_name("esign.db.erased").unlink()
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM erasure")


def _of_the_backup(_database: Path, backup: Path) -> None:
    """Change a date in the backup's database, and its manifest to fit."""
    with zipfile.ZipFile(backup) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    copy = backup.with_name("changed.sqlite")
    copy.write_bytes(parts["database.sqlite"])
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("UPDATE certificate SET not_after = '2031-01-01'")
    parts["database.sqlite"] = copy.read_bytes()
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"]["database.sqlite"] = hashlib.sha256(copy.read_bytes()).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


ALTERED = {"erasure": _of_the_list, "certificate": _of_the_backup}


@pytest.mark.parametrize("table", ALTERED)
def test_a_restore_hides_no_change(
    esign: Esign, database: Path, backup: Path, home: Path, table: str
) -> None:
    assert esign("backup", home / "later.backup").exit_code == 0  # with a trail in it
    assert esign("person", "forget", national_id(3), "--yes").exit_code == 0
    ALTERED[table](database, home / "later.backup")
    ran = esign("restore", home / "later.backup", "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert table in ran.stderr
    problems = esign("audit", "verify", "--json").json["problems"]
    assert [(one["kind"], one["table"]) for one in problems] == [("table-altered-before", table)]


def test_a_move_brings_the_key_and_leaves_none_where_it_fails(
    esign: Esign, database: Path, backup: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESIGN_BACKUP_PASSPHRASE", "uzun bir parola")
    assert esign("backup", "--seal", home / "sealed.backup").exit_code == 0
    key = database.with_name("esign.db.key").read_bytes()
    there, network = home / "there" / "esign.db", home / "newer" / "esign.db"
    assert esign("--db", there, "restore", home / "sealed.backup").exit_code == 0
    assert there.with_name("esign.db.key").read_bytes() == key
    assert esign("--db", there, "audit", "verify").exit_code == 0
    monkeypatch.setattr(schema, "NAMES", schema.NAMES[:-1])  # one of a later version
    assert esign("--db", network, "restore", home / "sealed.backup").exit_code == 11
    assert list(network.parent.glob("*.key")) == []


def test_roots_and_settings_wait_for_a_yes(
    esign: Esign, home: Path, ca: MadeUpCa, people: None
) -> None:
    trust, config = locations.trust_folder(), locations.config_file()
    TrustFolder(trust).accept(ca.root, date(2026, 11, 22))
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(f"province = '72'\nmodule = '{home}/evil.so'\n", "utf-8")
    assert esign("backup", home / "esign.backup").exit_code == 0
    config.write_text('province = "06"\n', "utf-8")
    for path in trust.iterdir():
        path.unlink()
    ran = esign("restore", home / "esign.backup", "--yes", "--json")
    data = ran.json["data"]
    assert (data["settings_left"], len(data["roots_left"])) == (["province"], 1)
    assert config.read_text("utf-8") == 'province = "06"\n'
    assert TrustFolder(trust).trust().anchors == ()
    ran = esign("restore", home / "esign.backup", "--yes", "--settings", "--trust", "--json")
    assert ran.json["data"]["settings"] == ["province"]
    assert 'province = "72"' in config.read_text("utf-8")
    assert "evil.so" not in config.read_text("utf-8")  # a driver is a program
    assert TrustFolder(trust).trust().anchors == (ca.root,)


def test_an_earlier_version_is_brought_up_to_date(
    esign: Esign, home: Path, database: Path, backup: Path
) -> None:
    copy = home / "database.sqlite"
    with zipfile.ZipFile(backup) as content:
        content.extract("database.sqlite", home)
    with closing(sqlite3.connect(copy)) as db, db:
        for table in ("erasure", "backup", "audit", "audit_run", "audit_person"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = '0006-custody'")
    rewritten(backup, {"database.sqlite": copy.read_bytes()})
    assert esign("restore", backup, "--yes").exit_code == 0
    names = rows(database, "SELECT name FROM _sqlite_migrations ORDER BY id")
    assert {name for (name,) in names} == set(schema.NAMES)


def rewritten(path: Path, changes: dict[str, bytes], *, right: bool = True) -> None:
    """The same backup with other parts, whose digests are right or those of before."""
    import hashlib

    with zipfile.ZipFile(path) as content:
        parts = {name: content.read(name) for name in content.namelist()} | changes
    if right:
        manifest = json.loads(parts["manifest.json"])
        digests = {
            n: hashlib.sha256(b).hexdigest() for n, b in parts.items() if n != "manifest.json"
        }
        parts["manifest.json"] = json.dumps({**manifest, "parts": digests}).encode()
    with zipfile.ZipFile(path, "w") as content:
        for name, part in parts.items():
            content.writestr(name, part)


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def restated(path: Path, **facts: str) -> None:
    """The same backup whose manifest says something else."""
    with zipfile.ZipFile(path) as content:
        manifest = json.loads(content.read("manifest.json"))
    rewritten(path, {"manifest.json": json.dumps(manifest | facts).encode()})


def _piped(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _linked_to(target: str) -> Callable[[Path], None]:
    def link(path: Path) -> None:
        path.unlink()
        path.symlink_to(target)

    return link


REFUSED: dict[str, Callable[[Path], object]] = {
    "no zip": lambda path: path.write_bytes(b"PK\x03\x04 nothing"),
    "empty": lambda path: path.write_bytes(b""),
    "a byte": _flipped,
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "another database": lambda path: rewritten(path, {"database.sqlite": b"x" * 5000}),
    "changed": lambda path: rewritten(path, {"database.sqlite": b"x" * 5000}, right=False),
    "outside": lambda path: rewritten(path, {"trust/../../evil.cer": b"x"}),
    "more": lambda path: rewritten(path, {"bin/esign": b"x"}),
    "settings": lambda path: rewritten(path, {"config.toml": b"= ="}),
    "root": lambda path: rewritten(path, {"trust/a.cer": b"no certificate"}),
    "manifest": lambda path: rewritten(path, {"manifest.json": b"[]"}, right=False),
    "the first year": lambda path: restated(path, made_at="0001-01-01T00:00:00+14:00"),
    "the last year": lambda path: restated(path, made_at="9999-12-31T23:59:59-12:00"),
    "a folder's own name": lambda path: rewritten(path, {"trust/..": b"x"}),
    "empty database": lambda path: rewritten(path, {"database.sqlite": b""}),
    "zeros": lambda path: rewritten(path, {"database.sqlite": bytes(32 << 20)}),
    "a list for a table": lambda path: rewritten(path, {"config.toml": b"secrets = [1]"}),
    "a text for a table": lambda path: rewritten(path, {"config.toml": b'backup = "x"'}),
    "settings without end": lambda path: rewritten(path, {"config.toml": b"a=" + b"[" * 50_000}),
    "a seal of many": lambda path: path.write_bytes(AGE + b"-> X\n" * 99_999),
    **({"a pipe": _piped, "a device": _linked_to("/dev/zero")} if os.name == "posix" else {}),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_whole_backup_changes_nothing(
    esign: Esign, database: Path, backup: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESIGN_BACKUP_PASSPHRASE", "x")
    before = answers(esign)
    REFUSED[kind](backup)
    content = database.read_bytes()
    ran = esign("restore", backup, "--yes", "--settings")
    assert ran.exit_code in (3, 11), ran.stderr
    assert "fault in esign" not in ran.stderr
    assert database.read_bytes() == content
    assert answers(esign) == before
    assert list(database.parent.glob("*.restoring*")) == []


@pytest.mark.parametrize("config", ["network = 7", "province = 'atlantis'", "no_such = 1"])
def test_settings_that_do_not_fit_are_left_and_the_data_restored(
    esign: Esign, home: Path, backup: Path, config: str
) -> None:
    rewritten(backup, {"config.toml": config.encode()})
    ran = esign("restore", backup, "--yes", "--settings", "--json")
    assert ran.exit_code == 8, ran.stderr
    assert ran.json["data"]["settings_left"] == [config.split(maxsplit=1)[0]]
    assert str(backup) in ran.stderr
    assert not (home / "config/esign/config.toml.restoring").exists()
    assert esign("config").exit_code == 0


def test_sealed_it_wants_its_passphrase(
    esign: Esign, home: Path, database: Path, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, target = answers(esign), home / "esign.backup"
    monkeypatch.setenv("ESIGN_BACKUP_PASSPHRASE", "uzun bir parola")
    assert esign("person", "forget", national_id(30), "--yes").exit_code == 0  # there is a key now
    before = answers(esign)
    assert esign("backup", target, "--seal").exit_code == 0
    key = database.with_name("esign.db.key").read_bytes()
    for path in database.parent.iterdir():
        path.unlink()
    for wrong, code in (("yanlış", 5), ("", 11)):  # 11: found nowhere, and nobody to ask
        monkeypatch.setenv("ESIGN_BACKUP_PASSPHRASE", wrong)
        assert esign("restore", target).exit_code == code
    monkeypatch.setenv("ESIGN_BACKUP_PASSPHRASE", "uzun bir parola")
    assert esign("restore", target).exit_code == 0
    assert database.with_name("esign.db.key").read_bytes() == key
    assert answers(esign) == before
    _flipped(target)
    assert esign("restore", target, "--yes").exit_code == 5


def test_a_passphrase_that_takes_too_long_to_try_is_not_called_wrong(
    esign: Esign, home: Path, database: Path, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the backup were made on a computer that is thousands of times as fast."""
    monkeypatch.setenv("ESIGN_BACKUP_PASSPHRASE", "uzun bir parola")
    target = home / "esign.backup"
    assert esign("backup", target, "--seal").exit_code == 0
    harder = re.sub(rb"(-> scrypt \S+ )\d+", rb"\g<1>40", target.read_bytes(), count=1)
    target.write_bytes(harder)
    ran = esign("restore", target, "--yes", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (11, "backup-seal-too-hard")


@pytest.mark.posix
def test_killed_anywhere_the_old_or_the_new_is_whole(
    esign: Esign, home: Path, database: Path, backup: Path
) -> None:
    with open_store(database) as store:
        factories.save(store, [factories.facts(n) for n in range(40, 1200)], file="later.xlsx")
    named = ["--db", str(database)]
    command = [sys.executable, "-m", "esign_cli", *named, "restore", str(backup), "--yes"]
    old = {p.name: p.read_bytes() for p in database.parent.glob("esign.db*")}
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    length = time.monotonic() - begun
    seen = set()
    for step in range(POINTS):
        for path in database.parent.glob("esign.db*"):
            path.unlink()
        for name, content in old.items():
            database.with_name(name).write_bytes(content)
            database.with_name(name).chmod(0o600)
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * (0.3 + 0.8 * step / POINTS))
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        assert rows(database, "PRAGMA integrity_check") == [("ok",)]
        seen.add(rows(database, "SELECT count(*) FROM person")[0][0])
    assert seen <= {30, 1190}
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert rows(database, "SELECT count(*) FROM person") == [(30,)]


@pytest.mark.posix
def test_a_backup_killed_anywhere_is_whole_or_not_there(
    home: Path, database: Path, backup: Path
) -> None:
    target = home / "again.backup"
    command = [sys.executable, "-m", "esign_cli", "--db", str(database), "backup", str(target)]
    begun = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    length = time.monotonic() - begun
    for step in range(POINTS):
        target.unlink(missing_ok=True)
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * (0.3 + 0.8 * step / POINTS))
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        if target.exists():
            with zipfile.ZipFile(target) as content:
                assert content.testzip() is None
                assert "manifest.json" in content.namelist()
