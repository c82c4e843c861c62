"""How often the database is asked: on a server far away each question is a trip there and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from esign_cli.commands.applications.overview import ApplicationsQuery, listing
from esign_cli.commands.report.totals import TotalsRequest, reckoned
from esign_cli.renewals.application.life_cycle import Event
from esign_cli.renewals.rules.policy import Policy
from esign_cli.renewals.verdict import judge
from esign_cli.store import Store, applications, open_store
from esign_cli.store.connection import meanwhile, together
from esign_cli.store.report_lists import ReportLists
from tests.support import factories
from tests.support.databases import Place
from tests.support.factories import TODAY, national_id

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def store(empty: Place) -> Iterator[Store]:
    with open_store(empty) as opened:
        yield opened


def report(store: Store) -> int:
    policy = Policy()
    lists = ReportLists(store, lambda facts: judge(facts, policy, TODAY))
    with store.reading():
        found = reckoned(store, TotalsRequest(TODAY), policy, lists)
        return sum(len(list(lines)) for lines in found.lists.values())


def overview(store: Store) -> int:
    with listing(store, ApplicationsQuery(TODAY), Policy(), NOW) as found:
        return len(list(found.rows))


@pytest.mark.sqlite
@pytest.mark.parametrize("job", [report, overview])
def test_a_long_list_asks_no_more_often_than_a_short_one(
    job: Callable[[Store], int], tmp_path: Path
) -> None:
    """All of these are late, each with an application and an owner of its own."""
    listed, asked = [], []
    for count in (2, 40):
        with open_store(tmp_path / f"{count}.db") as store:
            factories.save(store, [factories.facts(number) for number in range(count)])
            with store.writing() as db:
                for number in range(count):
                    first = Event("approved", date(2026, 8, 3), NOW, "ayse")
                    applications.add(db, national_id(number), "renewal", first)
            statements: list[str] = []
            store.sqlite.set_trace_callback(statements.append)
            listed.append(job(store))
            asked.append(len([one for one in statements if one.startswith(("SELECT", "\nSELECT"))]))
    assert listed[1] == 20 * listed[0] > 0
    assert asked[1] == asked[0]


# --- what a server works on while we do something else -------------------------------------------


def test_answers_that_are_wanted_later_come_from_the_same_look(store: Store) -> None:
    """Asked before the others, and wanted before, between and after them."""
    queries = ("SELECT 1", "SELECT 'a' UNION SELECT 'b' ORDER BY 1")
    with store.reading() as db:
        (first, both) = meanwhile(db, *queries)
        assert next(first)[0] == 1  # nothing else was asked
        assert [row[0] for row in both] == ["a", "b"]
        (later,) = meanwhile(db, "SELECT 3")
        (now,) = together(db, "SELECT 2")
        assert [row[0] for row in now] == [2]
        assert db.execute("SELECT 4").fetchone()[0] == 4
        assert [row[0] for row in later] == [3]
        meanwhile(db, "SELECT 5")  # nobody wants it
    with store.reading() as db:
        assert db.execute("SELECT 6").fetchone()[0] == 6


def test_what_fails_meanwhile_is_raised_where_it_is_wanted(store: Store) -> None:
    def wrong() -> None:
        with store.reading() as db:
            (later,) = meanwhile(db, "SELECT no_such_column FROM person")
            assert db.execute("SELECT 1").fetchone()[0] == 1
            next(later)

    with pytest.raises(Exception, match="no_such_column"):
        wrong()
    with store.reading() as db:
        assert db.execute("SELECT 1").fetchone()[0] == 1
