"""Applications as they are listed: which, of whom, and how many there are in each state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from esign_cli.foundation import turkish
from esign_cli.foundation.people import DutyRecord, OpenApplication
from esign_cli.foundation.standing import Standing
from esign_cli.renewals import verdict
from esign_cli.renewals.application import life_cycle
from esign_cli.renewals.application.life_cycle import Application
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.rules.verdict_table import unconfirmed
from esign_cli.store import Store, applications, people
from esign_cli.store.in_order import InOrder, Place
from esign_cli.store.scope import Scope


@dataclass(frozen=True, slots=True)
class Row:
    """An application with what is known of its owner."""

    application: Application
    name: str
    record: DutyRecord | None
    overdue: bool
    unconfirmed: bool = False
    """Whether it was delivered long ago, and its certificate has not been seen."""
    known: bool = True
    """Whether anything else is known of its owner: a record, a mark or a certificate."""


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
    unconfirmed: bool = False
    """Only those that were delivered, and whose certificate has not been seen."""

    def wants(self, application: Application, policy: Policy) -> bool:
        """Return whether an application is listed."""
        owned = bool(application.national_id)
        if self.overdue and not (owned and application.overdue(self.today, policy.delivery_days)):
            return False
        if self.unconfirmed and not (owned and _unconfirmed(application, policy, self.today)):
            return False
        if self.states is None:
            return application.open and owned
        return application.state in self.states


@dataclass(frozen=True, slots=True)
class Listing:
    """The applications listed, and how many there are in each state, listed or not."""

    question: ApplicationsQuery
    rows: Iterable[Row]
    """To be read once, before the block ends."""
    listed: Mapping[str, int]
    """How many of the rows are in each state."""
    counts: Mapping[str, int]
    overdue: int


@contextmanager
def listing(
    store: Store, question: ApplicationsQuery, policy: Policy, now: datetime
) -> Iterator[Listing]:
    """Find the applications of a place, by state, then by the day of the last step, then by name.

    Nothing of them is held: they are counted, put in order by their owners' names, and read again
    when it is their turn. `now` is aware: whose certificate has begun by then is in use.
    """
    applications.catch_up(store, now, policy)
    with store.reading():
        counts: Counter[str] = Counter()
        listed: Counter[str] = Counter()
        late: list[int] = []
        wanted = InOrder(store)
        wanted.add(_wanted(store, question, policy, counts, listed, late))
        order = InOrder(store)
        order.add(
            (_place(application, standing.name), standing.facts.national_id)
            for application, standing in _with_owners(store, wanted, policy, question.today)
        )
        rows = (
            _row(application, standing, policy, question.today)
            for application, standing in _with_owners(store, order, policy, question.today)
        )
        by_state = {state: counts[state] for state in life_cycle.STATES}
        yield Listing(question, rows, listed, by_state, len(late))


def _wanted(
    store: Store,
    question: ApplicationsQuery,
    policy: Policy,
    counts: Counter[str],
    listed: Counter[str],
    late: list[int],
) -> Iterator[tuple[Place, str]]:
    """Yield the owner of each application to be listed, and count them all."""
    for one in applications.of_place(store, Scope(question.province, question.district)):
        counts[one.state] += 1
        if one.national_id and one.overdue(question.today, policy.delivery_days):
            late.append(one.number)
        if question.wants(one, policy):
            listed[one.state] += 1
            yield ("", "", "", _padded(one.number)), one.national_id


def _with_owners(
    store: Store, order: InOrder, policy: Policy, today: date
) -> Iterator[tuple[Application, Standing]]:
    owners = ((int(place[3]), facts) for place, facts in order.people(asked=True))
    for application, facts in applications.beside(store, owners):
        if application is not None:
            yield application, verdict.judge(facts, policy, today)


def _place(application: Application, name: str) -> Place:
    state = f"{life_cycle.STATES.index(application.state):02}"
    number = _padded(application.number)
    return state, application.since.isoformat(), turkish.sort_key(name), number


def _padded(number: int) -> str:
    return f"{number:020}"


def rows_of(
    store: Store, matching: Sequence[Application], policy: Policy, today: date
) -> tuple[Row, ...]:
    """Return these applications with what is known of their owners."""
    ids = sorted({one.national_id for one in matching})
    known = {
        facts.national_id: verdict.judge(facts, policy, today)
        for facts in people.facts(store, national_ids=ids)
    }
    return tuple(_row(one, known[one.national_id], policy, today) for one in matching)


def _row(one: Application, standing: Standing, policy: Policy, today: date) -> Row:
    return Row(
        one,
        standing.name,
        standing.record,
        one.overdue(today, policy.delivery_days),
        _unconfirmed(one, policy, today),
        standing.facts.known,
    )


def _unconfirmed(one: Application, policy: Policy, today: date) -> bool:
    return unconfirmed(OpenApplication(one.number, one.state, one.since), policy, today)
