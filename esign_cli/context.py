"""What every command is handed: the settings in force, the console and the time it began."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from esign_cli.console import Console

if TYPE_CHECKING:
    from esign_cli.card.modules import Module
    from esign_cli.config import Settings
    from esign_cli.credentials import Secret
    from esign_cli.notify.mail import Mailer
    from esign_cli.notify.sms import SmsSender
    from esign_cli.store import Store


@dataclass
class Context:
    """The global options of one run, and what follows from them."""

    database: Path | None = None
    config: Path | None = None
    language: str | None = None
    debug: bool = False
    config_may_be_missing: bool = False
    """Set by the commands that write a settings file, before they ask for the settings."""
    console: Console = field(default_factory=Console)
    _settings: Settings | None = None

    @cached_property
    def now(self) -> datetime:
        """The instant of this run, in UTC: asked for once, the same for all it does."""
        from esign_cli import clock  # loads the time zones, which a help page does not need

        return clock.now()

    @property
    def today(self) -> date:
        """The date in Turkey when the command began."""
        from esign_cli.clock import ISTANBUL

        return self.now.astimezone(ISTANBUL).date()

    @property
    def os_user(self) -> str:
        """The name of the account; its number where it has no name (as in some containers)."""
        import getpass
        import os

        try:
            return getpass.getuser()
        except (KeyError, OSError):
            return str(os.getuid())

    @property
    def settings(self) -> Settings:
        """The settings in force: option > environment > file > default.

        Raises ConfigUnreadable, UnknownSetting or BadSetting.
        """
        if self._settings is None:
            from esign_cli import config

            given = {"database": self.database, "language": self.language}
            self._settings = config.load(
                self.config,
                {key: str(value) for key, value in given.items() if value},
                may_be_missing=self.config_may_be_missing,
            )
        return self._settings

    def store(self) -> AbstractContextManager[Store]:
        """The database, opened for the length of a `with` block."""
        from esign_cli.store import open_store

        return open_store(self.settings.database)

    def alone(self, command: str, *, wait: float = 0.0) -> AbstractContextManager[None]:
        """No second run of this command on the same database, for the length of a `with` block.

        It waits so many seconds for the first to end. Raises AlreadyRunning, DiskFull or
        OutputUnwritable.
        """
        from esign_cli import files

        database = self.settings.database
        files.private_folder(database.parent)
        return files.lock(database.with_name(f"{database.name}.{command}.lock"), command, wait=wait)

    def secret(self, name: str) -> Secret:
        """The password or token of a server; raises as `credentials.find`."""
        from esign_cli import credentials

        return credentials.find(name, self.settings.secret_places)

    def mailer(self) -> Mailer:
        """The directorate's mail server, to be used in a `with` block; nothing is opened yet."""
        from esign_cli.credentials import SMTP_PASSWORD
        from esign_cli.notify.mail import Mailer, MailServer

        at = self.settings
        server = MailServer(
            at["smtp.host"],
            at["smtp.from"],
            at["smtp.port"],
            at["smtp.security"],
            at["smtp.user"],
            at["smtp.timeout"],
            at["smtp.ca_file"],
        )
        return Mailer(server, lambda: self.secret(SMTP_PASSWORD))

    def sms_sender(self) -> SmsSender:
        """The SMS gateway that the settings describe; nothing is opened yet."""
        from esign_cli.notify.sms import Gateway, SmsSender

        at = self.settings
        gateway = Gateway(
            at["sms.url"],
            at["sms.method"],
            at["sms.body"],
            at["sms.body_format"],
            dict(at.tables["sms.headers"]),
            at["sms.success_status"],
            at["sms.success_text"],
            at["sms.timeout"],
            at["sms.allow_private"],
        )
        return SmsSender(gateway, self.secret)

    def card_module(self, option: Path | None) -> Module:
        """The card driver: option > environment > settings > known places; see `find_module`."""
        import os

        from esign_cli.card.modules import find_module

        return find_module(
            option=option,
            environment=os.environ.get("ESIGN_PKCS11_MODULE", ""),
            configured=self.settings.module,
        )

    def json(self, command: str) -> None:
        """Print nothing on stdout but one JSON envelope named after `command`."""
        self.console.json_of = command


def of(ctx: typer.Context) -> Context:
    """The Context that the root callback made."""
    context = ctx.obj
    assert isinstance(context, Context)  # noqa: S101  (the root callback always runs first)
    return context
