"""Where a database file may lie, and how it lies there: on a disk of its own, private, ours."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from esign_cli.foundation import disks, files, ownership
from esign_cli.foundation.errors import store as errors
from esign_cli.foundation.i18n import N_

CANNOT_BE_OPENED = N_("the file cannot be opened")


def check_disk(path: Path) -> None:
    """Raise DatabaseOnNetwork for a file on another computer's disk.

    SQLite's locks and its shared log do not hold there (https://sqlite.org/wal.html): two computers
    at once destroy it.
    """
    if disks.is_on_network(path):
        raise errors.DatabaseOnNetwork(path=str(path), kind=disks.disk_of(path).kind or "SMB")


def check_place(path: Path) -> None:
    """Raise DatabaseUnopenable for what is there and no file (a device, a pipe, a folder) or is
    reached by somebody else's link, NameTooLong where files beside it could not be named.
    """
    files.check_name(path, _LONGEST_ENDING)
    try:
        strange = path.exists() and not path.is_file()
    except OSError as error:
        raise errors.DatabaseUnopenable(path=str(path), detail=error.strerror or "") from error
    if strange:
        raise errors.DatabaseUnopenable(path=str(path), detail=CANNOT_BE_OPENED)
    if ownership.anothers_link(path):
        raise errors.DatabaseUnopenable(path=str(path), detail=_ANOTHERS)


_ANOTHERS = N_("somebody else's link leads to it")
_LONGEST_ENDING = len(".before-restore-20261129-083000.bak-journal")
"""Of the files that come to lie beside a database."""


def make_private(path: Path) -> None:
    """Make the file 0600 before SQLite does; -wal and -shm take their mode from it.

    On Windows they take what their folder gives: where that is too much they are made before, too.
    """
    try:
        files.create_private(path)
        if os.name == "nt" and files.open_to_others(path.parent):
            for ending in ("-wal", "-shm"):
                # whoever closes the database last takes these away, maybe just now
                with contextlib.suppress(FileNotFoundError, PermissionError):
                    files.create_private(path.with_name(path.name + ending))
    except OSError as error:
        raise errors.DatabaseUnopenable(path=str(path), detail=error.strerror or "") from error
