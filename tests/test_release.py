"""`scripts/release` writes a version where it stands, and refuses what is not ready."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_docs import SOURCE

pytestmark = pytest.mark.posix
FILES = ("scripts/release", "esign_cli/__init__.py", "pyproject.toml", "CHANGELOG.md")
CHANGES = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A change.\n\n## [0.0.1] - 2026-01-01\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in FILES:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        shutil.copy(SOURCE / path, tmp_path / path)
    (tmp_path / "CHANGELOG.md").write_text(CHANGES, "utf-8")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.invalid")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "All")
    return tmp_path


def git(folder: Path, *words: str) -> str:
    ran = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return ran.stdout


def release(folder: Path, *words: str) -> tuple[int, str]:
    command = ["bash", str(folder / "scripts/release"), *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr


def test_a_version_is_written_everywhere_committed_and_tagged(checkout: Path) -> None:
    assert release(checkout, "77.0.1") == (0, "")
    for path in ("esign_cli/__init__.py", "pyproject.toml"):
        text = (checkout / path).read_text("utf-8")
        assert re.findall(r'^(?:__version__|version) = "(.*)"', text, re.M) == ["77.0.1"]
    assert re.match(
        r"# Changelog\n\n## \[Unreleased\]\n\n## \[77\.0\.1\] - \d{4}-\d\d-\d\d\n\n### Added\n",
        (checkout / "CHANGELOG.md").read_text("utf-8"),
    )
    assert git(checkout, "status", "--porcelain") == ""
    assert git(checkout, "describe") == "v77.0.1\n"
    assert release(checkout, "77.0.2") == (2, "The changelog says of no change.\n")


@pytest.mark.parametrize("version", ["", "77", "v77.0.0", "77.0", "0.0.1"])
def test_what_is_no_later_version_is_refused(version: str, checkout: Path) -> None:
    code, said = release(checkout, version)
    assert (code, bool(said)) == (2, True)
    assert git(checkout, "status", "--porcelain") == ""


def test_what_is_not_committed_is_in_no_version(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text(CHANGES.replace("A change", "Another"), "utf-8")
    assert release(checkout, "77.0.0") == (2, "There are changes that are not committed.\n")


def test_the_version_stands_everywhere_alike() -> None:
    here = re.search(r'^__version__ = "(.*)"', (SOURCE / FILES[1]).read_text("utf-8"), re.M)
    project = re.search(r'^version = "(.*)"', (SOURCE / FILES[2]).read_text("utf-8"), re.M)
    assert here
    assert project
    assert here[1] == project[1]
