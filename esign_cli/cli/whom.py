"""Whom somebody means by a national id, by a number of the last list, or by a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from esign_cli.cli.arguments import number_column
from esign_cli.cli.context import Context
from esign_cli.foundation import turkish
from esign_cli.foundation.errors.store import Busy
from esign_cli.foundation.errors.usage import (
    NameForScript,
    NameOfNobody,
    NameOfSeveral,
    OptionsExclude,
    UnknownListNumber,
    Usage,
)
from esign_cli.foundation.i18n import _
from esign_cli.foundation.people import PersonFacts
from esign_cli.outputs.attributes import at
from esign_cli.outputs.tables.columns import ColumnSpec
from esign_cli.store import Store, list_numbers, people, person_search

_NUMBER = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_MOST_SHOWN = 20


def is_name(given: str) -> bool:
    """Return whether it is no number of any kind: a word or more of a name."""
    return any(letter.isalpha() for letter in given)


def is_list_number(given: str) -> bool:
    """Return whether it may be a number of a list: 1 to 4 digits."""
    return _NUMBER.fullmatch(given) is not None


def the_one(argument: str | None, option: str | None) -> str:
    """Return whom the argument or --national-id names; raises Usage or OptionsExclude."""
    if argument and option and argument != option:
        raise OptionsExclude(options=["PERSON", "--national-id"])
    given = argument or option
    if not given:
        raise Usage(detail=_("Name whom it is about: national id, number of the list, or name."))
    return given


def read_of(context: Context, store: Store, given: str) -> str:
    """Return the national id that is meant, for a command that only reads.

    What is neither a number of a list nor a name comes back as it is. Raises UnknownListNumber,
    NameOfNobody or NameOfSeveral, after showing who they are.
    """
    if is_list_number(given):
        person = list_numbers.person(store, int(given), os_user=context.os_user)
        if not person and context.console.interactive:
            raise UnknownListNumber(number=given)
        return person or given
    return _named(context, store, given) if is_name(given) else given


def written_of(context: Context, store: Store, given: str, *, yes: bool = False) -> str:
    """Return the same for a command that writes: it shows whom, and asks where a name was given.

    A name is taken on a terminal only. Raises NameForScript and Declined too.
    """
    if not is_name(given):
        national_id = read_of(context, store, given)
        if national_id != given:
            context.console.say(who(store, national_id))
        return national_id
    _need_somebody(context, given, yes=yes)
    national_id = _named(context, store, given)
    question = _("{who}. Is this the one?").format(who=who(store, national_id))
    context.console.agree(question)
    return national_id


def _need_somebody(context: Context, given: str, *, yes: bool) -> None:
    if yes or not context.console.interactive:
        raise NameForScript(given=given)


def read_all(context: Context, store: Store, given: Iterable[str]) -> tuple[str, ...]:
    """Return all that are meant, in order; raises as `read_of`."""
    return tuple(read_of(context, store, one) for one in given)


def given_one(
    context: Context, argument: str | None, option: str | None, *, yes: bool = False
) -> str:
    """Return whom a command that writes about one form means; "" where nobody is named.

    It asks nothing: the command shows whose form it is, and asks once. Raises as `written_of`.
    """
    if not argument and not option:
        return ""
    given = the_one(argument, option)
    if not (is_name(given) or is_list_number(given)):
        return given
    if is_name(given):
        _need_somebody(context, given, yes=yes)
    with context.store() as store:
        return read_of(context, store, given)


def given_people(
    context: Context, argument: Iterable[str] | None, option: Iterable[str] | None
) -> tuple[str, ...]:
    """Return those named as arguments and by --national-id, for a command that only reads."""
    given = (*(argument or ()), *(option or ()))
    if all(map(turkish.is_national_id, given)):
        return given
    with context.store() as store:
        return read_all(context, store, given)


def numbers(
    context: Context,
    store: Store,
    national_ids: Iterable[str],
    own: Mapping[str, int] | None = None,
) -> Mapping[str, int]:
    """Return the numbers under which a list shows these people; none where nobody reads it.

    `own` are those of their applications, where these are listed. A list is not held up by another
    program that writes.
    """
    if not context.console.interactive or context.console.json_of:
        return {}
    wanted = [one for one in national_ids if one]
    if not wanted:
        return {}
    try:
        return list_numbers.give(store, wanted, at=context.now, os_user=context.os_user, own=own)
    except Busy:
        return {}


def listing(
    context: Context,
    store: Store,
    columns: Sequence[ColumnSpec],
    things: Sequence[Any],
    path: str = "national_id",
    urgent: Callable[[Any], bool] = lambda _one: False,
) -> Mapping[str, int]:
    """Print a table of people, or of what is about them, each under a number; gives the numbers.

    `path` leads to the national id, as `attributes.at` takes it.
    """
    given = numbers(context, store, [at(one, path) or "" for one in things])
    context.console.listing((*number_column(given, path), *columns), things, urgent)
    return given


def say_next(context: Context, given: Mapping[str, int], command: str = "person show") -> None:
    """Say the likely next command, about the first person of a list, where it has numbers."""
    for number in list(given.values())[:1]:
        context.console.say(f"  esign {command} {number}")


def _named(context: Context, store: Store, given: str) -> str:
    with store.reading():
        matches = person_search.find(store, given.split())
    if not matches:
        raise NameOfNobody(given=given)
    if len(matches) == 1:
        return matches[0]
    shown = matches[:_MOST_SHOWN]
    given_numbers = numbers(context, store, shown)
    for one in shown:
        number = given_numbers.get(one)
        context.console.say(f"  {number or '–':>4}  {who(store, one)}")
    raise NameOfSeveral(given=given, count=len(matches))


def who(store: Store, national_id: str) -> str:
    """Return the full name, the masked national id and the institution of somebody."""
    facts = people.one(store, national_id)
    parts = (name_of(facts), turkish.mask(national_id), institution_of(facts))
    return ", ".join(filter(None, parts))


def name_of(facts: PersonFacts) -> str:
    """Return the name in the roster, or else the one on a certificate."""
    known = facts.person.full_name if facts.person else ""
    return known or next((c.holder for c in facts.certificates if c.holder), "")


def institution_of(facts: PersonFacts) -> str:
    """Return where the person serves, as the first of the records that names a place says."""
    return next((r.institution for r in facts.records if r.institution), "")
