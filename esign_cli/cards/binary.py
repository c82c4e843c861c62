"""What a library file was built for, read from its own header.

Formats: ELF (System V gABI, chapter 4), PE (Microsoft PE and COFF specification), Mach-O (Apple's
`mach-o/loader.h` and `fat.h`). The loader's own words ("wrong ELF class") help nobody.
"""

from __future__ import annotations

import platform
import stat
import struct
import sys
from pathlib import Path

_ELF = {3: "x86 (32-bit)", 40: "ARM (32-bit)", 62: "x86-64", 183: "ARM64", 243: "RISC-V"}
_PE = {0x014C: "x86 (32-bit)", 0x01C4: "ARM (32-bit)", 0x8664: "x86-64", 0xAA64: "ARM64"}
_MACH = {7: "x86 (32-bit)", 0x01000007: "x86-64", 12: "ARM (32-bit)", 0x0100000C: "ARM64"}
_MACH_MAGIC = {0xFEEDFACE: "<", 0xFEEDFACF: "<", 0xCEFAEDFE: ">", 0xCFFAEDFE: ">"}
_FAT_MAGIC = 0xCAFEBABE
_FAT_ENTRY = 20
_FAT_MOST = 16
"""A fat file holds a few architectures; Java classes begin with the same magic number."""
_HEAD = 4096
_BITS_32 = 2**32
_SYSTEMS = {"linux": "Linux", "win32": "Windows", "darwin": "macOS"}
_MACHINES = {"amd64": "x86-64", "x86_64": "x86-64", "arm64": "ARM64", "aarch64": "ARM64"}
_MACHINES_32 = {"x86-64": "x86 (32-bit)", "ARM64": "ARM (32-bit)"}


def built_for(path: Path) -> list[str]:
    """Return what the library runs on, such as ["Linux x86-64"]; empty when it is no
    library.

    Raises OSError.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        return []  # a pipe would be waited for
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        return _elf(head) or _pe(head) or _mach(head)
    except struct.error:
        return []


def ours() -> str:
    """Return what this program runs on, in the same words."""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    machine = platform.machine().lower()
    cpu = _MACHINES.get(machine, machine)
    if sys.maxsize < _BITS_32:  # a 32-bit Python loads 32-bit libraries, whatever the machine
        cpu = _MACHINES_32.get(cpu, cpu)
    return f"{system} {cpu}"


def _elf(head: bytes) -> list[str]:
    if not head.startswith(b"\x7fELF"):
        return []
    order = ">" if head[5:6] == b"\x02" else "<"
    (machine,) = struct.unpack_from(order + "H", head, 18)
    return [f"Linux {_ELF.get(machine, f'ELF {machine}')}"]


def _pe(head: bytes) -> list[str]:
    if not head.startswith(b"MZ"):
        return []
    (offset,) = struct.unpack_from("<I", head, 0x3C)
    if head[offset : offset + 4] != b"PE\0\0":
        return []
    (machine,) = struct.unpack_from("<H", head, offset + 4)
    return [f"Windows {_PE.get(machine, f'PE {machine:#x}')}"]


def _mach(head: bytes) -> list[str]:
    (magic,) = struct.unpack_from("<I", head)
    if order := _MACH_MAGIC.get(magic):
        return [_mach_name(struct.unpack_from(order + "I", head, 4)[0])]
    (fat, count) = struct.unpack_from(">II", head)
    if fat != _FAT_MAGIC or count > _FAT_MOST:
        return []
    offsets = range(8, 8 + count * _FAT_ENTRY, _FAT_ENTRY)
    return [_mach_name(struct.unpack_from(">I", head, offset)[0]) for offset in offsets]


def _mach_name(cpu: int) -> str:
    return f"macOS {_MACH.get(cpu, f'Mach-O {cpu:#x}')}"
