"""The key of this database: for what may be recognised again and must tell nobody anything.

It lies in a private file beside the database, unless the administrator keeps one where the
passwords of servers are kept, in the system's keyring for example.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path

from esign_cli.foundation import credentials, files, locks
from esign_cli.foundation.errors.credentials import CredentialMissing

NAME = "audit-key"
"""What it is called among the secrets."""
ENDING = ".key"
_BYTES = 32
_WAIT = 5.0


def key_file(database: Path) -> Path:
    """Return where the key of a database lies."""
    return database.with_name(database.name + ENDING)


def own_key(
    database: Path,
    places: credentials.Places | None,
    *,
    may_make: Callable[[], bool] = lambda: True,
) -> bytes:
    """Return the key; where there is none it is made, if it may be.

    Raises CredentialMissing, CredentialExposed for a file that others may read, and what writing a
    file raises.
    """
    return derived(secret(database, places, may_make=may_make))


def secret(
    database: Path, places: credentials.Places | None, *, may_make: Callable[[], bool]
) -> bytes:
    """Return what the key is derived from, as it is kept; raises as `own_key`."""
    path = key_file(database)
    if not path.exists():
        try:
            return credentials.find(NAME, places or _NOWHERE).reveal().encode()
        except CredentialMissing:
            if not may_make():
                raise
            _make(path)
    return credentials.private_content(path).strip()


def put(database: Path, secret_text: bytes) -> None:
    """Keep this beside a database that is new; raises OutputExists where another key is."""
    path = key_file(database)
    if path.exists() and credentials.private_content(path).strip() == secret_text:
        return  # a run that was cut off left it
    files.check_output(path)
    files.write_private(path, secret_text + b"\n")


def lay_beside(database: Path) -> bool:
    """Return whether a key was made beside the database once."""
    return _lock(key_file(database)).exists()


def _lock(key: Path) -> Path:
    return key.with_name(key.name + ".lock")


def _make(path: Path) -> None:
    """Write a random key, unless another run has just done so."""
    with locks.lock(_lock(path), "esign", wait=_WAIT):
        if not path.exists():
            files.write_private(path, os.urandom(_BYTES).hex().encode() + b"\n")


_NOWHERE = credentials.Places(keyring=False)


def key_id(key: bytes) -> str:
    """Return what a key is told by; it tells nothing of the key."""
    return keyed(key, "key")[:16]


def keyed(key: bytes, kind: str, *what: str) -> str:
    """Return HMAC-SHA256, in hexadecimal, of things that are of one kind."""
    text = "\x1f".join((kind, *what))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def derived(text: bytes) -> bytes:
    """Return the key of what is kept for it."""
    return hashlib.sha256(b"esign custody\x1f" + text).digest()
