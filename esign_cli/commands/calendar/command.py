"""`esign calendar`: the days to come, for any calendar program."""

from __future__ import annotations

from typing import Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import from_typer
from esign_cli.foundation.i18n import N_, _

HELP = N_(
    """Write the days to come into a calendar file: last days to apply, ends, deliveries.

    Any calendar program takes the file in (.ics). Brought in again, an entry takes the place of the
    earlier one. National ids are masked. Without --output it is written to standard output.

    \b
    esign calendar --output e-imza.ics
    esign calendar --province batman --days 60 --output e-imza.ics --force
    """
)


def calendar(
    ctx: typer.Context,
    province: options.Province = None,
    district: options.District = None,
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=1200, help=N_("How far ahead."))
    ] = 180,
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    from functools import partial

    from esign_cli.cli import arguments as asking
    from esign_cli.commands.calendar import job, text
    from esign_cli.foundation import files, i18n
    from esign_cli.foundation.errors.usage import UnknownEnding
    from esign_cli.outputs import ical

    context = from_typer(ctx)
    if output is not None:
        if output.suffix.lower() != ".ics":
            raise UnknownEnding(path=str(output), known=[".ics"])
        files.check_output(output, force=force)
    request = job.CalendarRequest(
        context.today,
        days,
        asking.province(context, province),
        district or context.settings.district,
    )
    form = asking.Form("ics", output)
    with context.store() as store, job.ahead(store, request, context.settings.policy) as found:
        entries = map(text.entry, found.days)
        calendar = partial(ical.write, _("e-imza renewals"), entries, context.now)
        asking.deliver_by(calendar, form)
    if output is not None:
        context.console.say(
            _("Written: {path} · entries: {count}").format(
                path=output, count=i18n.number(found.count)
            )
        )
