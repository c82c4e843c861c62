"""Tries of PINs that desks share: heard while the server can be reached, and never waited for."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esign_cli.cards.tries import TryRecord
from esign_cli.foundation import database_server
from esign_cli.foundation.credentials import Places
from esign_cli.store.caller import Caller
from esign_cli.store.inquiry import tries_of_desks
from esign_cli.store.server.pin_tries import SECONDS
from tests.commands.database.conftest import Shared
from tests.conftest import Esign
from tests.support.factories import national_id
from tests.support.tokens import PIN, RealToken, sha256_of

ONE, OTHER = "11" * 32, "22" * 32
NOWHERE = Places(keyring=False)


@pytest.fixture
def made(shared: Shared) -> Shared:
    shared.by("postgres", "database", "create")
    return shared


def desk(shared: Shared, folder: Path, name: str, user: str = "postgres") -> TryRecord:
    """The record of one desk, in a run of its own."""
    server = database_server.parse(shared.address(user))
    desks = tries_of_desks(server, NOWHERE, Caller("AYŞE", name))
    return TryRecord(folder / name / "pin-tries.json", desks)


def alone(record: TryRecord) -> TryRecord:
    """The same desk while the server cannot be reached."""
    return TryRecord(record.path)


def cut(record: TryRecord, folder: Path) -> TryRecord:
    """The same desk while its server does not run."""
    server = database_server.parse(f"postgresql:///roster?host={folder}/nowhere")
    return TryRecord(record.path, tries_of_desks(server, NOWHERE, Caller("AYŞE", "x")))


def test_a_try_counts_on_every_desk_and_a_success_too(made: Shared, tmp_path: Path) -> None:
    a, b = (desk(made, tmp_path, name) for name in ("A", "B"))
    assert (a.note([ONE, OTHER]), b.count([ONE]), b.count([OTHER])) == (0, 1, 1)
    assert (b.note([ONE]), a.count([ONE]), a.count([OTHER])) == (1, 2, 1)
    b.put([ONE], 0)
    assert (a.count([ONE]), a.count([ONE, OTHER])) == (0, 1)
    assert made.sql("SELECT count(*) FROM pin_try WHERE count = 0") == "0"


def test_a_try_that_was_needless_is_taken_back_everywhere(made: Shared, tmp_path: Path) -> None:
    a, b = (desk(made, tmp_path, name) for name in ("A", "B"))
    a.note([ONE])
    before = b.note([ONE])
    b.put([ONE], before)
    assert (a.count([ONE]), b.count([ONE])) == (1, 1)


def test_without_the_server_it_is_counted_here_and_told_later(made: Shared, tmp_path: Path) -> None:
    a, b = (desk(made, tmp_path, name) for name in ("A", "B"))
    b.note([ONE])
    gone = cut(a, tmp_path)
    assert (gone.count([ONE]), gone.note([ONE]), gone.count([ONE])) == (0, 0, 1)
    again = desk(made, tmp_path, "A")
    assert again.count([ONE]) == 2
    cut(again, tmp_path).put([ONE], 0)
    assert b.count([ONE]) == 2  # not told yet
    assert desk(made, tmp_path, "A").count([ONE]) == 0
    assert b.count([ONE]) == 0


@pytest.mark.parametrize("user", ["postgres", "ayse"])
def test_tries_of_whom_is_forgotten_are_gone(made: Shared, tmp_path: Path, user: str) -> None:
    made.user("ayse", role="editor")
    listed = tmp_path / "sertifikalar.csv"
    people = "".join(f"{national_id(one)};AYŞE;IŞIK;01.01.2028\n" for one in (1, 2))
    listed.write_text(f"T.C. Kimlik No;Adı;Soyadı;Sertifika Bitiş Tarihi\n{people}", "utf-8")
    assert made.by("postgres", "import", str(listed)).exit_code == 0
    for one, certificate in ((1, ONE), (2, OTHER)):
        where = f"national_id = '{national_id(one)}'"
        made.sql(f"UPDATE certificate SET sha256 = '{certificate}' WHERE {where}")
    desk(made, tmp_path, "A").note([ONE, OTHER])
    ran = made.by(user, "person", "forget", national_id(1), "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert made.sql("SELECT certificate FROM pin_try") == OTHER


def test_what_a_file_counted_is_told_when_a_roster_is_shared(made: Shared, tmp_path: Path) -> None:
    a, b = (desk(made, tmp_path, name) for name in ("A", "B"))
    alone(a).note([ONE])
    alone(a).note([ONE])
    assert (a.count([ONE]), b.count([ONE])) == (2, 2)
    alone(a).put([ONE], 0)
    assert (a.count([ONE]), b.count([ONE])) == (0, 0)


def test_who_may_not_write_hears_and_counts_here(made: Shared, tmp_path: Path) -> None:
    reader = made.user("the_reader", role="reader")
    a, b = desk(made, tmp_path, "A"), desk(made, tmp_path, "B", reader)
    a.note([ONE])
    assert b.count([ONE]) == 1
    assert b.note([ONE]) == 1
    assert desk(made, tmp_path, "B", reader).count([ONE]) == 2
    assert a.count([ONE]) == 1
    nobody = made.user("nobody_here")
    assert desk(made, tmp_path, "C", nobody).note([ONE]) == 0


@pytest.mark.parametrize("answers", [False, True], ids=["hangs", "nonsense"])
def test_a_server_that_hangs_holds_nobody_up(tmp_path: Path, *, answers: bool) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
        address = f"postgresql://x@127.0.0.1:{port}/roster?sslmode=disable"
        desks = tries_of_desks(database_server.parse(address), NOWHERE, Caller())
        record = TryRecord(tmp_path / "pin-tries.json", desks)
        if answers:
            listening.setblocking(False)  # nobody takes what comes
        began = time.monotonic()
        for before in range(3):
            assert record.note([ONE]) == before
        assert time.monotonic() - began < SECONDS + 1
    assert TryRecord(record.path).count([ONE]) == 3


def test_writers_of_the_roster_are_not_waited_for(made: Shared, tmp_path: Path) -> None:
    from esign_cli.store import open_store

    a = desk(made, tmp_path, "A")
    with open_store(database_server.parse(made.address())) as store, store.writing():
        began = time.monotonic()
        a.note([ONE])
        assert desk(made, tmp_path, "B").count([ONE]) == 1
        assert time.monotonic() - began < SECONDS


STEPS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["wrong", "right", "needless"])), max_size=8
)


@given(steps=STEPS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_desks_in_touch_always_know_the_same(
    made: Shared, tmp_path_factory: pytest.TempPathFactory, steps: Any
) -> None:
    folder = tmp_path_factory.mktemp("desks")
    made.sql("DELETE FROM pin_try")
    desks, tries = {name: desk(made, folder, name) for name in "ABC"}, 0
    for name, kind in steps:
        before = desks[name].count([ONE])
        assert (before, desks[name].note([ONE])) == (tries, tries)
        tries = {"wrong": tries + 1, "right": 0, "needless": tries}[kind]
        if kind != "wrong":
            desks[name].put([ONE], tries)
        assert {one.count([ONE]) for one in desks.values()} == {tries}


def test_a_wrong_pin_at_one_desk_is_warned_of_at_the_other(
    made: Shared, card: RealToken, issued: Callable[..., Any], tmp_path: Path, esign: Esign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "a.txt").write_text("merhaba", "utf-8")

    def sign(at: str, pin: str, *more: str) -> int:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / at))
        words = ("sign", tmp_path / "a.txt", "--module", card.module.path, "--pin-stdin", "--yes")
        return esign("--db", made.address(), *words, *more, stdin=f"{pin}\n").exit_code

    assert (sign("A", "999998"), sign("B", "999997")) == (5, 5)
    assert sign("C", PIN) == 6  # two are as good as a last one
    assert made.sql("SELECT max(count) FROM pin_try") == "2"
    assert sign("C", PIN, "--last-try") == 0
    assert made.sql("SELECT count(*) FROM pin_try") == "0"
    assert TryRecord(tmp_path / "A/esign/pin-tries.json").count([sha256_of(issued())]) == 1
    assert sign("A", PIN, "--force") == 0
