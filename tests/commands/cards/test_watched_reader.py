"""Piles of cards in readers of pcscd: every card is told, whoever else uses the reader."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from esign_cli.cards.modules import Module
from esign_cli.cards.readers import Readers
from esign_cli.commands.demo.made_up import Issued, national_id
from tests.cards.long_watch import GROWTH, Watch, insert
from tests.support.other_program import holding
from tests.support.tokens import Sessions, spied
from tests.support.virtual_card import Inserted, PivCard, Service

pytestmark = pytest.mark.xdist_group("pcscd")
Issue = Callable[..., Issued]
READERS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
COUNT = int(os.environ.get("ESIGN_INSERTIONS", "12"))


def _settle() -> None:
    """pcscd looks for a card a few times a second."""
    time.sleep(0.7)


def test_the_watch_outlives_its_readers_and_reads_in_all_of_them(
    service: Service, reader: Module, issued: Issue, home: Path
) -> None:
    if not service.own:
        pytest.skip("the machine's own pcscd is not ours to end")
    one, other = PivCard(issued("P-256")), PivCard(issued("P-256", number=2))

    def told(lines: list[str]) -> list[Any]:
        found = [json.loads(line) for line in lines]
        return [
            data["data"]["tokens"][0]["certificates"][0]["national_id"]
            if data["data"]
            else data["problems"][0]["code"]
            for data in found
        ]

    with Watch(reader.path, "--json") as w:
        with Inserted(one), Inserted(other, 1):
            assert set(told(w.wait(2))) == {national_id(1), national_id(2)}
        _settle()
        service.unplug()
        time.sleep(1)
        service.plug()
        with Inserted(other):
            lines = w.wait(4)
        assert told(lines)[2:] == ["card-service-down", national_id(2)]
        assert json.loads(lines[-1])["data"]["again"]
        assert w.stop() == 0
        assert w.children() == []


class Pile:
    """Cards of as many people, all with one serial number, put in one after the other."""

    def __init__(self, w: Watch, issued: Issue) -> None:
        self._watch, self._issued = w, issued
        self.put_in: list[str] = []
        """Whose cards can be read by now, in this order."""
        self.held = 0
        """How often the other program was the first at the card."""

    def card(self, name: str) -> PivCard:
        number = int(name.split()[1])
        return PivCard(self._issued("P-256", number=number, name=name), serial=b"the same")

    def _next(self) -> tuple[str, str]:
        number = len(self.put_in)
        return f"KİŞİ {number + 1}", f"KİŞİ {number + 2}"

    def _told(self, name: str) -> None:
        """This one was told now, and none beside it."""
        self.put_in.append(name)
        self._watch.after(0.2)
        holders = [card["holder"] for card in cards_told(self._watch, len(self.put_in))]
        assert holders == self.put_in

    @contextlib.contextmanager
    def _held(self, name: str, slot: int) -> Iterator[contextlib.ExitStack]:
        """The other program is the first at this card; closing the stack takes it out.

        Rarely `esign` is faster, and the card is told before.
        """
        with contextlib.ExitStack() as inside:

            def put_in() -> None:
                inside.enter_context(Inserted(self.card(name), slot))

            with holding(READERS[slot], put_in) as held:
                self.held += held
                if not held:
                    self._told(name)
                yield inside
            if held and name not in self.put_in:
                self._told(name)
        _settle()

    def alone(self, slot: int) -> None:
        """No other program is there."""
        name, _after = self._next()
        with Inserted(self.card(name), slot):
            self._told(name)
        _settle()

    def held_briefly(self, slot: int) -> None:
        """The other program has the card first, for less than a fault takes to be told."""
        with self._held(self._next()[0], slot):
            time.sleep(0.4)

    def held_long(self, slot: int) -> None:
        """The other program has it until that was told."""
        with self._held(self._next()[0], slot):
            time.sleep(2)

    def held_beside(self, slot: int) -> None:
        """The other program holds a card while the next one is read in the other reader."""
        first, second = self._next()
        with self._held(first, slot), Inserted(self.card(second), 1 - slot):
            self._told(second)

    def torn_out(self, slot: int) -> None:
        """It is taken out while the other program holds it, and put into the other reader."""
        name, _after = self._next()
        with self._held(name, slot) as inside:
            time.sleep(1)
            inside.close()
            if name not in self.put_in:
                with Inserted(self.card(name), 1 - slot):
                    self._told(name)


MANNERS = (Pile.held_briefly, Pile.held_beside, Pile.alone, Pile.torn_out, Pile.held_long)


def test_people_whose_cards_share_one_serial_number_are_all_told_and_listed(
    reader: Module, issued: Issue, home: Path
) -> None:
    """Over two readers, which another program takes for itself again and again."""
    sheet = home / "teslim.xlsx"
    with Watch(reader.path, "--json", "--hand-over", sheet) as w:
        pile = Pile(w, issued)
        tries = 0
        while len(pile.put_in) < COUNT:
            manner = MANNERS[tries % len(MANNERS)]
            manner(pile, tries // 2 % 2)
            tries += 1
        with Inserted(pile.card("KİŞİ 1")):
            seen = cards_told(w, len(pile.put_in) + 1)
        assert w.stop() == 0
    assert pile.held > tries / 2
    assert [card["again"] for card in seen] == [False] * len(pile.put_in) + [True]
    assert len({card["serial"] for card in seen}) == 1
    assert _listed(sheet) == sorted(pile.put_in)


def cards_told(w: Watch, count: int) -> list[dict[str, Any]]:
    """What was told of cards, once there are so many; faults are passed over."""
    lines = count
    while True:
        told = [json.loads(line)["data"] for line in w.wait(lines)]
        found = [
            {**data["tokens"][0], **data["tokens"][0]["certificates"][0], "again": data["again"]}
            | {"serial": data["tokens"][0]["serial"]}
            for data in told
            if data
        ]
        if len(found) >= count:
            return found
        lines = len(told) + 1


def _listed(sheet: Path) -> list[str]:
    """The holders on a hand-over list."""
    import openpyxl

    rows = openpyxl.load_workbook(sheet).active.iter_rows(values_only=True)
    return sorted(str(cell) for row in rows for cell in row if str(cell).startswith("KİŞİ"))


@pytest.mark.parametrize("fault", ["0x30", "0x5", "0xe0"])
def test_a_card_that_is_kept_from_us_for_a_while_is_not_put_in_again(
    fault: str, reader: Module, issued: Issue, faulty: Callable[..., Module], home: Path
) -> None:
    """Drivers that let go of a card between two calls lose it to another program."""
    module = faulty(f"C_GetTokenInfo={fault}", real=str(reader.path), spared="4", times="8")
    with Watch(module.path, "--json") as w:
        with Inserted(PivCard(issued("P-256"))):
            w.wait(1)
            w.after(5)
            codes = [p["code"] for line in w.lines for p in json.loads(line)["problems"]]
            assert len(cards_told(w, 1)) == 1, w.lines
            assert set(codes) <= {"reader-failed"}
        _settle()
        with Inserted(PivCard(issued("P-256"))):
            assert [card["again"] for card in cards_told(w, 2)] == [False, True]
        assert w.stop() == 0


@pytest.mark.parametrize("absent", [0.05, 0.2, 0.5])
def test_whatever_pcscd_notices_of_exchanges_is_told(
    absent: float, reader: Module, issued: Issue, home: Path
) -> None:
    """Its counter of events says how often a card was put in, however soon after another."""
    cards = [PivCard(issued("P-256", number=n), serial=b"the same") for n in (1, 2)]
    readers = Readers()
    with Watch(reader.path, "--json") as w, contextlib.ExitStack() as inside:
        inside.enter_context(Inserted(cards[0]))
        cards_told(w, 1)
        noticed = 1
        for number in range(1, 7):
            before = readers.look()[READERS[0]].events
            inside.close()
            time.sleep(absent)
            inside.enter_context(Inserted(cards[number % 2]))
            _settle()
            noticed += readers.look()[READERS[0]].events != before
            cards_told(w, noticed)
        w.after(1)
        assert len(cards_told(w, noticed)) == noticed
        assert absent < 0.5 or noticed == 7
        assert w.stop() == 0


def test_25_insertions_are_all_told_and_nothing_is_left(
    reader: Module, issued: Issue, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("ŞÜKRÜ IŞIK", "AYŞE İNCE", "ÖMER ÇAĞ")
    people = [issued("P-256", number=n, name=name) for n, name in enumerate(names, 1)]
    ran = insert(spied(home / "spy.log", reader.path, monkeypatch.setenv), people, 25)
    assert ran.told == [names[number % 3] for number in range(25)]
    assert ran.again == [False] * 3 + [True] * 22
    assert ran.exit_code == 0
    assert ran.left == []
    assert ran.sessions == Sessions(opened=25, closed=25, most=1)
    assert (ran.logins, ran.more_files) == (0, 0)
    assert ran.growth < GROWTH
