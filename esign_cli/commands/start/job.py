"""Where things stand: from what is kept ready, counted anew when it is due."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esign_cli.foundation.turkish import fold
from esign_cli.store.overview import Glance, Numbers

if TYPE_CHECKING:
    from esign_cli.foundation.database_server import Server
    from esign_cli.renewals.rules.policy import Policy
    from esign_cli.store import Store

QUICK = 1.0
"""Seconds: numbers that take no longer are counted anew whenever something changed."""
STALE = timedelta(minutes=10)
"""How old others may grow before they are counted anew; until then it is said that they are old."""


@dataclass(frozen=True, slots=True)
class StartRequest:
    """Of which day, place and rules."""

    now: datetime
    """Aware."""
    on: date
    province: str
    """Plate code or "all"."""
    district: str
    rules: str
    """Tells one set of rules from another."""

    @property
    def scope(self) -> str:
        return f"{self.province}/{fold(self.district)}"


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the job is handed."""

    database: Path | Server
    store: Callable[[], AbstractContextManager[Store]]
    policy: Callable[[], Policy]
    counting: Callable[[], None]
    """Told before people are counted anew."""


NOTHING = Glance(None, None, None)


def look(request: StartRequest, deps: Dependencies) -> Glance:
    """Return where things stand; raises what opening the database does."""
    from esign_cli.store import overview

    if not isinstance(deps.database, Path):
        return _look_at_server(request, deps)
    seen = overview.glance(deps.database, request.scope, request.rules, request.on)
    if seen is None and not deps.database.exists():
        return NOTHING
    if seen is not None and not _due(seen.numbers, request):
        return seen
    deps.counting()
    with deps.store() as store:
        numbers = _count(store, request, deps.policy())
        seen = overview.seen(store.db, request.scope, request.rules, request.on)
    return Glance(numbers, seen.reminded, seen.backup)


def _look_at_server(request: StartRequest, deps: Dependencies) -> Glance:
    """The same of a server's database, which is opened for it."""
    from esign_cli.store import overview

    with deps.store() as store:
        seen = overview.seen(store.db, request.scope, request.rules, request.on)
        if not _due(seen.numbers, request):
            return seen
        deps.counting()
        return Glance(_count(store, request, deps.policy()), seen.reminded, None)


def _due(numbers: Numbers | None, request: StartRequest) -> bool:
    if numbers is None or numbers.on != request.on:
        return True
    quick = numbers.counts.get("seconds", 0) <= QUICK
    return not numbers.current and (quick or request.now - numbers.at > STALE)


def _count(store: Store, request: StartRequest, policy: Policy) -> Numbers:
    """Count everybody in the place, and keep the numbers if nobody writes just now."""
    from esign_cli.foundation.errors.store import Busy
    from esign_cli.store import overview

    began = time.monotonic()
    with store.reading():
        version = overview.version(store.db, request.rules)
        counts = dict(_counted(store, request, policy))
    counts["seconds"] = round(time.monotonic() - began, 1)
    numbers = Numbers(request.on, request.now, counts, current=True)
    if store.may_change:
        with contextlib.suppress(Busy):  # the next look counts again
            overview.keep(store, request.scope, version, numbers)
    return numbers


def _counted(store: Store, request: StartRequest, policy: Policy) -> Iterator[tuple[str, Any]]:
    from esign_cli.renewals import overview
    from esign_cli.renewals.application.life_cycle import BEFORE_APPROVAL, ON_ITS_WAY
    from esign_cli.store import applications, people
    from esign_cli.store.scope import Scope

    codes: Counter[str] = Counter()
    for _who, mine in people.summaries(
        store,
        lambda facts: overview.codes(facts, policy, request.on),
        entitlement=not policy.entitles_all,
        province=request.province,
        district=request.district,
    ):
        codes.update(mine)
    yield from ((code, codes[code]) for code in overview.CODES)
    applied = applications.read(store, Scope(request.province, request.district))
    late = [one for one in applied if one.overdue(request.on, policy.delivery_days)]
    yield "waiting", sum(one.state in BEFORE_APPROVAL for one in applied)
    yield "expected", sum(one.state in ON_ITS_WAY for one in applied)
    yield "overdue", len(late)
    known = people.totals(store)
    yield "people", known.people
    yield "certificates", known.certificates
    as_of = people.roster(store, request.province).as_of
    yield "roster", as_of.isoformat() if as_of else None
