"""What is kept: one SQLite file, opened, brought up to date and guarded here."""

from esign_cli.store.database import Store, open_store

__all__ = ["Store", "open_store"]
