"""Every command as each role: an owner, an editor, a reader who may make no table, and nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esign_cli.cli.run_record import machine_name
from esign_cli.commands.demo.made_up import staff
from esign_cli.foundation import clock, processes
from tests.commands.database.conftest import Shared
from tests.conftest import Esign, Ran
from tests.support import mail_server
from tests.support.command_lines import STEPS_OF_THE_FIRST
from tests.support.mail_server import PASSWORD, MailServer
from tests.wording.test_no_english import every_command

ME, OTHER = (one.national_id for one in staff.everybody()[:2])
READS = (
    (),
    ("imports",),
    ("imports", "list"),
    ("imports", "columns"),
    ("imports", "show", "1"),
    ("eligible", "--verdict", "all"),
    ("eligible", "--national-id", ME),
    ("eligible", "--district", "kozluk"),
    ("eligible", "--reminded"),
    ("institutions",),
    ("institutions", "--without-certificate"),
    ("report",),
    ("report", "--since-last"),
    ("report", "--output", "report.html", "--force"),
    ("check-form", ME),
    ("applications",),
    ("applications", "list", "--state", "all"),
    ("applications", "show", "1"),
    ("person", "find", "ışık"),
    ("person", "find", "örnek"),
    ("person", "show", ME),
    ("remind", "--dry-run"),
    ("remind", "--list"),
    ("calendar", "--output", "calendar.ics", "--force"),
    ("purge", "--left-before", "2020-01-01", "--dry-run"),
    ("audit",),
    ("audit", "verify"),
    ("audit", "seal", "seal.txt", "--force"),
    ("database", "status"),
    ("database", "migrate"),
)
"""What a reader may do; the answer is the one that an editor gets."""
CHANGES = (
    ("import", "personel.xlsx", "--yes"),
    ("applications", "add", OTHER),
    *STEPS_OF_THE_FIRST,
    ("person", "mark", ME, "on-duty", "--reason", "uzatıldı"),
    ("person", "set", ME, "--not-after", "2027-01-15"),
    ("remind", "--yes"),
    ("person", "forget", ME, "--yes"),
    ("imports", "undo", "1", "--yes"),
)
"""What only editors and owners may do."""
TAKEN_FROM_A_DRAFT = {"add", "submit", "cancel"}
"""Steps; the rules refuse the others before the database is asked."""
OF_OWNERS = (("database", "create"),)
ELSEWHERE = {
    "check-card", "cards", "sign", "sign-form", "print-form", "verify", "extend", "trust", "setup",
    "config", "demo", "template", "schedule", "doctor", "backup", "restore", "applications import",
    "database where", "database check", "database compact", "database copy",
}  # fmt: skip
"""Without a database, of a file alone, of a card, or in tests of their own."""


@pytest.fixture
def mails(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server.running(tmp_path) as running:
        yield running


@pytest.fixture
def filled(
    shared: Shared, mails: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shared:
    """Made-up people on a server, an application, and a user for each role."""
    monkeypatch.chdir(tmp_path)
    for name, content in staff.workbooks(clock.today()).items():
        (tmp_path / name).write_bytes(content)
    shared.sql(f"REVOKE TEMPORARY ON DATABASE {shared.name} FROM PUBLIC")
    shared.by("postgres", "database", "create")
    for role in ("owner", "editor", "reader"):
        shared.user(f"the_{role}", role=role)
    shared.user("nobody_here")
    shared.esign("config", "set", "province", "batman")
    monkeypatch.setenv("ESIGN_SMTP_PASSWORD", PASSWORD)
    for key, value in mails.settings().items():
        shared.esign("config", "set", key, value)
    assert shared.by("the_editor", "import", *staff.NAMES, "--yes").exit_code == 0
    assert shared.by("the_editor", "applications", "add", ME, "--state", "draft").exit_code == 0
    return shared


def test_every_command_is_tried_as_each_role() -> None:
    tried = {line[:n] for line in (*READS, *CHANGES, *OF_OWNERS) for n in (1, 2)}
    known = {path for path in every_command() if path and " ".join(path) not in ELSEWHERE}
    groups = {path[:1] for path in known if len(path) > 1}
    assert {path for path in known - tried - groups if path[0] not in ELSEWHERE} == set()


def refused(ran: Ran, user: str, *, role: str) -> bool:
    """Whether a sentence names the user, the role and whom to ask, and nothing else is said."""
    named = f"{user} ({role})" in ran.stderr or f"The user {user}" in ran.stderr
    return ran.exit_code == 11 and named and "the_owner" in ran.stderr and not ran.stdout


def test_a_reader_reads_everything_and_changes_nothing(filled: Shared, mails: MailServer) -> None:
    tables = ("person", "duty", "certificate", "mark", "application_event", "reminder", "import",
              "report", "overview", "erasure")  # fmt: skip
    count = " + ".join(f"(SELECT count(*) FROM {one})" for one in tables)
    before = filled.sql(f"SELECT {count}")
    for line in READS:
        ran, other = (filled.by(f"the_{role}", *line) for role in ("reader", "editor"))
        if line and line[0] not in ("audit", "database"):
            assert (line, ran.stdout) == (line, other.stdout)
        assert (line, ran.exit_code, ran.stderr) == (line, other.exit_code, other.stderr)
        filled.sql("DELETE FROM report_person; DELETE FROM report; DELETE FROM overview")
    for line in (*CHANGES, *OF_OWNERS):
        ran = filled.by("the_reader", *line)
        if line[0] == "applications" and line[1] not in TAKEN_FROM_A_DRAFT:
            assert (line, ran.exit_code) == (line, 12)
            continue
        assert (line, refused(ran, "the_reader", role="reader")) == (line, True), ran
    assert filled.sql(f"SELECT {count}") == before
    assert mails.received == []
    assert filled.by("the_reader", "audit", "verify").exit_code == 0
    rows = filled.sql("SELECT count(*) FROM audit WHERE command LIKE 'person show%'")
    assert rows == "2"  # whom a reader looked at, too


@pytest.mark.parametrize("role", ["editor", "owner"])
def test_an_editor_does_all_the_work(filled: Shared, role: str) -> None:
    for line in (*READS, *CHANGES):
        ran = filled.by(f"the_{role}", *line)
        told = (line, ran.exit_code, ran.stderr if ran.exit_code == 11 else "")
        assert told[1] != 11, told
    assert filled.by(f"the_{role}", "audit", "verify").exit_code == 0
    created = filled.by(f"the_{role}", "database", "create")
    assert created.exit_code == 0 if role == "owner" else refused(created, "the_editor", role=role)


EDITORS_MAY_NOT = (
    "UPDATE audit SET who = ''",
    "DELETE FROM audit",
    "UPDATE custody SET value = ''",
    "DELETE FROM esign_migration",
    "DROP TABLE person",
    "ALTER TABLE person ADD COLUMN x int",
    "CREATE TABLE x (y int)",
)


@pytest.mark.parametrize("statement", EDITORS_MAY_NOT)
def test_nobody_but_an_owner_touches_the_trail_and_its_key(filled: Shared, statement: str) -> None:
    for role in ("editor", "reader"):
        with pytest.raises(RuntimeError, match=r"permission denied|must be owner"):
            filled.cluster.run(
                "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", str(filled.cluster.folder),
                "-U", f"the_{role}", "-d", filled.name, "-c", statement,
            )  # fmt: skip


Closed = Callable[[Shared], None]


@pytest.mark.parametrize(
    "closed",
    [
        lambda _shared: None,
        lambda shared: shared.sql("REVOKE USAGE ON SCHEMA public FROM PUBLIC"),
    ],
    ids=["no-table", "no-schema"],
)
def test_who_has_no_right_is_told_whom_to_ask(filled: Shared, closed: Closed) -> None:
    closed(filled)
    for line in (("eligible",), ("person", "mark", ME, "left", "--reason", "x"), ("audit",)):
        ran = filled.by("nobody_here", *line)
        assert ran.exit_code == 11
        assert "nobody_here (no right)" in ran.stderr


def test_a_copy_of_the_server_that_only_reads_is_told(filled: Shared) -> None:
    filled.sql(f"ALTER DATABASE {filled.name} SET default_transaction_read_only = on")
    ran = filled.by("the_editor", "person", "mark", ME, "left", "--reason", "x")
    assert ran.exit_code == 11
    assert "the_editor (editor)" in ran.stderr
    assert "read-only" in ran.stderr


# --- who did it ----------------------------------------------------------------------------------


def test_the_databases_user_stands_beside_the_account_and_the_computer(filled: Shared) -> None:
    filled.by("the_editor", "applications", "submit", "1")
    filled.by("the_owner", "person", "mark", ME, "on-duty", "--reason", "uzatıldı")
    person = filled.by("the_reader", "person", "show", ME, "--json").json["data"]
    (mark,) = person["marks"]
    assert (mark["os_user"], mark["machine"]) == (processes.account(), machine_name())
    assert mark["database_user"] == "the_owner"
    shown = filled.by("the_reader", "applications", "show", "1", "--json").json["data"]
    (application,) = shown["applications"]
    assert [one["database_user"] for one in application["events"]] == ["the_editor"] * 2
    told = f"{processes.account()} (the_editor) · {machine_name()}"
    assert told in filled.by("the_reader", "applications", "show", "1").stdout
    rows = filled.by("the_reader", "audit", "--json").json["data"]["rows"]
    assert {"the_owner", "the_editor", "the_reader"} <= {one["database_user"] for one in rows}
    assert f"{processes.account()} (the_reader)" in filled.by("the_reader", "audit").stdout
    filled.sql("UPDATE audit SET state = replace(state, 'the_owner', 'the_other')")
    assert filled.by("the_reader", "audit", "verify").exit_code != 0  # it is in the chain


def test_a_file_knows_the_account_and_the_computer(esign: Esign, database: Path) -> None:
    assert esign("--db", database, "person", "mark", OTHER, "left", "--reason", "x").exit_code == 0
    (mark,) = esign("--db", database, "person", "show", OTHER, "--json").json["data"]["marks"]
    assert (mark["machine"], mark["database_user"]) == (machine_name(), None)
    (row, _) = esign("--db", database, "audit", "--json").json["data"]["rows"]
    assert (row["who"], row["database_user"]) == (processes.account(), None)
