"""How many applications were approved in a year."""

from __future__ import annotations

from datetime import UTC, date, datetime

from esign_cli.store import Store, applications
from esign_cli.store.applications import Event
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id


def test_approvals_are_counted_by_district_and_month(esign: Esign, store: Store) -> None:
    districts = {1: "SASON", 2: "SASON", 3: "KOZLUK", 4: "KOZLUK"}
    days = {1: date(2026, 1, 5), 2: date(2026, 3, 9), 3: date(2026, 3, 1), 4: date(2025, 3, 1)}
    everybody = [
        factories.facts(number, records=(factories.post(number, district=district),))
        for number, district in districts.items()
    ]
    factories.save(store, everybody)
    with store.writing() as db:
        for number, day in days.items():
            event = Event("approved", day, datetime.now(UTC), "test")
            applications.add(db, national_id(number), "renewal", event)
    ran = esign("applications", "list", "--approved-in", "2026", "--json")
    counted = {one["district"]: one["months"] for one in ran.json["data"]["approved"]}
    assert {name: sum(months) for name, months in counted.items()} == {
        "KOZLUK": 1,
        "SASON": 2,
        "Sum": 3,
    }
    assert [month for month, count in enumerate(counted["Sum"], start=1) for _ in range(count)] == [
        1,
        3,
        3,
    ]
    assert "Approved in 2026" in esign("applications", "list", "--approved-in", "2026").stdout
