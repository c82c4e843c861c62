"""Whom `esign eligible` chooses by what is asked of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from esign_cli.store import Store
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.factories import national_id


@pytest.fixture
def people(store: Store, ends: Ends, today: date) -> None:
    """One after the other: due soon, later, with an assignment, a manager, with two cards."""
    soon = factories.assignment(3, end=today + timedelta(20))
    two = (
        factories.certificate(5, today + timedelta(300), serial="1"),
        factories.certificate(5, today + timedelta(900), serial="2"),
    )
    everybody = [
        ends(1, 8),
        ends(2, 200),
        ends(3, 50, records=(factories.post(3), soon)),
        factories.facts(4, certificates=(), records=(factories.post(4, title="Okul Müdürü"),)),
        factories.facts(5, certificates=two),
    ]
    factories.save(store, everybody, as_of=today)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("--warning", "gap-expected"), [1]),
        (("--warning", "yetişmeyebilir"), [1]),
        (("--last-day-within", "30"), [3]),
        (("--ends-within", "60"), [1, 3]),
        (("--ends-within", "8"), [1]),
        (("--ends-within", "7"), []),
        (("--assignment-ends-within", "20"), [3]),
        (("--assignment-ends-within", "19"), []),
        (("--title", "mudur"), [3, 4]),
        (("--title", "müdür", "--verdict", "no-certificate"), [4]),
        (("--two-certificates",), [5]),
        (("--ends-within", "400", "--verdict", "not-due"), [2]),
    ],
)
def test_those_are_listed_who_answer_to_it(
    esign: Esign, people: None, words: tuple[str, ...], numbers: list[int]
) -> None:
    ran = esign("eligible", *words, "--json")
    assert ran.exit_code == 0, ran.stderr
    listed = [one["national_id"] for one in ran.json["data"]["people"]]
    assert listed == [national_id(number) for number in numbers]


def test_a_warning_that_is_none_is_refused(esign: Esign) -> None:
    assert esign("eligible", "--warning", "xx").exit_code == 2
