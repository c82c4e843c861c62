"""The page of `esign report` in headless Chromium, which may complain of nothing."""

from __future__ import annotations

import base64
import hashlib
import struct
import subprocess
import zlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from esign_cli.store import open_store
from tests.conftest import Esign
from tests.support import factories
from tests.support.databases import Place
from tests.support.parts import program

SIGNS = ("CONSOLE", "Refused to", "net::ERR", "Uncaught")
"""What Chromium writes of a page that is at fault."""
PAPER, DARK_PAPER = (0xFF, 0xFF, 0xFF), (0x14, 0x19, 0x1F)


@pytest.fixture
def page(esign: Esign, home: Path, place: Place) -> Path:
    """A report with a few people in it."""
    people = [factories.facts(number) for number in range(1, 60)]
    with open_store(place) as store:
        factories.save(store, people)
    file = home / "rapor.html"
    assert esign("report", "--on", "2026-11-23", "--output", file).exit_code == 0
    return file


def chromium(page: Path, *words: str, out: bool = False) -> str:
    """Open a page; gives what the browser complained of meanwhile, or what it gives `out`."""
    command = [
        program("chromium"), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-dev-shm-usage", "--hide-scrollbars", "--enable-logging=stderr", "--v=0",
        f"--user-data-dir={page.parent / 'profile'}", *words, page.as_uri(),
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, check=False, timeout=120)
    written = ran.stderr.decode("utf-8", "replace")
    assert ran.returncode == 0, written
    return ran.stdout.decode() if out else written


def faults(written: str) -> list[str]:
    return [line for line in written.splitlines() if any(sign in line for sign in SIGNS)]


def seen(picture: Path) -> tuple[int, int, tuple[int, ...]]:
    """Width, height and the first pixel's colour, of a PNG with 8 bits a channel."""
    content = picture.read_bytes()
    width, height, depth, _colours = struct.unpack(">IIBB", content[16:26])
    assert depth == 8
    data, place = b"", 8
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        if content[place + 4 : place + 8] == b"IDAT":
            data += content[place + 8 : place + 8 + length]
        place += length + 12
    return width, height, tuple(zlib.decompress(data)[1:4])  # before it is nothing to filter by


def test_the_detector_of_faults_sees_one(tmp_path: Path) -> None:
    bad = tmp_path / "bad.html"
    bad.write_text("<!doctype html><title>x</title><script>console.error('bad')</script>", "utf-8")
    written = chromium(bad, f"--screenshot={tmp_path / 'bad.png'}")
    assert faults(written)


@pytest.mark.parametrize(
    ("name", "width", "words", "paper"),
    [
        ("wide", 1400, (), PAPER),
        ("narrow", 420, (), PAPER),
        ("dark", 1400, ("--blink-settings=preferredColorScheme=0",), DARK_PAPER),
    ],
)
def test_a_browser_shows_it_and_complains_of_nothing(
    page: Path, name: str, width: int, words: tuple[str, ...], paper: tuple[int, ...]
) -> None:
    picture = page.with_name(f"{name}.png")
    written = chromium(page, f"--screenshot={picture}", f"--window-size={width},1200", *words)
    assert faults(written) == []
    assert seen(picture) == (width, 1200, paper)
    assert picture.stat().st_size > 20_000  # there is something on it


def test_it_prints_with_heads_on_each_page(page: Path) -> None:
    printed = page.with_name("print.pdf")
    written = chromium(page, f"--print-to-pdf={printed}", "--no-pdf-header-footer")
    assert faults(written) == []
    text = subprocess.run(
        [program("pdftotext"), "-layout", str(printed), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    pages = [one for one in text.split("\f") if one.strip()]
    assert "Eligible for renewal" in pages[0]
    assert sum("Days left" in one for one in pages) >= 2


HOSTILE = '<img src=x onerror=alert(1)>"&\u202e'
CLICKED = """
<script>
addEventListener("load", () => {
  const section = document.querySelector("#eligible");
  const field = section.querySelector("input[type=search]");
  const shown = () => [...section.querySelectorAll("tbody tr")].filter((row) => !row.hidden);
  const told = [];
  told.push(shown().length);
  field.value = "ILICA"; field.dispatchEvent(new Event("input")); told.push(shown().length);
  field.value = ""; field.dispatchEvent(new Event("input"));
  const head = [...section.querySelectorAll("th")].find((th) => th.textContent === "Kalan gün");
  const days = () => shown().map((row) => Number(row.cells[row.cells.length - 2].textContent));
  head.click(); told.push(days().every((day, n, all) => !n || all[n - 1] <= day));
  head.click(); told.push(days().every((day, n, all) => !n || all[n - 1] >= day));
  told.push(section.querySelectorAll("a[href^='tel:+90532']").length);
  told.push(section.querySelector("details li").textContent.length > 5);
  document.title = told.join(" ");
});
</script>
"""
"""What somebody would do on the page: search as Turkish is searched, sort, look at a row."""


@pytest.fixture
def people_page(esign: Esign, home: Path, place: Place) -> Path:
    """A report whose people have telephones; one has a name that would be a tag."""
    everybody = []
    for number in range(1, 30):
        names = {5: "ılıca", 6: HOSTILE}
        who = factories.person(
            number, mobile_phone="+905320000001", family_name=names.get(number, "IŞIK")
        )
        until = date(2027, 1, 1) + timedelta(number % 7)
        certificate = factories.certificate(number, until)
        everybody.append(factories.facts(number, person=who, certificates=(certificate,)))
    with open_store(place) as store:
        factories.save(store, everybody)
    file = home / "rapor.html"
    ran = esign("report", "--on", "2026-11-23", "--output", file, lang="tr")
    assert ran.exit_code == 0, ran.stderr
    return file


def test_lists_are_searched_and_sorted_numbers_rung_and_reasons_opened(people_page: Path) -> None:
    page = people_page.read_text(encoding="utf-8")
    assert "<img" not in page
    assert "connect-src" not in page
    assert "script-src 'sha256-" in page
    clicked = people_page.with_name("tiklanan.html")
    body = CLICKED.strip().removeprefix("<script>").removesuffix("</script>")
    allowed = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    page = page.replace("script-src ", f"script-src 'sha256-{allowed}' ")
    clicked.write_text(page + f"<script>{body}</script>", encoding="utf-8")
    title = chromium(clicked, "--dump-dom", out=True).partition("<title>")[2].partition("</title>")
    assert title[0] == "29 1 true true 29 true"


def test_the_page_allows_its_own_script_and_no_other(people_page: Path) -> None:
    assert faults(chromium(people_page, "--dump-dom")) == []
    foreign = people_page.with_name("yabanci.html")
    page = people_page.read_text(encoding="utf-8")
    foreign.write_text(page + "<script>document.title = 'x'</script>", encoding="utf-8")
    assert "<title>x</title>" not in chromium(foreign, "--dump-dom", out=True)
