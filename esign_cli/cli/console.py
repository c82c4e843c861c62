"""Where the user reads and answers: data on stdout, talk on stderr, questions on the terminal."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, TextIO

from esign_cli.cli import tables
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import Declined, NoTerminal
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.plain_text import escaped, plain

if TYPE_CHECKING:
    from esign_cli.outputs.tables.columns import ColumnSpec

    _Column = tuple[ColumnSpec, Sequence[str]]

JSON_SCHEMA_VERSION = 1
TOGETHER = "\N{NO-BREAK SPACE}"
"""A space of `Console.out` at which no line is broken."""
NO_ROOM = N_("No room for: {names}. A wider window shows all.")


_WHOLE_ID = re.compile(r'"national_id": ?"[1-9][0-9]{10}"')
"""Of somebody in a JSON document; a masked one has stars."""


class Console:
    """What a command prints with. With `json_of` set, only the envelope goes to stdout.

    Whatever it is given, from a card, a file or a server, reaches the screen as plain text.
    """

    def __init__(self, json_of: str = "") -> None:
        self.json_of = json_of

    @property
    def interactive(self) -> bool:
        """Whether somebody sits there to answer a question."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    # --- telling -------------------------------------------------------------------------------

    def out(self, text: str = "") -> None:
        """Print lines of data; on a terminal, what is too long for it goes on below, at a word."""
        shown = _laid_out(sys.stdout, plain(text), 2)
        _tell(sys.stdout, shown.replace(TOGETHER, " ") + "\n")

    def copyable(self, text: str) -> None:
        """Print lines that somebody copies into a file: nothing breaks them."""
        _tell(sys.stdout, plain(text).rstrip("\n") + "\n")

    def say(self, text: str = "", *, indent: int = 0) -> None:
        """Print lines of talk on stderr: progress, notes, what to do next; wrapped on a terminal.

        They begin so far in, and what does not fit goes on a little further in.
        """
        lines = "\n".join(" " * indent + line for line in plain(text).split("\n"))
        _tell(sys.stderr, _laid_out(sys.stderr, lines, 2 if indent else 0) + "\n")

    def progress(self, done: int, total: int) -> None:
        """Show on one line of a terminal how far a batch has come."""
        if sys.stderr.isatty() and total > 1:
            end = "\n" if done == total else ""
            _tell(sys.stderr, f"\r{done}/{total}{end}")

    def heading(self, text: str) -> None:
        """Print a line of data over others; bold on a terminal."""
        text = plain(text)
        bold = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        _tell(sys.stdout, f"\N{ESCAPE}[1m{text}\N{ESCAPE}[0m\n" if bold else text + "\n")

    def table(
        self,
        headers: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        right: Sequence[int] = (),
        styles: tables.Styles = (),
    ) -> None:
        """Print rows under headers, as wide as the terminal; plain columns when piped.

        `right` names the columns (from 0) that are numbers; `styles` how each cell looks.
        """
        headers = [plain(header) for header in headers]
        shown = [[plain(cell) for cell in row] for row in rows]
        if not sys.stdout.isatty():
            self.out(tables.plain(headers, shown, right))
            return
        width = shutil.get_terminal_size().columns
        if shown and not tables.fits(headers, shown, width):
            self.out(tables.stacked(headers, shown, width, right))
        else:
            tables.ruled(headers, shown, right, sys.stdout, styles)

    def listing(
        self,
        specs: Sequence[ColumnSpec],
        things: Sequence[Any],
        urgent: Callable[[Any], bool] = lambda _one: False,
    ) -> None:
        """Print a table of these things, a row each; nothing where there are none.

        A terminal shows the urgent rows in bold, and leaves out spare columns that do not fit.
        """
        if not things:
            return
        on_terminal = sys.stdout.isatty()
        columns = [(spec, [spec.text(one) for one in things]) for spec in specs]
        shown = _fitting(columns) if on_terminal else columns
        fitting = [spec for spec, _texts in shown]
        right = [number for number, spec in enumerate(fitting) if spec.kind == "number"]
        styles = [tables.styles(fitting, one, urgent(one)) for one in things] if on_terminal else ()
        self.table([_(spec.title) for spec in fitting], _rows(shown), right=right, styles=styles)
        left_out = sorted((s for s in specs if s not in fitting), key=lambda spec: -spec.spare)
        if left_out:
            names = ", ".join(_(spec.title) for spec in left_out)
            self.say(_(NO_ROOM).format(names=names))

    def envelope(self, data: Any, problems: Iterable[Mapping[str, Any]] = ()) -> None:
        """Print the one JSON document of a command that was called with --json."""
        from esign_cli.outputs import json_data

        self.copyable(noticed(escaped(json_data.to_text(document(self.json_of, data, problems)))))

    def fail(self, error: EsignError) -> int:
        """Say what happened and what to do next; gives the exit code."""
        status = self.tell(error)
        if self.json_of:
            self.envelope(None, [error.to_facts()])
        return status

    def tell(self, error: EsignError) -> int:
        """Print an error without the envelope, for a command that has data all the same."""
        from esign_cli.wording.sentences import next_step, sentence

        what = sentence(error)
        no_error = isinstance(error, Declined)  # to say no is none
        self.say(what if no_error else _("Error: {what}").format(what=what))
        if step := next_step(error):
            self.say(step)
        return error.exit_status

    # --- asking --------------------------------------------------------------------------------

    def ask(self, question: str, *, option: str, default: str = "") -> str:
        """Ask for a line; raises NoTerminal, naming the option that answers instead."""
        self._need_terminal(question, option)
        hint = f" [{default}]" if default else ""
        sys.stderr.write(_at_words(f"{question}{hint}: "))
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            self._end_of_line()
            raise Declined
        return line.strip() or default

    def key(self, question: str, keys: Collection[str], *, option: str) -> str:
        """Ask for one of these keys, which needs no Enter; raises NoTerminal and Declined."""
        import typer

        self._need_terminal(question, option)
        above, newline, last = _at_words(f"{question}: ").rpartition("\n")
        sys.stderr.write(above + newline)
        pressed = ""
        try:
            while pressed not in keys:
                sys.stderr.write("\r" + last)
                sys.stderr.flush()
                pressed = typer.getchar().lower()
        except EOFError as error:
            self._end_of_line()
            raise Declined from error
        sys.stderr.write(f"{pressed}\n")
        return pressed

    def confirm(self, question: str, *, option: str = "--yes") -> bool:
        """Ask for a yes; anything but a clear one is a no."""
        answer = self.ask(question + " " + _("[y/N]"), option=option)
        return answer.strip().lower() in ("y", "yes", "e", "evet")

    def agree(self, question: str, *, yes: bool = False) -> None:
        """Go on only with a yes, or with the --yes that stands for it; raises Declined."""
        if not yes and not self.confirm(question):
            raise Declined

    def secret(self, question: str, *, option: str) -> str:
        """Ask for a line typed unseen; raises Declined when nothing was typed."""
        self._need_terminal(question, option)
        try:
            typed = _read_unseen(_at_words(f"{question}: "))
        except EOFError as error:
            self._end_of_line()
            raise Declined from error
        if not typed:
            raise Declined  # Enter alone is a change of mind, and no secret
        return typed

    def _end_of_line(self) -> None:
        """What is said next begins on a line of its own, though no Enter was typed."""
        sys.stderr.write("\n")

    def _need_terminal(self, question: str, option: str) -> None:
        if not self.interactive:
            raise NoTerminal(wanted=question, option=option)


def _laid_out(stream: TextIO, text: str, further: int) -> str:
    """Lines as a terminal shows them whole; of one that begins at its edge, the rest goes so far
    in.
    """
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(
        tables.hanging(line, width, 2 if line.startswith(" ") else further)
        for line in text.split("\n")
    )


def _at_words(prompt: str) -> str:
    """A prompt whose lines end between words; on its last there is room for a short answer."""
    width = max(_NARROWEST, shutil.get_terminal_size().columns - _ANSWER)
    lines = [
        textwrap.fill(
            line,
            width,
            subsequent_indent=" " * (len(line) - len(line.lstrip())),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in plain(prompt).rstrip().split("\n")
    ]
    return "\n".join(lines) + " "


_ANSWER = 2
"""Columns: the space behind a prompt, and what is typed first."""
_NARROWEST = 10


def _read_unseen(prompt: str) -> str:
    if sys.platform == "win32":
        from esign_cli.cli.console_windows import read_unseen

        return read_unseen(prompt)
    import getpass

    return getpass.getpass(prompt, stream=sys.stderr)


def _fitting(columns: Sequence[_Column]) -> Sequence[_Column]:
    """The columns that the terminal has room for without the spare ones; else all of them."""
    width = shutil.get_terminal_size().columns
    kept = list(columns)
    while not tables.fits([_(spec.title) for spec, _texts in kept], _rows(kept), width):
        least = max(kept, key=lambda column: column[0].spare)
        if not least[0].spare:
            return columns
        kept.remove(least)
    return kept


def _rows(columns: Sequence[_Column]) -> list[tuple[str, ...]]:
    return list(zip(*(texts for _spec, texts in columns), strict=True))


def document(command: str, data: Any, problems: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the envelope of a command's data."""
    schema = f"esign.{command}/{JSON_SCHEMA_VERSION}"
    return {"schema": schema, "data": data, "problems": list(problems)}


LEFT_IN_WHOLE: set[str] = set()
"""What of this run went to stdout in whole, for the audit trail: ids, a file."""


def noticed(text: str) -> str:
    """Return a JSON text, once it is remembered whether a whole national id is in it."""
    if _WHOLE_ID.search(text):
        LEFT_IN_WHOLE.add("ids")
    return text


def print_document(content: bytes) -> None:
    """Write a whole file's content to stdout: as it is to a pipe, as plain text on a terminal."""
    sys.stdout.flush()
    if sys.stdout.isatty():
        text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        _tell(sys.stdout, plain(text))
    else:
        sys.stdout.buffer.write(content)


def print_file(file: IO[bytes]) -> None:
    """Do the same with an open file, which to a pipe goes piece by piece."""
    if sys.stdout.isatty():
        print_document(file.read())
    else:
        sys.stdout.flush()
        shutil.copyfileobj(file, sys.stdout.buffer)


def _tell(stream: TextIO, text: str) -> None:
    """Write for whoever reads; one who left early (`| head`) changes nothing of how a run ends."""
    try:
        stream.write(text)
    except OSError as error:
        if not reader_left(error):
            raise
        redirect_to_devnull(stream)


def reader_left(error: OSError) -> bool:
    """Return whether a standard stream cannot be written to since nobody reads it any more.

    Windows says EINVAL of a pipe whose other end is closed.
    """
    return error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL)


def redirect_to_devnull(stream: TextIO) -> None:
    """Let the rest of a stream, and what it still holds, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
