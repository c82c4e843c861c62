"""Who is owed which reminder: thresholds, gaps, channels; once and never twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.renewals.rules import reminders
from esign_cli.renewals.rules.reminders import SentReminder, Threshold, owed
from tests.support import factories

END = date(2027, 5, 31)
ALL = tuple(map(Threshold, ("3m", "6w", "1m", "10d")))


def certificate(end: date = END) -> factories.CertificateRecord:
    return factories.certificate(1, end)


def sent(
    *codes: str, state: str = "sent", end: date = END, channel: str = "email"
) -> list[SentReminder]:
    return [SentReminder(end, code, channel, state, f"id-{code}") for code in codes]


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("3m", date(2027, 2, 28)),
        ("6w", date(2027, 4, 19)),
        ("1m", date(2027, 4, 30)),
        ("10d", date(2027, 5, 21)),
    ],
)
def test_a_threshold_is_a_calendar_day(code: str, day: date) -> None:
    assert Threshold(code).day(END) == day
    before = owed(certificate(), ALL, "email", (), day - timedelta(1))
    on_it = owed(certificate(), ALL, "email", (), day)
    assert on_it is not None
    assert on_it.threshold.code == code
    assert before is None or before.threshold.code != code


@pytest.mark.parametrize("text", ["", "3", "m3", "0d", "-1d", "3y", "3 m", "1000d", "3mm"])
def test_what_is_no_threshold(text: str) -> None:
    assert reminders.threshold(text) is None


def test_nothing_before_the_first_nor_after_the_end() -> None:
    assert owed(certificate(), ALL, "email", (), date(2027, 2, 27)) is None
    assert owed(certificate(), ALL, "email", (), END) is not None
    assert owed(certificate(), ALL, "email", (), END + timedelta(1)) is None


def test_after_a_gap_only_the_nearest_and_the_older_are_superseded() -> None:
    found = owed(certificate(), ALL, "email", sent("3m"), date(2027, 5, 25))
    assert found is not None
    assert found.threshold.code == "10d"
    assert [one.code for one in found.superseded] == ["6w", "1m"]


@pytest.mark.parametrize(("state", "again"), [("sent", False), ("claimed", True), ("failed", True)])
def test_what_did_not_come_through_is_owed_again_under_its_name(state: str, again: bool) -> None:
    found = owed(certificate(), ALL, "email", sent("3m", state=state), date(2027, 3, 1))
    assert (found is not None) is again
    assert found is None or found.message_id == "id-3m"


def test_each_channel_and_each_certificate_has_its_own() -> None:
    day = date(2027, 3, 1)
    assert owed(certificate(), ALL, "sms", sent("3m"), day) is not None
    assert owed(certificate(), ALL, "email", sent("3m", end=date(2024, 5, 31)), day) is not None
    better = certificate(END + timedelta(9))
    assert owed(better, ALL, "email", sent("3m"), day + timedelta(9)) is None
    later = owed(better, ALL, "email", sent("3m"), date(2027, 6, 1))
    assert later is not None
    assert later.not_after == END  # under the end that it began with


_DAYS = st.sets(st.integers(0, 100), min_size=1)


@given(_DAYS, st.sets(st.sampled_from(["3m", "6w", "1m", "10d", "45d", "2w"]), min_size=1))
def test_run_on_any_days_each_threshold_is_settled_once(
    days: Iterable[int], codes: set[str]
) -> None:
    """Whatever days it runs on, each threshold is settled once, and the nearest is sent."""
    thresholds = tuple(map(Threshold, codes))
    kept: list[SentReminder] = []
    for day in sorted(END - timedelta(days) for days in days):
        found = owed(certificate(), thresholds, "email", kept, day)
        passed = [one for one in thresholds if one.day(END) <= day]
        if found is not None:
            kept += sent(*(one.code for one in found.superseded), state="superseded")
            kept += sent(found.threshold.code)
            assert found.threshold.day(END) == max(one.day(END) for one in passed)
        assert {one.threshold for one in kept} == {one.code for one in passed}
    settled = [one.threshold for one in kept]
    assert len(settled) == len(set(settled))
