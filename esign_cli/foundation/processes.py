"""Processes of this computer: whose ours is, who reads it, and whether another still runs."""

from __future__ import annotations

import contextlib
import os
import sys


def runs(number: int) -> bool:
    """Return whether a process with this number runs, whoever's it is."""
    if sys.platform == "win32":
        return _runs_on_windows(number)
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def account() -> str:
    """Return the name of the account that this process runs as; its number where it has no name.

    As the system knows it: LOGNAME and USERNAME are whatever somebody has set.
    """
    if sys.platform == "win32":
        try:
            return os.getlogin()  # GetUserName
        except OSError:
            return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def into_journal() -> bool:
    """Return whether systemd's journal keeps what this process prints (systemd.exec(5))."""
    streams = set()
    for number in (1, 2):
        with contextlib.suppress(OSError):  # closed
            state = os.fstat(number)
            streams.add(f"{state.st_dev}:{state.st_ino}")
    return os.environ.get("JOURNAL_STREAM") in streams


def _runs_on_windows(number: int) -> bool:
    import ctypes

    query, still_active = 0x1000, 259  # PROCESS_QUERY_LIMITED_INFORMATION, STILL_ACTIVE
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (only Windows has it)
    handle = kernel.OpenProcess(query, False, number)
    if not handle:
        return False
    code = ctypes.c_ulong()
    known = kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return not known or code.value == still_active
