"""The audit trail: every command leaves a row, and what is changed behind esign's back is seen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from esign_cli.foundation import clock, processes
from esign_cli.store import Store, trail_head
from tests.conftest import Ends, Esign
from tests.support import factories, workbooks
from tests.support.databases import Place, direct
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


def change(place: Place, *statements: str) -> None:
    with direct(place) as db:
        for statement in statements:
            db.execute(statement)


@pytest.fixture
def head(place: Place) -> Path:
    """Where this computer notes how the trail ended."""
    return trail_head.path_of(place if isinstance(place, Path) else place.files)


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

BEHIND_ITS_BACK |= {
    "whom a token names": (
        ["UPDATE audit_person SET national_id = '99999999990'"],
        ("table-altered-since", 2, "audit_person"),
    ),
    "reordered": (
        ["UPDATE audit SET number = -1 WHERE number = 1",
         "UPDATE audit SET number = 1 WHERE number = 2",
         "UPDATE audit SET number = 2 WHERE number = -1"],
        ("row-changed", 1, ""),
    ),
    **{
        f"{column} = {value}": (
            [f"UPDATE audit SET {column} = {value} WHERE number = 3"], ("row-changed", 3, "")
        )
        for column, values in {
            "state": ("'{}'", "'[]'", "'x'", """'{"tables": {}, "altered": 5}'"""),
            "exported": ("'5'", "'[5]'"),
            "people": ("'{}'", "'[[]]'"),
            "at": ("'x'", "'2026-01-01'", "X'00'"),
            "who": ("X'00FF'",),
            "link": ("5",),
        }.items()
        for value in values
    },
}  # fmt: skip

NAMED_AS = {"a trigger": "database-foreign", "a name as bytes": "database-broken"}
"""What doctor says instead, having looked no further."""
VALUES = ("database-broken",)
"""What it may say first of a value that no row of ours has."""


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", BEHIND_ITS_BACK)
def test_what_is_changed_behind_its_back_is_seen(
    esign: Esign, people: None, database: Path, home: Path, kind: str
) -> None:
    statements, finding = BEHIND_ITS_BACK[kind]
    change(database, *statements)
    lines = esign("doctor", "--module", home / "none.so", "--json").json["data"]["lines"]
    codes = [one["code"] for one in lines]
    assert {"audit-does-not-fit", NAMED_AS.get(kind, ""), *VALUES} & set(codes)
    if kind != "a trigger":  # what is not ours in the schema is refused before anything is read
        assert finding in found(esign)


def test_a_later_command_hides_nothing(esign: Esign, people: None, place: Place) -> None:
    change(place, "UPDATE mark SET reason = 'other'")
    assert esign("person", "mark", WHO, "none").exit_code == 0
    assert found(esign) == [("table-altered-before", 4, "mark")]
    change(place, "UPDATE audit_person SET token = 'x'")
    assert esign("person", "show", WHO).exit_code == 0
    assert ("table-altered-before", 6, "audit_person") in found(esign)


def _drop(head: Path, _earlier: str) -> None:
    head.unlink()


def _unsealed(head: Path, earlier: str) -> None:
    head.write_text(":".join(earlier.split(":")[:2]) + "\n", "ascii")


def _unsealed_with_any_seal(head: Path, earlier: str) -> None:
    head.write_text(":".join([*earlier.split(":")[:2], "0" * 64]) + "\n", "ascii")


def _pipe(head: Path, _earlier: str) -> None:
    head.unlink()
    os.mkfifo(head)


HEADS: dict[str, Callable[[Path, str], None]] = {
    "gone": _drop,
    "written anew": _unsealed,
    "sealed with anything": _unsealed_with_any_seal,
    "a pipe": _pipe,
    "as it was": lambda _head, _earlier: None,
}


@pytest.mark.posix
@pytest.mark.parametrize("kind", HEADS)
def test_a_trail_that_is_cut_off_is_seen_whatever_its_end_says(
    esign: Esign,
    people: None,
    place: Place,
    head: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if kind == "gone" and not isinstance(place, Path):
        pytest.skip("a desk that comes for the first time has none")
    with direct(place) as db:
        (link,) = db.execute("SELECT link FROM audit WHERE number = 3").fetchone()
    assert esign("eligible", "--show-ids").exit_code == 0  # reads only: no table tells
    change(place, "DELETE FROM audit WHERE number = 4")
    HEADS[kind](head, f"{3:012}:{link}:")
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert ("rows-cut-off", 4, "") in found(esign)
    assert ("table-altered-before", 4, "audit") in found(esign)  # a later command hides nothing


@pytest.mark.sqlite
def test_yesterdays_copy_is_seen(esign: Esign, people: None, database: Path) -> None:
    yesterday = database.read_bytes()
    assert esign("eligible", "--show-ids").exit_code == 0
    database.write_bytes(yesterday)
    assert found(esign) == [("rows-cut-off", 4, "")]


@pytest.mark.sqlite
def test_anothers_database_is_seen(esign: Esign, people: None, database: Path, home: Path) -> None:
    other = home / "other" / "esign.db"
    assert esign("--db", other, "person", "find", "X").exit_code == 0
    database.write_bytes(other.read_bytes())
    assert found(esign)[0] == ("other-key", 1, "")


@pytest.mark.sqlite
def test_a_key_that_is_missing_is_told_and_not_made_by_doctor(
    esign: Esign, people: None, database: Path, home: Path
) -> None:
    key = database.with_name("esign.db.key")
    key.unlink()
    lines = esign("doctor", "--module", home / "none.so", "--json").json["data"]["lines"]
    facts = [one["facts"] for one in lines if one["code"] == "audit-does-not-fit"]
    assert len(facts) == 1
    assert not key.exists()


@pytest.mark.posix
@pytest.mark.sqlite
@pytest.mark.parametrize(
    "words",
    [
        ("person", "mark", national_id(1), "left", "--reason", "x"),
        ("applications", "add", national_id(1)),
        ("person", "forget", national_id(1), "--yes"),
        ("backup", "esign.backup"),
        ("eligible", "--province", "all"),
    ],
    ids=" ".join,
)
def test_a_key_that_others_may_read_is_called_so_by_every_command(
    words: tuple[str, ...], esign: Esign, people: None, database: Path, home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """And not a damaged database, which would be restored for nothing."""
    assert esign("person", "mark", national_id(2), "left", "--reason", "x").exit_code == 0
    database.with_name("esign.db.key").chmod(0o644)
    monkeypatch.chdir(home)
    ran = esign(*words)
    assert ran.exit_code == 12, ran.stderr
    assert "chmod 600" in ran.stderr
    assert "restore" not in ran.stderr


@pytest.mark.sqlite
def test_a_key_from_elsewhere_is_not_replaced_by_a_new_one(
    esign: Esign, store: Store, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept in the keyring, which a run from cron does not reach."""
    store.db.close()
    monkeypatch.setenv("ESIGN_AUDIT_KEY", "in the keyring")
    assert esign("person", "find", "X").exit_code == 0
    monkeypatch.delenv("ESIGN_AUDIT_KEY")
    ran = esign("person", "find", "X", "--json")
    assert ran.exit_code != 0
    assert "audit-key" in ran.stderr
    assert not database.with_name("esign.db.key").exists()
    monkeypatch.setenv("ESIGN_AUDIT_KEY", "in the keyring")
    assert found(esign) == []


@pytest.mark.posix
def test_who_is_the_account_and_not_what_a_variable_says(
    esign: Esign, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert esign("eligible").exit_code == 0
    who = {one["who"] for one in esign("audit", "--json").json["data"]["rows"]}
    assert who == {processes.account()} != {"somebody-else"}


LEFT: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "a table on the screen": (("eligible", "--province", "all"), []),
    "whole numbers on the screen": (("eligible", "--show-ids"), ["ids"]),
    "JSON with whole numbers": (("eligible", "--province", "all", "--json"), ["ids"]),
    "JSON of a search": (("person", "find", "IŞIK", "--json"), ["ids"]),
    "JSON without people": (("database", "where", "--json"), []),
    "csv to a pipe": (("eligible", "--format", "csv"), ["file"]),
    "a report to a pipe": (("report", "--format", "html"), ["file"]),
    "a calendar to a pipe": (("calendar",), ["file"]),
}


@pytest.mark.parametrize("kind", LEFT)
def test_what_leaves_in_whole_is_written_down_however_it_leaves(
    esign: Esign, people: None, kind: str
) -> None:
    words, exported = LEFT[kind]
    assert esign(*words).exit_code in (0, 8, 12)  # "database where" is for a file
    row = esign("audit", "--json").json["data"]["rows"][-1]
    if kind != "JSON without people":  # it opens no database
        assert row["exported"] == exported
        assert "--format-name" not in row["command"]


def test_a_seal_holds_the_trail_to_what_it_was(
    esign: Esign, people: None, database: Path, home: Path
) -> None:
    seal, page, nothing = home / "seal.txt", home / "r.html", home / "nothing.txt"
    assert esign("audit", "seal", seal).exit_code == 0
    assert esign("report", "--output", page).exit_code == 0
    nothing.write_text("nothing", "utf-8")
    for path in (seal, page):
        assert esign("audit", "verify", "--seal", path).exit_code == 0
    assert esign("audit", "verify", "--seal", nothing).exit_code == 3
    seal.write_text(seal.read_text("utf-8").replace("rows: 3", "rows: 2"), "utf-8")
    ran = esign("audit", "verify", "--seal", seal, "--json")
    assert ran.exit_code == 7
    assert [(one["kind"], one["row"]) for one in ran.json["problems"]] == [("seal-differs", 2)]


def test_a_seal_is_held_to_whatever_another_says_of_the_same_row(
    esign: Esign, people: None, home: Path
) -> None:
    true, old = home / "true.txt", home / "old.txt"
    assert esign("audit", "seal", true).exit_code == 0
    text = true.read_text("utf-8")
    link = text.rpartition("head: ")[2].strip()
    old.write_text(text.replace(link, "0" * 64), "utf-8")  # of a trail that was written anew since
    for seals in ((old, true), (true, old)):
        words = [word for seal in seals for word in ("--seal", seal)]
        assert esign("audit", "verify", *words).exit_code == 7


@pytest.mark.parametrize("table", ["person", "duty"])
def test_a_later_import_hides_nothing(
    esign: Esign, people: None, place: Place, home: Path, table: str
) -> None:
    file = home / "roster.xlsx"
    changes: list[dict[str, str]] = [{}, {"Görevi": "Müdür", "Cep Telefonu": "05320000000"}]
    for changed in changes:
        file.write_bytes(workbooks.xlsx([workbooks.HEADERS, workbooks.person(30, **changed)]))
        assert found(esign) == []
        if changed:
            change(place, f"UPDATE {table} SET sheet = 'other'")
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


@pytest.mark.posix
def test_a_run_that_is_killed_has_its_row_all_the_same(
    esign: Esign, people: None, place: Place
) -> None:
    command = [sys.executable, "-c", BROKEN_OFF, "--db", str(place)]
    ran = subprocess.run([*command, "person", "mark", WHO, "none"], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert found(esign) == []  # its changes are its own
    rows = esign("audit", "--json").json["data"]["rows"]
    assert [(one["command"], one["ok"]) for one in rows[3:]] == [
        ("person mark", False), ("audit verify --json", True)
    ]  # fmt: skip
    assert found(esign) == []


def test_a_run_that_nobody_has_begun_excuses_nothing(
    esign: Esign, people: None, place: Place
) -> None:
    change(
        place,
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
