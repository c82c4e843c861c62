"""Which disk a file lies on: told by mount tables of real computers, and by this one's own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from esign_cli.foundation import disks
from esign_cli.foundation.disks import Encryption, Mount

pytestmark = pytest.mark.posix
TABLE = """\
21 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw,errors=remount-ro
22 21 0:20 / /sys rw,nosuid - sysfs sysfs rw
30 21 8:2 / /home rw,relatime shared:5 master:2 - ext4 /dev/sda2 rw
31 30 0:44 / /home/a/uzak\\040disk rw,nosuid,nodev,relatime - fuse.sshfs a@okul:/srv rw,user_id=0
32 21 0:45 / /mnt/ortak rw,relatime shared:9 - cifs //sunucu/ortak rw,vers=3.1.1,cache=strict
33 21 0:46 / /mnt/nfs rw,relatime - nfs4 10.0.0.1:/export rw,vers=4.2,rsize=1048576
34 21 0:47 / /mnt/nfs3 rw,relatime - nfs 10.0.0.1:/export rw,vers=3
35 30 0:48 / /home/b/Private rw,relatime - ecryptfs /home/.ecryptfs/b/.Private rw
36 32 8:17 / /mnt/ortak/usb rw,relatime - vfat /dev/sdb1 rw
37 21 0:49 / /mnt/over rw - cifs //x/y rw
38 21 8:3 / /mnt/over rw - ext4 /dev/sda3 rw
39 21 0:43 / /mnt/dav rw,nosuid - fuse http://127.0.0.1:28080/ rw,user_id=0,allow_other
40 21 0:44 / /mnt/rclone rw,nosuid - fuse.rclone :webdav{wlRQz}: rw,user_id=0
41 21 0:42 / /mnt/union rw,nosuid - fuse.unionfs unionfs rw,default_permissions
42 21 0:48 / /mnt/smb rw,nosuid - fuse.smbnetfs smbnetfs rw,user_id=0
43 21 0:49 / /mnt/ftp rw,nosuid - fuse curlftpfs#ftp://10.0.0.1/ rw,user_id=0
44 21 8:4 / /mnt/ntfs rw - fuseblk /dev/sda4 rw,user_id=0
broken line
"""
WHERE = {
    "/var/lib/esign.db": ("ext4", False),
    "/home/a/esign.db": ("ext4", False),
    "/home/a/uzak disk/esign.db": ("fuse.sshfs", True),
    "/home/a/uzak diskten/esign.db": ("ext4", False),
    "/mnt/ortak/esign.db": ("cifs", True),
    "/mnt/ortak/usb/esign.db": ("vfat", False),
    "/mnt/nfs/esign.db": ("nfs4", True),
    "/mnt/nfs3/esign.db": ("nfs", True),
    "/mnt/over/esign.db": ("ext4", False),
    "/home/b/Private/esign.db": ("ecryptfs", False),
    "/mnt/dav/esign.db": ("fuse", True),
    "/mnt/rclone/esign.db": ("fuse.rclone", True),
    "/mnt/union/esign.db": ("fuse.unionfs", False),
    "/mnt/smb/esign.db": ("fuse.smbnetfs", True),
    "/mnt/ftp/esign.db": ("fuse", True),
    "/mnt/ntfs/esign.db": ("fuseblk", False),
}


@pytest.mark.parametrize("path", WHERE)
def test_the_nearest_mount_tells(path: str) -> None:
    mount = disks.mount_of(Path(path), TABLE)
    assert mount is not None
    assert (mount.kind, mount.is_network) == WHERE[path]


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    """253:0 is a logical volume on 253:1, a LUKS mapping on 8:2; 8:3 is a bare partition."""
    uuids = {"253:0": "LVM-abc", "253:1": "CRYPT-LUKS2-0123-sda2_crypt", "253:2": "CRYPT-PLAIN-x"}
    for number in (*uuids, "8:2", "8:3"):
        (tmp_path / number / "slaves").mkdir(parents=True)
    for number, uuid in uuids.items():
        (tmp_path / number / "dm").mkdir()
        (tmp_path / number / "dm/uuid").write_text(f"{uuid}\n")
    for above, below in (("253:0", "253:1"), ("253:1", "8:2")):
        (tmp_path / above / "slaves" / below).symlink_to(tmp_path / below)
    return tmp_path


ENCRYPTED = {
    "253:0": (Encryption.ON, "LUKS"),
    "253:1": (Encryption.ON, "LUKS"),
    "253:2": (Encryption.ON, "dm-crypt"),
    "8:3": (Encryption.OFF, ""),
    "8:99": (Encryption.UNKNOWN, ""),
    "0:44": (Encryption.UNKNOWN, ""),
}


@pytest.mark.parametrize("device", ENCRYPTED)
def test_what_lies_below_a_mount_tells_whether_it_is_encrypted(device: str, sysfs: Path) -> None:
    mount = Mount("/", "ext4", "none", device)
    assert disks.encryption(mount, sysfs) == ENCRYPTED[device]


def test_some_file_systems_encrypt_themselves_and_shares_say_nothing(sysfs: Path) -> None:
    assert disks.encryption(Mount("/", "ecryptfs", "", "0:9"), sysfs)[1] == "eCryptfs"
    shared = disks.encryption(Mount("/", "cifs", "//a/b", "8:3"), sysfs)
    assert shared == (Encryption.UNKNOWN, "")


def test_a_disk_in_a_file_is_as_what_the_file_lies_on(
    sysfs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sysfs / "7:0/loop").mkdir(parents=True)
    (sysfs / "7:0/loop/backing_file").write_text("/home/a/disk.img\n")
    for around, expected in (
        (Mount("/home", "ext4", "none", "253:0"), (Encryption.ON, "LUKS")),
        (Mount("/home", "fuse.gocryptfs", "/x", "0:9"), (Encryption.ON, "gocryptfs")),
        (Mount("/home", "ext4", "none", "8:3"), (Encryption.OFF, "")),
        (Mount("/home", "nfs4", "a:/b", "0:9"), (Encryption.UNKNOWN, "")),
    ):
        monkeypatch.setattr(disks, "mount_of", lambda _path, one=around: one)
        assert disks.encryption(Mount("/", "ext4", "none", "7:0"), sysfs) == expected


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_folder_that_is_encrypted_by_itself_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    flags = (disks._IS_ENCRYPTED if encrypted else 0x80000).to_bytes(8, sys.byteorder)
    monkeypatch.setattr("fcntl.ioctl", lambda *_: flags)
    monkeypatch.setattr(disks, "mount_of", lambda _path: Mount("/", "ext4", "none", "8:99"))
    disk = disks.disk_of(tmp_path / "none" / "esign.db")
    assert disk.by == ("fscrypt" if encrypted else "")


def test_this_computers_own_table_is_read(tmp_path: Path) -> None:
    mount = disks.mount_of(tmp_path)
    assert mount is not None
    assert mount.kind
    assert not disks.is_on_network(tmp_path)
