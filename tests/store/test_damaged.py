"""Damaged and hostile databases: one sentence each, in time, with the cure; none of them runs."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from esign_cli.store import Store, inspection, schema
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.factories import national_id

pytestmark = pytest.mark.sqlite

SECONDS = 5
COMMANDS = (
    ("eligible", "--province", "all"),
    ("person", "show", national_id(3)),
    ("report",),
    ("applications", "list"),
    ("imports",),
)


@pytest.fixture
def filled(esign: Esign, store: Store, ends: Ends, database: Path) -> Path:
    factories.save(store, [ends(n, 20 + n) for n in range(1, 200)])
    store.db.execute("PRAGMA journal_mode = DELETE")
    store.db.close()
    assert esign("applications", "add", national_id(3)).exit_code == 0
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    return database


def check(esign: Esign, home: Path, *, refused: bool) -> None:
    """Every command ends in time, in a sentence, and if it is refused names the cure."""
    for words in (*COMMANDS, ("doctor", "--module", str(home / "none.so"))):
        begun = time.process_time()
        ran = esign(*words)
        assert time.process_time() - begun < SECONDS
        assert "fault in esign" not in ran.stderr, (words, ran.stderr)
        if words[0] == "doctor":
            assert not refused or "esign restore" in ran.stdout + ran.stderr, ran.stdout
        elif refused:
            assert ran.exit_code == 11, (words, ran.stderr)
            assert "esign restore" in ran.stderr, ran.stderr


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_are_one_sentence(esign: Esign, home: Path, filled: Path, seed: int) -> None:
    dice = random.Random(seed)
    content = bytearray(filled.read_bytes())
    for _ in range(dice.choice((1, 5, 50, 500))):
        content[dice.randrange(0 if seed % 4 else 100, len(content))] ^= dice.randrange(1, 256)
    filled.write_bytes(content)
    check(esign, home, refused=False)


HOSTILE = {
    "a view": "CREATE VIEW v AS SELECT 1",
    "a view for a table": "ALTER TABLE person RENAME TO p; CREATE VIEW person AS SELECT * FROM p",
    "an endless view": (
        "ALTER TABLE certificate RENAME TO c; CREATE VIEW certificate AS WITH RECURSIVE n(x) AS"
        " (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT c.* FROM n, c"
    ),
    "an endless view for the migrations": (
        "ALTER TABLE _sqlite_migrations RENAME TO m; CREATE VIEW _sqlite_migrations AS WITH"
        " RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT m.* FROM n, m"
    ),
    "a trigger on insert": (
        "CREATE TRIGGER t AFTER INSERT ON mark BEGIN DELETE FROM application_event; END"
    ),
    "a trigger on update": "CREATE TRIGGER t AFTER UPDATE ON person BEGIN SELECT 1; END",
    "an endless trigger": (
        "CREATE TRIGGER t BEFORE INSERT ON audit BEGIN INSERT INTO mark (national_id, word, reason,"
        " at, os_user) WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
        " SELECT x, 'left', '', '', '' FROM n; END"
    ),
    "a table": "CREATE TABLE evil (x)",
    "a virtual table": "CREATE VIRTUAL TABLE evil USING fts5(x)",
    "an index": "CREATE INDEX evil ON person(email)",
    "an index by a function": "CREATE INDEX evil ON person(hex(email))",
    "another index": "DROP INDEX person_name; CREATE INDEX person_name ON person(email)",
    "a unique index": (
        "DROP INDEX mark_person; CREATE UNIQUE INDEX mark_person ON mark(national_id)"
        " WHERE ended_at IS NULL"
    ),
    "a column": "ALTER TABLE person ADD COLUMN evil TEXT",
    "a column with a default": "ALTER TABLE mark ADD COLUMN evil TEXT NOT NULL DEFAULT 'x'",
    "a generated column": "ALTER TABLE person ADD COLUMN e TEXT AS (hex(email))",
    "a table gone": "DROP TABLE mark",
    "an index gone": "DROP INDEX certificate_person",
    "a column gone": "ALTER TABLE person DROP COLUMN sources",
    "a column renamed": "ALTER TABLE person RENAME COLUMN email TO e",
    "migrations gone": "DELETE FROM _sqlite_migrations",
    "a date": "UPDATE certificate SET not_after = 'soon'",
    "a day that is none": "UPDATE certificate SET not_after = '2026-02-31'",
    "a date as a number": "UPDATE certificate SET not_after = 20261231",
    "a date as bytes": "UPDATE duty SET \"end\" = x'00ff'",
    "a year": "UPDATE certificate SET not_after = '0000-01-01'",
    "an instant": "UPDATE certificate SET seen_at = 'yesterday'",
    "an instant of a step": "UPDATE application_event SET at = 7",
    "json": "UPDATE application_event SET facts = '{'",
    "json of another kind": "UPDATE person SET sources = x'7b7d'",
    "a state": "UPDATE application_event SET state = 'burnt'",
    "a reason": "UPDATE application SET reason = 'burnt'",
    "a kind of duty": "UPDATE duty SET duty_class = 'burnt'",
    "a name as a number": "UPDATE person SET given_name = 7",
    "a name as bytes": "UPDATE person SET family_name = x'ff'",
    "a name that is no UTF-8": "UPDATE person SET given_name = CAST(x'ff41' AS TEXT)",
    "a huge name": "UPDATE person SET given_name = CAST(zeroblob(200000000) AS TEXT)"
    " WHERE national_id = (SELECT min(national_id) FROM person)",
    "a huge certificate": "UPDATE certificate SET der = zeroblob(200000000) WHERE id = 1",
    "a mark": "INSERT INTO mark (national_id, word, reason, at, os_user)"
    " SELECT national_id, 'burnt', '', '2026-01-01T00:00:00+00:00', '' FROM person",
    "no number": "UPDATE duty SET end_column = 'yes'",
}
"""40 statements; what of them only some commands read need not stop the others."""
STRUCTURE = frozenset(list(HOSTILE)[:20])
"""Those that change what every command would run: refused before anything is read."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_databases_are_one_sentence(
    esign: Esign, home: Path, filled: Path, kind: str
) -> None:
    with closing(sqlite3.connect(filled)) as db:
        db.executescript(HOSTILE[kind])
    check(esign, home, refused=kind in STRUCTURE)


def test_there_are_forty_of_them() -> None:
    assert len(HOSTILE) == 40


def test_the_schema_that_is_expected_is_the_one_that_is_made(store: Store) -> None:
    rows = [tuple(row) for row in store.db.execute(inspection._OBJECTS)]
    ours = [row for row in rows if not str(row[2]).startswith(("sqlite_", "_sqlite_migrations"))]
    assert hashlib.sha256(repr(ours).encode()).hexdigest() == schema.SHA256


def test_a_restored_backup_cures_it(esign: Esign, home: Path, filled: Path) -> None:
    before = esign("eligible", "--province", "all", "--json").stdout
    assert esign("backup", home / "esign.backup").exit_code == 0
    for statement in (HOSTILE["a trigger on insert"], HOSTILE["a date"]):
        with closing(sqlite3.connect(filled)) as db:
            db.executescript(statement)
        assert esign("restore", home / "esign.backup", "--yes").exit_code == 0
        assert esign("eligible", "--province", "all", "--json").stdout == before


def test_an_import_that_others_records_claim_is_not_taken_back(
    esign: Esign, home: Path, filled: Path
) -> None:
    with closing(sqlite3.connect(filled)) as db, db:
        db.execute("UPDATE person SET born = NULL")
    ran = esign("imports", "undo", "1", "--yes", "--json")
    assert ran.exit_code == 11, ran.stderr
    assert ran.json["problems"][0]["code"] == "database-unreadable"
    assert len(ran.stderr.splitlines()) <= 2
