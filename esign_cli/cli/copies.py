"""Files that may still hold whoever was deleted: esign names them and leaves them as they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from esign_cli.cli.context import Context
from esign_cli.foundation import files
from esign_cli.foundation.i18n import _


def name(context: Context, backups: Iterable[Path]) -> None:
    """Say where backups of the database, the log and the last report of scheduled runs lie."""
    for path in backups:
        context.console.say(
            _("A backup still holds them; delete it yourself: {path}").format(path=path)
        )
    for path in filter(files.is_file, context.settings.scheduled_files):
        context.console.say(
            _("A scheduled run wrote this; they may be named in it: {path}").format(path=path)
        )
