"""Help pages and usage errors in the user's language.

Typer binds help at import, before the language is known, so the built tree of commands is translated
once it is. The parser's own words are partly gettext's (our catalogue has them too) and partly fixed
English, which is said anew here by the class of the error.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import typer
from typer._click import exceptions as parser_errors
from typer._click.core import Context as ClickContext
from typer._click.core import Parameter
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

from esign_cli.i18n import N_, _

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
    N_("No such command {name!r}."),
    N_("[OPTIONS]"),
    N_("COMMAND [ARGS]..."),
    N_("TEXT"),
    N_("PATH"),
    N_("INTEGER"),
    N_("FLOAT"),
    N_("NAME"),
    N_("FILE"),
    N_("LABEL"),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
"""What Typer says and translates by gettext, or shows as a placeholder in a usage line."""


class _InOurWords:
    """Usage lines and the help option, in the user's language."""

    def format_usage(self, ctx: ClickContext, formatter: HelpFormatter) -> None:
        pieces = " ".join(_(piece) for piece in self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage:") + " ")

    def get_help_option(self, ctx: ClickContext) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this text and exit.")
        return option


class Command(_InOurWords, TyperCommand):
    """A command whose help is in the user's language."""


class Group(_InOurWords, TyperGroup):
    """A group of commands whose help is in the user's language."""


def translate(command: TyperCommand | TyperGroup) -> None:
    """Put the help of a command, its options and its subcommands into the user's language."""
    if command.help:
        command.help = _(command.help)
    for parameter in command.params:
        _translate_parameter(parameter)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = _(command.subcommand_metavar)
        for child in command.commands.values():
            translate(child)  # type: ignore[arg-type]


def _translate_parameter(parameter: Parameter) -> None:
    text = getattr(parameter, "help", None)
    if text:
        parameter.help = _(text)  # type: ignore[attr-defined]
    takes_value = not isinstance(parameter, TyperOption) or not parameter.is_flag
    if takes_value and parameter.metavar:
        parameter.metavar = _(parameter.metavar)
