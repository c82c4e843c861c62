"""`python -m esign_cli` and the console script `esign`: both begin here."""

from __future__ import annotations

import gc
import sys

from esign_cli.cli import ready_page

NO_CARD = frozenset({"--help", "-h", "--watch", "--hand-over", "--version"})
"""Words beside check-card with which it reads no card, or starts its children itself."""

GARBAGE = 50_000
"""Objects made before a collection: importing makes many, and hardly any garbage."""


def run() -> None:
    """Run `esign`; a child that is sure to be needed loads its own while the app is being built."""
    gc.set_threshold(GARBAGE)
    words = sys.argv[1:]
    if words in ready_page.WORDS and (status := ready_page.show(words)) is not None:
        sys.exit(status)
    if "check-card" in words and NO_CARD.isdisjoint(words):
        from esign_cli.cards import process

        process.start_ahead()
    elif "import" in words and "--help" not in words:
        from esign_cli.workbooks import reader

        reader.start_ahead()
    from esign_cli.cli.app import run as run_app

    run_app()


if __name__ == "__main__":
    run()
