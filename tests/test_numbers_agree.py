"""Every output counts the same people: one random roster, all outputs, all numbers added up."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from esign_cli.foundation.people import DutyRecord, Mark, OpenApplication, PersonFacts
from esign_cli.renewals.application.life_cycle import BEFORE_APPROVAL, BEFORE_SUBMISSION, ON_ITS_WAY
from esign_cli.store import Store
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id

PEOPLE = 300
STILL_TO_RENEW = ("eligible", "needs-update", "undecided", "not-due")
DAYS = 120
STATES = ("draft", "signed", "submitted", "approved", "arrived", "waiting")


def somebody(number: int, dice: random.Random, today: date) -> PersonFacts:
    """A person whose facts are thrown."""
    school = dice.randrange(12)
    post = factories.post(
        number,
        institution_code=f"72{school:04}",
        institution=f"OKUL {school}",
        district=("MERKEZ", "KOZLUK", "SASON")[school % 3],
        status=dice.choice(["Görevde"] * 7 + ["Emekli", "Nakil", "Ücretsiz İzinde", "Sevk"]),
    )
    records: tuple[DutyRecord, ...] = (post,)
    if dice.random() < 0.3:
        end = dice.choice([None, today + timedelta(dice.randrange(-400, 900))])
        records += (factories.assignment(number, end=end, district=post.district),)
    ends = today + timedelta(dice.choice([dice.randrange(-60, 150), dice.randrange(150, 1100)]))
    application = None
    if dice.random() < 0.2:
        since = today - timedelta(dice.randrange(40))
        application = OpenApplication(number, dice.choice(STATES), since)
    return factories.facts(
        number,
        records=records if dice.random() < 0.95 else (),
        certificates=(factories.certificate(number, ends),) if dice.random() < 0.8 else (),
        application=application,
    )


@pytest.fixture(params=[1, 2, 4, 5])
def roster(request: pytest.FixtureRequest, store: Store, today: date) -> list[PersonFacts]:
    """A province that is thrown anew for each seed, and always the same for it."""
    dice = random.Random(request.param)
    everybody = [somebody(number, dice, today) for number in range(1, PEOPLE + 1)]
    factories.save(store, everybody, as_of=today)
    return everybody


def data(esign: Esign, *words: str) -> Any:
    ran = esign(*words, "--json")
    assert ran.exit_code in (0, 8), ran.stderr
    return ran.json["data"]


def test_all_outputs_count_the_same_people(
    esign: Esign, roster: list[PersonFacts], today: date, tmp_path: Path
) -> None:
    judged = data(esign, "eligible", "--verdict", "all")
    people = {one["national_id"]: one for one in judged["people"]}
    counts = Counter(one["verdict"] for one in people.values())
    assert len(people) == PEOPLE == sum(judged["counts"].values())
    assert {name: n for name, n in judged["counts"].items() if n} == counts

    outputs = [tmp_path / f"r.{ending}" for ending in ("csv", "xlsx", "html")]
    named = [word for path in outputs for word in ("--output", str(path))]
    assert esign("report", *named).exit_code == 0
    report = data(esign, "report")
    assert {name: n for name, n in report["counts"].items() if n} == counts
    assert report["people"] == PEOPLE
    assert report["holders"] == sum(bool(one["not_after"]) for one in people.values())
    assert report["holders"] + counts["no-certificate"] == PEOPLE
    lists = {name: [one["national_id"] for one in lines] for name, lines in report["lists"].items()}
    for verdict in ("eligible", "needs-update", "undecided"):
        assert set(lists[verdict]) == {i for i, p in people.items() if p["verdict"] == verdict}
    warned = {i: {r["code"] for r in p["reasons"]} for i, p in people.items()}
    assert set(lists["live-certificate"]) == {i for i in people if "live-certificate" in warned[i]}
    assert set(lists["leavers"]) == {i for i in people if "application-of-leaver" in warned[i]}

    lengths = [len(lines) for lines in lists.values()]
    rows = list(csv.reader(io.StringIO(outputs[0].read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) - 1 == sum(lengths)
    book = CalamineWorkbook.from_path(outputs[1])
    sheets = [len(book.get_sheet_by_index(n).to_python()) - 1 for n in range(len(lengths) + 2)]
    assert sheets[2:] == lengths
    page = outputs[2].read_text("utf-8")
    assert [page_rows(page, name) for name in lists] == lengths
    screen = esign("report").stdout
    figures = [int(n.replace(",", "")) for n in re.findall(r"^  \S.*  +([\d,]+)$", screen, re.M)]
    assert figures[: len(lengths)] == lengths

    applied = data(esign, "applications", "list", "--state", "all")
    assert {s: n for s, n in applied["counts"].items() if n} == report["applications"]
    assert len(applied["applications"]) == sum(one.application is not None for one in roster)

    reminded = data(esign, "remind", "--dry-run", "--show-ids")
    owed = {one["national_id"] for one in reminded["reminders"] + reminded["without_address"]}
    assert owed == {
        i
        for i, p in people.items()
        if p["verdict"] in ("eligible", "needs-update")
        and p["phase"] in ("open", "late")
        and p["application"] is None  # whoever opened one is chased by the report
    }
    assert data(esign, "remind", "--list")["reminded"] == []

    schools = data(esign, "institutions")["institutions"]
    assert {one["code"]: one["people"] for one in schools} == dict(serving(roster, today))
    without = data(esign, "institutions", "--without-certificate")["institutions"]
    assert len(without) == sum(one["holders"] == 0 for one in schools)

    check_start_page(esign, roster, people, report, applied)

    calendar = tmp_path / "k.ics"
    assert esign("calendar", "--days", str(DAYS), "--output", calendar).exit_code == 0
    assert calendar.read_text("utf-8").count("BEGIN:VEVENT") == len(
        list(days(people, roster, today))
    )


def odder(one: PersonFacts, number: int, dice: random.Random, today: date) -> PersonFacts:
    """The same with what is rare thrown in: marks, lost cards, two of them, cards not yet seen."""
    changes: dict[str, Any] = {}
    if dice.random() < 0.1:
        until = today + timedelta(dice.randrange(-5, 20))
        changes["mark"] = Mark(one.national_id, dice.choice(["left", "on-duty"]), "x", until)
    if one.certificates and dice.random() < 0.3:
        (old,) = one.certificates
        end = today + timedelta(dice.randrange(0, 1160))
        newer = replace(
            old,
            not_after=end,
            not_before=end - timedelta(1095),
            origin="file",
            sha256=f"{number:064x}",
            revocation=dice.choice(["", "", "revoked", "suspended", "lost"]),
            qualified=dice.choice([True, True, None, False]),
        )
        changes["certificates"] = dice.choice([(newer,), (old, newer)])
    if dice.random() < 0.15:
        since = today - timedelta(dice.randrange(70))
        reason = dice.choice(["renewal", "renewal", "lost", "first", "other"])
        changes["application"] = OpenApplication(number, "delivered", since, reason)
    return replace(one, **changes)


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_the_start_page_counts_what_is_rare_as_the_lists_do(
    esign: Esign, store: Store, today: date, seed: int
) -> None:
    dice = random.Random(seed)
    everybody = [
        odder(somebody(number, dice, today), number, dice, today) for number in range(1, PEOPLE + 1)
    ]
    factories.save(store, everybody, as_of=today)
    people = {
        one["national_id"]: one for one in data(esign, "eligible", "--verdict", "all")["people"]
    }
    applied = data(esign, "applications", "list", "--state", "all")
    check_start_page(esign, everybody, people, data(esign, "report"), applied)


def check_start_page(
    esign: Esign,
    roster: list[PersonFacts],
    people: dict[str, dict[str, Any]],
    report: dict[str, Any],
    applied: dict[str, Any],
) -> None:
    """The start page counts as the report's lists, the list of applications and eligible do."""
    start = data(esign)
    counts = start["counts"]
    verdicts = Counter(one["verdict"] for one in people.values())
    for name in ("eligible", "needs-update", "undecided"):
        assert counts[name] == verdicts[name] == len(report["lists"][name])
    assert counts["late"] == len(report["lists"]["late"])
    for days in (7, 30, 90):
        listed = data(esign, "eligible", "--ends-within", str(days))["people"]
        assert counts[f"due-{days}"] == sum(not gone(one) for one in listed)
    states = applied["counts"]
    assert counts["waiting"] == sum(states[state] for state in BEFORE_APPROVAL)
    assert counts["expected"] == sum(states[state] for state in ON_ITS_WAY)
    assert counts["overdue"] == applied["overdue"] == len(report["lists"]["overdue"])
    assert counts["people"] == len(people)
    assert counts["certificates"] == sum(len(one.certificates) for one in roster)
    assert start["roster_as_of"] == report["roster"]["as_of"]

    screen = esign().stdout
    for name in ("due-7", "due-30", "due-90", "late", "needs-update", "waiting", "expected"):
        assert re.search(rf": {counts[name]:,}(?!\d)", screen), name
    listed = esign("applications", "list", "--overdue", "--json").json["data"]["applications"]
    assert len(listed) == counts["overdue"]


def gone(person: dict[str, Any]) -> bool:
    """Whether the person is not on duty here any more, and lets the certificate run out."""
    return bool({"left", "transferred"} & {reason["code"] for reason in person["reasons"]})


def page_rows(page: str, name: str) -> int:
    """How many rows the list of that name has on the page."""
    section = page.partition(f'<section id="{name}"')[2].partition("</section>")[0]
    return section.partition("<tbody>")[2].count("<tr")


def serving(roster: list[PersonFacts], today: date) -> Counter[str]:
    """How many serve in each institution."""
    return Counter(
        code
        for one in roster
        for code in {
            record.institution_code
            for record in one.records
            if record.status not in ("Emekli", "Nakil")
            and (record.end is None or record.end >= today)
        }
    )


def days(
    people: dict[str, dict[str, Any]], roster: list[PersonFacts], today: date
) -> Iterator[date]:
    """What lies ahead within DAYS: last days to apply, ends, cards that should come."""
    open_ones = {national_id(one.application.number): one.application for one in roster
                 if one.application}  # fmt: skip
    for one, person in people.items():
        application = open_ones.get(one)
        opened = application is not None and application.state in BEFORE_SUBMISSION
        if person["verdict"] in STILL_TO_RENEW or (person["verdict"] == "applied" and opened):
            end = date.fromisoformat(person["not_after"])
            yield from (day for day in (end, month_before(end)) if ahead(day, today))
        if application is not None and application.state == "approved":
            comes = application.since + timedelta(15)
            yield from (day for day in (comes,) if ahead(day, today))


def ahead(day: date, today: date) -> bool:
    return today <= day <= today + timedelta(DAYS)


def month_before(end: date) -> date:
    month, year = (end.month - 1, end.year) if end.month > 1 else (12, end.year - 1)
    for day in range(end.day, 27, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return date(year, month, min(end.day, 28))
