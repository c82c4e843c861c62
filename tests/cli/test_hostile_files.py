"""Whatever strangers wrote into a database or a workbook stays plain text in every file and message
that is made of it, too: what a reader opens has nothing in it that acts, hides or reorders.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from icalendar import Calendar

from esign_cli.cli import settings
from esign_cli.commands.cards import hand_over
from esign_cli.commands.cards.watch_job import Entry
from esign_cli.outputs import typeset
from esign_cli.outputs.messages.letters import _EXAMPLE, Letters
from tests.conftest import Esign
from tests.support import mail_server
from tests.support.factories import national_id
from tests.support.mail_server import PASSWORD, MailServer
from tests.support.parts import need, program
from tests.support.strangers import FORBIDDEN, HOSTILE, TODAY, people

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
VISIBLE = "YABANCI"
NAME = "YABANCI\u202e\u200b\u00ad\ufeff\ufe0fSON"
"""As a text file may hold it, which is not taken for binary."""
TABLES = {
    "eligible": ("eligible", "--verdict", "all"),
    "institutions": ("institutions",),
    "applications": ("applications", "list"),
    "report": ("report",),
}
"""What gives a table, each as CSV, xlsx and JSON."""
FORMATS = ("csv", "xlsx", "json")
OTHERS = {
    "calendar": ("ics", ("calendar",)),
    "page of a report": ("html", ("report",)),
    "report in print": ("pdf", ("report",)),
    "rows that were rejected": (
        "xlsx",
        ("import", "list.csv", "--yes", "--province", "batman", "--rejects"),
    ),
}


def _workbook(path: Path) -> bytes:
    with zipfile.ZipFile(path) as book:
        return b"\n".join(book.read(name) for name in book.namelist())


def _print(path: Path) -> bytes:
    """Its text without the template's own breaks, by which any word may go on in the next line."""
    ran = subprocess.run([program("pdftotext"), path, "-"], check=True, capture_output=True)
    return ran.stdout.replace("\u200b".encode(), b"")


def _calendar(path: Path) -> bytes:
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    shown = [f"{event['summary']}\n{event['description']}" for event in events]
    return "\n".join(shown).encode()


READERS: dict[str, Callable[[Path], bytes]] = {
    "xlsx": _workbook, "pdf": _print, "ics": _calendar, "csv": Path.read_bytes,
    "html": Path.read_bytes, "json": Path.read_bytes,
}  # fmt: skip


def hidden(path: Path) -> list[str]:
    """Everything in a file that a reader would obey or not see; the name of a stranger stands in
    it.
    """
    text = READERS[path.suffix[1:]](path).decode()
    assert VISIBLE in text, text[:2000]
    return _hidden(text)


def _hidden(text: str) -> list[str]:
    return FORBIDDEN.findall(text.removeprefix(BOM).replace("\r\n", "\n").replace("\f", "\n"))


@pytest.fixture
def strangers(home: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    people(database)
    cells = (national_id(4), NAME, NAME, NAME)
    head = ("T.C. Kimlik No", "Adı", "Soyadı", f"Görevi{NAME}")
    rows = (head, cells, ("123", *cells[1:]))
    lines = (";".join(f'"{cell}"' for cell in row) for row in rows)
    (home / "list.csv").write_text("\n".join(lines), "utf-8", newline="")
    return home


@pytest.mark.posix
@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("table", TABLES)
def test_no_table_hides_anything(table: str, ending: str, esign: Esign, strangers: Path) -> None:
    path = strangers / f"out.{ending}"
    esign(*TABLES[table], "-o", path)
    assert hidden(path) == []


@pytest.mark.posix
@pytest.mark.parametrize("kind", OTHERS)
def test_no_other_file_hides_anything(kind: str, esign: Esign, strangers: Path) -> None:
    ending, words = OTHERS[kind]
    need("typst", ending != "pdf" or typeset.available())
    path = strangers / f"out.{ending}"
    output = () if words[-1] == "--rejects" else ("-o",)
    ran = esign(*words, *output, path)
    assert path.exists(), ran.stderr
    assert hidden(path) == []


@pytest.mark.posix
@pytest.mark.parametrize("ending", ["xlsx", "pdf"])
def test_no_hand_over_list_hides_anything(ending: str, home: Path) -> None:
    need("typst", ending != "pdf" or typeset.available())
    card = Entry(
        national_id=national_id(1), holder=HOSTILE, institution=HOSTILE, district=HOSTILE,
        token_serial=HOSTILE, issuer=HOSTILE, end=TODAY,
    )  # fmt: skip
    path = home / f"list.{ending}"
    hand_over.write(path, [card], HOSTILE, TODAY)
    assert hidden(path) == []


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setenv("ESIGN_SMTP_PASSWORD", PASSWORD)
    with mail_server.running(home) as running:
        for key, value in running.settings().items():
            settings.set_value(home / "config" / "esign" / "config.toml", key, value)
        yield running


@pytest.mark.posix
@pytest.mark.parametrize("words", [("remind", "--yes"), ("report", "--email", "bir@example.tr")])
def test_no_letter_hides_anything(
    words: tuple[str, ...], esign: Esign, strangers: Path, server: MailServer
) -> None:
    esign(*words)
    letters = [part for one in server.received for part in one.walk() if not part.is_multipart()]
    texts = [part.get_content() for part in letters if part.get_content_maintype() == "text"]
    texts += [str(value) for one in server.received for value in one.values()]
    assert words[0] != "remind" or any(VISIBLE in text for text in texts)
    assert [_hidden(text) for text in texts if _hidden(text)] == []


def test_no_fact_breaks_out_of_its_line_of_a_letter() -> None:
    facts = {**_EXAMPLE, "name": f"AYŞE\n\nŞifreniz:{HOSTILE}", "reasons": [HOSTILE]}
    letter = Letters().email("renew", facts).get_body(("plain",))
    assert letter is not None
    text = letter.get_content()
    assert "\nŞifreniz" not in text
    assert _hidden(text) == _hidden(Letters().sms("renew", facts)) == []
