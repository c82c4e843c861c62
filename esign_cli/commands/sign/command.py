"""`esign sign`: any files, signed one after the other under one PIN."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import from_typer
from esign_cli.foundation.i18n import N_, _
from esign_cli.foundation.plain_text import one_line

if TYPE_CHECKING:
    from esign_cli.cli.console import Console
    from esign_cli.commands.sign.request import Batch, Item

HELP = N_(
    """Sign files with the card: reports, approval lists, anything (CAdES).

    Shows which files and by whom, then asks for the PIN once for all of them; a key that wants it
    for each signature asks each time. Each signature is left beside its file, as NAME.p7m (the
    content inside) or, with --detached, NAME.p7s. Run again, it signs only what is not signed yet.

    --level and --profile put time stamps and validation data on top of the signature (B-B without
    them). What cannot be had from its servers stays out: the signature is kept at the level that
    it has and named, and running the command again, or esign extend, adds the rest without the
    card. --add puts your signature beside those that a file has already.

    A file that cannot be signed is passed over and named. A fault of the PIN, the card or the disk
    ends the batch, and what was not tried is named.

    Exit codes: 0 all signed, 8 only some, or not at the level; if none was, what stopped it: 4 the
    card, 5 and 6 the PIN, 7 the signature, 3 and 12 the files.

    \b
    esign sign rapor.pdf
    esign sign *.pdf --detached --folder imzali
    esign sign rapor.pdf --level B-LT
    esign sign karar.pdf --add
    printf '%s\\n' "$PIN" | esign sign *.pdf --pin-stdin --yes --json
    """
)


def sign(
    ctx: typer.Context,
    file: Annotated[list[Path], typer.Argument(help=N_("The files to sign."))],
    detached: Annotated[
        bool,
        typer.Option("--detached", help=N_("Leave the content beside its signature (.p7s).")),
    ] = False,
    pem: Annotated[bool, typer.Option("--pem", help=N_("Write PEM instead of DER."))] = False,
    level: options.Level = None,
    profile: options.Profile = None,
    tsa: options.Tsa = None,
    add: Annotated[
        bool,
        typer.Option("--add", help=N_("Add a signature beside those that a file has already.")),
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help=N_("Leave the signatures here, not beside their files.")),
    ] = None,
    module: options.Module = None,
    token: options.Token = None,
    reader: options.Reader = None,
    timeout: options.Timeout = None,
    cert: options.Cert = None,
    p12: options.P12 = None,
    pin_stdin: Annotated[
        bool,
        typer.Option(
            "--pin-stdin", help=N_("Read the PIN, or the passphrase, from standard input.")
        ),
    ] = False,
    show_all: Annotated[
        bool,
        typer.Option("--show-all", help=N_("Show every file before the PIN, not only the first.")),
    ] = False,
    force: options.Force = False,
    yes: options.Yes = False,
    allow_unqualified: options.AllowUnqualified = False,
    last_try: options.LastTry = False,
    secrets_as_given: options.SecretsAsGiven = False,
    json: options.Json = False,
) -> None:
    context = from_typer(ctx, "sign", json=json)
    from esign_cli.commands.signer.processes import card_processes

    with card_processes(p12) as processes:  # they load their own while we load ours
        from esign_cli.commands.sign import job
        from esign_cli.commands.sign.prompter import SignPrompter
        from esign_cli.commands.sign.request import SignRequest
        from esign_cli.commands.signer.prompter import KeyOptions
        from esign_cli.foundation import child, clock

        option = "--pin-stdin" if pin_stdin else ""
        where = KeyOptions(
            module, token, reader, timeout, p12, last_try, option, yes, secrets_as_given
        )
        where.check()
        child.forbid_core_dumps()  # a secret will be in this process's memory
        request = SignRequest(
            files=tuple(file),
            folder=folder,
            detached=detached,
            pem=pem,
            certificate_sha256=cert or "",
            force=force,
            allow_unqualified=allow_unqualified,
            last_try=last_try,
            add=add,
            extension=context.extension(level, profile, tsa),
        )
        secret = next(iter(where.secrets()), None)
        prompter = SignPrompter(context.console, secret, yes=yes, as_given=secrets_as_given)
        prompter.show_all = show_all
        keys = where.keys(context, prompter, processes)
        batch = job.sign_files(request, keys, prompter, clock.now)
    if json:
        context.console.envelope(_data(batch, request), _problems(batch))
    else:
        _show(context.console, batch)
    raise typer.Exit(_tell(context.console, batch))


OUTCOMES = {
    "signed": N_("signed"),
    "raised": N_("extended"),
    "skipped": N_("signed before"),
    "failed": N_("NOT SIGNED"),
    "not-tried": N_("not tried"),
}


def _show(console: Console, batch: Batch) -> None:
    rows = [
        (str(i.path), _(OUTCOMES[i.outcome]), i.level or "–", str(i.output)) for i in batch.items
    ]
    console.table([_("File"), _("Result"), _("Level"), _("Signature")], rows)


def _tell(console: Console, batch: Batch) -> int:
    """Why some were not signed, and the exit code."""
    from esign_cli.commands.sign.request import Outcome
    from esign_cli.foundation.exit_codes import PARTLY
    from esign_cli.wording.sentences import sentence

    failed = [item.error for item in batch.items if item.error and item.error != batch.stopped]
    for error in dict.fromkeys(failed):
        console.say(sentence(error))
    for item in (item for item in batch.items if item.changed):
        text = _("Changed on the disk meanwhile; what was shown is what is signed: {path}")
        console.say(text.format(path=one_line(str(item.path))))
    _tell_levels(console, batch)
    if batch.stopped:
        console.tell(batch.stopped)
    counts = {outcome: batch.count(outcome) for outcome in Outcome}
    if counts[Outcome.NOT_TRIED]:
        console.say(_("Not tried: {count}").format(count=counts[Outcome.NOT_TRIED]))
    first = batch.stopped or next(iter(failed), None)
    if first is None:
        return 0
    there = (Outcome.SIGNED, Outcome.EXTENDED, Outcome.SKIPPED)
    return PARTLY if any(counts[outcome] for outcome in there) else first.exit_status


def _tell_levels(console: Console, batch: Batch) -> None:
    """Which signatures are less than was wanted, and from when the rest can be added."""
    from esign_cli.commands.signer.prompter import unfinished

    for item in batch.items:
        if item.error and item.level:
            text = _("Kept as {level}, to be extended by running this again: {path}")
            console.say(text.format(level=item.level, path=item.output))
        elif item.final_from:
            console.say(unfinished(item.level or "", item.final_from, item.output))


def _problems(batch: Batch) -> list[Mapping[str, Any]]:
    problems: list[Mapping[str, Any]] = [
        {"file": str(item.path), **item.error.to_facts()} for item in batch.items if item.error
    ]
    if batch.stopped and all(item.error is not batch.stopped for item in batch.items):
        problems.append(batch.stopped.to_facts())
    return problems


def _data(batch: Batch, request: Any) -> dict[str, Any]:
    from esign_cli.commands.sign.request import Outcome
    from esign_cli.signatures.creation import LEVEL

    target = request.extension.target if request.extension else None
    return {
        "signer": batch.certificate.holder,
        "issuer": batch.certificate.issuer,
        "certificate_sha256": batch.certificate.sha256,
        "level": target.name if target else LEVEL,
        "detached": request.detached,
        "format": "pem" if request.pem else "der",
        "counts": {outcome.value: batch.count(outcome) for outcome in Outcome},
        "files": [_file(item) for item in batch.items],
    }


def _file(item: Item) -> dict[str, Any]:
    from esign_cli.outputs.json_data import pick

    return pick(
        item,
        "path output outcome level final_from file_sha256=written.sha256 bytes=written.size"
        " signing_time problem=error.code content_sha256=document.sha256 changed",
    )
