"""Errors of the database."""

from __future__ import annotations

from esign_cli.foundation.errors import (
    EnvironmentFault,
    InputError,
    PinRefusal,
    Refusal,
    Unfinished,
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


class DatabaseOnNetwork(Refusal):
    code = "database-on-network"
    path: str
    kind: str
    """The file system."""


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


class DatabaseForeign(EnvironmentFault):
    """Something stands in its schema that esign did not make."""

    code = "database-foreign"
    path: str
    kind: str
    """trigger, view, index or table."""
    name: str


class DatabaseValue(EnvironmentFault):
    """A value in it cannot be esign's."""

    code = "database-value"
    path: str
    place: str
    """table.column"""


class ErasureHeldBack(Unfinished):
    """People were forgotten, but a reader keeps them in the write-ahead log."""

    code = "erasure-held-back"
    path: str
