"""Codes with what they are called on screen and the words that options take for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from esign_cli.foundation.i18n import _, language
from esign_cli.foundation.turkish import fold

Code = TypeVar("Code", bound=str)


class Vocabulary(dict[Code, str]):
    """Codes with their names, not translated; made of each code's name and its Turkish words."""

    def __init__(self, entries: Mapping[Code, tuple[str, str]]) -> None:
        super().__init__({code: name for code, (name, _words) in entries.items()})
        self._words = {code: words.split("|") for code, (_name, words) in entries.items()}

    def name(self, code: Code) -> str:
        """Return what a code is called in the user's language; one without a name as it is."""
        return _(self[code]) if code in self else code

    def offered(self, code: Code) -> str:
        """Return how a code is offered to whoever types it: the Turkish word first, where one is
        spoken.
        """
        words = self._words.get(code, [""])
        word = (words[0] or self.name(code)).replace(" ", "-")
        said = bool(word) and fold(word) != fold(code)
        return f"{word} ({code})" if said and language() == "tr" else code

    def words(self) -> list[str]:
        """Return the words that options take and a shell can complete: the codes, and what they
        are called where one is spoken.
        """
        spoken = [
            word.replace(" ", "-") for words in self._words.values() for word in words if word
        ]
        return [*(spoken if language() == "tr" else []), *self]

    def code(self, word: str) -> Code | None:
        """Return the code meant by itself or by a name in either language, in any spelling."""
        key = fold(word)
        return next((code for code in self if key in map(fold, self._taken(code))), None)

    def _taken(self, code: Code) -> tuple[str, ...]:
        return (code, self[code], self.name(code), *self._words[code])
