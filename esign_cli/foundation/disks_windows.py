"""The disk that a file lies on, as Windows says it: a share or not, BitLocker or not.

GetDriveTypeW: https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew
BitLocker's state without administrator rights is a property of the drive in the shell's folder:
https://learn.microsoft.com/windows/win32/properties/props-system-volume-bitlockerprotection
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import TYPE_CHECKING

from esign_cli.foundation.disks import UNKNOWN, Disk, Encryption

if TYPE_CHECKING:
    from pathlib import Path

assert sys.platform == "win32"  # noqa: S101  (mypy reads the rest for Windows only)

_REMOTE = 4  # DRIVE_REMOTE
_SECONDS = 10
_ASKED = (
    "(New-Object -ComObject Shell.Application).NameSpace('{drive}').Self"
    ".ExtendedProperty('System.Volume.BitLockerProtection')"
)
_STATES = {"1": Encryption.ON, "3": Encryption.ON, "5": Encryption.ON, "2": Encryption.OFF}
"""On, being encrypted, paused; off. Everything else is no answer."""


def disk_of(path: Path) -> Disk:
    """Return what is known of the disk that `path` lies on, or would."""
    root = _root(path)
    if is_on_network(path):
        return Disk("", root, network=True, encryption=Encryption.UNKNOWN, by="")
    state = _STATES.get(_bitlocker(root), Encryption.UNKNOWN)
    if state is Encryption.UNKNOWN:
        return UNKNOWN
    return Disk(
        "", root, network=False, encryption=state, by="BitLocker" if state is Encryption.ON else ""
    )


def is_on_network(path: Path) -> bool:
    """Return whether it is a share (\\\\server\\share) or a drive letter of one."""
    root = _root(path)
    if root.startswith(("\\\\?\\UNC", "\\\\.\\UNC")):
        return True
    if root.startswith("\\\\") and not root.startswith(("\\\\?\\", "\\\\.\\")):
        return True
    return bool(ctypes.WinDLL("kernel32").GetDriveTypeW(root) == _REMOTE)


def _root(path: Path) -> str:
    """The drive or the share: C:\\ or \\\\server\\share\\."""
    return str(path.absolute().anchor)


def _bitlocker(root: str) -> str:
    asked = _ASKED.format(drive=root.rstrip("\\"))
    command = ["powershell", "-NoProfile", "-NonInteractive", "-Command", asked]
    try:
        ran = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.decode("ascii", "replace").strip()
