"""Duty records as the rules see them: which count, which assignment governs, who is entitled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from esign_cli.foundation.people import DutyClass, DutyRecord
from esign_cli.foundation.standing import StatusClass
from esign_cli.renewals.rules.policy import Policy

GONE = (StatusClass.LEFT, StatusClass.TRANSFERRED)


def over(record: DutyRecord, day: date) -> bool:
    """Return whether the record had ended before that day; its last day still counts."""
    return record.end is not None and record.end < day


def current(records: Sequence[DutyRecord], since: date | None) -> tuple[DutyRecord, ...]:
    """Return the records in a fixed order, without history: assignments that were over before
    `since`.

    Where there is nothing but history, that is what the person has.
    """
    return in_order(counting(records, since))


def counting(records: Sequence[DutyRecord], since: date | None) -> Sequence[DutyRecord]:
    """Return the same records as they came."""
    if len(records) <= 1 or since is None:
        return records
    return [r for r in records if not (_assigned(r) and over(r, since))] or records


def in_order(records: Sequence[DutyRecord]) -> tuple[DutyRecord, ...]:
    """Return the records in a fixed order."""
    return tuple(sorted(records, key=_order)) if len(records) > 1 else tuple(records)


def governing(records: Iterable[DutyRecord], policy: Policy) -> DutyRecord | None:
    """Return the assignment in force: the latest start, then the latest end, a missing end last of
    all.
    """
    assignments = [r for r in records if _assigned(r) and policy.status(r.status) not in GONE]
    return max(assignments, key=_weight) if len(assignments) > 1 else next(iter(assignments), None)


def post(records: Iterable[DutyRecord], policy: Policy) -> DutyRecord | None:
    """Return the permanent record that stands for the person: one still served before one that is
    not.
    """
    posts = [r for r in records if not _assigned(r)]
    if len(posts) > 1:
        return max(posts, key=lambda r: (policy.status(r.status) not in GONE, _weight(r)))
    return next(iter(posts), None)


def working(record: DutyRecord, policy: Policy, today: date) -> bool:
    """Return whether the record shows somebody at work today: an assignment that is over
    does not.
    """
    return policy.status(record.status) is StatusClass.WORKING and not (
        _assigned(record) and over(record, today)
    )


def unentitled(
    records: Sequence[DutyRecord], policy: Policy, today: date
) -> tuple[DutyRecord, ...]:
    """Return the records that were looked at, if none of them entitles to an e-signature; else
    none.

    Looked at are those still served; where there are none, all.
    """
    if policy.entitles_all:
        return ()
    served = [
        r
        for r in records
        if policy.status(r.status) not in GONE and not (_assigned(r) and over(r, today))
    ]
    asked = tuple(served or records)
    if any(policy.entitles(r.title, r.institution, r.institution_code) for r in asked):
        return ()
    return asked


def _assigned(record: DutyRecord) -> bool:
    return record.duty_class == DutyClass.ASSIGNMENT


def _weight(record: DutyRecord) -> tuple[object, ...]:
    ends = record.end is not None
    return (record.start or date.min, ends, record.end or date.min, _order(record))


def _order(record: DutyRecord) -> tuple[object, ...]:
    r = record
    return (
        r.duty_class != DutyClass.PERMANENT,
        r.institution_code,
        r.start or date.min,
        r.end or date.min,
        r.status,
        r.title,
        r.institution,
        r.province,
        r.district,
        r.end_column,
        str(r.source),
    )
