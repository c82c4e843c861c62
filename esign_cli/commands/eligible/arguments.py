"""The verdicts and phases that `esign eligible` is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from esign_cli.cli.arguments import EVERY
from esign_cli.foundation import turkish
from esign_cli.foundation.errors.usage import UnknownWord
from esign_cli.foundation.standing import Phase, Verdict
from esign_cli.wording import labels


def verdicts(words: Iterable[str]) -> frozenset[Verdict] | None:
    """The verdicts named, in either language; None when none is. Raises UnknownWord."""
    chosen: set[Verdict] = set()
    for word in words:
        found = labels.verdict_of(word)
        if found is None and turkish.fold(word) not in EVERY:
            known = [*Verdict, "all"]
            raise UnknownWord(option="--verdict", given=word, known=known)
        chosen |= {found} if found else set(Verdict)
    return frozenset(chosen) or None


def phases(words: Iterable[str]) -> frozenset[Phase]:
    """The phases named, in either language; empty when none is. Raises UnknownWord."""
    chosen: set[Phase] = set()
    for word in words:
        found = labels.phase_of(word)
        if found is None:
            raise UnknownWord(option="--phase", given=word, known=list(Phase))
        chosen.add(found)
    return frozenset(chosen)
