"""`esign applications`: entering applications, taking their steps, seeing where they stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import completion, help, options
from esign_cli.cli.context import Context, from_typer
from esign_cli.commands.applications.help import PAGES, STEP_HELP
from esign_cli.foundation.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from esign_cli.commands.applications.job import Entry
__all__ = ["PAGES", "app"]


class ListByDefault(help.Group):
    """The group that lists when it is told nothing else."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return the words after `applications`, with `list` put before those of a bare listing."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=ListByDefault, rich_markup_mode=None)

Ids = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID",
        help=N_("Application numbers, or national ids or names of people with one open."),
        autocompletion=completion.list_numbers,
    ),
]
People = options.WhoElse
From = Annotated[
    Path | None,
    typer.Option(
        "--from",
        help=N_(
            "A list: one a line, a csv or a workbook, with a date beside each where it differs."
        ),
    ),
]
Date = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="YYYY-MM-DD", help=N_("The day of the step; today unless given.")
    ),
]
Correct = Annotated[
    bool,
    typer.Option(
        "--correct", help=N_("Set right the day of a step that was entered already, with --date.")
    ),
]
Note = Annotated[
    str, typer.Option("--note", metavar="TEXT", help=N_("A note that is kept with the step."))
]
StepNote = Annotated[
    str,
    typer.Option(
        "--note", "--reason", metavar="TEXT", help=N_("A note that is kept with the step.")
    ),
]


@app.command("list", cls=help.Command)
def list_(
    ctx: typer.Context,
    province: options.Province = None,
    district: options.District = None,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="WORD",
            help=N_("Only these states, or “all”."),
            autocompletion=completion.words("STATES", every=True),
        ),
    ] = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help=N_("Only those whose card should have come."))
    ] = False,
    unconfirmed: Annotated[
        bool,
        typer.Option(
            "--unconfirmed",
            help=N_("Only those delivered long ago whose new certificate was not seen."),
        ),
    ] = False,
    approved_in: Annotated[
        int | None,
        typer.Option(
            "--approved-in",
            metavar="YEAR",
            help=N_("Count a year's approvals, by district and month."),
        ),
    ] = None,
    format_name: options.Format = None,
    output: options.Output = None,
    force: options.Force = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.applications import arguments, overview
    from esign_cli.commands.applications import output as showing
    from esign_cli.renewals.application.life_cycle import STATES

    context = from_typer(ctx)
    form = asking.form(context, "applications", format_name, output, json=json, force=force)
    question = overview.ApplicationsQuery(
        today=context.today,
        province=asking.province(context, province),
        district=district or context.settings.district,
        states=frozenset(STATES) if approved_in else arguments.states(state or ()),
        overdue=overdue,
        unconfirmed=unconfirmed,
    )
    policy, now = context.settings.policy, context.now
    with context.store() as store:
        with overview.listing(store, question, policy, now) as found:
            if approved_in:
                showing.approvals(context, found, approved_in, form)
                return
            listing = showing.written(context, found, form)
        showing.listing(context, store, listing, form, show_ids=show_ids)


@app.command("show", cls=help.Command)
def show(
    ctx: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", help=N_("Application numbers, or people's national ids.")),
    ] = None,
    national_id: options.NationalIds = None,
    from_file: From = None,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.commands.applications import arguments, job
    from esign_cli.commands.applications import output as showing

    context = from_typer(ctx, "applications", json=json)
    named = arguments.named(context, "show", _all(ids, national_id), from_file, None)
    given = [item.given for item in named.items]
    with context.store() as store:
        outcome = job.shown(store, given, context.settings.policy, context.today, context.now)
    showing.histories(context, outcome, named.asked, show_ids=show_ids)


@app.command("add", cls=help.Command)
def add(
    ctx: typer.Context,
    people: People = None,
    national_id: options.NationalIds = None,
    from_file: From = None,
    on: Date = None,
    reason: Annotated[
        str,
        typer.Option("--reason", metavar="WORD", help=N_("renewal, lost, other or first.")),
    ] = "renewal",
    state: Annotated[
        str,
        typer.Option("--state", metavar="WORD", help=N_("draft, signed, printed or submitted.")),
    ] = "submitted",
    wet_ink: Annotated[
        bool, typer.Option("--wet-ink", help=N_("Signed by hand (Yöntem 2)."))
    ] = False,
    note: Note = "",
    yes: options.Yes = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.commands.applications import arguments, job
    from esign_cli.commands.applications import output as showing

    context = from_typer(ctx, "applications", json=json)
    opening = job.Opening(arguments.opening(state), arguments.reason(reason), wet_ink)
    named = arguments.named(context, "add", _all(people, national_id), from_file, on, yes=yes)
    arguments.check_opening(context, named.asked, yes=yes)
    with context.store() as store:
        outcome = job.add(store, named.items, opening, _entry(context, note))
        showing.outcome(context, store, outcome, named, show_ids=show_ids)


def approve(
    ctx: typer.Context,
    ids: Ids = None,
    national_id: options.NationalIds = None,
    from_file: From = None,
    on: Date = None,
    note: StepNote = "",
    override: Annotated[
        str,
        typer.Option(
            "--override", metavar="REASON", help=N_("Approve against the rules, for this reason.")
        ),
    ] = "",
    correct: Correct = False,
    yes: options.Yes = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "applications", json=json)
    entry = _entry(context, note, override, correct=correct)
    _take(context, "approve", _all(ids, national_id), from_file, on, entry, show_ids, yes=yes)


def _of_cards(step: str) -> Callable[..., None]:
    """A step whose people may also be those of a pile of cards."""

    def run(
        ctx: typer.Context,
        ids: Ids = None,
        national_id: options.NationalIds = None,
        from_file: From = None,
        from_watch: Annotated[
            int | None,
            typer.Option(
                "--from-watch",
                metavar="N",
                help=N_("Those whose e-imza cards were read in this watch (check-card --save)."),
            ),
        ] = None,
        on: Date = None,
        note: StepNote = "",
        correct: Correct = False,
        yes: options.Yes = False,
        show_ids: options.ShowIds = False,
        json: options.Json = False,
    ) -> None:
        context = from_typer(ctx, "applications", json=json)
        if from_watch is not None:
            from esign_cli.commands.applications import arguments

            ids = arguments.from_watch(context, from_watch, ids, from_file)
        entry = _entry(context, note, correct=correct)
        _take(context, step, _all(ids, national_id), from_file, on, entry, show_ids, yes=yes)

    return run


def _command(step: str) -> Callable[..., None]:
    def run(
        ctx: typer.Context,
        ids: Ids = None,
        national_id: options.NationalIds = None,
        from_file: From = None,
        on: Date = None,
        note: StepNote = "",
        correct: Correct = False,
        yes: options.Yes = False,
        show_ids: options.ShowIds = False,
        json: options.Json = False,
    ) -> None:
        context = from_typer(ctx, "applications", json=json)
        entry = _entry(context, note, correct=correct)
        _take(context, step, _all(ids, national_id), from_file, on, entry, show_ids, yes=yes)

    return run


ASKED = frozenset({"approve", "deliver", "cancel"})
"""Steps that ask on a terminal, with the name, when they are taken for one person."""


@app.command("undo", cls=help.Command)
def undo(
    ctx: typer.Context,
    one: Annotated[
        str | None,
        typer.Argument(
            metavar="ID", help=N_("The application's number, or the national id of its owner.")
        ),
    ] = None,
    national_id: options.NationalId = None,
    reason: Annotated[
        str,
        typer.Option("--reason", "--note", metavar="TEXT", help=N_("Why; it is kept and shown.")),
    ] = "",
    yes: options.Yes = False,
    show_ids: options.ShowIds = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli import whom
    from esign_cli.commands.applications import arguments, job
    from esign_cli.commands.applications import output as showing

    context = from_typer(ctx, "applications", json=json)
    entry = _entry(context, reason)
    given = whom.the_one(one, national_id)
    with context.store() as store:
        given = arguments.of_number(context, store, given)
        row, taken = job.last_step(store, given, entry)
        context.console.agree(showing.undo_question(row, taken, show_ids=show_ids), yes=yes)
        outcome = job.undo(store, row.application, entry)
        showing.undone(context, store, outcome, arguments.Named(()), show_ids=show_ids)


_OWN = {"approve": approve, "arrive": _of_cards("arrive"), "deliver": _of_cards("deliver")}
for _step in STEP_HELP:
    app.command(_step, cls=help.Command)(_OWN.get(_step) or _command(_step))


# --- what they share -----------------------------------------------------------------------------


def _all(ids: list[str] | None, national_ids: list[str] | None) -> list[str]:
    """Those named as arguments and by --national-id."""
    return [*(ids or ()), *(national_ids or ())]


def _entry(context: Context, note: str, override: str = "", *, correct: bool = False) -> Entry:
    from esign_cli.cli import arguments as asking
    from esign_cli.commands.applications.job import Entry

    note, override = asking.text(note), asking.text(override)
    settings = context.settings
    return Entry(
        context.now, context.today, context.os_user, settings.policy, note, override, correct
    )


def _take(
    context: Context,
    step: str,
    ids: list[str],
    from_file: Path | None,
    on: str | None,
    entry: Entry,
    show_ids: bool,
    *,
    yes: bool,
) -> None:
    from esign_cli.commands.applications import arguments, job
    from esign_cli.commands.applications import output as showing

    asks = step in ASKED and context.console.interactive and not yes
    asked = asks and from_file is None and len(ids) == 1
    named = arguments.named(context, step, ids, from_file, on, yes=yes, asked=asked)
    with context.store() as store:
        if asks and len(named.items) == 1:
            row = job.whose(store, step, named.items[0].given, entry)
            if row is not None:
                context.console.agree(showing.question(row, step, show_ids=show_ids))
        outcome = job.take(store, step, named.items, entry)
        showing.outcome(context, store, outcome, named, show_ids=show_ids)
