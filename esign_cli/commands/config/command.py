"""`esign config`: every setting in force, where it comes from, and writing one."""

from __future__ import annotations

from typing import Annotated

import typer

from esign_cli.cli import completion, help, options
from esign_cli.cli import context as contexts
from esign_cli.foundation.i18n import N_, _

HELP = N_(
    """Show every setting in force and where it comes from.

    An option beats an environment variable, which beats the settings file, which beats the default.

    \b
    Examples:
      esign config
      esign config set province batman
      esign config path
    """
)
SET_HELP = N_(
    """Write one setting into the settings file.

    \b
    Examples:
      esign config set province batman
      esign config set profile.postal_code 72050
      esign config set renewal.roster_old_days 14
    """
)
PATH_HELP = N_("""Print where the settings file is.""")
PAGES = {"config": HELP, "config set": SET_HELP, "config path": PATH_HELP}

ORIGINS = {
    "option": N_("option"),
    "environment": N_("environment"),
    "file": N_("settings file"),
    "default": N_("default"),
}

app = typer.Typer(cls=help.Group, rich_markup_mode=None, invoke_without_command=True)


@app.callback()
def config(ctx: typer.Context, json: options.Json = False) -> None:
    if ctx.invoked_subcommand is not None:
        return
    context = contexts.from_typer(ctx, "config", json=json)
    from esign_cli.cli.settings_table import SETTINGS

    settings, console = context.settings, context.console
    shown = {
        "database": settings.database,
        "trust_folder": settings.trust_folder,
    }
    rows = [
        (s.key, shown.get(s.key, settings[s.key]), settings.values[s.key].origin, s.meaning)
        for s in SETTINGS
    ]
    if json:
        from esign_cli.outputs.json_data import plain

        console.envelope(
            {
                "path": str(settings.path),
                "settings": [
                    {"key": key, "value": plain(value), "origin": origin}
                    for key, value, origin, _meaning in rows
                ],
            }
        )
        return
    width = max(len(key) for key, *_rest in rows)
    for key, value, origin, meaning in rows:
        console.out(f"{key:<{width}}  {_text(key, value)}  ({_(ORIGINS[origin])}; {_(meaning)})")
    console.say(_("Settings file: {path}").format(path=settings.path))


@app.command("set", cls=help.Command)
def set_value(
    ctx: typer.Context,
    key: Annotated[
        str,
        typer.Argument(
            metavar="SETTING",
            help=N_("The setting to write."),
            autocompletion=completion.settings,
        ),
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help=N_("Its new value."))],
) -> None:
    context = contexts.from_typer(ctx)
    context.config_may_be_missing = True
    from esign_cli.cli import settings as store

    store.set_value(context.settings.path, key, value)
    context.console.say(
        _("Written: {key} = {value} ({path})").format(
            key=key, value=value, path=context.settings.path
        )
    )


@app.command("path", cls=help.Command)
def path(ctx: typer.Context) -> None:
    context = contexts.from_typer(ctx)
    context.console.out(str(context.settings.path))


def _text(key: str, value: object) -> str:
    """A value as it may be typed, in the reader's word where it is one."""
    if isinstance(value, tuple):
        return ", ".join(_word(key, one) for one in value) or "–"
    return "–" if value in (None, "") else _word(key, value)


def _word(key: str, value: object) -> str:
    from esign_cli.cli.settings_table import PERIODS
    from esign_cli.wording import labels, periods

    if isinstance(value, bool):
        return labels.YES_NO.offered(str(value).lower())
    if key in PERIODS:
        return periods.offered(str(value))
    return labels.OFFERED[key].offered(str(value)) if key in labels.OFFERED else str(value)
