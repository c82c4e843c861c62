"""Whether a write-ahead log was left by a run that was cut off: a crash, a power cut.

Opening the database takes in what such a log holds (https://sqlite.org/walformat.html, "Recovery").
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_HEADER = 32
"""Bytes of a log before its first frame."""
_LOCKS = Path("/proc/locks")


def left_by_a_crash(database: Path) -> bool:
    """Return whether a log with changes is there and no program has the database open.

    Asked before we open it ourselves; never where the system does not say.
    """
    log = database.with_name(f"{database.name}-wal")
    try:
        if log.stat().st_size <= _HEADER:
            return False
    except OSError:
        return False
    if sys.platform == "win32":
        from esign_cli.foundation import files_windows

        return not files_windows.in_use(log)
    return not _index_is_locked(database.with_name(f"{database.name}-shm"))


def _index_is_locked(index: Path) -> bool:
    """Whether a program has the log's index open: it then holds a lock on it (proc_locks(5)).

    True where the system does not say. The file itself is not opened: closing it would end the
    locks that this process holds on it.
    """
    if sys.platform == "win32":
        return True
    try:
        locks = _LOCKS.read_text("ascii", "replace").splitlines()
    except OSError:
        return True
    try:
        facts = index.stat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    file = f"{os.major(facts.st_dev):02x}:{os.minor(facts.st_dev):02x}:{facts.st_ino}"
    return any(file in line.split() for line in locks)
