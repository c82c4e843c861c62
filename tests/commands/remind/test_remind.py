"""`esign remind`: once for each certificate, threshold and channel; nobody is forgotten."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from esign_cli.foundation import locks
from esign_cli.foundation.people import Mark, OpenApplication
from esign_cli.store import Store
from tests.conftest import Ends, Esign, Ran
from tests.support import factories, mail_server
from tests.support.databases import Place, direct
from tests.support.factories import national_id
from tests.support.mail_server import PASSWORD, MailServer
from tests.support.terminal import Terminal


@pytest.fixture
def server(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server whose settings and password are in place."""
    monkeypatch.setenv("ESIGN_SMTP_PASSWORD", PASSWORD)
    with mail_server.running(tmp_path) as running:
        write_settings(home, running.settings())
        yield running


def write_settings(home: Path, settings: dict[str, Any]) -> None:
    from esign_cli.cli import settings as config

    for key, value in settings.items():
        config.set_value(home / "config" / "esign" / "config.toml", key, str(value))


@pytest.fixture
def people(store: Store, ends: Ends, today: date) -> None:
    """1, 2, 3 are owed one each; nobody else is owed any."""
    out = factories.assignment(3, end=today - timedelta(9))
    two = (factories.certificate(8, today + timedelta(8)),)
    renewed = factories.certificate(8, today + timedelta(1000), not_before=today + timedelta(9))
    everybody = [
        ends(1, 8),
        ends(2, 60),
        ends(3, 40, records=(factories.post(3), out)),
        ends(4, 20, person=factories.person(4, email="")),
        ends(5, 20, application=OpenApplication(7, "submitted", today)),
        ends(6, 20, mark=Mark(national_id(6), "on-duty", "söz")),
        ends(7, 200),
        factories.facts(8, certificates=(*two, renewed)),
        ends(9, -1),
        ends(10, 20, records=(), person=None),
        ends(11, 20, records=(factories.post(11, status="Emekli"),)),
    ]
    factories.save(store, everybody, as_of=today)


def told(ran: Ran) -> list[tuple[str, str, str]]:
    return [(r["address"], r["threshold"], r["text"]) for r in ran.json["data"]["reminders"]]


def states(place: Place) -> dict[str, list[tuple[str, str]]]:
    query = "SELECT national_id, threshold, state FROM reminder ORDER BY id"
    with direct(place) as db:
        rows = db.execute(query).fetchall()
    found: dict[str, list[tuple[str, str]]] = {}
    for who, threshold, state in rows:
        found.setdefault(who, []).append((threshold, state))
    return found


def test_who_is_owed_which_reminder(esign: Esign, people: None) -> None:
    ran = esign("remind", "--dry-run", "--json")
    assert ran.exit_code == 0
    assert told(ran) == [
        ("kisi1@example.tr", "10d", "renew"),
        ("kisi3@example.tr", "6w", "update"),
        ("kisi2@example.tr", "3m", "renew"),
    ]
    data = ran.json["data"]
    assert data["dry_run"] is True
    assert [r["superseded"] for r in data["reminders"]] == [["3m", "6w", "1m"], ["3m"], []]
    assert [r["problem"] for r in data["without_address"]] == ["missing"]
    assert data["passed_over"] == {
        "marked": 1,
        "applied": 1,
        "undecided": 1,
        "not-eligible": 1,
    }
    assert national_id(1) not in ran.stdout
    assert national_id(1) in esign("remind", "--dry-run", "--json", "--show-ids").stdout


def test_a_dry_run_sends_and_keeps_nothing(
    esign: Esign, people: None, server: MailServer, place: Place
) -> None:
    shown = esign("remind", "--dry-run")
    assert "kisi1@example.tr" in shown.stdout
    assert "Nothing was sent" in shown.stderr
    assert "HACER" not in shown.stdout
    assert "Without a usable address" in shown.stderr
    assert "marked by you: 1" in shown.stderr
    later = esign("remind", "--on", "2099-01-01", "--json")
    assert later.json["data"]["dry_run"] is True
    assert server.received == []
    assert states(place) == {}


def test_each_is_reminded_once_with_everything_the_letter_needs(
    esign: Esign, people: None, server: MailServer, place: Place, today: date
) -> None:
    ran = esign("remind", "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert server.recipients == ["kisi1@example.tr", "kisi3@example.tr", "kisi2@example.tr"]
    end = f"{today + timedelta(8):%d.%m.%Y}"
    for body in _bodies(server.received[0]):
        for words in (
            "https://portal.kamusm.gov.tr/bp/meb.go",
            "AKİS",
            "üç kez yanlış girilirse kart kilitlenir",
            "MEBBİS, DYS ya da e-Devlet şifreniz değil",
            "Başvuru İmzalama İşlemi Başarıyla Bitirildi",
            "AYŞE IŞIK",
            "100******46",
            end,
            "Son başvuru tarihi geçmiştir",
        ):
            assert words in body, words
    for body in _bodies(server.received[1]):
        assert "özlük (personel) biriminden" in body
        assert f"{today - timedelta(9):%d.%m.%Y}" in body
        assert "https://portal.kamusm.gov.tr/bp/meb.go" in body
    assert all(national_id(1) not in str(message) for message in server.received)
    kept = states(place)
    assert kept[national_id(1)] == [
        ("3m", "superseded"),
        ("6w", "superseded"),
        ("1m", "superseded"),
        ("10d", "sent"),
    ]
    again = esign("remind")
    assert again.exit_code == 0
    assert "Sent: 0" in again.stderr
    assert len(server.received) == 3
    shown = esign("person", "show", national_id(1))
    assert "kisi1@example.tr" in shown.stdout.split("Reminders")[1]


def _bodies(message: EmailMessage) -> list[str]:
    parts = [message.get_body((kind,)) for kind in ("plain", "html")]
    return [part.get_content() for part in parts if part is not None]


def test_the_first_run_of_all_wants_a_yes(
    esign: Esign, people: None, server: MailServer, store: Store, ends: Ends
) -> None:
    refused = esign("remind")
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert server.received == []
    assert esign("remind", "--yes").exit_code == 0
    factories.save(store, [ends(30, 15)], file="yeni.xlsx")
    assert esign("remind").exit_code == 0
    assert server.recipients[-1] == "kisi30@example.tr"


@pytest.mark.posix
def test_the_first_run_shows_before_it_asks(people: None, server: MailServer) -> None:
    with Terminal("remind") as terminal:
        terminal.answer("The first reminders ever", "n")
        assert terminal.ended() == 12
    assert "kisi1@example.tr" in terminal.seen
    assert "| Sayın AYŞE IŞIK," in terminal.seen
    assert server.received == []


def test_the_next_threshold_is_another_reminder_and_a_nearby_end_is_not(
    esign: Esign, store: Store, server: MailServer, ends: Ends, today: date
) -> None:
    factories.save(store, [ends(1, 44)])
    assert esign("remind", "--yes").exit_code == 0
    assert len(server.received) == 1
    store.db.execute("UPDATE certificate SET not_after = ?", (str(today + timedelta(42)),))
    assert esign("remind", "--json").json["data"]["reminders"][0]["threshold"] == "6w"
    store.db.execute("UPDATE certificate SET not_after = ?", (str(today + timedelta(40)),))
    assert "Sent: 0" in esign("remind").stderr  # a card that was read says the end a little better
    store.db.execute("UPDATE certificate SET not_after = ?", (str(today + timedelta(5)),))
    assert esign("remind", "--json").json["data"]["reminders"][0]["threshold"] == "10d"
    assert [m["Message-ID"] for m in server.received] == list(
        dict.fromkeys(m["Message-ID"] for m in server.received)
    )


def test_thresholds_are_a_setting(esign: Esign, home: Path, store: Store, ends: Ends) -> None:
    write_settings(home, {"remind.thresholds": "8w,2d"})
    factories.save(store, [ends(1, 50), ends(2, 60)])
    ran = esign("remind", "--dry-run", "--json")
    assert told(ran) == [("kisi1@example.tr", "8w", "renew")]
    bad = esign("config", "set", "remind.thresholds", "soon")
    assert bad.exit_code == 2


def test_only_people_of_the_place(esign: Esign, store: Store, ends: Ends) -> None:
    there = factories.post(2, province="56", district="KURTALAN")
    factories.save(store, [ends(1, 50), ends(2, 50, records=(there,))])
    ran = esign("remind", "--dry-run", "--json", "--province", "batman")
    assert [one[0] for one in told(ran)] == ["kisi1@example.tr"]
    ran = esign("remind", "--dry-run", "--json", "--district", "kurtalan")
    assert [one[0] for one in told(ran)] == ["kisi2@example.tr"]
    assert esign("remind", "--channel", "pigeon").exit_code == 2
    for command in ("remind", "calendar", "check-form"):
        ran = esign(command, "--district", "kurtaln")
        assert ran.exit_code == 2
        assert "KURTALAN" in ran.stderr


@pytest.mark.parametrize("journal", [False, pytest.param(True, marks=pytest.mark.posix)])
def test_a_log_gets_numbers_and_nobody_by_name(
    journal: bool, esign: Esign, people: None, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for, or because systemd keeps what is printed: units of before ask for nothing."""
    bad = "kisi2@example.tr"
    server.misbehave = lambda _at, to: f"550 5.1.1 <{to}> unknown" if to == bad else None
    if journal:
        stream = os.fstat(2)
        monkeypatch.setenv("JOURNAL_STREAM", f"{stream.st_dev}:{stream.st_ino}")
    ran = esign("remind", "--yes", *([] if journal else ["--no-names"]))
    assert ran.exit_code == 8, ran.stderr
    said = ran.stdout + ran.stderr
    assert "Sent: 2" in said
    assert "Without a usable address: 1" in said
    assert "550 5.1.1" in said
    assert [word for word in ("@", "AYŞE", "IŞIK", "100***", "0532") if word in said] == []


# --- servers that misbehave ----------------------------------------------------------------------


@pytest.mark.parametrize("misdeed", ["550 5.1.1 unknown", "hang", "drop"])
@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_what_one_message_meets_costs_that_message_only(
    esign: Esign,
    home: Path,
    store: Store,
    server: MailServer,
    ends: Ends,
    place: Place,
    misdeed: str,
    stage: str,
) -> None:
    write_settings(home, {"smtp.timeout": 2})
    factories.save(store, [ends(number, 20) for number in range(1, 5)])
    bad = "kisi2@example.tr"
    server.misbehave = lambda at, to: misdeed if (at, to) == (stage, bad) else None
    ran = esign("remind", "--yes", "--json")
    assert ran.exit_code == 8
    outcomes = {r["address"]: r["outcome"] for r in ran.json["data"]["reminders"]}
    assert outcomes == {f"kisi{n}@example.tr": "failed" if n == 2 else "sent" for n in range(1, 5)}
    assert len(ran.json["problems"]) == 1
    assert states(place)[national_id(2)][-1] == ("1m", "failed")
    before = [m["Message-ID"] for m in server.received if m["To"] == bad]
    server.misbehave = lambda _at, _to: None
    assert esign("remind").exit_code == 0
    after = [m["Message-ID"] for m in server.received if m["To"] == bad]
    assert len(set(after)) == 1
    assert len(after) == len(before) + 1
    assert sorted(set(server.recipients)) == sorted(outcomes)
    assert states(place)[national_id(2)][-1] == ("1m", "sent")


def test_what_failed_long_ago_is_superseded_by_the_nearer_threshold(
    esign: Esign, store: Store, server: MailServer, ends: Ends, place: Place, today: date
) -> None:
    factories.save(store, [ends(1, 42)])
    server.misbehave = lambda stage, _to: "550 no" if stage == "rcpt" else None
    assert esign("remind", "--yes").exit_code == 8
    server.misbehave = lambda _stage, _to: None
    store.db.execute("UPDATE certificate SET not_after = ?", (str(today + timedelta(20)),))
    assert esign("remind").exit_code == 0
    assert states(place)[national_id(1)] == [
        ("3m", "superseded"),
        ("6w", "superseded"),
        ("1m", "sent"),
    ]


def test_no_server_claims_nothing(
    esign: Esign, home: Path, people: None, server: MailServer, place: Place
) -> None:
    write_settings(home, {"smtp.port": 1})
    ran = esign("remind", "--yes", "--json")
    assert ran.exit_code == 11
    assert ran.json["problems"][0]["code"] == "mail-server-unreachable"
    assert states(place) == {}


def test_a_server_that_goes_away_for_good_ends_the_run(
    esign: Esign, home: Path, store: Store, server: MailServer, ends: Ends, database: Path
) -> None:
    factories.save(store, [ends(number, 20) for number in range(1, 13)])
    server.misbehave = lambda stage, _to: "drop" if stage == "rcpt" else None
    ran = esign("remind", "--yes", "--json")
    assert ran.exit_code == 8
    outcomes = [r["outcome"] for r in ran.json["data"]["reminders"]]
    assert outcomes == ["failed"] * 5 + ["not-tried"] * 7
    server.misbehave = lambda _stage, _to: None
    assert esign("remind").exit_code == 0
    assert len(server.recipients) == 12
    assert len(set(server.recipients)) == 12


@pytest.mark.sqlite
def test_a_second_run_is_refused(
    esign: Esign, people: None, server: MailServer, database: Path
) -> None:
    with locks.lock(database.with_name("esign.db.remind.lock"), "remind"):
        ran = esign("remind", "--yes")
        assert ran.exit_code == 11
        assert "running already" in ran.stderr
        assert esign("remind", "--dry-run").exit_code == 0
    assert esign("remind", "--yes").exit_code == 0


# --- texts of the administrator's own ------------------------------------------------------------


def test_texts_may_be_replaced(
    esign: Esign, home: Path, store: Store, server: MailServer, ends: Ends
) -> None:
    own = home / "texts"
    own.mkdir()
    (own / "renew.txt").write_text("Konu: Süre {{ not_after }}\n\nBenim {{ name }}\n", "utf-8")
    write_settings(home, {"remind.templates": own})
    factories.save(store, [ends(1, 20)])
    assert esign("remind", "--yes").exit_code == 0
    message = server.received[0]
    assert message["Subject"].startswith("Süre ")
    assert message.get_content().splitlines() == ["Benim AYŞE IŞIK"]
    assert message.get_content_type() == "text/plain"
    (own / "renew.html").write_text("<p>{{ name }}</p>", "utf-8")
    evil = factories.person(2, given_name="<script>x")
    factories.save(store, [ends(2, 20, person=evil)], file="2.xlsx")
    assert esign("remind").exit_code == 0
    assert "&lt;script&gt;x" in _bodies(server.received[1])[1]


@pytest.mark.parametrize(
    "text",
    [
        "Konu: x\n\n{{ nobody }}",
        "Konu: x\n\n{% if %}",
        "Konu: x\n\n{{ ''.__class__.__mro__ }}",
        "Konu: x\n\n{{ 1 / 0 }}",
        "Konu: x\n\n{{ range(10**9) | list }}",
        "no subject",
        b"Konu: \xff\n",
    ],
)
def test_a_broken_text_shows_before_anything_is_sent(
    esign: Esign, home: Path, people: None, server: MailServer, place: Place, text: str | bytes
) -> None:
    own = home / "texts"
    own.mkdir()
    content = text if isinstance(text, bytes) else text.encode()
    (own / "update.txt").write_bytes(content)
    write_settings(home, {"remind.templates": own})
    ran = esign("remind", "--yes", "--json")
    assert ran.exit_code == 3
    assert ran.json["problems"][0]["code"] == "template-broken"
    assert ran.json["problems"][0]["path"] == str(own / "update.txt")
    assert server.received == []
    assert states(place) == {}


def test_a_folder_of_texts_has_to_be_there(esign: Esign, home: Path, people: None) -> None:
    write_settings(home, {"remind.templates": home / "none"})
    assert esign("remind", "--yes").exit_code == 3


def test_whom_we_forget_leaves_a_number(
    esign: Esign, people: None, server: MailServer, database: Path, place: Place
) -> None:
    assert esign("remind", "--yes").exit_code == 0
    assert esign("person", "forget", national_id(1), "--yes").exit_code == 0
    kept = states(place)
    assert national_id(1) not in kept
    assert kept[""][-1] == ("10d", "sent")
    left = b"".join(path.read_bytes() for path in database.parent.glob("esign.db*"))
    assert b"kisi1@example.tr" not in left


@pytest.mark.sqlite
def test_a_long_import_meanwhile_doubles_nobody(
    esign: Esign, store: Store, server: MailServer, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program writes from the first message on, for longer than a write usually waits."""
    monkeypatch.setattr("esign_cli.store.connection.BUSY_SECONDS", 0.1)
    factories.save(store, [ends(1, 20), ends(2, 20)])
    timers: list[threading.Timer] = []

    def write(stage: str, _to: str) -> None:
        if stage == "rcpt" and not timers:
            store.db.execute("BEGIN IMMEDIATE")
            timers.append(threading.Timer(0.6, other.execute, ["ROLLBACK"]))
            timers[0].start()

    other = sqlite3.connect(store.path, check_same_thread=False, isolation_level=None)
    store.db = other
    server.misbehave = write
    assert esign("remind", "--yes").exit_code == 0
    timers[0].join()
    other.close()
    assert server.recipients == ["kisi1@example.tr", "kisi2@example.tr"]
    assert "Sent: 0" in esign("remind").stderr


def test_the_sender_is_an_address(esign: Esign) -> None:
    assert esign("config", "set", "smtp.from", "Batman MEM").exit_code == 2
    assert esign("config", "set", "smtp.from", "Batman MEM <a@example.tr>").exit_code == 0


def test_a_dry_run_tries_the_texts_and_shows_one(
    esign: Esign, home: Path, people: None, server: MailServer
) -> None:
    assert "| Sayın AYŞE IŞIK," in esign("remind", "--dry-run").stderr
    own = home / "texts"
    own.mkdir()
    (own / "renew.txt").write_text("Konu: x\n\nbir\n{{ nobody }}\n", "utf-8")
    write_settings(home, {"remind.templates": own})
    ran = esign("remind", "--dry-run", "--json")
    assert ran.exit_code == 3
    assert ran.json["problems"][0]["row"] == 4


@pytest.mark.posix
def test_interrupted_it_says_what_was_sent(
    people: None, server: MailServer, place: Place, home: Path
) -> None:
    write_settings(home, {"smtp.timeout": 20})
    command = [sys.executable, "-m", "esign_cli", "--lang", "en", "remind", "--yes", "--json"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def interrupt(stage: str, to: str) -> str | None:
        if (stage, to) != ("data", "kisi3@example.tr"):
            return None
        run.send_signal(signal.SIGINT)
        return "hang"

    server.misbehave = interrupt
    out, _err = run.communicate(timeout=30)
    assert run.returncode == 130
    outcomes = [one["outcome"] for one in json.loads(out)["data"]["reminders"]]
    assert outcomes == ["sent", "cut-off", "not-tried"]
    assert states(place)[national_id(3)][-1] == ("6w", "claimed")


def test_who_was_reminded_and_has_not_applied(
    esign: Esign, people: None, server: MailServer, database: Path
) -> None:
    assert esign("remind", "--list", "--json").json["data"] == {"reminded": []}
    assert esign("remind", "--yes").exit_code == 0
    silent = esign("remind", "--list", "--json", "--show-ids").json["data"]["reminded"]
    assert {one["national_id"] for one in silent} == {national_id(n) for n in (1, 2, 3)}
    asked = ("eligible", "--reminded", "--not-applied", "--json")
    ids = {one["national_id"] for one in esign(*asked).json["data"]["people"]}
    assert ids == {national_id(n) for n in (1, 2, 3)}
    esign("applications", "add", national_id(1), "--state", "draft")
    esign("applications", "add", national_id(2))
    ids = {one["national_id"] for one in esign(*asked).json["data"]["people"]}
    assert ids == {national_id(n) for n in (1, 3)}
    shown = esign("remind", "--list")
    assert "Reminded, and nothing submitted: 2" in shown.stderr
    assert "0532 000 00 01" in shown.stdout
