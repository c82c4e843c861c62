"""No try of a PIN is forgotten: noted before it is sent, struck out only by the card's yes."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esign_cli.cards.answers import Answer, refusal
from esign_cli.cards.return_values import NAMES
from esign_cli.cards.tokens import read_tokens
from esign_cli.cards.tries import TryRecord
from esign_cli.commands.demo.made_up import Issued
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.errors.cards import TriesUnreadable, TriesUnwritable
from esign_cli.wording.sentences import told
from tests.support.tokens import WRONG, RealToken, sha256_of

ONE, OTHER, THIRD = "a" * 64, "b" * 64, "c" * 64


# --- the record ----------------------------------------------------------------------------------


@pytest.fixture
def record(tmp_path: Path) -> TryRecord:
    return TryRecord(tmp_path / "state" / "esign" / "pin-tries.json")


def test_a_try_counts_for_every_certificate_of_the_card_and_the_highest_decides(
    record: TryRecord,
) -> None:
    assert record.count([ONE]) == 0
    assert record.note([ONE, OTHER]) == 0
    assert record.note([OTHER]) == 1
    assert (record.count([ONE]), record.count([OTHER]), record.count([ONE, OTHER])) == (1, 2, 2)
    assert record.note([ONE, OTHER]) == 2
    assert record.count([ONE]) == 3
    assert record.count([THIRD]) == 0
    record.put([ONE], 0)
    assert (record.count([ONE]), record.count([OTHER])) == (0, 3)


@pytest.mark.posix
def test_the_record_is_private_and_on_the_disk_before_the_pin_goes(
    record: TryRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), fsync(handle))[1])
    record.note([ONE])
    assert len(synced) >= 2  # the file and its folder
    assert stat.S_IMODE(record.path.stat().st_mode) == 0o600
    assert json.loads(record.path.read_text("utf-8"))["tries"] == {ONE: 1}


def test_tries_of_two_cards_at_once_are_both_kept(record: TryRecord) -> None:
    threads = [
        threading.Thread(target=lambda c=c: [record.note([c]) for _n in range(10)])
        for c in (ONE, OTHER)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (record.count([ONE]), record.count([OTHER])) == (10, 10)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"tries": 1}', b'{"tries": {"a": "x"}}'])
def test_a_broken_record_is_no_empty_one(record: TryRecord, content: bytes) -> None:
    record.path.parent.mkdir(parents=True)
    record.path.write_bytes(content)
    with pytest.raises(TriesUnreadable):
        record.count([ONE])
    with pytest.raises(TriesUnreadable):
        record.note([ONE])
    assert record.path.read_bytes() == content


@pytest.mark.posix
@pytest.mark.parametrize("trap", ["pipe", "folder", "device", "pipe in the lock's place"])
def test_what_is_no_file_is_neither_waited_for_nor_an_empty_record(
    trap: str, record: TryRecord
) -> None:
    record.path.parent.mkdir(parents=True)
    make: dict[str, Callable[[], object]] = {
        "pipe": lambda: os.mkfifo(record.path),
        "folder": record.path.mkdir,
        "device": lambda: record.path.symlink_to("/dev/zero"),
        "pipe in the lock's place": lambda: os.mkfifo(f"{record.path}.lock"),
    }
    make[trap]()
    with pytest.raises((TriesUnreadable, TriesUnwritable)):
        record.note([ONE])


@pytest.mark.posix
def test_a_link_in_its_place_is_replaced_and_leads_nowhere(
    record: TryRecord, tmp_path: Path
) -> None:
    record.path.parent.mkdir(parents=True)
    record.path.symlink_to(tmp_path / "elsewhere")
    record.note([ONE])
    assert not record.path.is_symlink()
    assert not (tmp_path / "elsewhere").exists()
    assert record.count([ONE]) == 1


def test_where_nothing_can_be_written_no_try_is_noted() -> None:
    with pytest.raises(TriesUnwritable):
        TryRecord(Path("/proc/1/pin-tries.json")).note([ONE])


# --- what a card's answer means ------------------------------------------------------------------

_REPEAT = ("repeat the command", "repeat.", "put it in again")


@pytest.mark.parametrize("value", [*(v for v in NAMES if v), 0x80000001, 0x12345678])
def test_only_ckr_ok_is_a_yes_and_nothing_advises_to_repeat(value: int) -> None:
    answer = Answer(value, flags=0x40D, gone=value in (0x32, 0xE0))
    assert not answer.right
    if answer.already:
        return
    error = refusal(answer, "AKIS_1", 1)
    assert not any(words in told(error) for words in _REPEAT)
    if "pin" in error.facts:
        assert error.facts["pin"] == PinState.LOW
    assert Answer(0).right


# --- thirteen ways, on a token that really locks -------------------------------------------------

WAYS = {
    "general error": "then:0x5",
    "function failed": "then:0x6",
    "a vendor's code": "then:0x80000001",
    "open already": "then:0x100",
    "exit": "then:exit",
    "crash": "then:crash",
    "torn out": "then:removed",
    "time-out": "then:hang",
    "closed pipes": "then:close",
    "SIGINT": "then:hang",
    "SIGHUP": "then:hang",
    "SIGTERM": "then:hang",
    "SIGKILL": "then:hang",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_third_wrong_pin_is_never_sent(
    way: str, opencryptoki: RealToken, issued: Callable[..., Issued], home: Path,
    faulty: Callable[..., Any],
) -> None:  # fmt: skip
    """The driver hides every warning; the token counts all the same, and locks at the third."""
    opencryptoki.put(issued(), home)
    (home / "a.txt").write_text("merhaba", "utf-8")
    module = faulty(f"C_Login={WAYS[way]}", opencryptoki, hide="1").path
    record = TryRecord(home / "state/esign/pin-tries.json")
    for number in (1, 2):
        status, said = _sign(module, home, way, record, number)
        assert status != 0
        assert "Traceback" not in said
        assert not any(words in said for words in _REPEAT)
        assert record.count([sha256_of(issued())]) == number
    status, said = _sign(module, home, way, record, 0)
    assert (status, json.loads(said)["problems"][0]["code"]) == (6, "pin-on-last-try")
    assert record.count([sha256_of(issued())]) == 2
    (token,) = read_tokens(opencryptoki.module)
    assert token.pin is PinState.LAST_TRY  # two were counted, none locked it


def _sign(module: Path, home: Path, way: str, record: TryRecord, number: int) -> tuple[int, str]:
    """Sign with a wrong PIN; a signal comes once the try is noted and the card has counted it."""
    words = [sys.executable, "-m", "esign_cli", "--lang", "en", "sign", str(home / "a.txt")]
    words += ["--module", str(module), "--pin-stdin", "--yes", "--json", "--timeout", "4"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdin is not None
        run.stdin.write(f"{WRONG}\n".encode())
        run.stdin.close()
        run.stdin = None
        if number and way.startswith("SIG"):
            end = time.monotonic() + 30
            while max(record._read().tries.values(), default=0) < number:
                assert time.monotonic() < end
                time.sleep(0.05)
            time.sleep(1.5)
            run.send_signal(signal.Signals[way])
        out, err = run.communicate(timeout=60)
    return run.returncode, (out if not number else err).decode()
