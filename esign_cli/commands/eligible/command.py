"""`esign eligible`: who may renew, and whose record needs updating."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from esign_cli.cli import completion, options
from esign_cli.cli.context import from_typer
from esign_cli.foundation.i18n import N_

HELP = N_(
    """List who may renew their e-signature now, and whose MEBBİS record needs updating first.

    By default the eligible, those whose record needs updating and the undecided are listed, sorted
    by the end of the certificate, then by name; a line counts the others. With people or --from
    everybody asked for is answered, in the order given.

    Verdicts: eligible, needs-update, undecided, applied, not-due, renewed, expired, no-certificate,
    not-eligible, all. Phases: none, renewed, not-due, open, late, expired, revoked. The Turkish
    words are taken as well.

    \b
    esign eligible --province batman
    esign eligible --province batman --verdict all --output liste.xlsx
    esign eligible --reminded --not-applied
    esign eligible --last-day-within 30
    esign eligible --warning name-changed
    esign eligible --title müdür --verdict no-certificate
    esign eligible "şükrü ışık"
    esign eligible --from kimlikler.txt --format csv > cevap.csv
    """
)


def _days(name: str, text: str) -> Any:
    """An option that takes a number of days to come."""
    return typer.Option(name, metavar="N", min=0, help=text)


def eligible(
    ctx: typer.Context,
    who: options.WhoElse = None,
    province: options.Province = None,
    district: options.District = None,
    on: options.On = None,
    verdict: Annotated[
        list[str] | None,
        typer.Option(
            "--verdict",
            metavar="WORD",
            help=N_("Only these verdicts, or “all”."),
            autocompletion=completion.words("VERDICTS", every=True),
        ),
    ] = None,
    phase: Annotated[
        list[str] | None,
        typer.Option(
            "--phase",
            metavar="WORD",
            help=N_("Only these phases of the certificate."),
            autocompletion=completion.words("PHASES"),
        ),
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from", help=N_("Answer this list: a national id a line, a csv, a workbook.")
        ),
    ] = None,
    national_id: options.NationalIds = None,
    reminded: Annotated[
        bool, typer.Option("--reminded", help=N_("Only those who were reminded."))
    ] = False,
    not_applied: Annotated[
        bool,
        typer.Option("--not-applied", help=N_("Only those of whom no application was submitted.")),
    ] = False,
    warning: Annotated[
        list[str] | None,
        typer.Option(
            "--warning", metavar="WORD", help=N_("Only those with this reason or warning.")
        ),
    ] = None,
    last_day_within: Annotated[
        int | None,
        _days("--last-day-within", N_("Only those whose last day to apply is in the next N days.")),
    ] = None,
    ends_within: Annotated[
        int | None,
        _days("--ends-within", N_("Only those whose certificate ends in the next N days.")),
    ] = None,
    assignment_ends_within: Annotated[
        int | None,
        _days(
            "--assignment-ends-within", N_("Only those whose assignment ends in the next N days.")
        ),
    ] = None,
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help=N_("Only those with this in a title."))
    ] = "",
    two_certificates: Annotated[
        bool,
        typer.Option("--two-certificates", help=N_("Only those with more than one valid.")),
    ] = False,
    format_name: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.cli import whom
    from esign_cli.commands.eligible import job
    from esign_cli.commands.eligible import output as showing
    from esign_cli.commands.eligible.selection import Selection
    from esign_cli.foundation.standing import Phase, Verdict
    from esign_cli.wording import labels

    context = from_typer(ctx)
    form = asking.form(context, "eligible", format_name, output, json=json, force=force)
    given = whom.given_people(context, who, national_id)
    asked = asking.people(from_file, given, by_place=bool(province or district))
    known = tuple(Verdict)
    verdicts = asking.codes(labels.VERDICTS, verdict or (), "--verdict", known, every=True)
    selection = Selection(
        asking.codes(labels.WARNINGS, warning or (), "--warning", tuple(labels.REASONS)),
        last_day_within,
        ends_within,
        assignment_ends_within,
        title,
        two_certificates,
    )
    request = job.EligibleRequest(
        on=asking.day(on) if on else context.today,
        province="all" if asked else asking.province(context, province),
        district="" if asked else district or context.settings.district,
        national_ids=asked.national_ids if asked else None,
        verdicts=verdicts or None,
        phases=asking.codes(labels.PHASES, phase or (), "--phase", tuple(Phase)),
        reminded=reminded,
        not_applied=not_applied,
        selection=selection,
    )
    with context.store() as store:
        with job.answer(store, request, context.settings.policy) as found:
            answer = found.held() if form.name == "table" else found
            if form.name != "table":
                showing.write(context, answer, asked, form)
        showing.show(context, store, answer, asked, form, show_ids=show_ids)
