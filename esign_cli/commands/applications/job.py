"""Applications: entering them, taking their steps, and seeing where each stands.

A batch goes on after one that cannot be done. What is done of it is kept in one transaction; doing
it again changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from esign_cli.commands.applications.approval import approval
from esign_cli.foundation import turkish
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.renewals import NoOpenApplication, NoteNeeded, UnknownApplication
from esign_cli.foundation.errors.usage import BadNationalId
from esign_cli.foundation.people import DutyRecord
from esign_cli.renewals import verdict
from esign_cli.renewals.application import life_cycle
from esign_cli.renewals.application.life_cycle import Application, Event
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import Store, applications, people
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
class Row:
    """An application with what is known of its owner."""

    application: Application
    name: str
    record: DutyRecord | None
    overdue: bool
    known: bool = True
    """Whether anything else is known of its owner: a record, a mark or a certificate."""


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
        raise NoteNeeded(step=step)
    target = life_cycle.STEPS[step].to

    def move(item: Item) -> tuple[int, bool]:
        found = _found(store, item.given, target)
        facts: dict[str, Any] = {}
        if found.state == target:
            if not item.dated or item.on == found.since:
                return found.number, False
            life_cycle.check_correction(found, item.on, entry.today, wanted=entry.correct)
            facts["corrects"] = found.since.isoformat()
        else:
            life_cycle.check_step(found, step, item.on, entry.today)
        if step == "approve":
            facts |= approval(store, found, item.on, entry.policy, entry.override)
        event = Event(target, item.on, entry.now, entry.os_user, entry.note, facts)
        applications.append(store.db, found.number, event)
        return found.number, True

    return _each(store, items, entry, move)


def failure(given: str, error: EsignError, row: int = 0) -> Failure:
    """Return what could not be done of one that was asked for."""
    return Failure(_masked(given), error, row)


_Do = Callable[[Item], tuple[int, bool]]


def _each(store: Store, items: Iterable[Item], entry: Entry, do: _Do) -> Outcome:
    moved: dict[int, bool] = {}
    failed = []
    with store.writing():
        for item in items:
            try:
                number, changed = do(item)
            except EsignError as error:
                failed.append(failure(item.given, error, item.row))
                continue
            moved[number] = changed or moved.get(number, False)
        touched = [one for number in moved if (one := applications.numbered(store, number))]
        ids = {one.national_id for one in touched}
        applications.notice(store.db, entry.now, sorted(ids), entry.policy.validity_years)
        found = [one for number in moved if (one := applications.numbered(store, number))]
        rows = _rows(store, found, entry.policy, entry.today)
    done = tuple(row for row in rows if moved[row.application.number])
    skipped = tuple(row for row in rows if not moved[row.application.number])
    return Outcome(done, skipped, tuple(failed))


def _found(store: Store, given: str, target: str) -> Application:
    """The application meant: by its number, or the open one of a person.

    Of somebody who has none open, the last one that ended with the very step that is to be taken.
    """
    if turkish.is_national_id(given):
        mine = applications.read(store, Scope(national_ids=(given,)))
        meant = [one for one in mine if one.open or one.state == target]
        if not meant:
            raise NoOpenApplication(national_id=turkish.mask(given))
        return max(meant, key=lambda one: (one.open, one.number))
    found = applications.numbered(store, int(given)) if _is_number(given) else None
    if found is None:
        raise UnknownApplication(given=_masked(given))
    return found


_LONGEST_NUMBER = 10
"""Digits; 11 are a mistyped national id."""


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) <= _LONGEST_NUMBER


def _masked(given: str) -> str:
    return turkish.mask(given) if len(given) > _LONGEST_NUMBER else given


# --- seeing them ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApplicationsQuery:
    """Which applications to list."""

    today: date
    province: str = ""
    """Plate code; "" or "all" for everywhere."""
    district: str = ""
    states: frozenset[str] | None = None
    """None: the open ones."""
    overdue: bool = False
    """Only those whose card should have come."""

    def wants(self, row: Row) -> bool:
        """Return whether an application is listed."""
        if self.overdue and not (row.overdue and row.application.national_id):
            return False
        state = row.application.state
        if self.states is None:
            return row.application.open and bool(row.application.national_id)
        return state in self.states


@dataclass(frozen=True, slots=True)
class Listing:
    """The applications listed, and how many there are in each state, listed or not."""

    question: ApplicationsQuery
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    overdue: int


def listing(store: Store, question: ApplicationsQuery, policy: Policy, now: datetime) -> Listing:
    """Return the applications of a place, by state, then by the day of the last step, then
    by name.

    `now` is aware: whose certificate has begun by then is in use.
    """
    scope = Scope(question.province, question.district)
    applications.catch_up(store, now, policy.validity_years)
    with store.reading():
        found = applications.read(store, scope)
        if scope.everywhere:  # who was forgotten has no place to be found by
            found += applications.forgotten(store)
        rows = _rows(store, found, policy, question.today)
    counts = Counter(row.application.state for row in rows)
    shown = sorted(filter(question.wants, rows), key=_by_state)
    return Listing(
        question,
        tuple(shown),
        {state: counts[state] for state in life_cycle.STATES},
        sum(row.overdue and bool(row.application.national_id) for row in rows),
    )


def shown(
    store: Store, given: Sequence[str], policy: Policy, today: date, now: datetime
) -> Outcome:
    """Return these applications with all that happened; of a person, all that were ever made."""
    applications.catch_up(store, now, policy.validity_years)
    found: dict[int, Application] = {}
    failed = []
    with store.reading():
        for one in given:
            try:
                mine = _every(store, one)
            except EsignError as error:
                failed.append(Failure(_masked(one), error))
                continue
            found |= {application.number: application for application in mine}
        rows = _rows(store, list(found.values()), policy, today)
    return Outcome(rows, (), tuple(failed))


def _every(store: Store, given: str) -> Sequence[Application]:
    if not turkish.is_national_id(given):
        return (_found(store, given, ""),)
    mine = applications.read(store, Scope(national_ids=(given,)))
    if not mine:
        raise NoOpenApplication(national_id=turkish.mask(given))
    return mine


def _rows(
    store: Store, applications: Sequence[Application], policy: Policy, today: date
) -> tuple[Row, ...]:
    ids = sorted({one.national_id for one in applications})
    known = {
        facts.national_id: verdict.judge(facts, policy, today)
        for facts in people.facts(store, national_ids=ids)
    }
    rows = []
    for one in applications:
        standing = known[one.national_id]
        overdue = one.overdue(today, policy.delivery_days)
        rows.append(Row(one, standing.name, standing.record, overdue, standing.facts.known))
    return tuple(rows)


def _by_state(row: Row) -> tuple[int, date, str, int]:
    one = row.application
    order = life_cycle.STATES.index(one.state)
    return order, one.since, turkish.sort_key(row.name), one.number
