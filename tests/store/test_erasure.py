"""Forgotten is gone: not a byte is left in any file of ours, with any SQLite, whoever reads."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from esign_cli.foundation.errors.environment import DiskFull
from esign_cli.store import compaction
from tests.conftest import Esign
from tests.support import workbooks
from tests.support.factories import national_id
from tests.support.parts import need

pytestmark = pytest.mark.sqlite

WHO = national_id(31)
HEADER = ("T.C. Kimlik No", "Adı", "Soyadı", "E-Posta", "Cep Telefonu", "Görev Durumu", "Kurum Adı")
BEFORE = (WHO, "ZÜMRÜT", "KEKLİK", "zumrut@example.tr", "05321112233", "Görevde", "OKUL")
AFTER = (WHO, "ZÜMRÜT", "KEKLİKOĞLU", "yeni@example.tr", "05329998877", "Emekli", "OKUL")
GARBLED = (WHO, "ZÜMRÜ1T", "KEKL9İK", "zumrut@example.tr", "0532111223x", "Görevde", "OKUL")
OTHERS_NAME = (WHO, "YABANCI", "KİMSE", "", "", "Görevde", "OKUL")
UNREADABLE_ID = (f"{WHO[:-1]}x", "KEKLİ2K", "ZÜMRÜT3", "", "", "Görevde", "OKUL")
NAMES = ("Zümrüt Keklik", "zumrut_KEKLIKOGLU nakil", WHO, "KEKLİK, Zümrüt", "personel")
"""Of the workbooks."""
TRACES = (WHO, "ZÜMRÜ", "KEKL", "zumrut@", "yeni@", "532111223", "5329998877", "geldi", "KİMSE")
TRACES += ("Zümrüt", "zumrut_")
OTHER_SQLITE = """
import functools, sqlite3, sys
import pysqlite3

class Connection(pysqlite3.Connection):
    def setlimit(self, *_):  # pysqlite3 does not know it
        return 0

for name in dir(sqlite3):
    if name.startswith("SQLITE_") and not hasattr(pysqlite3, name):
        setattr(pysqlite3, name, getattr(sqlite3, name))
plain = pysqlite3.connect
pysqlite3.Connection = Connection
pysqlite3.connect = lambda *words, **named: plain(*words, **{"factory": Connection, **named})
sys.modules["sqlite3"] = pysqlite3
from esign_cli.__main__ import run
run()
"""
"""One that is built without SQLITE_SECURE_DELETE."""


def left(database: Path) -> list[str]:
    """What of the person stands in any file that esign keeps: data, settings, state, caches."""
    kept = [path for path in database.parents[1].rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in kept if path.suffix != ".xlsx")
    return [word for word in TRACES if word.encode() in content]


def steps(folder: Path) -> list[tuple[str, ...]]:
    """All that leaves traces of somebody."""
    imported: list[tuple[str, ...]] = []
    files = ([BEFORE], [AFTER], [GARBLED], [OTHERS_NAME], [UNREADABLE_ID])
    for number, mine in enumerate(files):
        path = folder / f"{NAMES[number]}.xlsx"
        path.write_bytes(workbooks.xlsx([HEADER, *mine, *others(number)]))
        imported.append(("import", str(path), "--province", "72"))
    return [
        *imported,
        ("person", "set", WHO, "--not-after", "2027-01-15"),
        ("applications", "add", WHO, "--note", "ZÜMRÜT geldi"),
        ("person", "show", WHO),
        ("person", "mark", WHO, "on-duty", "--reason", "ZÜMRÜT dedi"),
        ("person", "find", "KEKLİK"),
        ("eligible", "--province", "all", "--verdict", "all"),
        ("report", "--province", "all"),
        ("remind", "--dry-run"),
        ("imports", "show", "3"),
        ("doctor", "--module", "none.so"),
        (),
    ]


def others(number: int) -> list[tuple[str, ...]]:
    return [
        (
            national_id(n),
            "VELİ",
            "ZENGİN",
            f"k{n}@example.tr",
            f"0533{number}{n:06}",
            "Görevde",
            "X",
        )
        for n in range(100, 300)
    ]


@pytest.mark.parametrize("kind", ["the system's", "without SECURE_DELETE"])
def test_not_a_byte_is_left(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "data" / "esign.db"
    for kind_of_folder in ("DATA", "STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind_of_folder}_HOME", str(tmp_path / kind_of_folder))
    command = [sys.executable, "-m", "esign_cli"]
    if kind != "the system's":
        need("pysqlite3", find_spec("pysqlite3") is not None)
        command = [sys.executable, "-c", OTHER_SQLITE]
    command += ["--lang", "en", "--db", str(database)]
    for words in steps(tmp_path):
        ran = subprocess.run([*command, *words], capture_output=True, encoding="utf-8", check=False)
        assert ran.returncode in (0, 8, 11), ran.stderr  # 11: doctor finds no reader
    assert len(left(database)) == len(TRACES)
    ran = subprocess.run([*command, "person", "forget", WHO, "--yes"], check=False)
    assert ran.returncode == 0
    assert left(database) == []
    assert subprocess.run([*command, "audit", "verify"], check=False).returncode == 0
    with closing(sqlite3.connect(database)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM file ORDER BY id")]
        assert names == ["….xlsx"] * 4 + ["personel.xlsx"]
        assert db.execute("SELECT count(*) FROM person").fetchone() == (200,)


def test_what_a_reader_holds_back_goes_at_the_next_opening(
    esign: Esign, database: Path, tmp_path: Path
) -> None:
    for words in steps(tmp_path):
        assert esign(*words).exit_code in (0, 8, 11)
    hold = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
    hold += "db.execute('BEGIN'); db.execute('SELECT * FROM person').fetchall();"
    hold += "print('holds', flush=True); sys.stdin.read()"
    reader = subprocess.Popen(
        [sys.executable, "-c", hold, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "holds\n"
        ran = esign("person", "forget", WHO, "--yes")
        assert ran.exit_code == 8, ran.stderr
        assert "reading" in ran.stderr
        assert esign("person", "show", WHO).exit_code == 3
        assert left(database) != []
        reader.communicate()
    assert esign("eligible", "--province", "all").exit_code == 0
    assert left(database) == []


CUT_OFF = """
import os, signal, sys
from esign_cli.store import erasure, compaction, erasure_list
where = {"compaction": compaction, "erasure_list": erasure_list}[sys.argv[1]]
setattr(where, sys.argv[2], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
sys.argv[1:] = sys.argv[3:]
from esign_cli.__main__ import run
run()
"""
POINTS = [("erasure_list", "write_beside"), ("compaction", "pack"), ("compaction", "truncate_log")]


@pytest.mark.posix
@pytest.mark.parametrize("point", POINTS)
def test_a_forgetting_that_is_cut_off_is_ended_at_the_next_opening(
    esign: Esign, database: Path, tmp_path: Path, point: tuple[str, str]
) -> None:
    for words in steps(tmp_path)[:3]:
        assert esign(*words).exit_code in (0, 8, 11)
    erased = database.with_name("esign.db.erased")
    command = [sys.executable, "-c", CUT_OFF, *point, "--db", str(database)]
    ran = subprocess.run([*command, "person", "forget", WHO, "--yes"], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert left(database) != []
    assert esign("eligible", "--province", "all").exit_code == 0
    assert left(database) == []
    assert len(erased.read_text("ascii").split()) == 3
    assert esign("audit", "verify").exit_code == 0


@pytest.mark.posix
def test_a_full_disk_is_said_and_the_database_packed_later(
    esign: Esign, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in steps(tmp_path)[:3]:
        assert esign(*words).exit_code in (0, 8, 11)

    def full(_store: object) -> None:
        raise DiskFull(path=str(database))

    with monkeypatch.context() as changed:
        changed.setattr(compaction, "pack", full)
        ran = esign("person", "forget", WHO, "--yes")
        assert ran.exit_code == 8, ran.stderr
        assert "full" in ran.stderr
        assert esign("person", "show", WHO).exit_code == 3
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
    assert esign("eligible", "--province", "all").exit_code == 0
    assert left(database) == []
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (0,)
