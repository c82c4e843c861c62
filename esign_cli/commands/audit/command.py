"""`esign audit`: who did what with whose data, and whether anything was changed unseen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import help, options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.cli.arguments import Form
    from esign_cli.commands.audit.job import Listing, Named
    from esign_cli.store.trail_check import Finding

HELP = N_(
    """Show who did what with whose data: one row a command, chained to the one before.

    Each command that opens the database leaves a row: who, on which computer, when, the command and
    its options (no values), whose data were read or changed by name, what left in whole. Whoever
    was forgotten stands in it as a token that nobody can resolve any more.

    \b
    esign audit
    esign audit --since 2026-11-01 --output audit.xlsx
    esign audit --person 10000000146
    esign audit verify
    """
)
VERIFY_HELP = N_(
    """Check that no row was changed, taken out or put in, and no table changed behind esign's back.

    Each row is chained to the one before by HMAC-SHA256, and to a keyed digest of every table that
    decisions rest on. The first row that does not fit is named. Exit code 7 if one does not.
    With --seal the trail also has to pass through the end that a seal, signed or not, or an earlier
    report (HTML, JSON) names: check first that the seal itself is valid (esign verify).

    \b
    esign audit verify
    esign audit verify --seal audit.txt.p7m
    """
)
SEAL_HELP = N_(
    """Write the end of the trail into a file, to be signed and time-stamped.

    What is signed cannot be rewritten unseen, not even by whoever has the key: up to this row.

    \b
    esign audit seal audit.txt
    esign sign audit.txt --level B-T
    """
)
PAGES = {"audit": HELP, "audit verify": VERIFY_HELP, "audit seal": SEAL_HELP}

app = typer.Typer(cls=help.Group, rich_markup_mode=None, invoke_without_command=True)


@app.callback()
def audit(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help=N_("From this day on."))
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="NATIONAL_ID", help=N_("Rows that name this person.")),
    ] = None,
    format_name: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    if ctx.invoked_subcommand is not None:
        return
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.audit import job
    from esign_cli.foundation import turkish
    from esign_cli.foundation.errors.usage import BadNationalId

    context = from_typer(ctx)
    form = asking.form(context, "audit", format_name, output, json=json, force=force)
    if person and not turkish.is_national_id(person):
        raise BadNationalId(given=turkish.mask(person))
    request = job.AuditRequest(asking.day(since) if since else None, person or "")
    with context.store() as store, job.listing(store, request) as listing:
        _show(context, listing, form, show_ids=show_ids)


@app.command("verify", cls=help.Command)
def verify(
    ctx: typer.Context,
    seals: Annotated[
        list[Path] | None,
        typer.Option("--seal", metavar="FILE", help=N_("A seal, or a report with the end in it.")),
    ] = None,
    json: options.Json = False,
) -> None:
    from esign_cli.commands.audit import job
    from esign_cli.foundation.exit_codes import SIGNATURE_FAILED
    from esign_cli.outputs.json_data import pick, plain
    from esign_cli.store import trail_check

    context = from_typer(ctx, "audit-verify", json=json)
    ends = [end for path in seals or () for end in job.ends_in(path)]
    with context.store() as store:
        check = trail_check.verify(store, ends)
    if json:
        data = pick(check, "head rows under_way")
        context.console.envelope({**data, "fits": not check.findings}, map(plain, check.findings))
    else:
        for one in check.findings:
            context.console.out(_told(one))
        if check.under_way:
            context.console.say(
                _("Commands are under way or were broken off; tables were not compared.")
            )
        if not check.findings:
            context.console.out(_("The audit trail fits. Rows: {rows}").format(rows=check.rows))
        context.console.out(_("Audit trail: {head}").format(head=check.head or "–"))
    if check.findings:
        raise typer.Exit(SIGNATURE_FAILED)


@app.command("seal", cls=help.Command)
def seal(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The file to sign."))],
    force: options.Force = False,
) -> None:
    from esign_cli.commands.audit import job
    from esign_cli.foundation import files
    from esign_cli.foundation.shell import command_line
    from esign_cli.store import trail

    context = from_typer(ctx)
    files.check_output(file, force=force)
    with context.store() as store:
        head = trail.head(store.db)
    files.write_private(file, job.seal(head, str(context.settings.database), context.now))
    context.console.say(_("Written: {path}").format(path=file))
    context.console.say(_("Now sign it:"))
    context.console.say("  " + command_line(["esign", "sign", str(file), "--level", "B-T"]))


FINDINGS = {
    "row-missing": N_("Row {row} is missing, or its number was changed."),
    "row-changed": N_("Row {row} was changed, or a row before it was taken out."),
    "rows-cut-off": N_("Rows are missing at the end, from row {row} on."),
    "other-key": N_("From row {row} on the trail was written with another key."),
    "key-missing": N_(
        "The key of the trail is missing, without which nothing of it can be checked."
    ),
    "seal-differs": N_("Row {row} is not the one that was sealed."),
    "table-altered-before": N_(
        "The table {table} was changed by something else than esign before row {row}."
    ),
    "table-altered-since": N_(
        "The table {table} was changed by something else than esign since row {row}."
    ),
}


def _told(finding: Finding) -> str:
    return _(FINDINGS[finding.kind]).format(row=finding.row, table=finding.table)


def _show(context: Context, listing: Listing, form: Form, *, show_ids: bool) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.text.account import account
    from esign_cli.foundation.i18n import number
    from esign_cli.foundation.turkish import mask
    from esign_cli.outputs import tables
    from esign_cli.outputs.tables.columns import ColumnSpec, fill

    def named(one: Named) -> str:
        if not one.national_id:
            return _("forgotten ({token})").format(token=one.token[:6])
        return one.national_id if show_ids else mask(one.national_id)

    columns = (
        ColumnSpec(N_("Row"), "row.number", tables.Kind.NUMBER),
        ColumnSpec(N_("Time"), lambda one: _time(one.row.at)),
        ColumnSpec(N_("Who"), lambda one: account(one.row.who, one.row.database_user)),
        ColumnSpec(N_("Computer"), "row.machine"),
        ColumnSpec(N_("Command"), "row.command"),
        ColumnSpec(N_("People"), lambda one: ", ".join(map(named, one.people))),
        ColumnSpec(N_("Left in whole"), lambda one: ", ".join(_kinds(one.row.exported))),
        ColumnSpec(N_("Succeeded"), lambda one: _("yes") if one.row.ok else _("no")),
    )
    if form.name == "json":
        shown = (_object(one, show_ids=show_ids) for one in listing.rows())
        asking.give_json(context, "audit", {"head": listing.head or None, "rows": shown}, [], form)
    elif form.name == "table":
        context.console.listing(columns, tuple(listing.rows()))
        context.console.out(_("Audit trail: {head}").format(head=listing.head or "–"))
    else:
        table = fill(_("Audit trail"), columns, listing.rows())
        asking.deliver_table(table, form)
    if form.output is not None:
        context.console.say(
            _("Written: {path} · entries: {count}").format(
                path=form.output, count=number(listing.count)
            )
        )


EXPORTS = {
    "ids": N_("national ids"),
    "file": N_("a file"),
    "files": N_("files"),
    "mail": N_("an e-mail"),
    "list": N_("a hand-over list"),
    "backup": N_("a backup"),
    "person": N_("a person's record"),
    "form": N_("a form"),
    "letters": N_("letters"),
    "restore": N_("a restored backup"),
    "copy": N_("a copy of everything"),
}


def _kinds(exported: tuple[str, ...]) -> list[str]:
    return [_(EXPORTS[kind]) if kind in EXPORTS else kind for kind in exported]


def _time(at: Any) -> str:
    from esign_cli.foundation.dates import ISTANBUL

    return f"{at.astimezone(ISTANBUL):%d.%m.%Y %H:%M:%S}"


def _object(one: Any, *, show_ids: bool) -> dict[str, Any]:
    from esign_cli.foundation.turkish import mask
    from esign_cli.outputs.json_data import pick

    people = [
        {
            "token": person.token,
            "national_id": (person.national_id if show_ids else mask(person.national_id)) or None,
        }
        for person in one.people
    ]
    facts = pick(
        one,
        "number=row.number at=row.at who=row.who machine=row.machine"
        " database_user=row.database_user command=row.command"
        " exported=row.exported ok=row.ok",
    )
    return {**facts, "people": people}
