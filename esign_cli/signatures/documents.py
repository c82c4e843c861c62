"""What is signed, read once: shown by its size and SHA-256, and then signed as it was read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.errors.signatures import FileChanged
from esign_cli.signatures.pki.algorithms import KEPT_DIGESTS, Content, Digested

MOST_KEPT = 256 << 20
"""Bytes of all documents of a run together that are held in memory."""
_BEGINNING = 64


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read."""

    path: Path
    size: int
    sha256: str
    """In lower-case hexadecimal."""
    content: Content
    state: tuple[int, int, int] | None = None
    """What the system said of the file before it was read: time, size, number."""

    def has_changed(self) -> bool:
        """Tell whether the file on the disk is another by now, or gone."""
        return self.state is not None and _state(self.path) != self.state

    def whole(self) -> Document:
        """Return the same with its content in memory; raises FileChanged if it is another now."""
        if isinstance(self.content, bytes):
            return self
        content = files.read(self.path, most=self.size)
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise FileChanged(path=str(self.path))
        return replace(self, content=content)


def read(path: Path, *, most: int = MOST_KEPT) -> Document:
    """Return the file, its content kept if that is `most` bytes or less, else its digests.

    What is not kept takes a constant amount of memory. Raises FileMissing or FileUnreadable.
    """
    state = _state(path)
    hashes = {name: hashlib.new(name) for name in KEPT_DIGESTS}
    chunks: list[bytes] = []
    size = 0
    for piece in files.chunks(path):
        size += len(piece)
        for running in hashes.values():
            running.update(piece)
        if size <= most:
            chunks.append(piece)
        else:
            chunks = chunks[:1]  # how it begins
    digests = {name: running.digest() for name, running in hashes.items()}
    whole = b"".join(chunks)
    content = whole if size <= most else Digested(whole[:_BEGINNING], digests)
    return Document(path, size, digests["sha256"].hex(), content, state)


def of_bytes(path: Path, content: bytes) -> Document:
    """Return a content that lies in a signature file, say, as a document."""
    return Document(path, len(content), hashlib.sha256(content).hexdigest(), content)


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
