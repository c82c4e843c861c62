"""`esign institutions`: who can sign where, and the manager to be rung."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from esign_cli.store import Store
from tests.conftest import Ends, Esign
from tests.support import factories
from tests.support.factories import national_id


@pytest.fixture(autouse=True)
def people(store: Store, ends: Ends, today: date) -> None:
    """A school with a valid e-imza, one with an expired one, one with a leaver's, one with none."""

    def post(number: int, code: str, **changes: object) -> tuple[object, ...]:
        name = f"OKUL {code}"
        return (factories.post(number, institution_code=code, institution=name, **changes),)

    factories.save(
        store,
        [
            ends(1, 100, records=post(1, "1", title="Müdür")),
            ends(2, -1, records=post(2, "2", title="Okul Müdürü")),
            ends(3, 100, records=post(3, "3", status="Emekli")),
            ends(4, -1, records=post(4, "3", title="Müdür Yardımcısı")),
            factories.facts(5, certificates=(), records=post(5, "4", district="SASON")),
            ends(
                6,
                100,
                records=(
                    *post(6, "1"),
                    factories.assignment(
                        6,
                        institution_code="4",
                        institution="OKUL 4",
                        end=today - timedelta(1),
                    ),
                ),
            ),
        ],
        as_of=today,
    )


def listed(esign: Esign, *words: str) -> dict[str, tuple[int, int, str | None]]:
    ran = esign("institutions", *words, "--json")
    assert ran.exit_code == 0, ran.stderr
    return {
        one["code"]: (
            one["people"],
            one["holders"],
            one["manager"] and one["manager"]["national_id"],
        )
        for one in ran.json["data"]["institutions"]
    }


def test_every_institution_with_those_who_can_sign(esign: Esign) -> None:
    assert listed(esign) == {
        "1": (2, 2, national_id(1)),
        "2": (1, 0, national_id(2)),
        "3": (1, 0, None),
        "4": (1, 0, None),
    }


def test_those_where_nobody_can_sign(esign: Esign) -> None:
    assert set(listed(esign, "--without-certificate")) == {"2", "3", "4"}
    assert set(listed(esign, "--without-certificate", "--district", "sason")) == {"4"}
    ran = esign("institutions", "--without-certificate")
    assert "0532 000 00 02" in ran.stdout
    assert "nobody with a valid e-imza: 3" in ran.stderr
