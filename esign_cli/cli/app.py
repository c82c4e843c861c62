"""The app: its commands, its global options, and the boundary where errors become sentences."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer._click.utils import _expand_args
from typer.models import TyperPath

from esign_cli import __version__
from esign_cli.cli import help, overview
from esign_cli.cli.command_table import START, Commands
from esign_cli.cli.console import LEFT_IN_WHOLE, Console, reader_left, redirect_to_devnull
from esign_cli.cli.context import Context
from esign_cli.cli.ready_page import spoken_language
from esign_cli.foundation import i18n, log
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.environment import (
    Declined,
    FolderGone,
    MemoryShort,
    OutputUnwritable,
)
from esign_cli.foundation.errors.usage import Usage
from esign_cli.foundation.exit_codes import BUG, ENVIRONMENT, INTERRUPTED, USAGE
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.plain_text import plain

HELP = N_(
    """Keep the qualified e-signatures of an education directorate alive.

    \b
    New here:     esign setup
    One command:  esign eligible --help
    """
)


_WIDEST = 22
"""Letters of the longest line of names: the columns of all groups stand below each other."""


class App(help.Group):
    """The root group: `main` is the outermost boundary, so it sees bad root options too."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands()

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  (loads none)
        """Write the commands on the root's page, under their headings."""
        for heading, lines in overview.groups():
            formatter.write_heading(heading)
            formatter.indent()
            formatter.write_dl([(names.ljust(_WIDEST), brief) for names, brief in lines])
            formatter.dedent()

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002  (always "esign", however it was started)
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run one command line; exits with its code, or returns it when not standalone."""
        _ready_streams()
        words = list(sys.argv[1:] if args is None else args)
        if args is None and os.name == "nt" and windows_expand_args:
            words = _expand_args(words)  # no Windows shell does it
        i18n.activate(spoken_language(words))
        help.translate_own(self, HELP)
        self._main_shell_completion(extra, "esign", complete_var)
        context = Context()

        def run() -> None:
            with self.make_context("esign", list(words), obj=context) as ctx:  # it eats the list
                self.invoke(ctx)

        status = _flush_stdout(_bounded(run, context, words), context.console)
        status = _written_down(status, context)
        if standalone_mode:
            sys.exit(status)
        return status


def _written_down(status: int, context: Context) -> int:
    """The exit code, once the run stands in the audit trail: one that cannot is no success."""
    try:
        context.record.exported += tuple(sorted(LEFT_IN_WHOLE))
        LEFT_IN_WHOLE.clear()
        if status == ENVIRONMENT:
            gc.collect()  # rows that were being read when it failed would hold the database
        context.record.write(status)
    except EsignError as error:
        return status or context.console.tell(error)
    finally:
        context.record.close()
    return status


def _bounded(run: Callable[[], None], context: Context, words: list[str]) -> int:  # noqa: PLR0911  (a return an ending)
    """The exit code of a run, after whatever went wrong has been said in one sentence."""
    console = context.console
    try:
        run()
    except typer.Exit as stop:
        return stop.exit_code
    except EsignError as error:
        return console.fail(error)
    except help.UsageError as error:
        return _usage(error, console, words)
    except (KeyboardInterrupt, typer.Abort):
        console.say("\n" + _("Interrupted; what was not finished was not kept."))
        return INTERRUPTED
    except EOFError:
        return console.fail(Declined())
    except Exception as error:  # noqa: BLE001  (the outermost boundary)
        if isinstance(error, OSError) and _is_of_a_stream(error):
            return handle_stdout_failure(error, console)
        bad = context.bad_value(error)
        return console.fail(bad) if bad else _bug(error, console, words)
    return 0


_UNTOLD = (errno.ENOSPC, errno.EIO)
"""How writing to a standard stream fails while somebody reads it."""


def _is_of_a_stream(error: OSError) -> bool:
    """Whether writing to a standard stream failed; files of ours fail by their names."""
    return error.filename is None and (error.errno in _UNTOLD or reader_left(error))


def _flush_stdout(status: int, console: Console) -> int:
    """The exit code, once all that was said has left this process."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return handle_stdout_failure(error, console) or status
    return status


def handle_stdout_failure(error: OSError, console: Console) -> int:
    """Whoever read our output (`| head`) has enough: quiet. Anything else lost data: an error."""
    redirect_to_devnull(sys.stdout)
    if reader_left(error):
        return 0
    facts = {"path": _("standard output"), "detail": error.strerror or ""}
    return console.fail(OutputUnwritable(**facts))


def _ready_streams() -> None:
    """Streams that take what we say: UTF-8 to programs, what the letters allow on a terminal.

    A standard stream that was closed leads nowhere, lest a file of ours takes its number.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  (for the whole run)


def _usage(error: help.UsageError, console: Console, words: list[str]) -> int:
    if isinstance(error, help.NoArgsIsHelp):
        console.out(error.format_message())
        return USAGE
    if "--json" in words:
        console.json_of = console.json_of or (error.ctx.info_name or "esign" if error.ctx else "")
    status = console.fail(Usage(detail=help.usage_sentence(error)))
    if error.ctx is not None:
        console.say(_("See: {command} --help").format(command=error.ctx.command_path))
    return status


def _bug(error: Exception, console: Console, words: list[str]) -> int:
    if isinstance(error, MemoryError):
        return console.fail(MemoryShort())
    if isinstance(error, FileNotFoundError) and error.filename is None:  # of no file: os.getcwd
        return console.fail(FolderGone())
    if "--debug" in words:
        import traceback

        # Its messages may hold a stranger's text: on lines of their own none of them begins one.
        trace = plain("".join(traceback.format_exception(error)))
        sys.stderr.write("".join(f"| {line}\n" for line in trace.splitlines()))
    console.say(
        _(
            "This is a fault in esign itself ({kind}). Run it again with --debug, and report it."
        ).format(kind=type(error).__name__)
    )
    if console.json_of:
        console.envelope(None, [{"code": "bug", "kind": type(error).__name__}])
    return BUG


def _show_version(ctx: typer.Context, wanted: bool) -> None:
    if not wanted:
        return
    sys.stdout.write(f"esign {__version__}\n")
    if ctx.params["verbose"]:
        sys.stdout.write(_origin())
    raise typer.Exit


def _origin() -> str:
    """How this esign came here, a line each."""
    import platform

    from esign_cli.foundation import installation

    kind = installation.installation(Path(sys.prefix), sys.platform)
    lines = (
        (_("Commit"), installation.commit() or "–"),
        (_("Installed as"), _(kind.label)),
        (_("Folder"), str(Path(__file__).parents[1])),
        (_("Python"), f"{platform.python_version()} ({platform.machine()}, {sys.executable})"),
        (_("To update"), installation.update_command()),
    )
    return "".join(f"{name}: {value}\n" for name, value in lines)


app = typer.Typer(
    cls=App,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def root(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            click_type=TyperPath(),  # a text: of an address, Path eats a slash
            help=N_("The database: a file, or postgresql://…"),
        ),
    ] = None,
    config_file: Annotated[
        Path | None, typer.Option("--config", help=N_("The settings file to use."))
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="tr|en", help=N_("Language: tr or en."))
    ] = None,
    i_know: Annotated[
        bool,
        typer.Option(
            "--i-know",
            hidden=True,  # for whoever was refused, and told of it
            help=N_("Use a database on a network folder: nobody else uses it now."),
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            help=N_("Show events, and tracebacks of own faults."),
        ),
    ] = False,
    version: Annotated[  # noqa: ARG001  (its callback does the work)
        bool,
        typer.Option("--version", callback=_show_version, help=N_("Show the version and exit.")),
    ] = False,
    verbose: Annotated[  # noqa: ARG001  (--version looks at it)
        bool,
        typer.Option(
            "--verbose",
            is_eager=True,
            help=N_("With --version: how it was installed, and its commit."),
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help=N_("The start page as JSON."))] = False,
) -> None:
    if lang is not None and lang not in i18n.LANGUAGES:
        raise Usage(detail=_("There is no language “{given}”: tr or en.").format(given=lang))
    context = ctx.obj
    context.record.anywhere = i_know
    context.database, context.config, context.language, context.debug = db, config_file, lang, debug
    log.show(wanted=debug)
    if ctx.invoked_subcommand is None:
        _module, start = START.load()
        start(ctx, json=json)
    elif json:
        raise Usage(
            detail=_("--json stands behind the command: esign {command} --json").format(
                command=ctx.invoked_subcommand
            )
        )


_GARBAGE = 200_000
"""Python looks for cycles after so many new objects: hundreds of thousands of people hold none."""


def run() -> None:
    """Run the command line; the console script `esign`."""
    gc.set_threshold(_GARBAGE)
    try:
        app()
    finally:
        gc.freeze()  # a last search for cycles would only delay the end
