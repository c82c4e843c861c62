"""`esign --help` as a package carries it: made when it was built, shown before the app is loaded.

A checkout has none. What the page was not made for (a narrow terminal, other words, a completion)
is left to the app.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from esign_cli.foundation import i18n, locations
from esign_cli.foundation.errors import EsignError

FILE = "help.txt"
"""Its name in each language's folder of `locale/`; who builds a package writes it there."""
WORDS = (["--help"], ["-h"])
WIDTH = 80
"""Columns that the page was made for: the parser writes no wider one."""
_OTHERWISE = ("COLUMNS", "_ESIGN_COMPLETE")
"""Variables by which another page, or none, is wanted."""


def show(words: Sequence[str]) -> int | None:
    """Write the page that these words ask for; gives the exit code, None where the app has to."""
    if words not in WORDS or not _is_as_made(os.environ):
        return None
    language = spoken_language(words)
    try:
        page = (i18n.FOLDER / language / FILE).read_text("utf-8")
    except OSError:
        return None
    try:
        if not sys.stdout.isatty():
            sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(page)
        sys.stdout.flush()
    except UnicodeError:
        return None  # a terminal without Turkish letters
    except OSError as error:
        from esign_cli.cli import app
        from esign_cli.cli.console import Console

        i18n.activate(language)
        return app.handle_stdout_failure(error, Console())
    return 0


def _is_as_made(environ: Mapping[str, str]) -> bool:
    """Whether the page was made for this standard output."""
    if sys.stdout is None or any(name in environ for name in _OTHERWISE):
        return False
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return True  # no terminal
    return columns == 0 or columns >= WIDTH


def spoken_language(words: Sequence[str]) -> str:
    """Tell the language before anything is parsed: option > variable > file > tr."""
    given = _option(words, "--lang") or os.environ.get("ESIGN_LANG", "")
    if not given:
        from pathlib import Path

        named = _option(words, "--config")
        try:
            given = locations.language_in(locations.config_file(Path(named) if named else None))
        except EsignError:
            given = ""  # said when the settings are wanted
    return given if given in i18n.LANGUAGES else i18n.LANGUAGES[0]


def _option(words: Sequence[str], name: str) -> str:
    for index, word in enumerate(words):
        if word == name and index + 1 < len(words):
            return words[index + 1]
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""
