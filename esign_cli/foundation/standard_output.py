"""Files that are standard output by another name, which nothing is to replace."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import IO

from esign_cli.foundation.errors.environment import BinaryToTerminal

_NAMES = frozenset(
    map(Path, ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1"))
)


def is_meant(path: Path) -> bool:
    """Return whether this name is standard output's on this system; Windows has none."""
    return sys.platform != "win32" and path in _NAMES


def write(content: bytes) -> None:
    """Write a file's content to standard output; raises BinaryToTerminal, or OSError."""
    if sys.stdout.isatty() and not _is_text(content):
        raise BinaryToTerminal(format="/dev/stdout")
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def copy(file: IO[bytes]) -> None:
    """Do the same with an open file, piece by piece."""
    if sys.stdout.isatty():
        write(file.read())
        return
    sys.stdout.flush()
    shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _is_text(content: bytes) -> bool:
    try:
        return b"\0" not in content and content.decode() is not None
    except UnicodeDecodeError:
        return False
