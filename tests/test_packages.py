"""What a package holds is what the lock names for that computer, no more and no less."""

from __future__ import annotations

import importlib.util
import re
import sys
from importlib.machinery import SourceFileLoader
from importlib.metadata import requires
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_docs import SOURCE

RUNTIME = SOURCE / "requirements/runtime.txt"
EVERYWHERE = {"typer", "rich", "cryptography", "typst", "openpyxl", "tzdata"}
BUILD_TOOLS = {"pip", "babel", "hatchling", "uv", "setuptools", "wheel"}


def load(path: str) -> ModuleType:
    loader = SourceFileLoader(path.rpartition("/")[2], str(SOURCE / path))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("python", "platform", "own", "others"),
    [
        ("3.11", "linux", {"importlib-metadata", "jeepney"}, {"pywin32-ctypes", "colorama"}),
        ("3.13", "linux", {"secretstorage"}, {"importlib-metadata", "typing-extensions", "zipp"}),
        ("3.11", "win32", {"pywin32-ctypes", "colorama", "zipp"}, {"jeepney", "secretstorage"}),
    ],
)
def test_a_lock_for_another_computer(
    python: str, platform: str, own: set[str], others: set[str]
) -> None:
    lock = load("packaging/locked_for.py").locked_for(RUNTIME.read_text("utf-8"), python, platform)
    names = set(re.findall(r"^([\w.-]+)==", lock, re.M))
    assert names >= own | EVERYWHERE
    assert not names & (others | BUILD_TOOLS)
    assert ";" not in lock
    requirements = re.findall(
        r"^\S+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", lock, re.M
    )
    assert len(requirements) == len(names)


def test_a_part_without_licence_is_not_given_away(tmp_path: Path) -> None:
    info = tmp_path / "nobodys-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: nobodys\nVersion: 1.0\n", "utf-8")
    with pytest.raises(SystemExit, match="nobodys"):
        list(load("packaging/licences.py").parts(tmp_path))
    (info / "LICENSE").write_text("Do as you like.", "utf-8")
    assert list(load("packaging/licences.py").parts(tmp_path)) == [
        "== nobodys 1.0: see below\n\nDo as you like."
    ]


def wanted_to_run(distribution: str, extra: str = "") -> set[str]:
    """The names of all that it asks for on this computer, and what those ask for."""
    names, asked = set(), [(distribution, extra)]
    while asked:
        name, extra = asked.pop()
        for line in requires(name) or ():
            one = Requirement(line)
            if one.marker and not one.marker.evaluate({"extra": extra}):
                continue
            found = canonicalize_name(one.name)
            asked += [(found, more) for more in one.extras or {""} if found not in names]
            names.add(found)
    return names


def test_what_runs_is_locked_and_nothing_else() -> None:
    python, platform = f"{sys.version_info.major}.{sys.version_info.minor}", sys.platform
    lock = load("packaging/locked_for.py").locked_for(RUNTIME.read_text("utf-8"), python, platform)
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.M))
    assert locked == wanted_to_run("esign-cli", "pdf") - {"pip"}  # sqlite-utils': each has its own
