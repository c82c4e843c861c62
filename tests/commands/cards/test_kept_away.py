"""What keeps a card from us is called by its name: "taken out" only where the driver says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.cards.test_every_fault import Stage

DEVICE_ERROR, GENERAL, REMOVED, ABSENT, BAD_SLOT = "0x30", "0x5", "0x32", "0xe0", "0x3"
COMPARED = [
    (function, spared, code, "card-removed" if gone else "reader-failed")
    for function, spared in (
        ("C_GetTokenInfo", 1), ("C_GetTokenInfo", 2), ("C_GetSlotInfo", 1), ("C_GetSlotInfo", 2),
    )
    for code, gone in (
        (DEVICE_ERROR, False), (GENERAL, False), (REMOVED, True), (ABSENT, True), (BAD_SLOT, True)
    )
]  # fmt: skip
"""Function, how many of its calls go well before, what it returns from then on, what is said."""
READ = [
    (function, code, said)
    for function in ("C_OpenSession", "C_FindObjectsInit", "C_GetAttributeValue")
    for code, said in ((ABSENT, "card-removed"), (REMOVED, "card-removed"))
]


@pytest.fixture
def stage(home: Any, request: pytest.FixtureRequest) -> Stage:
    return Stage(request)


@pytest.mark.posix
def test_a_card_that_cannot_be_compared_is_taken_out_only_where_that_is_said(stage: Stage) -> None:
    card = stage.card()
    for function, spared, value, said in COMPARED:
        module = stage.faulty(f"{function}={value}", card, spared=str(spared))
        ran = stage.sign(module, "--force", logins=0)
        where = (function, spared, value)
        assert [p["code"] for p in ran.json["problems"]] == [said], where


@pytest.mark.posix
@pytest.mark.parametrize(("function", "value", "said"), READ)
def test_a_card_that_goes_while_it_is_read_is_no_empty_card(
    function: str, value: str, said: str, stage: Stage
) -> None:
    ran = stage.read(stage.faulty(f"{function}={value}", stage.card()))
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (4, said), ran.stderr


@pytest.mark.posix
@pytest.mark.parametrize("fault", ["C_GetSlotInfo=0x30", "C_GetSlotInfo=nameless"])
def test_a_reader_without_a_name_signs(fault: str, stage: Stage) -> None:
    """Some drivers never give one; what was shown by another sign is found by the same again."""
    ran = stage.sign(stage.faulty(fault, stage.card()))
    assert ran.exit_code == 0, ran.stderr
