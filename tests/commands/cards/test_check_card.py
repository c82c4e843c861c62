"""`esign check-card` reads every card without a PIN, and says what to do next."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esign_cli.cards.tries import TryRecord
from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id
from esign_cli.foundation import exit_codes
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.store import open_store
from tests.conftest import Esign
from tests.support.tokens import RealToken, sha256_of

Issue = Callable[..., Issued]
READ_ONLY = 0x4
"""CKF_SERIAL_SESSION without CKF_RW_SESSION."""


def test_the_json_has_every_key_of_a_card(
    esign: Esign, card: RealToken, issued: Issue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    ran = esign("check-card", "--module", trace.module.path, "--json")
    assert ran.exit_code == 0
    assert ran.json["schema"] == "esign.check-card/1"
    assert ran.json["problems"] == []
    (token,) = ran.json["data"]["tokens"]
    (found,) = token.pop("certificates")
    assert token == {
        "label": card.label,
        "serial": card.serial,
        "manufacturer": "SoftHSM project",
        "pin": "no-warning",
    }
    today = datetime.now(UTC).astimezone(ISTANBUL).date()
    end = datetime.fromisoformat(found["not_after"])
    assert end.utcoffset() == timedelta(hours=3)
    assert list(found) == [
        "holder", "national_id", "tax_number", "serial", "issuer", "not_before", "not_after",
        "days_left",
        "phase", "opens", "deadline", "working_day", "qualified_claim", "unqualified_because",
        "key", "signs", "sha256",
    ]  # fmt: skip
    assert found["holder"] == "ŞÜKRÜ IŞIK"
    assert found["national_id"] == national_id(1)
    assert int(found["serial"], 16) == issued().serial
    assert found["days_left"] == (end.date() - today).days
    assert (found["phase"], found["qualified_claim"], found["signs"]) == ("not-due", True, True)
    assert (found["unqualified_because"], found["key"]) == ([], "RSA-2048")
    assert trace.count("C_OpenSession") > 0
    assert trace.count("C_Login") == 0


READING = {
    "C_GetFunctionList", "C_GetInterface", "C_Initialize", "C_Finalize", "C_GetInfo",
    "C_GetSlotList", "C_GetSlotInfo", "C_GetTokenInfo", "C_OpenSession", "C_CloseSession",
    "C_FindObjectsInit", "C_FindObjects", "C_FindObjectsFinal", "C_GetAttributeValue",
}  # fmt: skip
"""All that a card is read with; none of these writes."""


@pytest.mark.parametrize("command", [("check-card", "--save"), ("cards",), ("doctor",)])
def test_what_reads_a_card_never_logs_in_and_never_writes(
    command: tuple[str, ...], esign: Esign, card: RealToken, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    trace = card.traced(monkeypatch, tmp_path / "spy.log")
    esign(*command, "--module", trace.module.path)
    assert trace.functions() >= {"C_OpenSession", "C_GetAttributeValue"}
    assert trace.functions() <= READING
    assert trace.session_flags() == {READ_ONLY}


@pytest.mark.parametrize(
    ("days", "phase", "step"),
    [
        (400, "not-due", "Nothing until renewal opens"),
        (60, "open", "Apply for renewal on the portal. Last day"),
        (10, "late", "Apply for renewal on the portal now"),
        (-5, "expired", "It can no longer renew"),
    ],
)
def test_each_phase_has_its_next_step(
    esign: Esign,
    softhsm: RealToken,
    issued: Issue,
    tmp_path: Path,
    days: int,
    phase: str,
    step: str,
) -> None:
    softhsm.put(issued("P-256", days=days), tmp_path)
    ran = esign("check-card", "--module", softhsm.module.path)
    assert ran.exit_code == 0
    assert step in ran.stdout
    assert "100******46" in ran.stdout
    assert national_id(1) not in ran.stdout + ran.stderr
    left = re.search(r"Days left +(-?\d+)", ran.stdout)
    ran = esign("check-card", "--module", softhsm.module.path, "--json")
    found = ran.json["data"]["tokens"][0]["certificates"][0]
    assert (found["phase"], left and int(left[1])) == (phase, found["days_left"])


def test_show_ids_shows_them_whole(esign: Esign, card: RealToken) -> None:
    assert national_id(1) in esign("check-card", "--module", card.module.path, "--show-ids").stdout


def test_a_national_id_in_a_label_is_masked(
    esign: Esign, new_softhsm: Callable[..., RealToken], issued: Issue, tmp_path: Path
) -> None:
    token = new_softhsm(f"{national_id(1)}NES0")
    token.put(issued("P-256"), tmp_path)
    ran = esign("check-card", "--module", token.module.path)
    assert national_id(1) not in ran.stdout + ran.stderr
    assert "100******46NES0" in ran.stdout


def test_a_newer_certificate_supersedes_the_older_one(
    esign: Esign, softhsm: RealToken, issued: Issue, ca: MadeUpCa, instant: datetime, tmp_path: Path
) -> None:
    softhsm.put(issued("P-256", days=10), tmp_path)
    begin = instant + timedelta(days=10)
    coming = ca.issue("ŞÜKRÜ IŞIK", national_id(1), key="P-256", not_before=begin)
    softhsm.put(coming, tmp_path, identifier="02")
    ran = esign("check-card", "--module", softhsm.module.path)
    assert "Keep the card: the certificate is not valid yet" in ran.stdout
    assert "Nothing: the same person has a newer one here." in ran.stdout
    assert "Apply for renewal" not in ran.stdout


def test_a_certificate_that_is_not_qualified_says_why(
    esign: Esign, softhsm: RealToken, ca: MadeUpCa, instant: datetime, tmp_path: Path
) -> None:
    begin = instant - timedelta(days=1)
    plain = ca.issue("AYŞE İNCE", national_id(2), key="P-256", not_before=begin, qualified=False)
    softhsm.put(plain, tmp_path)
    ran = esign("check-card", "--module", softhsm.module.path)
    assert "no: its policy carries no user notice" in ran.stdout
    assert "It is no e-imza" in ran.stdout.replace("Nothing: it is", "It is")
    ran = esign("check-card", "--module", softhsm.module.path, "--json")
    found = ran.json["data"]["tokens"][0]["certificates"][0]
    assert not found["qualified_claim"]
    assert "no-qc-statement" in found["unqualified_because"]


def test_save_keeps_the_certificate_once(
    esign: Esign, card: RealToken, issued: Issue, home: Path
) -> None:
    database = home / "esign.db"

    def run(*words: str) -> str:
        ran = esign("--db", database, "check-card", "--module", card.module.path, *words)
        assert ran.exit_code == 0
        return ran.stdout

    run()
    assert not database.exists()
    assert "new" in run("--save")
    assert "known already" in run("--save")
    with open_store(database) as store, store.reading() as db:
        (row,) = db.execute("SELECT * FROM certificate").fetchall()
    assert row["national_id"] == national_id(1)
    assert (row["origin"], row["qualified"], row["der"]) == ("card", 1, issued().certificate)


def test_remembered_tries_show_when_the_card_hides_them(
    esign: Esign, card: RealToken, issued: Issue, home: Path
) -> None:
    tries = TryRecord(home / "state/esign/pin-tries.json")
    for state, shown in (("low", "or an unanswered one was entered"), ("last-try", "LAST TRY")):
        tries.note([sha256_of(issued())])
        words = ("check-card", "--module", card.module.path)
        assert esign(*words, "--json").json["data"]["tokens"][0]["pin"] == state
        assert shown in esign(*words).stdout
    tries.put([sha256_of(issued())], 0)
    assert esign(*words, "--json").json["data"]["tokens"][0]["pin"] == "no-warning"


def test_a_record_that_cannot_be_read_stops_no_reading(
    esign: Esign, card: RealToken, home: Path
) -> None:
    path = home / "state/esign/pin-tries.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{")
    for command in ("check-card", "cards", "doctor"):
        ran = esign(command, "--module", card.module.path)
        assert "record of PIN tries cannot be read" in ran.stderr
        assert "Traceback" not in ran.stderr
    assert esign("check-card", "--module", card.module.path).exit_code == 0


def test_the_variable_names_the_module(
    esign: Esign, card: RealToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESIGN_PKCS11_MODULE", str(card.module.path))
    assert esign("check-card").exit_code == 0


def test_every_fault_is_exit_4_with_a_sentence_and_json(
    esign: Esign, softhsm: RealToken, issued: Issue, tmp_path: Path
) -> None:
    wrong = tmp_path / "akisp11.dll"
    wrong.write_bytes(b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0\x4c\x01")
    cases = {
        "module-missing": ("--module", tmp_path / "none.so"),
        "module-wrong-architecture": ("--module", wrong),
        "no-certificate-on-card": ("--module", softhsm.module.path),
        "no-such-card": ("--module", softhsm.module.path, "--token", "AKIS_9"),
    }
    for code, words in cases.items():
        ran = esign("check-card", *words)
        assert (ran.exit_code, ran.stdout) == (exit_codes.CARD, "")
        assert ran.stderr.startswith("Error: ")
        ran = esign("check-card", *words, "--json")
        assert ran.exit_code == exit_codes.CARD
        assert ran.json["data"] is None
        assert [problem["code"] for problem in ran.json["problems"]] == [code]
    assert "Windows x86 (32-bit)" in esign("check-card", "--module", wrong).stderr


def test_the_child_that_was_started_ahead_is_used_or_ends_with_us(
    card: RealToken, home: Path
) -> None:
    """The console script starts it before the app is built; a usage error leaves it to itself."""

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "esign_cli",
            "--lang",
            "en",
            "check-card",
            *map(str, words),
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    ran = run("--module", card.module.path, "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    ran = run("--no-such-option")
    assert ran.returncode == 2
    assert "Warning" not in ran.stderr
    assert "Traceback" not in ran.stderr
