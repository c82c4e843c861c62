"""Taking a step back that was entered by mistake, and being asked before one is entered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from esign_cli.commands.applications import job
from esign_cli.foundation import clock
from esign_cli.foundation.errors.renewals import StepMeanwhile
from esign_cli.renewals.rules.policy import Policy
from esign_cli.store import Store, applications
from tests.commands.applications.test_applications import ago, entered, only, people
from tests.conftest import Esign
from tests.support.factories import national_id
from tests.support.terminal import Terminal

__all__ = ["people"]


def test_a_step_that_was_entered_by_mistake_is_taken_back_and_stays_in_the_history(
    esign: Esign, today: date
) -> None:
    number = entered(esign, 1, *ago(today, 9))
    esign("applications", "approve", number, *ago(today, 8))
    esign("applications", "deliver", number, *ago(today, 2))
    ran = esign("applications", "undo", number, "--reason", "yanlış kişi", "--yes", "--json")
    assert ran.exit_code == 0, ran.stderr
    one = only(ran)
    assert (one["state"], one["since"]) == ("approved", str(today - timedelta(8)))
    assert one["approved"] == str(today - timedelta(8))
    assert [event["state"] for event in one["events"]] == [
        "submitted",
        "approved",
        "delivered",
        "approved",
    ]
    assert one["events"][-1]["facts"] == {"undoes": "delivered"}
    assert one["events"][-1]["note"] == "yanlış kişi"
    shown = esign("applications", "show", number).stdout
    assert "step taken back: Delivered" in shown
    assert only(esign("applications", "undo", national_id(1), "--yes", "--json"))["state"] == (
        "submitted"
    )
    assert only(esign("applications", "show", number, "--json"))["approved"] is None
    ran = esign("applications", "undo", number, "--yes", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (12, "nothing-to-undo")


def test_undo_says_that_the_portal_is_unchanged_and_asks_without_yes(esign: Esign) -> None:
    number = entered(esign, 1)
    esign("applications", "cancel", number)
    assert (
        "On the portal nothing has changed" in esign("applications", "undo", number, "--yes").stderr
    )
    esign("applications", "cancel", number)
    ran = esign("applications", "undo", number)
    assert ran.exit_code != 0
    assert only(esign("applications", "show", number, "--json"))["state"] == "cancelled"


def test_a_step_that_came_meanwhile_keeps_the_older_one_from_being_taken_back(
    esign: Esign, store: Store
) -> None:
    number = entered(esign, 1)
    seen = applications.numbered(store, int(number))
    assert seen is not None
    esign("applications", "wait", number)
    entry = job.Entry(clock.now(), clock.today(), "me", Policy())
    with pytest.raises(StepMeanwhile):
        job.undo(store, seen, entry)
    assert only(esign("applications", "show", number, "--json"))["state"] == "waiting"


@pytest.mark.posix
def test_one_person_is_named_and_asked_for_on_a_terminal(esign: Esign, today: date) -> None:
    number = entered(esign, 1, *ago(today, 3))
    for answer, state in (("n", "submitted"), ("y", "approved")):
        with Terminal("applications", "approve", number) as terminal:
            terminal.answer("Enter this step: Approved? [y/N]", answer)
            terminal.ended()
        assert "AYŞE IŞIK, BATMAN LİSESİ" in terminal.seen.replace("\n", " ")
        assert only(esign("applications", "show", number, "--json"))["state"] == state
