"""`esign report`: how things stand in a place, for people, for the özlük units and for cron."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import from_typer
from esign_cli.foundation.i18n import N_

HELP = N_(
    """Report how things stand: numbers, lists, expiries by month and district, and what changed.

    Lists: late (past the last day), eligible, needs-update, undecided, expired, live-certificate
    (left, and the certificate is valid), applications to chase (opened and not submitted for
    renewal.submission_days (7), or not approved while the certificate runs out), overdue (cards).
    Whoever never submitted stays late or expired. People without a known certificate are a number
    only. Without --output it is shown here; a file's format is told by its ending: .html
    (one page with charts), .pdf, .xlsx, .csv, .json. National ids are masked on the screen, in HTML
    and PDF, and whole in xlsx, csv and json, which are for work: all files are private. Every
    report of today is remembered, so that the next one can tell what changed; with --on nothing is
    remembered.

    --split district leaves a workbook for the özlük unit of each district: the people whose record
    needs updating, both institutions, start, end, source and the correction asked for. They go into
    --output if that is a folder or has no ending (it is made if it is not there), else beside the
    first output. With --district only that district's file is written.

    --call-list leaves a list of those to ring, with number, reason and room for notes: late,
    expired, delivered without a new certificate, applications to chase, overdue cards.

    --email sends the report with masked ids: the PDF, or the page where no PDF can be made; never a
    file with whole ids.

    --since-last leaves only the new ones in the lists; the numbers stay those of everybody.

    --fail-on ends with exit code 9 when somebody is in that list.

    \b
    esign report --province batman
    esign report --output rapor.html --output rapor.xlsx
    esign report --split district --output ozluk/
    esign report --call-list aranacaklar.xlsx
    esign report --since-last --email il.dys@example.tr --fail-on late
    """
)


def report(
    ctx: typer.Context,
    province: options.Province = None,
    district: options.District = None,
    on: options.On = None,
    since_last: Annotated[
        bool,
        typer.Option("--since-last", help=N_("List only who is new since the last report.")),
    ] = False,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output", "-o", metavar="PATH", help=N_("Write to this file; can be repeated.")
        ),
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help=N_("table, csv, json, html, pdf or xlsx; else as --output ends."),
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="district", help=N_("One özlük file a district.")),
    ] = None,
    call_list: Annotated[
        Path | None,
        typer.Option(
            "--call-list",
            metavar="FILE",
            help=N_("Write whom to ring, by district and school: .xlsx or .pdf."),
        ),
    ] = None,
    email: Annotated[
        list[str] | None,
        typer.Option("--email", metavar="ADDRESS", help=N_("Send the report; can be repeated.")),
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option("--fail-on", metavar="LIST", help=N_("Exit code 9 when it is not empty.")),
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    from contextlib import nullcontext

    from esign_cli.commands.report import arguments, delivery, job

    context = from_typer(ctx)
    form = arguments.form(
        context,
        format_name,
        output or (),
        split,
        call_list=call_list,
        emailed=bool(email),
        json=json,
    )
    request = arguments.request(
        context,
        form,
        arguments.place(context, province, district, on),
        emails=email or (),
        fail_on=fail_on or (),
        since_last=since_last,
        force=force,
    )
    handed_out = request.targets or request.emails or request.split_into
    with context.exclusive_run("report") if handed_out else nullcontext(), context.store() as store:
        result = delivery.run(context, job.report, request, form, store)
    delivery.end(result)
