"""Files that decide what esign trusts and runs: nobody else may be able to change them."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from esign_cli.foundation import shell
from esign_cli.foundation.errors.environment import OthersMayWrite


def check_own(path: Path) -> None:
    """Raise OthersMayWrite for a file or folder that other accounts than root can change or swap.

    That is its own mode and owner, and the mode of every folder above it; a sticky one (/tmp) keeps
    what others have in it. What is not there, and what is no file (/dev/null, a pipe), passes.
    """
    if sys.platform == "win32":
        from esign_cli.foundation import files_windows

        try:
            open_to_write = path.exists() and files_windows.writable_by_others(path)
        except OSError:
            return  # whoever reads it says why it cannot be
        if open_to_write:
            _refuse(path, "icacls", str(path), "/inheritance:r", "/grant:r", "%USERNAME%:F")
        return
    _check_posix(path)


def _check_posix(path: Path) -> None:
    if sys.platform == "win32":
        return
    try:
        real = path.resolve(strict=True)
        facts = real.stat()
    except OSError:
        return  # whoever reads it says why it cannot be
    if not (stat.S_ISREG(facts.st_mode) or stat.S_ISDIR(facts.st_mode)):
        return
    if facts.st_uid not in (0, os.geteuid()):
        _refuse(path, "sudo", "chown", str(os.geteuid()), str(real))
    if _others_write(facts):
        _refuse(path, "chmod", "go-w", str(real))
    for folder in real.parents:
        facts = folder.stat()
        if _others_write(facts) and not facts.st_mode & stat.S_ISVTX:
            _refuse(path, "chmod", "go-w", str(folder))


def _refuse(path: Path, *words: str) -> None:
    raise OthersMayWrite(path=str(path), command=shell.command_line(words))


def _others_write(facts: os.stat_result) -> bool:
    if facts.st_mode & stat.S_IWOTH:
        return True
    return bool(facts.st_mode & stat.S_IWGRP) and not _own_group(facts.st_gid, facts.st_uid)


def _own_group(number: int, owner: int) -> bool:
    """Whether nobody is in the group but its one user, as Debian and Fedora make one for each."""
    if sys.platform == "win32":
        return False
    import grp
    import pwd

    try:
        group, user = grp.getgrgid(number), pwd.getpwuid(owner)
    except KeyError:
        return False
    return (group.gr_name, user.pw_gid) == (user.pw_name, number) and not (
        set(group.gr_mem) - {user.pw_name}
    )
