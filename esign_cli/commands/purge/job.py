"""Forgetting those who left before a day (KVKK): whom, and since when they are gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from esign_cli.foundation.people import DutyRecord
from esign_cli.foundation.standing import Phase, Standing
from esign_cli.foundation.turkish import sort_key
from esign_cli.renewals.departure import Leaving, leaving
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.rules.retention import Rule
from esign_cli.renewals.verdict import judge, not_on_duty
from esign_cli.store import Store, erasure, people, retention

_LIVE = (Phase.NOT_DUE, Phase.OPEN, Phase.LATE, Phase.RENEWED)


@dataclass(frozen=True, slots=True)
class Departed:
    """Somebody who is gone."""

    standing: Standing
    leaving: Leaving

    @property
    def national_id(self) -> str:
        return self.standing.facts.national_id

    @property
    def name(self) -> str:
        """The name in the roster, or else the one on the certificate."""
        return self.standing.name

    @property
    def record(self) -> DutyRecord | None:
        return self.standing.record

    @property
    def live_until(self) -> date | None:
        """The end of a certificate that is still valid: revoking it is yet to be decided."""
        certificate = self.standing.certificate
        return certificate.not_after if certificate and self.standing.phase in _LIVE else None

    @property
    def application(self) -> int | None:
        """The number of an application that is open."""
        application = self.standing.facts.application
        return application.number if application else None


def leavers(store: Store, before: date, policy: Policy, today: date) -> tuple[Departed, ...]:
    """Return those who are gone since a day before `before`, the longest first.

    Raises DatabaseBusy or DatabaseUnreadable.
    """
    left = []
    with store.reading() as db:
        for facts in people.facts(store):
            if not_on_duty(facts, policy, today) is None:
                continue  # nearly everybody: nothing more is asked of them
            notice = erasure.notice_days(db, facts.national_id)
            gone = leaving(facts, notice, policy, today)
            if gone is not None and gone.since < before:
                left.append(Departed(judge(facts, policy, today), gone))
    return tuple(sorted(left, key=lambda one: (one.leaving.since, sort_key(one.name))))


@dataclass(frozen=True, slots=True)
class Over:
    """What of a kind is older than its rule lets it be."""

    kind: str
    period: str
    before: date
    count: int


@dataclass(frozen=True, slots=True)
class Due:
    """What the rules of the settings want deleted today."""

    kinds: tuple[Over, ...]
    people: tuple[Departed, ...]

    @property
    def anything(self) -> bool:
        return any(one.count for one in self.kinds)


def due(store: Store, rules: Sequence[Rule], policy: Policy, today: date) -> Due:
    """Return what is over by each rule; raises as `leavers`."""
    gone: tuple[Departed, ...] = ()
    kinds = []
    for rule in rules:
        before = rule.before(today)
        if rule.kind == LEFT:
            gone = leavers(store, before, policy, today)
        count = len(gone) if rule.kind == LEFT else retention.count(store, rule.kind, before)
        kinds.append(Over(rule.kind, rule.period, before, count))
    return Due(tuple(kinds), gone)


LEFT = "left"


def left_before(store: Store, before: date, policy: Policy, today: date) -> Due:
    """Return who left before a day; raises as `leavers`."""
    gone = leavers(store, before, policy, today)
    return Due((Over(LEFT, "", before, len(gone)),), gone)


def destroy(store: Store, over: Due, now: datetime, keep_record: Callable[[], None]) -> None:
    """Delete all of that or nothing; `keep_record` runs before it is certain.

    So nothing is deleted of which no record could be kept. Raises as `Store.writing` and
    `keep_record`; what is deleted is packed away afterwards, by `erasure.pack`.
    """
    cutoffs = {one.kind: one.before for one in over.kinds if one.kind != LEFT and one.count}
    with store.writing() as db:
        erasure.delete(db, store.key, [one.national_id for one in over.people], now)
        retention.delete(db, cutoffs)
        keep_record()
