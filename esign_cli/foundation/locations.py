"""Where esign keeps its files on this system, unless told otherwise."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from esign_cli.foundation.errors.environment import HomeUnknown

CONFIG_VARIABLE = "ESIGN_CONFIG"
_XDG = {
    "user_config_dir": ("XDG_CONFIG_HOME", ".config"),
    "user_data_dir": ("XDG_DATA_HOME", ".local/share"),
    "user_cache_dir": ("XDG_CACHE_HOME", ".cache"),
    "user_state_dir": ("XDG_STATE_HOME", ".local/state"),
}
"""The variable and the folder below the home (https://specifications.freedesktop.org/basedir)."""


def config_file(named: Path | None = None) -> Path:
    """Return the settings file: the named one, ESIGN_CONFIG's, or this user's own."""
    if named is not None:
        return named
    return Path(os.environ.get(CONFIG_VARIABLE) or Path(_folder("user_config_dir"), "config.toml"))


def config_is_named(named: Path | None) -> bool:
    """Return whether somebody asked for a certain settings file, which then has to be there."""
    return named is not None or bool(os.environ.get(CONFIG_VARIABLE))


def database_file() -> Path:
    """Return this user's database."""
    return Path(_folder("user_data_dir"), "esign.db")


def trust_folder() -> Path:
    """Return this user's trusted certificates."""
    return Path(_folder("user_data_dir"), "trust")


def server_folder() -> Path:
    """Return where this user keeps what is about databases on servers: locks, the trail's end."""
    return Path(_folder("user_data_dir"), "servers")


def cache_folder() -> Path:
    """Return this user's copies of what was fetched, which may be deleted at any time."""
    return Path(_folder("user_cache_dir"))


def lock_folder() -> Path:
    """Return where one run of this user's tells another which card it is using."""
    return Path(_folder("user_data_dir"), "locks")


def pin_tries_file() -> Path:
    """Return where the tries of PINs are kept that no card has confirmed."""
    return Path(_folder("user_state_dir"), "pin-tries.json")


def doctor_file() -> Path:
    """Return where it is kept what `esign doctor` said last."""
    return Path(_folder("user_state_dir"), "doctor.json")


def is_settings_file(path: Path) -> bool:
    """Return whether it can be read as settings: a file, not a pipe or device that never ends."""
    return path.is_file() or path == Path(os.devnull)


def language_in(path: Path) -> str:
    """Return the language that a settings file asks for; "" where it asks for none or cannot be
    read.
    """
    try:
        if not is_settings_file(path):
            return ""
        content = path.read_bytes()
    except OSError:
        return ""  # what is wrong with the file is said when its settings are wanted
    import tomllib

    try:
        return str(tomllib.loads(content.decode("utf-8-sig")).get("language", ""))
    except ValueError:
        return ""


def _folder(kind: str) -> str:
    variable, below_home = _XDG[kind]
    named, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
    if sys.platform == "linux" and home.startswith("/"):  # what follows takes 4 ms to import
        folder = named if named.startswith("/") else f"{home.rstrip('/')}/{below_home}"
        return str(Path(folder, "esign"))
    import platformdirs

    try:
        return str(getattr(platformdirs, kind)("esign", appauthor=False))
    except RuntimeError as error:  # pathlib's, where there is no home
        raise HomeUnknown from error
