"""The processes beside esign: their memory is bounded, and they end with it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import pytest

from esign_cli.foundation.child import Child

from .conftest import Desk

GREEDY = "tests.windows.greedy"
MIB = 1 << 20


def processes() -> int:
    """How many Pythons run."""
    told = subprocess.run(["tasklist"], capture_output=True, check=True).stdout
    return told.lower().count(b"python.exe")


def until(holds: Callable[[], bool]) -> None:
    """Wait for it; a slow machine may take a minute to start a process under Wine."""
    end = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.5)


def test_child_beyond_its_memory_limit_is_ended() -> None:
    from esign_cli.foundation.errors.environment import ChildDied

    with Child(GREEDY, memory_limit=300 * MIB) as child:
        child.send(str(150 * MIB).encode())
        assert child.receive(30) == b"taken"
        child.send(str(600 * MIB).encode())
        with pytest.raises(ChildDied):
            child.receive(30)


def test_killed_esign_leaves_no_child(desk: Desk) -> None:
    before = processes()
    esign = desk.start("check-card", "--timeout", "300", SOFT_FAULT="C_GetSlotList=hang")
    until(lambda: processes() >= before + 2)
    esign.kill()
    esign.wait()
    until(lambda: processes() <= before)
