"""`esign setup`: the first quarter of an hour of a new administrator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from esign_cli.cli import context as contexts
from esign_cli.cli.command_words import global_options
from esign_cli.commands.setup.questions import BACK, PROVINCE, QUESTIONS, Known, Question
from esign_cli.foundation.exit_codes import DONE, PARTLY
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.cli.context import Context

HELP = N_(
    """Set esign up for your directorate: province, form data, first workbook, card driver.

    Asks one thing after the other; Enter keeps what stands in brackets, < goes back one question.
    All answers are shown before it goes on. Everything can be changed later with
    `esign config set`, and setup can be run again.

    \b
    Example:
      esign setup
    """
)


def setup(ctx: typer.Context) -> None:
    context = contexts.from_typer(ctx)
    context.config_may_be_missing = True
    console = context.console
    console.say(
        _(
            "Welcome. Enter keeps what stands in brackets; < goes back one question; Ctrl-C stops,"
            " answers given stay."
        )
    )
    _ask_all(context)
    _agree_on_summary(context)
    _show_driver(context)
    status = _import_first_file(ctx)
    console.say()
    console.say(_("Ready. Settings: {path}").format(path=context.settings.path))
    _show_start_page(ctx)
    raise typer.Exit(status)


def _ask_all(context: Context) -> None:
    """Ask one question after the other; each answer is kept at once."""
    place = 0
    while place < len(QUESTIONS):
        if place == 1:
            context.console.say(_("2/4  What the application form says of your directorate"))
        went_on = _ask_one(context, QUESTIONS[place])
        place = place + 1 if went_on else max(0, place - 1)


def _ask_one(context: Context, question: Question) -> bool:
    """Ask until the answer is right, and keep it; False: the one before is wanted."""
    known = _known(context)
    stands = _stands(context, question)
    default = stands or question.default(known)
    indent = "1/4  " if question is PROVINCE else "     "
    while True:
        answer = context.console.ask(
            indent + _(question.text),
            option=f"esign config set {question.key}",
            default=default,
        )
        if answer == BACK:
            return False
        problem = question.check(answer, known)
        if not problem:
            _keep(context, question.key, question.stored(answer))
            return True
        context.console.say("     " + problem)


def _agree_on_summary(context: Context) -> None:
    """Show all answers; a line's number asks for it again, Enter goes on."""
    console = context.console
    while True:
        console.say(_("That is what will stand on the forms:"))
        for number, question in enumerate(QUESTIONS, 1):
            console.say(f"  {number}. {_(question.text)}: {_stands(context, question) or '–'}")
        answer = console.ask(
            _("Enter: go on; or the number of a line to change it"), option="esign config set"
        )
        if not answer:
            return
        numbers = {str(number): one for number, one in enumerate(QUESTIONS, 1)}
        if answer in numbers:
            _ask_one(context, numbers[answer])


def _stands(context: Context, question: Question) -> str:
    """What the settings say now, as it is typed."""
    value = str(context.settings[question.key])
    if question is not PROVINCE:
        return value
    from esign_cli.foundation import turkish

    return turkish.province_name(value) if value not in ("", "all") else ""


def _known(context: Context) -> Known:
    """What the answers are held to: the province that was answered, the districts of a roster."""
    province = context.settings.province
    if province in ("", "all"):
        return Known()
    from esign_cli.store import is_there, places

    if not is_there(context.settings.database):
        return Known(province)

    with context.store() as store:
        return Known(province, places.districts(store, province))


def _keep(context: Context, key: str, value: str) -> None:
    from esign_cli.cli import settings

    settings.set_value(context.settings.path, key, value)
    context.forget_settings()


def _show_start_page(ctx: typer.Context) -> None:
    """End with what `esign` alone shows: where things stand, and what comes next."""
    root = ctx.find_root()
    root.command.main(global_options(root), standalone_mode=False)


def _show_driver(context: Context) -> None:
    from esign_cli.foundation.errors import EsignError
    from esign_cli.wording.fact_words import NOT_AKIS
    from esign_cli.wording.sentences import next_step, sentence

    console = context.console
    try:
        module = context.card_module(None)
        console.say(_("3/4  Card driver: {path}").format(path=module.path))
        if module.stands_in:
            console.say(_(NOT_AKIS))
    except EsignError as error:
        console.say(_("3/4  Card driver: {what}").format(what=sentence(error)))
        console.say(next_step(error))


def _import_first_file(ctx: typer.Context) -> int:
    console = contexts.from_typer(ctx).console
    file = _ask_file(console)
    if file is None:
        console.say(_("Later, with:  esign import FILE"))
        return DONE
    root = ctx.find_root()
    words = [*global_options(root), "import", str(file)]
    status = int(root.command.main(words, standalone_mode=False))
    if status not in (DONE, PARTLY):
        console.say(_("Later, with:  esign import FILE"))
    return status


def _ask_file(console: Console) -> Path | None:
    """A file that is there, asked for until one is named; None: later."""
    from esign_cli.foundation.errors.environment import FileMissing
    from esign_cli.wording.sentences import sentence

    question = _("4/4  A MEBBİS workbook to load now (Enter: later)")
    while answer := console.ask(question, option="esign import FILE"):
        file = Path(answer.strip("'\"")).expanduser()  # a file dropped on a terminal comes quoted
        if file.exists():
            return file
        console.say(sentence(FileMissing(path=str(file))))
    return None
