"""Name the library that a card driver's DLL lacks on Windows.

Windows itself says only "the specified module could not be found", and means any of them.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from collections.abc import Iterator
from ctypes import wintypes
from pathlib import Path

assert sys.platform == "win32"  # noqa: S101  (mypy reads the rest for Windows only)

_ONLY_TO_LOOK = 2  # LOAD_LIBRARY_AS_DATAFILE
_OF_THE_SYSTEM = ("api-ms-win-", "ext-ms-")
"""API sets: names that are no files."""
_PE32_PLUS = 0x20B
_IMPORTS = 1
"""The place of the import table among the data directories (PE format, 3.4.3)."""


def missing_library(driver: Path) -> str | None:
    """Return the first library that is missing of those that the DLL, or one beside it, needs."""
    waiting, seen = [driver], set()
    while waiting:
        for name in imported(waiting.pop()):
            beside = driver.parent / name
            if name in seen or name.startswith(_OF_THE_SYSTEM):
                continue
            seen.add(name)
            if beside.exists():
                waiting.append(beside)
            elif not _kernel.LoadLibraryExW(name, None, _ONLY_TO_LOOK):
                return name
    return None


def imported(library: Path) -> tuple[str, ...]:
    """Return the names of the libraries in a DLL's import table, lower case; none without one."""
    try:
        return tuple(_imported(library.read_bytes()))
    except (OSError, struct.error, UnicodeDecodeError, ValueError):
        return ()


def _imported(image: bytes) -> Iterator[str]:
    """From the Microsoft PE format, chapters 3.3 (COFF header), 3.4, 4 (sections) and 6.4."""
    (header,) = struct.unpack_from("<I", image, 0x3C)
    sections, optional_size = struct.unpack_from("<2xH12xH", image, header + 4)
    optional = header + 24
    (magic,) = struct.unpack_from("<H", image, optional)
    directories = optional + (112 if magic == _PE32_PLUS else 96)
    (table,) = struct.unpack_from("<I", image, directories + 8 * _IMPORTS)
    places = [
        struct.unpack_from("<8xIIII", image, optional + optional_size + 40 * n)
        for n in range(sections)
    ]

    def in_file(address: int) -> int:
        for size, start, raw_size, raw in places:
            if start <= address < start + max(size, raw_size):
                return int(raw + address - start)
        raise ValueError(address)

    entry = in_file(table)
    while name := struct.unpack_from("<12xI4x", image, entry)[0]:
        begin = in_file(name)
        yield image[begin : image.index(b"\0", begin)].decode("ascii").lower()
        entry += 20


_kernel = ctypes.WinDLL("kernel32", use_last_error=True)
_kernel.LoadLibraryExW.argtypes = (wintypes.LPCWSTR, wintypes.HANDLE, wintypes.DWORD)
_kernel.LoadLibraryExW.restype = wintypes.HMODULE
