"""The processes beside esign: their memory is bounded, and they end with it."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

import pytest

from esign_cli.foundation.child import Child

from .conftest import Workdir

GREEDY = "tests.windows.greedy"
MIB = 1 << 20
SYNCHRONIZE = 0x00100000
WAIT_TIMEOUT = 258


def runs(process: int) -> bool:
    """Whether the process with this number has not ended."""
    kernel = ctypes.WinDLL("kernel32")
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(kernel.OpenProcess(SYNCHRONIZE, False, process))
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == WAIT_TIMEOUT)
    finally:
        kernel.CloseHandle(handle)


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


def test_killed_esign_leaves_no_child(workdir: Workdir) -> None:
    log = workdir.folder.parent / "card.log"  # C opens no file with Turkish letters in its name
    hanging = {"SOFT_FAULT": "C_GetSlotList=hang", "SOFT_LOG": str(log)}
    with workdir.start("check-card", "--timeout", "300", **hanging) as esign:
        until(lambda: log.exists() and log.read_text("ascii").endswith("\n"))
        child = int(log.read_text("ascii").split()[0])
        assert runs(child)
        esign.kill()
    until(lambda: not runs(child))
