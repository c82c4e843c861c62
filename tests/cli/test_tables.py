"""Tables are readable at every width, and never cut an id, a date or a number."""

from __future__ import annotations

import io
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_cli.cli import tables
from esign_cli.cli.console import Console
from esign_cli.outputs.tables import Tone
from esign_cli.outputs.tables.columns import ColumnSpec

HEADERS = ["Id", "Name", "Until", "Days", "Result"]
ROWS = [
    ["100******46", "ŞÜKRÜ IŞIK", "04.01.2027", "42", "Eligible for renewal, and on time for it"],
    ["100******14", "AYŞE ÇELİK", "05.12.2026", "1107", ""],
]


def test_plain_columns_end_without_spaces() -> None:
    lines = tables.plain(HEADERS, ROWS, right=[3]).split("\n")
    assert lines[2] == "100******14  AYŞE ÇELİK  05.12.2026  1107"
    assert lines[0].index("Days") == lines[1].index("42") - 2


def test_a_long_value_goes_on_below_itself_and_never_inside_a_word() -> None:
    line = "  Issuer      Kamu Elektronik Sertifika Hizmet Sağlayıcısı - Sürüm 6"
    assert tables.hanging(line, 40).split("\n") == [
        "  Issuer      Kamu Elektronik Sertifika",
        "              Hizmet Sağlayıcısı -",
        "              Sürüm 6",
    ]
    assert tables.hanging(line, 80) == line
    assert tables.hanging("/a path/with spaces", 10) == "/a path/with spaces"
    assert tables.hanging("  Read 1, changed 2, taken back 3", 21).split("\n") == [
        "  Read 1, changed 2,",
        "    taken back 3",
    ]


def test_a_command_or_a_path_that_is_copied_is_never_broken() -> None:
    command = "sudo apt install pcscd && sudo systemctl enable --now pcscd.socket"
    said = f"     To mend it, as root: {command}"
    assert tables.hanging(said, 60).split("\n") == ["     To mend it, as root:", f"     {command}"]
    assert tables.hanging(said, 120) == said
    assert tables.hanging("Whole: /srv/a/database.db", 20) == "Whole:\n/srv/a/database.db"
    assert tables.hanging(f"  esign {'--verdict eligible ' * 5}", 40).count("\n") == 0


def test_a_narrow_terminal_gets_rows_on_several_lines() -> None:
    assert tables.fits(HEADERS, ROWS, 100)
    assert not tables.fits(HEADERS, ROWS, 50)
    text = tables.stacked(HEADERS, ROWS, 50)
    assert max(map(len, text.split("\n"))) <= 50
    assert "    Eligible for renewal, and on time for it" in text.split("\n")


@given(width=st.integers(40, 200))
def test_nothing_short_is_ever_cut(width: int) -> None:
    if tables.fits(HEADERS, ROWS, width):
        out = io.StringIO()
        tables.ruled(HEADERS, ROWS, [3], out)
        text = out.getvalue()
    else:
        text = tables.stacked(HEADERS, ROWS, width)
    for row in ROWS:
        assert row[0] in text
        assert row[2] in text


def test_a_table_without_rows_has_its_headers() -> None:
    assert tables.plain(HEADERS, []) == "Id  Name  Until  Days  Result"


def test_a_last_column_of_long_words_is_not_crushed_at_80_columns() -> None:
    headers = ("T.C. kimlik no", "Adı soyadı", "İlçe", "Kurum", "Geçerlilik bitişi", "Kalan gün",
               "Neden")  # fmt: skip
    row = ("100******98", "ÇİĞDEM ŞAHİN", "GERCÜŞ", "MÜDÜRLÜK", "14.10.2026", "-40", "x" * 30)
    assert not tables.fits(headers, [row], 80)
    assert tables.fits(headers, [row], 100)


ASKED = ("No", "Adı soyadı", "Geçerlilik bitişi", "Kalan gün", "Sonuç", "Neden")
ANSWERED = [
    ["1", "VELİ UÇAR", "02.12.2026", "3", "Yenilemeye uygun",
     "Son başvuru tarihi geçti; Yeni kart yetişmeyebilir"],
    ["12", "FATMA NUR IŞIK", "17.01.2027", "1149", "Önce MEBBİS kaydı düzeltilmeli",
     "Görevlendirmesinin bitiş tarihi yok"],
]  # fmt: skip


@pytest.mark.parametrize("columns", [*range(70, 100), 120, 140])
def test_a_ruled_table_wraps_at_words_and_ends_within_the_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = io.StringIO()
    tables.ruled(ASKED, ANSWERED, [0, 3], out)
    if not tables.fits(ASKED, ANSWERED, columns):
        assert columns < 84
        return
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= columns
    shown = {word for line in lines for word in line.split()}
    assert {word for row in [ASKED, *ANSWERED] for cell in row for word in cell.split()} <= shown


class Terminal(io.StringIO):
    """What a program is given as a terminal, and what it wrote there."""

    def isatty(self) -> bool:
        return True


PEOPLE = [
    ("ŞÜKRÜ IŞIK", "KOZLUK", "ÖRNEK MESLEKÎ VE TEKNİK ANADOLU LİSESİ", "Süresi doldu"),
    ("FATMA NUR ÇELİK", "HASANKEYF", "ÖRNEK İMAM HATİP ORTAOKULU", "Görevlendirmenin bitişi yok"),
]
TONES = {"Süresi doldu": Tone.BAD, "Görevlendirmenin bitişi yok": Tone.PLAIN}
SPECS = (
    ColumnSpec("Adı soyadı", lambda one: one[0]),
    ColumnSpec("İlçe", lambda one: one[1], spare=1),
    ColumnSpec("Kurum", lambda one: one[2], spare=2),
    ColumnSpec(
        "Sonuç", lambda one: one[3], tone=lambda one: Tone.BAD if "doldu" in one[3] else Tone.PLAIN
    ),
)


def terminals(monkeypatch: pytest.MonkeyPatch) -> tuple[Terminal, Terminal]:
    """Make standard output and error a terminal each that knows colours."""
    streams = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return streams


@pytest.mark.parametrize(("columns", "left_out"), [(60, ["Kurum"]), (45, ["Kurum", "İlçe"])])
def test_a_narrow_terminal_leaves_out_what_is_needed_least(
    monkeypatch: pytest.MonkeyPatch,
    columns: int,
    left_out: list[str],
) -> None:
    terminal = terminals(monkeypatch)
    monkeypatch.setenv("COLUMNS", str(columns))
    Console().listing(SPECS, PEOPLE)
    shown = re.sub(r"\x1b\[[\d;]*m", "", terminal[0].getvalue())
    assert max(map(len, shown.splitlines())) <= columns
    assert [name for name in ("Kurum", "İlçe") if name not in shown] == left_out
    assert "Görevlendirmenin" in shown
    assert ", ".join(left_out) in terminal[1].getvalue()


def test_colour_stands_beside_words_and_goes_with_no_color(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = terminals(monkeypatch)
    monkeypatch.setenv("COLUMNS", "140")
    Console().listing(SPECS, PEOPLE, lambda one: one[1] == "KOZLUK")
    shown = terminal[0].getvalue()
    assert "\x1b[1;31m" in shown  # bold, for it is urgent; red, for it is bad
    assert terminal[1].getvalue() == ""
    monkeypatch.setenv("NO_COLOR", "1")
    Console().listing(SPECS, PEOPLE, lambda one: one[1] == "KOZLUK")
    colourless = terminal[0].getvalue().removeprefix(shown)
    assert not re.search(r"\x1b\[[\d;]*3\dm", colourless)
    assert "\x1b[1m" in colourless


def test_what_is_piped_has_neither_colour_nor_a_column_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("COLUMNS", "50")
    console = Console()
    console.heading("Liste")
    console.listing(SPECS, PEOPLE, lambda _one: True)
    assert "\x1b" not in out.getvalue()
    assert "Kurum" in out.getvalue()


LONG = "100******46, ŞÜKRÜ IŞIK, ÖRNEK LİSESİ, başvuru 1. Girilecek adım: Onaylandı. Girilsin mi?"


@pytest.mark.parametrize("columns", [30, 40, 60, 80])
def test_talk_and_questions_are_broken_between_words(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    _out, err = terminals(monkeypatch)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys, "stdin", Terminal("\n"))
    Console().say(LONG, indent=4)
    Console().ask(f"     {LONG}", option="--yes")
    lines = err.getvalue().split("\n")
    assert max(map(len, lines)) <= columns
    assert [word for line in lines for word in line.split()] == [*LONG.split(), *f"{LONG}:".split()]
    assert lines[-1].endswith(": ")  # what is typed stands apart
    assert all(line.startswith("    ") for line in lines if line)


def test_talk_that_nobody_sees_on_a_terminal_is_not_broken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Console().say(LONG * 3, indent=4)
    assert capsys.readouterr().err == f"    {LONG * 3}\n"
