"""Help pages and usage errors in the user's language.

Typer binds help at import, before the language is known, so the built tree of commands is
translated once it is. The parser's own words are partly gettext's (our catalogue has them too) and
partly fixed English, which is said anew here by the class of the error.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from typer._click import exceptions as parser_errors
from typer._click.core import Context as ClickContext
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup
from typer.models import TyperPath

from esign_cli.foundation.i18n import N_, _, language
from esign_cli.foundation.pages import named

UsageError = parser_errors.UsageError
NoArgsIsHelp = parser_errors.NoArgsIsHelpError

PARSERS_OWN_WORDS = (
    N_("Arguments"),
    N_("Options"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
    N_("env var: {var}"),
    N_("Missing command."),
    N_("[OPTIONS]"),
    N_("COMMAND [ARGS]..."),
    N_("NAME"),
    N_("LABEL"),
    N_("FILE…"),
    N_("HEADER=FIELD"),
    N_("WORD"),
    N_("TIME"),
    N_("SETTING"),
    N_("VALUE"),
    N_("DIR"),
    N_("ID"),
    N_("MARK"),
    N_("NATIONAL_ID"),
    N_("PERSON"),
    N_("REASON"),
    N_("SECONDS"),
    N_("LIST"),
    N_("YEAR"),
    N_("YYYY-MM-DD"),
    N_("HH:MM"),
    N_("WORD,…"),
    N_("FILE.html"),
    N_("district"),
    N_("ADDRESS"),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
"""What Typer says and translates by gettext, or shows as a placeholder in a usage line."""


_METAVARS = {"path": N_("PATH"), "integer": N_("NUMBER"), "float": N_("NUMBER"), "text": N_("TEXT")}


class _InOurWords:
    """Usage lines and the help option, in the user's language."""

    def __init__(self, *words: Any, **named: Any) -> None:
        """Leave it to whoever opens a file to say that it cannot be read, and why."""
        super().__init__(*words, **named)
        for parameter in self.params:  # type: ignore[attr-defined]
            if isinstance(parameter.type, TyperPath):
                parameter.type.readable = False

    def format_usage(self, ctx: ClickContext, formatter: HelpFormatter) -> None:
        pieces = " ".join(_(piece) for piece in self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage:") + " ")

    def get_help_option(self, ctx: ClickContext) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this text and exit.")
        return option

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  (the list wraps)
        """Return the first sentence of the help, whole."""
        first = (self.help or "").partition("\n\n")[0]  # type: ignore[attr-defined]
        return " ".join(first.split())


class Command(_InOurWords, TyperCommand):
    """A command whose help is in the user's language."""


class Group(_InOurWords, TyperGroup):
    """A group of commands whose help is in the user's language."""


def translate(command: TyperCommand | TyperGroup, pages: Mapping[str, str], path: str = "") -> None:
    """Put the help of a tree of commands into the user's language.

    `pages` names each command's own text by its path ("" is the root, "config set" a child).
    """
    translate_own(command, pages[path])
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            translate(child, pages, f"{path} {name}".strip())  # type: ignore[arg-type]


def translate_own(command: TyperCommand | TyperGroup, page: str) -> None:
    """Put one command's page and its options into the user's language, not its children's."""
    command.help = inspect.cleandoc(named(_(page)))
    for parameter in command.params:
        _translate_parameter(parameter)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = _(command.subcommand_metavar)


def _translate_parameter(parameter: Any) -> None:
    if parameter.help:
        parameter.help = _(parameter.help)
    if parameter.param_type_name == "option" and parameter.is_flag:
        return
    word = parameter.metavar or _METAVARS.get(parameter.type.name, "TEXT")
    parameter.metavar = _(word)
    if isinstance(parameter.default, str) and parameter.show_default:
        parameter.show_default = _default(parameter)
    low, high = getattr(parameter.type, "min", None), getattr(parameter.type, "max", None)
    if low is not None:  # the parser would say x>=0.1
        parameter.type._describe_range = lambda: _range(low, high)


def _default(parameter: Any) -> str | bool:
    """A default as its option takes it, in the reader's word."""
    from esign_cli.wording.labels import OFFERED

    known = [OFFERED[name] for name in parameter.opts if name in OFFERED]
    return known[0].offered(parameter.default) if known else bool(parameter.show_default)


def _range(low: float, high: float | None) -> str:
    """What numbers an option takes, as its help says it."""
    if high is not None:
        return f"{_decimal(low)}–{_decimal(high)}"
    return _("at least {low}").format(low=_decimal(low))


def usage_sentence(error: UsageError) -> str:
    """Return what is wrong with a command line, in the user's language."""
    for kind, say in _USAGE:
        if isinstance(error, kind):
            return say(error)
    sentence = error.format_message()
    if command := _COMMAND.fullmatch(sentence):
        return _no_such_command(*command.groups())
    extra = _EXTRA.fullmatch(sentence)
    if extra is None:
        return sentence
    from esign_cli.foundation.turkish import mask

    words = _NATIONAL_ID.sub(lambda match: mask(match[0]), extra[1])
    said = _("More was given than this command takes: {words}").format(words=words)
    takes = {each.name for each in error.ctx.command.params} if error.ctx else set()
    if takes & {"who", "one"} and words.replace(" ", "").isalpha():
        said += ". " + _('A name of several words stands in quotation marks: "ŞÜKRÜ IŞIK"')
    return said


def _no_such_command(given: str, near: str | None) -> str:
    text = _("There is no command “{given}”.").format(given=given)
    if near:
        text += " " + _("Perhaps you mean: {near}").format(near=near.replace("'", ""))
    return text


_COMMAND = re.compile(r"[^']*'([^']*)'\.(?: Did you mean (.*)\?)?")
"""Said by the parser of a command that is none; the rest of it comes in English."""
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL)
"""Said by the parser in English, without a class of its own."""
_NATIONAL_ID = re.compile(r"\d{11}")


def _no_such_option(error: Any) -> str:
    text = _("There is no option “{option}”.").format(option=error.option_name)
    if error.possibilities:
        near = ", ".join(sorted(error.possibilities))
        text += " " + _("Perhaps you mean: {near}").format(near=near)
    return text


def _missing(error: Any) -> str:
    return _("Something is missing: {what}").format(what=_name(error))


def _bad_value(error: Any) -> str:
    return _("The value given is not right: {what} ({why})").format(
        what=_name(error), why=_why(error)
    )


def _why(error: Any) -> str:
    kind = error.param.type if error.param is not None else None
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is None:
        return _("{low} or more is wanted").format(low=_decimal(low))
    if low is None or high is None:
        return str(error.message)
    return _("a whole number from {low} to {high} is wanted").format(low=low, high=high)


def _decimal(value: float) -> str:
    return str(value).replace(".", ",") if language() == "tr" else str(value)


def _bad_option_use(error: Any) -> str:
    return _("The option is not used rightly: {option}").format(option=error.option_name)


def _name(error: Any) -> str:
    if error.param is None:
        return error.param_hint or "–"
    if error.param.param_type_name == "option":
        return " / ".join(error.param.opts)
    return str(error.param.metavar or error.param.name)


_USAGE: tuple[tuple[type[UsageError], Callable[[Any], str]], ...] = (
    (parser_errors.NoSuchOption, _no_such_option),
    (parser_errors.MissingParameter, _missing),
    (parser_errors.BadParameter, _bad_value),
    (parser_errors.BadOptionUsage, _bad_option_use),
)
