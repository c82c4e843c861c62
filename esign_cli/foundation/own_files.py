"""Files that esign keeps, or rests on: only regular ones of its own account, or of root.

In a folder that others can write to a pipe may lie in their place, which would be waited for, a
link that leads elsewhere, or a file that tells somebody else's story.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import IO

from esign_cli.foundation import files, ownership


def read(path: Path) -> bytes:
    """Return the bytes of a file that esign keeps, or rests on: whole, and never waited for.

    Raises FileMissing; FileUnreadable also for a pipe, a device, or somebody else's file.
    """
    with files.as_read_errors(path):
        try:
            with _opened(path, os.O_RDONLY) as file:
                return file.read()
        except _NoFileOfOurs as error:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM)) from error


def note(path: Path, line: str) -> None:
    """Leave one line in a private file, in place and unsynced: for what is said elsewhere, too.

    It has to be as long as the line that was there. What is no file of ours there (a link, a pipe)
    is replaced. Raises DiskFull or OutputUnwritable.
    """
    content = f"{line}\n".encode()
    with files.as_output_errors(path), contextlib.suppress(_NoFileOfOurs):
        with _opened(path, os.O_CREAT | os.O_RDWR | _NO_LINK) as file:
            if os.fstat(file.fileno()).st_nlink > 1:
                raise _NoFileOfOurs
            file.write(content)
        return
    files.write_private(path, content)


class _NoFileOfOurs(Exception):
    """Something else lies there than a regular file of this account's or root's."""


_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_AS_IT_IS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe is not waited for, and Windows changes no line's end."""


def _opened(path: Path, flags: int) -> IO[bytes]:
    """Open a file of ours; raises OSError, or _NoFileOfOurs for anything else."""
    try:
        handle = os.open(path, flags | _AS_IT_IS, files.PRIVATE)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):  # a link; a socket
            raise _NoFileOfOurs from error
        raise
    file = os.fdopen(handle, "r+b" if flags & os.O_RDWR else "rb", buffering=0)
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode) or not ownership.is_trusted(facts.st_uid):
        file.close()
        raise _NoFileOfOurs
    return file
