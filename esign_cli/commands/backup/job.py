"""Making a backup: the database at one instant, the settings without secrets, the trust store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.store import Store, archive, backups, restoration
from esign_cli.store.custody_key import key_file
from esign_cli.store.database import copy_to

_STAMP = "%Y%m%d-%H%M%S"
_STAMPED = r"-\d{8}-\d{6}"


@dataclass(frozen=True, slots=True)
class BackupRequest:
    """What goes into which file."""

    target: Path
    settings: bytes | None
    """The settings file without secrets; None: there is none."""
    left_out: tuple[str, ...]
    trust_folder: Path
    passphrase: str | None = None
    keep: int | None = None
    """How many are kept: the name then has the instant in it, and older ones go."""
    force: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    backup: backups.Backup
    size: int
    parts: tuple[str, ...]
    left_out: tuple[str, ...]
    removed: tuple[Path, ...]
    """Older ones that went."""


def target(request: BackupRequest, now: datetime) -> Path:
    """Return the file that is written, whose name has the instant in it where some are kept."""
    path = request.target.absolute()
    if request.keep is None:
        return path
    stamp = now.astimezone(ISTANBUL).strftime(_STAMP)
    return path.with_name(f"{path.stem}-{stamp}{path.suffix}")


def make(store: Store, request: BackupRequest, now: datetime) -> Made:
    """Make a backup; others may write to the database meanwhile.

    Raises OutputFolderMissing, OutputUnwritable, OutputExists, DiskFull, DatabaseUnreadable where
    the database itself is damaged, and as `Store.writing`.
    """
    path = target(request, now)
    files.check_output(path, force=request.force)
    copy = store.path.with_name(f"{store.path.name}.copying")
    restoration.remove(copy)  # of a run that was killed
    try:
        copy_to(store.sqlite, copy)
        restoration.check_file(copy)
        parts: dict[str, bytes | Path] = {archive.DATABASE: copy, **_other_parts(store, request)}
        manifest = archive.Manifest(now, left_out=request.left_out)
        with files.new_private(path) as file:
            archive.write(file, manifest, parts, request.passphrase)
    finally:
        restoration.remove(copy)
    sealed = request.passphrase is not None
    backup = backups.Backup(now, path, files.sha256(path), sealed)
    backups.record(store, backup)
    removed = tuple(_thin_out(request, path))
    return Made(backup, path.stat().st_size, tuple(parts), request.left_out, removed)


def _other_parts(store: Store, request: BackupRequest) -> Mapping[str, bytes]:
    parts = {} if request.settings is None else {archive.CONFIG: request.settings}
    if request.trust_folder.is_dir():
        for path in files.matching(request.trust_folder, "*"):
            if path.is_file() and archive.may_hold(archive.TRUST + path.name):
                parts[archive.TRUST + path.name] = files.read(path)
    key = key_file(store.path)
    if request.passphrase is not None and key.exists():
        parts[archive.KEY] = files.read(key)
    return parts


def _thin_out(request: BackupRequest, newest: Path) -> Iterator[Path]:
    """Remove the oldest of the files that are named as these are and are backups; yield them."""
    if request.keep is None:
        return
    path = request.target
    named = re.compile(re.escape(path.stem) + _STAMPED + re.escape(path.suffix))
    backups = sorted(p for p in newest.parent.iterdir() if named.fullmatch(p.name) and p.is_file())
    for old in backups[: max(len(backups) - request.keep, 0)]:
        if old != newest and archive.is_backup(old):
            old.unlink(missing_ok=True)
            yield old
