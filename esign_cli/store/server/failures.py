"""What a server or the way to it does not do, as errors of ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
from psycopg import errors as sql

from esign_cli.foundation.database_server import Server
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import store as errors
from esign_cli.foundation.errors.environment import DiskFull
from esign_cli.store.server import roles
from esign_cli.store.server.connection import ServerConnection

_OURS = (psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.DataError)
"""Faults of a statement, so of esign."""


_NOT_ALLOWED = (sql.InsufficientPrivilege, sql.InvalidSchemaName, sql.ReadOnlySqlTransaction)
"""A right is missing: on a table, on every schema, or the server is a copy that only reads."""


@contextlib.contextmanager
def as_store_errors(server: Server, db: ServerConnection) -> Iterator[None]:
    """Raise psycopg's errors as ours, but for faults of esign itself."""
    try:
        yield
    except _NOT_ALLOWED as error:
        raise _right_missing(server, db, error) from error
    except _OURS:
        raise
    except psycopg.Error as error:
        raise _ours(server, error) from error


def _right_missing(server: Server, db: ServerConnection, error: psycopg.Error) -> EsignError:
    """What this user may do instead, and who may be asked."""
    rights, owners = roles.NONE, tuple[str, ...]()
    with contextlib.suppress(psycopg.Error):  # the tables may not be there
        if db.in_transaction:
            db.execute("ROLLBACK")
        rights, owners = roles.rights(db), roles.owners(db)
    return errors.ServerRightMissing(
        address=str(server),
        user=db.raw.info.user,
        rights=rights,
        owners=list(owners),
        detail=_said(error),
    )


def _ours(server: Server, error: psycopg.Error) -> EsignError:
    if isinstance(error, sql.DiskFull):
        return DiskFull(path=str(server))
    return errors.ServerLost(address=str(server), detail=_said(error))


_OF_TLS = ("certificate", "SSL", "TLS")
"""What libpq says that did not find, or not trust, an encrypted way: it has no codes for it."""


def refused(server: Server, error: psycopg.OperationalError) -> EsignError:
    """Return why no connection came about."""
    detail = _said(error)
    if wants_password(error) or "authentication failed" in detail or "pg_hba.conf" in detail:
        return errors.ServerLoginRefused(address=str(server), detail=detail)
    if any(words in detail for words in _OF_TLS):
        return errors.ServerUntrusted(address=str(server), detail=detail)
    return errors.ServerUnreachable(address=str(server), detail=detail)


def wants_password(error: psycopg.OperationalError) -> bool:
    """Return whether the server asked for a password that nothing told."""
    return error.pgconn is not None and error.pgconn.needs_password


def _said(error: psycopg.Error) -> str:
    """What the server or the driver says, in one line."""
    primary = error.diag.message_primary
    lines = [line.strip() for line in (primary or str(error)).splitlines()]
    return " ".join(filter(None, lines))
