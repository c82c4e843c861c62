"""The database file itself: where it lies, whether it is whole, and packing it."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path

from esign_cli.foundation import disks, files
from esign_cli.foundation.disks import Disk
from esign_cli.foundation.errors.store import DatabaseNewer, DatabaseUnreadable
from esign_cli.store.health import Health, health

_BESIDE = {"log": "-wal", "key": ".key", "erased": ".erased", "head": ".head"}
"""What belongs to a database, by what is added to its name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database lies; sizes in bytes."""

    path: Path
    size: int | None
    """None: it is not there yet."""
    beside: dict[str, Path]
    """What belongs to it and is there."""
    copies: tuple[Path, ...]
    """Earlier versions of it, kept beside it."""
    disk: Disk


def place(path: Path) -> Place:
    """Return where the database lies, without opening it."""
    beside = {key: path.with_name(path.name + end) for key, end in _BESIDE.items()}
    return Place(
        path.absolute(),
        path.stat().st_size if path.is_file() else None,
        {key: one for key, one in beside.items() if one.exists()},
        files.matching(path.parent, f"{glob.escape(path.name)}.*.bak"),
        disks.disk_of(path),
    )


def check(path: Path) -> Health | None:
    """Look at all of it without changing anything; None where there is none yet.

    Raises DatabaseUnreadable, DatabaseNewer, DatabaseUnopenable, DatabaseBusy.
    """
    seen = health(path)
    if seen is not None and seen.broken:
        raise DatabaseUnreadable(path=str(path), detail=seen.broken)
    if seen is not None and seen.unknown:
        raise DatabaseNewer(path=str(path), migrations=list(seen.unknown))
    return seen
