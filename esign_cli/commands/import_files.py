"""`esign import`: MEBBİS workbooks into the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli import options
from esign_cli.context import Context, of
from esign_cli.i18n import N_, _, number

if TYPE_CHECKING:
    from esign_cli.jobs.import_files import FileReport, Outcome, Problem, Request
    from esign_cli.store.imports import Scope

HELP = N_(
    """Import MEBBİS workbooks: people, their duty records, certificate end dates.

    The kind of each file, its sheet, its header row and its columns are found and shown; --sheet,
    --header-row and --map overrule them. All files of one command are imported, or none.
    What a file lacks stays as it is known, unless --full says that these files together are
    everybody: then the records they lack are closed. The same file twice changes nothing.

    Exit code 8: rows were rejected; each is named with everything that is wrong with it.

    \b
    esign import personel.xlsx gorevlendirme.xls --province batman
    esign import personel.xlsx --full --dry-run
    esign import liste.xls --map "Bitiş Tarihi=end"
    """
)
PROBLEM_WORDS = {
    "no-national-id": N_("no national id"),
    "bad-national-id": N_("not a valid T.C. kimlik no"),
    "lossy-national-id": N_("the spreadsheet has rounded the number: its digits are lost"),
    "bad-date": N_("not a date"),
    "garbled-text": N_("broken Turkish letters"),
    "unknown-province": N_("no such province"),
    "no-province": N_("no province"),
    "no-name": N_("no name"),
    "unknown-kind": N_("a word for the kind of post that is not known (setting words.kind)"),
    "no-certificate-end": N_("no end date of the certificate"),
    "certificate-end-too-late": N_("the certificate would end later than any can"),
    "bad-mobile-phone": N_("not a mobile number; the row was taken without it"),
    "bad-email": N_("not an e-mail address; the row was taken without it"),
    "identity-conflict": N_("another person is known by this national id"),
    "certificate-disagrees": N_("the card says another end date; the card is believed"),
    "possible-duplicate": N_("somebody of the same name has almost this national id"),
}
"""Problem codes as people read them."""
KIND_NAMES = {
    "roster": N_("roster"),
    "assignments": N_("assignments"),
    "certificates": N_("certificates"),
}
MOST_SHOWN = 20
PARTLY = 8


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
    json: options.Json = False,
) -> None:
    """Read the options, run the import, show what came of it."""
    context = of(ctx)
    if json:
        context.json("import")
    from esign_cli.workbook import Opener

    with Opener(files) as opener:
        from esign_cli.jobs import import_files as job

        request = job.Request(
            files=files,
            rules=_rules(context, province, district),
            scope=_scope(context, province, district) if full else None,
            dry_run=dry_run,
            sheet=sheet,
            header_row=header_row,
            mapping=_mapping(mapping or []),
        )
        with context.store() as store:
            outcome = job.import_files(
                request,
                open_workbook=opener.open,
                store=store,
                now=context.now,
                today=context.today,
                confirm=lambda missing, known: yes or _confirm(context, missing, known),
            )
    _show(context, request, outcome)
    if outcome.rejected:
        raise typer.Exit(PARTLY)


# --- options -------------------------------------------------------------------------------------


def _rules(context: Context, province: str | None, district: str | None) -> Any:
    from esign_cli.mebbis.duties import KIND_WORDS, Rules
    from esign_cli.rules.lifetime import months_before
    from esign_cli.turkish import fold

    settings = context.settings
    own = {fold(word): kind for word, kind in settings.kind_words.items()}
    named = _plate(province) if province else ""
    known = named or settings.province
    longest = -(12 * settings.policy.validity_years + 1)
    return Rules(
        province="" if known == "all" else known,
        district=district or ("" if named else settings.district),
        assumed=not named,
        kind_words={**KIND_WORDS, **own},
        latest_certificate_end=months_before(context.today, longest),
    )


def _scope(context: Context, province: str | None, district: str | None) -> Scope:
    from esign_cli import errors
    from esign_cli.store.imports import Scope

    settings = context.settings
    place = _plate(province) if province else settings.province
    if not place:
        raise errors.ScopeNeeded
    return Scope(place, district or ("" if province else settings.district))


def _plate(given: str) -> str:
    from esign_cli import errors, turkish

    code = "all" if given == "all" else turkish.province_code(given)
    if code is None:
        raise errors.UnknownProvince(given=given, suggestions=turkish.suggest_provinces(given))
    return code


def _mapping(given: list[str]) -> dict[str, str]:
    from esign_cli import errors
    from esign_cli.mebbis.layouts import FIELDS, IGNORED

    pairs = {}
    for one in given:
        header, equals, name = one.rpartition("=")
        if not (header.strip() and equals and name.strip() in (*FIELDS, IGNORED)):
            raise errors.BadMapping(given=one, fields=[*FIELDS, IGNORED])
        pairs[header.strip()] = name.strip()
    return pairs


def _confirm(context: Context, missing: int, known: int) -> bool:
    question = _("Missing from this snapshot: {missing} of {known} people. Flag them?")
    return context.console.confirm(
        question.format(missing=number(missing), known=number(known)), option="--yes"
    )


# --- what is shown -------------------------------------------------------------------------------


def _show(context: Context, request: Request, outcome: Outcome) -> None:
    if context.console.json_of:
        data = [_file_json(file, outcome, request) for file in outcome.files]
        context.console.envelope(data, [_problem_json(one) for one in outcome.problems])
        return
    for file in outcome.files:
        _show_file(context, file)
    say = context.console.out
    if request.scope is not None:
        say(_("Missing from the snapshot: {count}").format(count=number(outcome.missing)))
    if outcome.suspended:
        say(_("Nobody was flagged: some rows have no readable national id; they may be anybody."))
    _show_problems(context, outcome.problems)
    if request.dry_run:
        say(_("This was a trial: nothing was changed."))


def _show_file(context: Context, file: FileReport) -> None:
    say = context.console.out
    told = _("{file}: {kind} ({type})")
    say(told.format(file=file.file, kind=_(KIND_NAMES[file.kind]), type=file.file_type))
    for sheet in file.sheets:
        place = _("  Sheet: {sheet} · header row: {row}")
        say(place.format(sheet=sheet.name, row=sheet.layout.header_row))
        columns = ", ".join(f"{header} → {name}" for name, header in sheet.layout.headers.items())
        say(_("  Columns: {columns}").format(columns=columns))
        if sheet.layout.unused:
            say(_("  Not used: {columns}").format(columns=", ".join(sheet.layout.unused)))
    if file.passed_over:
        say(_("  Sheets without a table: {sheets}").format(sheets=", ".join(file.passed_over)))
    figures = _(
        "  Rows: {read} · new: {new} · changed: {changed} · unchanged: {unchanged} · "
        "rejected: {rejected} · ignored: {ignored}"
    )
    say(
        figures.format(
            read=number(file.rows_read),
            new=number(file.new),
            changed=number(file.changed),
            unchanged=number(file.unchanged),
            rejected=number(file.rejected),
            ignored=number(file.ignored),
        )
    )
    if file.known:
        say(_("  This very file was imported before: nothing of it was taken again."))


def _show_problems(context: Context, problems: Any) -> None:
    if not problems:
        return
    shown = problems[:MOST_SHOWN] if context.console.interactive else problems
    context.console.table(
        [_("File"), _("Sheet"), _("Row"), _("Column"), _("Value"), _("What is wrong")],
        [
            (one.file, one.sheet, str(one.row), one.column, one.value, _(PROBLEM_WORDS[one.code]))
            for one in shown
        ],
        right=(2,),
    )
    if len(shown) < len(problems):
        more = _("… and {count} more; --json lists all.")
        context.console.out(more.format(count=number(len(problems) - len(shown))))


def _file_json(file: FileReport, outcome: Outcome, request: Request) -> dict[str, Any]:
    return {
        "file": file.file,
        "sha256": file.sha256,
        "type": file.file_type,
        "kind": file.kind,
        "sheets": [
            {
                "sheet": sheet.name,
                "layout": "table",
                "header_row": sheet.layout.header_row,
                "columns": dict(sheet.layout.headers),
                "unused": list(sheet.layout.unused),
            }
            for sheet in file.sheets
        ],
        "rows_read": file.rows_read,
        "imported": {"new": file.new, "changed": file.changed, "unchanged": file.unchanged},
        "rejected": file.rejected,
        "ignored": file.ignored,
        "missing": outcome.missing,
        "dry_run": request.dry_run,
    }


def _problem_json(one: Problem) -> dict[str, Any]:
    names = ("code", "file", "sheet", "row", "column", "field", "value", "rejected")
    return {name: getattr(one, name) for name in names}
