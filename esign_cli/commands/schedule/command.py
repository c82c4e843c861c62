"""`esign schedule`: reminders and a backup each day, a report each Monday, by the system."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from pathlib import Path

    from esign_cli.cli.settings import Settings
    from esign_cli.commands.schedule.job import Setup

HELP = N_(
    """Let the system send reminders and make a backup each day, and report each Monday.

    Prints the lines, with every path written out; --install puts them where they belong, after
    showing them and asking. Installed again they take the place of the earlier ones, and no other
    line of a crontab is touched. The reports lie beside the database, and so does the log of cron's
    runs. On Windows tasks of its Task Scheduler are made, without --cron or --systemd.

    \b
    esign schedule --cron
    esign schedule --cron --install
    esign schedule --systemd --province batman --time 07:45
    """
)


def schedule(
    ctx: typer.Context,
    cron: Annotated[bool, typer.Option("--cron", help=N_("Lines of a crontab."))] = False,
    systemd: Annotated[
        bool, typer.Option("--systemd", help=N_("Units of your own systemd."))
    ] = False,
    install: Annotated[
        bool, typer.Option("--install", help=N_("Install them, after asking; --yes asks nothing."))
    ] = False,
    province: options.Province = None,
    time: Annotated[
        str, typer.Option("--time", metavar="HH:MM", help=N_("When the runs start."))
    ] = "08:30",
    yes: options.Yes = False,
    json: options.Json = False,
) -> None:
    from esign_cli.foundation.errors.outputs import SchedulerMissing
    from esign_cli.foundation.errors.usage import OptionsExclude

    context = from_typer(ctx, "schedule", json=json)
    if cron and systemd:
        raise OptionsExclude(options=["--cron", "--systemd"])
    if os.name == "nt" and (cron or systemd):
        raise SchedulerMissing(program="systemd" if systemd else "cron")
    setup = _setup(context, province, time)
    if os.name == "nt":
        _task_scheduler(context, setup, install=install, yes=yes)
    elif systemd:
        _systemd(context, setup, install=install, yes=yes)
    else:
        _cron(context, setup, install=install, yes=yes)


def _setup(context: Context, province: str | None, time: str) -> Setup:
    from pathlib import Path

    from esign_cli.cli import arguments as asking
    from esign_cli.commands.schedule import job

    settings = context.settings
    hour, minute = job.time_of_day(time)
    database = settings.database
    secrets = settings["secrets.environment_file"]
    return job.Setup(
        _esign(),
        str(database.absolute()) if isinstance(database, Path) else str(database),
        settings.beside_database("x").absolute().parent,
        settings.path.absolute() if settings.path.exists() else None,
        asking.province(context, province),
        settings.log.absolute(),
        settings.report.absolute(),
        _backup_file(settings),
        max(settings["backup.keep"], 1),
        bool(settings.retention),
        hour,
        minute,
        secrets.absolute() if secrets else None,
    )


def _backup_file(settings: Settings) -> Path | None:
    """Where backups go; None of a server's database, which its administrator backs up."""
    from pathlib import Path

    if not isinstance(settings.database, Path):
        return None
    named: Path = settings["backup.file"] or settings.beside_database("esign.backup")
    return named.absolute()


def _esign() -> tuple[str, ...]:
    """This esign as another program would start it."""
    import shutil
    import sys
    from pathlib import Path

    started = (
        shutil.which(sys.argv[0]) if Path(sys.argv[0]).name in ("esign", "esign.exe") else None
    )
    return (str(Path(started).absolute()),) if started else (sys.executable, "-m", "esign_cli")


def _cron(context: Context, setup: Setup, *, install: bool, yes: bool) -> None:
    from esign_cli.commands.schedule import job
    from esign_cli.outputs import scheduler

    block = job.cron_block(setup)
    before = scheduler.read_crontab() if install else b""
    after = job.merged(before, block)
    new = install and before != after
    _show(context, {"crontab": block})
    if new:
        context.console.agree(
            _("Write these lines into your crontab? The other lines stay."), yes=yes
        )
        scheduler.write_crontab(after)
    _tell(context, "cron", {"crontab": block}, install=install, new=new)


def _systemd(context: Context, setup: Setup, *, install: bool, yes: bool) -> None:
    from esign_cli.commands.schedule import job
    from esign_cli.outputs import scheduler

    units, folder = job.units(setup), scheduler.unit_folder()
    _show(context, units)
    new = False
    if install:
        scheduler.check_session()
        context.console.agree(_("Write these units into {path}?").format(path=folder), yes=yes)
        new = bool(scheduler.write_units(folder, units))
        scheduler.enable(job.timers(setup))
        context.console.say(_("So that they run while you are not logged in:"))
        context.console.say("  loginctl enable-linger")
    _tell(context, "systemd", units, install=install, new=new)


def _task_scheduler(context: Context, setup: Setup, *, install: bool, yes: bool) -> None:
    from esign_cli.commands.schedule import task_definition
    from esign_cli.outputs import scheduler

    tasks = task_definition.definitions(setup, context.today)
    _show(context, tasks)
    if install:
        context.console.agree(_("Write these tasks into the Task Scheduler?"), yes=yes)
        scheduler.write_tasks(tasks, setup.log)
    _tell(context, "schtasks", tasks, install=install, new=install)


def _show(context: Context, texts: dict[str, str]) -> None:
    console = context.console
    if console.json_of:
        return
    for name, text in texts.items():
        if len(texts) > 1:
            console.copyable(f"# {name}")
        console.copyable(text)


def _tell(context: Context, how: str, texts: dict[str, str], *, install: bool, new: bool) -> None:
    console = context.console
    if console.json_of:
        console.envelope({"how": how, "installed": install, "texts": texts})
    if install:
        console.say(_("Installed.") if new else _("Installed already, and unchanged."))
        _say_who_begins(context)
    else:
        option = "" if how == "schtasks" else f" --{how}"
        console.say(_("Nothing was installed. To install these lines:"))
        console.say(f"  esign schedule{option} --install")


def _say_who_begins(context: Context) -> None:
    """What is still missing for the reminders to go out."""
    from esign_cli.foundation import credentials
    from esign_cli.store import reminders

    settings, say = context.settings, context.console.say
    if not (settings["smtp.host"] and settings["smtp.from"]):
        say(_("No reminder goes out yet: through which mail server, and as whom?"))
        say("  esign config set smtp.host …")
        say("  esign config set smtp.from …")
        return
    places = settings.secret_places
    if settings["smtp.user"] and not credentials.lasting(credentials.SMTP_PASSWORD, places):
        say(_("A scheduled run has neither your shell's variables nor your keyring."))
        path = f"{places.folder}/{credentials.SMTP_PASSWORD}"
        say(_("Put the mail server's password into a private file: {path}").format(path=path))
    with context.store() as store:
        begun = reminders.any_kept(store)
    if not begun:
        say(_("The first reminders want your yes; send them once yourself:"))
        say("  esign remind")
