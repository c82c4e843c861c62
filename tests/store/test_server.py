"""A roster on a server: opened, made once, one writer at a time, and every failure a sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esign_cli.foundation import database_server
from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.errors import store as errors
from esign_cli.foundation.errors.environment import AlreadyRunning
from esign_cli.store import Store, card_watches, exclusive_run, open_store, trail, trail_check
from esign_cli.store.caller import Caller, named
from tests.support.factories import facts, save
from tests.support.postgres import Cluster, name_of

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


@pytest.fixture
def server(cluster: Cluster, home: Path) -> Server:
    return database_server.parse(cluster.new())


@pytest.fixture
def desk(server: Server) -> Iterator[Store]:
    with open_store(server) as opened:
        yield opened


# --- the address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("postgresql://ayse@pg.example.tr/roster", "pg.example.tr"),
        ("postgres://pg.example.tr:5433/roster", "pg.example.tr:5433"),
        ("postgresql:///roster?host=/run/postgresql", "/run/postgresql"),
        ("service=esign", ""),
    ],
)
def test_addresses_are_told_from_files_and_kept_whole(text: str, host: str) -> None:
    assert database_server.is_server(text)
    server = database_server.parse(text)
    assert (str(server), server.host) == (text, host)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ayse:SIR123@h/x",
        "postgresql://h/x?password=SIR123",
        "postgresql://h/x?PASSWORD=SIR123",
        "postgresql://h/x?sslmode=require&sslpassword=SIR123",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(errors.ServerPasswordInAddress) as refused:
        database_server.parse(text)
    assert "SIR123" not in str(refused.value.facts)


@pytest.mark.parametrize("text", ["service=", "service=a b", "postgresql://h/x?novalue"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(errors.ServerAddressWrong):
        database_server.parse(text)


# --- opening -------------------------------------------------------------------------------------


def test_two_desks_that_come_first_at_once_make_one_database(server: Server) -> None:
    made: list[bool] = []

    def first() -> None:
        with open_store(server) as store:
            made.append(store.migrated)

    threads = [threading.Thread(target=first) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(made) == [False, False, False, True]


def test_another_programs_database_is_left_alone(cluster: Cluster, server: Server) -> None:
    cluster.sql(name_of(server.address), "CREATE TABLE theirs (x int)")
    with pytest.raises(errors.DatabaseForeign, match="theirs"), open_store(server):
        pass
    assert (
        cluster.sql(name_of(server.address), "SELECT to_regclass('person') IS NULL").strip() == "t"
    )


def test_a_newer_database_is_refused(cluster: Cluster, server: Server) -> None:
    with open_store(server):
        pass
    cluster.sql(name_of(server.address), "INSERT INTO esign_migration VALUES ('0999-later')")
    with pytest.raises(errors.DatabaseNewer, match="0999-later"), open_store(server):
        pass


def test_an_older_database_is_its_owners_to_bring_up_to_date(
    cluster: Cluster, server: Server
) -> None:
    with open_store(server):
        pass
    cluster.sql(name_of(server.address), "DELETE FROM esign_migration WHERE name LIKE '0009%'")
    with pytest.raises(errors.ServerMigrationDue), open_store(server):
        pass


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda address: address.replace("roster", "none"), errors.ServerUnreachable),
        (lambda address: address.replace("/tmp", "/nowhere"), errors.ServerUnreachable),
        (lambda address: address.replace("user=postgres", "user=nobody"), errors.ServerUnreachable),
    ],
)
def test_what_cannot_be_reached_is_one_error(
    server: Server, change: Callable[[str], str], error: type[errors.ServerUnreachable]
) -> None:
    with pytest.raises(error), open_store(Server(change(server.address))):
        pass


@pytest.mark.parametrize(
    ("told", "opens"),
    [
        ({}, False),
        ({"ESIGN_DATABASE_PASSWORD": "right"}, True),
        ({"ESIGN_DATABASE_PASSWORD": "wrong"}, False),
        ({"PGPASSWORD": "right"}, True),
        ({"asked": "right"}, True),
        ({"asked": "wrong"}, False),
    ],
)
def test_a_password_comes_from_where_passwords_are(
    cluster: Cluster,
    server: Server,
    told: dict[str, str],
    opens: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cluster.sql(
        "postgres",
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'guarded') THEN"
        " CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'right'; END IF; END $$",
    )
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    asked = (lambda: told["asked"]) if "asked" in told else None
    address = Server(server.address.replace("user=postgres", "user=guarded"))
    places = Places(keyring=False)
    if opens:
        with open_store(address, places, caller=Caller(password=asked)) as store:
            assert store.db.execute("SELECT 1").fetchone()[0] == 1
        return
    with pytest.raises(errors.ServerLoginRefused) as refused:
        open_store(address, places, caller=Caller(password=asked)).__enter__()
    assert "wrong" not in str(refused.value.facts)


@pytest.mark.parametrize(
    ("more", "variable", "mode"),
    [("", "", "verify-full"), ("&sslmode=require", "", "require"), ("", "prefer", "prefer")],
)
def test_the_servers_certificate_is_checked_unless_less_is_asked_for(
    server: Server, more: str, variable: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGSSLMODE", raising=False)
    if variable:
        monkeypatch.setenv("PGSSLMODE", variable)
    with open_store(Server(server.address + more)) as store:
        options = {one.keyword: one.val for one in store.db.raw.pgconn.info}  # type: ignore[attr-defined]
    assert options[b"sslmode"] == mode.encode()


def test_a_reader_is_told_that_the_right_is_missing(cluster: Cluster, server: Server) -> None:
    with open_store(server) as owner:
        save(owner, [facts(1)])
    cluster.sql("postgres", "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN")
    cluster.sql(name_of(server.address), "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    with open_store(Server(server.address.replace("user=postgres", "user=reader"))) as store:
        assert store.db.execute("SELECT count(*) FROM person").fetchone()[0] == 1
        with pytest.raises(errors.ServerRightMissing) as told:
            card_watches.begin(store, NOW)
    assert told.value.facts["user"] == "reader"


# --- one writer at a time ------------------------------------------------------------------------


def test_what_is_read_and_decided_and_written_is_never_lost(server: Server) -> None:
    with open_store(server):
        pass
    each, desks = 25, 4

    def write() -> None:
        with open_store(server) as store:
            for _ in range(each):
                with store.writing() as db:
                    (known,) = db.execute("SELECT coalesce(max(number), 0) FROM watch").fetchone()
                    time.sleep(0.001)  # the decision
                    db.execute("INSERT INTO watch VALUES (?, ?)", (known + 1, "x"))

    threads = [threading.Thread(target=write) for _ in range(desks)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with open_store(server) as store:
        numbers = [n for (n,) in store.db.execute("SELECT number FROM watch ORDER BY number")]
    assert numbers == list(range(1, each * desks + 1))


def test_who_waits_is_told_who_writes(
    desk: Store, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from esign_cli.store.server import desk as desks

    told: list[tuple[str, int]] = []
    monkeypatch.setattr(desks, "_PATIENCE", (0.1, 0.1))
    waiting = Caller(waits=lambda *who: told.append(who))
    with open_store(server, caller=Caller("AYŞE IŞIK", "MERKEZ-2")) as other, other.writing():
        time.sleep(1.1)
        with (
            open_store(server, caller=waiting) as third,
            pytest.raises(errors.ServerBusy) as busy,
            third.writing(),
        ):
            pass
    ((told_of, seconds),) = told
    assert told_of == "AYŞE IŞIK (MERKEZ-2)"
    assert 1 <= seconds <= busy.value.facts["seconds"]
    assert busy.value.facts["desk"] == "AYŞE IŞIK (MERKEZ-2)"
    assert 1 <= busy.value.facts["seconds"] <= 10
    with desk.writing():  # and it is free again
        assert not desk.db.execute("SELECT 1 FROM watch").fetchall()


@pytest.mark.parametrize("who", ["AYŞE@IŞIK", "a/b", "ş" * 60, ""])
def test_a_session_is_named_in_ascii_and_read_back(who: str) -> None:
    label = Caller(who, "MERKEZ-2").label
    assert label.isascii()
    assert len(label) <= 63
    if len(who) < 12:
        assert named(f"{label}/1790000000") == (who, "MERKEZ-2")


def test_a_connection_that_ends_leaves_nothing_and_no_lock(
    cluster: Cluster, desk: Store, server: Server
) -> None:
    with pytest.raises(errors.ServerLost), desk.writing() as db:  # noqa: PT012  (all of it)
        db.execute("INSERT INTO watch VALUES (1, 'x')")
        cluster.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    f" WHERE datname = '{name_of(server.address)}'")  # fmt: skip
        db.execute("INSERT INTO watch VALUES (2, 'x')")
    with open_store(server) as other:
        assert card_watches.begin(other, NOW) == 1


def test_a_command_runs_at_one_desk_only(server: Server) -> None:
    with exclusive_run(server, "remind", 0.0):
        with pytest.raises(AlreadyRunning), exclusive_run(server, "remind", 0.3):
            pass
        with exclusive_run(server, "import", 0.0):
            pass
    with exclusive_run(server, "remind", 0.0):
        pass


# --- what the trail rests on ---------------------------------------------------------------------

_CHANGED = """
SELECT relname FROM pg_stat_xact_user_tables
 WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname = current_schema
"""


def test_every_table_that_is_changed_is_noticed(server: Server) -> None:
    with open_store(server):
        pass
    with open_store(server) as desk:  # in a session of its own: the server counts by sessions
        save(desk, [facts(1)])
        with desk.writing() as db:
            db.execute("DELETE FROM person WHERE national_id = ?", ("x",))
            db.execute('UPDATE "duty" SET title = ?', ("x",))
            db.executemany("INSERT INTO watch (number, began) VALUES (?, ?)", [(1, "x"), (2, "y")])
            changed = {name for (name,) in db.execute(_CHANGED)}
        assert {"import", "file", "person", "duty", "watch"} <= changed
        assert changed <= desk.db.written  # type: ignore[attr-defined]


def test_a_change_behind_esigns_back_shows(cluster: Cluster, server: Server) -> None:
    run = trail.Run(NOW, "AYŞE", "MERKEZ-2", "import", 1)
    with open_store(server) as store:
        save(store, [facts(1), facts(2)])
        trail.write(store, trail.Ended(run, ok=True, touched=frozenset({"person", "duty"})))
        assert trail_check.verify(store).findings == ()
        cluster.sql(name_of(server.address), "UPDATE person SET given_name = 'X'")
        (finding,) = trail_check.verify(store).findings
    assert (finding.kind, finding.table) == (trail_check.Misfit.ALTERED_SINCE, "person")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("SELECT ? WHERE a = :one_2 AND b LIKE '%?:x'", "SELECT %s WHERE a = %(one_2)s AND b LIKE '%%?:x'"),  # noqa: E501
        ('SELECT "a%?" % ?', 'SELECT "a%%?" %% %s'),
        ("SELECT 'it''s :x' || :x", "SELECT 'it''s :x' || %(x)s"),
    ],
)  # fmt: skip
def test_placeholders_are_those_of_the_driver(ours: str, theirs: str) -> None:
    from esign_cli.store.server.connection import placeholders

    assert placeholders(ours) == theirs
