"""One `esign` at a time uses a card's key, whoever runs it: a lock for each of its certificates.

The locks lie in a folder that all users of the machine may write to and nobody but the owner may
delete from; where there is none, or somebody has put something else there, in the user's own. They
end with their process.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from esign_cli.foundation import files, locations, locks
from esign_cli.foundation.errors.cards import CardBusy
from esign_cli.foundation.errors.environment import OutputUnwritable

SHARED = (Path("/run/lock"), Path("/var/lock"), Path("/tmp"))  # noqa: S108  (checked to be sticky)
WAIT = 5.0
"""Seconds that the second one waits."""
_READABLE = 0o644
"""A lock wants no more than to be read; its name tells nobody anything."""


@contextmanager
def card_lock(certificates: Iterable[str], *, wait: float = WAIT) -> Iterator[None]:
    """Hold the card with these certificates (SHA-256) for the length of a `with` block.

    Raises CardBusy after `wait` seconds, and OutputUnwritable where no lock can be made. Reading a
    card without a login takes no lock: cards take turns themselves.
    """
    with ExitStack() as held:
        in_order = sorted(set(certificates))  # two that want the same can never wait in a ring
        if not locks.taken_within(wait, *(held.enter_context(_opened(one)) for one in in_order)):
            raise CardBusy(seconds=int(wait))
        yield


def _opened(certificate: str) -> IO[bytes]:
    name = f"esign-card-{hashlib.sha256(certificate.encode()).hexdigest()[:16]}.lock"
    folder = _shared_folder()
    if folder is not None:
        try:
            return _plain_file(folder / name)
        except OSError:  # a stranger's link, pipe or folder: ours, then
            folder = None
    path = _own_folder() / name
    try:
        return os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, files.PRIVATE), "rb")
    except OSError as error:
        raise OutputUnwritable(path=str(path), detail=error.strerror or "") from error


def _shared_folder() -> Path | None:
    """The first folder that everybody may write to and where nobody removes what is another's."""
    if sys.platform == "win32":
        return None
    wanted = stat.S_ISVTX | stat.S_IWOTH
    for folder in SHARED:
        try:
            mode = folder.stat().st_mode
        except OSError:
            continue
        if stat.S_ISDIR(mode) and mode & wanted == wanted:
            return folder
    return None


def _plain_file(path: Path) -> IO[bytes]:
    """The file, also another user's; never through a link, and never what is no file."""
    if sys.platform == "win32":  # it has no such flags, and no shared folder
        raise OSError(str(path))
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        handle = os.open(path, flags)  # Linux refuses O_CREAT on another's (protected_regular)
    except FileNotFoundError:
        handle = os.open(path, flags | os.O_CREAT, _READABLE)
        os.fchmod(handle, _READABLE)  # whatever the umask says
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(str(path))
    return os.fdopen(handle, "rb")


def _own_folder() -> Path:
    try:
        return files.private_folder(locations.lock_folder())
    except OutputUnwritable:
        return files.own_temporary_folder()
