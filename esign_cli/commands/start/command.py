"""`esign` alone: the start page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from esign_cli.cli.context import Context, from_typer

if TYPE_CHECKING:
    from esign_cli.commands.start.job import StartRequest


def start(ctx: typer.Context, *, json: bool) -> None:
    """Show where things stand, and the next commands."""
    from esign_cli.commands.start import job, output
    from esign_cli.commands.text import last_doctor

    context = from_typer(ctx, "start", json=json)
    request = _request(context)
    settings = context.settings
    deps = job.Dependencies(
        settings.database,
        context.store,
        lambda: settings.policy,
        lambda: output.counting(context.console),
    )
    glance = job.look(request, deps)
    old_days, set_up = settings["renewal.roster_old_days"], bool(settings.province)
    server = "" if isinstance(settings.database, Path) else str(settings.database)
    page = output.Page(request, glance, last_doctor.read(), old_days, set_up, server)
    if json:
        context.console.envelope(output.data(page))
    else:
        output.show(context.console, page)


def _request(context: Context) -> StartRequest:
    from esign_cli.commands.start.job import StartRequest

    settings = context.settings
    return StartRequest(
        context.now,
        context.today,
        settings.province or "all",
        settings.district,
        settings.rules,
    )
