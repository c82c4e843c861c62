"""Passwords of servers: found where the administrator keeps them, never written by esign.

A secret is looked for by name in the environment (where systemd's EnvironmentFile= puts it), in an
environment file, in a folder of files that hold one secret each, and in the system's keyring. A
file that anybody else may read is refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import cast

from esign_cli.foundation import files, own_files, ownership
from esign_cli.foundation.errors.credentials import (
    CredentialExposed,
    CredentialMalformed,
    CredentialMissing,
)
from esign_cli.foundation.errors.environment import FileUnreadable
from esign_cli.foundation.pin import Pin

SERVICE = "esign"
"""Under which name the keyring keeps our secrets."""
SMTP_PASSWORD = "smtp-password"  # noqa: S105  (the name of a secret, not one)
BACKUP_PASSPHRASE = "backup-passphrase"  # noqa: S105  (the same)
TIME_STAMP_PASSWORD = "time-stamp-password"  # noqa: S105  (the same)


class Secret(Pin):
    """A password or token of a server, which does not show itself by accident."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Where secrets are looked for, in this order after the environment; None: not there."""

    environment_file: Path | None = None
    """Lines NAME=value, as systemd's EnvironmentFile= takes them."""
    folder: Path | None = None
    """Files called like their secret, with nothing but the secret in them."""
    keyring: bool = True


def variable(name: str) -> str:
    """Return the environment variable of a secret: smtp-password is ESIGN_SMTP_PASSWORD."""
    return "ESIGN_" + name.upper().replace("-", "_")


def find(name: str, places: Places) -> Secret:
    """Return the secret of this name.

    Raises CredentialMissing (it names every place that was looked in), CredentialExposed,
    CredentialMalformed, FileUnreadable, or FileMissing (the environment file).
    """
    looked: list[str] = []
    for look in _LOOKS:
        place, text = look(name, places)
        if text:
            return _checked(text, name)
        looked += [place] if place else []
    raise CredentialMissing(name=name, looked=looked)


def lasting(name: str, places: Places) -> bool:
    """Return whether the secret is where also a run without a session finds it: in a file.

    Raises as `find` for a file that is refused.
    """
    return any(look(name, places)[1] for look in (_in_environment_file, _in_folder))


def _checked(text: str, name: str) -> Secret:
    if not text.isprintable():
        raise CredentialMalformed(name=name)
    return Secret(text)


_Found = tuple[str, str]
"""The place as a person would name it ("" where there is none), and what was found there."""


def _in_environment(name: str, _places: Places) -> _Found:
    return variable(name), os.environ.get(variable(name), "")


def _in_environment_file(name: str, places: Places) -> _Found:
    path = places.environment_file
    if path is None:
        return "", ""
    lines = dict(_assignments(_text(path)))
    return f"{path} ({variable(name)})", lines.get(variable(name), "")


def _in_folder(name: str, places: Places) -> _Found:
    if places.folder is None:
        return "", ""
    path = places.folder / name
    if not path.exists():
        return str(path), ""
    return str(path), _text(path).removesuffix("\n").removesuffix("\r")


def _in_keyring(name: str, places: Places) -> _Found:
    if not places.keyring:
        return "", ""
    if sys.platform != "darwin":  # looking for macOS's libraries runs ldconfig, gcc and ld
        sys.modules.setdefault("keyring.backends.macOS.api", cast("ModuleType", None))
    import keyring
    from keyring.errors import KeyringError

    try:
        return f"keyring {SERVICE}/{name}", keyring.get_password(SERVICE, name) or ""
    except (KeyringError, RuntimeError):  # no keyring service runs: cron has none, as a rule
        return f"keyring {SERVICE}/{name}", ""


_LOOKS: tuple[Callable[[str, Places], _Found], ...] = (
    _in_environment,
    _in_environment_file,
    _in_folder,
    _in_keyring,
)


def private_content(path: Path) -> bytes:
    """Return the bytes of a file that nobody else may read.

    Raises CredentialExposed for one that others may, or that is somebody else's; FileUnreadable.
    """
    try:
        strange = not ownership.is_trusted(path.stat().st_uid) or files.open_to_others(path)
    except OSError:
        strange = False  # reading it says why it cannot be
    if strange:
        raise CredentialExposed(path=str(path), mode=f"{path.stat().st_mode & 0o777:04o}")
    return own_files.read(path)


def _text(path: Path) -> str:
    content = private_content(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable(path=str(path), detail="UTF-8") from error


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    """NAME=value of each line; quotation marks around a value are not part of it."""
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or name.startswith(("#", ";")):
            continue
        value = value.strip()
        for mark in ('"', "'"):
            if len(value) > 1 and value.startswith(mark) and value.endswith(mark):
                value = value[1:-1]
                break
        yield name.strip(), value
