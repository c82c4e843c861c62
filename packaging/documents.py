"""Write the man pages and the shell completions of the commands that are installed in a folder.

    PYTHONPATH=SITE_PACKAGES python packaging/documents.py DATE TARGET

Both come from the tree of commands, as docs/reference.py does it.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer._click.core import Context
from typer._completion_shared import get_completion_script
from typer.core import TyperGroup
from typer.main import get_command

from esign_cli import __version__
from esign_cli.cli import app, help
from esign_cli.foundation import i18n, installation

MANUALS = {
    "en": ("usr/share/man/man1/esign.1.gz", "NAME"),
    "tr": ("usr/share/man/tr/man1/esign.1.gz", "AD"),
}
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/esign",
    "zsh": "usr/share/zsh/vendor-completions/_esign",
    "fish": "usr/share/fish/vendor_completions.d/esign.fish",
}
WIDTH = 78


def manual(language: str, date: str) -> str:
    """Return the man page: the help of every command, a section each."""
    i18n.activate(language)
    root = get_command(app.app)
    help.translate_own(root, app.HELP)
    _path, name = MANUALS[language]
    first = _roff((root.help or "").partition("\n\n")[0].rstrip(".").replace("\n", " "))
    head = f'.TH ESIGN 1 "{date}" "esign {__version__}"\n.SH {name}\nesign \\- {first}\n'
    return head + "".join(_sections(root, "esign", None))


def _sections(command: Any, path: str, parent: Context | None) -> Iterator[str]:
    context = Context(command, info_name=path.rsplit(maxsplit=1)[-1], parent=parent)
    context.help_option_names = ["--help", "-h"]
    context.terminal_width = context.max_content_width = WIDTH
    yield f'.SH "{path}"\n.nf\n{_roff(command.get_help(context).rstrip())}\n.fi\n'
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _sections(child, f"{path} {name}", context)


def _roff(text: str) -> str:
    """`text` for troff: its own signs escaped, no line that it would take for a request."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").split("\n")
    return "\n".join(f"\\&{line}" if line[:1] in {".", "'"} else line for line in lines)


def main(date: str, target: Path) -> None:
    """Write all of them below `target`."""
    sys.prefix = installation.DEBIAN_FOLDER  # where they are read, and name pages of the docs
    for language, (path, _name) in MANUALS.items():
        _write(target / path, gzip.compress(manual(language, date).encode(), 9, mtime=0))
    for shell, path in COMPLETIONS.items():
        script = get_completion_script(
            prog_name="esign", complete_var="_ESIGN_COMPLETE", shell=shell
        )
        _write(target / path, f"{script}\n".encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
