"""The disk that a file lies on: in this computer or elsewhere, encrypted or not.

Linux: proc_pid_mountinfo(5), and what sysfs says of a block device. Windows: see `disks_windows`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

NETWORK = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afs", "ncpfs", "ceph", "lustre", "davfs",
        "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.davfs2", "fuse.gvfsd-fuse",
        "fuse.smbnetfs", "fuse.s3fs", "fuse.curlftpfs", "fuse.ceph-fuse",
    }
)  # fmt: skip
"""File systems of other computers, as the mount table calls them."""
_ENCRYPTED = {
    "ecryptfs": "eCryptfs",
    "fuse.gocryptfs": "gocryptfs",
    "fuse.encfs": "EncFS",
    "fuse.cryfs": "CryFS",
}
"""File systems that encrypt, whatever they lie on."""
_OCTAL = re.compile(r"\\([0-7]{3})")
_DM_CRYPT = "CRYPT-"
"""How cryptsetup begins the UUID that device mapper keeps of a mapping."""
SYSFS = Path("/sys/dev/block")
_DEEPEST = 8
"""Block devices on top of each other."""


class Encryption(StrEnum):
    """Whether a disk is encrypted, as far as the system says."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mount:
    """A line of the mount table."""

    point: str
    kind: str
    """The file system."""
    source: str
    device: str
    """The block device's MAJOR:MINOR; 0:N where there is none."""

    @property
    def is_network(self) -> bool:
        """Whether it is another computer's disk; davfs2 says so by its source alone ("fuse")."""
        return self.kind in NETWORK or (self.kind.startswith("fuse") and "://" in self.source)


@dataclass(frozen=True, slots=True)
class Disk:
    """What is known of where a file lies; `kind` is "" where the system does not say."""

    kind: str
    source: str
    network: bool
    encryption: Encryption
    by: str
    """What encrypts it: LUKS, dm-crypt, eCryptfs, BitLocker …; or ""."""


UNKNOWN = Disk("", "", network=False, encryption=Encryption.UNKNOWN, by="")


def disk_of(path: Path) -> Disk:
    """Return what is known of the disk that `path` lies on, or would."""
    if sys.platform == "win32":
        from esign_cli.foundation import disks_windows

        return disks_windows.disk_of(path)
    mount = mount_of(path)
    if mount is None:
        return UNKNOWN
    found = encryption(mount)
    if mount.kind in _BY_FOLDER and _folder_is_encrypted(path):
        found = Encryption.ON, "fscrypt"
    return Disk(mount.kind, mount.source, mount.is_network, *found)


def is_on_network(path: Path) -> bool:
    """Return whether `path` lies on another computer's disk; quick enough for every opening."""
    if sys.platform == "win32":
        from esign_cli.foundation import disks_windows

        return disks_windows.is_on_network(path)
    mount = mount_of(path)
    return mount is not None and mount.is_network


def mount_of(path: Path, table: str | None = None) -> Mount | None:
    """Return the mount that `path` lies on, by the text of a mount table (else the system's)."""
    if table is None:
        try:
            table = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        except OSError:
            return None
    real = os.path.realpath(path)
    above = [mount for mount in mounts(table.splitlines()) if _is_above(mount.point, real)]
    # of several on one point the last lies on top
    return max(reversed(above), key=lambda mount: len(mount.point), default=None)


def mounts(lines: Iterable[str]) -> Iterator[Mount]:
    """Yield the lines of /proc/self/mountinfo that are whole, in their order."""
    for line in lines:
        before, dash, after = line.partition(" - ")
        words, ends = before.split(" "), after.split(" ")
        if dash and len(words) >= _FIELDS and len(ends) > 1:
            yield Mount(_unescaped(words[4]), ends[0], _unescaped(ends[1]), words[2])


_FIELDS = 6
"""Before the dash, without the optional ones: id, parent, device, root, mount point, options."""


def _unescaped(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def _is_above(point: str, path: str) -> bool:
    return path == point or path.startswith(point.rstrip("/") + "/")


def encryption(mount: Mount, sysfs: Path = SYSFS) -> tuple[Encryption, str]:
    """Return whether what is mounted is encrypted, and by what; `sysfs` names block devices."""
    if mount.kind in _ENCRYPTED:
        return Encryption.ON, _ENCRYPTED[mount.kind]
    device = sysfs / _device_number(mount)
    if mount.is_network or not device.exists():
        return Encryption.UNKNOWN, ""
    below = list(_below(device, 0))
    for uuid in filter(None, map(_mapping, below)):
        return Encryption.ON, "LUKS" if uuid.startswith(f"{_DM_CRYPT}LUKS") else "dm-crypt"
    for file in filter(None, map(_backing_file, below)):
        around = mount_of(Path(file))
        return encryption(around, sysfs) if around else (Encryption.UNKNOWN, "")
    return Encryption.OFF, ""


_BY_FOLDER = frozenset({"ext4", "f2fs", "ubifs"})
"""File systems that encrypt folders one by one (fscrypt; systemd-homed uses it)."""
_GET_FLAGS = 0x80086601
"""FS_IOC_GETFLAGS of 64-bit systems (ioctl_iflags(2))."""
_IS_ENCRYPTED = 0x00000800
"""FS_ENCRYPT_FL (linux/fs.h)."""


def _folder_is_encrypted(path: Path) -> bool:
    if sys.platform == "win32":
        return False
    import fcntl

    real = Path(os.path.realpath(path))
    folder = next((one for one in real.parents if one.is_dir()), Path("/"))
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        flags = fcntl.ioctl(handle, _GET_FLAGS, bytes(8))
    except OSError:
        return False
    finally:
        os.close(handle)
    return bool(int.from_bytes(flags[:4], sys.byteorder) & _IS_ENCRYPTED)


def _backing_file(device: Path) -> str:
    """The file that a loop device shows as a disk; "" for any other device."""
    try:
        return (device / "loop" / "backing_file").read_text("utf-8", "surrogateescape").strip("\n")
    except OSError:
        return ""


def _device_number(mount: Mount) -> str:
    """Its MAJOR:MINOR; btrfs and the like have one of their own, so the source is asked."""
    if sys.platform == "win32" or not mount.device.startswith("0:"):
        return mount.device
    try:
        number = Path(mount.source).stat().st_rdev if mount.source.startswith("/dev/") else 0
    except OSError:
        return mount.device
    return f"{os.major(number)}:{os.minor(number)}" if number else mount.device


def _below(device: Path, depth: int) -> Sequence[Path]:
    """A block device and all that it rests on: a partition's disk, the parts of a volume."""
    slaves = device / "slaves"
    devices = [device]
    if depth < _DEEPEST and slaves.is_dir():
        for one in slaves.iterdir():
            devices += _below(one, depth + 1)
    return devices


def _mapping(device: Path) -> str:
    """The UUID of a mapping that encrypts; "" for any other device."""
    try:
        uuid = (device / "dm" / "uuid").read_text("ascii", "replace").strip()
    except OSError:
        return ""
    return uuid if uuid.startswith(_DM_CRYPT) else ""
