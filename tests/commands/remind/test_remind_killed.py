"""`esign remind` killed anywhere: at most one duplicate a kill, with the same Message-ID."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from esign_cli.foundation import clock, exit_codes
from esign_cli.store import open_store
from tests.commands.remind.test_remind import states, write_settings
from tests.support import factories, mail_server
from tests.support.databases import Place
from tests.support.mail_server import PASSWORD, MailServer

PEOPLE = 4
POINTS = int(os.environ.get("ESIGN_KILL_POINTS", "6"))
"""The long run: ESIGN_KILL_POINTS=60 python -m pytest tests/commands/remind -k killed"""


@pytest.fixture(autouse=True)
def everybody(place: Place) -> None:
    """Four people who are owed a reminder."""
    ends = clock.today() + timedelta(20)
    people = [
        factories.facts(n, certificates=(factories.certificate(n, ends),))
        for n in range(1, PEOPLE + 1)
    ]
    with open_store(place) as store:
        factories.save(store, people)


@pytest.fixture
def server(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setenv("ESIGN_SMTP_PASSWORD", PASSWORD)
    with mail_server.running(tmp_path) as running:
        write_settings(home, running.settings())
        yield running


def start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "esign_cli", "--lang", "en", "remind", "--yes"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.mark.posix
def test_two_desks_at_once_send_once(server: MailServer, place: Place) -> None:
    both = [start(), start()]
    codes = sorted(one.wait(60) for one in both)
    assert codes in ([0, 0], [0, exit_codes.ENVIRONMENT])  # the second comes after, or is refused
    check(server, place, 0)
    assert len(server.received) == PEOPLE


def check(server: MailServer, place: Place, kills: int) -> None:
    """Everybody was reminded; what came twice has one name, and no kill doubled more than one."""
    kept = states(place)
    assert {state for mine in kept.values() for _threshold, state in mine} == {"sent", "superseded"}
    assert set(server.recipients) == {f"kisi{n}@example.tr" for n in range(1, PEOPLE + 1)}
    assert len(server.received) - PEOPLE <= kills
    names = {str(message["To"]): message["Message-ID"] for message in server.received}
    sent = Counter(message["Message-ID"] for message in server.received)
    assert set(names.values()) == set(sent)
    assert len(sent) == PEOPLE
    assert all(factories.national_id(n)[:9] not in " ".join(sent) for n in range(1, PEOPLE + 1))


@pytest.mark.posix
@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_killed_while_the_server_listens(server: MailServer, place: Place, stage: str) -> None:
    """Killed at each message in turn: before it was taken ("rcpt"), and just after ("data")."""
    running: list[subprocess.Popen[bytes]] = []
    killed: list[str] = []

    def kill(at: str, address: str) -> str | None:
        if at != stage or address in killed:
            return None
        killed.append(address)
        os.kill(running[-1].pid, signal.SIGKILL)
        return "hang" if stage == "data" else "451 gone"

    server.misbehave = kill
    for _run in range(PEOPLE + 1):
        running.append(start())
        running[-1].wait(30)
    assert [run.returncode for run in running] == [-signal.SIGKILL] * PEOPLE + [0]
    assert len(killed) == PEOPLE
    assert len(server.received) == (2 * PEOPLE if stage == "data" else PEOPLE)
    check(server, place, len(killed))


@pytest.mark.posix
def test_killed_at_any_moment(server: MailServer, place: Place) -> None:
    begun = time.monotonic()
    whole = start()
    time.sleep(0.05)
    os.kill(whole.pid, signal.SIGKILL)
    whole.wait()
    length = 0.6
    kills = 1
    for step in range(POINTS):
        run = start()
        time.sleep(length * (0.3 + 1.2 * step / POINTS))
        os.kill(run.pid, signal.SIGKILL)
        kills += run.wait() != 0
    assert start().wait(30) == 0
    check(server, place, kills)
    assert time.monotonic() - begun < 60 + 3 * POINTS
