"""How a database on a server is, and how the server answers."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from esign_cli.foundation import clock
from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server
from esign_cli.store import schema
from esign_cli.store.caller import Caller
from esign_cli.store.health import LATEST, Health, ServerFacts
from esign_cli.store.server import roles
from esign_cli.store.server.desk import Desk
from esign_cli.store.server.session import applied, unchecked, version

_FACTS = """
SELECT coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()), ''),
       pg_database_size(current_database()),
       CASE WHEN pg_has_role('pg_read_all_settings', 'usage')
            THEN current_setting('data_directory') ELSE '' END
"""


def health(server: Server, places: Places | None, caller: Caller) -> Health | None:
    """Return how it is; None where there are no tables of ours yet."""
    with unchecked(server, places, caller) as desk:
        return _looked_at(desk)


def _looked_at(desk: Desk) -> Health | None:
    known = applied(desk)
    if not known:
        return None
    unknown, pending = schema.unknown(known), schema.pending(known)
    current = not (unknown or pending)
    latest = desk.db.execute(LATEST).fetchone()[0] if current else None
    return Health(
        broken=desk.first_bad_value() if current else "",
        unknown=unknown,
        pending=pending,
        open_to_others=False,
        backup=None,
        latest=datetime.fromisoformat(latest) if latest else None,
        server=_server(desk),
    )


def _server(desk: Desk) -> ServerFacts:
    raw = desk.connection.raw
    began = time.monotonic()
    (there,) = desk.db.execute("SELECT clock_timestamp()").fetchone()
    took = time.monotonic() - began
    ahead = there - clock.now() + timedelta(seconds=took / 2)
    tls, size, folder = desk.db.execute(_FACTS).fetchone()
    options = {one.keyword: one.val for one in raw.pgconn.info}
    return ServerFacts(
        version=version(raw),
        user=raw.info.user,
        rights=roles.rights(desk.db),
        milliseconds=round(took * 1000),
        tls=tls,
        sslmode=(options.get(b"sslmode") or b"").decode(),
        is_local=raw.info.host.startswith("/"),
        clock_ahead=round(ahead.total_seconds()),
        size=size,
        folder=folder,
    )
