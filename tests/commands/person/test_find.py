"""Finding people by name, and naming them by it or by the number of a list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from esign_cli.foundation import clock
from esign_cli.store import Store, list_numbers
from tests.conftest import Esign
from tests.support import factories
from tests.support.factories import national_id
from tests.support.terminal import Terminal


def named(number: int, given: str, family: str, institution: str) -> object:
    person = replace(factories.person(number), given_name=given, family_name=family)
    post = factories.post(number, institution=institution)
    held = (factories.certificate(number),)
    return factories.facts(number, person=person, records=(post,), certificates=held)


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    """Two of the name ŞÜKRÜ IŞIK, somebody whose name begins so, and a school of that name."""
    everybody = [
        named(1, "ŞÜKRÜ", "IŞIK", "ATATÜRK İLKOKULU"),
        named(2, "ŞÜKRÜ", "IŞIKLI", "ATATÜRK İLKOKULU"),
        named(3, "AYŞE NUR", "DEMİR", "ŞÜKRÜ IŞIK LİSESİ"),
        named(4, "MEHMET ALİ", "ÖZ", "CUMHURİYET ORTAOKULU"),
    ]
    factories.save(store, everybody)  # type: ignore[arg-type]  # facts, as `named` makes them


def found(esign: Esign, *words: str) -> list[str]:
    ran = esign("person", "find", *words, "--json")
    assert ran.exit_code == 0, ran.stderr
    assert ran.json["schema"] == "esign.person/1"
    return [one["national_id"] for one in ran.json["data"]["people"]]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("şükrü", "ışık"), [1, 2, 3]),
        (("SUKRU ISIK",), [1, 2, 3]),
        (("ışık", "şükrü"), [1, 2, 3]),
        (("isikli",), [2]),
        (("mehmet", "ali", "öz"), [4]),
        (("nur", "demir"), [3]),
        (("cumhuriyet",), [4]),
        (("kisi3@example.tr",), [3]),
        (("atatürk", "ışıklı"), [2]),
        (("yok", "böyle"), []),
    ],
)
def test_any_part_of_name_institution_and_address(
    esign: Esign, words: tuple[str, ...], numbers: list[int]
) -> None:
    assert found(esign, *words) == [national_id(number) for number in numbers]


def test_a_name_stands_for_its_only_owner_wherever_something_is_read(esign: Esign) -> None:
    lists = ("eligible",), ("eligible", "--national-id"), ("check-form",)
    for words in (("person", "show"), *lists):
        ran = esign(*words, "mehmet ali öz", "--show-ids")
        assert national_id(4) in ran.stdout, (words, ran.stderr)
    several = esign("person", "show", "ışık")
    assert several.exit_code == 2
    assert several.stderr.count("ŞÜKRÜ IŞIK") >= 2
    assert esign("person", "show", "kimse").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("person", "mark", "mehmet ali", "left", "--reason", "x"),
        ("person", "set", "mehmet ali", "--not-after", "2028-01-01"),
        ("person", "forget", "mehmet ali", "--yes"),
        ("applications", "add", "mehmet ali", "--yes"),
        ("applications", "approve", "mehmet ali"),
    ],
)
def test_no_name_is_written_to_without_somebody_who_is_asked(
    esign: Esign, words: tuple[str, ...]
) -> None:
    ran = esign(*words)
    assert ran.exit_code == 2
    assert "applications" not in esign("applications", "list").stdout
    assert esign("person", "show", national_id(4)).exit_code == 0


def test_an_argument_and_the_option_agree(esign: Esign) -> None:
    for words in (("person", "show"), ("applications", "add"), ("applications", "show")):
        ran = esign(*words, "--national-id", national_id(4))
        assert ran.exit_code == 0, (words, ran.stderr)
    ran = esign("person", "mark", "left", "--reason", "x", "--national-id", national_id(4))
    assert ran.exit_code == 0, ran.stderr
    both = esign("person", "show", national_id(1), "--national-id", national_id(4))
    assert both.exit_code == 2


def test_numbers_stay_with_their_person_for_a_day(store: Store) -> None:
    now = clock.now()
    ids = [national_id(number) for number in range(1, 5)]
    give = lambda some, at=now: dict(  # noqa: E731  (short, and used five times)
        list_numbers.give(store, some, at=at, os_user="me")
    )
    assert give(ids[:2]) == {ids[0]: 1, ids[1]: 2}
    assert give([ids[2], ids[1]]) == {ids[2]: 3, ids[1]: 2}
    assert list_numbers.person(store, 1, os_user="me") == ids[0]
    assert list_numbers.person(store, 1, os_user="you") is None
    later = now + list_numbers.KEPT * 1.5
    assert give([ids[3]], later) == {ids[3]: 1}
    assert list_numbers.person(store, 2, os_user="me") is None


@pytest.mark.posix
def test_the_number_of_a_list_is_taken_by_the_command_that_follows(
    esign: Esign, store: Store, home: Path
) -> None:
    with Terminal("person", "find", "ışık") as terminal:
        assert terminal.ended() == 0
    assert "esign person show 1" in terminal.seen
    with Terminal("person", "show", "1") as terminal:
        assert terminal.ended() == 0
    assert "ŞÜKRÜ IŞIK" in terminal.seen
    with Terminal("applications", "add", "1", "3") as terminal:
        assert terminal.ended() == 0
    listed = esign("applications", "list", "--json").json["data"]["applications"]
    assert {one["national_id"] for one in listed} == {national_id(1), national_id(3)}
    with Terminal("applications", "wait", "2") as terminal:  # application 2 is of person 3
        assert terminal.ended() == 12
    assert "somebody else's in the last list" in terminal.seen.replace("\n", " ")
    esign("person", "forget", national_id(1), "--yes")
    assert esign("person", "show", "1").exit_code == 2
