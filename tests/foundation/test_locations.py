"""Where files lie: as platformdirs says, also where it is not asked."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from esign_cli.foundation import locations

VARIABLES = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
VALUES = (None, "", "/", "/home/ayşe", "/home/ayşe/", "relative/folder", "~/x")
PLACES = {
    locations.config_file: ("user_config_dir", "config.toml"),
    locations.database_file: ("user_data_dir", "esign.db"),
    locations.trust_folder: ("user_data_dir", "trust"),
    locations.cache_folder: ("user_cache_dir", ""),
    locations.lock_folder: ("user_data_dir", "locks"),
    locations.pin_tries_file: ("user_state_dir", "pin-tries.json"),
}


@pytest.mark.posix
@pytest.mark.parametrize("home", VALUES)
@pytest.mark.parametrize("named", VALUES)
def test_places_are_those_of_platformdirs(
    home: str | None, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ESIGN_CONFIG", raising=False)
    for variable in VARIABLES:
        value = home if variable == "HOME" else named
        if value is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, value)
    for place, (kind, name) in PLACES.items():
        wanted = Path(getattr(platformdirs, kind)("esign", appauthor=False), name)
        assert place() == wanted
