"""A mail server that takes nothing for a while: waited for, and nobody is sent to twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from esign_cli.commands.remind import delivery
from esign_cli.store import Store
from tests.conftest import Ends, Esign
from tests.support import factories, mail_server
from tests.support.mail_server import PASSWORD, MailServer

PEOPLE = 6
Misbehave = Callable[[str, str], str | None]


@pytest.fixture
def server(
    tmp_path: Path,
    home: Path,
    store: Store,
    ends: Ends,
    today: date,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MailServer]:
    """A mail server that is set, and people who are owed a reminder."""
    from esign_cli.cli import settings

    monkeypatch.setenv("ESIGN_SMTP_PASSWORD", PASSWORD)
    factories.save(store, [ends(n, 8) for n in range(1, PEOPLE + 1)], as_of=today)
    with mail_server.running(tmp_path) as running:
        for key, value in running.settings().items():
            settings.set_value(home / "config" / "esign" / "config.toml", key, value)
        yield running


def after(taken: int, answer: str, server: MailServer) -> Misbehave:
    """So many messages are taken, then nothing more."""
    return lambda stage, _who: answer if stage == "rcpt" and len(server.received) >= taken else None


def everybody_once(server: MailServer) -> bool:
    return sorted(server.recipients) == [f"kisi{n}@example.tr" for n in range(1, PEOPLE + 1)]


@pytest.mark.parametrize("answer", ["421 4.7.0 too many", "451 4.7.1 try later", "452 full"])
def test_the_rest_goes_out_with_the_next_run(esign: Esign, server: MailServer, answer: str) -> None:
    server.misbehave = after(2, answer, server)
    ran = esign("remind", "--yes", "--patience", "0", "--json")
    assert ran.exit_code == 0, ran.stderr
    outcomes = [one["outcome"] for one in ran.json["data"]["reminders"]]
    assert sorted(outcomes) == ["put-off"] * (PEOPLE - 2) + ["sent"] * 2
    server.misbehave = lambda _stage, _who: None
    assert esign("remind", "--yes").exit_code == 0
    assert everybody_once(server)


def test_a_server_that_takes_nothing_at_all_is_a_fault(esign: Esign, server: MailServer) -> None:
    server.misbehave = after(0, "451 later", server)
    assert esign("remind", "--yes", "--patience", "0").exit_code == 8
    assert server.received == []


def test_a_server_that_closes_after_some_messages_is_called_again_at_once(
    esign: Esign, server: MailServer
) -> None:
    """As Exchange and Postfix do: 421 after so many messages of one connection."""
    refused: list[int] = []

    def limit(stage: str, _who: str) -> str | None:
        count = len(server.received)
        if stage == "rcpt" and count and count % 2 == 0 and count not in refused:
            refused.append(count)
            return "421 4.7.0 too many messages in this connection"
        return None

    server.misbehave = limit
    ran = esign("remind", "--yes", "--patience", "0")
    assert ran.exit_code == 0, ran.stderr
    assert refused == [2, 4]
    assert everybody_once(server)


def test_a_busy_server_is_waited_for(
    esign: Esign, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PAUSES", (0.0, 0.05, 0.1))
    refusals = iter(range(5))
    server.misbehave = lambda stage, _who: (
        "451 later"
        if stage == "rcpt" and len(server.received) == 3 and next(refusals, None) is not None
        else None
    )
    ran = esign("remind", "--yes", "--patience", "1")
    assert ran.exit_code == 0, ran.stderr
    assert "The mail server is busy" in ran.stderr
    assert everybody_once(server)


def test_one_who_is_put_off_for_good_holds_up_nobody(esign: Esign, server: MailServer) -> None:
    """Greylisting, say: 451 for one recipient only."""
    server.misbehave = lambda stage, who: (
        "451 greylisted" if stage == "rcpt" and who.startswith("kisi1@") else None
    )
    ran = esign("remind", "--yes", "--patience", "0", "--json")
    assert ran.exit_code == 0, ran.stderr
    outcomes = {one["address"]: one["outcome"] for one in ran.json["data"]["reminders"]}
    assert outcomes.pop("kisi1@example.tr") == "put-off"
    assert set(outcomes.values()) == {"sent"}
    server.misbehave = lambda _stage, _who: None
    assert esign("remind", "--yes").exit_code == 0
    assert everybody_once(server)
