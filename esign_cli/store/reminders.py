"""Reminders: what was claimed, sent, failed or superseded, so that nobody is forgotten.

A reminder is claimed before it is sent. What was cut off between the two is still claimed, and is
sent again, once, with the same Message-ID.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from esign_cli.renewals.rules.reminders import SentReminder, Threshold
from esign_cli.store.database import Store

_KEPT = """
SELECT national_id, not_after, threshold, channel, state, message_id FROM reminder
 WHERE national_id IN ({ids}) ORDER BY national_id, id
"""
_CLAIM = """
INSERT INTO reminder (
    national_id, not_after, threshold, channel, state, text, address, message_id, attempts, at
) VALUES (
    :national_id, :not_after, :threshold, :channel, 'claimed', :text, :address, :message_id, 1, :at
)
ON CONFLICT (national_id, not_after, threshold, channel) WHERE national_id <> '' DO UPDATE
SET state = 'claimed', text = excluded.text, address = excluded.address,
    attempts = reminder.attempts + 1, at = excluded.at, problem = ''
"""
_SUPERSEDE = """
INSERT INTO reminder (national_id, not_after, threshold, channel, state, at)
VALUES (:national_id, :not_after, :threshold, :channel, 'superseded', :at)
ON CONFLICT DO NOTHING
"""
_OUTDO = """
UPDATE reminder SET state = 'superseded', at = :at
 WHERE national_id = :national_id AND not_after = :not_after AND channel = :channel
   AND threshold <> :threshold AND state IN ('claimed', 'failed')
"""
"""Attempts at older thresholds that never came through: the nearer one stands for them now."""
_END = """
UPDATE reminder SET state = :state, at = :at, problem = :problem
 WHERE national_id = :national_id AND not_after = :not_after AND threshold = :threshold
   AND channel = :channel
"""
_HISTORY = """
SELECT national_id, not_after, threshold, channel, state, text, address, at, problem FROM reminder
"""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """A reminder that is about to be sent."""

    national_id: str
    not_after: date
    threshold: Threshold
    channel: str
    text: str
    address: str
    message_id: str
    superseded: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A reminder as it stands in a person's history."""

    not_after: date
    threshold: str
    channel: str
    state: str
    text: str
    address: str
    at: datetime
    problem: Mapping[str, Any] | None


def any_kept(store: Store) -> bool:
    """Return whether reminders were ever sent from this database."""
    return store.db.execute("SELECT 1 FROM reminder LIMIT 1").fetchone() is not None


def kept(store: Store, national_ids: Iterable[str]) -> Mapping[str, list[SentReminder]]:
    """Return what is recorded of these people's reminders."""
    sent: defaultdict[str, list[SentReminder]] = defaultdict(list)
    ids = list(national_ids)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        query = _KEPT.format(ids=",".join("?" * len(some)))
        for who, not_after, threshold, channel, state, message_id in store.db.execute(query, some):
            end = date.fromisoformat(not_after)
            sent[who].append(SentReminder(end, threshold, channel, state, message_id))
    return sent


def sent_to(store: Store) -> Mapping[str, list[Entry]]:
    """Return the reminders that were sent, by person, oldest first."""
    by_person: defaultdict[str, list[Entry]] = defaultdict(list)
    query = f"{_HISTORY} WHERE state = 'sent' AND national_id <> '' ORDER BY id"
    for who, *row in store.db.execute(query):
        by_person[who].append(_entry(row))
    return by_person


def history(store: Store, national_id: str) -> tuple[Entry, ...]:
    """Return the reminders of one person, oldest first."""
    query = f"{_HISTORY} WHERE national_id = ? ORDER BY id"
    return tuple(_entry(row) for _who, *row in store.db.execute(query, (national_id,)))


def _entry(row: Sequence[Any]) -> Entry:
    not_after, threshold, channel, state, text, address, at, problem = row
    return Entry(
        date.fromisoformat(not_after),
        threshold,
        channel,
        state,
        text,
        address,
        datetime.fromisoformat(at),
        json.loads(problem) if problem else None,
    )


def claim(store: Store, one: Claim, at: datetime) -> None:
    """Record that the reminder is about to be sent, and which older ones it stands for.

    `at` is aware. Raises as `Store.writing` does.
    """
    row = {**_key(one), "at": _instant(at)}
    with store.writing() as db:
        for older in one.superseded:
            db.execute(_SUPERSEDE, {**row, "threshold": older.code})
        db.execute(_OUTDO, row)
        more = {"text": one.text, "address": one.address, "message_id": one.message_id}
        db.execute(_CLAIM, row | more)


def ended(store: Store, one: Claim, at: datetime, problem: Mapping[str, Any] | None = None) -> None:
    """Record that it was sent, or why it was not; raises as `Store.writing` does."""
    state = "failed" if problem else "sent"
    stored = json.dumps(dict(problem), ensure_ascii=False) if problem else ""
    with store.writing() as db:
        db.execute(_END, {**_key(one), "state": state, "at": _instant(at), "problem": stored})


def _key(one: Claim) -> dict[str, str]:
    return {
        "national_id": one.national_id,
        "not_after": one.not_after.isoformat(),
        "threshold": one.threshold.code,
        "channel": one.channel,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
