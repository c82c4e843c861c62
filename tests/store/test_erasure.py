"""Forgotten is gone: not a byte is left in any file of ours, with any SQLite, whoever reads."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import Esign
from tests.support import workbooks
from tests.support.factories import national_id
from tests.support.parts import need

pytestmark = pytest.mark.sqlite

WHO = national_id(31)
HEADER = ("T.C. Kimlik No", "Adı", "Soyadı", "E-Posta", "Cep Telefonu", "Görev Durumu", "Kurum Adı")
BEFORE = (WHO, "ZÜMRÜT", "KEKLİK", "zumrut@example.tr", "05321112233", "Görevde", "OKUL")
AFTER = (WHO, "ZÜMRÜT", "KEKLİKOĞLU", "yeni@example.tr", "05329998877", "Emekli", "OKUL")
TRACES = (WHO, "ZÜMRÜT", "KEKLİK", "zumrut@", "yeni@", "5321112233", "5329998877", "geldi")
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
    """What of the person stands in any file beside the database."""
    content = b"".join(path.read_bytes() for path in database.parent.iterdir() if path.is_file())
    return [word for word in TRACES if word.encode() in content]


def steps(folder: Path) -> list[tuple[str, ...]]:
    """All that leaves traces of somebody."""
    for number, row in enumerate((BEFORE, AFTER)):
        path = folder / f"{number}.xlsx"
        path.write_bytes(workbooks.xlsx([HEADER, row, *others(number)]))
    return [
        ("import", str(folder / "0.xlsx"), "--province", "72"),
        ("import", str(folder / "1.xlsx"), "--province", "72"),
        ("person", "set", WHO, "--not-after", "2027-01-15"),
        ("applications", "add", WHO, "--note", "ZÜMRÜT geldi"),
        ("person", "show", WHO),
        ("report", "--province", "all"),
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
def test_not_a_byte_is_left(tmp_path: Path, kind: str) -> None:
    database = tmp_path / "data" / "esign.db"
    command = [sys.executable, "-m", "esign_cli"]
    if kind != "the system's":
        need("pysqlite3", find_spec("pysqlite3") is not None)
        command = [sys.executable, "-c", OTHER_SQLITE]
    command += ["--lang", "en", "--db", str(database)]
    for words in steps(tmp_path):
        ran = subprocess.run([*command, *words], capture_output=True, encoding="utf-8", check=False)
        assert ran.returncode in (0, 8), ran.stderr
    assert len(left(database)) == len(TRACES)
    ran = subprocess.run([*command, "person", "forget", WHO, "--yes"], check=False)
    assert ran.returncode == 0
    assert left(database) == []
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("SELECT count(*) FROM person").fetchone() == (200,)


def test_what_a_reader_holds_back_goes_at_the_next_opening(
    esign: Esign, database: Path, tmp_path: Path
) -> None:
    for words in steps(tmp_path):
        assert esign(*words).exit_code in (0, 8)
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
