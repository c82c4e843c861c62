"""`esign demo`: the main job on made-up data, each command with what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation import shell
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.commands.demo.job import Demo, Step

HELP = N_(
    """Run the main job on made-up data, and look at every command and its output.

    Makes a folder with a made-up certification authority, a card (a SoftHSM2 token; a PKCS#12 file
    where SoftHSM2 is not installed), workbooks of made-up staff, a database and settings of its
    own. Then it imports, reads the card, lists who may renew, signs an application and verifies
    it. Your own database and settings are not touched; the files stay there to look at.

    \b
    esign demo
    esign demo /tmp/deneme
    """
)


def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=N_("The folder to make."))] = Path(
        "esign-demo"
    ),
    p12: Annotated[
        bool, typer.Option("--p12", help=N_("Use a PKCS#12 file even where SoftHSM2 is there."))
    ] = False,
) -> None:
    from functools import partial

    from esign_cli.commands.demo import job, soft_token
    from esign_cli.foundation import clock

    context = from_typer(ctx)
    softhsm = None if p12 else soft_token.find()
    prepared = job.prepare(folder, clock.now, softhsm)
    _introduce(context, prepared)
    job.play(prepared, partial(_tell, context), partial(_run, context))
    context.console.out()
    context.console.out(
        _("Everything above was made up. Its files are in: {path}").format(path=folder)
    )
    context.console.out(_("To go on with it yourself:"))
    _say_where(context, prepared)
    context.console.out(f"{shell.PROMPT} esign")


def _introduce(context: Context, demo: Demo) -> None:
    """What is made up, which key signs, and how to be where the commands are run."""
    from esign_cli.commands.demo.job import KEY_FILE, PASSPHRASE, PIN

    if demo.token:
        key = _("The card is a software token (SoftHSM2); its made-up PIN: {pin}").format(pin=PIN)
    else:
        key = _(
            "There is no card: the key is in {file} (PKCS#12); passphrase: {passphrase}"
        ).format(file=KEY_FILE, passphrase=PASSPHRASE)
    console = context.console
    console.out(_("Everything here is made up: people, certificates, card."))
    console.out(key)
    _say_where(context, demo)


def _say_where(context: Context, demo: Demo) -> None:
    """Say how to be where the commands are run."""
    console = context.console
    for line in ("cd " + shell.command_line([str(demo.folder)]), *shell.settings(demo.environment)):
        console.out(f"{shell.PROMPT} {line}")


def _run(context: Context, demo: Demo, step: Step) -> int:
    """The step in a process of its own, like any command line of the user's, and on the same
    terminal: its tables fit.
    """
    import os
    import subprocess
    import sys

    from esign_cli.foundation import i18n

    shown = sys.stdout.isatty()
    environment = {**os.environ, **demo.environment, "ESIGN_LANG": i18n.language()}
    sys.stdout.flush()
    ran = subprocess.run(
        [sys.executable, "-m", "esign_cli", *step.words],
        cwd=demo.folder,
        env=environment,
        input=step.given.encode(),
        stdout=None if shown else subprocess.PIPE,
        stderr=None if shown else subprocess.STDOUT,
        check=False,
    )
    if not shown:
        context.console.out(ran.stdout.decode("utf-8", "replace").rstrip("\n"))
    return ran.returncode


def _tell(context: Context, step: Step) -> None:
    context.console.out()
    context.console.out(f"{shell.PROMPT} {step.line}")
