"""One door to the screen, and nothing but plain text comes through it."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import esign_cli
from esign_cli.cli import console as screen
from esign_cli.cli.console import Console
from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.outputs.tables.columns import ColumnSpec

HOSTILE = "a\x1b[2J\u202eb\u200bc\x9bd\re"
FORBIDDEN = set("\x1b\u202e\u200b\x9b\r")
PACKAGE = Path(esign_cli.__file__).parent
WRITERS = {
    "cli/console.py": "the door itself",
    "cli/app.py": "the version, and a traceback that --debug asks for",
    "cli/ready_page.py": "a help page that was made with the package",
    "cli/tables.py": "tables whose cells the console has made plain",
    "commands/cards/watch_command.py": "a bell",
    "commands/imports/progress.py": "numbers",
    "foundation/standard_output.py": "a file that is standard output; no binary to a terminal",
    "foundation/child.py": "the child's own streams, which nobody sees",
}
"""What may name sys.stdout or sys.stderr to write, and why it may."""
SAYING: dict[str, Callable[[Console], object]] = {
    "out": lambda c: c.out(HOSTILE),
    "say": lambda c: c.say(HOSTILE),
    "laid out": lambda c: c.say("    " + HOSTILE),
    "copyable": lambda c: c.copyable(HOSTILE),
    "heading": lambda c: c.heading(HOSTILE),
    "table": lambda c: c.table([HOSTILE, "B"], [["b", "1"]]),
    "table's cells": lambda c: c.table(["A", "B"], [[HOSTILE, "1"]]),
    "listing": lambda c: c.listing([ColumnSpec("A", str)], [HOSTILE]),
    "ask": lambda c: c.ask(HOSTILE, option="--yes"),
    "ask, default": lambda c: c.ask("b", option="--yes", default=HOSTILE),
    "key": lambda c: c.key(HOSTILE, ["e"], option="--yes"),
    "confirm": lambda c: c.confirm(HOSTILE),
    "agree": lambda c: c.agree(HOSTILE),
    "secret": lambda c: c.secret(HOSTILE, option="--pin-stdin"),
    "tell": lambda c: c.tell(FileMissing(path=HOSTILE)),
    "envelope": lambda c: c.envelope({"label": HOSTILE}, [{"code": "x", "card": HOSTILE}]),
    "fail": lambda c: c.fail(FileMissing(path=HOSTILE)),
    "document": lambda _c: screen.print_document(HOSTILE.encode()),
}


class Screen(io.TextIOWrapper):
    """A terminal that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True, newline="")

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        content = self.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue().decode()


class Keyboard(io.StringIO):
    """Somebody who has typed this."""

    def isatty(self) -> bool:
        return True


def test_no_way_to_the_screen_is_left_out() -> None:
    ways = {name for name, way in vars(Console).items() if callable(way) and name[0] != "_"}
    tried = {name.partition(",")[0].partition("'")[0] for name in SAYING}
    assert ways - tried == {"progress"}  # which is told two numbers


@pytest.mark.parametrize("way", SAYING)
def test_every_way_to_the_screen_is_plain(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Screen()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdin", Keyboard("e\n"))
    monkeypatch.setattr("typer.getchar", lambda: "e")
    monkeypatch.setattr(screen, "_read_unseen", lambda prompt: prompt and terminal.write(prompt))
    monkeypatch.setenv("NO_COLOR", "1")
    SAYING[way](Console("check-card"))
    shown = re.sub(r"\x1b\[\d*m", "", terminal.shown).lstrip("\r")  # bold headings; a key's line
    assert "b" in shown
    assert not FORBIDDEN & set(shown)


def test_json_is_plain_where_it_is_piped_too(capsys: pytest.CaptureFixture[str]) -> None:
    Console("check-card").envelope({"label": HOSTILE})
    printed = capsys.readouterr().out
    assert json.loads(printed)["data"]["label"] == HOSTILE
    assert not FORBIDDEN & set(printed)


def test_nothing_else_writes_to_the_screen() -> None:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            written = isinstance(node, ast.Attribute) and node.attr in ("write", "buffer")
            if written and ast.unparse(node.value).startswith(("sys.stdout", "sys.stderr")):
                found.add(path.relative_to(PACKAGE).as_posix())
            called = isinstance(node, ast.Call) and ast.unparse(node.func)
            if called in ("print", "typer.echo", "typer.secho"):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found <= set(WRITERS)
