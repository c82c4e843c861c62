"""Where a database file may lie, and how it lies there: on a disk of its own, private, ours."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from esign_cli.foundation import disks, files, ownership, shell
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


def unusable(path: Path) -> errors.DatabaseFileUnusable | None:
    """Return what keeps this account from using the database, None if nothing does: the first that
    it may not read and write, or that is no file, of those that SQLite opens; else their folder.
    """
    for ending in ("", "-wal", "-shm", "-journal"):
        file = path.with_name(path.name + ending)
        if os.path.lexists(file) if ending else file.exists():  # links may lead in a circle
            strange = file.is_symlink() or not file.is_file()  # SQLite follows no link to these
            if ending and strange:
                return _blamed(file, _NO_FILE, "mv", str(file), f"{file}.aside")
            if not os.access(file, os.R_OK | os.W_OK):
                return _shut(file, "u+rw")
    folder = path.absolute().parent
    return None if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else _shut(folder, "u+rwx")


def _shut(path: Path, rights: str) -> errors.DatabaseFileUnusable:
    if sys.platform == "win32":
        return _blamed(path, _NO_RIGHTS, "attrib", "-R", str(path))
    if path.stat().st_uid != os.geteuid():
        return _blamed(path, _OF_ANOTHER, "sudo", "chown", str(os.geteuid()), str(path))
    return _blamed(path, _NO_RIGHTS, "chmod", rights, str(path))


def _blamed(path: Path, detail: str, *command: str) -> errors.DatabaseFileUnusable:
    return errors.DatabaseFileUnusable(
        path=str(path), detail=detail, command=shell.command_line(command)
    )


_NO_FILE = N_("it is no file")
_NO_RIGHTS = N_("this account may not read and write it")
_OF_ANOTHER = N_("it is another account's")


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
