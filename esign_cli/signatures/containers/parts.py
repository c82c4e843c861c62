"""The parts of a ZIP, by their names; nothing of it is unpacked beyond what is asked for."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from esign_cli.foundation.errors.signatures import ContainerTooLarge, ContainerUnreadable

MOST_PARTS = 2000
MOST_BYTES = 1 << 30
"""Of all parts together, unpacked."""
_CHUNK = 1 << 20
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)
"""What the standard library raises for a part that is broken, encrypted or packed otherwise."""


def part_name(name: str) -> str:
    """Return a part's name as lists and archives have it in common.

    Percent-encoding, a leading slash, backslashes and Unicode forms make no difference (ECMA-376
    part 2, 6.2.2).
    """
    plain = unquote(name).replace("\\", "/").lstrip("/")
    return unicodedata.normalize("NFC", plain)


def _unpacked_name(name: str) -> str:
    """The file that a part becomes where it is unpacked, on the system that tells fewest apart.

    Upper and lower case, "." and "..", and spaces and dots at an end make no difference there.
    """
    folders: list[str] = []
    for segment in name.casefold().split("/"):
        if segment == "..":
            folders[-1:] = []
        elif bare := segment.rstrip(" ."):
            folders.append(bare)
    return "/".join(folders)


@dataclass(frozen=True, slots=True)
class Parts:
    """The files in a ZIP."""

    archive: zipfile.ZipFile
    entries: Mapping[str, zipfile.ZipInfo]
    doubled: tuple[str, ...]
    """Names that several files have, by which readers could take one for another."""

    @classmethod
    def of(cls, data: bytes) -> Parts:
        """Read the directory; raises ContainerUnreadable and ContainerTooLarge."""
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except _UNREADABLE as error:
            raise ContainerUnreadable(detail=str(error)) from error
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        size = sum(entry.file_size for entry in files)
        if len(files) > MOST_PARTS or size > MOST_BYTES:
            raise ContainerTooLarge(parts=len(files), size=size)
        entries = {part_name(entry.filename): entry for entry in files}
        names = Counter(_unpacked_name(part_name(entry.filename)) for entry in files)
        return cls(archive, entries, tuple(name for name, count in names.items() if count > 1))

    def find(self, name: str) -> str | None:
        """Return the name of the part as the ZIP has it; None: it is not there."""
        wanted = part_name(name)
        if wanted in self.entries:
            return wanted
        folded = wanted.casefold()
        return next((there for there in self.entries if there.casefold() == folded), None)

    def read(self, name: str) -> bytes | None:
        """Return the part's bytes; None: it is not there, or cannot be read whole."""
        try:
            pieces = self._pieces(name)
            return None if pieces is None else b"".join(pieces)
        except _UNREADABLE:
            return None

    def digests(self, name: str, algorithms: Iterable[str]) -> dict[str, bytes] | None:
        """Return the part's digests by the names of hashlib; None: as of `read`."""
        hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
        try:
            pieces = self._pieces(name)
            if pieces is None:
                return None
            for piece in pieces:
                for running in hashes.values():
                    running.update(piece)
        except _UNREADABLE:
            return None
        return {name: running.digest() for name, running in hashes.items()}

    def _pieces(self, name: str) -> Iterator[bytes] | None:
        """The part's bytes, piece by piece, so that one that lies about its size takes no memory.

        Other ways of packing than the two that OPC and ASiC know are not unpacked: the library has
        no limit on what their pieces come to.
        """
        member = self.find(name)
        if member is None or self.entries[member].compress_type not in _PACKED:
            return None
        return self._unpacked(self.entries[member])

    def _unpacked(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        with self.archive.open(entry) as part:
            while piece := part.read(_CHUNK):
                yield piece
