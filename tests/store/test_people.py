"""Reading people back: whom a place holds, what is known of each, how old the roster is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from esign_cli.foundation.people import Mark, OpenApplication, PersonFacts
from esign_cli.renewals.verdict import Policy, decide, judge
from esign_cli.store import Store, open_store, people
from tests.support import factories
from tests.support.databases import Place
from tests.support.factories import TODAY, national_id


@pytest.fixture
def store(empty: Place) -> Iterator[Store]:
    with open_store(empty) as opened:
        yield opened


def read(store: Store, **scope: object) -> dict[str, PersonFacts]:
    with store.reading():
        return {one.national_id: one for one in people.facts(store, **scope)}


def somebody(number: int, **changes: object) -> PersonFacts:
    file = "personel.xlsx"
    source = replace(factories.SOURCE, file=file)
    made = factories.facts(
        number,
        person=factories.person(number, source=source),
        records=(factories.post(number, source=source),),
        certificates=(factories.certificate(number, source=source),),
    )
    return replace(made, **changes)


def test_what_was_written_is_read_back(store: Store) -> None:
    one = somebody(
        1,
        mark=Mark(national_id(1), "on-duty", "by telephone", TODAY),
        application=OpenApplication(7, "submitted", TODAY),
        missing_since=TODAY,
        identity_conflict=True,
        duplicate_of=national_id(2),
    )
    factories.save(store, [one])
    assert read(store) == {one.national_id: one}


def test_everybody_is_read_once_in_the_order_of_ids(store: Store) -> None:
    made = [somebody(n) for n in range(1, 30)]
    made[3] = replace(made[3], certificates=())
    made[4] = replace(made[4], records=(), as_of=None)
    made[5] = replace(made[5], person=None, records=(), as_of=None)
    made[6] = replace(made[6], person=None, certificates=())
    factories.save(store, made[::-1])
    assert list(read(store).values()) == sorted(made, key=lambda one: one.national_id)


def test_a_province_holds_its_own_and_those_who_have_no_record_at_all(store: Store) -> None:
    here, there = somebody(1), somebody(2)
    there = replace(there, records=(replace(there.records[0], province="34", district="FATİH"),))
    sent = somebody(3)
    sent = replace(
        sent,
        records=(
            replace(sent.records[0], province="34"),
            replace(factories.assignment(3), source=sent.records[0].source),
        ),
    )
    nowhere = replace(somebody(4), records=())
    factories.save(store, [here, there, sent, nowhere])
    ids = [national_id(n) for n in (1, 2, 3, 4)]
    assert list(read(store, province="72")) == [ids[0], ids[2], ids[3]]
    assert list(read(store, province="34")) == [ids[1], ids[2], ids[3]]
    assert list(read(store, province="all")) == ids
    assert list(read(store, province="34", district="fatih")) == [ids[1]]
    assert list(read(store, district="KOZLUK")) == [ids[2]]


def test_the_missing_are_found_where_their_last_record_was(store: Store) -> None:
    gone = replace(somebody(1), records=(), missing_since=TODAY)
    factories.save(store, [gone], closed=[factories.post(1)])
    told = read(store, province="72")[national_id(1)]
    assert told.missing_since == TODAY
    assert judge(told, Policy(), TODAY).reasons[0].code == "missing-from-latest"
    assert read(store, province="34") == {}
    assert list(read(store, province="72", district="merkez")) == [national_id(1)]


def test_those_asked_for_come_even_when_nothing_is_known(store: Store) -> None:
    factories.save(store, [somebody(1), somebody(2)])
    asked = [national_id(9), national_id(2), national_id(9)]
    told = read(store, national_ids=asked)
    assert set(told) == {national_id(2), national_id(9)}
    assert told[national_id(9)] == PersonFacts(national_id(9))


def test_marks_and_applications_that_ended_are_not_read(store: Store) -> None:
    one = somebody(
        1,
        mark=Mark(national_id(1), "left", "moved"),
        application=OpenApplication(1, "cancelled", TODAY),
    )
    factories.save(store, [one])
    with store.writing() as db:
        db.execute("UPDATE mark SET ended_at = 'x'")
    told = read(store)[national_id(1)]
    assert (told.mark, told.application) == (None, None)


def test_somebody_known_only_by_a_mark_or_an_application(store: Store) -> None:
    marked = PersonFacts(national_id(1), mark=Mark(national_id(1), "left", "moved"))
    applied = PersonFacts(national_id(2), application=OpenApplication(1, "draft", TODAY))
    factories.save(store, [marked, applied])
    assert list(read(store, province="72").values()) == [marked, applied]


def test_outlines_are_judged_as_the_facts_are(store: Store) -> None:
    endings = (date(2026, 11, 1), TODAY, date(2027, 1, 15), date(2028, 1, 1))
    words = ("Görevde", "Emekli", "Askerde", "?")
    made = []
    for number in range(64):
        one = somebody(number)
        held = replace(one.certificates[0], not_after=endings[number % 4])
        duty = replace(one.records[0], status=words[number // 4 % 4])
        job = replace(factories.assignment(number), end=TODAY + timedelta(number - 32))
        made.append(replace(one, certificates=(held,), records=(duty, job)[: 1 + number // 16 % 2]))
    factories.save(store, made)
    for policy in (Policy(), Policy(kadro_suffices=True, entitled_titles=("Müdür",))):
        with store.reading():
            looked = people.summaries(
                store,
                lambda one, policy=policy: decide(one, policy, TODAY),  # type: ignore[misc]
                province="72",
                entitlement=not policy.entitles_all,
            )
            plain = [decision for _national_id, decision in looked]
        full = [judge(one, policy, TODAY) for one in read(store, province="72").values()]
        assert [(p.verdict, p.phase) for p in plain] == [(f.verdict, f.phase) for f in full]


def test_outlines_keep_every_character_of_what_they_are_made_of(store: Store) -> None:
    odd = "Gör\x1f\"ev, [\u0131]'\\"
    one = somebody(1)
    duty = replace(one.records[0], status=odd, title=odd, institution=odd)
    held = replace(one.certificates[0], serial=odd, qualified=None)
    unqualified = replace(held, not_after=date(2028, 1, 1), qualified=False)
    factories.save(store, [replace(one, records=(duty,), certificates=(held, unqualified))])
    with store.reading():
        [(_, made)] = people.summaries(store, lambda outline: outline)
    [record] = made.records
    assert (record.status, record.title, record.institution) == (odd, odd, odd)
    assert [c.serial for c in made.certificates] == [odd, odd]
    assert [c.qualified for c in made.certificates] == [None, False]


def test_equal_outlines_are_looked_at_once(store: Store) -> None:
    factories.save(store, [somebody(1), somebody(2), replace(somebody(3), certificates=())])
    seen: list[PersonFacts] = []
    with store.reading():
        looked = list(people.summaries(store, lambda one: seen.append(one) or len(seen)))
        others = list(people.others(store))
    assert looked == [(national_id(1), 1), (national_id(2), 1)]
    assert others == [national_id(3)]


def test_the_roster_is_as_old_as_its_newest_export(store: Store) -> None:
    assert people.roster(store, "72") == people.Roster(None, ())
    factories.save(store, [somebody(1)], as_of=date(2026, 9, 1), file="eylul.xlsx")
    factories.save(store, [], as_of=date(2026, 11, 1), file="kasim.xlsx")  # nothing had changed
    there = replace(somebody(2), records=(replace(somebody(2).records[0], province="34"),))
    factories.save(store, [there], as_of=date(2026, 11, 20), file="istanbul.xlsx")
    told = people.roster(store, "72")
    assert told == people.Roster(date(2026, 11, 1), ("eylul.xlsx", "kasim.xlsx"))
    assert people.roster(store, "all").as_of == date(2026, 11, 20)
    assert read(store)[national_id(1)].as_of == date(2026, 11, 1)


def test_a_few_rows_make_no_roster_young(store: Store) -> None:
    factories.save(store, [somebody(n) for n in range(1, 9)], as_of=date(2026, 9, 1), file="a.xlsx")
    factories.save(store, [somebody(9)], as_of=date(2026, 11, 1), file="b.csv")
    with store.writing() as db:
        db.execute("UPDATE import SET unchanged = 0, changed = 0, new = 8 WHERE as_of < '2026-10'")
        db.execute("UPDATE import SET unchanged = 0, changed = 0, new = 3 WHERE as_of > '2026-10'")
    assert people.roster(store, "72").as_of == date(2026, 9, 1)
    with store.writing() as db:
        db.execute("UPDATE import SET \"full\" = 1 WHERE as_of > '2026-10'")
    assert people.roster(store, "72").as_of == date(2026, 11, 1)


def test_an_export_of_nobody_makes_no_roster_young(store: Store) -> None:
    factories.save(store, [somebody(1)], as_of=date(2026, 9, 1), file="eylul.xlsx")
    factories.save(store, [], as_of=date(2026, 11, 1), file="bos.xlsx")
    with store.writing() as db:
        db.execute("UPDATE import SET unchanged = 0 WHERE as_of = '2026-11-01'")
    assert people.roster(store, "72") == people.Roster(date(2026, 9, 1), ("eylul.xlsx",))


def test_a_snapshot_of_another_province_says_nothing_of_ours(store: Store) -> None:
    factories.save(store, [somebody(1)], as_of=date(2026, 9, 1))
    factories.save(store, [], as_of=date(2026, 11, 1), file="b.xlsx", province="34")
    assert people.roster(store, "72").as_of == date(2026, 9, 1)


def test_totals(store: Store) -> None:
    factories.save(store, [somebody(1), replace(somebody(2), certificates=())])
    assert people.totals(store) == people.Totals(people=2, certificates=1)
