"""`esign database` of a database on a server: create, migrate, status; copy between any two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import from_typer
from esign_cli.foundation.i18n import N_, _
from esign_cli.wording.labels import DATABASE_ROLES

if TYPE_CHECKING:
    from esign_cli.store.server.administration import Session, Status

CREATE_HELP = N_(
    """Make the tables and the three roles of a database on a server, or what of them is missing.

    owner: migrates, and lets others in. editor: works. reader: looks. They are given by the
    administrator: GRANT roster_editor TO mehmet. With --print nothing is done: an administrator
    can read it first, and give it to psql.

    \b
    esign database create
    esign database create --print
    """
)
MIGRATE_HELP = N_(
    """Bring the tables on a server up to this version of esign; its owner does that.

    \b
    esign database migrate
    """
)
STATUS_HELP = N_(
    """Show how a shared database stands: server, version, rights, roles, desks, numbers of rows.

    \b
    esign database status
    """
)
COPY_HELP = N_(
    """Copy everything from one database into an empty one: a file, or one on a server.

    All of it is read back and compared before it is kept. The source stays as it is; the
    setting `database` says with which of the two you go on.

    \b
    esign database copy esign.db postgresql://ayse@pg.example.tr/roster
    esign database copy service=roster copy.db
    """
)
PAGES = {
    "database create": CREATE_HELP,
    "database migrate": MIGRATE_HELP,
    "database status": STATUS_HELP,
    "database copy": COPY_HELP,
}


def create(
    ctx: typer.Context,
    print_only: Annotated[
        bool, typer.Option("--print", help=N_("Only show what would be done, as SQL."))
    ] = False,
    json: options.Json = False,
) -> None:
    from esign_cli.outputs.json_data import plain

    context = from_typer(ctx, "database-create", json=json)
    with context.administration("database create", "esign import") as there:
        if print_only:
            script = there.script()
            context.console.envelope({"sql": script}) if json else context.console.out(script)
            return
        created = there.create()
    if json:
        context.console.envelope(plain(created))
        return
    say = context.console.out
    say(_("Tables: made.") if created.tables else _("Tables: there already."))
    for kind, name in created.roles.items():
        state = _("made") if name in created.new_roles else _("there already")
        say(f"{_(DATABASE_ROLES[kind])}: {name} ({state})")
    context.console.say(_("People are let in by:"))
    context.console.say(f"  GRANT {created.roles['editor']} TO …;")


def migrate(ctx: typer.Context, json: options.Json = False) -> None:
    from esign_cli.outputs.json_data import plain

    context = from_typer(ctx, "database-migrate", json=json)
    with context.administration("database migrate", "esign eligible") as there:
        migrated = there.migrate()
    changed = migrated.before != migrated.after
    if changed:
        with context.store() as store:
            store.migrated = True  # the trail tells of it
    if json:
        context.console.envelope(plain(migrated))
        return
    said = _("Brought up to date: {after}") if changed else _("The tables are up to date: {after}")
    context.console.out(said.format(after=migrated.after))


def status(ctx: typer.Context, json: options.Json = False) -> None:
    from esign_cli.foundation.i18n import number
    from esign_cli.outputs.json_data import plain

    context = from_typer(ctx, "database-status", json=json)
    with context.administration("database status", "esign database where") as there:
        seen = there.status()
    address = str(context.settings.database)
    if json:
        context.console.envelope({"address": address, **plain(seen)})
        return
    lines = [
        (_("Database"), address),
        (_("Server"), seen.version),
        (_("You"), f"{seen.user} ({_(DATABASE_ROLES[seen.rights])})"),
        (_("Tables"), _schema(seen)),
        *(
            (_(DATABASE_ROLES[kind]), ", ".join(names) or "–")
            for kind, names in seen.members.items()
        ),
        *((_("Desk"), _desk(one)) for one in seen.sessions),
        *((_(COUNTED[name]), number(seen.counts[name])) for name in COUNTED if seen.counts),
    ]
    for name, value in lines:
        context.console.out(f"{name}: {value}")


COUNTED = {
    "person": N_("People"),
    "duty": N_("Duty records"),
    "certificate": N_("Certificates"),
    "application": N_("Applications"),
    "import": N_("Imports"),
    "audit": N_("Rows of the audit trail"),
}
"""The tables whose rows people ask for."""


def _schema(seen: Status) -> str:
    if not seen.schema:
        return _("none yet; made by: esign database create")
    if seen.unknown:
        return _("{schema}, by a newer version of esign").format(schema=seen.schema)
    if seen.pending:
        return _("{schema}; brought up to date by: esign database migrate").format(
            schema=seen.schema
        )
    return _("{schema}, up to date").format(schema=seen.schema)


def _desk(one: Session) -> str:
    text = f"{one.who} · {one.machine} ({one.user})"
    if one.writing_seconds is None:
        return text
    return text + " · " + _("writing for {seconds} s").format(seconds=one.writing_seconds)


def copy(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="FROM", help=N_("A database file, or a server's address."))
    ],
    target: Annotated[
        str, typer.Argument(metavar="TO", help=N_("An empty one, or a file not there yet."))
    ],
    json: options.Json = False,
) -> None:
    from esign_cli.commands.database import job
    from esign_cli.foundation.i18n import number
    from esign_cli.foundation.shell import command_line
    from esign_cli.outputs.json_data import plain

    context = from_typer(ctx, "database-copy", json=json)
    copied = job.copy(
        job.database(source),
        job.database(target),
        context.settings.secret_places,
        context.caller,
        job.run_of(context.now, context.caller, context.record.command),
        context.console.progress,
    )
    if json:
        context.console.envelope({"from": source, "to": target, "tables": plain(copied)})
        return
    rows = sum(one.rows for one in copied)
    said = _("Copied, read back and compared. Tables: {tables}, rows: {rows}")
    context.console.out(said.format(tables=len(copied), rows=number(rows)))
    context.console.say(_("To go on with it:"))
    context.console.say("  " + command_line(["esign", "config", "set", "database", target]))


COMMANDS: Mapping[str, Callable[..., None]] = {
    "create": create,
    "migrate": migrate,
    "status": status,
    "copy": copy,
}
