"""One `esign` at a time uses a card's key: a lock for each token, which ends with its process."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from esign_cli.foundation import files
from esign_cli.foundation.errors.cards import CardBusy
from esign_cli.foundation.errors.environment import OutputUnwritable

WAIT = 5.0
"""Seconds that the second one waits."""
SLICE = 0.1


@contextmanager
def token_lock(folder: Path, token_serial: str, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the card for the length of a `with` block; raises CardBusy after `wait` seconds.

    Reading a card without a login takes no lock: cards take turns themselves.
    """
    name = hashlib.sha256(token_serial.encode()).hexdigest()[:16]
    end = time.monotonic() + wait
    with _opened(folder, f"card-{name}.lock") as file:  # nobody removes it: the lock is on the file
        while not files.taken(file):
            if time.monotonic() > end:
                raise CardBusy(card=token_serial, seconds=int(wait))
            time.sleep(SLICE)
        yield


def _opened(folder: Path, name: str) -> IO[bytes]:
    """The file of a lock; in the system's temporary folder where the home is read-only."""
    try:
        return (files.private_folder(folder) / name).open("ab")
    except (OutputUnwritable, OSError):
        return (files.own_temporary_folder() / name).open("ab")
