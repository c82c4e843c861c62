"""Applications: entering them, taking their steps, and seeing where each stands.

A batch goes on after one that cannot be done. What is done of it is kept chunk by chunk; doing it
again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esign_cli.commands.applications.approval import approval
from esign_cli.commands.applications.overview import Row, rows_of
from esign_cli.foundation import turkish
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import renewals as errors
from esign_cli.foundation.errors.usage import BadNationalId
from esign_cli.renewals.application import life_cycle
from esign_cli.renewals.application.life_cycle import Application, Event
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import Store, applications
from esign_cli.store.rosters import Rosters
from esign_cli.store.scope import Scope


@dataclass(frozen=True, slots=True)
class Item:
    """One that is asked for: an application's number or a national id, and the step's own day."""

    given: str
    on: date
    row: int = 0
    """Where it stands in a list; 0 for none."""
    dated: bool = False
    """Whether somebody said that day; else it is that of the entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who enters it and when, and what is written beside it."""

    now: datetime
    today: date
    os_user: str
    policy: Policy
    note: str = ""
    override: str = ""
    """Why an application is approved that the rules would refuse."""
    correct: bool = False
    """Whether the day of a step that was entered already is set right."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How an application is entered."""

    state: str = "submitted"
    reason: str = "renewal"
    wet_ink: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be done, and why; people are masked."""

    given: str
    error: EsignError
    row: int = 0
    """Where it stands in a list; 0 for none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: `skipped` were in that state already."""

    done: tuple[Row, ...]
    skipped: tuple[Row, ...]
    failed: tuple[Failure, ...]


# --- entering and taking steps -------------------------------------------------------------------


def add(store: Store, items: Iterable[Item], opening: Opening, entry: Entry) -> Outcome:
    """Enter applications that were made elsewhere (as a rule: on the portal).

    Somebody who has one open is passed over. Raises as `Store.writing` does.
    """

    def enter(item: Item) -> tuple[int, bool]:
        if not turkish.is_national_id(item.given):
            raise BadNationalId(given=turkish.mask(item.given))
        life_cycle.check_date(item.on, entry.today)
        there = applications.open_one(store, item.given)
        if there is not None:
            return there.number, False
        facts = {"wet_ink": True} if opening.wet_ink else {}
        first = Event(opening.state, item.on, entry.now, entry.os_user, entry.note, facts)
        return applications.add(store.db, item.given, opening.reason, first), True

    return _each(store, items, entry, enter)


def take(store: Store, step: str, items: Iterable[Item], entry: Entry) -> Outcome:
    """Take one step, a key of life_cycle.STEPS, for each of these.

    Approving judges anew on the day of the step. Raises NoteNeeded, and as `Store.writing` does.
    """
    if step in life_cycle.NEEDS_NOTE and not entry.note:
        raise errors.NoteNeeded(step=step)
    target = life_cycle.STEPS[step].to
    rosters = Rosters(store.db)

    def move(item: Item) -> tuple[int, bool]:
        application = _found(store, item.given, target)
        facts: dict[str, Any] = {}
        if application.state == target:
            if not item.dated or item.on == application.since:
                return application.number, False
            life_cycle.check_correction(application, item.on, entry.today, wanted=entry.correct)
            facts["corrects"] = application.since.isoformat()
        else:
            life_cycle.check_step(application, step, item.on, entry.today)
        if step == "approve":
            facts |= approval(store, rosters, application, item.on, entry.policy, entry.override)
        event = Event(target, item.on, entry.now, entry.os_user, entry.note, facts)
        applications.append(store.db, application.number, event)
        return application.number, True

    return _each(store, items, entry, move)


def last_step(store: Store, given: str, entry: Entry) -> tuple[Row, Event]:
    """Return the application meant, and its last step, which could be taken back.

    Raises UnknownApplication, NoOpenApplication, NothingToUndo or StepOfCertificate.
    """
    with store.reading():
        application = _latest(store, given)
        taken, _before = life_cycle.undone(application)
        (row,) = rows_of(store, [application], entry.policy, entry.today)
    return row, taken


def undo(store: Store, seen: Application, entry: Entry) -> Outcome:
    """Take back the last step of an application, which stays in its history.

    Raises StepMeanwhile where another step came since it was `seen`, and as `Store.writing` does.
    """
    with store.writing():
        application = applications.numbered(store, seen.number)
        if application is None or len(application.events) != len(seen.events):
            state = application.state if application else seen.state
            raise errors.StepMeanwhile(number=seen.number, state=state)
        taken, before = life_cycle.undone(application)
        facts = {life_cycle.UNDOES: taken.state}
        event = Event(before.state, before.date, entry.now, entry.os_user, entry.note, facts)
        applications.append(store.db, application.number, event)
        now = [one for one in (applications.numbered(store, seen.number),) if one]
        rows = rows_of(store, now, entry.policy, entry.today)
    return Outcome(rows, (), ())


def whose(store: Store, step: str, given: str, entry: Entry) -> Row | None:
    """Return the application that a step is about to be entered of; None: it cannot be told, or
    the step not be taken, which the step itself says.
    """
    target, legal_in = life_cycle.STEPS[step].to, life_cycle.STEPS[step].legal_in
    with store.reading():
        try:
            application = _found(store, given, target)
        except (errors.UnknownApplication, errors.NoOpenApplication):
            return None
        if application.state not in legal_in | {target}:
            return None
        return rows_of(store, [application], entry.policy, entry.today)[0]


def failure(given: str, error: EsignError, row: int = 0) -> Failure:
    """Return what could not be done of one that was asked for."""
    return Failure(_masked(given), error, row)


_Do = Callable[[Item], tuple[int, bool]]


def _numbered(store: Store, numbers: Iterable[int]) -> list[Application]:
    known = applications.beside(store, ((number, None) for number in numbers))
    return [one for one, _ in known if one is not None]


def _each(store: Store, items: Iterable[Item], entry: Entry, do: _Do) -> Outcome:
    """Do it for each, a chunk a transaction: other programs write between two chunks.

    Cut off, it has done whole chunks; the same once more does the rest.
    """
    moved: dict[int, bool] = {}
    failed: list[Failure] = []
    waiting = list(items)
    for start in range(0, len(waiting), CHUNK):
        if start:
            store.give_way()
        with store.writing():
            numbers = _chunk(waiting[start : start + CHUNK], do, moved, failed)
            ids = {one.national_id for one in _numbered(store, numbers)}
            applications.notice(store.db, entry.now, sorted(ids), entry.policy)
    with store.reading():
        rows = rows_of(store, _numbered(store, moved), entry.policy, entry.today)
    done = tuple(row for row in rows if moved[row.application.number])
    skipped = tuple(row for row in rows if not moved[row.application.number])
    return Outcome(done, skipped, tuple(failed))


CHUNK = 200
"""So many are done in one transaction: a tenth of a second (benchmarks/approvals.py)."""


def _chunk(
    items: Iterable[Item], do: _Do, moved: dict[int, bool], failed: list[Failure]
) -> list[int]:
    """Do it for these; gives the numbers of their applications."""
    numbers = []
    for item in items:
        try:
            number, changed = do(item)
        except EsignError as error:
            failed.append(failure(item.given, error, item.row))
            continue
        moved[number] = changed or moved.get(number, False)
        numbers.append(number)
    return numbers


def _found(store: Store, given: str, target: str) -> Application:
    """The application meant: by its number, or the open one of a person.

    Of somebody who has none open, the last one that ended with the very step that is to be taken.
    """
    if turkish.is_national_id(given):
        mine = applications.read(store, Scope(national_ids=(given,)))
        meant = [one for one in mine if one.open or one.state == target]
        if not meant:
            raise errors.NoOpenApplication(national_id=turkish.mask(given))
        return max(meant, key=lambda one: (one.open, one.number))
    application = applications.numbered(store, int(given)) if _is_number(given) else None
    if application is None:
        raise errors.UnknownApplication(given=_masked(given))
    return application


def _latest(store: Store, given: str) -> Application:
    """The application meant: by its number, or of a person the open one, else the latest."""
    return max(_every(store, given), key=lambda one: (one.open, one.number))


_LONGEST_NUMBER = 10
"""Digits; 11 are a mistyped national id."""


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= _LONGEST_NUMBER


def _masked(given: str) -> str:
    return turkish.mask(given) if len(given) > _LONGEST_NUMBER else given


# --- seeing them ---------------------------------------------------------------------------------


def shown(
    store: Store, given: Sequence[str], policy: Policy, today: date, now: datetime
) -> Outcome:
    """Return these applications with all that happened; of a person, all that were ever made."""
    applications.catch_up(store, now, policy)
    by_number: dict[int, Application] = {}
    failed = []
    with store.reading():
        for one in given:
            try:
                mine = _every(store, one)
            except EsignError as error:
                failed.append(Failure(_masked(one), error))
                continue
            by_number |= {application.number: application for application in mine}
        rows = rows_of(store, list(by_number.values()), policy, today)
    return Outcome(rows, (), tuple(failed))


def _every(store: Store, given: str) -> Sequence[Application]:
    if not turkish.is_national_id(given):
        return (_found(store, given, ""),)
    mine = applications.read(store, Scope(national_ids=(given,)))
    if not mine:
        raise errors.NoOpenApplication(national_id=turkish.mask(given))
    return mine
