"""The file beside the database that says once more how the audit trail ended.

So that rows which are cut off at the end are missed. It is sealed with the key: nobody without it
can write an earlier end.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from pathlib import Path

from esign_cli.foundation import own_files
from esign_cli.foundation.errors.environment import FileMissing, FileUnreadable
from esign_cli.store.custody_key import keyed

ENDING = ".head"


def path_of(database: Path) -> Path:
    """Return where the end of a database's trail is said once more."""
    return database.with_name(database.name + ENDING)


def keep(database: Path, key: bytes, number: int, link: str) -> None:
    """Say how the trail ends; raises DiskFull or OutputUnwritable."""
    line = f"{number:012}:{link}"
    own_files.note(path_of(database), f"{line}:{_seal(key, line)}")


def lost_from(
    database: Path, key: bytes, last: int, link: Callable[[int], str | None], *, missed: bool
) -> int | None:
    """Return from which row on the trail is not the one that the file speaks of; None: it is.

    `last` is the number of the trail's last row, `link` gives the link of a row. `missed`: the file
    ought to be there, and sealed. It may speak of an earlier row: a run writes it after its row.
    """
    after = last + 1
    try:
        words = own_files.read(path_of(database)).decode("ascii", "replace").strip().split(":")
    except FileUnreadable:
        return after
    except FileMissing:
        return after if missed else None
    if len(words) not in _WORDS or not words[0].isdecimal():
        return after
    number, seal = int(words[0]), _seal(key, ":".join(words[:2]))
    if missed and not hmac.compare_digest(words[-1].encode(), seal.encode()):
        return after
    return None if link(number) == words[1] else min(number, after)


_WORDS = (2, 3)
"""Number, link, and since they are sealed a seal."""


def _seal(key: bytes, line: str) -> str:
    return keyed(key, "head", line)
