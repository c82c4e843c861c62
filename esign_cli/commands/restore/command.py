"""`esign restore`: a backup in the place of what is there, which is kept aside."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esign_cli.cli import options
from esign_cli.cli.context import Context, from_typer
from esign_cli.foundation.i18n import N_, _

if TYPE_CHECKING:
    from datetime import datetime

    from esign_cli.commands.restore.job import Restored
    from esign_cli.store.archive import Archive

HELP = N_(
    """Restore a backup: it is checked as a whole before it replaces anything.

    A database that is there is replaced after asking, and kept aside under a name that is shown.
    One of an earlier version is brought up to date. Whoever was forgotten since the backup is
    forgotten again. Settings and trusted roots of the backup come into force only after a question
    of their own, or with --settings and --trust; where things lie on this computer, and the card
    driver, stay as they are here.

    \b
    esign restore /media/usb/esign.backup
    esign restore esign.backup --yes --settings --trust
    """
)


@dataclass
class Taken:
    """What of the rest came into force, and what did not."""

    settings: list[str] = field(default_factory=list)
    settings_left: list[str] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)
    roots_left: list[str] = field(default_factory=list)


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The backup."))],
    with_settings: Annotated[
        bool, typer.Option("--settings", help=N_("Take its settings without asking."))
    ] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help=N_("Trust its roots without asking."))
    ] = False,
    yes: options.Yes = False,
    json: options.Json = False,
) -> None:
    from esign_cli.commands.restore import job
    from esign_cli.foundation import exit_codes
    from esign_cli.store import archive

    context = from_typer(ctx, "restore", json=json)
    context.config_may_be_missing = True
    settings = context.settings
    database = settings.database_file("restore", "pg_restore")
    passphrase = _passphrase(context) if archive.sealed(file) else None
    with context.exclusive_run("restore"), archive.opened(file, passphrase) as backup:
        then, roots = job.settings_of(backup), job.compare_roots(backup, settings.trust_folder)
        restored = job.restore_database(
            backup,
            database,
            settings.secret_places,
            context.now,
            lambda made_at: context.console.agree(_question(context, made_at), yes=yes),
            anywhere=context.record.anywhere,
        )
        context.record.replaced(
            database,
            settings.secret_places,
            context.now,
            context.os_user,
            restored.altered,
        )
        taken = Taken()
        fit = _take_settings(context, file, then, taken, wanted=with_settings)
        _take_roots(context, roots, taken, wanted=trust)
        _tell(context, backup, restored, taken)
    if not fit:
        raise typer.Exit(exit_codes.PARTLY)


def _passphrase(context: Context) -> str:
    from esign_cli.foundation.credentials import BACKUP_PASSPHRASE, variable
    from esign_cli.foundation.errors.credentials import CredentialMissing

    try:
        return context.secret(BACKUP_PASSPHRASE).reveal()
    except CredentialMissing:
        if not context.console.interactive:
            raise
    question = _("Passphrase of the backup")
    return context.console.secret(question, option=variable(BACKUP_PASSPHRASE))


def _question(context: Context, made_at: datetime) -> str:
    from esign_cli.foundation.dates import ISTANBUL

    return _(
        "Replace {path} by the backup of {when}? What was done since is then missing; the old"
        " database is kept aside."
    ).format(path=context.settings.database, when=f"{made_at.astimezone(ISTANBUL):%d.%m.%Y %H:%M}")


def _take_settings(
    context: Context, file: Path, then: dict[str, Any], taken: Taken, *, wanted: bool
) -> bool:
    """Take the backup's settings if that is wanted; gives whether they fit this esign."""
    from esign_cli.cli.settings_backup import differences
    from esign_cli.commands.restore import job
    from esign_cli.foundation.errors import EsignError
    from esign_cli.foundation.errors.settings import BadSetting, ConfigUnreadable, UnknownSetting

    path = context.settings.path
    here = tomllib.loads(path.read_text("utf-8-sig")) if path.exists() else {}
    new = job.merged(here, then, job.OF_THIS_COMPUTER)
    changes = differences(here, new) if then else {}
    if not changes:
        return True
    for key, (ours, theirs) in changes.items():
        context.console.say(f"  {key}: {_shown(ours)} → {_shown(theirs)}")
    question = _("Take these settings from the backup?")
    if not (wanted or (context.console.interactive and context.console.confirm(question))):
        taken.settings_left = list(changes)
        return True
    try:
        _write_settings(context, path, new)
    except (ConfigUnreadable, UnknownSetting, BadSetting) as problem:  # of another version, say
        context.console.tell(EsignError.from_facts({**problem.to_facts(), "path": str(file)}))
        taken.settings_left = list(changes)
        return False
    taken.settings = list(changes)
    return True


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)


def _write_settings(context: Context, path: Path, new: dict[str, Any]) -> None:
    """Replace the settings file by one that can be read; the old one is kept beside it."""
    from esign_cli.cli import settings
    from esign_cli.foundation import files

    files.private_folder(path.parent)
    trial = path.with_name(f"{path.name}.restoring")
    files.write_private(trial, settings.dumps(new))
    try:
        settings.load(trial)
        if path.exists():
            aside = path.with_name(f"{path.name}.before-restore-{context.now:%Y%m%d-%H%M%S}")
            files.copy_private(path, aside)
        trial.replace(path)
    finally:
        trial.unlink(missing_ok=True)


def _take_roots(context: Context, roots: Any, taken: Taken, *, wanted: bool) -> None:
    from esign_cli.commands.restore import job

    if not roots.new:
        return
    for root in roots.new:
        context.console.say(f"  {root.holder} · SHA-256 {root.sha256}")
    question = _("Trust these roots from the backup?")
    hashes = [root.sha256 for root in roots.new]
    if not (wanted or (context.console.interactive and context.console.confirm(question))):
        taken.roots_left = hashes
        return
    job.accept_roots(roots, context.settings.trust_folder, context.today)
    taken.roots = hashes


def _tell(context: Context, backup: Archive, restored: Restored, taken: Taken) -> None:
    from esign_cli.foundation.i18n import number
    from esign_cli.outputs.json_data import pick, plain

    console, say = context.console, context.console.say
    database = context.settings.database
    if console.json_of:
        left_out = {"left_out": list(backup.manifest.left_out)}
        data = {"database": str(database), **pick(restored, "made_at aside forgotten_again")}
        data["altered"] = list(restored.altered)
        console.envelope({**data, **plain(taken), **left_out})
        return
    say(_("Restored: {path}").format(path=database))
    if restored.aside is not None:
        say(_("The database of before is kept: {path}").format(path=restored.aside))
    if restored.forgotten_again:
        count = number(restored.forgotten_again)
        say(_("Forgotten since the backup, and again now: {count}").format(count=count))
    if restored.altered:
        say(_("Something else than esign had changed data, here or in the backup: {tables}").format(
            tables=", ".join(restored.altered)
        ))  # fmt: skip
        say("  esign audit verify")
    if taken.settings_left:
        say(_("Settings of the backup that were not taken: {keys}").format(
            keys=", ".join(taken.settings_left)
        ))  # fmt: skip
    if taken.roots_left:
        say(_("Roots of the backup that are not trusted: {count}").format(
            count=number(len(taken.roots_left))
        ))  # fmt: skip
    for key in backup.manifest.left_out:
        say(_("Not in the backup, as it may hold a secret; set it again: {key}").format(key=key))
