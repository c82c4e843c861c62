"""The life of an application: which steps are legal, what is overdue, what a certificate shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from esign_cli.commands.applications import job
from esign_cli.foundation.certificate import Certificate
from esign_cli.foundation.errors.renewals import DateInFuture, IllegalStep, StepTooEarly
from esign_cli.foundation.people import CertificateRecord
from esign_cli.renewals.application import life_cycle
from esign_cli.renewals.application.life_cycle import ENDED, STATES, STEPS, Application, Event
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import Store, applications, cards, open_store
from esign_cli.store.applications import SignedFile
from tests.support import factories
from tests.support.databases import Place
from tests.support.factories import TODAY, national_id

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def made(*steps: tuple[str, date], reason: str = "renewal") -> Application:
    events = tuple(Event(state, on, NOW, "x") for state, on in steps)
    return Application(1, national_id(1), reason, events)


LEGAL = {
    "draft": {"submit", "cancel"},
    "signed": {"submit", "cancel"},
    "printed": {"submit", "cancel"},
    "submitted": {"wait", "approve", "reject", "cancel"},
    "waiting": {"approve", "reject", "cancel"},
    "approved": {"arrive", "return", "deliver", "cancel"},
    "arrived": {"return", "deliver", "cancel"},
    "returned": {"arrive", "deliver", "cancel"},
    "delivered": set(),
    "active": set(),
    "rejected": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_its_legal_steps_and_names_them_when_refusing(state: str) -> None:
    assert set(life_cycle.legal_steps(state)) == LEGAL[state]
    one = made((state, TODAY))
    for step in STEPS:
        if step in LEGAL[state]:
            life_cycle.check_step(one, step, TODAY, TODAY)
            continue
        with pytest.raises(IllegalStep) as refused:
            life_cycle.check_step(one, step, TODAY, TODAY)
        assert set(refused.value.facts["legal"]) == LEGAL[state]


def test_a_step_is_neither_before_the_last_one_nor_in_the_future() -> None:
    one = made(("submitted", TODAY - timedelta(3)))
    with pytest.raises(StepTooEarly):
        life_cycle.check_step(one, "approve", TODAY - timedelta(4), TODAY)
    with pytest.raises(DateInFuture):
        life_cycle.check_step(one, "approve", TODAY + timedelta(1), TODAY)
    life_cycle.check_step(one, "approve", TODAY - timedelta(3), TODAY)


@pytest.mark.parametrize(("days", "late"), [(15, False), (16, True)])
def test_overdue_is_the_day_after_approval_and_fifteen_calendar_days(days: int, late: bool) -> None:
    one = made(("submitted", date(2026, 10, 1)), ("approved", TODAY - timedelta(days)))
    assert one.overdue(TODAY, 15) is late


def test_what_is_at_the_directorate_or_never_approved_is_not_overdue() -> None:
    long_ago = date(2026, 1, 5)
    assert not made(("submitted", long_ago)).overdue(TODAY, 15)
    assert not made(("approved", long_ago), ("arrived", long_ago)).overdue(TODAY, 15)
    assert made(("approved", long_ago), ("returned", long_ago)).overdue(TODAY, 15)


def test_by_hand_is_what_was_printed_or_entered_so() -> None:
    assert made(("submitted", TODAY)).renews
    assert not made(("printed", TODAY), ("submitted", TODAY)).renews
    assert not made(("submitted", TODAY), reason="first").renews
    by_hand = replace(made(), events=(Event("submitted", TODAY, NOW, "x", "", {"wet_ink": True}),))
    assert by_hand.wet_ink
    assert not by_hand.renews


OLD = factories.certificate(1, date(2027, 1, 15))
NEW = factories.certificate(1, date(2029, 11, 20))
READ = replace(NEW, not_before=date(2026, 11, 20), origin="card", qualified=True)


@pytest.mark.parametrize(
    ("certificate", "brought"),
    [
        (OLD, False),
        (NEW, True),
        (READ, True),
        (replace(READ, not_before=date(2026, 11, 9)), False),
        (replace(READ, qualified=False), False),
        (replace(READ, revocation="revoked"), False),
        (factories.certificate(1, date(2029, 11, 5)), True),  # a list, within a week's leeway
        (factories.certificate(1, date(2029, 10, 20)), False),
    ],
)
def test_the_certificate_that_an_application_brought(certificate, brought: bool) -> None:  # type: ignore[no-untyped-def]
    one = made(("submitted", date(2026, 11, 10)))
    assert (life_cycle.shown_by(one, [OLD, certificate], Policy()) is certificate) is brought


@pytest.mark.parametrize(
    ("certificate", "reason", "state", "brought"),
    [
        (NEW, "renewal", "delivered", True),
        (READ, "renewal", "delivered", True),
        (READ, "renewal", "approved", False),
        (READ, "lost", "delivered", False),  # it may be the one that was lost
        (OLD, "renewal", "delivered", False),
        (factories.certificate(1, date(2027, 7, 15)), "renewal", "delivered", False),
        (replace(READ, revocation="revoked"), "renewal", "delivered", False),
    ],
)
def test_a_renewal_entered_after_its_certificate_brought_it(
    certificate: CertificateRecord, reason: str, state: str, brought: bool
) -> None:
    one = made(("submitted", date(2026, 12, 24)), (state, date(2026, 12, 24)), reason=reason)
    assert (life_cycle.shown_by(one, [OLD, certificate], Policy()) is certificate) is brought


@pytest.mark.parametrize("state", sorted(set(STATES) - ENDED))
def test_a_certificate_that_was_seen_makes_it_at_least_arrived(state: str) -> None:
    reached = life_cycle.caught_up(made((state, TODAY)), READ, TODAY)
    expected = {"arrived": (), "delivered": ("active",)}.get(state, ("arrived",))
    assert reached == expected


def test_a_card_in_hand_is_in_use_only_when_its_certificate_has_begun() -> None:
    later = replace(READ, not_before=TODAY + timedelta(5))
    assert life_cycle.caught_up(made(("delivered", TODAY)), later, TODAY) == ()


# --- in the database -----------------------------------------------------------------------------


@pytest.fixture
def store(empty: Place) -> Iterator[Store]:
    with open_store(empty) as opened:
        yield opened


def submitted(store: Store, number: int, on: date = date(2026, 11, 10)) -> int:
    with store.writing() as db:
        event = Event("submitted", on, NOW, "ayse", "portalda", {})
        return applications.add(db, national_id(number), "renewal", event)


def test_events_come_back_as_they_were_entered(store: Store) -> None:
    number = submitted(store, 1)
    found = applications.numbered(store, number)
    assert found is not None
    (event,) = found.events
    entered = Event("submitted", date(2026, 11, 10), NOW, "ayse", "portalda", {})
    assert replace(event, database_user="") == entered  # a server adds its user
    assert applications.numbered(store, number + 1) is None


def test_a_list_or_a_card_moves_an_open_application_on(store: Store) -> None:
    first, second = submitted(store, 1), submitted(store, 2)
    factories.save(store, [factories.facts(1, certificates=(OLD, NEW)), factories.facts(2)])
    with store.writing() as db:
        assert applications.notice(db, NOW) == (first,)
        assert applications.notice(db, NOW) == ()  # once
        assert applications.notice(db, NOW, [national_id(2)]) == ()
    found = applications.numbered(store, first)
    assert found is not None
    assert (found.state, found.since, found.events[-1].os_user) == ("arrived", TODAY, "esign")
    assert found.events[-1].facts["certificate"]["not_after"] == "2029-11-20"
    still = applications.numbered(store, second)
    assert still is not None
    assert still.state == "submitted"


def test_a_card_that_is_read_moves_its_owner_s_application_on(store: Store) -> None:
    number = submitted(store, 1)
    begin = datetime(2026, 11, 20, tzinfo=UTC)
    read = Certificate(
        b"der", "ab", "01", "AYŞE IŞIK", national_id(1), "Kamu SM", begin,
        begin + timedelta(1095), "RSA-2048", True, (),
    )  # fmt: skip
    cards.save_certificate(store, read, "card", NOW)
    found = applications.numbered(store, number)
    assert found is not None
    assert found.state == "arrived"


def test_signing_again_goes_on_with_what_was_not_submitted(store: Store) -> None:
    signed = SignedFile(national_id(1), "renewal", "a.p7m", "00", TODAY)
    first = applications.record_signed(store, signed, at=NOW, os_user="x")
    assert applications.record_signed(store, signed, at=NOW, os_user="x") == first
    with store.writing() as db:
        applications.append(db, first, Event("submitted", TODAY, NOW, "x"))
    assert applications.record_signed(store, signed, at=NOW, os_user="x") != first


def test_a_batch_that_is_cut_off_in_the_middle_leaves_nothing(store: Store) -> None:
    factories.save(store, [factories.facts(1), factories.facts(2)])
    numbers = [submitted(store, 1), submitted(store, 2)]

    def items() -> Iterator[job.Item]:
        yield job.Item(str(numbers[0]), TODAY)
        raise KeyboardInterrupt

    entry = job.Entry(NOW, TODAY, "x", Policy())
    with pytest.raises(KeyboardInterrupt):
        job.take(store, "approve", items(), entry)
    for number in numbers:
        found = applications.numbered(store, number)
        assert found is not None
        assert found.state == "submitted"
    outcome = job.take(store, "approve", [job.Item(str(n), TODAY) for n in numbers], entry)
    assert [row.application.state for row in outcome.done] == ["approved", "approved"]
