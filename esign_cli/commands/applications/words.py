"""What `esign applications` is told, read from its options and arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from esign_cli import asking, errors, turkish
from esign_cli.asking import Asked
from esign_cli.context import Context
from esign_cli.i18n import _
from esign_cli.jobs.applications import Item
from esign_cli.life_cycle import OPENINGS, STATES
from esign_cli.wording import labels


def states(words: Iterable[str]) -> frozenset[str] | None:
    """The states named, in either language; None when none is. Raises UnknownWord."""
    chosen: set[str] = set()
    for word in words:
        found = labels.state_of(word)
        if found is None and turkish.fold(word) not in asking.EVERY:
            raise errors.UnknownWord(option="--state", given=word, known=[*STATES, "all"])
        chosen |= {found} if found else set(STATES)
    return frozenset(chosen) or None


def opening(word: str) -> str:
    """The state in which an application is entered; raises UnknownWord."""
    found = labels.state_of(word)
    if found not in OPENINGS:
        raise errors.UnknownWord(option="--state", given=word, known=list(OPENINGS))
    return found


def reason(word: str) -> str:
    """Why an application is made; raises UnknownWord."""
    found = labels.application_reason_of(word)
    if found is None:
        known = list(labels.APPLICATION_REASONS)
        raise errors.UnknownWord(option="--reason", given=word, known=known)
    return found


def of_watch(
    context: Context, number: int, given: Sequence[str] | None, file: Path | None
) -> list[str]:
    """Whose e-imza cards were read in a watch; raises NoSuchWatch or OptionsExclude."""
    from esign_cli.store import watches

    if given or file is not None:
        raise errors.OptionsExclude(options=["--from-watch", "--from" if file else "ID"])
    with context.store() as store:
        found = watches.national_ids(store, number)
    if not found:
        raise errors.NoSuchWatch(number=number)
    return list(found)


def items(
    context: Context,
    given: Sequence[str],
    file: Path | None,
    on: str | None,
    *,
    numbered: bool = True,
) -> tuple[list[Item], Asked]:
    """Those who are named, each with the day of the step, and the list they came from.

    A list may hold numbers of applications too, where those are `numbered` already.

    Raises Usage when nobody is named, OptionsExclude, BadDate, or what the list cannot be read for.
    """
    day = asking.day(on) if on else context.today
    if file is None:
        if not given:
            raise errors.Usage(detail=_("Name whom it is about, or give a list with --from."))
        return [Item(one, day) for one in given], Asked(())
    if given:
        raise errors.OptionsExclude(options=["--from", "ID"])
    asked = asking.people(file, (), by_place=False) or Asked(())
    beside = [asking.day(text) if text[:1].isdigit() else day for text in asked.second]
    pairs = zip(asked.national_ids, beside, strict=True)
    numbers = [line for line in asked.bad if numbered and _NUMBER.fullmatch(line.value)]
    bad = tuple(line for line in asked.bad if line not in numbers)
    named = [Item(line.value.removesuffix(".0"), day) for line in numbers]
    return [Item(one, its_day) for one, its_day in pairs] + named, replace(asked, bad=bad)


_NUMBER = re.compile(r"[1-9][0-9]{0,5}(\.0)?")
"""A line of a list that names an application by its number."""
