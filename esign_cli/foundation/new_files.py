"""New files that have no name yet, or a temporary one, until all of them are on the disk."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PRIVATE = 0o600
_TEMPORARY = ".esign-"
_OPEN_FILES = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True)
class NewFile:
    """A private file that is being written: `end` it, then `place` puts it where it belongs."""

    handle: int
    end: Callable[[], object]
    place: Callable[[], object]


def nameless(path: Path, undo: contextlib.ExitStack) -> NewFile:
    """Return a private file that has no name yet; `place` gives it one.

    So nothing is left of a run that is killed before that. Where the system or the file system does
    not know such files (Linux does: open(2), O_TMPFILE), it has a name from the beginning.
    """
    if sys.platform != "linux":
        return named(path, undo)
    try:
        _OPEN_FILES.stat()
        handle = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, PRIVATE)
    except (AttributeError, OSError):
        return named(path, undo)
    undo.callback(os.close, handle)
    temporary = path.with_name(_TEMPORARY + os.urandom(8).hex())  # whatever the name's length

    def place() -> None:
        undo.callback(temporary.unlink, missing_ok=True)
        os.link(_OPEN_FILES / str(handle), temporary, src_dir_fd=handle)  # this way it follows
        temporary.replace(path)

    return NewFile(handle, lambda: None, place)


def named(path: Path, undo: contextlib.ExitStack) -> NewFile:
    """Return the same in a file that goes away at the end unless it took its place."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY)  # made 0600
    undo.callback(Path(name).unlink, missing_ok=True)
    closing = undo.enter_context(contextlib.ExitStack())
    closing.callback(os.close, handle)  # Windows moves no open file
    from esign_cli.foundation.files import make_private

    make_private(Path(name))
    return NewFile(handle, closing.close, lambda: Path(name).replace(path))
