"""`esign print-form`: the information sheet of an application that is signed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli.context import Context, from_typer
from esign_cli.cli.options import Force, FormFile, Json, NationalId, Who, Yes
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from esign_cli.commands.print_form.job import Dependencies, Printed, PrintRequest
    from esign_cli.store import Store
    from esign_cli.store.applications import PrintedSheet

HELP = N_(
    """Print the information sheet of an application that is signed by hand (Yöntem 2).

    A PDF with two copies, one for the directorate and one for the applicant, each with a place for
    the signature. It is not Kamu SM's form: the application is completed on the portal, whose own
    form and commitment are printed and signed there. The data come from the MEBBİS roster and the
    directorate's profile; what is missing is asked for. The güvenlik sözcüğü is not on the sheet.
    The T.C. kimlik no is on it whole, for this is the person's own paper; the file is private.
    The application is recorded as printed. The form file has the fields of esign sign-form.

    \b
    esign print-form --national-id 10000000146
    esign print-form --form sukru.toml --output sukru.pdf
    """
)


def print_form(
    ctx: typer.Context,
    who: Who = None,
    national_id: NationalId = None,
    form: FormFile = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=N_("The PDF file to write."))
    ] = None,
    force: Force = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    context = from_typer(ctx, "print-form", json=json)
    from esign_cli.cli import whom
    from esign_cli.commands.print_form import job
    from esign_cli.commands.print_form.prompter import PrintFormPrompter
    from esign_cli.outputs import typeset

    typeset.need()
    whose = whom.given_one(context, who, national_id, yes=yes)
    by_name = whom.is_name(who or national_id or "")
    request = _request(context, whose, form, output, force=force)
    prompter = PrintFormPrompter(context.console, yes=yes, by_name=by_name)
    with context.store() as store:
        printed = job.print_form(request, prompter, _dependencies(context, store))
        _report(context, store, printed, as_json=json)


def _request(
    context: Context,
    national_id: str,
    form: Path | None,
    output: Path | None,
    *,
    force: bool,
) -> PrintRequest:
    """Whose sheet, and what the files that were named say; asks whose where nothing does."""
    from esign_cli.commands.print_form.job import PrintRequest
    from esign_cli.foundation import files, turkish
    from esign_cli.foundation.errors.usage import BadNationalId, UnknownEnding
    from esign_cli.renewals import application

    given = application.read(files.read(form), str(form)) if form else application.Form()
    whose = national_id or given.national_id
    if not whose:
        whose = context.console.ask(_("T.C. kimlik no"), option="--national-id")
    if not turkish.is_national_id(whose):
        raise BadNationalId(given=turkish.mask(whose))
    if output is not None and output.suffix.lower() != ".pdf":
        raise UnknownEnding(path=str(output), known=[".pdf"])
    optional = context.settings["form_optional"]
    wanted = tuple(key for key in application.KEYS if key not in optional)
    return PrintRequest(whose, given, wanted, output, force)


def _dependencies(context: Context, store: Store) -> Dependencies:
    from functools import partial

    from esign_cli import __version__
    from esign_cli.commands.print_form.job import Dependencies
    from esign_cli.commands.text import form_sheet
    from esign_cli.outputs import typeset
    from esign_cli.store import applications, people

    def record(printed: PrintedSheet, at: datetime) -> int:
        return applications.record_printed(store, printed, at=at, os_user=context.os_user)

    settings = context.settings
    return Dependencies(
        facts=partial(people.one, store),
        profile=settings.profile_for,
        policy=settings.policy,
        now=context.now,
        typeset=typeset.pdf,
        words=lambda form, today: form_sheet.data(form, today, __version__),
        record=record,
    )


def _report(context: Context, store: Store, printed: Printed, *, as_json: bool) -> None:
    from esign_cli.commands.signer import form_prompts
    from esign_cli.outputs.json_data import pick

    console = context.console
    if as_json:
        data = pick(
            printed,
            "output=path bytes=size application verdict=standing.verdict reasons=standing.reasons",
        )
        console.envelope(data, [problem.to_facts() for problem in printed.problems])
    else:
        console.out(str(printed.path))
    console.say(_("Written, two copies: {path}").format(path=printed.path))
    form_prompts.say_next(context, store, printed.standing.facts.national_id, printed.application)
    but = _("The sheet is written, but the application was not recorded:")
    form_prompts.end(console, printed.problems, but)
