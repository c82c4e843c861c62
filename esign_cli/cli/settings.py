"""Settings: each has one origin in a run: option, environment, file or default."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esign_cli.cli.settings_table import (
    OPEN_TABLES,
    PROFILE_KEYS,
    SETTINGS,
    WORD_CLASSES,
    InvalidValue,
    Setting,
)
from esign_cli.foundation import files, locations, own_files, ownership
from esign_cli.foundation.errors import settings as errors
from esign_cli.foundation.errors.environment import FileMissing
from esign_cli.foundation.i18n import _

if TYPE_CHECKING:
    from esign_cli.foundation import credentials
    from esign_cli.foundation.database_server import Server
    from esign_cli.renewals.application import Profile
    from esign_cli.renewals.rules.retention import Rule
    from esign_cli.renewals.verdict import Policy


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting is in this run, and why: origin is option, environment, file or default."""

    value: Any
    origin: str


class Settings:
    """Every setting in force, read from `path` and what stands above it."""

    def __init__(self, path: Path, values: Mapping[str, Value], tables: Mapping[str, Any]) -> None:
        self.path = path
        self.values = values
        self.tables = tables

    def __getitem__(self, key: str) -> Any:
        return self.values[key].value

    def some(self, group: str, names: str) -> list[Any]:
        """Return the values of a group's settings, in the order of `names`."""
        return [self[f"{group}.{name}"] for name in names.split()]

    @property
    def database(self) -> Path | Server:
        return self["database"] or locations.database_file()

    def database_file(self, command: str, instead: str) -> Path:
        """Return the database file, for a command that is about one.

        Raises OnlyForFiles, with what does the same on a server, where the database is there.
        """
        from esign_cli.foundation.errors.store import OnlyForFiles

        place = self.database
        if not isinstance(place, Path):
            raise OnlyForFiles(command=command, instead=instead)
        return place

    def database_server(self, command: str, instead: str) -> Server:
        """Return the server, for a command that is about one; raises OnlyForServers."""
        from esign_cli.foundation.errors.store import OnlyForServers

        place = self.database
        if isinstance(place, Path):
            raise OnlyForServers(command=command, instead=instead)
        return place

    def beside_database(self, name: str) -> Path:
        """Return where a file of this name goes that belongs to the database.

        What belongs to a server's lies where this user's own database would.
        """
        place = self.database
        return (place if isinstance(place, Path) else locations.database_file()).with_name(name)

    @property
    def log(self) -> Path:
        """Where the system keeps what scheduled runs say."""
        return self.beside_database("esign.log")

    @property
    def report(self) -> Path:
        """Where scheduled reports go, without the ending."""
        return self.beside_database(str(_("report")))

    @property
    def scheduled_files(self) -> tuple[Path, ...]:
        """Return all that scheduled runs write of people beside the database."""
        return (self.log, *(self.report.with_suffix(end) for end in (".html", ".xlsx")))

    @property
    def trust_folder(self) -> Path:
        return self["trust_folder"] or locations.trust_folder()

    @property
    def language(self) -> str:
        return str(self["language"])

    @property
    def module(self) -> str:
        return str(self["module"])

    @property
    def province(self) -> str:
        """A plate code, "all", or "" when none is set."""
        return str(self["province"])

    @property
    def district(self) -> str:
        return str(self["district"])

    @property
    def form_template(self) -> str:
        """The application's text from the user's own file; "" for the built-in one."""
        path = self["form_template"]
        if path:
            ownership.check_own(path)
        return own_files.read(path).decode("utf-8") if path else ""

    @property
    def kind_words(self) -> Mapping[str, str]:
        """Words of [words.kind]: MEBBİS's word → permanent or assignment."""
        return dict(self.tables["words.kind"])

    @property
    def secret_places(self) -> credentials.Places:
        """Where the passwords of servers are looked for."""
        from esign_cli.foundation import credentials

        folder = self["secrets.folder"] or self.path.parent / "secrets"
        return credentials.Places(
            self["secrets.environment_file"], folder, keyring=self["secrets.keyring"]
        )

    @property
    def retention(self) -> tuple[Rule, ...]:
        """The kinds that have a period after which they are deleted."""
        from esign_cli.renewals.rules.retention import KINDS, Rule

        periods = {kind: self[f"retention.{kind}"] for kind in KINDS}
        return tuple(Rule(kind, period) for kind, period in periods.items() if period)

    @cached_property
    def policy(self) -> Policy:
        """The rules of renewal with this directorate's thresholds and words."""
        from datetime import date

        from esign_cli.foundation import turkish
        from esign_cli.foundation.public_holidays import PublicHolidays
        from esign_cli.foundation.standing import StatusClass
        from esign_cli.renewals.rules import policy

        prefix = "renewal."
        given = {
            key.removeprefix(prefix): value.value
            for key, value in self.values.items()
            if key.startswith(prefix)
        }
        words = {
            turkish.fold(word): StatusClass(kind)
            for word, kind in self.tables["words.status"].items()
        }
        extra = frozenset(map(date.fromisoformat, given.pop("extra_holidays")))
        return policy.Policy(
            **given,
            status_words={**policy.STATUS_WORDS, **words},
            holidays=PublicHolidays(extra),
        )

    @property
    def rules(self) -> str:
        """A digest of all settings that may change a verdict: other rules, another digest."""
        import hashlib

        from esign_cli import __version__

        mine = [(key, value.value) for key, value in sorted(self.values.items())]
        rules = [(key, value) for key, value in mine if key.startswith("renewal.")]
        words = sorted(self.tables["words.status"].items())
        text = repr((__version__, rules, words))
        return hashlib.sha256(text.encode()).hexdigest()

    def profile_for(self, district: str = "", institution_code: str = "") -> Profile:
        """Return the directorate's data for a form: institution over district over province."""
        from esign_cli.foundation import turkish
        from esign_cli.renewals.application import Profile

        merged = {key: self[f"profile.{key}"] for key in PROFILE_KEYS}
        keys = {"profiles.district": district, "profiles.institution": institution_code}
        for table, wanted in keys.items():
            for name, profile in self.tables[table].items():
                if wanted and turkish.fold(name) == turkish.fold(wanted):
                    merged |= profile
        return Profile(**merged)


def load(
    path: Path | None, given: Mapping[str, str] | None = None, *, may_be_missing: bool = False
) -> Settings:
    """Read the settings in force; `given` are those named by options.

    Raises FileMissing (a file that was named and is not there), ConfigUnreadable, UnknownSetting or
    BadSetting.
    """
    where = locations.config_file(path)
    if locations.config_is_named(path) and not may_be_missing and not files.exists(where):
        raise FileMissing(path=str(where))
    flat, tables = _flatten(_read_toml(where), where)
    values = {setting.key: _effective(setting, given or {}, flat, where) for setting in SETTINGS}
    return Settings(where, values, tables)


def set_value(path: Path, key: str, text: str) -> None:
    """Write one setting into the file, keeping its comments and order; raises as `load` does."""
    import tomlkit

    setting = {s.key: s for s in SETTINGS}.get(key)
    if setting is None:
        raise errors.UnknownSetting(path=str(path), key=key, suggestions=_near(key))
    value = _checked(setting, text, path)
    document = tomlkit.parse(path.read_text("utf-8-sig") if files.exists(path) else "")
    table: Any = document
    *folders, last = key.split(".")
    for folder in folders:
        table = table.setdefault(folder, tomlkit.table())
    value = value if isinstance(value, (str, int, float, tuple)) else str(value)
    table[last] = list(value) if isinstance(value, tuple) else value
    files.private_folder(path.parent)
    files.write_private(path, dumps(document))


def dumps(document: Mapping[str, Any]) -> bytes:
    """Return a settings file with these tables."""
    import tomlkit

    return tomlkit.dumps(document).encode()


_BACKSLASH = re.compile(r"Unescaped '\\'|Invalid hex value|Escaped character is not")
"""How tomllib begins to say that a string has a backslash which is none of TOML's escapes."""


def _read_toml(path: Path) -> dict[str, Any]:
    ownership.check_own(path)
    if files.exists(path) and not files.is_folder(path) and not locations.is_settings_file(path):
        raise errors.ConfigUnreadable(path=str(path), detail=os.strerror(errno.EINVAL))
    try:
        text = path.read_text("utf-8-sig")
        import tomllib  # where there is no file, nothing is to be parsed

        return tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise errors.ConfigUnreadable(path=str(path), detail=error.strerror or "") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError are both
        backslash = _BACKSLASH.match(str(error))
        kind = errors.BackslashInSettings if backslash else errors.ConfigUnreadable
        raise kind(path=str(path), detail=str(error)) from error


def _flatten(document: Mapping[str, Any], path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Dotted keys of the closed tables, and the open tables apart; unknown keys are errors."""
    known = {setting.key for setting in SETTINGS}
    flat: dict[str, Any] = {}
    tables: dict[str, Any] = {name: {} for name in OPEN_TABLES}
    _walk(document, "", flat, tables)
    for key in flat:
        if key not in known:
            raise errors.UnknownSetting(path=str(path), key=key, suggestions=_near(key))
    _check_tables(tables, path)
    _check_headers(tables["sms.headers"], path)
    return flat, tables


def _walk(
    table: Mapping[str, Any], prefix: str, flat: dict[str, Any], tables: dict[str, Any]
) -> None:
    for key, value in table.items():
        dotted = f"{prefix}{key}"
        if dotted in tables and isinstance(value, dict):
            tables[dotted] = value
        elif isinstance(value, dict):
            _walk(value, f"{dotted}.", flat, tables)
        else:
            flat[dotted] = value


def _check_tables(tables: Mapping[str, Any], path: Path) -> None:
    for table, kinds in WORD_CLASSES.items():
        for word, kind in tables[table].items():
            if kind not in kinds:
                wanted = " | ".join(kinds)
                key = f"{table}.{word}"
                raise errors.BadSetting(path=str(path), key=key, value=str(kind), wanted=wanted)
    for table in ("profiles.district", "profiles.institution"):
        for name, profile in tables[table].items():
            _check_profile(f"{table}.{name}", profile, path)


def _check_profile(place: str, profile: Any, path: Path) -> None:
    entries = profile if isinstance(profile, dict) else {"": profile}
    for key, value in entries.items():
        dotted = f"{place}.{key}"
        if key not in PROFILE_KEYS:
            raise errors.UnknownSetting(path=str(path), key=dotted, suggestions=[])
        if not isinstance(value, str) or not value.isprintable():
            raise errors.BadSetting(path=str(path), key=dotted, value=str(value), wanted="text")


def _check_headers(headers: Mapping[str, Any], path: Path) -> None:
    for name, value in headers.items():
        if not isinstance(value, str) or not (name + value).isprintable():
            key = f"sms.headers.{name}"
            raise errors.BadSetting(path=str(path), key=key, value=str(value), wanted="text")


def _effective(
    setting: Setting, given: Mapping[str, str], flat: Mapping[str, Any], path: Path
) -> Value:
    if setting.key in given:
        return Value(_checked(setting, given[setting.key], Path("-")), "option")
    if setting.variable and os.environ.get(setting.variable):
        text = os.environ[setting.variable]
        return Value(_checked(setting, text, Path(setting.variable)), "environment")
    if setting.key in flat:
        return Value(_checked(setting, flat[setting.key], path), "file")
    return Value(setting.default, "default")


def _checked(setting: Setting, value: Any, path: Path) -> Any:
    try:
        return setting.read(value)
    except InvalidValue as wrong:
        raise errors.BadSetting(
            path=str(path), key=setting.key, value=str(value), wanted=str(wrong)
        ) from wrong


def _near(key: str) -> list[str]:
    import difflib

    return difflib.get_close_matches(key, [setting.key for setting in SETTINGS])
