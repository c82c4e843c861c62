"""What a shell completes beside commands and options: words, provinces, districts, list numbers.

A shell asks at each press of Tab: nothing is imported that the question at hand does not want, and
whatever goes wrong completes nothing and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from esign_cli.foundation.database_server import Server


def words(vocabulary: str, *, every: bool = False) -> Callable[[str], list[str]]:
    """Return what completes the words of a vocabulary of `labels`, in either language."""

    def complete(incomplete: str) -> list[str]:
        from esign_cli.wording import labels

        known = [*getattr(labels, vocabulary).words(), *(["all", "hepsi"] if every else [])]
        return _beginning(known, incomplete)

    return complete


def provinces(incomplete: str) -> list[str]:
    """Complete a province by its name, in letters with or without marks."""
    from esign_cli.foundation.provinces import PROVINCES

    return _beginning(PROVINCES.values(), incomplete)


def settings(incomplete: str) -> list[str]:
    """Complete the name of a setting."""
    from esign_cli.cli.settings_table import SETTINGS

    return [one.key for one in SETTINGS if one.key.startswith(incomplete)]


def districts(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a district that the roster names."""
    from esign_cli.store import choices

    path = _database(ctx)
    return _beginning(choices.districts(path), incomplete) if path else []


def list_numbers(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a number of this user's last lists; beside it stands whose it is."""
    from esign_cli.cli.context import Context
    from esign_cli.store import choices

    path, run = _database(ctx), Context()
    known = choices.list_numbers(path, run.os_user, run.now) if path else []
    return [(str(n), name) for n, name in known if str(n).startswith(incomplete)]


def _beginning(known: Iterable[str], incomplete: str) -> list[str]:
    """Those that begin so; in plain letters where they were begun in plain letters."""
    from esign_cli.foundation.turkish import fold

    begun = fold(incomplete)
    offered: dict[str, None] = {}
    for one in known:
        if one.startswith(incomplete):
            offered[one] = None
        elif incomplete == begun and " " not in one and fold(one).startswith(begun):
            offered[fold(one)] = None  # a shell keeps only what begins as it was typed
    return list(offered)


def _database(ctx: typer.Context) -> Path | Server | None:
    """The user's database; None where the settings do not tell."""
    from esign_cli.cli import settings as config
    from esign_cli.foundation.errors import EsignError

    named = ctx.find_root().params
    database = {"database": str(named["db"])} if named.get("db") else {}
    try:
        return config.load(named.get("config_file"), database).database
    except EsignError:
        return None
