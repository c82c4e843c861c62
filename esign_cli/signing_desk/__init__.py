"""The person who signs: looks, agrees, and gives what is secret."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from esign_cli.card.process import CardProcess


def card_process(p12: Path | None) -> AbstractContextManager[CardProcess | None]:
    """The child that will read the cards; none for a key in a file.

    Opened before the rest is imported: it loads its own while we load ours.
    """
    return CardProcess() if p12 is None else nullcontext()
