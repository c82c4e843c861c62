"""Locks on files, which end with the process that holds them."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from esign_cli.foundation import files
from esign_cli.foundation.errors import environment as errors

_SLICE = 0.1
"""Seconds between two looks at a lock."""


@contextlib.contextmanager
def lock(path: Path, what: str, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the file for the length of a `with` block: a second run of `what` is refused.

    It waits so many seconds before. The lock ends with its process. Raises AlreadyRunning, DiskFull
    or OutputUnwritable.
    """
    with files.as_output_errors(path):
        file = os.fdopen(
            os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), files.PRIVATE),
            "r+b",
        )
    with file:  # no program truncates or removes it: the lock is on the file
        if not taken_within(wait, file):
            raise errors.AlreadyRunning(what=what, path=str(path))
        yield


def taken_within(seconds: float, *opened: IO[bytes]) -> bool:
    """Return whether the locks on these open files are ours in time; closing gives them back."""
    end = time.monotonic() + seconds
    for file in opened:
        while not _taken(file):
            if time.monotonic() >= end:
                return False
            time.sleep(_SLICE)
    return True


def _taken(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
