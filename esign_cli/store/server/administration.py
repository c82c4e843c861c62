"""What the owner of a shared database does: making it, bringing it up to date, looking after it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from esign_cli.foundation.credentials import Places
from esign_cli.foundation.database_server import Server
from esign_cli.foundation.errors import store as errors
from esign_cli.store import schema
from esign_cli.store.caller import Caller, named
from esign_cli.store.server import roles, tables
from esign_cli.store.server.desk import LOCK, Desk, writing_since
from esign_cli.store.server.session import (
    applied,
    check_foreign,
    refuse_newer,
    unchecked,
    version,
)

_SESSIONS = """
SELECT application_name, coalesce(usename, '') FROM pg_stat_activity
 WHERE datname = current_database() AND application_name LIKE 'esign %' ORDER BY pid
"""


@dataclass(frozen=True, slots=True)
class Created:
    """What `create` has made."""

    tables: bool
    """Whether they were not there before."""
    roles: Mapping[str, str]
    """The name of each role, by kind."""
    new_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema before and after: the newest migration's name."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Session:
    """A desk that is connected."""

    who: str
    machine: str
    user: str
    """The database's."""
    writing_seconds: int | None
    """For how long it has been writing; None: it is not."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a shared database stands."""

    version: str
    """The server's."""
    user: str
    rights: str
    schema: str
    """The newest migration; "" where there are no tables yet."""
    unknown: tuple[str, ...]
    """Migrations of a later version."""
    pending: tuple[str, ...]
    """Migrations that `migrate` brings."""
    members: Mapping[str, tuple[str, ...]]
    """The users of each role that is there, by kind."""
    sessions: tuple[Session, ...]
    counts: Mapping[str, int]
    """How many rows each table has; none of tables that may not be read."""


@contextlib.contextmanager
def administration(
    server: Server, places: Places | None, caller: Caller
) -> Iterator[Administration]:
    """Connect to a server for a `with` block, whatever is in the database; raises as `connect`."""
    with unchecked(server, places, caller) as desk:
        yield Administration(desk)


class Administration:
    """A database on a server, looked at from outside."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def script(self) -> str:
        """Return what `create` would do, as SQL for psql."""
        with self._desk.reading():
            each = [f"{one.strip()};" for one in self._statements()]
        return "\n".join(["BEGIN;", f"{LOCK};", *each, "COMMIT;", ""])

    def create(self) -> Created:
        """Make the tables and the roles that are missing, and give each role its rights.

        Raises ServerRolesUnmade where this user may make none, ServerNotOwned where the tables are
        others', ServerMigrationDue, DatabaseNewer, DatabaseForeign, and as `Desk.writing`.
        """
        with self._desk.writing() as db:
            around = roles.surroundings(db)
            new = roles.missing(db, around)
            if new and not around.may_make_roles:
                raise errors.ServerRolesUnmade(
                    address=self._desk.place, user=around.user, roles=list(new)
                )
            there = bool(applied(self._desk))
            for statement in self._statements():
                db.execute(statement)
        return Created(not there, {kind: around.role(kind) for kind in roles.ROLES}, new)

    def _statements(self) -> Iterator[str]:
        db, known = self._desk.db, applied(self._desk)
        around = roles.surroundings(db)
        if known:
            refuse_newer(self._desk, known)
            if schema.pending(known):
                raise errors.ServerMigrationDue(address=self._desk.place)
            self._refuse_others()
        else:
            check_foreign(self._desk)
        yield from roles.before_tables(db, around)
        yield from () if known else tables.statements()
        new = () if known else (*tables.names(), *tables.OURS_NAMES)
        yield from roles.for_tables(db, around, new)

    def migrate(self) -> Migrated:
        """Bring the tables up to date; nothing is done where they are.

        Raises ServerNotOwned for anybody but an owner, DatabaseNewer, ServerTablesMissing, and as
        `Desk.writing`.
        """
        with self._desk.writing() as db:
            known = applied(self._desk)
            if not known:
                raise errors.ServerTablesMissing(address=self._desk.place)
            refuse_newer(self._desk, known)
            pending = schema.pending(known)
            if pending:
                self._refuse_others()
            for statement in tables.changes(known) if pending else ():
                db.execute(statement)
            around = roles.surroundings(db)
            if pending and not roles.missing(db, around):
                for statement in roles.for_tables(db, around, ()):
                    db.execute(statement)
        return Migrated(known[-1], schema.NAMES[-1])

    def status(self) -> Status:
        """Return how everything stands, changing nothing."""
        with self._desk.reading() as db:
            known = applied(self._desk)
            around = roles.surroundings(db)
            rights = roles.rights(db) if known else roles.NONE
            return Status(
                version=version(self._desk.connection.raw),
                user=self._user,
                rights=rights,
                schema=known[-1] if known else "",
                unknown=schema.unknown(known),
                pending=schema.pending(known) if known else (),
                members=roles.members(db, around),
                sessions=tuple(self._sessions()),
                counts=self._counts() if rights != roles.NONE else {},
            )

    @property
    def _user(self) -> str:
        return str(self._desk.connection.raw.info.user)

    def _refuse_others(self) -> None:
        if roles.rights(self._desk.db) != roles.OWNER:
            owners = list(roles.owners(self._desk.db))
            raise errors.ServerNotOwned(address=self._desk.place, user=self._user, owners=owners)

    def _sessions(self) -> Iterator[Session]:
        (now,) = self._desk.db.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
        for label, user in self._desk.db.execute(_SESSIONS):
            since = writing_since(label)
            yield Session(*named(label), user, None if since is None else int(now) - since)

    def _counts(self) -> dict[str, int]:
        known = self._known_tables()
        there = [name for name in tables.names() if name in known]
        each = " UNION ALL ".join(f"SELECT '{one}', count(*) FROM \"{one}\"" for one in there)  # noqa: S608  (names of ours)
        return dict(sorted(self._desk.db.execute(each).fetchall()))

    def _known_tables(self) -> set[str]:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema"
        return {name for (name,) in self._desk.db.execute(query)}
