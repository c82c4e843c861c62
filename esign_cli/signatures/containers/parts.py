"""The parts of a ZIP, by their names; nothing of it is unpacked beyond what is asked for."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from esign_cli.foundation.errors.signatures import ContainerTooLarge, ContainerUnreadable

MOST_PARTS = 2000
MOST_BYTES = 1 << 30
"""Of all parts together, unpacked."""
_CHUNK = 1 << 20
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
        names = Counter(part_name(entry.filename).casefold() for entry in files)
        return cls(
            archive,
            {part_name(entry.filename): entry for entry in files},
            tuple(name for name, count in names.items() if count > 1),
        )

    def find(self, name: str) -> str | None:
        """Return the name of the part as the ZIP has it; None: it is not there."""
        wanted = part_name(name)
        if wanted in self.entries:
            return wanted
        folded = wanted.casefold()
        return next((there for there in self.entries if there.casefold() == folded), None)

    def read(self, name: str) -> bytes | None:
        """Return the part's bytes; None: it is not there, or cannot be read whole."""
        part = self.find(name)
        if part is None:
            return None
        try:
            return self.archive.read(self.entries[part])
        except _UNREADABLE:
            return None

    def digests(self, name: str, algorithms: Iterable[str]) -> dict[str, bytes] | None:
        """Return the part's digests by the names of hashlib; None: as of `read`."""
        member = self.find(name)
        if member is None:
            return None
        hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
        try:
            with self.archive.open(self.entries[member]) as part:
                while chunk := part.read(_CHUNK):
                    for running in hashes.values():
                        running.update(chunk)
        except _UNREADABLE:
            return None
        return {name: running.digest() for name, running in hashes.items()}
