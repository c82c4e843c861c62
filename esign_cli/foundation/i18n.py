"""Turkish for users, English for maintainers: gettext over the catalogues in `locale/`.

Turkish is the default. Messages are marked with `_` where they are said, or with `N_` where they
are only named (tables, help texts) and translated later.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path, PurePath
from typing import Any

from esign_cli.foundation.plain_text import one_line

LANGUAGES = ("tr", "en")
DOMAIN = "messages"
FOLDER = Path(__file__).parents[1] / "locale"
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def activate(language: str) -> None:
    """Say everything from now on in `language`, one of LANGUAGES."""
    global _catalogue, _language  # noqa: PLW0603  (one process speaks one language)
    _language = language
    os.environ["LANGUAGE"] = language  # the parser asks gettext itself for its own words
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    languages = [language] if language != "en" else []
    _catalogue = gettext.translation(DOMAIN, FOLDER, languages, fallback=not languages)


def language() -> str:
    """Return the language spoken now: "tr" or "en"."""
    return _language


class Message(str):
    """A message in the user's language; what it is filled with stands in it as one plain line."""

    __slots__ = ()

    def format(self, *values: object, **facts: object) -> str:
        """Fill in the values; a card's, a file's or a server's text cannot break out of them."""
        return super().format(*map(_filled, values), **{k: _filled(v) for k, v in facts.items()})

    def format_map(self, facts: Any, /) -> str:
        """Fill in what a mapping answers for each name, as plainly."""
        return super().format_map(_Filled(facts))


class _Filled:
    """What a mapping answers, as it may stand in a message."""

    def __init__(self, facts: Any) -> None:
        self._facts = facts

    def __getitem__(self, key: str) -> object:
        return _filled(self._facts[key])


def _filled(value: object) -> object:
    return one_line(str(value)) if isinstance(value, str | PurePath) else value


def _(message: str) -> str:
    return Message(_catalogue.gettext(message) if message else "")


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for `count`; Turkish uses the singular after numbers."""
    return Message(_catalogue.ngettext(singular, plural, count))


def N_(message: str) -> str:
    """Mark a message for translation and leave it as it is."""
    return message


def number(value: int) -> str:
    """Write 13012 as 13.012 (tr) or 13,012 (en)."""
    return f"{value:,}".replace(",", "." if _language == "tr" else ",")
