"""`esign check-card --watch` reads card after card, tells faults, and ends with a list."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from esign_cli.cards.modules import Module
from esign_cli.commands.cards import hand_over
from esign_cli.commands.cards.watch_job import Entry
from esign_cli.commands.demo.made_up import Issued, national_id
from esign_cli.foundation.installation import pdf_command
from esign_cli.store import card_watches, open_store
from tests.cards.long_watch import PATIENCE, Watch
from tests.conftest import Esign
from tests.support import parts
from tests.support.tokens import RealToken

Issue = Callable[..., Issued]

ISSUER = "ÖRNEK (DENEME) Elektronik Sertifika Hizmet Sağlayıcısı"


@pytest.fixture
def roster(home: Path) -> Path:
    """A database in which the first made-up person serves in Kozluk."""
    database = home / "esign.db"
    with open_store(database) as store, store.writing() as db:
        db.execute(
            "INSERT INTO person (national_id, given_name, family_name, name_key, birth_place,"
            " email, mobile_phone, registry_no) VALUES (?, 'ŞÜKRÜ', 'IŞIK', 'sukru isik', '', '',"
            " '', '')",
            (national_id(1),),
        )
        db.execute(
            "INSERT INTO duty (national_id, duty_class, institution_code, start, institution,"
            " province, district, district_key, title, branch, unit, kind, status, end_column,"
            " province_assumed) VALUES (?, 'permanent', '1', '', 'KOZLUK ORTAOKULU', '72',"
            " 'KOZLUK', 'kozluk', '', '', '', '', 'Görevde', 0, 0)",
            (national_id(1),),
        )
    return database


@pytest.fixture
def cards(
    new_softhsm: Callable[..., RealToken], issued: Issue, tmp_path: Path
) -> Iterator[tuple[RealToken, RealToken]]:
    one, other = new_softhsm("AKIS_1"), new_softhsm("AKIS_2")
    one.put(issued("P-256", days=40), tmp_path)
    other.put(issued("P-384", number=2, name="AYŞE İNCE"), tmp_path)
    return one, other


@pytest.mark.posix
def test_each_card_is_a_line_and_ctrl_c_a_summary(
    cards: tuple[RealToken, RealToken], roster: Path, home: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sheet, paper = home / "teslim.xlsx", home / "teslim.pdf"
    trace = cards[0].traced(monkeypatch, tmp_path / "spy.log")
    monkeypatch.setenv("ESIGN_DB", str(roster))
    with Watch(trace.module.path, "--save", "--hand-over", sheet, "--hand-over", paper) as w:
        lines = sorted(w.wait(2))
        assert len(w.children()) == 1
        began = time.monotonic()
        assert w.stop() == 0
        assert time.monotonic() - began < 2
        assert w.children() == []
    end = f"{_end(40):%d.%m.%Y}"
    assert lines[1] == (
        f"ŞÜKRÜ IŞIK · 100******46 · {ISSUER} · KOZLUK · KOZLUK ORTAOKULU · {end} · "
        "Renewal is open · in the roster"
    )
    assert lines[0].startswith(f"AYŞE İNCE · 100******14 · {ISSUER} · – · – · ")
    assert lines[0].endswith("Not due yet · NOT IN THE ROSTER")
    assert "Cards read: 2 · put in again: 0 · not read: 0" in w.said
    assert "Kept as watch number 1." in w.said
    assert trace.count("C_Login") == 0
    with open_store(roster) as store:
        assert set(card_watches.national_ids(store, 1) or ()) == {national_id(1), national_id(2)}
        assert card_watches.national_ids(store, 2) is None
    book = openpyxl.load_workbook(sheet)
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][-1] == "Received by, signature"
    assert [row[1:5] for row in rows[1:]] == [
        (None, None, "AYŞE İNCE", national_id(2)),
        ("KOZLUK", "KOZLUK ORTAOKULU", "ŞÜKRÜ IŞIK", national_id(1)),
    ]
    assert [path.stat().st_mode & 0o777 for path in (sheet, paper)] == [0o600] * 2
    text = _text(paper)
    assert "District: KOZLUK · cards: 1" in text
    assert f"100******46 {cards[0].serial}" in " ".join(text.split())
    assert national_id(1) not in text


def _text(pdf: Path) -> str:
    words = [parts.program("pdftotext"), "-layout", str(pdf), "-"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def test_the_sheet_of_a_large_pile_repeats_its_header_and_begins_anew_for_each_district(
    tmp_path: Path,
) -> None:
    names = ("ŞÜKRÜ IŞIK", "İLKNUR ÇAĞ ĞÜ", "Iğdır Işılı")
    piles = (("", 1), ("BEŞİRİ", 2), ("KOZLUK", 60))
    entries = [
        Entry(
            district,
            "ATATÜRK İLKOKULU",
            names[n % 3],
            national_id(n + 1),
            f"SERI{n}",
            "Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 7",
            _end(n),
        )
        for district, count in piles
        for n in range(count)
    ]
    paper = tmp_path / "teslim.pdf"
    hand_over.check([paper], force=False)
    hand_over.write(paper, entries, "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ", _end(0))
    pages = _text(paper).split("\f")[:-1]
    of = [page.partition("District: ")[2].split(" · ")[0] for page in pages]
    assert of[:2] == ["not known", "BEŞİRİ"]
    assert len(of) > 4
    assert set(of[2:]) == {"KOZLUK"}
    assert all("Received by, signature" in page for page in pages)
    assert [page for page in pages if "Taken by, for all cards above" in page] == [
        pages[0], pages[1], pages[-1]
    ]  # fmt: skip
    assert all(name in pages[2] for name in names)
    last = [line.split()[0] for line in pages[-1].splitlines() if "SERI" in line]
    assert last[-1] == "60"


def test_what_was_watched_is_delivered(
    cards: tuple[RealToken, RealToken], roster: Path, esign: Esign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("ESIGN_DB", str(roster))
    with Watch(cards[0].module.path, "--save") as w:
        w.wait(2)
        assert w.stop() == 0
    people = (national_id(1), national_id(2))
    assert esign("applications", "add", *people).exit_code == 0
    for step in ("approve", "arrive"):
        more = ("--override", "görüldü") if step == "approve" else ()
        assert esign("applications", step, *people, *more).exit_code == 0
    ran = esign("applications", "deliver", "--from-watch", "1", "--json")
    assert ran.exit_code == 0, ran.stderr
    found = {row["national_id"]: row["state"] for row in ran.json["data"]["applications"]}
    assert found == dict.fromkeys(people, "delivered")
    ran = esign("applications", "deliver", "--from-watch", "2", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (2, "no-such-watch")
    assert esign("applications", "deliver", people[0], "--from-watch", "1").exit_code == 2


def _end(days: int) -> date:
    from datetime import timedelta

    from esign_cli.foundation.dates import ISTANBUL

    return (datetime.now(UTC) + timedelta(days=days)).astimezone(ISTANBUL).date()


def test_json_is_a_line_a_card(cards: tuple[RealToken, RealToken], home: Path) -> None:
    with Watch(cards[0].module.path, "--json") as w:
        found = [json.loads(line) for line in w.wait(2)]
        assert w.stop() == 0
    assert {line["schema"] for line in found} == {"esign.check-card/1"}
    holders = {line["data"]["tokens"][0]["certificates"][0]["holder"] for line in found}
    assert holders == {"ŞÜKRÜ IŞIK", "AYŞE İNCE"}
    assert [line["data"]["again"] for line in found] == [False, False]
    assert [line["data"]["roster"] for line in found] == [None, None]
    assert not (home / "data/esign/esign.db").exists()


@pytest.mark.posix
def test_a_driver_that_dies_is_started_anew_and_told_once(
    cards: tuple[RealToken, RealToken], faulty: Callable[..., Module], home: Path
) -> None:
    module = faulty("", cards[0])
    with Watch(module.path, "--json", "--timeout", "2") as w:
        w.wait(2)
        (child,) = w.children()
        os.kill(child, signal.SIGSEGV)
        fault = json.loads(w.wait(3)[2])
        assert fault["data"] is None
        assert fault["problems"][0]["code"] == "module-crashed"
        end = time.monotonic() + PATIENCE
        while (now := w.children()) == [child] or not now:
            assert time.monotonic() < end
            time.sleep(0.05)
        time.sleep(1)
        assert len(w.lines) == 3  # the cards that were there are not told again
        assert w.stop() == 0
    assert "Cards read: 2" in w.said


def test_no_reader_is_told_once_and_waited_for(faulty: Callable[..., Module], home: Path) -> None:
    with Watch(faulty("slots=0").path, "--json") as w:
        (line,) = map(json.loads, w.wait(1))
        time.sleep(1)
        assert len(w.lines) == 1
        assert w.stop() == 0
    assert line["problems"][0]["code"] in ("no-reader", "card-service-down")


def test_a_driver_that_cannot_work_ends_the_watch(
    faulty: Callable[..., Module], esign: Esign, pcscd_that: Callable[[str], None]
) -> None:
    pcscd_that("runs")
    ran = esign("check-card", "--watch", "--module", faulty("C_Initialize=fail").path)
    assert ran.exit_code == 4


def test_a_card_that_cannot_be_read_is_told_and_the_next_one_is_read(
    cards: tuple[RealToken, RealToken], faulty: Callable[..., Module], home: Path
) -> None:
    module = faulty("C_GetTokenInfo=fail", cards[0], label="AKIS_2")
    with Watch(module.path, "--json") as w:
        found = [json.loads(line) for line in w.wait(2)]
        assert w.stop() == 0
    codes = [line["problems"][0]["code"] for line in found if line["problems"]]
    assert codes == ["reader-failed"]
    assert "Cards read: 1 · put in again: 0 · not read: 1" in w.said


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("--hand-over", "a.xlsx"), 2, "--hand-over wants --watch"),
        (("--watch", "--token", "A"), 2, "cannot be given together"),
        (("--watch", "--hand-over", "a.doc"), 2, "End the file's name in one of: .xlsx, .pdf"),
        (("--watch", "--hand-over", "none/a.xlsx"), 11, "There is no folder"),
    ],
)
def test_what_cannot_be_is_refused_at_once(
    words: tuple[str, ...], exit_code: int, said: str, esign: Esign
) -> None:
    ran: Any = esign("check-card", *words)
    assert (ran.exit_code, said in ran.stderr) == (exit_code, True)


def test_a_list_that_is_there_is_kept_and_the_options_named_exist(esign: Esign, home: Path) -> None:
    there = home / "a.xlsx"
    there.touch()
    ran: Any = esign("check-card", "--watch", "--hand-over", there)
    assert (ran.exit_code, "--output" in ran.stderr, there.read_bytes()) == (12, False, b"")
    assert "--force" in ran.stderr


def test_a_pile_without_a_card_is_no_list_and_no_number(
    faulty: Callable[..., Module], home: Path, esign: Esign
) -> None:
    sheet = home / "teslim.xlsx"
    with Watch(faulty("slots=0").path, "--json", "--save", "--hand-over", sheet) as w:
        w.wait(1)
        assert w.stop() == 0
    assert "nothing to hand over" in w.said
    assert "--from-watch" not in w.said
    assert not sheet.exists()
    ran = esign("applications", "deliver", "--from-watch", "1", "--json")
    assert (ran.exit_code, ran.json["problems"][0]["code"]) == (2, "no-such-watch")


def test_a_pdf_that_cannot_be_made_is_told_before_any_card_is_read(
    esign: Esign, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # as if the extra were not installed
    ran: Any = esign("check-card", "--watch", "--hand-over", home / "a.pdf")
    assert (ran.exit_code, pdf_command() in ran.stderr) == (11, True)
