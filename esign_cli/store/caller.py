"""Who opens a database, and from where: what other desks are told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

_LONGEST = 63
"""Bytes of a name that a server shows of a session; it keeps ASCII only."""
_SAFE = " -_."


@dataclass(frozen=True, slots=True)
class Caller:
    """The person at a desk."""

    who: str = ""
    machine: str = ""
    password: Callable[[], str] | None = None
    """Asks for the password of the database, where somebody can be asked."""

    @property
    def label(self) -> str:
        """The name of the session, as the server shows it."""
        who, machine = (quote(one, safe=_SAFE) for one in (self.who, self.machine))
        return f"esign {who}@{machine}"[:_LONGEST]


def named(label: str) -> tuple[str, str]:
    """Return who a session's name tells of, and the computer; "" where it does not."""
    who, _at, machine = label.partition("/")[0].removeprefix("esign ").partition("@")
    return unquote(who), unquote(machine)
