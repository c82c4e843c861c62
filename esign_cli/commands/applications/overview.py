"""Applications as they are listed: which, of whom, and how many there are in each state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from esign_cli.foundation import turkish
from esign_cli.foundation.people import DutyRecord, OpenApplication
from esign_cli.renewals import verdict
from esign_cli.renewals.application import life_cycle
from esign_cli.renewals.application.life_cycle import Application
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.rules.verdict_table import unconfirmed
from esign_cli.store import Store, applications, people
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

    def wants(self, row: Row) -> bool:
        """Return whether an application is listed."""
        if self.overdue and not (row.overdue and row.application.national_id):
            return False
        if self.unconfirmed and not (row.unconfirmed and row.application.national_id):
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
    applications.catch_up(store, now, policy)
    with store.reading():
        matching = applications.read(store, scope)
        if scope.everywhere:  # who was forgotten has no place to be found by
            matching += applications.forgotten(store)
        rows = rows_of(store, matching, policy, question.today)
    counts = Counter(row.application.state for row in rows)
    shown = sorted(filter(question.wants, rows), key=_by_state)
    return Listing(
        question,
        tuple(shown),
        {state: counts[state] for state in life_cycle.STATES},
        sum(row.overdue and bool(row.application.national_id) for row in rows),
    )


def rows_of(
    store: Store, matching: Sequence[Application], policy: Policy, today: date
) -> tuple[Row, ...]:
    ids = sorted({one.national_id for one in matching})
    known = {
        facts.national_id: verdict.judge(facts, policy, today)
        for facts in people.facts(store, national_ids=ids)
    }
    rows = []
    for one in matching:
        standing = known[one.national_id]
        overdue = one.overdue(today, policy.delivery_days)
        unseen = unconfirmed(OpenApplication(one.number, one.state, one.since), policy, today)
        known_at_all = standing.facts.known
        rows.append(Row(one, standing.name, standing.record, overdue, unseen, known_at_all))
    return tuple(rows)


def _by_state(row: Row) -> tuple[int, date, str, int]:
    one = row.application
    order = life_cycle.STATES.index(one.state)
    return order, one.since, turkish.sort_key(row.name), one.number
