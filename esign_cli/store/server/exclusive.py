"""One run of a command at a time, at whatever desk."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.errors.environment import AlreadyRunning
from esign_cli.store.caller import Caller
from esign_cli.store.server.connection import ServerConnection
from esign_cli.store.server.failures import as_store_errors
from esign_cli.store.server.session import connect

_TRY = "SELECT pg_try_advisory_lock(25972, hashtext(current_schema || %s))"
_LOOKS_AGAIN = 0.2


@contextlib.contextmanager
def exclusive(
    server: Server, command: str, wait: float, places: Places | None, caller: Caller
) -> Iterator[None]:
    """Keep a second run of a command out; the server frees it when this run's connection ends.

    Raises AlreadyRunning, and as `session.connect`.
    """
    raw = connect(server, places, caller)
    try:
        end = time.monotonic() + wait
        with as_store_errors(server, ServerConnection(raw)):
            while not _taken(raw.execute(_TRY, ("." + command,)).fetchone()):
                if time.monotonic() >= end:
                    raise AlreadyRunning(what=command, path=str(server))
                time.sleep(_LOOKS_AGAIN)
        yield
    finally:
        raw.close()


def _taken(row: tuple[bool] | None) -> bool:
    return bool(row and row[0])
