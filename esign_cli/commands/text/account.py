"""Who did something: the account, and on a server the database's user and the computer."""

from __future__ import annotations

from typing import Protocol

from esign_cli.renewals.application.life_cycle import PROGRAM


class Entered(Protocol):
    """Something that somebody entered."""

    @property
    def os_user(self) -> str: ...
    @property
    def machine(self) -> str: ...
    @property
    def database_user(self) -> str: ...


def account(os_user: str, database_user: str) -> str:
    """Return the account, with the database's user where there is one."""
    return f"{os_user} ({database_user})" if database_user else os_user


def who(entry: Entered) -> str:
    """Return who entered something; of a file, which one computer has, the account alone."""
    if not entry.database_user or entry.os_user == PROGRAM:
        return entry.os_user
    return f"{account(entry.os_user, entry.database_user)} · {entry.machine}"
