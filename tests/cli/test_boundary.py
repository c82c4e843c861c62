"""What every command does at its edges: usage errors, pipes, interrupts, bare machines."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from esign_cli import __version__
from esign_cli.cli import command_table
from esign_cli.foundation import clock, dates, locations
from tests.conftest import Esign

RUN = [sys.executable, "-m", "esign_cli"]
BARE = {"PATH": "/usr/bin:/bin"}


def test_version_is_said(esign: Esign) -> None:
    assert esign("--version").stdout == f"esign {__version__}\n"


@pytest.mark.parametrize("words", [("--version", "--verbose"), ("--verbose", "--version")])
def test_version_tells_how_it_came_here(esign: Esign, words: tuple[str, str]) -> None:
    first, *rest = esign(*words).stdout.splitlines()
    assert first == f"esign {__version__}"
    told = dict(line.split(": ", 1) for line in rest)
    assert list(told) == ["Commit", "Installed as", "Folder", "Python", "To update"]
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?|–", told["Commit"])
    assert Path(told["Folder"], "__init__.py").exists()


@pytest.mark.parametrize("command", [entry.name for entry in command_table.ENTRIES])
@pytest.mark.parametrize("lang", ["tr", "en"])
def test_every_command_has_a_page_with_an_example(esign: Esign, command: str, lang: str) -> None:
    ran = esign(command, "--help", lang=lang)
    assert ran.exit_code == 0
    assert f"esign {command}" in ran.stdout.split("\n", 2)[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--nonsense"], "--nonsense"),
        (["nonsense"], "nonsense"),
        (["config", "set", "province"], "VALUE"),
        (["--lang", "de", "config"], "de"),
        (["eligible", "--province", "Atlantis"], "Atlantis"),
        (["eligible", "--on", "yesterday"], "yesterday"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_2(
    esign: Esign, words: list[str], said: str
) -> None:
    ran = esign(*words)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr


def test_too_many_words_are_named_and_national_ids_masked(esign: Esign) -> None:
    ran = esign("report", "10000000146", "x")
    assert ran.exit_code == 2
    assert "More was given than this command takes: 100******46 x" in ran.stderr


def test_a_wrong_command_line_is_json_where_json_was_asked(esign: Esign) -> None:
    ran = esign("eligible", "--json", "--nonsense")
    assert ran.exit_code == 2
    assert ran.json["data"] is None
    assert ran.json["problems"][0]["code"] == "usage"


def test_no_words_show_what_comes_next(esign: Esign) -> None:
    ran = subprocess.run(RUN, capture_output=True, text=True, env=BARE, check=False)
    assert ran.returncode == 0
    assert "esign setup" in ran.stdout
    assert "esign --help" in ran.stdout


def test_turkish_is_the_default_in_an_empty_environment() -> None:
    ran = subprocess.run(
        [*RUN, "eligible", "--help"], capture_output=True, env={}, check=False, cwd=Path.cwd()
    )
    assert ran.returncode == 0
    assert "Kullanım:" in ran.stdout.decode("utf-8")


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [*RUN, "--lang", "en", "config"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=BARE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert running.returncode == 0
    assert b"Traceback" not in said
    assert b"Broken" not in said


def test_a_question_without_a_terminal_names_the_option(esign: Esign) -> None:
    ran = esign("setup")
    assert ran.exit_code == 2
    assert "esign config set province" in ran.stderr


def test_today_is_a_date_in_turkey() -> None:
    assert clock.today() == clock.now().astimezone(dates.ISTANBUL).date()


class TestConfig:
    def test_each_value_says_where_it_comes_from(self, esign: Esign, home: Path) -> None:
        assert esign("config", "set", "province", "batman").exit_code == 0
        data = esign("--db", home / "mine.db", "config", "--json").json["data"]
        told = {s["key"]: (s["value"], s["origin"]) for s in data["settings"]}
        assert told["province"] == ("72", "file")
        assert told["database"] == (str(home / "mine.db"), "option")
        assert told["renewal.delivery_days"] == (15, "default")
        assert data["path"] == str(home / "config/esign/config.toml")

    def test_an_unknown_setting_is_named_with_its_neighbours(self, esign: Esign) -> None:
        ran = esign("config", "set", "provinc", "72")
        assert ran.exit_code == 2
        assert "provinc" in ran.stderr
        assert "province" in ran.stderr

    def test_the_path_alone_can_be_had(self, esign: Esign, home: Path) -> None:
        assert esign("config", "path").stdout == f"{home / 'config/esign/config.toml'}\n"


class TestOurOwnFault:
    """A bug is one sentence and 1; its traceback is for those who ask."""

    @pytest.fixture(autouse=True)
    def _broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail() -> Path:
            raise RuntimeError

        monkeypatch.setattr(locations, "database_file", fail)

    def test_it_is_one_sentence(self, esign: Esign) -> None:
        ran = esign("eligible")
        assert (ran.exit_code, ran.stdout) == (1, "")
        assert "RuntimeError" in ran.stderr
        assert "Traceback" not in ran.stderr

    def test_the_traceback_is_there_for_who_asks(self, esign: Esign) -> None:
        assert "Traceback" in esign("--debug", "eligible").stderr

    def test_json_says_so_too(self, esign: Esign) -> None:
        ran = esign("eligible", "--json")
        assert ran.exit_code == 1
        assert ran.json["problems"] == [{"code": "bug", "kind": "RuntimeError"}]
