"""A command line as it was given, to be run again or copied with something added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typer._click.core import Context as ClickContext


_GLOBAL = {"--db": "db", "--config": "config_file", "--lang": "lang"}


def global_options(root: ClickContext) -> list[str]:
    """Return the global options of this run, for running another command in it."""
    given = {option: root.params[name] for option, name in _GLOBAL.items()}
    return [word for option, value in given.items() if value for word in (option, str(value))]


def command_words(ctx: ClickContext) -> list[str]:
    """Return the words that give this command all that it was given."""
    words = [
        word for param in ctx.command.params for word in _of(param, ctx.params[str(param.name)])
    ]
    return ["esign", *global_options(ctx.find_root()), str(ctx.command.name), *words]


def _of(param: Any, value: Any) -> Iterator[str]:
    """The words of one argument or option; none where it was not given."""
    if value in (None, False, "", [], ()):
        return
    option = [param.opts[0]] if param.param_type_name == "option" else []
    if value is True:
        yield from option
        return
    for one in value if isinstance(value, list | tuple) else [value]:
        yield from (*option, str(one))
