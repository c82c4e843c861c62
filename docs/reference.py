"""Write docs/en/commands.md (and the Turkish docs/tr/komutlar.md) from the commands' own help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer._click.core import Context
from typer.core import TyperGroup
from typer.main import get_command

from esign_cli.cli import app, help
from esign_cli.foundation import i18n

PAGES = {"en": ("en/commands.md", "# Commands"), "tr": ("tr/komutlar.md", "# Komutlar")}
WIDTH = 96


def reference(language: str) -> str:
    """The help of every command, one section each."""
    i18n.activate(language)
    root = get_command(app.app)
    help.translate_own(root, app.HELP)
    sections = [PAGES[language][1], *_sections(root, "esign", None)]
    return "\n\n".join(sections) + "\n"


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
    stale = []
    for language, (name, _title) in PAGES.items():
        page, text = Path(__file__).parent / name, reference(language)
        if "--check" not in sys.argv:
            page.write_text(text, "utf-8")
        elif not page.exists() or page.read_text("utf-8") != text:
            stale.append(name)
    if stale:
        sys.stderr.write(f"out of date: {', '.join(stale)}; run scripts/reference\n")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
