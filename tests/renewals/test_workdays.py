"""The working day before a last day to apply, by holidays that are handed in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.foundation.standing import Phase
from esign_cli.renewals.rules import workdays
from esign_cli.renewals.verdict import Policy, judge
from tests.support import factories

DAY = timedelta(1)
KURBAN_2026 = frozenset(date(2026, 5, 27) + n * DAY for n in range(4))
MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)


@pytest.mark.parametrize(
    ("day", "holidays", "told"),
    [
        (date(2026, 11, 27), (), date(2026, 11, 27)),
        (date(2026, 11, 28), (), date(2026, 11, 27)),
        (SUNDAY, (), date(2026, 11, 27)),
        (SUNDAY, (date(2026, 11, 27),), date(2026, 11, 26)),
        (date(2026, 5, 31), KURBAN_2026, date(2026, 5, 26)),
        (date(2027, 1, 1), (date(2027, 1, 1),), date(2026, 12, 31)),
    ],
)
def test_the_day_itself_or_the_working_day_before(
    day: date, holidays: tuple[date, ...], told: date
) -> None:
    assert workdays.last_until(day, frozenset(holidays)) == told


_DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@given(_DAYS, st.frozensets(_DAYS, max_size=40))
def test_no_working_day_lies_between(day: date, holidays: frozenset[date]) -> None:
    told = workdays.last_until(day, holidays)
    assert told <= day
    assert workdays.works(told, holidays)
    between = (told + (n + 1) * DAY for n in range((day - told).days))
    assert not any(workdays.works(one, holidays) for one in between)


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (SUNDAY - 60 * DAY, date(2026, 11, 27)),
        (SUNDAY, date(2026, 11, 27)),
        (SUNDAY + DAY, None),
    ],
)
def test_a_verdict_names_it_until_the_last_day_has_passed(today: date, told: date | None) -> None:
    held = factories.certificate(not_after=date(2026, 12, 29))
    answer = judge(factories.facts(certificates=(held,), as_of=today), Policy(), today)
    assert (answer.deadline, answer.working_day) == (SUNDAY, told)
    warned = [r for r in answer.reasons if r.code == "deadline-on-holiday"]
    assert [(r.field, r.value) for r in warned] == ([("working_day", str(told))] if told else [])


def test_a_working_day_is_warned_of_only_where_somebody_says_it_is_none() -> None:
    held = factories.certificate(not_after=date(2026, 12, 23))
    facts = factories.facts(certificates=(held,))
    assert judge(facts, Policy(), MONDAY - 7 * DAY).working_day is None
    leave = Policy(holidays=frozenset({MONDAY}))
    assert judge(facts, leave, MONDAY - 7 * DAY).working_day == date(2026, 11, 20)


def test_a_certificate_that_does_not_renew_names_none() -> None:
    held = factories.certificate(
        not_after=date(2026, 12, 29), revocation="revoked", origin="card", sha256="a"
    )
    answer = judge(factories.facts(certificates=(held,)), Policy(), MONDAY)
    assert (answer.phase, answer.working_day) == (Phase.REVOKED, None)
