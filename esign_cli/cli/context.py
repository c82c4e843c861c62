"""What every command is handed: the settings in force, the console and the time it began."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from esign_cli.cli.console import Console
from esign_cli.cli.run_record import RunRecord, machine_name
from esign_cli.foundation.errors import EsignError

if TYPE_CHECKING:
    from esign_cli.cards.modules import Module
    from esign_cli.cards.tries import TryRecord
    from esign_cli.cli.settings import Settings
    from esign_cli.foundation.credentials import Secret
    from esign_cli.foundation.pin import Pin
    from esign_cli.outputs.messages.mail import Mailer
    from esign_cli.outputs.messages.sms import SmsSender
    from esign_cli.signatures.extend import ExtensionRequest, ExtensionServices, Target
    from esign_cli.signatures.revocation.client import Fetcher
    from esign_cli.signatures.time_stamp_client import TimeStampServer
    from esign_cli.signatures.trust import Trust
    from esign_cli.store import Store
    from esign_cli.store.caller import Caller
    from esign_cli.store.server.administration import Administration


@dataclass
class Context:
    """The global options of one run, and what follows from them."""

    database: str | None = None
    config: Path | None = None
    language: str | None = None
    debug: bool = False
    config_may_be_missing: bool = False
    """Set by the commands that write a settings file, before they ask for the settings."""
    console: Console = field(default_factory=Console)
    record: RunRecord = field(default_factory=RunRecord)
    """What the audit trail is to say of this run."""
    _settings: Settings | None = None

    @cached_property
    def now(self) -> datetime:
        """The instant of this run, in UTC: asked for once, the same for all it does."""
        from esign_cli.foundation import clock

        return clock.now()

    @property
    def today(self) -> date:
        """The date in Turkey when the command began."""
        from esign_cli.foundation.dates import ISTANBUL

        return self.now.astimezone(ISTANBUL).date()

    @cached_property
    def pin_tries(self) -> TryRecord:
        """This user's record of the tries of PINs, which desks of a shared roster hear of."""
        from esign_cli.cards.tries import TryRecord

        place = self.settings.database
        if isinstance(place, Path):
            return TryRecord.of_user()
        from esign_cli.store.inquiry import tries_of_desks

        desks = tries_of_desks(place, self.settings.secret_places, self.caller)
        return TryRecord.of_user(desks)

    def tries_of(self, certificates: Iterable[str]) -> int:
        """Count the wrong tries remembered of a card with these certificates (SHA-256).

        0 where the record cannot be read, which is said.
        """
        from esign_cli.foundation.errors.cards import TriesUnreadable

        try:
            return self.pin_tries.count(certificates)
        except TriesUnreadable as problem:
            self.console.tell(problem)
            return 0

    @property
    def os_user(self) -> str:
        """The name of the account; its number where it has no name (as in some containers)."""
        from esign_cli.foundation import processes

        return processes.account()

    @cached_property
    def caller(self) -> Caller:
        """Who opens the database, for other desks; on a terminal the password is asked for once."""
        from functools import cache

        from esign_cli.foundation.i18n import _
        from esign_cli.store.caller import Caller, Spare

        @cache
        def password() -> str:
            from esign_cli.foundation.credentials import variable

            question = _("Password of the database")
            return self.console.secret(question, option=variable("database-password"))

        def waits(desk: str, seconds: int) -> None:
            said = _("Another desk is writing: {desk}, for {seconds} s already. Waiting …")
            self.console.say(said.format(desk=desk or "–", seconds=seconds))

        self.record.spare = Spare()
        asked = password if self.console.interactive else None
        return Caller(self.os_user, machine_name(), asked, self.record.spare, waits)

    @property
    def settings(self) -> Settings:
        """The settings in force: option > environment > file > default.

        Raises ConfigUnreadable, UnknownSetting or BadSetting.
        """
        if self._settings is None:
            from esign_cli.cli import settings as config

            given = {"database": self.database, "language": self.language}
            self._settings = config.load(
                self.config,
                {key: str(value) for key, value in given.items() if value},
                may_be_missing=self.config_may_be_missing,
            )
        return self._settings

    def forget_settings(self) -> None:
        """Read the settings anew when they are wanted next: some were written."""
        self._settings = None

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the database for the length of a `with` block; the audit trail watches."""
        from esign_cli.foundation.i18n import _
        from esign_cli.store import open_store
        from esign_cli.store.bad_values import as_bad_values

        places = self.settings.secret_places
        with (
            open_store(
                self.settings.database, places, anywhere=self.record.anywhere, caller=self.caller
            ) as store,
            as_bad_values(store),
            self.record.watching(store, places, self.now, self.os_user),
        ):
            if store.recovered:
                recovered = _("A run was cut off; what it had written was recovered: {path}")
                self.console.say(recovered.format(path=store.place))
            yield store

    def bad_value(self, error: Exception) -> EsignError | None:
        """Return what a fault is called that a value in the database file brought about, if so."""
        from esign_cli.store.bad_values import KINDS, blamed

        if self._settings is None or not isinstance(error, KINDS):
            return None
        database = self._settings.database
        try:
            return blamed(database) if isinstance(database, Path) else None
        except EsignError as unreadable:
            return unreadable

    def administration(self, command: str, instead: str) -> AbstractContextManager[Administration]:
        """Connect to the server for a command of its owner's; raises OnlyForServers, ServerLost…"""
        from esign_cli.store.inquiry import administration

        server = self.settings.database_server(command, instead)
        return administration(server, self.settings.secret_places, self.caller)

    def exclusive_run(self, command: str, *, wait: float = 0.0) -> AbstractContextManager[None]:
        """Keep a second run of this command from the same database for a `with` block.

        It waits so many seconds for the first to end, be it at another desk. Raises AlreadyRunning,
        DiskFull or OutputUnwritable.
        """
        from esign_cli.store import exclusive_run

        settings = self.settings
        return exclusive_run(settings.database, command, wait, settings.secret_places, self.caller)

    def secret(self, name: str) -> Secret:
        """Find the password or token of a server; raises as `credentials.find`."""
        from esign_cli.foundation import credentials

        return credentials.find(name, self.settings.secret_places)

    def mailer(self) -> Mailer:
        """Return the directorate's mail server, for a `with` block; nothing is opened yet."""
        from esign_cli.foundation.credentials import SMTP_PASSWORD
        from esign_cli.outputs.messages.mail import Mailer, MailServer

        named = self.settings.some("smtp", "host from port security user timeout ca_file")
        return Mailer(MailServer(*named), lambda: self.secret(SMTP_PASSWORD))

    def sms_sender(self) -> SmsSender:
        """Return the SMS gateway that the settings describe; nothing is opened yet."""
        from esign_cli.outputs.messages.sms import Gateway, SmsSender

        at = self.settings
        values = at.some("sms", "url method body body_format")
        values.append(dict(at.tables["sms.headers"]))
        values += at.some("sms", "success_status success_text timeout allow_private")
        values.append(at["network.proxy"])
        return SmsSender(Gateway(*values), self.secret)

    @property
    def cache_folder(self) -> Path:
        """Where copies of what was fetched are."""
        from esign_cli.foundation import locations

        return self.settings["network.cache"] or locations.cache_folder()

    def fetcher(self) -> Fetcher:
        """Return what fetches revocation data, within the settings' limits."""
        from esign_cli.signatures.revocation.client import Fetcher

        limits = self.settings.some("network", "private proxy timeout")
        return Fetcher(self.cache_folder, *limits)

    def time_stamp_server(self, named: str | None) -> TimeStampServer | None:
        """Return the time stamp server: option > settings; None: there is none.

        Its password is asked for on a terminal where it is kept nowhere. Only the server of the
        settings is told it. Raises as `credentials.find`, and Declined.
        """
        from esign_cli.signatures.time_stamp_client import Account, TimeStampServer

        at = self.settings
        url = named or at["time_stamp.url"]
        if not url:
            return None
        account = None
        if at["time_stamp.user"] and url == at["time_stamp.url"]:
            account = Account(at["time_stamp.user"], self._time_stamp_password())
        return TimeStampServer(
            url,
            account,
            at["network.private"],
            at["network.proxy"],
            at["network.timeout"],
            self.cache_folder / "time-stamps",
        )

    def _time_stamp_password(self) -> Pin:
        from esign_cli.foundation import pin
        from esign_cli.foundation.credentials import TIME_STAMP_PASSWORD, variable
        from esign_cli.foundation.errors.credentials import CredentialMissing
        from esign_cli.foundation.i18n import _

        try:
            return self.secret(TIME_STAMP_PASSWORD)
        except CredentialMissing:
            if not self.console.interactive:
                raise
        question = _("Password of the time stamp server")
        option = variable(TIME_STAMP_PASSWORD)
        return pin.checked(self.console.secret(question, option=option), "passphrase")

    def means(
        self, tsa: str | None, *, offline: bool = False, trusted: Trust | None = None
    ) -> ExtensionServices:
        """Return what signatures are extended with: time stamps, trusted roots, revocation data.

        Raises as `time_stamp_server`, and what the trust store raises.
        """
        from esign_cli.foundation import clock
        from esign_cli.signatures import path_validation, trust
        from esign_cli.signatures.extend import ExtensionServices

        trusted = trusted or trust.from_folder(self.settings.trust_folder)
        validator = path_validation.PathCheck(
            anchors=trusted.anchors, intermediates=trusted.intermediates
        )
        stamps = None if offline else self.time_stamp_server(tsa)
        return ExtensionServices(clock.now, validator, stamps, None if offline else self.fetcher())

    def extension(
        self, level: str | None, profile: str | None, tsa: str | None
    ) -> ExtensionRequest | None:
        """Return to what new signatures are to be extended; None: no further than B-B.

        Raises OptionsExclude, UnknownWord, TimeStampServerUnset, and as `means`.
        """
        from esign_cli.foundation.errors.signatures import TimeStampServerUnset
        from esign_cli.foundation.errors.usage import OptionsExclude

        if level and profile:
            raise OptionsExclude(options=["--level", "--profile"])
        if (level or profile or "B-B").upper() in ("B-B", "P1"):
            return None
        from esign_cli.signatures.extend import ExtensionRequest

        means = self.means(tsa)
        if means.stamps is None:
            raise TimeStampServerUnset
        return ExtensionRequest(self.target(level, profile), means)

    @staticmethod
    def target(level: str | None, profile: str | None) -> Target:
        """Read the level and the profile that the options name; raises UnknownWord."""
        from esign_cli.foundation.errors.usage import UnknownWord
        from esign_cli.signatures.extend import LEVELS, PROFILES, TARGETS

        known = PROFILES if profile else LEVELS
        given = profile or level or LEVELS[0]
        if given.upper() not in known:
            option = "--profile" if profile else "--level"
            raise UnknownWord(option=option, given=given, known=list(known))
        return TARGETS[given.upper()]

    def card_module(self, option: Path | None) -> Module:
        """Find the card driver: option > environment > settings > known places (`find_module`)."""
        import os

        from esign_cli.cards.modules import find_module

        return find_module(
            option=option,
            environment=os.environ.get("ESIGN_PKCS11_MODULE", ""),
            configured=self.settings.module,
        )

    def json(self, command: str) -> None:
        """Print nothing on stdout but one JSON envelope named after `command`."""
        self.console.json_of = command


def from_typer(ctx: typer.Context, command: str = "", *, json: bool = False) -> Context:
    """Return the Context of this run; with `json` it prints one envelope named after `command`."""
    context = ctx.obj
    assert isinstance(context, Context)  # noqa: S101  (the root callback always runs first)
    context.record.named(ctx)
    if json:
        context.json(command)
    return context
