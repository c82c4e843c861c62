"""What is kept: one SQLite file, or a database on a server, opened and guarded here."""

from esign_cli.store.database import Store, exclusive_run, is_there, open_store

__all__ = ["Store", "exclusive_run", "is_there", "open_store"]
