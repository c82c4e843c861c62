"""Who may do what in a shared database: three roles, as the grants that make them.

A role is granted to people (`GRANT roster_editor TO mehmet`) and logs in nowhere itself. What
nobody changes once it stands (the trail, its key, the migrations) no editor may change; whoever
reads leaves a row in the trail and the numbers of their lists, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from esign_cli.store.connection import Db

OWNER, EDITOR, READER, NONE = "owner", "editor", "reader", "none"
ROLES = (OWNER, EDITOR, READER)
_LONGEST = 63 - len("_editor")
"""Bytes of a name: PostgreSQL cuts longer ones off, and three roles would be one."""
_WRITE = "SELECT, INSERT, UPDATE, DELETE"
_ADD = "SELECT, INSERT"
_READ = "SELECT"
GRANTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    EDITOR: (_WRITE, {"audit": _ADD, "custody": _READ, "esign_migration": _READ}),
    READER: (
        _READ,
        {
            "audit": _ADD,
            "audit_person": _ADD,
            "audit_run": "SELECT, INSERT, DELETE",
            "list_number": _WRITE,
            "own_key": _ADD,
        },
    ),
}
"""What a role may do with each table, and with the tables named."""
_RIGHTS = """
SELECT CASE WHEN pg_has_role((SELECT relowner FROM pg_class
        WHERE oid = CAST('esign_migration' AS regclass)), 'usage') THEN 'owner'
    WHEN has_table_privilege('person', 'INSERT') THEN 'editor'
    WHEN has_table_privilege('person', 'SELECT') THEN 'reader' ELSE 'none' END
"""
_OWNERS = """
SELECT DISTINCT member.rolname FROM pg_roles AS member
  JOIN pg_class ON pg_class.oid = CAST('esign_migration' AS regclass)
 WHERE member.rolcanlogin AND (member.oid = relowner
    OR NOT member.rolsuper AND pg_has_role(member.oid, relowner, 'usage')) ORDER BY 1
"""
_MEMBERS = """
SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper
   AND pg_has_role(oid, CAST(? AS name), 'usage') ORDER BY 1
"""
_KNOWN = "SELECT rolname FROM pg_roles WHERE rolname IN (?, ?, ?)"
_PLACE = """
SELECT current_database(), current_schema(), current_user, pg_get_userbyid(datdba),
       (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)
  FROM pg_database WHERE datname = current_database()
"""
_TO_JOIN = """
SELECT rolname FROM pg_roles WHERE rolname IN (?, ?) AND NOT rolsuper
   AND NOT EXISTS (SELECT 1 FROM pg_roles AS role
        WHERE role.rolname = ? AND pg_has_role(pg_roles.oid, role.oid, 'usage')) ORDER BY 1
"""
_NOT_YET_OWNED = """
SELECT relname FROM pg_class WHERE relnamespace = CAST(current_schema AS regnamespace)
   AND relkind IN ('r', 'p') AND pg_get_userbyid(relowner) <> ? ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The database and the schema in it, and who is asking."""

    database: str
    schema: str
    user: str
    owner: str
    """Of the database."""
    may_make_roles: bool

    def role(self, kind: str) -> str:
        """Return the name of a role; roles are the whole server's, so it names the database."""
        base = self.database if self.schema == "public" else f"{self.database}_{self.schema}"
        return f"{base.encode()[:_LONGEST].decode('utf-8', 'ignore')}_{kind}"


def surroundings(db: Db) -> Surroundings:
    """Return where and who we are."""
    return Surroundings(*db.execute(_PLACE).fetchone())


def rights(db: Db) -> str:
    """Return what this user may do: owner, editor, reader or none."""
    return str(db.execute(_RIGHTS).fetchone()[0])


def owners(db: Db) -> tuple[str, ...]:
    """Return who may be asked: the users who own the tables, by a role or themselves."""
    return tuple(name for (name,) in db.execute(_OWNERS))


def members(db: Db, around: Surroundings) -> dict[str, tuple[str, ...]]:
    """Return the users of each role that is there, by kind; no superuser, who may do everything."""
    known = _known(db, around)
    return {
        kind: tuple(name for (name,) in db.execute(_MEMBERS, (around.role(kind),)))
        for kind in ROLES
        if around.role(kind) in known
    }


def missing(db: Db, around: Surroundings) -> tuple[str, ...]:
    """Return the roles that are not there yet."""
    known = _known(db, around)
    return tuple(role for role in map(around.role, ROLES) if role not in known)


def _known(db: Db, around: Surroundings) -> set[str]:
    return {name for (name,) in db.execute(_KNOWN, tuple(map(around.role, ROLES)))}


def before_tables(db: Db, around: Surroundings) -> Iterator[str]:
    """Yield the statements that make the roles, and whoever owns the database a member."""
    owner, editor, reader = (quoted(around.role(kind)) for kind in ROLES)
    database, schema = quoted(around.database), quoted(around.schema)
    yield from (f"CREATE ROLE {quoted(role)} NOLOGIN" for role in missing(db, around))
    joining = db.execute(_TO_JOIN, (around.owner, around.user, around.role(OWNER))).fetchall()
    yield from (f"GRANT {owner} TO {quoted(name)}" for (name,) in joining)
    yield f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {owner}, {editor}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {reader}"
    yield f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {owner}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {editor}, {reader}"


def for_tables(db: Db, around: Surroundings, new: Iterable[str]) -> Iterator[str]:
    """Yield the statements that give the tables, those that are `new` too, to the roles."""
    there = [name for (name,) in db.execute(_NOT_YET_OWNED, (around.role(OWNER),))]
    for table in sorted({*there, *new}):
        yield f"ALTER TABLE {quoted(table)} OWNER TO {quoted(around.role(OWNER))}"
    for kind, (all_of_them, some) in GRANTS.items():
        role = quoted(around.role(kind))
        yield f"GRANT {all_of_them} ON ALL TABLES IN SCHEMA {quoted(around.schema)} TO {role}"
        for table, what in some.items():
            yield f"REVOKE ALL ON {quoted(table)} FROM {role}"
            yield f"GRANT {what} ON {quoted(table)} TO {role}"


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
