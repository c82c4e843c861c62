"""`esign setup`: the first quarter of an hour of a new administrator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from esign_cli.cli import context as contexts
from esign_cli.cli.command_words import global_options
from esign_cli.foundation.exit_codes import DONE, PARTLY
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.cli.context import Context

HELP = N_(
    """Set esign up for your directorate: province, form data, first workbook, card driver.

    Asks one thing after the other; Enter keeps what stands in brackets. Everything can be changed
    later with `esign config set`, and setup can be run again.

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
        _("Welcome. Enter keeps what stands in brackets; Ctrl-C stops, answers given stay.")
    )
    province = _ask_province(context)
    _ask_profile(context, province)
    _show_driver(context)
    status = _import_first_file(ctx)
    console.say()
    console.say(_("Ready. Settings: {path}").format(path=context.settings.path))
    console.say(_("Next, with a card in the reader:  esign check-card --save"))
    console.say(_("Then, who may renew:              esign eligible"))
    raise typer.Exit(status)


def _keep(context: Context, key: str, value: str) -> None:
    from esign_cli.cli import settings

    settings.set_value(context.settings.path, key, value)


def _ask_province(context: Context) -> str:
    from esign_cli.foundation import turkish

    known = context.settings.province
    default = turkish.province_name(known) if known not in ("", "all") else ""
    while True:
        answer = context.console.ask(
            _("1/4  Your province (name or plate code)"),
            option="esign config set province",
            default=default,
        )
        code = turkish.province_code(answer)
        if code is not None:
            _keep(context, "province", code)
            return code
        near = ", ".join(turkish.suggest_provinces(answer))
        context.console.say(
            _("There is no such province. Perhaps: {near}").format(near=near or "–")
        )


def _ask_profile(context: Context, province: str) -> None:
    from esign_cli.foundation import turkish

    name = turkish.province_name(province)
    current = {key: context.settings[f"profile.{key}"] for key in _QUESTIONS}
    defaults = {
        "institution_name": f"{turkish.upper(name)} MİLLİ EĞİTİM MÜDÜRLÜĞÜ",
        "province": turkish.upper(name),
        "district": f"{turkish.upper(name)} MERKEZ",
    }
    context.console.say(_("2/4  What the application form says of your directorate"))
    for key, question in _QUESTIONS.items():
        answer = _ask_field(context, key, question, current[key] or defaults.get(key, ""))
        if key == "postal_code" and answer and not answer.startswith(province):
            context.console.say(
                _("     Note: postal codes of this province begin with {plate}.").format(
                    plate=province
                )
            )
        _keep(context, f"profile.{key}", answer)


def _ask_field(context: Context, key: str, question: str, default: str) -> str:
    """One line of the profile; a telephone number that is none is asked for again."""
    from esign_cli.foundation import turkish

    option = f"esign config set profile.{key}"
    while True:
        answer = context.console.ask("     " + _(question), option=option, default=default)
        if key != "work_phone" or answer == default or turkish.is_phone(answer):
            return answer
        context.console.say(_("     This is no telephone number: 0488 213 00 00 would be one."))


_QUESTIONS = {
    "institution_name": N_("Institution name"),
    "address": N_("Address, where the courier brings the cards"),
    "province": N_("Province, as on the form"),
    "district": N_("District, as on the form"),
    "postal_code": N_("Postal code"),
    "work_phone": N_("Work phone"),
}


def _show_driver(context: Context) -> None:
    from esign_cli.foundation.errors import EsignError
    from esign_cli.wording.fact_words import NOT_AKIS
    from esign_cli.wording.sentences import next_step, sentence

    console = context.console
    try:
        module = context.card_module(None)
        console.say(_("3/4  Card driver: {path}").format(path=module.path))
        if module.stands_in:
            console.say("     " + _(NOT_AKIS))
    except EsignError as error:
        console.say(_("3/4  Card driver: {what}").format(what=sentence(error)))
        console.say("     " + next_step(error))


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
