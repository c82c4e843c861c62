"""`esign imports`: what was imported, what it changed, and taking the newest back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import help, options
from esign_cli.cli.context import from_typer
from esign_cli.commands.text import imports as import_text
from esign_cli.foundation.i18n import N_, _, number

if TYPE_CHECKING:
    from esign_cli.outputs.tables.columns import ColumnSpec
    from esign_cli.store.import_history import PastImport

HELP = N_(
    """List the imports: when, which files, how many rows were new, changed, rejected.

    \b
    Examples:
      esign imports
      esign imports show 3
      esign imports undo 3
    """
)
LIST_HELP = N_(
    """List the imports, the newest first.

    \b
    Example:
      esign imports list --json
    """
)
SHOW_HELP = N_(
    """Show what an import made new, changed (field, old, new), found missing and rejected.

    \b
    Example:
      esign imports show 3
    """
)
UNDO_HELP = N_(
    """Take the newest import back: the database is as it was before it.

    Only the newest can be taken back, since later ones rest on it. Asks first, or wants --yes.

    \b
    Example:
      esign imports undo 3
    """
)
COLUMNS_HELP = N_(
    """List what was answered of doubtful columns; files with the same header are read so.

    After a wrong answer: take the import back, forget the answer, import the file again.

    \b
    Examples:
      esign imports columns
      esign imports undo 3
      esign imports columns --forget 1
    """
)
PAGES = {
    "imports": HELP,
    "imports columns": COLUMNS_HELP,
    "imports list": LIST_HELP,
    "imports show": SHOW_HELP,
    "imports undo": UNDO_HELP,
}
_FIGURES = ("rows_read", "new", "changed", "unchanged", "rejected", "ignored", "missing")
_PROBLEM = ("file", "sheet", "row", "column", "field", "code", "value", "rejected")

Number = Annotated[int, typer.Argument(metavar="N", help=N_("The number of the import."))]
app = typer.Typer(cls=help.Group, rich_markup_mode=None, invoke_without_command=True)


@app.callback()
def imports(ctx: typer.Context, json: options.Json = False) -> None:
    if ctx.invoked_subcommand is None:
        _list(ctx, json=json)


@app.command("list", cls=help.Command)
def list_imports(ctx: typer.Context, json: options.Json = False) -> None:
    _list(ctx, json=json)


def _list(ctx: typer.Context, *, json: bool) -> None:
    context = from_typer(ctx, "imports", json=json)
    from esign_cli.store import import_history

    with context.store() as store:
        past = import_history.past(store)
    if json:
        context.console.envelope([_json(one) for one in past])
        return
    if not past:
        context.console.say(_("Nothing was imported yet."))
        return
    context.console.listing(_columns(), past)
    context.console.say(f"  esign imports show {past[0].number}")


def _columns() -> tuple[ColumnSpec, ...]:
    """Those of the list: what an import was, and its figures."""
    from esign_cli.outputs.tables import Kind
    from esign_cli.outputs.tables.columns import ColumnSpec

    def figure(title: str, name: str) -> ColumnSpec:
        return ColumnSpec(title, lambda one: number(getattr(one, name)), Kind.NUMBER)

    titles = (N_("Rows"), N_("New"), N_("Changed"), N_("Unchanged"), N_("Rejected"),
              N_("Ignored"), N_("Missing"))  # fmt: skip
    return (
        ColumnSpec(N_("Number"), "number", Kind.NUMBER),
        ColumnSpec(N_("Day"), lambda one: import_text.day(one.as_of)),
        ColumnSpec(N_("Kind"), _kind),
        ColumnSpec(N_("Files"), lambda one: ", ".join(one.files)),
        *map(figure, titles, _FIGURES),
    )


@app.command("show", cls=help.Command)
def show(ctx: typer.Context, import_number: Number, json: options.Json = False) -> None:
    context = from_typer(ctx, "imports-show", json=json)
    from esign_cli.cli import whom
    from esign_cli.commands.imports.job import Problem
    from esign_cli.store import import_history

    with context.store() as store:
        past = import_history.one(store, import_number)
        with store.reading() as db:
            diff = import_history.diff(db, import_number)
        rows = import_history.problems_of(store, import_number)
        numbers = whom.numbers(context, store, import_text.shown_people(diff, new=True))
    problems = [
        Problem(**{**dict(zip(_PROBLEM, row, strict=True)), "rejected": bool(row[-1])})
        for row in rows
    ]
    if json:
        context.console.envelope(
            {**_json(past), "diff": import_text.diff_json(diff)},
            [import_text.problem_json(one) for one in problems],
        )
        return
    heading = _("Import {number} of {day}: {kind}, {files}")
    context.console.out(
        heading.format(
            number=past.number,
            day=import_text.day(past.as_of),
            kind=_kind(past),
            files=", ".join(past.files),
        )
    )
    figures = _(
        "Rows: {rows_read} · new: {new} · changed: {changed} · unchanged: {unchanged} · "
        "rejected: {rejected} · ignored: {ignored} · missing: {missing}"
    )
    context.console.out(figures.format(**{name: number(getattr(past, name)) for name in _FIGURES}))
    import_text.show_diff(context.console, diff, numbers)
    import_text.show_problems(context.console, problems)
    whom.say_next(context, numbers)


@app.command("undo", cls=help.Command)
def undo(
    ctx: typer.Context,
    import_number: Number,
    yes: options.Yes = False,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "imports-undo", json=json)
    from esign_cli.foundation.errors.workbooks import NotTheNewestImport
    from esign_cli.store import import_columns, import_history

    with context.store() as store:
        past = import_history.one(store, import_number)
        newest = import_history.past(store)[0].number
        if import_number != newest:
            raise NotTheNewestImport(number=import_number, newest=newest)
        question = _("Take back import {number} ({files})?")
        asked = question.format(number=past.number, files=", ".join(past.files))
        context.console.agree(asked, yes=yes)
        import_history.undo(store, import_number)
        answers = import_columns.of_files(store, past.files)
    if json:
        context.console.envelope(_json(past))
        return
    context.console.out(_("Taken back: import {number}.").format(number=import_number))
    if answers:
        hint = _("What was answered of its columns is still remembered; to forget it: {command}")
        numbers = " ".join(f"--forget {answer.number}" for answer in answers)
        context.console.say(hint.format(command=f"esign imports columns {numbers}"))


@app.command("columns", cls=help.Command)
def columns(
    ctx: typer.Context,
    forget: Annotated[
        list[int] | None,
        typer.Option(
            "--forget", metavar="N", help=N_("Forget this answer, by its number. May be repeated.")
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "imports-columns", json=json)
    from esign_cli.commands.imports import columns_output
    from esign_cli.store import import_columns

    with context.store() as store:
        if forget:
            import_columns.forget(store, forget)
        answers = import_columns.kept(store)
    columns_output.show(context.console, answers, forgot=forget or ())


def _kind(one: PastImport) -> str:
    kind = _(import_text.KIND_NAMES[one.kind])
    return _("{kind}, full snapshot").format(kind=kind) if one.full else kind


def _json(one: PastImport) -> dict[str, Any]:
    from esign_cli.outputs.json_data import pick

    return pick(one, f"number at as_of kind full {' '.join(_FIGURES)} province district files")
