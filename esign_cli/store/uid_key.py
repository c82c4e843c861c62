"""A random key of this database, for names that are always the same and tell nobody anything."""

from __future__ import annotations

import hashlib
import hmac
import os

from esign_cli.store.database import Store

_NAME = "names"


def read(store: Store) -> bytes:
    """Return the key, made at the first call; raises as `Store.writing` does."""
    row = store.db.execute("SELECT value FROM own_key WHERE name = ?", (_NAME,)).fetchone()
    if row is None:
        with store.writing() as db:
            db.execute(
                "INSERT INTO own_key (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (_NAME, os.urandom(32)),
            )
        row = store.db.execute("SELECT value FROM own_key WHERE name = ?", (_NAME,)).fetchone()
    return bytes(row[0])


def named(key: bytes, *what: object) -> str:
    """Return the same 32 hexadecimal digits for the same things, of which they tell nothing."""
    text = "\x1f".join(map(str, what))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
