"""A file of text, which is never held as a whole: a ministry's list has a hundred megabytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.workbooks.formats import Damaged, decoding


class TextFile:
    """A text that is read a piece at a time, as often as it is wanted; raises as `files.read`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        digest = hashlib.sha256()
        self.size = line_feeds = returns = 0
        for piece in files.chunks(path):
            digest.update(piece)
            self.size += len(piece)
            line_feeds += piece.count(b"\n")
            returns += piece.count(b"\r")
        self.sha256 = digest.hexdigest()
        self.lines = max(line_feeds, returns)
        """About how many."""
        self._encoding = decoding.encoding(self._pieces)

    def texts(self) -> Iterator[str]:
        """Yield its text from the beginning; raises Damaged if the file became another."""
        return decoding.texts(self._pieces(), self._encoding)

    def _pieces(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for piece in files.chunks(self._path):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != self.sha256:
            raise Damaged("it was changed while it was read")
