"""`esign database`: where a file lies, whether it is whole, packing it; a server's in `server`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from esign_cli.cli import help, options
from esign_cli.cli.context import from_typer
from esign_cli.commands.database import server
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.commands.database.job import Place

HELP = N_(
    """Show where the database lies, check or pack it; make, migrate and copy one of several desks.

    \b
    esign database where
    esign database check
    esign database compact
    esign database create
    esign database status
    esign database copy esign.db postgresql://ayse@pg.example.tr/roster
    """
)
WHERE_HELP = N_(
    """Show where the database lies: file, size, disk, encryption, and what belongs to it.

    \b
    esign database where
    """
)
CHECK_HELP = N_(
    """Check the whole database without changing it: SQLite's checks, the schema, every value.

    Exit code 11 if it is damaged; `esign restore FILE` is the cure.

    \b
    esign database check
    """
)
COMPACT_HELP = N_(
    """Pack the database anew: free pages go, and with them all that earlier versions left in them.

    It needs as much free space as the database is large; no other program may be using it.

    \b
    esign database compact
    """
)
PAGES = {
    "database": HELP,
    "database where": WHERE_HELP,
    "database check": CHECK_HELP,
    "database compact": COMPACT_HELP,
    **server.PAGES,
}

app = typer.Typer(cls=help.Group, rich_markup_mode=None, no_args_is_help=True)


for name, function in server.COMMANDS.items():
    app.command(name, cls=help.Command)(function)


@app.callback()
def database() -> None:
    return


@app.command("where", cls=help.Command)
def where(ctx: typer.Context, json: options.Json = False) -> None:
    from esign_cli.commands.database import job

    context = from_typer(ctx, "database-where", json=json)
    place = job.place(context.settings.database_file("database where", "esign doctor"))
    if json:
        context.console.envelope(_object(place))
        return
    for name, value in _lines(place):
        context.console.out(f"{_(name)}: {value}")


@app.command("check", cls=help.Command)
def check(ctx: typer.Context, json: options.Json = False) -> None:
    from esign_cli.commands.database import job

    context = from_typer(ctx, "database-check", json=json)
    path = context.settings.database_file("database check", "esign doctor")
    health = job.check(path)
    if json:
        pending = list(health.pending) if health else []
        context.console.envelope({"path": str(path), "there": bool(health), "pending": pending})
    elif health is None:
        context.console.out(_("There is no database yet; it would be {path}").format(path=path))
    else:
        context.console.out(_("The database is whole: {path}").format(path=path))


@app.command("compact", cls=help.Command)
def compact(ctx: typer.Context, json: options.Json = False) -> None:
    from esign_cli.foundation.i18n import number
    from esign_cli.store import compaction

    context = from_typer(ctx, "database-compact", json=json)
    context.settings.database_file("database compact", "VACUUM")
    with context.exclusive_run("compact"), context.store() as store:
        packed = compaction.compact(store)
    if json:
        path = str(context.settings.database)
        context.console.envelope({"path": path, "before": packed.before, "after": packed.after})
        return
    said = _("Packed. Bytes before: {before}, after: {after}")
    context.console.out(said.format(before=number(packed.before), after=number(packed.after)))


_ENCRYPTION = {
    "on": N_("encrypted ({by})"),
    "off": N_("not encrypted, as far as the system says"),
    "unknown": N_("the system does not say whether it is encrypted"),
}


def _lines(place: Place) -> list[tuple[str, str]]:
    from esign_cli.foundation.i18n import number

    size = _("not there yet") if place.size is None else number(place.size)
    disk = " ".join(filter(None, (place.disk.source, place.disk.kind)))
    state = _(_ENCRYPTION[place.disk.encryption]).format(by=place.disk.by)
    network = [(N_("Network folder"), _("yes"))] if place.disk.network else []
    return [
        (N_("Database"), str(place.path)),
        (N_("Bytes"), size),
        (N_("Disk"), f"{disk or '–'}; {state}"),
        *network,
        *((N_("Beside it"), str(path)) for path in place.beside.values()),
        *((N_("Kept copy"), str(path)) for path in place.copies),
    ]


def _object(place: Place) -> dict[str, Any]:
    from esign_cli.outputs.json_data import pick

    return {
        "path": str(place.path),
        "size": place.size,
        "beside": {key: str(path) for key, path in place.beside.items()},
        "copies": list(map(str, place.copies)),
        "disk": pick(place.disk, "kind source network encryption by"),
    }
