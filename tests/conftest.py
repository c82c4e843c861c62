"""What every test may ask for."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from typer.testing import CliRunner

from esign_cli.cli.app import app
from esign_cli.foundation import clock, database_server, i18n
from esign_cli.foundation.people import PersonFacts
from esign_cli.store import Store, open_store
from tests.support import factories, verified

# how long an example takes says something of the machine alone
settings.register_profile("anywhere", deadline=None)
settings.load_profile("anywhere")

# What a script starts with & is deaf to Ctrl-C, and so would be all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = (
    "tests.support.postgres",
    "tests.support.tokens",
    "tests.support.virtual_card",
    "tests.support.certomancer_server",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """With --engine postgres every test keeps its data on a server."""
    parser.addoption("--engine", choices=("sqlite", "postgres"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pass over, on Windows, what is marked as posix, and on a server what is about a file."""
    if config.getoption("engine") == "postgres":
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="is about the database file"))
    if sys.platform == "win32":
        for item in items:
            if item.get_closest_marker("posix"):
                item.add_marker(pytest.mark.skip(reason="wants what Windows has not"))


@dataclass(frozen=True)
class Ran:
    """What a command line left: its exit code and what it printed."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


Esign = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """An empty home of its own: no settings, no database, no variable of the machine's."""
    for name in ("ESIGN_DB", "ESIGN_CONFIG", "ESIGN_LANG", "ESIGN_PKCS11_MODULE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", str(tmp_path / "config"))
    monkeypatch.setenv("LANGUAGE", "en")  # put back afterwards: a run sets it to its own language
    if request.config.getoption("engine") == "postgres":
        cluster = request.getfixturevalue("cluster")
        monkeypatch.setenv("ESIGN_DB", cluster.new())
    return tmp_path


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """Leave no language behind: what a test runs in Turkish stays Turkish for its process."""
    yield
    if i18n.language() != "en":
        i18n.activate("en")


@pytest.fixture
def esign(home: Path) -> Esign:
    """Run `esign` in this process, in English unless told otherwise, in an empty home."""
    runner = CliRunner()

    def run(*words: str | Path, stdin: str | bytes = "", lang: str = "en") -> Ran:
        result = runner.invoke(app, ["--lang", lang, *map(str, words)], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def database(home: Path) -> Path:
    """Where the runs of a test keep their data."""
    return home / ("config" if sys.platform == "win32" else "data") / "esign" / "esign.db"


@pytest.fixture
def empty(tmp_path: Path, request: pytest.FixtureRequest) -> Path | database_server.Server:
    """Where no database is yet: a path, or an empty database of a server."""
    if request.config.getoption("engine") == "postgres":
        return database_server.parse(request.getfixturevalue("cluster").new())
    return tmp_path / "esign.db"


@pytest.fixture
def place(database: Path) -> Path | database_server.Server:
    """The same, or the server's database where the tests run on one."""
    address = os.environ.get("ESIGN_DB", "")
    return database_server.parse(address) if database_server.is_server(address) else database


@pytest.fixture
def store(place: Path | database_server.Server) -> Iterator[Store]:
    with open_store(place) as opened:
        yield opened


@pytest.fixture
def today() -> date:
    return clock.today()


Ends = Callable[..., PersonFacts]


@pytest.fixture
def ends(today: date) -> Ends:
    """Somebody whose certificate ends in so many days."""

    def made(number: int, days: int, **changes: Any) -> PersonFacts:
        certificate = factories.certificate(number, today + timedelta(days))
        return factories.facts(number, **{"certificates": (certificate,), **changes})

    return made


@pytest.fixture(scope="session", autouse=True)
def threads_untraced() -> None:
    """Let no new thread be measured by coverage.

    CPython 3.11 ends one of two threads that begin to be traced at the same moment (RuntimeError:
    "Cannot install a trace function while another trace function is being installed"), and a child
    process of ours is spoken to by three.
    """
    threading.settrace(None)


@pytest.fixture(scope="session", autouse=True)
def accepted_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """At the end, programs that are not ours have to accept every signature that was made."""
    with verified.collecting() as collected:
        yield
    if collected.signatures:
        verified.need_all()
        found = verified.refusals(collected.signatures, tmp_path_factory.mktemp("accepted"))
        assert found == []
