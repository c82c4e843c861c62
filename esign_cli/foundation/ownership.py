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

    That is its mode and owner, those of every folder above it, and the owner of every link that
    leads to it; a sticky folder (/tmp) keeps what others have in it. What is not there, and what is
    no file (/dev/null, a pipe), passes.
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
    except (OSError, RuntimeError):  # RuntimeError: links in a circle
        return  # whoever reads it says why it cannot be
    if not (stat.S_ISREG(facts.st_mode) or stat.S_ISDIR(facts.st_mode)):
        return
    if link := anothers_link(path):
        _refuse(path, "sudo", "chown", "-h", str(os.geteuid()), str(link))
    if not is_trusted(facts.st_uid):
        _refuse(path, "sudo", "chown", str(os.geteuid()), str(real))
    if _others_write(facts):
        _refuse(path, "chmod", "go-w", str(real))
    _check_folders(path, real)


def _check_folders(path: Path, real: Path) -> None:
    if sys.platform == "win32":
        return
    for folder in real.parents:
        facts = folder.stat()
        if not is_trusted(facts.st_uid):  # who may put another file in the place of one in it
            _refuse(path, "sudo", "chown", str(os.geteuid()), str(folder))
        if _others_write(facts) and not facts.st_mode & stat.S_ISVTX:
            _refuse(path, "chmod", "go-w", str(folder))


_MOST_LINKS = 40
"""So many links in a row no system follows (path_resolution(7))."""


def anothers_link(path: Path) -> Path | None:
    """Return the first symbolic link on the way to a path that is somebody else's.

    None where there is none: where the way ends, and on Windows.
    """
    if sys.platform == "win32":
        return None
    here, links = Path("/"), 0
    parts = list(reversed(path.absolute().parts))
    while parts and links < _MOST_LINKS:
        part = parts.pop()
        here = here.parent if part == ".." else Path(here, part)
        try:
            facts = here.lstat()
            target = here.readlink() if stat.S_ISLNK(facts.st_mode) else None
        except OSError:
            return None
        if target is None:
            continue
        if not is_trusted(facts.st_uid):
            return here
        links, here = links + 1, here.parent
        parts += reversed(target.parts)
    return None


def is_trusted(owner: int) -> bool:
    """Return whether an owner is this account or root, who can do as he likes anyway."""
    if sys.platform == "win32":
        return True
    return owner in (0, os.geteuid()) or (owner == _NOBODY and not _root_is_known())


_NOBODY = 65534
"""Whose files those of unknown accounts seem to be (user_namespaces(7))."""


def _root_is_known() -> bool:
    """Whether root's files are seen as root's: in a box without privileges they are nobody's."""
    try:
        return "4294967295" in Path("/proc/self/uid_map").read_text("ascii")
    except OSError:
        return True


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
