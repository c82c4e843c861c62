"""`esign doctor`: all that the daily work rests on, a line each, with the command that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli.context import Context, from_typer
from esign_cli.cli.options import Json, Module, Timeout
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.commands.doctor.job import Line

HELP = N_(
    """Look at everything that esign rests on, and say how to mend what does not hold.

    Settings, database, trusted roots, card driver, smart card service, readers, cards, their
    certificates and PINs, the mail server, the time stamp server, the clock: each line is OK,
    WARNING or ERROR, with the command that mends it on this system. Nothing is changed, no PIN is
    asked for, and no time stamp that has to be paid for is taken. --online adds a line for each
    server that the certificates name, with the proxy that it was reached through.

    Exit codes: 0 all well, 8 warnings, 11 errors.

    \b
    esign doctor
    esign doctor --online
    esign doctor --json
    """
)


def doctor(
    ctx: typer.Context,
    module: Module = None,
    timeout: Timeout = None,
    online: Annotated[
        bool,
        typer.Option(
            "--online", help=N_("Also call the servers of CRLs, OCSP answers and time stamps.")
        ),
    ] = False,
    json: Json = False,
) -> None:
    from esign_cli.commands.doctor import job, text
    from esign_cli.foundation import exit_codes

    context = from_typer(ctx, "doctor", json=json)
    from esign_cli.commands.doctor.probes import look

    lines = look(context, module, timeout, online=online)
    if json:
        problems = [line.problem.to_facts() for line in lines if line.problem]
        context.console.envelope(job.document(lines, text.mend), problems)
    else:
        _show(context, lines)
    _keep_worst(context, lines)
    codes = {job.Level.WARNING: exit_codes.PARTLY, job.Level.ERROR: exit_codes.ENVIRONMENT}
    raise typer.Exit(codes.get(job.worst(lines), exit_codes.DONE))


def _keep_worst(context: Context, lines: tuple[Line, ...]) -> None:
    """Keep the worst line for the start page; where that cannot be kept, it is not."""
    import contextlib

    from esign_cli.commands.doctor import job
    from esign_cli.commands.text import last_doctor
    from esign_cli.foundation.errors.environment import DiskFull, OutputUnwritable

    level = job.worst(lines)
    line = next(line for line in lines if line.level is level)
    with contextlib.suppress(DiskFull, OutputUnwritable):
        last_doctor.keep(last_doctor.LastDoctor(context.now, line))


def _show(context: Context, lines: tuple[Line, ...]) -> None:
    from esign_cli.commands.doctor import text
    from esign_cli.commands.text.doctor_lines import row

    for line in lines:
        level, part, result = row(line)
        context.console.out(f"{level:<8} {part}: {result}")
        if command := text.mend_spoken(line):
            context.console.out(" " * 9 + _("To mend it: {command}").format(command=command))
