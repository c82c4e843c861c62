"""The audit trail: every command leaves a row, and what is changed behind esign's back is seen."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from esign_cli.store import Store
from tests.conftest import Ends, Esign
from tests.support import factories, workbooks
from tests.support.factories import national_id

WHO = national_id(3)


@pytest.fixture
def people(esign: Esign, store: Store, ends: Ends) -> None:
    """Ten people, brought in before the trail begins, and three commands of which it speaks."""
    factories.save(store, [ends(n, 20 + n) for n in range(1, 11)])
    store.db.close()
    assert esign("eligible", "--province", "all", "--show-ids").exit_code == 0
    assert esign("applications", "add", WHO).exit_code == 0
    assert esign("person", "mark", WHO, "on-duty", "--reason", "ZÜMRÜT dedi").exit_code == 0


def change(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        for statement in statements:
            db.execute(statement)


def found(esign: Esign) -> list[tuple[str, int, str]]:
    ran = esign("audit", "verify", "--json")
    problems = ran.json["problems"]
    assert ran.exit_code == (7 if problems else 0), ran.stderr
    assert ran.json["data"]["fits"] is not bool(problems)
    return [(one["kind"], one["row"], one["table"] or "") for one in problems]


@pytest.mark.sqlite
def test_each_command_leaves_a_row(esign: Esign, people: None, database: Path) -> None:
    assert esign("person", "show", national_id(99)).exit_code == 3  # nobody of that number
    data = esign("audit", "--json").json["data"]
    rows = data["rows"]
    assert [(one["command"], one["exported"], one["ok"]) for one in rows] == [
        ("eligible --province --show-ids", ["ids"], True),
        ("applications add", [], True),
        ("person mark --reason", [], True),
        ("person show", ["person"], False),
    ]
    assert {"at", "who", "machine", "command", "people", "exported", "ok"} <= set(rows[0])
    assert [[one["national_id"] for one in row["people"]] for row in rows[1:]] == [
        ["100******82"], ["100******82"], []
    ]  # fmt: skip
    assert data["head"].startswith("4:")
    content = database.read_bytes()
    assert "ZÜMRÜT dedi".encode() in content  # in the mark, which can be forgotten
    assert all("ZÜMRÜT" not in str(row) for row in rows)
    assert national_id(99).encode() not in content
    assert found(esign) == []


def test_rows_of_a_day_and_of_a_person(esign: Esign, people: None, home: Path) -> None:
    ran = esign("audit", "--person", WHO, "--json", "--show-ids")
    rows = ran.json["data"]["rows"]
    assert [one["command"] for one in rows] == ["applications add", "person mark --reason"]
    assert rows[0]["people"][0]["national_id"] == WHO
    assert esign("audit", "--since", "2099-01-01", "--json").json["data"]["rows"] == []
    assert esign("audit", "--person", "123").exit_code == 2
    assert esign("audit", "--output", home / "audit.xlsx").exit_code == 0
    assert (home / "audit.xlsx").read_bytes()[:2] == b"PK"
    assert "100******82" in esign("audit").stdout


BEHIND_ITS_BACK = {
    "a date": (
        ["UPDATE certificate SET not_after = '2031-01-01' WHERE id = 2"],
        ("table-altered-since", 1, "certificate"),
    ),
    "an application gone": (
        ["DELETE FROM application_event", "DELETE FROM application"],
        ("table-altered-since", 2, "application"),
    ),
    "a person more": (
        ["INSERT INTO person SELECT '99999999990', given_name, family_name, name_key, birth_place,"
         " birth_date, email, mobile_phone, registry_no, file_id, sheet, row, missing_since,"
         " identity_conflict, duplicate_of, born, sources FROM person LIMIT 1"],
        ("table-altered-since", 1, "person"),
    ),
    **{
        f"a name {how}": (
            [f"UPDATE person SET given_name = {value} WHERE national_id = '{WHO}'"],
            ("table-altered-since", 1, "person"),
        )
        for how, value in {
            "and more behind a NUL": "given_name || char(0) || 'A'",
            "as bytes": "CAST(given_name AS BLOB)",
            "quoted": "quote(given_name)",
            "taken for JSON": "json_quote(given_name)",
        }.items()
    },
    "nothing for empty": (
        ["UPDATE person SET birth_date = '' WHERE birth_date IS NULL",
         "UPDATE person SET birth_date = NULL WHERE birth_date <> ''"],
        ("table-altered-since", 1, "person"),
    ),
    "a certificate's bytes": (
        ["UPDATE certificate SET der = X'3000' WHERE id = 2"],
        ("table-altered-since", 1, "certificate"),
    ),
    "the mark": (["UPDATE mark SET os_user = 'somebody'"], ("table-altered-since", 3, "mark")),
    "a trigger": (
        ["CREATE TRIGGER later AFTER INSERT ON mark BEGIN"
         " UPDATE certificate SET not_after = '2031-01-01'; END"],
        ("table-altered-since", 1, "schema"),
    ),
    "a row": (["UPDATE audit SET who = 'somebody' WHERE number = 2"], ("row-changed", 2, "")),
    "a row's people": (["UPDATE audit SET people = '[]' WHERE number = 3"], ("row-changed", 3, "")),
    "a row gone": (["DELETE FROM audit WHERE number = 2"], ("row-missing", 2, "")),
    "the first gone": (["DELETE FROM audit WHERE number = 1"], ("row-missing", 1, "")),
    "renumbered": (
        ["DELETE FROM audit WHERE number = 2", "UPDATE audit SET number = 2 WHERE number = 3"],
        ("row-changed", 2, ""),
    ),
    "the last gone": (["DELETE FROM audit WHERE number = 3"], ("rows-cut-off", 3, "")),
}  # fmt: skip

NAMED_AS = {"a trigger": "database-foreign", "a name as bytes": "database-broken"}
"""What doctor says instead, having looked no further."""


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", BEHIND_ITS_BACK)
def test_what_is_changed_behind_its_back_is_seen(
    esign: Esign, people: None, database: Path, home: Path, kind: str
) -> None:
    statements, finding = BEHIND_ITS_BACK[kind]
    change(database, *statements)
    lines = esign("doctor", "--module", home / "none.so", "--json").json["data"]["lines"]
    codes = [one["code"] for one in lines]
    assert codes.count(NAMED_AS.get(kind, "audit-does-not-fit")) == 1
    if kind != "a trigger":  # what is not ours in the schema is refused before anything is read
        assert finding in found(esign)


@pytest.mark.sqlite
def test_a_later_command_hides_nothing(esign: Esign, people: None, database: Path) -> None:
    change(database, "UPDATE mark SET reason = 'other'")
    assert esign("person", "mark", WHO, "none").exit_code == 0
    assert found(esign) == [("table-altered-before", 4, "mark")]


@pytest.mark.sqlite
@pytest.mark.parametrize("table", ["person", "duty"])
def test_a_later_import_hides_nothing(
    esign: Esign, people: None, database: Path, home: Path, table: str
) -> None:
    file = home / "roster.xlsx"
    changes: list[dict[str, str]] = [{}, {"Görevi": "Müdür", "Cep Telefonu": "05320000000"}]
    for changed in changes:
        file.write_bytes(workbooks.xlsx([workbooks.HEADERS, workbooks.person(30, **changed)]))
        assert found(esign) == []
        if changed:
            change(database, f"UPDATE {table} SET sheet = 'other'")
        assert esign("import", file, "--province", "72").exit_code == 0
    kinds = {(kind, name) for kind, _row, name in found(esign)}
    assert kinds == {("table-altered-before", table)}


def test_forgetting_and_checking_both_hold(esign: Esign, people: None, database: Path) -> None:
    assert esign("person", "show", WHO).exit_code == 0
    assert esign("person", "forget", WHO, "--yes").exit_code == 0
    rows = esign("audit", "--json", "--show-ids").json["data"]["rows"]
    assert rows[-1]["command"] == "person forget --yes"
    tokens = {person["token"] for row in rows for person in row["people"]}
    assert len(tokens) == 1
    assert all(person["national_id"] is None for row in rows for person in row["people"])
    assert found(esign) == []
    content = b"".join(path.read_bytes() for path in database.parent.glob("esign.db*"))
    assert WHO.encode() not in content


@pytest.mark.sqlite
def test_a_restored_database_goes_on_with_its_trail(esign: Esign, people: None, home: Path) -> None:
    assert esign("backup", home / "esign.backup").exit_code == 0
    assert esign("person", "mark", WHO, "none").exit_code == 0
    assert esign("restore", home / "esign.backup", "--yes").exit_code == 0
    rows = esign("audit", "--json").json["data"]["rows"]
    assert [one["command"] for one in rows[3:]] == ["backup", "person mark", "restore --yes"]
    assert found(esign) == []


BROKEN_OFF = """
import os, signal, sys
from esign_cli.store import trail
trail.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from esign_cli.__main__ import run
run()
"""


@pytest.mark.sqlite
@pytest.mark.posix
def test_a_run_that_is_killed_has_its_row_all_the_same(
    esign: Esign, people: None, database: Path
) -> None:
    command = [sys.executable, "-c", BROKEN_OFF, "--db", str(database)]
    ran = subprocess.run([*command, "person", "mark", WHO, "none"], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert found(esign) == []  # its changes are its own
    rows = esign("audit", "--json").json["data"]["rows"]
    assert [(one["command"], one["ok"]) for one in rows[3:]] == [
        ("person mark", False), ("audit verify --json", True)
    ]  # fmt: skip
    assert found(esign) == []


@pytest.mark.sqlite
def test_a_run_that_nobody_has_begun_excuses_nothing(
    esign: Esign, people: None, database: Path
) -> None:
    change(
        database,
        f"INSERT INTO audit_run VALUES ('x', '2026-01-01T00:00:00+00:00', 'a', 'b', 'c',"
        f" {os.getpid()}, 'y')",
        "UPDATE mark SET reason = 'other'",
    )
    assert found(esign) == [("table-altered-since", 3, "mark")]


@pytest.mark.sqlite
def test_another_key_is_named(esign: Esign, people: None, database: Path) -> None:
    database.with_name("esign.db.key").write_text("00" * 32, "utf-8")
    assert found(esign)[0] == ("other-key", 1, "")


def test_its_end_is_in_reports_and_can_be_sealed(esign: Esign, people: None, home: Path) -> None:
    head = esign("audit", "--json").json["data"]["head"]
    number, link = head.split(":")
    assert esign("report", "--output", home / "r.html").exit_code == 0
    text = (home / "r.html").read_text("utf-8")
    assert f"{int(number) + 1}:" in text
    assert esign("audit", "seal", home / "seal.txt").exit_code == 0
    assert esign("audit", "seal", home / "seal.txt").exit_code == 12
    lines = (home / "seal.txt").read_text("utf-8").splitlines()
    rows = esign("audit", "--json").json["data"]["rows"]
    assert f"rows: {len(rows) - 1}" in lines
    assert link not in text
