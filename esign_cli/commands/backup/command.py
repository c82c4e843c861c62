"""`esign backup`: one file with all that is kept, to be put somewhere safe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from esign_cli.commands.backup.job import Made

HELP = N_(
    """Make a backup: the database, the settings without secrets, the trust store, in one file.

    Others may work meanwhile. Without FILE it goes where backup.file says, else beside the
    database. With --keep the name has the day and time in it, and of the backups that are named so
    the newest N stay. A backup holds all that you know of your people: --seal encrypts it to a
    passphrase (ESIGN_BACKUP_PASSPHRASE, the keyring, or typed), without which nobody opens it, nor
    do you. Settings that may hold a password in plain are left out and named.

    \b
    esign backup /media/usb/esign.backup
    esign backup --seal --keep 14 /media/usb/esign.backup
    esign restore /media/usb/esign.backup
    """
)


def backup(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help=N_("The backup."))] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep", metavar="N", min=1, help=N_("Name it by the day, and keep the newest N.")
        ),
    ] = None,
    seal: Annotated[bool, typer.Option("--seal", help=N_("Encrypt it to a passphrase."))] = False,
    force: options.Force = False,
    json: options.Json = False,
) -> None:
    from esign_cli.cli.settings_backup import without_secrets
    from esign_cli.commands.backup import job
    from esign_cli.foundation import files

    context = from_typer(ctx, "backup", json=json)
    settings = context.settings
    beside = settings.database_file("backup", "pg_dump").with_name("esign.backup")
    config: bytes | None = None
    left_out: tuple[str, ...] = ()
    if settings.path.exists():
        config, left_out = without_secrets(files.read(settings.path))
    request = job.BackupRequest(
        file or settings["backup.file"] or beside,
        config,
        left_out,
        settings.trust_folder,
        _passphrase(context) if seal or settings["backup.seal"] else None,
        keep,
        force,
    )
    with context.exclusive_run("backup"), context.store() as store:
        backup_made = job.make(store, request, context.now)
    _tell(context, backup_made)


def _passphrase(context: Context) -> str:
    from esign_cli.foundation import pin
    from esign_cli.foundation.credentials import BACKUP_PASSPHRASE, variable
    from esign_cli.foundation.errors.credentials import CredentialMissing
    from esign_cli.foundation.errors.store import PassphrasesDiffer

    try:
        return context.secret(BACKUP_PASSPHRASE).reveal()
    except CredentialMissing:
        if not context.console.interactive:
            raise
    option = variable(BACKUP_PASSPHRASE)
    ask = context.console.secret
    typed = pin.checked(ask(_("Passphrase of the backup"), option=option), "passphrase").reveal()
    if ask(_("The same again"), option=option) != typed:
        raise PassphrasesDiffer
    return typed


def _tell(context: Context, backup_made: Made) -> None:
    from esign_cli.foundation.i18n import number
    from esign_cli.outputs.json_data import pick

    console = context.console
    if console.json_of:
        console.envelope(
            {
                **pick(backup_made.backup, "path at sha256 sealed"),
                **pick(backup_made, "size parts left_out removed"),
            }
        )
        return
    console.say(
        _("Backup: {path} · bytes: {count}").format(
            path=backup_made.backup.path, count=number(backup_made.size)
        )
    )
    if not backup_made.backup.sealed:
        console.say(
            _("It is not encrypted: who reads it reads all that is kept. To encrypt: --seal")
        )
    for key in backup_made.left_out:
        console.say(_("Left out, as it may hold a secret: {key}").format(key=key))
    for path in backup_made.removed:
        console.say(_("Removed, as newer ones are kept: {path}").format(path=path))
