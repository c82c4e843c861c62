"""What `esign applications` is told, read from its options and arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from esign_cli.cli import arguments as asking
from esign_cli.cli import whom
from esign_cli.cli.arguments import PersonList
from esign_cli.cli.context import Context
from esign_cli.commands.applications import job
from esign_cli.commands.applications.job import Failure, Item
from esign_cli.foundation import turkish
from esign_cli.foundation.dates import day as said_day
from esign_cli.foundation.errors.cards import NoSuchWatch
from esign_cli.foundation.errors.renewals import NumberOfTwo, OwnExport
from esign_cli.foundation.errors.usage import BadDate, OptionsExclude, Usage
from esign_cli.foundation.i18n import _, number
from esign_cli.renewals.application.life_cycle import OPENINGS, STATES
from esign_cli.store import Store
from esign_cli.wording import labels
from esign_cli.workbooks.id_list import BadLine, IdList


def states(words: Iterable[str]) -> frozenset[str] | None:
    """Return the states named, in either language; None when none is. Raises UnknownWord."""
    return asking.codes(labels.STATES, words, "--state", STATES, every=True) or None


def opening(word: str) -> str:
    """Return the state in which an application is entered; raises UnknownWord."""
    return asking.code(labels.STATES, word, "--state", OPENINGS)


def reason(word: str) -> str:
    """Return why an application is made; raises UnknownWord."""
    reasons = labels.APPLICATION_REASONS
    return asking.code(reasons, word, "--reason", reasons)


def from_watch(
    context: Context, number: int, given: Sequence[str] | None, file: Path | None
) -> list[str]:
    """Return whose e-imza cards were read in a watch; raises NoSuchWatch or OptionsExclude."""
    from esign_cli.store import card_watches

    if given or file is not None:
        raise OptionsExclude(options=["--from-watch", "--from" if file else "ID"])
    with context.store() as store:
        ids = card_watches.national_ids(store, number)
    if not ids:
        raise NoSuchWatch(number=number)
    return list(ids)


DATED = ("tarih", "date")
"""Headers, folded, under which a list gives the day of the step; none that only resembles these."""
_OWN_DATED: dict[str, tuple[str, ...]] = {
    "add": ("basvurutarihi", "applicationdate"),
    "submit": ("gonderimtarihi",),
    "approve": ("onaytarihi", "approvedon"),
    "reject": ("rettarihi",),
    "arrive": ("gelistarihi",),
    "return": ("iadetarihi",),
    "deliver": ("teslimtarihi",),
    "cancel": ("iptaltarihi",),
}
"""Those of one step alone."""
_NUMBER = re.compile(r"[1-9][0-9]{0,5}(\.0)?")
"""A line of a list that names an application by its number."""


NO_LIST = PersonList(())


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a command is about, the list they came from, and whose day could not be read."""

    items: tuple[Item, ...]
    asked: PersonList = NO_LIST
    failed: tuple[Failure, ...] = ()


def named(
    context: Context,
    step: str,
    given: Sequence[str],
    file: Path | None,
    on: str | None,
    *,
    yes: bool = False,
    asked: bool = False,
) -> Named:
    """Return those who are named, each with the day of the step; says which column of a list gives
    it.

    A list may hold numbers of applications too, where those are numbered already. `asked`: the
    command shows whom it is about and asks, and nothing is shown here. Raises Usage when nobody is
    named, OptionsExclude, BadDate (of `on`), or what the list cannot be read for.
    """
    day = asking.day(on) if on else context.today
    if file is None:
        if not given:
            raise Usage(detail=_("Name whom it is about, or give a list with --from."))
        meant = _meant(context, step, given, yes=yes, asked=asked)
        return Named(tuple(Item(one, day, dated=on is not None) for one in meant))
    if given:
        raise OptionsExclude(options=["--from", "ID"])
    dated = (*_OWN_DATED.get(step, ()), *DATED)
    people = asking.people(file, (), by_place=False, dated=dated) or NO_LIST
    if step == "add" and _is_export(people.listed):
        raise OwnExport(path=str(file))
    numbers = _numbers(people) if step != "add" else []
    lines = [*_lines(people), *((n.value.removesuffix(".0"), n.second, n.row) for n in numbers)]
    if step != "show":
        _say_days(context, people.listed, [text for _one, text, _row in lines], day)
    items, failed = [], []
    for one, text, row in lines:
        try:
            its_day = asking.day(text) if text else day
        except BadDate as error:
            failed.append(job.failure(one, error, row))
            continue
        items.append(Item(one, its_day, row, dated=bool(text) or on is not None))
    bad = tuple(line for line in people.bad if line not in numbers)
    return Named(tuple(items), replace(people, bad=bad), tuple(failed))


_EXPORTED = ({"asama", "asamatarihi", "basvurunedeni"}, {"state", "since", "applicationfor"})
"""Headers of our own lists of applications, folded, in either language."""


def _is_export(listed: IdList) -> bool:
    headers = set(map(turkish.fold, listed.headers))
    return any(own <= headers for own in _EXPORTED)


def _meant(
    context: Context, step: str, given: Sequence[str], *, yes: bool, asked: bool
) -> list[str]:
    """Whom is meant by names and, where an application is entered, by numbers of the last list."""
    if all(map(turkish.is_national_id, given)):
        return list(given)
    with context.store() as store:
        return [_one_meant(context, store, step, one, yes=yes, asked=asked) for one in given]


def _one_meant(
    context: Context, store: Store, step: str, given: str, *, yes: bool, asked: bool
) -> str:
    if whom.is_name(given) and (asked or step == "show"):
        return whom.read_of(context, store, given)
    if step == "add" or whom.is_name(given):
        return whom.written_of(context, store, given, yes=yes)
    meant = of_number(context, store, given)
    if meant != given and not asked and step != "show":
        context.console.say(whom.who(store, meant))
    return meant


def of_number(context: Context, store: Store, given: str) -> str:
    """Return whom a number of the last list means, where no application has that number.

    Anything else comes back as it is. Raises NumberOfTwo for the number of an application that the
    last list gave to somebody else.
    """
    from esign_cli.store import applications, list_numbers

    if not whom.is_list_number(given):
        return given
    meant = applications.numbered(store, int(given))
    listed = list_numbers.person(store, int(given), os_user=context.os_user)
    if meant is None:
        return listed or given
    if context.console.interactive and listed not in (None, meant.national_id):
        raise NumberOfTwo(number=int(given))
    return given


def _numbers(people: PersonList) -> list[BadLine]:
    """The lines that name applications; under the header of the national ids it is a total."""
    if people.listed.headed:
        return []
    return [line for line in people.bad if _NUMBER.fullmatch(line.value)]


def check_opening(context: Context, people: PersonList, *, yes: bool) -> None:
    """Ask before applications are entered for a whole staff; raises Declined or NoTerminal."""
    columns = people.listed.of_roster
    if not columns or yes:
        return
    question = _(
        "This looks like personnel records, not like a list of those who applied (columns:"
        " {columns}). An application would be entered for each. People: {count}. Enter them all?"
    ).format(columns=", ".join(columns), count=number(len(people.national_ids)))
    context.console.agree(question)


def _lines(people: PersonList) -> Iterator[tuple[str, str, int]]:
    lines = people.listed
    return zip(lines.national_ids, lines.second, lines.rows, strict=True)


def _say_days(context: Context, listed: IdList, beside: Sequence[str], day: date) -> None:
    """Which column gives the day of the step, and the day of those who have none there."""
    if listed.dated:
        context.console.say(_("Day of the step: column “{column}”").format(column=listed.dated))
    elif any(beside):
        context.console.say(_("Day of the step: the column beside the national ids"))
    without = sum(not text for text in beside)
    if without:
        context.console.say(
            _("Without a day of their own in the list: {count}. Taken for them: {date}").format(
                count=number(without), date=said_day(day)
            )
        )
