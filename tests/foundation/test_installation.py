"""What is missing is told by how esign was installed, and never by a name on a package index."""

from __future__ import annotations

import re
import shlex
from importlib.metadata import requires
from pathlib import Path

import pytest

from esign_cli.foundation import installation
from esign_cli.foundation.installation import Installation
from tests.test_docs import SOURCE

MARKS = {
    Installation.PIPX: "venv/pipx_metadata.json",
    Installation.UV: "venv/uv-receipt.toml",
    Installation.CHECKOUT: "scripts/install",
    Installation.OTHER: "another",
}
"""The file beside or in an environment by which its way of installing is told."""
DRIVERS = {
    Installation.CHECKOUT: "scripts/install",
    Installation.DEBIAN: "apt install python3-psycopg",
    Installation.WINDOWS: "esign-postgresql-setup.exe",
}
"""What brings the driver of PostgreSQL where no pip is asked for it."""
FETCHING = re.compile(r"(?:pip3?|pipx|uv)\s[^`\n]*?\b(?:install|upgrade|inject|run)\b[^`\n]*")
"""A command of pip, pipx or uv that installs something, as pages and messages show it."""


@pytest.mark.parametrize(("kind", "mark"), MARKS.items(), ids=str)
def test_the_way_of_installing_is_told_by_its_marks(
    kind: Installation, mark: str, tmp_path: Path
) -> None:
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).touch()
    assert installation.installation(tmp_path / "venv", "linux") is kind


def test_a_package_is_told_by_its_folder_or_its_uninstaller(tmp_path: Path) -> None:
    assert installation.installation(Path("/usr/lib/esign"), "linux") is Installation.DEBIAN
    (tmp_path / "kaldir.exe").touch()
    assert installation.installation(tmp_path, "win32") is Installation.WINDOWS


@pytest.mark.posix
def test_a_checkout_names_its_own_script(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    (folder / "scripts").mkdir(parents=True)
    (folder / "scripts/install").touch()
    words = shlex.split(installation.pdf_command(str(folder / ".venv"), "linux"))
    assert words == ["bash", str(folder / "scripts/install")]


def test_what_is_missing_is_asked_for_as_the_project_asks_for_it() -> None:
    wanted = {line for line in requires("esign-cli") or () if "extra" in line}
    assert wanted == {
        f"{installation.PDF_REQUIREMENT}; extra == 'pdf'",
        f"{installation.POSTGRES_REQUIREMENT}; extra == 'postgres'",
    }


@pytest.mark.parametrize("kind", Installation)
def test_every_way_of_installing_has_a_command_for_the_driver_of_postgresql(
    kind: Installation, tmp_path: Path
) -> None:
    prefix, platform = tmp_path / "venv", "linux"
    if kind is Installation.DEBIAN:
        prefix = Path(installation.DEBIAN_FOLDER)
    elif kind is Installation.WINDOWS:
        prefix.mkdir()
        (prefix / "kaldir.exe").touch()
        platform = "win32"
    else:
        (tmp_path / MARKS[kind]).parent.mkdir(exist_ok=True)
        (tmp_path / MARKS[kind]).touch()
    command = installation.postgres_command(str(prefix), platform)
    assert DRIVERS.get(kind, installation.POSTGRES_REQUIREMENT) in command
    assert "{" not in command


def _texts() -> list[Path]:
    pages = [*SOURCE.glob("*.md"), *SOURCE.glob("docs/**/*.md"), *SOURCE.glob("scripts/*")]
    code = [*SOURCE.glob("esign_cli/**/*.py"), *SOURCE.glob("esign_cli/**/*.po")]
    return [path for path in (*pages, *code) if path.is_file()]


def test_nothing_tells_anybody_to_fetch_esign_from_an_index() -> None:
    shown = [(path.name, command) for path in _texts()
             for command in FETCHING.findall(path.read_text("utf-8"))]  # fmt: skip
    assert shown
    from_index = [
        (page, word)
        for page, command in shown
        for word in re.split(r"[\s\"'\\]+", command.replace("inject esign-cli", ""))
        if re.match(r"esign([-_.]?cli)?(\[|[<=>~!]|$)", word, re.I)
    ]
    assert from_index == []
