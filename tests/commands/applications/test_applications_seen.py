"""What certificates show of applications, seen end to end; and `approve` killed from outside."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from esign_cli.commands.applications import job
from esign_cli.commands.demo.made_up import Issued
from esign_cli.commands.demo.made_up import national_id as on_card
from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import factories, workbooks
from tests.support.factories import national_id
from tests.support.tokens import RealToken

POINTS = int(os.environ.get("ESIGN_KILL_POINTS", "8"))
"""The long run: ESIGN_KILL_POINTS=200 python -m pytest tests/commands/applications"""


def application(esign: Esign, who: str) -> dict[str, Any]:
    return dict(esign("applications", "show", who, "--json").json["data"]["applications"][0])


def approved(esign: Esign, who: str, days: int, today: date) -> None:
    """An application that was approved so many days ago."""
    on = ("--date", (today - timedelta(days)).isoformat())
    assert esign("applications", "add", who, *on).exit_code == 0
    assert esign("applications", "approve", who, *on, "--override", "deneme").exit_code == 0


def test_a_list_with_the_newer_certificate_brings_it_to_arrived(
    esign: Esign, store: Store, today: date, tmp_path: Path
) -> None:
    end = today + timedelta(30)
    people = [factories.facts(n, certificates=(factories.certificate(n, end),)) for n in (1, 2, 3)]
    factories.save(store, people)
    for number in (1, 2, 3):
        approved(esign, national_id(number), 5, today)
    newer = date(today.year + 3, today.month, min(today.day, 28))
    path = tmp_path / "sertifikalar.xlsx"
    rows = [("T.C. Kimlik No", "Sertifika Bitiş Tarihi"), (national_id(1), newer)]
    path.write_bytes(workbooks.xlsx([*rows, (national_id(2), end)]))
    assert esign("import", path).exit_code == 0
    assert application(esign, national_id(1))["state"] == "arrived"
    assert application(esign, national_id(2))["state"] == "approved"
    (event,) = application(esign, national_id(1))["events"][-1:]
    assert event["os_user"] == "esign"
    assert event["facts"]["certificate"]["not_after"] == newer.isoformat()
    told = ("person", "set", national_id(3), "--not-after", newer.isoformat())
    assert esign(*told).exit_code == 0
    assert application(esign, national_id(3))["state"] == "arrived"


def test_a_renewal_entered_long_after_its_card_came_is_confirmed(
    esign: Esign, store: Store, today: date
) -> None:
    begun, old = today - timedelta(60), today - timedelta(50)
    newer = factories.certificate(1, begun + timedelta(1095), not_before=begun, origin="card")
    both = (factories.certificate(1, old), replace(newer, sha256="ab" * 32))
    factories.save(store, [factories.facts(1, certificates=both)])
    approved(esign, national_id(1), 45, today)
    delivered = (today - timedelta(40)).isoformat()
    assert esign("applications", "deliver", national_id(1), "--date", delivered).exit_code == 0
    assert application(esign, national_id(1))["state"] == "active"
    listed = esign("applications", "list", "--unconfirmed", "--json").json["data"]
    assert listed["applications"] == []
    (one,) = esign("eligible", "--verdict", "all", "--json").json["data"]["people"]
    assert "new-certificate-not-seen" not in [reason["code"] for reason in one["reasons"]]


@pytest.mark.sqlite
def test_a_card_that_is_read_brings_it_to_arrived(
    esign: Esign,
    softhsm: RealToken,
    issued: Callable[..., Issued],
    store: Store,
    today: date,
    tmp_path: Path,
) -> None:
    who = on_card(1)
    factories.save(store, [factories.facts(1, certificates=())])
    approved(esign, who, 0, today)
    softhsm.put(issued("P-256", days=1000), tmp_path)
    assert esign("check-card", "--module", softhsm.module.path).exit_code == 0
    assert application(esign, who)["state"] == "approved"  # only looked at
    begins = sqlite3.connect(store.path)
    assert esign("check-card", "--save", "--module", softhsm.module.path).exit_code == 0
    (not_before,) = begins.execute("SELECT not_before FROM certificate").fetchone()
    begins.close()
    expected = "arrived" if not_before >= today.isoformat() else "approved"
    assert application(esign, who)["state"] == expected


@pytest.mark.parametrize("ask", ["list", "show", "person"])
def test_in_hand_becomes_in_use_when_its_day_comes(
    esign: Esign, store: Store, today: date, ask: str
) -> None:
    begins = today + timedelta(3)
    newer = factories.certificate(
        1, begins + timedelta(1095), not_before=begins, origin="card", sha256="ab" * 32
    )
    factories.save(store, [factories.facts(1, certificates=())])
    approved(esign, national_id(1), 9, today)
    deliver = ("applications", "deliver", national_id(1), "--date")
    assert esign(*deliver, (today - timedelta(2)).isoformat()).exit_code == 0
    read = factories.facts(1, person=None, records=(), certificates=(newer,))
    factories.save(store, [read], file="kart")

    def state() -> tuple[str, str]:
        if ask == "person":
            data = esign("person", "show", national_id(1), "--json").json["data"]
            (one,) = data["applications"]
        elif ask == "show":
            one = application(esign, national_id(1))
        else:
            listed = esign("applications", "--state", "all", "--json")
            (one,) = listed.json["data"]["applications"]
        return one["state"], one["since"]

    assert state() == ("delivered", (today - timedelta(2)).isoformat())
    yesterday = (today - timedelta(1)).isoformat()
    store.db.execute("UPDATE certificate SET not_before = ?", (yesterday,))  # three days later
    assert state() == ("active", yesterday)
    assert state() == ("active", yesterday)
    states = [event["state"] for event in application(esign, national_id(1))["events"]]
    assert states.count("active") == 1


@pytest.mark.sqlite
@pytest.mark.posix
def test_approve_killed_anywhere_leaves_whole_chunks_and_is_resumed(
    esign: Esign, store: Store, database: Path, today: date, tmp_path: Path
) -> None:
    """Two hundred approvals in one command; killed, and at last done."""
    count = 200
    people = [
        factories.facts(n, certificates=(factories.certificate(n, today + timedelta(40)),))
        for n in range(1, count + 1)
    ]
    factories.save(store, people)
    store.db.close()
    listed = tmp_path / "liste.txt"
    listed.write_text("".join(f"{national_id(n)}\n" for n in range(1, count + 1)), "utf-8")
    assert esign("applications", "add", "--from", listed).exit_code == 0
    command = [sys.executable, "-m", "esign_cli", "--lang", "en", "applications", "approve"]
    command += ["--from", str(listed), "--json"]

    def kept() -> int:
        with contextlib.closing(sqlite3.connect(database)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            found = db.execute("SELECT count(*) FROM application_event WHERE state = 'approved'")
            return int(found.fetchone()[0])

    length = 0.8
    seen = set()
    for step in range(POINTS):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * (0.2 + step / POINTS))
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        seen.add(kept())
    assert seen <= set(range(0, count + 1, job.CHUNK))
    done = subprocess.run(command, capture_output=True, check=False)
    data = json.loads(done.stdout)["data"]
    assert (done.returncode, kept()) == (0, count)
    assert len(data["applications"]) + len(data["skipped"]) == count


def test_a_list_of_our_own_is_no_list_of_new_applications(
    esign: Esign, store: Store, tmp_path: Path
) -> None:
    factories.save(store, [factories.facts(1)])
    esign("applications", "add", national_id(1))
    for lang, name in (("en", "list.xlsx"), ("tr", "liste.csv")):
        path = tmp_path / name
        written = esign("applications", "list", "--output", path, lang=lang)
        assert written.exit_code == 0, written.stderr
        ran = esign("applications", "add", "--from", path, "--json")
        assert (ran.exit_code, ran.json["problems"][0]["code"]) == (12, "own-export")
        assert esign("applications", "wait", "--from", path).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "--override", "--reason"),
        ("approve", "--note", "--yes"),
        ("undo", "--reason", "--yes"),
        ("wait", "--reason", "--note"),
    ],
)
def test_an_option_is_no_text(esign: Esign, store: Store, words: tuple[str, ...]) -> None:
    factories.save(store, [factories.facts(1)])
    esign("applications", "add", national_id(1))
    ran = esign("applications", words[0], "1", *words[1:], "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (2, "text-is-option")
    marked = esign("person", "mark", national_id(1), "left", "--reason", "--until")
    assert marked.exit_code == 2
