"""Errors of the database."""

from __future__ import annotations

from esign_cli.foundation.errors import (
    EnvironmentFault,
    InputError,
    PinRefusal,
    Refusal,
)


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


class BackupUnreadable(InputError):
    code = "backup-unreadable"
    path: str
    detail: str


class BackupPassphraseWrong(PinRefusal):
    code = "backup-passphrase-wrong"
    path: str


class PassphrasesDiffer(Refusal):
    """A new passphrase was typed twice, and not the same."""

    code = "passphrases-differ"


class ErasuresUnmatched(Refusal):
    """People were forgotten since the backup, and the key that tells them is another one."""

    code = "erasures-unmatched"
    path: str
    count: int
