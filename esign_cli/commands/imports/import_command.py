"""`esign import`: MEBBİS workbooks into the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.commands.imports import arguments, output
from esign_cli.commands.imports.progress import Progress
from esign_cli.commands.text.imports import KIND_NAMES
from esign_cli.foundation.exit_codes import BAD_INPUT, PARTLY
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.commands.imports.job import Rejects
    from esign_cli.commands.imports.request import Settle
    from esign_cli.outputs import tables as report

HELP = N_(
    """Import MEBBİS workbooks: people, their duty records, certificate end dates.

    The kind of each file, its sheet, its header row and its columns are found and shown; --sheet,
    --header-row and --map overrule them. All files of one command are imported, or none.
    What a file lacks stays as it is known, unless --full says that these files together are
    everybody: then the records they lack are closed. The same file twice changes nothing.

    The fields that --map knows: national_id, identity (name and national id in one cell),
    given_name, family_name, full_name, surname_first (both names in one cell),
    full_name_last_word, surname_first_word (the same, and of three words and more the last, or the
    first, is the family name), institution_code, institution, province, district, place (province
    and district in one cell), title, branch, registry_no, unit, kind, status, start, end,
    own_start (of the own post, where start is that of an assignment), email, mobile_phone,
    birth_place, birth_date, certificate_end, certificate_serial, assigned_institution,
    assigned_institution_code, assigned_province, assigned_district, assigned_place. “-” passes a
    column over.

    Exit code 8: rows were rejected; each is named with everything that is wrong with it, and
    --rejects writes them to a workbook that can be corrected and imported.

    \b
    esign import personel.xlsx gorevlendirme.xls --province batman
    esign import personel.xlsx --full --dry-run
    esign import liste.xls --explain
    esign import liste.xls --map "Bitiş Tarihi=end" --rejects rejected.xlsx
    """
)

WAIT = 5.0
"""Seconds that a second import waits for the first."""


def import_files(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help=N_("Workbooks, of whatever ending."))
    ],
    full: Annotated[
        bool,
        typer.Option(
            "--full", help=N_("These files are everybody: close the records that they lack.")
        ),
    ] = False,
    province: options.Province = None,
    district: options.District = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=N_("Show what would happen and change nothing."))
    ] = False,
    yes: options.Yes = False,
    sheet: Annotated[
        str, typer.Option("--sheet", metavar="N", help=N_("Only this sheet, by number or name."))
    ] = "",
    header_row: Annotated[
        int | None,
        typer.Option("--header-row", metavar="N", min=1, max=30, help=N_("The row of headers.")),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEADER=FIELD",
            help=N_("Read this column as this field; “-” passes it over. May be repeated."),
        ),
    ] = None,
    dates: Annotated[
        str,
        typer.Option(
            "--dates",
            metavar="FORM",
            help=N_("How dates are written: dmy, mdy or ymd; by default each column shows it."),
        ),
    ] = "",
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="YYYY-MM-DD",
            help=N_(
                "The day the files say how things stand on; by default that of their titles"
                " (“Rapor Tarihi”), else the oldest date of the file itself."
            ),
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help=N_("Only show how the files are understood; no database is opened.")
        ),
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            "--rejects", help=N_("Write the rejected rows to this .xlsx, to be corrected.")
        ),
    ] = None,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    """Read the options, run the import, show what came of it."""
    context = from_typer(ctx, "import", json=json)
    if rejects is not None:
        from esign_cli.foundation.files import check_output

        check_output(rejects, force=force)
    from esign_cli.workbooks.reader import WorkbookReader

    with WorkbookReader(files) as reader, Progress() as progress:
        from esign_cli.commands.imports import job

        request = job.Request(
            files=list(dict.fromkeys(files)),
            rules=arguments.rules(context, province, district),
            scope=arguments.scope(context, province, district) if full else None,
            dry_run=dry_run,
            sheet=sheet,
            header_row=header_row,
            mapping=arguments.mapping(mapping or []),
            dates=arguments.dates(dates),
            as_of=arguments.as_of(context, as_of),
            policy=context.settings.policy,
        )
        if explain:
            understood = job.explain(request, reader.open)
        else:
            with context.exclusive_run("import", wait=WAIT), context.store() as store:
                outcome = job.import_files(
                    request,
                    open_workbook=reader.open,
                    store=store,
                    now=context.now,
                    today=context.today,
                    confirm=progress.aside(
                        lambda missing, known: yes or arguments.confirm(context, missing, known)
                    ),
                    settle=progress.aside(_settler(ctx, context)),
                    watch=progress,
                )
                numbers = output.numbers(context, store, request, outcome)
            tables = job.rejected_rows(request, outcome, reader.open) if rejects else []
    if explain:
        output.explain(context, understood)
        if any(sheet.refused for file in understood for sheet in file.sheets):
            raise typer.Exit(BAD_INPUT)
        return
    output.show(context, request, outcome, numbers)
    if rejects is not None and tables:
        _write_rejects(context, rejects, tables)
    elif outcome.rejected and not json:
        hint = _("To correct the rejected rows in a workbook of their own: --rejects FILE.xlsx")
        context.console.say(hint)
    if outcome.rejected:
        raise typer.Exit(PARTLY)


def _settler(ctx: typer.Context, context: Context) -> Settle:
    """Who says what doubtful columns are: the person at the terminal, or nobody."""
    from esign_cli.cli.command_words import command_words
    from esign_cli.commands.imports import question

    if context.console.interactive:
        return partial(question.ask, context.console)
    return question.refuse(partial(command_words, ctx))


def _write_rejects(context: Context, path: Path, tables: Sequence[Rejects]) -> None:
    from esign_cli.foundation.files import write_private
    from esign_cli.outputs import tables as report

    write_private(path, report.to_xlsx(*map(_reject_table, tables)))
    context.console.say(_("Rejected rows, to be corrected: {path}").format(path=path))


def _reject_table(table: Rejects) -> report.Table:
    """Each bad cell stands out and says why; so does the row, in one column for all."""
    from esign_cli.commands.text.imports import PROBLEM_WORDS
    from esign_cli.outputs import tables as report

    places = {header: column for column, header in enumerate(table.headers)}
    notes: dict[tuple[int, int], str] = {}
    rows = []
    for number, row in enumerate(table.rows):
        why = []
        for wrong in row.problems:
            word = _(PROBLEM_WORDS[wrong.code])
            why.append(f"{wrong.column}: {word}")
            if wrong.header in places:
                place = (number, places[wrong.header])
                notes[place] = "\n".join(filter(None, (notes.get(place), word)))
        rows.append((*row.cells, row.file, row.sheet, str(row.row), " · ".join(why)))
    origin = [_("File"), _("Sheet"), _("Row"), _("What is wrong")]
    return report.Table(
        title=_(KIND_NAMES[table.kind]),
        columns=[report.Column(one, report.Kind.ID) for one in (*table.headers, *origin)],
        rows=rows,
        notes=notes,
    )
