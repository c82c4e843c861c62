"""Compound files ([MS-CFB]) with storages and streams, as small as they may be."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping

import olefile

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_END, _OF_FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


def stream(content: bytes, name: str) -> bytes:
    """A stream of a compound file."""
    with olefile.OleFileIO(io.BytesIO(content)) as file:
        whole: bytes = file.openstream(name).read()
        return whole


def renamed(content: bytes, old: str, new: str) -> bytes:
    """The file with a stream of another name of the same length."""
    return content.replace(old.encode("utf-16-le"), new.encode("utf-16-le"))


class _Entry:
    def __init__(self, name: str, kind: int, content: bytes = b"") -> None:
        self.name, self.kind, self.content = name, kind, content
        self.child = self.right = _NONE
        self.start, self.size = _END if kind == _STREAM else 0, len(content)

    def packed(self) -> bytes:
        name = (self.name + "\0").encode("utf-16-le")
        return (
            name.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(name), self.kind, 1, _NONE, self.right, self.child)
            + bytes(16 + 4 + 16)
            + struct.pack("<IQ", self.start, self.size)
        )


class _File:
    """The sectors of a file, and which follows which."""

    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []

    def put(self, content: bytes) -> int:
        """The first of the sectors that now hold the content."""
        if not content:
            return _END
        first = len(self.sectors)
        pieces = [content[n : n + _SECTOR] for n in range(0, len(content), _SECTOR)]
        self.sectors += [piece.ljust(_SECTOR, b"\0") for piece in pieces]
        self.fat += [*range(first + 1, first + len(pieces)), _END]
        return first

    def whole(self, directory: int, mini_fat: int) -> bytes:
        """The file, with its header before and its table behind."""
        count = -(-(len(self.fat) + 1) // (_SECTOR // 4 - 1))
        places = range(len(self.fat), len(self.fat) + count)
        fat = [*self.fat, *[_OF_FAT] * count]
        table = struct.pack(f"<{len(fat)}I", *fat).ljust(count * _SECTOR, b"\xff")
        header = struct.pack(
            "<8s16sHHHHH6xIIIIIIIIII",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
            0, count, directory, 0, _CUTOFF, mini_fat, int(mini_fat != _END), _END, 0,
            places[0],
        )  # fmt: skip
        header += struct.pack(f"<{count - 1}I", *places[1:])
        return header.ljust(_SECTOR, b"\xff") + b"".join(self.sectors) + table


def _entries(streams: Mapping[str, bytes]) -> list[_Entry]:
    """The directory: siblings are a chain to the right."""
    entries = [_Entry("Root Entry", _ROOT)]
    storages, last = {"": 0}, dict[str, int]()

    def add(parent: str, entry: _Entry) -> None:
        if parent in last:
            entries[last[parent]].right = len(entries)
        else:
            entries[storages[parent]].child = len(entries)
        last[parent] = len(entries)
        entries.append(entry)

    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        if folder not in storages:
            storages[folder] = len(entries)
            add("", _Entry(folder, _STORAGE))
        add(folder, _Entry(name, _STREAM, content))
    return entries


def container(streams: Mapping[str, bytes]) -> bytes:
    """A file with these streams by path ("storage/stream"); small ones lie in the mini stream."""
    entries, file = _entries(streams), _File()
    mini, mini_fat = b"", list[int]()
    for entry in entries:
        if len(entry.content) >= _CUTOFF:
            entry.start = file.put(entry.content)
        elif entry.content:
            entry.start = len(mini_fat)
            count = -(-len(entry.content) // _SMALL)
            mini += entry.content.ljust(count * _SMALL, b"\0")
            mini_fat += [*range(entry.start + 1, entry.start + count), _END]
    entries[0].start, entries[0].size = file.put(mini), len(mini)
    chains = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    first = file.put(chains.ljust(-(-len(chains) // _SECTOR) * _SECTOR, b"\xff"))
    entries += [_Entry("", 0) for _ in range(-len(entries) % 4)]
    return file.whole(file.put(b"".join(entry.packed() for entry in entries)), first)
