"""Errors of the database."""

from __future__ import annotations

from esign_cli.foundation.errors import (
    EnvironmentFault,
    InputError,
    PinRefusal,
    Refusal,
    Unfinished,
    UsageError,
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


class DatabaseFileUnusable(EnvironmentFault):
    """The database, a file that SQLite keeps beside it, or their folder is to blame."""

    code = "database-file-unusable"
    path: str
    detail: str
    command: str
    """What mends it."""


class DatabaseOnNetwork(Refusal):
    code = "database-on-network"
    path: str
    kind: str
    """The file system."""


class Busy(EnvironmentFault):
    """Somebody else is writing, and was waited for."""


class DatabaseBusy(Busy):
    code = "database-busy"
    path: str
    seconds: float


class SealMissing(InputError):
    """A file that names no end of an audit trail."""

    code = "seal-missing"
    path: str


class BackupUnreadable(InputError):
    code = "backup-unreadable"
    path: str
    detail: str


class BackupPassphraseWrong(PinRefusal):
    code = "backup-passphrase-wrong"
    path: str


class BackupSealTooHard(EnvironmentFault):
    """A passphrase would take too long to try: its computer was faster, or this one is busy."""

    code = "backup-seal-too-hard"
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


class ErasureUnpacked(Unfinished):
    """People were forgotten, but the disk is too full to pack the database."""

    code = "erasure-unpacked"
    path: str


class ErasureHeldBack(Unfinished):
    """People were forgotten, but a reader keeps them in the write-ahead log."""

    code = "erasure-held-back"
    path: str


class ServerAddressWrong(UsageError):
    code = "server-address-wrong"
    address: str


class ServerPasswordInAddress(UsageError):
    """A password stands in the address, where settings, logs and lists of processes show it."""

    code = "server-password-in-address"
    address: str
    """Without it."""


class ServerDriverMissing(EnvironmentFault):
    """The extra that speaks to PostgreSQL is not installed."""

    code = "server-driver-missing"
    address: str
    command: str


class ServerUnreachable(EnvironmentFault):
    code = "database-server-unreachable"
    address: str
    detail: str
    """In the server's or the driver's own words."""


class ServerUntrusted(EnvironmentFault):
    """The way is not encrypted, or the server's certificate not one that is trusted."""

    code = "server-untrusted"
    address: str
    detail: str


class ServerLoginRefused(EnvironmentFault):
    code = "server-login-refused"
    address: str
    detail: str


class ServerTooOld(EnvironmentFault):
    code = "server-too-old"
    address: str
    version: str


class ServerRightMissing(EnvironmentFault):
    """The user of the database may not do this."""

    code = "server-right-missing"
    address: str
    user: str
    rights: str
    """The role that the user has: owner, editor, reader or none."""
    owners: list[str]
    """Whom to ask."""
    detail: str
    """In the server's own words."""


class ServerLost(EnvironmentFault):
    """The connection ended while a command was running."""

    code = "server-lost"
    address: str
    detail: str


class ServerMigrationDue(EnvironmentFault):
    """This version is newer than the database, whose owner has to bring it up to date."""

    code = "server-migration-due"
    address: str


class ServerNotOwned(EnvironmentFault):
    """Only an owner of the database may do this."""

    code = "server-not-owned"
    address: str
    user: str
    owners: list[str]
    """Whom to ask."""


class ServerTablesMissing(EnvironmentFault):
    code = "server-tables-missing"
    address: str


class ServerRolesUnmade(EnvironmentFault):
    """Roles are missing, which only an administrator of the server may make."""

    code = "server-roles-unmade"
    address: str
    user: str
    roles: list[str]


class ServerBusy(Busy):
    code = "server-busy"
    address: str
    desk: str
    """Who is writing, and at which computer."""
    seconds: int
    """For how long."""


class OnlyForFiles(Refusal):
    """The command is about a database file, and the database is on a server."""

    code = "only-for-files"
    command: str
    instead: str
    """What does it on a server."""


class OnlyForServers(Refusal):
    """The command is about a database on a server, and the database is a file."""

    code = "only-for-servers"
    command: str
    instead: str
    """What does it for a file."""


class CopyTargetNotEmpty(Refusal):
    code = "copy-target-not-empty"
    path: str
    table: str
    """The first that has rows."""


class CopyDiffers(EnvironmentFault):
    """What was copied is not what was there; nothing of it was kept."""

    code = "copy-differs"
    path: str
    table: str
