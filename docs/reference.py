"""Write the pages in docs that say what esign says, in both languages.

Of the commands by their own help (en/commands.md, tr/komutlar.md), and of what can be wrong with
cards by the sentences of the errors (en/card-faults.md, tr/kart-sorunlari.md).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from typer._click.core import Context
from typer.core import TyperGroup
from typer.main import get_command

from esign_cli.cli import app, help
from esign_cli.foundation import i18n, pages
from esign_cli.foundation.errors import cards
from esign_cli.wording.sentences import entry

WIDTH = 96
COMMANDS = {"en": "# Commands", "tr": "# Komutlar"}
CARD_FAULTS = {
    "en": """# What can be wrong with a card

What esign says, and what to do. In place of “…” stands what it is about: a file, a card, a reader.
The code stands in `--json`, the number is the exit code.

| esign says | what to do | code |
|---|---|---|""",
    "tr": """# Kartla ilgili sorunlar

Hangi sorunda esign ne söyler, siz ne yaparsınız. “…” yerinde sorunun neyle ilgili olduğu yazar:
dosya, kart, okuyucu. Kod `--json` çıktısında durur, sayı çıkış kodudur.

| esign ne söyler | ne yapmalı | kod |
|---|---|---|""",
}


def reference(language: str) -> str:
    """The help of every command, one section each."""
    i18n.activate(language)
    root = get_command(app.app)
    help.translate_own(root, app.HELP)
    return "\n\n".join([COMMANDS[language], *_sections(root, "esign", None)]) + "\n"


def card_faults(language: str) -> str:
    """Every error of the card side: its sentence, the next step, its code and exit code."""
    i18n.activate(language)
    kinds = [
        kind
        for kind in vars(cards).values()
        if getattr(kind, "__module__", "") == cards.__name__ and "code" in vars(kind)
    ]
    rows = [
        f"| {_shown(entry(k).what)} | {_shown(entry(k).next)} | `{k.code}` {int(k.exit_status)} |"
        for k in kinds
    ]
    return "\n".join([CARD_FAULTS[language], *rows]) + "\n"


def _shown(sentence: str) -> str:
    """The sentence with a gap for each fact, in one cell."""
    words = re.sub(r"\{\w+\}", "…", i18n._(sentence)) if sentence else "–"
    words = words.replace("{{", "{").replace("}}", "}")  # as a message is filled in
    return " ".join(words.replace("|", "\\|").split())


PAGES: dict[str, tuple[Callable[[str], str], str]] = {
    "en/commands.md": (reference, "en"),
    "tr/komutlar.md": (reference, "tr"),
    "en/card-faults.md": (card_faults, "en"),
    "tr/kart-sorunlari.md": (card_faults, "tr"),
}


def _sections(command: Any, path: str, parent: Context | None) -> Iterator[str]:
    context = Context(command, info_name=path.rsplit(maxsplit=1)[-1], parent=parent)
    context.help_option_names = ["--help", "-h"]
    context.terminal_width = context.max_content_width = WIDTH
    yield f"## {path}\n\n```text\n{command.get_help(context).rstrip()}\n```"
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _sections(child, f"{path} {name}", context)


def main() -> int:
    """Write the pages, or with --check name those that are out of date (exit 1)."""
    pages.PACKAGE = Path(__file__)  # which brings none: a page is called as in the sources
    stale = []
    for name, (made_of, language) in PAGES.items():
        page, text = Path(__file__).parent / name, made_of(language)
        if "--check" not in sys.argv:
            page.write_text(text, "utf-8")
        elif not page.exists() or page.read_text("utf-8") != text:
            stale.append(name)
    if stale:
        sys.stderr.write(f"out of date: {', '.join(stale)}; run scripts/reference\n")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
