"""`esign database create`, `migrate`, `status` and `copy`: a roster that several desks share."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from esign_cli.commands.doctor import desk_checks
from esign_cli.foundation import database_server
from esign_cli.store import applications, open_store, person_record, schema, trail, trail_check
from esign_cli.store.caller import Caller
from esign_cli.store.database import Store
from esign_cli.store.health import ServerFacts
from tests.commands.database.conftest import Shared
from tests.conftest import Esign
from tests.support.databases import content, direct
from tests.support.factories import facts, national_id, save
from tests.support.postgres import Cluster

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


def shape(cluster: Cluster, name: str) -> list[str]:
    """All that pg_dump says of a database's tables and rights, whatever it is called."""
    words = ("-h", str(cluster.folder), "-U", "postgres", "--schema-only", name)
    lines = cluster.run("pg_dump", *words).replace(name, "NAME").splitlines()
    told = (line.rstrip(",") for line in lines)
    return [line for line in told if not line.startswith(("\\restrict", "\\unrestrict"))]


# --- create --------------------------------------------------------------------------------------


def test_create_makes_tables_and_roles_once(shared: Shared) -> None:
    first = shared.by("postgres", "database", "create", "--json").json["data"]
    assert first["tables"] is True
    assert first["new_roles"] == [f"{shared.name}_{one}" for one in ("owner", "editor", "reader")]
    again = shared.by("postgres", "database", "create", "--json").json["data"]
    assert (again["tables"], again["new_roles"]) == (False, [])
    assert again["roles"] == first["roles"]
    assert "there already" in shared.by("postgres", "database", "create").stdout


def test_what_is_printed_is_what_is_done(cluster: Cluster, shared: Shared) -> None:
    script = shared.by("postgres", "database", "create", "--print").stdout
    assert shared.sql("SELECT to_regclass('person') IS NULL") == "t"
    shared.sql(script)
    printed = shape(cluster, shared.name)
    other = Shared(cluster, shared.esign, cluster.new().partition("?")[0].rpartition("/")[2])
    assert other.by("postgres", "database", "create").exit_code == 0
    assert shape(cluster, other.name) == printed
    assert len(printed) > 300


def test_tables_of_a_first_command_are_given_to_the_roles_later(
    cluster: Cluster, shared: Shared
) -> None:
    ayse = shared.user("ayse", also="CREATEROLE")
    shared.sql(f"ALTER DATABASE {shared.name} OWNER TO {ayse}")
    assert shared.by(ayse, "person", "find", "x").exit_code == 0
    ran = shared.by(ayse, "database", "create", "--json")
    assert (ran.exit_code, ran.json["data"]["tables"]) == (0, False)
    owned = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert shared.sql(owned) == f"{shared.name}_owner"
    status = shared.by(ayse, "database", "status", "--json").json["data"]
    assert (status["rights"], status["members"]["owner"]) == ("owner", [ayse])
    check = shared.by(ayse, "audit", "verify", "--json")
    assert check.json["data"]["fits"] is True


def test_who_may_make_no_roles_is_told_what_to_do(shared: Shared) -> None:
    ayse = shared.user("ayse2")
    shared.sql(f"ALTER DATABASE {shared.name} OWNER TO {ayse}")
    ran = shared.by(ayse, "database", "create")
    assert ran.exit_code == 11
    assert "esign database create --print" in ran.stderr
    assert shared.sql("SELECT to_regclass('person') IS NULL") == "t"
    shared.sql(shared.by(ayse, "database", "create", "--print").stdout)
    status = shared.by(ayse, "database", "status", "--json").json["data"]
    assert (status["rights"], status["members"]["owner"]) == ("owner", [ayse])


def test_commands_of_a_server_say_so_of_a_file(esign: Esign, tmp_path: Path) -> None:
    for command in ("create", "migrate", "status"):
        ran = esign("--db", tmp_path / "esign.db", "database", command, "--json")
        assert (ran.exit_code, ran.json["problems"][0]["code"]) == (12, "only-for-servers")


def test_another_programs_tables_are_left_alone(shared: Shared) -> None:
    shared.sql("CREATE TABLE theirs (x int)")
    ran = shared.by("postgres", "database", "create", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (11, "database-foreign")
    assert shared.sql(f"SELECT to_regrole('{shared.name}_owner') IS NULL") == "t"


# --- migrate -------------------------------------------------------------------------------------

OLDER = """
DROP INDEX problem_person; ALTER TABLE problem DROP COLUMN national_id;
ALTER TABLE mark DROP COLUMN machine, DROP COLUMN database_user;
ALTER TABLE application_event DROP COLUMN machine, DROP COLUMN database_user;
DROP TABLE import_column; DELETE FROM esign_migration WHERE name >= '0009'
"""


def test_an_older_database_is_brought_up_to_date_by_its_owner(
    cluster: Cluster, shared: Shared
) -> None:
    shared.by("postgres", "database", "create")
    editor, reader = shared.user("mehmet", role="editor"), shared.user("zeynep", role="reader")
    owner = shared.user("fatma", role="owner")
    new = shape(cluster, shared.name)
    assert shared.by(editor, "person", "find", "x").exit_code == 0  # a row of the trail
    shared.sql(OLDER)
    for user in (editor, reader):
        refused = shared.by(user, "person", "find", "x", "--json")
        assert refused.json["problems"][0]["code"] == "server-migration-due"
        refused = shared.by(user, "database", "migrate")
        assert refused.exit_code == 11
        assert owner in refused.stderr
    ran = shared.by(owner, "database", "migrate", "--json")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.json["data"] == {"before": "0008-lists", "after": schema.NAMES[-1]}
    assert sorted(shape(cluster, shared.name)) == sorted(new)
    assert "up to date" in shared.by(owner, "database", "migrate").stdout
    assert shared.by(editor, "audit", "verify", "--json").json["data"]["fits"] is True


def test_a_newer_or_empty_database_is_not_migrated(shared: Shared) -> None:
    empty = shared.by("postgres", "database", "migrate", "--json")
    assert empty.json["problems"][0]["code"] == "server-tables-missing"
    shared.by("postgres", "database", "create")
    shared.sql("INSERT INTO esign_migration VALUES ('0999-later')")
    newer = shared.by("postgres", "database", "migrate", "--json")
    assert newer.json["problems"][0]["code"] == "database-newer"
    assert "newer version" in shared.by("postgres", "database", "status").stdout


# --- status --------------------------------------------------------------------------------------


def test_status_names_who_is_there_and_who_writes(shared: Shared) -> None:
    shared.by("postgres", "database", "create")
    mehmet = shared.user("mehmet", role="editor")
    server = database_server.parse(shared.address(mehmet))
    with (
        open_store(server, caller=Caller("AYŞE IŞIK", "MERKEZ-2")) as store,
        store.writing(),
    ):
        data = shared.by("postgres", "database", "status", "--json").json["data"]
    (other,) = [one for one in data["sessions"] if one["who"] == "AYŞE IŞIK"]
    assert (other["machine"], other["user"]) == ("MERKEZ-2", mehmet)
    assert 0 <= other["writing_seconds"] <= 5
    assert data["members"] == {"owner": [], "editor": [mehmet], "reader": []}
    assert data["counts"]["person"] == 0
    text = shared.by("postgres", "database", "status").stdout
    assert "People: 0" in text
    assert schema.NAMES[-1] in text


# --- copy ----------------------------------------------------------------------------------------


def fill(store: Store) -> None:
    """People, a mark, an application, and a row in the trail."""
    save(store, [facts(n) for n in range(1, 40)])
    person_record.mark(
        store, national_id(1), "left", "Emekli oldu, ‘İğdır’", None, at=NOW, os_user="ayşe"
    )
    signed = applications.PrintedSheet(national_id(2), "renewal", "a.pdf", NOW.date())
    applications.record_printed(store, signed, at=NOW, os_user="ayşe")
    run = trail.Run(NOW, "AYŞE", "MERKEZ-2", "import", 1)
    people = frozenset({national_id(1)})
    trail.write(store, trail.Ended(run, ok=True, people=people, touched=frozenset({"person"})))


def test_everything_goes_to_a_server_and_back(shared: Shared, tmp_path: Path, home: Path) -> None:
    file, back = tmp_path / "from.db", tmp_path / "back.db"
    with open_store(file) as store:
        fill(store)
    with direct(file) as db:
        before = content(db)
    there = shared.esign("database", "copy", file, shared.address(), "--json")
    assert (there.exit_code, there.stderr) == (0, "")
    again = shared.esign("database", "copy", shared.address(), back, "--json")
    assert again.exit_code == 0, again.stderr
    first, second = (ran.json["data"]["tables"] for ran in (there, again))
    but_the_trail = [one for one in first if one["table"] != "audit"]  # this copy stands in it
    assert [one for one in second if one["table"] != "audit"] == but_the_trail
    with direct(back) as db:
        assert content(db) == before
    for place in (file, database_server.parse(shared.address()), back):
        with open_store(place) as store:
            assert trail_check.verify(store).findings == ()
            last = trail.last(store.db)
            assert last is not None
            assert last.command == "database copy --json"
    with open_store(file) as store:
        assert trail.last(store.db).exported == ("copy",)  # type: ignore[union-attr]
    assert shared.sql("SELECT count(*) FROM person") == "39"


def test_a_copy_is_gone_on_with(shared: Shared, tmp_path: Path) -> None:
    with open_store(tmp_path / "from.db") as store:
        fill(store)
    shared.esign("database", "copy", tmp_path / "from.db", shared.address())
    words = ("person", "mark", national_id(3), "left", "--reason", "Öldü")
    assert shared.by("postgres", *words).exit_code == 0
    assert shared.sql("SELECT string_agg(CAST(id AS text), ',' ORDER BY id) FROM mark") == "1,2"
    assert shared.by("postgres", "audit", "verify").exit_code == 0


@pytest.mark.parametrize("to_server", [True, False])
def test_nothing_is_copied_over_what_is_there(
    shared: Shared, tmp_path: Path, *, to_server: bool
) -> None:
    file, server = tmp_path / "one.db", database_server.parse(shared.address())
    for place, number in ((file, 1), (server, 2)):
        with open_store(place) as store:
            save(store, [facts(number)])
    source, target = (file, server) if to_server else (server, file)
    with direct(target) as db:
        before = content(db)
    ran = shared.esign("database", "copy", str(source), str(target), "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (12, "copy-target-not-empty")
    with direct(target) as db:
        assert content(db) == before


@pytest.mark.posix
@pytest.mark.parametrize("to_server", [True, False])
def test_a_copy_that_is_killed_leaves_nothing_and_is_made_again(
    shared: Shared, tmp_path: Path, *, to_server: bool
) -> None:
    file, server = tmp_path / "one.db", database_server.parse(shared.address())
    source, target = (file, server) if to_server else (server, file)
    with open_store(source) as store:
        fill(store)
        save(store, [facts(n) for n in range(1000, 2500)])
    with open_store(target), direct(source) as db:
        before = content(db)
    words = [sys.executable, "-m", "esign_cli", "database", "copy", str(source), str(target)]
    killed = 0
    for tenths in range(1, 40, 3):
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            try:
                run.wait(tenths / 10)
            except subprocess.TimeoutExpired:
                run.kill()
                killed += 1
        with direct(target) as db:
            rows = db.execute("SELECT count(*) FROM person").fetchone()[0]
            assert rows in (0, 1539)
            if rows:
                break
    assert killed
    if not rows:
        assert shared.esign(*words[3:]).exit_code == 0
    with direct(target) as db:
        assert content(db) == before


CHANGED_ON_THE_WAY = """
CREATE FUNCTION changed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.given_name = 'X'; RETURN NEW; END $$;
CREATE TRIGGER changed BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION changed()
"""


def test_what_is_written_otherwise_is_not_kept(shared: Shared, tmp_path: Path) -> None:
    with open_store(tmp_path / "from.db") as store:
        fill(store)
    shared.by("postgres", "database", "create")
    shared.sql(CHANGED_ON_THE_WAY)
    ran = shared.esign("database", "copy", tmp_path / "from.db", shared.address(), "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (11, "copy-differs")
    assert ran.json["problems"][0]["table"] == "person"
    assert shared.sql("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM file)") == "0"
    ran = shared.esign("database", "copy", tmp_path / "none.db", shared.address(), "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (3, "file-missing")


# --- the trail of several desks ------------------------------------------------------------------


def test_a_desk_that_comes_for_the_first_time_finds_the_trail_whole(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = database_server.parse(shared.address())
    for number, minute in enumerate((0, 10, 20, 30, 40)):
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / f"desk{number % 3}"))
        with open_store(server) as store:
            run = trail.Run(NOW.replace(minute=minute), "AYŞE", f"DESK-{number % 3}", "eligible", 1)
            row = trail.write(store, trail.Ended(run, ok=True))
            assert row.altered == ()
            assert trail_check.verify(store).findings == ()
    with closing(psycopg.connect(server.conninfo, autocommit=True)) as db:
        db.execute("DELETE FROM audit WHERE number > 3")
    with open_store(server) as store:
        (finding,) = trail_check.verify(store).findings
    assert (finding.kind, finding.row) == (trail_check.Misfit.CUT_OFF, 4)


# --- doctor, and esign alone ---------------------------------------------------------------------

FACTS = ServerFacts(
    version="PostgreSQL 17.2", user="ayse", rights="editor", milliseconds=3, tls="TLSv1.3",
    sslmode="verify-full", is_local=False, clock_ahead=0, size=9 << 20, folder="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code", "level"),
    [
        ({}, "server-tls", "ok"),
        ({}, "server-answers", "ok"),
        ({}, "server-clock-fits", "ok"),
        ({"milliseconds": 251}, "server-slow", "warning"),
        ({"sslmode": "require"}, "server-unchecked", "warning"),
        ({"tls": ""}, "server-in-plain", "warning"),
        ({"tls": "", "is_local": True, "sslmode": "disable"}, "server-local", "ok"),
        ({"clock_ahead": -61}, "server-clock-off", "warning"),
    ],
)
def test_doctor_judges_a_server(changes: dict[str, Any], code: str, level: str) -> None:
    lines = {one.code: one for one in desk_checks.server(replace(FACTS, **changes))}
    assert (code in lines, lines[code].level.value) == (True, level)


def test_doctor_looks_at_the_server_and_the_tables(shared: Shared) -> None:
    def codes(user: str) -> dict[str, str]:
        lines = shared.by(user, "doctor", "--json").json["data"]["lines"]
        return {one["code"]: one["command"] for one in lines}

    assert codes("postgres")["no-tables"] == "esign database create"
    shared.by("postgres", "database", "create")
    reader = shared.user("zeynep", role="reader")
    assert {"database-whole", "server-answers", "server-local"} <= codes(reader).keys()
    assert any(code.startswith("disk-") for code in codes("postgres"))
    assert not any(code.startswith("disk-") for code in codes(reader))
    said = shared.by(reader, "doctor").stdout
    assert "you are zeynep (reader) there" in said
    shared.sql(OLDER)
    assert codes(reader)["tables-pending"] == "esign database migrate"


def test_esign_alone_names_the_server(shared: Shared) -> None:
    shared.by("postgres", "database", "create")
    shared.esign("config", "set", "province", "batman")
    assert shared.address() in shared.by("postgres").stdout


# --- waiting -------------------------------------------------------------------------------------


def test_who_waits_is_told_for_whom_and_goes_on_when_they_end(shared: Shared) -> None:
    shared.by("postgres", "database", "create")
    server = database_server.parse(shared.address())
    with open_store(server, caller=Caller("AYŞE IŞIK", "MERKEZ-2")) as other:
        begun = threading.Event()

        def write() -> None:
            with other.writing():
                begun.set()
                time.sleep(1.8)

        writer = threading.Thread(target=write)
        writer.start()
        begun.wait()
        ran = shared.by("postgres", "person", "mark", national_id(3), "left", "--reason", "x")
        writer.join()
    assert ran.exit_code == 0
    told = r"Another desk is writing: AYŞE IŞIK \(MERKEZ-2\), for \d s already\. Waiting"
    assert re.search(told, ran.stderr)
