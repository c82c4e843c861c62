"""A backup file: one ZIP of parts with a manifest, which may be sealed to a passphrase.

A sealed one is an age file (https://age-encryption.org/v1) around the ZIP, which any program for
age opens. What is read of one is checked by name, by size and by SHA-256 before it is used.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from esign_cli import __version__
from esign_cli.foundation import files
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.store import (
    BackupPassphraseWrong,
    BackupSealTooHard,
    BackupUnreadable,
)
from esign_cli.foundation.i18n import N_

SCHEMA = "esign.backup/1"
MANIFEST, DATABASE, CONFIG, KEY, TRUST = (
    "manifest.json",
    "database.sqlite",
    "config.toml",
    "audit.key",
    "trust/",
)
"""The names of parts; below TRUST lie the files of the trust store."""
_PART = re.compile(r"database\.sqlite|config\.toml|audit\.key|trust/[\w@ -][\w.@ -]{0,249}")
_MOST_PARTS = 500
_LARGEST_SMALL = 4 << 20
"""Bytes of a part that is no database."""
_PIECE = 1 << 20
_SEALED = b"age-encryption.org/v1"
_HEADER_END = b"\n---"
_LONGEST_HEADER = 4096
"""Bytes: a passphrase stands alone in it (https://age-encryption.org/v1); reading longer ones takes
hours.
"""
_SQLITE = b"SQLite format 3\0"
_TOO_HARD = "Excessive work"
"""What age says when it would take minutes to try a passphrase, which it then does not do."""
NOT_OURS = N_("it is no backup of esign")
_CHANGED = N_("it is damaged, or was changed")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    version: str = __version__
    left_out: tuple[str, ...] = ()
    """Settings that may hold a secret."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each, in hexadecimal."""


def write(
    target: IO[bytes],
    manifest: Manifest,
    parts: Mapping[str, bytes | Path],
    passphrase: str | None = None,
) -> None:
    """Write the backup; with a passphrase it is sealed, and held in memory while it is."""
    if passphrase is None:
        _write_zip(target, manifest, parts)
        return
    import pyrage

    whole = io.BytesIO()
    _write_zip(whole, manifest, parts)
    target.write(pyrage.passphrase.encrypt(whole.getvalue(), passphrase))


def _write_zip(target: IO[bytes], manifest: Manifest, parts: Mapping[str, bytes | Path]) -> None:
    digests = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            digest = hashlib.sha256()
            with archive.open(name, "w", force_zip64=True) as entry:
                for piece in (part,) if isinstance(part, bytes) else files.chunks(part):
                    digest.update(piece)
                    entry.write(piece)
            digests[name] = digest.hexdigest()
        document = {
            "schema": SCHEMA,
            "made_at": manifest.made_at.isoformat(timespec="seconds"),
            "version": manifest.version,
            "left_out": list(manifest.left_out),
            "parts": digests,
        }
        archive.writestr(MANIFEST, json.dumps(document, indent=1))


def may_hold(name: str) -> bool:
    """Return whether a part may be called so."""
    return _PART.fullmatch(name) is not None


def sealed(path: Path) -> bool:
    """Return whether the file wants a passphrase; raises FileMissing or FileUnreadable."""
    files.need_regular(path)  # it is read again
    return next(files.chunks(path), b"").startswith(_SEALED)


def is_backup(path: Path) -> bool:
    """Return whether a file looks like one of ours: sealed, or a ZIP that begins as ours do."""
    begins = next(files.chunks(path), b"")[:80]
    return begins.startswith(_SEALED) or (begins[:2] == b"PK" and DATABASE.encode() in begins)


class Archive:
    """A backup that is open; its parts are checked as they are read."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.manifest = self._manifest()

    def __contains__(self, name: str) -> bool:
        return name in self.manifest.parts

    def small(self, name: str) -> bytes:
        """Return a part that is no database; raises BackupUnreadable."""
        return b"".join(self._pieces(name, _LARGEST_SMALL))

    def extract_database(self, target: Path) -> None:
        """Leave the database at `target`, private; raises BackupUnreadable, DiskFull."""
        size = self._archive.getinfo(DATABASE).file_size
        with files.new_private(target) as file:
            for piece in self._pieces(DATABASE, size):
                if not file.tell() and not piece.startswith(_SQLITE):
                    raise self._wrong(NOT_OURS)
                file.write(piece)
            if not file.tell():
                raise self._wrong(NOT_OURS)

    def trust_files(self) -> Mapping[str, bytes]:
        """Return the files of the trust store by name."""
        names = [name for name in self.manifest.parts if name.startswith(TRUST)]
        return {name.removeprefix(TRUST): self.small(name) for name in names}

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        with self._archive.open(name) as entry:
            while piece := entry.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise self._wrong(NOT_OURS)
                digest.update(piece)
                yield piece
        if digest.hexdigest() != self.manifest.parts[name]:
            raise self._wrong(_CHANGED)

    def _manifest(self) -> Manifest:
        names = self._archive.namelist()
        if MANIFEST not in names or len(names) > _MOST_PARTS:
            raise self._wrong(NOT_OURS)
        if self._archive.getinfo(MANIFEST).file_size > _LARGEST_SMALL:
            raise self._wrong(NOT_OURS)
        try:
            document = json.loads(self._archive.read(MANIFEST))
            parts = {str(name): str(digest) for name, digest in document["parts"].items()}
            made_at = datetime.fromisoformat(document["made_at"])
            made_at.astimezone(ISTANBUL)  # as it is shown
            left_out = tuple(map(str, document["left_out"]))
            ours = document["schema"] == SCHEMA and made_at.tzinfo is not None
            version = str(document["version"])
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise self._wrong(NOT_OURS) from error
        fits = sorted(names) == sorted([*parts, MANIFEST]) and DATABASE in parts
        if not (ours and fits and all(map(may_hold, parts))):
            raise self._wrong(NOT_OURS)
        return Manifest(made_at, version, left_out, parts)

    def _wrong(self, detail: str) -> BackupUnreadable:
        return BackupUnreadable(path=str(self.path), detail=detail)


@contextmanager
def opened(path: Path, passphrase: str | None = None) -> Iterator[Archive]:
    """Open a backup.

    Raises FileMissing, FileUnreadable, BackupUnreadable, BackupPassphraseWrong, or
    BackupSealTooHard.
    """
    try:
        with _content(path, passphrase) as content, zipfile.ZipFile(content) as archive:
            yield Archive(path, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        begins = next(files.chunks(path), b"")
        detail = _CHANGED if begins.startswith((b"PK", _SEALED)) else NOT_OURS
        raise BackupUnreadable(path=str(path), detail=detail) from error


def _content(path: Path, passphrase: str | None) -> IO[bytes]:
    if not sealed(path):
        return path.open("rb")
    import pyrage

    content = files.read(path, most=path.stat().st_size)
    if content.find(_HEADER_END, 0, _LONGEST_HEADER) < 0:
        raise BackupUnreadable(path=str(path), detail=NOT_OURS)
    try:
        return io.BytesIO(pyrage.passphrase.decrypt(content, passphrase or ""))
    except pyrage.DecryptError as error:
        if _TOO_HARD in str(error):
            raise BackupSealTooHard(path=str(path)) from error
        raise BackupPassphraseWrong(path=str(path)) from error
