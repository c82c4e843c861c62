"""The person who signs: looks, agrees, and gives what is secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esign_cli.cards.process import CardProcess


@contextmanager
def card_processes(p12: Path | None) -> Iterator[tuple[CardProcess, ...]]:
    """Start the child that reads the cards and the one that signs; none for a key in a file.

    Opened before the rest is imported: they load their own while we load ours. The one that signs
    loads the driver only then, and so sees the cards anew, whatever a driver remembers.
    """
    if p12 is not None:
        yield ()
        return
    with CardProcess() as reading, CardProcess() as signing:
        yield reading, signing
