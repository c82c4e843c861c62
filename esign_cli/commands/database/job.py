"""The database itself: where it lies, whether it is whole, and copying it."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esign_cli.foundation import database_server, disks, files
from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.disks import Disk
from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.foundation.errors.store import DatabaseNewer, DatabaseUnreadable
from esign_cli.store import open_store, transfer
from esign_cli.store.caller import Caller
from esign_cli.store.health import Health, health
from esign_cli.store.trail import Run

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


def database(given: str) -> Path | Server:
    """Return what is meant: a file or a server; raises as `database_server.parse`."""
    return database_server.parse(given) if database_server.is_server(given) else Path(given)


def run_of(now: datetime, caller: Caller, command: str) -> Run:
    """Return this run, as both trails tell of it."""
    return Run(now, caller.who, caller.machine, command, os.getpid())


def copy(
    source: Path | Server,
    target: Path | Server,
    places: Places | None,
    caller: Caller,
    run: Run,
    progress: Callable[[int, int], None],
) -> tuple[transfer.Copied, ...]:
    """Copy everything from one database into an empty one; gives the tables.

    Raises FileMissing, and as `open_store` and `transfer.copy`.
    """
    if isinstance(source, Path) and not source.is_file():
        raise FileMissing(path=str(source))
    with (
        open_store(source, places, caller=caller) as theirs,
        open_store(target, places, caller=caller) as ours,
    ):
        return transfer.copy(theirs, ours, run, progress)
