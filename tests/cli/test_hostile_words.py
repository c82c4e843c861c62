"""Whatever strangers wrote into cards, files, workbooks, servers and databases stays plain text.

Every command of the command table is run over it; none of it clears a screen, hides or reorders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from esign_cli.cards.modules import Module
from esign_cli.cli.app import app
from esign_cli.commands.demo.made_up import MadeUpCa, parts
from esign_cli.foundation import clock
from esign_cli.signatures.trust import TrustFolder
from tests.conftest import Esign
from tests.support import factories
from tests.support.servers import saying, serving
from tests.support.strangers import FORBIDDEN, HOSTILE, people
from tests.support.tokens import PIN, RealToken

SHORT = "YABANCI\x1b[2J\u202e\u200b\r"
"""For a token's label of 32 bytes."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
ESCAPE = "\x1b"
NAME = HOSTILE.replace("/", "")
"""As a file's name."""
P12 = ("--p12", "key.p12", "--pin-stdin", "--yes", "--force", "--allow-unqualified")
PASSPHRASE = "çok gizli\n"
TODAY = clock.today()
SOMEBODY, SECOND = factories.national_id(1), factories.national_id(2)


@dataclass(frozen=True)
class Try:
    """Words of a command line; {card}, {server} and {file} are the strangers'."""

    words: tuple[str, ...]
    silent: bool = False
    """It repeats nothing of theirs."""
    file: bool = False
    """Standard output is a file for a spreadsheet: which has a mark before it."""
    stdin: str = ""


def _silent(*words: str) -> Try:
    return Try(words, silent=True)


def _file(*words: str) -> Try:
    return Try(words, file=True)


def _said(*words: str, stdin: str = "") -> Try:
    return Try(words, stdin=stdin)


SUBMIT = _said("applications", "submit", "1")
APPROVE = _said("applications", "approve", "1", "--yes", "--override", HOSTILE)
TRIES: dict[str, tuple[Try, ...]] = {
    "setup": (_silent("setup"),),
    "check-card": (
        _said("check-card", "{card}"), _said("check-card", "{card}", "--save"),
        _said("check-card", "{card}", "--token", HOSTILE), _said("check-card", "--module", NAME),
    ),
    "cards": (_said("cards", "{card}"),),
    "import": (
        _said("import", "{file}.csv", "--yes", "--explain"), _said("import", "{file}.csv", "--yes"),
        _said("import", "{file}.txt", "--yes"), _said("import", NAME + "?"),
    ),
    "imports list": (_said("imports", "list"),),
    "imports show": (_said("imports", "show", "1"),),
    "imports columns": (_said("imports", "columns"),),
    "imports undo": (_said("imports", "undo", "1"),),
    "eligible": (
        _said("eligible", "--verdict", "all"), _silent("eligible", "--district", HOSTILE),
        _file("eligible", "--verdict", "all", "--format", "csv"),
    ),
    "institutions": (_said("institutions"), _file("institutions", "--format", "csv")),
    "report": (
        _said("report"), _said("report", "--format", "html"), _said("report", "-o", NAME),
    ),
    "check-form": (
        _said("check-form"),
        _said("check-form", "--national-id", SOMEBODY, "--form", "{file}.toml"),
    ),
    "sign-form": (
        _said("sign-form", "--form", "{file}.toml", "--p12", "key.p12", "--secrets-stdin", "--yes",
              "--allow-unqualified", stdin=f"söz{HOSTILE[:3]}\n{PASSPHRASE}"),
        _said("sign-form", "{card}", "--form", "{file}.toml", "--secrets-stdin", "--yes",
              stdin=f"sözcük\n{PIN}\n"),
    ),
    "print-form": (_said("print-form", SOMEBODY, "--form", "{file}.toml", "-o", NAME, "--yes"),),
    "applications list": (_said("applications", "list"),),
    "applications show": (_said("applications", "show", "1"),),
    "applications add": (_said("applications", "add", SECOND, "--note", HOSTILE),),
    "applications undo": (SUBMIT, _said("applications", "undo", "1", "--yes")),
    "applications submit": (SUBMIT,),
    "applications wait": (SUBMIT, _said("applications", "wait", "1", "--note", HOSTILE)),
    "applications approve": (SUBMIT, APPROVE),
    "applications reject": (SUBMIT, _said("applications", "reject", "1", "--note", HOSTILE)),
    "applications arrive": (SUBMIT, APPROVE, _said("applications", "arrive", "1")),
    "applications return": (
        SUBMIT, APPROVE, _said("applications", "return", "1", "--note", HOSTILE),
    ),
    "applications deliver": (SUBMIT, APPROVE, _said("applications", "deliver", "1")),
    "applications cancel": (_said("applications", "cancel", "1", "--note", HOSTILE),),
    "person find": (_said("person", "find", "YABANCI"), _said("person", "find", HOSTILE)),
    "person show": (_said("person", "show", SOMEBODY),),
    "person mark": (_said("person", "mark", SOMEBODY, "on-duty", "--reason", HOSTILE),),
    "person set": (_said("person", "set", SOMEBODY, "--not-after", str(TODAY + timedelta(40))),),
    "person forget": (_silent("person", "forget", SOMEBODY, "--yes"),),
    "remind": (
        _said("remind", "--dry-run"), _silent("remind", "--yes"), _silent("remind", "--list"),
    ),
    "schedule": (_said("schedule", "--cron", "--province", HOSTILE),),
    "template": (_said("template", HOSTILE),),
    "calendar": (_said("calendar"), _said("calendar", "-o", NAME)),
    "purge": (_silent("purge", "--left-before", str(TODAY), "--dry-run"),),
    "backup": (_said("backup", NAME),),
    "restore": (_said("restore", "{file}.txt", "--yes"),),
    "database create": (_silent("database", "create"),),
    "database migrate": (_silent("database", "migrate"),),
    "database status": (_silent("database", "status"),),
    "database copy": (_said("database", "copy", "{file}.txt", NAME),),
    "database where": (_silent("database", "where"),),
    "database check": (_silent("database", "check"),),
    "database compact": (_silent("database", "compact"),),
    "audit verify": (_silent("audit", "verify"),),
    "audit seal": (_said("audit", "seal", NAME),),
    "sign": (
        _said("sign", "{file}.txt", *P12, stdin=PASSPHRASE),
        _said("sign", "{file}.txt", *P12, "--level", "B-T", "--tsa", "{server}/" + HOSTILE,
              stdin=PASSPHRASE),
        _said("sign", "{file}.txt", "{card}", "--pin-stdin", "--yes", stdin=f"{PIN}\n"),
        _said("sign", NAME + "?", *P12, stdin=PASSPHRASE),
    ),
    "verify": (_said("verify", "{file}.p7m", "--offline"), _said("verify", "{file}.txt")),
    "extend": (_silent("extend", "{file}.p7m", "--level", "B-T", "--tsa", "{server}/tsa"),),
    "trust list": (_said("trust", "list"),),
    "trust add": (_said("trust", "add", "{file}.der"), _said("trust", "add", "{file}.txt")),
    "trust update": (_said("trust", "update", "{server}/" + HOSTILE),),
    "trust remove": (_said("trust", "remove", HOSTILE),),
    "doctor": (_said("doctor", "{card}"), _said("doctor", "{card}", "--online")),
    "config": (_silent("config"),),
    "config set": (
        _said("config", "set", "profile.address", HOSTILE), _said("config", "set", HOSTILE, "1"),
    ),
    "config path": (_silent("config", "path"),),
    "demo": (_said("demo", "{file}.txt"),),
}  # fmt: skip


def _commands(command: object, path: str = "") -> Iterator[str]:
    if not isinstance(command, TyperGroup):
        yield path
        return
    for name, inner in command.commands.items():
        yield from _commands(inner, f"{path} {name}".strip())


def test_no_command_is_left_out() -> None:
    assert set(_commands(get_command(app))) <= set(TRIES)


def _settings(server: str) -> str:
    """A settings file that is good: of any other no command would get any further."""
    return f"""
province = "72"
[profile]
institution_name = "BATMAN MİLLİ EĞİTİM MÜDÜRLÜĞÜ"
[network]
private = true
timeout = 3
depot = "{server}/depo"
[time_stamp]
url = "{server}/tsa"
[smtp]
host = "127.0.0.1"
port = {server.rpartition(":")[2]}
security = "none"
from = "esign@example.tr"
"""


def _form() -> str:
    text = HOSTILE.encode("unicode_escape").decode().replace("\\x", "\\u00")
    names = ("given_name", "family_name", "email", "institution_name", "address", "title")
    return "".join(f'{name} = "{text}"\n' for name in names)


def _workbook() -> str:
    head = ("T.C. Kimlik No", "Adı", "Soyadı", "Kurum Adı", HOSTILE)
    rows = [(factories.national_id(4), HOSTILE, HOSTILE, HOSTILE, HOSTILE), (HOSTILE,) * 5]
    return "\n".join(";".join(f'"{cell}"' for cell in row) for row in (head, *rows))


@pytest.fixture
def scene(
    home: Path, esign: Esign, softhsm: RealToken, faulty: Callable[..., Module],
    monkeypatch: pytest.MonkeyPatch, database: Path,
) -> Iterator[Callable[[Try], str]]:  # fmt: skip
    """Run a command line over all of it; gives what came on the screen."""
    monkeypatch.chdir(home)
    now = clock.now()
    begin, end = now - timedelta(days=800), now + timedelta(days=2000)
    ca = MadeUpCa.create(now)
    sub = parts.new_authority("sub", HOSTILE, ca.root_authority, begin, end, "P-256")
    own = parts.new_authority("root", HOSTILE, None, begin, end, "P-256")
    folder = TrustFolder(home / "data/esign/trust")
    folder.accept(ca.root, TODAY)
    folder.keep(sub.der)
    issued = replace(ca, sub_authority=sub).issue(HOSTILE, SOMEBODY, key="P-256", not_before=begin)
    softhsm.put(issued, home)
    module = faulty(f"C_GetTokenInfo=label:{SHORT}", softhsm).path
    files = {".txt": b"merhaba", ".csv": _workbook().encode(), ".toml": _form().encode(),
             ".der": own.der}  # fmt: skip
    for ending, content in files.items():
        (home / (NAME + ending)).write_bytes(content)
    (home / "key.p12").write_bytes(issued.p12(PASSPHRASE.strip()))
    esign("sign", NAME + ".txt", *P12, stdin=PASSPHRASE)
    (home / (NAME + ".txt.p7m")).rename(home / (NAME + ".p7m"))
    (home / "config/esign").mkdir(parents=True)
    answer = f"HTTP/1.1 500 {HOSTILE}\r\nContent-Length: 40\r\n\r\n{HOSTILE}".encode()
    with serving(saying(answer)) as server:
        (home / "config/esign/config.toml").write_text(_settings(server.url), "utf-8")
        people(database)

        def run(one: Try) -> str:
            places = {"server": server.url, "file": NAME, "card": "--module"}
            words = [word.format(**places) for word in one.words]
            if "--module" in words and "{card}" in one.words:
                words.insert(words.index("--module") + 1, str(module))
            ran = esign(*words, stdin=one.stdin)
            return ran.stdout + ran.stderr

        yield run


@pytest.mark.posix
@pytest.mark.parametrize("command", TRIES)
def test_what_strangers_wrote_is_plain_on_every_screen(
    command: str, scene: Callable[[Try], str]
) -> None:
    for one in TRIES[command]:
        said = scene(one)
        shown = said.removeprefix(BOM).replace("\r\n", "\n") if one.file else said
        assert FORBIDDEN.findall(shown) == [], (one.words, said)
        assert ESCAPE not in said, (one.words, said)
        assert "fault in esign itself" not in said, (one.words, said)
        assert one.silent or "YABANCI" in said, (one.words, said)
