"""Who opens a database, and from where: what other desks are told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

_LONGEST = 63
"""Bytes of a name that a server shows of a session; it keeps ASCII only."""
_SAFE = " -_."


@dataclass(slots=True)
class Spare:
    """The connection to a server that a run has used and may want again. To be closed."""

    address: str = ""
    connection: Any = None

    def take(self, address: str) -> Any:
        """Return the connection to that server, which is no longer kept; None: there is none."""
        if self.address != address:
            return None
        connection, self.connection = self.connection, None
        return connection

    def put(self, address: str, connection: Any) -> None:
        """Keep a connection."""
        self.close()
        self.address, self.connection = address, connection

    def close(self) -> None:
        """End what is kept."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@dataclass(frozen=True, slots=True)
class Caller:
    """The person at a desk."""

    who: str = ""
    machine: str = ""
    password: Callable[[], str] | None = None
    """Asks for the password of the database, where somebody can be asked."""
    spare: Spare | None = None
    """Where a connection is kept that is no longer used; None: it is closed."""
    waits: Callable[[str, int], None] | None = None
    """Told who is writing at another desk, and for how many seconds, while we wait."""

    @property
    def label(self) -> str:
        """The name of the session, as the server shows it."""
        who, machine = (quote(one, safe=_SAFE) for one in (self.who, self.machine))
        return f"esign {who}@{machine}"[:_LONGEST]


def named(label: str) -> tuple[str, str]:
    """Return who a session's name tells of, and the computer; "" where it does not."""
    who, _at, machine = label.partition("/")[0].removeprefix("esign ").partition("@")
    return unquote(who), unquote(machine)
