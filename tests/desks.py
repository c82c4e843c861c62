"""Several desks that write to one roster on a server at the same time.

    python -m tests.desks 600            8 desks for 600 seconds
    python -m tests.desks 600 4          4 of them

Each makes one decision after the other, which rests on what was read before: the next number of a
pile of cards, an application for somebody who has none open, a mark, a row of the audit trail that
is linked to the one before. At the end nothing is missing and nothing is there twice.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from esign_cli.foundation import database_server
from esign_cli.foundation.errors.store import ServerBusy
from esign_cli.store import (
    Store,
    applications,
    card_watches,
    open_store,
    person_record,
    trail,
    trail_check,
    trail_watch,
)
from esign_cli.store.caller import Caller
from tests.support import factories, postgres

PEOPLE = 200
DESKS = 8


def decide(store: Store, chance: random.Random, number: int) -> int:
    """Make the decisions of one turn; gives the number of the pile."""
    run = trail.Run(datetime.now(UTC), f"desk {number}", "here", "turn", os.getpid())
    watch = trail_watch.Watch(store, run)
    now, who = run.at, factories.national_id(chance.randint(1, PEOPLE))
    pile = card_watches.begin(store, now)
    with store.writing() as db:
        known = applications.open_one(store, who)
        if known is None:
            event = applications.Event("approved", now.date(), now, "x", "", {})
            applications.add(db, who, "renewal", event)
        else:
            event = applications.Event("cancelled", now.date(), now, "x", "", {})
            applications.append(db, known.number, event)
    person_record.mark(store, who, chance.choice(("on-duty", "left", "")), "x", None,
                       at=now, os_user="x")  # fmt: skip
    touched = frozenset(watch.touched)
    trail.write(store, trail.Ended(run, ok=True, touched=touched, altered=watch.altered))
    return pile


def desk(address: str, number: int, seconds: float) -> dict[str, Any]:
    """Decide for so many seconds; gives the piles begun, the longest turn, how often it waited."""
    chance, piles, longest, busy = random.Random(number), [], 0.0, 0
    server, caller = database_server.parse(address), Caller(f"DESK {number}", "HERE")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        with open_store(server, caller=caller) as store:
            try:
                piles.append(decide(store, chance, number))
            except ServerBusy:
                busy += 1
        longest = max(longest, time.monotonic() - begun)
    return {"piles": piles, "longest": longest, "busy": busy}


def run(address: str, seconds: float, desks: int = DESKS) -> list[dict[str, Any]]:
    """Let the desks work, each in a process of its own; raises AssertionError of what was lost."""
    with open_store(database_server.parse(address)) as store:
        factories.save(store, [factories.facts(n) for n in range(1, PEOPLE + 1)])
    words = [sys.executable, "-m", "tests.desks", "desk", address]
    running = [
        subprocess.Popen([*words, str(n), str(seconds)], stdout=subprocess.PIPE, text=True)
        for n in range(1, desks + 1)
    ]
    told = [json.loads(one.communicate()[0]) for one in running]
    check(address, told)
    return told


def check(address: str, told: list[dict[str, Any]]) -> None:
    """Nothing is missing, nothing twice, every decision rests on the one before."""
    piles = sorted(pile for one in told for pile in one["piles"])
    with open_store(database_server.parse(address)) as store:
        kept = [n for (n,) in store.db.execute("SELECT number FROM watch ORDER BY number")]
        assert kept == list(range(1, len(kept) + 1))
        assert set(piles) <= set(kept)
        assert len(piles) == len(set(piles))
        open_ones = Counter(
            who for who, in store.db.execute(
                "SELECT national_id FROM application WHERE (SELECT state FROM application_event"
                " WHERE application = application.number ORDER BY id DESC LIMIT 1) = 'approved'"
            )
        )  # fmt: skip
        assert set(open_ones.values()) <= {1}
        marks = "SELECT national_id FROM mark WHERE ended_at IS NULL"
        assert set(Counter(who for (who,) in store.db.execute(marks)).values()) <= {1}
        rows = list(trail.rows(store.db))
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert not any(row.altered for row in rows)
        turns = [row.ok for row in rows if row.command == "turn"]
        assert turns.count(True) == len(piles), (turns.count(True), len(piles))
        cut_off, busy = turns.count(False), sum(one["busy"] for one in told)
        assert cut_off <= busy, (cut_off, busy)  # who was told to come again had begun something
        findings = trail_check.verify(store).findings
        assert findings == (), findings


def main(words: list[str]) -> int:
    """Run by hand, or be one of the desks."""
    if words[:1] == ["desk"]:
        print(json.dumps(desk(words[1], int(words[2]), float(words[3]))))
        return 0
    seconds, desks = float(words[0]), int(words[1]) if words[1:] else DESKS
    where = postgres.programs()
    if where is None:
        raise SystemExit("PostgreSQL is missing (Debian: apt install postgresql)")
    with postgres.running(where, {}) as cluster:
        told = run(cluster.new(), seconds, desks)
    turns = [len(one["piles"]) for one in told]
    longest = max(one["longest"] for one in told)
    print(
        f"{desks} desks, {seconds:.0f} s: {sum(turns)} turns of four decisions ({min(turns)} to"
        f" {max(turns)} a desk), nothing lost; the longest turn {longest:.1f} s,"
        f" {sum(one['busy'] for one in told)} told that another desk was writing"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
