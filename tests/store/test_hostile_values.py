"""Values at the ends of what SQLite can hold: one sentence each, in time, whichever command meets
them, also one that writes or looks at them after the database was closed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from esign_cli.store import Store
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.factories import national_id

pytestmark = pytest.mark.sqlite

SECONDS = 5
WHO = national_id(3)
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("eligible", "--province", "all", "--verdict", "all"),
    ("person", "show", WHO),
    ("report",),
    ("applications", "show", "1"),
    ("imports", "show", "1"),
    ("remind", "--dry-run"),
    ("calendar",),
    ("audit",),
    ("audit", "verify"),
    ("database", "check"),
    (),
    ("applications", "add", national_id(5)),
    ("backup", "esign.backup"),
    ("person", "forget", WHO, "--yes"),
)
LARGEST = 2**63 - 1
DEEP = "[" * 100_000
DIGITS = "1" * 5000
FIRST, LAST = "0001-01-01", "9999-12-31"
VALUES = {
    "the last number of applications": "PRAGMA foreign_keys = OFF;"
    f" UPDATE application_event SET application = {LARGEST};"
    f" UPDATE application SET number = {LARGEST}",
    "the last number of the trail": f"UPDATE audit SET number = {LARGEST} WHERE number = 1",
    "infinity": "UPDATE import SET rows_read = 9e999, new = -9e999",
    "the first day": f"UPDATE certificate SET not_after = '{FIRST}', not_before = '{FIRST}'",
    "the last day": f"UPDATE certificate SET not_after = '{LAST}'",
    "a list of the last day": f"UPDATE import SET as_of = '{LAST}', at = '{LAST}T23:59:59+00:00'",
    "a step of the last day": f"UPDATE application_event SET at = '{LAST}T23:59:59-14:00'",
    "a step of the first day": f"UPDATE application_event SET at = '{FIRST}T00:00:00+14:00'",
    "a mark of the last day": "INSERT INTO mark (national_id, word, reason, at, os_user) SELECT"
    f" national_id, 'on-duty', '', '{LAST}T23:59:59-12:00', '' FROM person",
    "a reminder of the last day": "INSERT INTO reminder (national_id, not_after, threshold,"
    f" channel, state, at) SELECT national_id, '{LAST}', '3m', 'email', 'sent',"
    f" '{LAST}T23:59:59-12:00' FROM person",
    "facts without end": f"UPDATE application_event SET facts = '{DEEP}'",
    "sources without end": f"UPDATE person SET sources = '{DEEP}'",
    "people of the trail without end": f"UPDATE audit SET people = '{DEEP}'",
    "a number without end": f"UPDATE application_event SET facts = '{{\"undoes\": {DIGITS}}}'",
    "facts that are a list": "UPDATE application_event SET facts = '[1]'",
    "facts of other kinds": """
        UPDATE application_event SET facts = '{"file": 7, "folder": [], "undoes": "x"}'""",
    "a folder with a NUL": """
        UPDATE application_event SET facts = '{"file": "a\\u0000b", "folder": "/tmp"}'""",
    "counts that are a list": "UPDATE report SET counts = '[]', \"on\" = 'x'",
    "an overview of another kind": "UPDATE overview SET counts = '[1]', \"on\" = 'x', at = 'x'",
    "statistics of another database": "ANALYZE; DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1"
    " VALUES ('person', 'person_name', '1 1'), ('duty', 'duty_place', '99999999999 1 1 1 1')",
}  # fmt: skip


def _in_utf_16(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        dump = "\n".join(db.iterdump())
    database.unlink()
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA encoding = 'UTF-16le'")
        db.executescript(dump)


def _with_a_journal(database: Path) -> None:
    magic = bytes.fromhex("d9d505f920a163d7")  # https://sqlite.org/fileformat.html, 3
    database.with_name("esign.db-journal").write_bytes(magic + b"\xff" * 5000)


def _with_many_tables(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        for number in range(5000):
            db.execute(f"CREATE TABLE t{number} (a, b, c)")


def _cut(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:-5000])


FILES: dict[str, Callable[[Path], None]] = {
    "in UTF-16": _in_utf_16,
    "with another's journal": _with_a_journal,
    "with 5,000 tables": _with_many_tables,
    "cut off": _cut,
}


@pytest.fixture
def filled(
    esign: Esign, store: Store, ends: Ends, database: Path, home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:  # fmt: skip
    monkeypatch.chdir(home)
    factories.save(store, [ends(n, 20 + n) for n in range(1, 60)])
    store.db.close()
    for words in (("applications", "add", WHO), ("report",), ("eligible", "--province", "all")):
        assert esign(*words).exit_code == 0
    assert esign().exit_code == 0  # the start page, which keeps its numbers
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    return database


def check(esign: Esign) -> None:
    """Every command ends in time, none by a fault of esign's; one that is refused names a cure."""
    for words in COMMANDS:
        begun = time.process_time()
        ran = esign(*words)
        assert time.process_time() - begun < SECONDS, words
        assert "fault in esign" not in ran.stderr, (words, ran.stderr)
        if ran.exit_code == 11:  # and not the start page, which names what keeps it from counting
            assert "esign restore" in ran.stdout + ran.stderr, (words, ran.stderr)


@pytest.mark.parametrize("kind", VALUES)
def test_values_at_the_ends_are_one_sentence(esign: Esign, filled: Path, kind: str) -> None:
    with closing(sqlite3.connect(filled)) as db:
        db.executescript(VALUES[kind])
    check(esign)


@pytest.mark.parametrize("kind", FILES)
def test_files_that_are_odd_as_a_whole_are_one_sentence(
    esign: Esign, filled: Path, kind: str
) -> None:
    FILES[kind](filled)
    check(esign)
