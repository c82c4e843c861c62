"""Cards that are lost or revoked, by the administrator's word."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id

WHO = national_id(1)


@pytest.fixture(autouse=True)
def holder(store: Store, today: date) -> None:
    """Somebody whose card runs for another year and a half."""
    begins, ends = today - timedelta(500), today + timedelta(595)
    card = factories.certificate(
        1, ends, not_before=begins, origin="card", sha256="ab" * 32, qualified=True
    )
    factories.save(store, [factories.facts(1, certificates=(card,))], as_of=today)


def shown(esign: Esign) -> dict[str, Any]:
    ran = esign("person", "show", WHO, "--json")
    assert ran.exit_code == 0, ran.stderr
    return dict(ran.json["data"])


@pytest.mark.parametrize("word", ["lost", "kayıp", "revoked", "iptal"])
def test_a_card_that_is_lost_speaks_for_nobody_until_the_mark_is_taken_away(
    esign: Esign, today: date, word: str
) -> None:
    assert shown(esign)["verdict"] == "not-due"
    day = today - timedelta(4)
    ran = esign("person", "mark", WHO, word, "--date", str(day), "--reason", "çantası çalındı")
    assert ran.exit_code == 0, ran.stderr
    data = shown(esign)
    assert (data["verdict"], data["phase"]) == ("expired", "revoked")
    (card,) = data["certificates"]
    assert card["revoked_on"] == str(day)
    assert card["revocation"] == ("lost" if word in ("lost", "kayıp") else "revoked")
    assert data["marks"][0]["reason"] == "çantası çalındı"
    assert esign("person", "mark", WHO, "none").exit_code == 0
    assert shown(esign)["verdict"] == "not-due"


def test_the_card_is_named_by_the_beginning_of_its_hash(esign: Esign, today: date) -> None:
    ran = esign("person", "mark", WHO, "lost", "--certificate", "ABAB")
    assert ran.exit_code == 0, ran.stderr
    wrong = esign("person", "mark", WHO, "lost", "--certificate", "ff")
    assert (wrong.exit_code, "No certificate" in wrong.stderr) == (3, True)
    later = esign("person", "mark", WHO, "lost", "--date", str(today + timedelta(1)))
    assert later.exit_code == 12
    nobody = esign("person", "mark", national_id(2), "lost")
    assert "No certificate" in nobody.stderr


def test_the_card_that_replaces_a_lost_one_is_believed_from_a_list(
    esign: Esign, today: date
) -> None:
    esign("applications", "add", WHO, "--reason", "lost", "--date", str(today - timedelta(9)))
    assert shown(esign)["verdict"] == "applied"
    for step in ("approve", "deliver"):
        ran = esign("applications", step, WHO, "--date", str(today - timedelta(5)))
        assert ran.exit_code == 0, ran.stderr
    end = today + timedelta(640)
    ran = esign("person", "set", WHO, "--not-after", str(end))
    assert ran.exit_code == 0, ran.stderr
    data = shown(esign)
    assert (data["verdict"], data["not_after"]) == ("not-due", str(end))
    assert data["applications"][0]["state"] == "active"


def test_a_card_delivered_long_ago_whose_certificate_was_not_seen(
    esign: Esign, today: date
) -> None:
    esign("applications", "add", WHO, "--reason", "lost", "--date", str(today - timedelta(90)))
    for step, days in (("approve", 80), ("deliver", 31)):
        esign(
            "applications", step, WHO, "--date", str(today - timedelta(days)), "--override", "x"
        ) if step == "approve" else esign(
            "applications", step, WHO, "--date", str(today - timedelta(days))
        )
    data = shown(esign)
    assert data["verdict"] == "not-due"
    assert "new-certificate-not-seen" in [reason["code"] for reason in data["reasons"]]
    listed = esign("applications", "list", "--unconfirmed", "--json").json["data"]["applications"]
    assert [one["national_id"] for one in listed] == [WHO]
    report = esign("report", "--json").json["data"]
    assert [one["national_id"] for one in report["lists"]["unconfirmed"]] == [WHO]
    assert "ask whether the new card has come" in esign("calendar").stdout.replace("\r\n ", "")
