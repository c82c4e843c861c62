"""Since when somebody is gone: left, transferred, or missing from the latest full snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from esign_cli.foundation.people import PersonFacts
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import not_on_duty

GONE = frozenset({"left", "transferred"})


@dataclass(frozen=True, slots=True)
class NoticeDays:
    """The days on which it became known, in Turkey."""

    records: date | None = None
    """The export that the latest of the current records was read from."""
    mark: date | None = None
    """When the standing mark was made."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Since when somebody is gone, and why: a code of renewal.REASONS."""

    since: date
    code: str


def leaving(facts: PersonFacts, notices: NoticeDays, policy: Policy, today: date) -> Leaving | None:
    """Return since when, as far as it is known; None of whoever serves, or may serve.

    A record that gives the end of what was left says it itself; else the day counts on which the
    export was brought in that says so.
    """
    against = not_on_duty(facts, policy, today)
    if against is None:
        return None
    first = against[1][0]
    if first.code == "missing-from-latest" and facts.missing_since is not None:
        return Leaving(facts.missing_since, first.code)
    if not {reason.code for reason in against[1]} <= GONE:
        return None
    if first.field == "mark":
        return Leaving(notices.mark, first.code) if notices.mark else None
    days = [record.end or notices.records for record in facts.records]
    known = [day for day in days if day is not None]
    return Leaving(max(known), first.code) if len(known) == len(days) else None
