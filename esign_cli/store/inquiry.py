"""What is asked of a server and not of its tables; psycopg is loaded only then."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server, driver_missing
from esign_cli.store.caller import Caller
from esign_cli.store.health import Health

if TYPE_CHECKING:
    from esign_cli.cards.tries import TriesOfDesks
    from esign_cli.store.server.administration import Administration


def of_server(server: Server, places: Places | None, caller: Caller) -> Health | None:
    """Return how it is, changing nothing; None where there are no tables of ours yet.

    Raises as `open_store`.
    """
    try:
        from esign_cli.store.server.health import health
    except ImportError as error:
        raise driver_missing(server) from error
    return health(server, places, caller)


def administration(
    server: Server, places: Places | None, caller: Caller
) -> AbstractContextManager[Administration]:
    """Connect to a database whatever is in it, for what its owner does; raises as `open_store`."""
    try:
        from esign_cli.store.server import administration as module
    except ImportError as error:
        raise driver_missing(server) from error
    return module.administration(server, places, caller)


def tries_of_desks(server: Server, places: Places | None, caller: Caller) -> TriesOfDesks | None:
    """Return what counts the tries of PINs of all desks; None without the driver."""
    try:
        from esign_cli.store.server.pin_tries import DeskTries
    except ImportError:
        return None
    return DeskTries(server, places, caller)
