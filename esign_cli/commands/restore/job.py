"""Restoring a backup: first everything is checked, then the database is replaced, then the rest.

No root, no card driver and no setting comes into force without a yes of its own.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from esign_cli.foundation import files
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.credentials import Places
from esign_cli.foundation.dates import ISTANBUL
from esign_cli.foundation.errors.signatures import TrustUnreadable
from esign_cli.foundation.errors.store import BackupUnreadable
from esign_cli.signatures.trust import TrustFolder
from esign_cli.signatures.trust.folder import Entry
from esign_cli.store import archive, restoration
from esign_cli.store.custody_key import key_file
from esign_cli.store.file_place import check_disk

OF_THIS_COMPUTER = (
    "database",
    "module",
    "trust_folder",
    "secrets.environment_file",
    "secrets.folder",
    "backup.file",
)
"""Settings that stay as they are here: where things lie, and the driver, which is a program."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of the database."""

    made_at: datetime
    """When the backup was made."""
    aside: Path | None
    """Where the database is kept that was there before."""
    forgotten_again: int
    """People who were forgotten since the backup, and are again."""
    altered: tuple[str, ...]
    """Tables that something else than esign had changed, here or in the backup."""


@dataclass(frozen=True, slots=True)
class Roots:
    """The trust store of a backup, compared with the one here."""

    new: tuple[Certificate, ...]
    """Roots that were accepted then and are not here."""
    entries: tuple[Entry, ...]


def restore_database(
    backup: archive.Archive,
    database: Path,
    places: Places,
    now: datetime,
    agree: Callable[[datetime], object],
    *,
    anywhere: bool = False,
) -> Restored:
    """Put the backup's database in the place of `database`, if there is one after `agree`.

    `agree` is told when the backup was made, and raises to stop. Raises BackupUnreadable,
    DatabaseOnNetwork, DatabaseUnreadable, DatabaseNewer, ErasuresUnmatched, DiskFull: the old one
    is then as it was.
    """
    if not anywhere:
        check_disk(database)
    files.private_folder(database.parent)
    new = database.with_name(f"{database.name}.restoring")
    restoration.remove(new)  # of a run that was killed
    made_at = backup.manifest.made_at
    brought = archive.KEY in backup and restoration.keep_key(database, backup.small(archive.KEY))
    try:
        backup.extract_database(new)
        prepared = restoration.prepare(new, database, places, now, anywhere=anywhere)
        if database.exists():
            agree(made_at)
        stamp = now.astimezone(ISTANBUL).strftime("%Y%m%d-%H%M%S")
        aside = restoration.replace(new, database, stamp)
        brought = False
    finally:
        restoration.remove(new)
        if brought:  # it is of a database that is not here
            key_file(database).unlink(missing_ok=True)
    return Restored(made_at, aside, prepared.forgotten_again, prepared.altered)


def settings_of(backup: archive.Archive) -> dict[str, Any]:
    """Return the settings of the backup, {} where it has none; raises BackupUnreadable."""
    if archive.CONFIG not in backup:
        return {}
    try:
        config = tomllib.loads(backup.small(archive.CONFIG).decode())
    except ValueError as error:
        raise BackupUnreadable(path=str(backup.path), detail=str(error)) from error
    tables = {key.rpartition(".")[0] for key in OF_THIS_COMPUTER} - {""}
    if not all(isinstance(config.get(table, {}), dict) for table in tables):
        raise BackupUnreadable(path=str(backup.path), detail=archive.NOT_OURS)
    return config


def compare_roots(backup: archive.Archive, trust_folder: Path) -> Roots:
    """Return what the backup's trust store has that the one in `trust_folder` has not.

    Raises BackupUnreadable, and as `TrustFolder.accepted`.
    """
    here = TrustFolder(trust_folder).accepted()
    with tempfile.TemporaryDirectory(dir=files.own_temporary_folder()) as name:
        folder = Path(name)
        for file_name, content in backup.trust_files().items():
            files.write_private(folder / file_name, content)
        try:
            entries = tuple(TrustFolder(folder).entries())
        except TrustUnreadable as error:
            detail = str(error.facts["detail"])
            raise BackupUnreadable(path=str(backup.path), detail=detail) from error
    accepted = [e.certificate for e in entries if e.accepted_on is not None]
    return Roots(tuple(one for one in accepted if one.sha256 not in here), entries)


def accept_roots(roots: Roots, trust_folder: Path, today: date) -> None:
    """Trust the new roots, and take in the sub-CAs; raises OutputUnwritable or DiskFull."""
    store = TrustFolder(trust_folder)
    for root in roots.new:
        store.accept(root.der, today)
    for entry in roots.entries:
        if not entry.root:
            store.keep(entry.certificate.der)


def merged(here: Mapping[str, Any], then: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Return the settings of then, with `keys` as they stand here."""
    result = _copied(then)
    for key in keys:
        *folders, last = key.split(".")
        ours: Any = here
        for folder in folders:
            ours = ours.get(folder, {})
        table: dict[str, Any] = result
        for folder in folders:
            table = table.setdefault(folder, {})
        table.pop(last, None)
        if last in ours:
            table[last] = ours[last]
    return result


def _copied(table: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _copied(v) if isinstance(v, dict) else v for k, v in table.items()}
