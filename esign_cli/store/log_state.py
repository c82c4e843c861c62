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
    if _is_open(database):
        return False
    try:  # who closed it just now held a lock until the log was gone
        return log.stat().st_size > _HEADER
    except OSError:
        return False


def _is_open(database: Path) -> bool:
    """Whether a program holds a lock on the database or on the log's index (proc_locks(5)).

    It does while it has the database open, on the index; and while it closes it as the last, on the
    database. True where the system does not say. The files themselves are not opened: closing them
    would end the locks that this process holds on them.
    """
    if sys.platform == "win32":
        return True
    try:
        locks = _LOCKS.read_text("ascii", "replace").split()
        facts = [path.stat() for path in (database, _index(database)) if path.exists()]
    except OSError:
        return True
    files = {f"{os.major(one.st_dev):02x}:{os.minor(one.st_dev):02x}:{one.st_ino}" for one in facts}
    return not files.isdisjoint(locks)


def _index(database: Path) -> Path:
    return database.with_name(f"{database.name}-shm")
