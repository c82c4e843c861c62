"""The backups that were made: what of them is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from esign_cli.store.database import Store

OLD = timedelta(days=7)
"""An older newest one is warned of: esign schedule makes one each day."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file."""

    at: datetime
    path: Path
    sha256: str
    sealed: bool


def record(store: Store, backup: Backup) -> None:
    """Keep that a backup was made; raises as `Store.writing`."""
    at = backup.at.isoformat(timespec="seconds")
    row = (at, str(backup.path), backup.sha256, backup.sealed)
    with store.writing() as db:
        db.execute("INSERT INTO backup (at, path, sha256, sealed) VALUES (?, ?, ?, ?)", row)


def known(store: Store) -> tuple[Backup, ...]:
    """Return those that were made, the newest first; their files may be elsewhere by now."""
    rows = store.db.execute("SELECT at, path, sha256, sealed FROM backup ORDER BY number DESC")
    return tuple(
        Backup(datetime.fromisoformat(at), Path(path), sha256, bool(sealed))
        for at, path, sha256, sealed in rows
    )
