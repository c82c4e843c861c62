"""Digests computed ahead are those of the tables as they are, or none."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from esign_cli.store import Store, open_store, trail_state
from esign_cli.store.trail_ahead import DigestsAhead
from tests.conftest import Ends
from tests.support import factories

pytestmark = pytest.mark.sqlite

KEY = b"k" * 32
TABLES = ("duty", "person")
ADD = "INSERT INTO audit_person (national_id, token) VALUES (?, ?)"


@pytest.fixture
def database(store: Store, ends: Ends, database: Path) -> Path:
    factories.save(store, [ends(n, 20 + n) for n in range(1, 5)])
    store.db.close()
    return database


def test_they_are_those_of_the_tables(database: Path) -> None:
    with open_store(database) as store:
        ahead = DigestsAhead(database, KEY, TABLES)
        with store.writing() as db:
            for table in TABLES:
                assert ahead.digest(table) == trail_state.digest(db, KEY, table)
            assert ahead.digest("file") is None
        ahead.close()


def test_they_are_of_no_use_once_anybody_has_written(database: Path) -> None:
    ahead = DigestsAhead(database, KEY, TABLES)
    assert ahead.digest("person")
    with sqlite3.connect(database) as other:
        other.execute(ADD, ("10000000214", "token"))
    other.close()
    assert ahead.digest("person") is None
    assert ahead.digest("duty") is None
    ahead.close()


def test_our_own_temporary_tables_do_not_matter(database: Path) -> None:
    with open_store(database) as store:
        ahead = DigestsAhead(database, KEY, TABLES)
        with store.staging() as db:
            db.execute("CREATE TEMP TABLE line (number INTEGER)")
            db.execute("INSERT INTO temp.line VALUES (1)")
        with store.writing():
            assert ahead.digest("person")
        ahead.close()
