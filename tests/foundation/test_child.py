"""A child process is told apart from its parent by everything that can go wrong in it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from esign_cli.foundation.child import Child
from esign_cli.foundation.errors.environment import ChildDied, ChildTimedOut, FileMissing

PROGRAM = "tests.support.programs.misbehaving"
ROOT = Path(__file__).resolve().parents[2]


def _is_alive(pid: int) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
            != "Z"
        )
    except FileNotFoundError:
        return False


def _ends(pid: int) -> bool:
    """Whether a process that was killed is gone; its end comes a moment after the signal."""
    deadline = time.monotonic() + 5
    while _is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not _is_alive(pid)


def test_frames_are_binary_and_may_be_large() -> None:
    frame = os.urandom(1 << 20) * 20
    with Child(PROGRAM) as child:
        child.send(b"echo " + frame)
        assert child.receive(30) == frame
        child.send(b"echo ")
        assert child.receive(5) == b""


def test_a_handler_may_send_several_frames() -> None:
    with Child(PROGRAM) as child:
        child.send(b"many one two")
        assert [child.receive(5) for _ in range(3)] == [b"one", b"two", b"done"]


def test_what_a_library_prints_does_not_disturb_the_frames() -> None:
    with Child(PROGRAM) as child:
        child.send(b"print")
        assert child.receive(5) == b"read "


def test_errors_cross_as_facts_and_the_child_goes_on() -> None:
    with Child(PROGRAM) as child:
        child.send(b"raise")
        with pytest.raises(FileMissing) as caught:
            child.receive(5)
        assert caught.value.facts == {"path": "ışık.xlsx"}
        child.send(b"echo still here")
        assert child.receive(5) == b"still here"


@pytest.mark.posix
def test_a_crash_is_told_with_its_signal_and_last_words() -> None:
    with Child(PROGRAM) as child:
        child.send(b"crash")
        with pytest.raises(ChildDied) as caught:
            child.receive(5)
    assert caught.value.facts["signal"] == "SIGABRT"
    assert "about to crash" in caught.value.facts["stderr"]


@pytest.mark.posix
def test_a_child_that_dies_slowly_is_told_by_its_own_signal() -> None:
    """Its pipe is closed a moment before it ends; ending it then would hide why it died."""
    with Child(PROGRAM) as child:
        child.send(b"close")
        with pytest.raises(ChildDied) as caught:
            child.receive(5)
    assert caught.value.facts["signal"] == "SIGSEGV"


@pytest.mark.posix
def test_a_hang_is_ended_within_the_time_and_with_all_it_started() -> None:
    start = time.monotonic()
    with Child(PROGRAM) as child:
        child.send(b"limit")
        pid = ast.literal_eval(child.receive(5).decode())["pid"]
        child.send(b"sleep")
        helper = int(child.receive(5))
        with pytest.raises(ChildTimedOut):
            child.receive(0.3)
    assert time.monotonic() - start < 2
    assert _ends(pid)
    assert _ends(helper)


@pytest.mark.posix
def test_a_child_that_does_not_read_is_noticed() -> None:
    with Child(PROGRAM) as child:
        child.send(b"sleep")
        assert child.receive(5).isdigit()
        child.send(b"echo " + bytes(1 << 22))  # more than a pipe holds
        with pytest.raises(ChildTimedOut):
            child.receive(0.3)


@pytest.mark.skipif(sys.platform != "linux", reason="limits that Linux has")
def test_core_dumps_are_off_and_the_session_is_its_own() -> None:
    with Child(PROGRAM) as child:
        child.send(b"limit")
        facts = ast.literal_eval(child.receive(5).decode())
    assert facts["core"] == (0, 0)
    assert facts["own-session"]
    assert facts["dumpable"] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
def test_memory_is_limited() -> None:
    with Child(PROGRAM, memory_limit=512 << 20) as child:
        child.send(b"alloc%d" % (64 << 20))
        assert child.receive(5) == str(64 << 20).encode()
        child.send(b"alloc%d" % (1 << 30))
        with pytest.raises(ChildDied) as caught:
            child.receive(5)
    assert "MemoryError" in caught.value.facts["stderr"]


def test_a_program_that_is_not_there_is_a_death_with_a_reason() -> None:
    with Child("tests.support.programs.nowhere") as child, pytest.raises(ChildDied) as caught:
        child.receive(5)
    assert "ModuleNotFoundError" in caught.value.facts["stderr"]


@pytest.mark.posix
@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_the_child_dies_with_its_parent() -> None:
    script = (
        f"import ast, os, sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from esign_cli.foundation.child import Child\n"
        f"c = Child({PROGRAM!r})\nc.send(b'limit')\n"
        "print(ast.literal_eval(c.receive(5).decode())['pid'], flush=True)\n"
        "c.send(b'sleep')\nos.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    pid = int(run.stdout)
    assert _ends(pid)


def test_closing_twice_is_harmless() -> None:
    child = Child(PROGRAM)
    child.close()
    child.close()
