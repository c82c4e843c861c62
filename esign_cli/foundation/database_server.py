"""The address of a PostgreSQL database, as it is given in place of a file's path.

A connection URI (https://www.postgresql.org/docs/15/libpq-connect.html, 34.1.1.2) or the name of a
service of pg_service.conf. It never holds a password, so it may be shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from esign_cli.foundation import locations
from esign_cli.foundation.errors.store import (
    ServerAddressWrong,
    ServerDriverMissing,
    ServerPasswordInAddress,
)
from esign_cli.foundation.installation import postgres_command

SCHEMES = ("postgresql://", "postgres://")
_SERVICE = "service="
_SECRETS = frozenset({"password", "sslpassword"})


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a server."""

    address: str
    """A connection URI, or service=NAME."""

    def __str__(self) -> str:
        return self.address

    @property
    def options(self) -> dict[str, str]:
        """What stands behind the question mark, by name."""
        return dict(parse_qsl(urlsplit(self.address).query)) if "://" in self.address else {}

    @property
    def conninfo(self) -> str:
        """The address as libpq takes it."""
        return self.address

    @property
    def host(self) -> str:
        """The computer or the folder of the socket that the address names; "" where it does not."""
        if self.address.startswith(_SERVICE):
            return ""
        return unquote(urlsplit(self.address).netloc.rpartition("@")[2]) or self.options.get(
            "host", ""
        )

    @property
    def files(self) -> Path:
        """Where this computer keeps what is about this database: the beginning of their names."""
        name = hashlib.sha256(self.address.encode()).hexdigest()[:16]
        return locations.server_folder() / name


def is_server(text: str) -> bool:
    """Return whether a text means a server, and no file."""
    return text.startswith((*SCHEMES, _SERVICE))


def driver_missing(server: Server) -> ServerDriverMissing:
    """Return what to say where psycopg is not installed."""
    return ServerDriverMissing(address=str(server), command=postgres_command())


def parse(text: str) -> Server:
    """Return the server of an address.

    Raises ServerPasswordInAddress, ServerAddressWrong.
    """
    if text.startswith(_SERVICE):
        if not text.removeprefix(_SERVICE).strip() or " " in text:
            raise ServerAddressWrong(address=text)
        return Server(text)
    try:
        parts = urlsplit(text)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise ServerAddressWrong(address=text.partition("://")[0] + "://…") from error
    user, at, host = parts.netloc.rpartition("@")
    if ":" in user or _SECRETS & {name.lower() for name, _value in given}:
        raise ServerPasswordInAddress(
            address=f"{parts.scheme}://{user.partition(':')[0]}{at}{host}"
        )
    return Server(text)
