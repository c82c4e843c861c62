"""No English word in Turkish output: every help page, every error's sentence, every command.

English is what the messages of the code say and their translations do not: no list to keep by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
from typer.core import TyperGroup

from esign_cli.cli import command_table, settings_table
from esign_cli.commands.demo.made_up import staff
from esign_cli.foundation import clock, i18n
from esign_cli.foundation.i18n import _
from esign_cli.wording import labels, sentences
from esign_cli.wording.fact_words import FactWords
from tests.conftest import Esign, Ran
from tests.support.command_lines import STEPS_OF_THE_FIRST
from tests.wording.test_turkish_messages import PAIRS

_LINE = re.compile(r"\besign [^\n“”]*")
"""A command line."""
_CODE = re.compile(
    r"""\x60[^\x60]*\x60
      | “[^”]*”                    # what was typed, or a value
      | --?[\w-]+(?:=\S+)?         # an option
      | \{[^}]*\} | \([a-z0-9-]+(?:[:,][^)]*)?\)  # a placeholder; a code behind its Turkish word
      | \(\w+Error:[^)]*\)       # a library's own words
      | \S*[/\\@_=]\S* | \b[\w-]+(?:\.[\w-]+)+    # a path, an address, a setting, a file
      | \b[A-ZÇĞİÖŞÜ0-9-]{2,}\b    # an abbreviation
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[a-zA-Z]{3,}(?![\w'’])")
_BOTH = frozenset(
    # words of both languages, names of things, and words that are typed as they are
    [
        "portal",
        "format",
        "profil",
        "cms",
        "server",
        "time",
        "csv",
        "json",
        "html",
        "pdf",
        "xlsx",
        "table",
        "text",
        "form",
        "xml",
        "tls",
        "none",
        "smtp",
        "cron",
        "crontab",
        "systemd",
        "root",
        "database",
        "module",
        "pin",
        "signed",
        "data",
        "esign",
        "language",
    ]
)
_PARSERS = [
    "valid",
    "invalid",
    "choice",
    "missing",
    "parameter",
    "argument",
    "arguments",
    "option",
    "options",
    "requires",
    "range",
    "such",
    "command",
    "mean",
    "usage",
    "default",
    "required",
    "try",
    "help",
    "unexpected",
    "extra",
    "got",
    "error",
    "warning",
    "aborted",
    "integer",
    "float",
    "boolean",
    "directory",
    "file",
    "path",
    "does",
    "not",
    "exist",
    "is",
    "not",
]
"""What the parser of command lines has to say in English."""


def _words(text: str) -> Iterator[str]:
    text = " ".join(_LINE.sub(" ", text).split())
    return (word[0].lower() for word in _WORD.finditer(_CODE.sub(" ", text)))


def _english() -> frozenset[str]:
    turkish = {word for _english, text in PAIRS for word in _words(text)}
    english = {word for text, _turkish in PAIRS for word in _words(text)}
    commands = {part for path in every_command() for name in path for part in name.split("-")}
    settings = {setting.key for setting in settings_table.SETTINGS}
    return frozenset((english | set(_PARSERS)) - turkish - _BOTH - commands - settings)


def _paths(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _paths(child, (*path, name))


def every_command() -> list[tuple[str, ...]]:
    """The words of every command, groups too."""
    built = command_table.Commands()
    return [(), *(path for name in built for path in _paths(built[name], (name,)))]


ENGLISH = _english()


def english_in(text: str) -> list[str]:
    """The English words of a text."""
    return [word for word in _words(text) if word in ENGLISH]


@pytest.mark.parametrize(
    "planted",
    [
        "Böyle bir komut yok. Did you mean eligible?",
        "Değer doğru değil (is not a valid integer)",
        "Durum: approved",
        "Usage: esign",
        "Sonuç: Past the last day to apply",
        "Kart: no card in the reader",
        "  Aborted!",
    ],
)
def test_planted_english_is_caught(planted: str) -> None:
    assert english_in(planted)


def test_turkish_is_no_english() -> None:
    assert len(ENGLISH) > 900
    caught = {text: words for _en, text in PAIRS if (words := english_in(text))}
    assert caught == {}


@pytest.mark.parametrize("path", every_command(), ids=" ".join)
def test_help_pages_are_turkish(esign: Esign, path: tuple[str, ...]) -> None:
    page = esign(*path, "--help", lang="tr").stdout
    assert english_in(page) == []


def test_sentences_of_every_error_are_turkish() -> None:
    i18n.activate("tr")
    said = []
    for module in iter_modules(sentences.__path__, f"{sentences.__name__}."):
        table = getattr(import_module(module.name), "SENTENCES", {})
        for code, one in table.items():
            said += [(code, _(text)) for text in (one.what, one.next) if text]
    assert len(said) > 300
    assert [(code, words) for code, text in said if (words := english_in(text))] == []
    offered = " ".join(v.offered(code) for v in labels.OFFERED.values() for code in v)
    assert english_in(offered) == []
    facts = FactWords({"wanted": "email | sms | both", "seconds": 1.5})
    assert english_in("{wanted} {seconds}".format_map(facts)) == []


ME = "10000000146"
WRONG = (
    ("imprt",),
    ("trust", "imprt"),
    ("person", "shwo"),
    ("elig",),
    ("--nonsense",),
    ("eligible", "--provnce", "x"),
    ("eligible", "--on", "dün"),
    ("eligible", "--verdict", "xx"),
    ("eligible", "--province", "batmn"),
    ("eligible", "--province"),
    ("eligible", "--json", "--format", "csv"),
    ("check-card", "--timeout", "x"),
    ("check-card", "--timeout", "0"),
    ("check-card", "--hand-over", "a.xlsx"),
    ("import",),
    ("import", "yok.xlsx"),
    ("import", "yok.xlsx", "--header-row", "99"),
    ("import", "yok.xlsx", "--map", "xx"),
    ("calendar", "--days", "çok"),
    ("config", "set", "province"),
    ("config", "set", "smtp.security", "xx"),
    ("config", "set", "renewal.open_ended", "xx"),
    ("config", "set", "lang", "xx"),
    ("config", "set", "sms.success_pattern", "("),
    ("person", "mark", ME, "tatilde"),
    ("person", "show", "kimse yok"),
    ("person", "show", "3"),
    ("person", "show", ME, "fazla"),
    ("applications", "approve", "77"),
    ("applications", "list", "--state", "xx"),
    ("applications", "add", ME, "--reason", "xx"),
    ("remind", "--channel", "xx"),
    ("report", "--fail-on", "xx"),
    ("report", "--split", "xx"),
    ("schedule", "--time", "xx"),
    ("template", "xx"),
    ("template",),
    ("verify", "yok.p7m"),
    ("verify", "yok.p7m", "--at", "xx"),
    ("verify", "yok.p7m", "--require", "xx"),
    ("extend", "yok.p7m"),
    ("sign", "yok.txt", "--level", "xx"),
    ("sign-form", "--secrets-stdin"),
    ("restore", "yok.backup"),
    ("imports", "show", "99"),
    ("trust", "add", "yok.crt"),
    ("audit", "verify", "fazla"),
)


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_lines_are_told_in_turkish(esign: Esign, words: tuple[str, ...]) -> None:
    ran = esign(*words, lang="tr")
    assert ran.exit_code != 0
    assert english_in(ran.stdout + ran.stderr) == []


RIGHT = (
    ("import", *staff.NAMES, "--province", "batman"),
    ("import", *staff.NAMES, "--province", "batman", "--explain"),
    ("imports",),
    ("imports", "list"),
    ("imports", "columns"),
    ("imports", "show", "1"),
    ("eligible",),
    ("eligible", "--verdict", "hepsi"),
    ("eligible", "--verdict", "hepsi", "--format", "csv"),
    ("eligible", "--reminded"),
    ("institutions",),
    ("institutions", "--without-certificate", "--format", "csv"),
    ("report",),
    ("report", "--format", "csv"),
    ("report", "--since-last"),
    ("check-form",),
    ("applications", "add", ME, "--date", "2026-01-05"),
    ("applications",),
    ("applications", "list", "--state", "hepsi"),
    ("applications", "show", "1"),
    *STEPS_OF_THE_FIRST,
    ("applications", "list", "--unconfirmed"),
    ("applications", "list", "--overdue"),
    ("person", "find", "ışık"),
    ("person", "show", ME),
    ("person", "mark", ME, "görevde", "--reason", "uzatıldı"),
    ("person", "set", ME, "--not-after", "2027-01-15"),
    ("person", "forget", ME, "--yes"),
    ("remind", "--dry-run"),
    ("remind", "--list"),
    ("schedule", "--cron"),
    ("schedule", "--systemd"),
    ("template", "sertifikalar", "--output", "bos.xlsx"),
    ("calendar", "--output", "takvim.ics"),
    ("purge", "--left-before", "2020-01-01", "--dry-run"),
    ("backup", "yedek.esign"),
    ("restore", "yedek.esign", "--yes"),
    ("audit",),
    ("audit", "verify"),
    ("audit", "seal", "iz.txt"),
    ("database",),
    ("database", "where"),
    ("database", "check"),
    ("database", "compact"),
    ("database", "create"),
    ("database", "migrate"),
    ("database", "status"),
    ("database", "copy", "esign.db", "copy.db"),
    ("trust", "list"),
    ("doctor",),
    ("config",),
    ("config", "path"),
    ("config", "set", "district", "MERKEZ"),
    ("cards",),
    ("check-card",),
    ("verify", "personel.xlsx"),
    ("extend", "personel.xlsx", "--level", "B-T"),
    ("sign", "personel.xlsx"),
    ("sign-form", ME),
    ("print-form", ME),
    ("setup",),
    ("demo", "personel.xlsx"),
    ("trust", "add", "personel.xlsx"),
    ("trust", "remove", "00"),
    ("trust", "update", "personel.xlsx"),
    ("imports", "undo", "1", "--yes"),
)


def test_every_command_is_among_those_that_run() -> None:
    run = {line[:2] for line in RIGHT} | {line[:1] for line in RIGHT}
    assert [path for path in every_command() if path not in run] == [()]


def test_what_commands_say_is_turkish(
    esign: Esign, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other over made-up people, as they would be run on a day."""
    folder = tmp_path_factory.mktemp("gün")
    for name, content in staff.workbooks(clock.today()).items():
        (folder / name).write_bytes(content)
    monkeypatch.chdir(folder)
    caught: dict[str, list[str]] = {}
    for words in RIGHT:
        ran: Ran = esign(*words, lang="tr")
        read = ran.stderr if words[0] == "schedule" else ran.stdout + ran.stderr  # lines for cron
        if words_found := english_in(read):
            caught[" ".join(words)] = words_found
    assert caught == {}
