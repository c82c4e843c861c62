"""The last report of each place, for the next one to be compared with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from esign_cli.foundation.standing import Verdict
from esign_cli.foundation.turkish import fold
from esign_cli.renewals.report_summary import Remembered, Snapshot, Summary
from esign_cli.store.database import Store


def last(store: Store, province: str, district: str) -> Snapshot | None:
    """Return the last report of a place; None where there was none. Inside `store.reading()`."""
    scope = _scope(province, district)
    latest = store.db.execute(
        'SELECT "on", counts FROM report WHERE scope = ?', (scope,)
    ).fetchone()
    if latest is None:
        return None
    return Snapshot(
        date.fromisoformat(latest[0]),
        {Verdict(word): number for word, number in json.loads(latest[1]).items()},
    )


def listed_in_last(store: Store, province: str, district: str) -> Iterator[tuple[str, Remembered]]:
    """Yield who stood in a list of it, by national id. Inside `store.reading()`."""
    people = store.db.execute(
        "SELECT national_id, verdict, lists FROM report_person WHERE scope = ?"
        " ORDER BY national_id",
        (_scope(province, district),),
    )
    return ((row[0], Remembered(Verdict(row[1]), frozenset(row[2].split()))) for row in people)


def remember(
    store: Store, summary: Summary, people: Iterable[tuple[str, Remembered]], at: datetime
) -> None:
    """Keep what the report says, and of whom, in place of the last one of its place; `at` is aware.

    Raises as `Store.writing` does.
    """
    scope = _scope(summary.province, summary.district)
    counts = {verdict.value: number for verdict, number in summary.counts.items()}
    with store.writing() as db:
        db.execute("DELETE FROM report_person WHERE scope = ?", (scope,))
        db.execute(
            'INSERT INTO report (scope, "on", at, counts) VALUES (?, ?, ?, ?) ON CONFLICT (scope)'
            ' DO UPDATE SET "on" = excluded."on", at = excluded.at, counts = excluded.counts',
            (scope, summary.on.isoformat(), at.isoformat(timespec="seconds"), json.dumps(counts)),
        )
        db.executemany(
            "INSERT INTO report_person VALUES (?, ?, ?, ?)",
            ((scope, i, one.verdict, " ".join(sorted(one.lists))) for i, one in people),
        )


def _scope(province: str, district: str) -> str:
    return f"{province or 'all'}/{fold(district)}"
