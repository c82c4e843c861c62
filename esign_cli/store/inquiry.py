"""How a database on a server is, asked without psycopg being loaded before it is wanted."""

from __future__ import annotations

from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server, driver_missing
from esign_cli.store.caller import Caller
from esign_cli.store.health import Health


def of_server(server: Server, places: Places | None, caller: Caller) -> Health | None:
    """Return how it is, changing nothing; None where there are no tables of ours yet.

    Raises as `open_store`.
    """
    try:
        from esign_cli.store.server.health import health
    except ImportError as error:
        raise driver_missing(server) from error
    return health(server, places, caller)
