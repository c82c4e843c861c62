"""What a report says, from made-up people: numbers that add up, and changes that tell all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.foundation.people import OpenApplication, PersonFacts
from esign_cli.foundation.standing import Verdict
from esign_cli.renewals import report_summary
from esign_cli.renewals.application.life_cycle import Application, Event
from esign_cli.renewals.report_summary import LISTS, Listed, Remembered, Summary
from esign_cli.renewals.report_totals import Reckoning, lists_of, months_from, stalled
from esign_cli.renewals.verdict import Policy, judge
from tests.support import factories
from tests.support.factories import TODAY

DAY = timedelta(1)
POLICY = Policy()


def reckon(people: Iterable[PersonFacts], on: date = TODAY) -> Summary:
    lists: dict[str, list[Listed]] = {name: [] for name in LISTS}
    reckoning = Reckoning(on, lambda name, one: lists[name].append(one))
    for facts in people:
        reckoning.add(judge(facts, POLICY, on))
    return reckoning.summary("all", "", {}, None, lists)


def remembered(summary: Summary) -> dict[str, Remembered]:
    """What the next report has to know, in the order of national ids."""
    listed = {one.national_id: one for lines in summary.lists.values() for one in lines}
    return {
        who: Remembered(
            listed[who].standing.verdict,
            frozenset(
                name for name, lines in summary.lists.items()
                if who in {one.national_id for one in lines}
            ),
        )
        for who in sorted(listed)
    }  # fmt: skip


def ends(number: int, days: int, **changes: object) -> PersonFacts:
    certificate = factories.certificate(number, TODAY + days * DAY)
    return factories.facts(number, **{"certificates": (certificate,), **changes})


def test_twelve_months_from_this_one_on() -> None:
    months = months_from(date(2026, 11, 23))
    assert months[0] == date(2026, 11, 1)
    assert months[1:3] == (date(2026, 12, 1), date(2027, 1, 1))
    assert months[-1] == date(2027, 10, 1)


def test_a_certificate_counts_in_the_month_in_which_it_ends() -> None:
    last_of_this, first_of_next = date(2026, 11, 30), date(2026, 12, 1)
    told = reckon(
        [
            factories.facts(1, certificates=(factories.certificate(1, last_of_this),)),
            factories.facts(2, certificates=(factories.certificate(2, first_of_next),)),
            factories.facts(3, certificates=(factories.certificate(3, TODAY),)),
            ends(4, -1),  # over
            ends(5, 400),  # beyond
            ends(6, 30, records=(factories.post(6, status="Emekli"),)),  # nobody renews it
        ]
    )
    assert told.ending == (2, 1, *[0] * 10)
    assert sum(sum(one.months) for one in told.districts) == 3


def test_one_who_is_late_and_to_be_updated_is_in_both_lists() -> None:
    over = factories.assignment(1, end=TODAY - DAY)
    told = reckon([ends(1, 8, records=(factories.post(1), over))])
    assert {name for name in LISTS if told.lists[name]} == {"late", "needs-update"}
    applied = OpenApplication(1, "submitted", TODAY)
    assert not any(reckon([ends(1, 8, application=applied)]).lists.values())


def test_districts_are_the_same_in_any_spelling_and_sorted_as_in_turkish() -> None:
    names = ("ŞİRVAN", "Çınar", "ÇINAR", "Iğdır", "İdil", "")
    people = [
        ends(n, 30, records=(factories.post(n, district=name),)) for n, name in enumerate(names, 1)
    ]
    told = reckon(people)
    assert [one.place.district for one in told.districts] == [
        "Çınar", "Iğdır", "İdil", "ŞİRVAN", ""
    ]  # fmt: skip
    assert told.districts[0].holders == 2


def test_the_same_district_of_two_provinces_is_two() -> None:
    told = reckon(
        [
            ends(1, 30, records=(factories.post(1, province="72", district="MERKEZ"),)),
            ends(2, 30, records=(factories.post(2, province="01", district="MERKEZ"),)),
        ]
    )
    assert [one.place.province for one in told.districts] == ["01", "72"]


def test_an_overdue_card_is_listed_with_its_application() -> None:
    event = Event("approved", TODAY - 40 * DAY, datetime.now(UTC), "test")
    application = Application(7, factories.national_id(1), "renewal", (event,))
    kept: list[tuple[str, Listed]] = []
    reckoning = Reckoning(TODAY, lambda name, one: kept.append((name, one)))
    reckoning.add_application("overdue", judge(factories.facts(1), POLICY, TODAY), application)
    told = reckoning.summary("72", "", {"approved": 1}, TODAY, {})
    assert [(name, one.application) for name, one in kept] == [("overdue", application)]
    assert told.sizes["overdue"] == 1
    assert told.districts[0].lists["overdue"] == 1
    assert told.people == 0  # whoever is counted is counted elsewhere


@pytest.mark.parametrize(
    ("days", "state", "ago", "lists"),
    [
        (60, "draft", 7, set()),
        (60, "draft", 8, {"stalled"}),
        (60, "signed", 8, {"stalled"}),
        (60, "printed", 8, {"stalled"}),
        (60, "submitted", 80, set()),
        (60, "waiting", 80, set()),
        (8, "draft", 0, {"stalled", "late"}),
        (8, "submitted", 0, {"stalled"}),
        (8, "waiting", 0, {"stalled"}),
        (8, "approved", 9, set()),
        (-3, "signed", 0, {"stalled", "expired"}),
        (-3, "submitted", 0, {"stalled"}),
        (-3, "approved", 9, set()),
        (-3, "cancelled", 9, {"expired"}),
    ],
)
def test_who_applied_and_never_submitted_is_not_lost(
    days: int, state: str, ago: int, lists: set[str]
) -> None:
    since = TODAY - ago * DAY
    event = Event(state, since, datetime.now(UTC), "test")
    application = Application(7, factories.national_id(1), "renewal", (event,))
    mine = OpenApplication(7, state, since) if application.open else None
    standing = judge(ends(1, days, application=mine), POLICY, TODAY)
    found = set(lists_of(standing))
    if stalled(application, standing.phase, TODAY, POLICY.submission_days):
        found.add("stalled")
    assert found == lists


PEOPLE = st.dictionaries(
    st.integers(1, 8), st.tuples(st.integers(-40, 120), st.sampled_from(["", "Emekli", "?"]))
)


@given(PEOPLE, PEOPLE)
def test_differences_lead_from_the_last_report_to_this_one(
    then: dict[int, tuple[int, str]], now: dict[int, tuple[int, str]]
) -> None:
    def told(people: dict[int, tuple[int, str]]) -> dict[str, Remembered]:
        return remembered(
            reckon(
                ends(number, days, records=(factories.post(number, status=status),))
                for number, (days, status) in people.items()
            )
        )

    before, here = told(then), told(now)
    found = list(report_summary.differences(before.items(), here.items()))
    assert [who for who, _, _ in found] == sorted({who for who, _, _ in found})
    reached = dict(before)
    for who, was, is_ in found:
        assert was == reached.pop(who, None) != is_
        if is_ is not None:
            reached[who] = is_
    assert reached == here
    assert not list(report_summary.differences(here.items(), here.items()))


def test_what_is_remembered_is_the_verdict_and_the_lists() -> None:
    told = remembered(reckon([ends(1, 60), ends(2, -3)]))
    assert told[factories.national_id(1)] == Remembered(Verdict.ELIGIBLE, frozenset({"eligible"}))
