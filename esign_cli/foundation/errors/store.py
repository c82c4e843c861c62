"""Errors of the database."""

from __future__ import annotations

from esign_cli.foundation.errors import EnvironmentFault


class DatabaseNewer(EnvironmentFault):
    code = "database-newer"
    path: str
    migrations: list[str]
    """The ones this version does not know."""


class DatabaseUnreadable(EnvironmentFault):
    code = "database-unreadable"
    path: str
    detail: str
    """What is wrong with its content."""


class DatabaseUnopenable(EnvironmentFault):
    """Its content may be well."""

    code = "database-unopenable"
    path: str
    detail: str
    """What keeps it from being reached."""


class DatabaseBusy(EnvironmentFault):
    code = "database-busy"
    path: str
    seconds: float
