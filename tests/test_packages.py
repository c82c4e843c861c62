"""What a package holds is what the lock names for that computer, no more and no less."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
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
    lock = "".join(load("packaging/locked_for.py").locked_for(RUNTIME, python, platform))
    names = set(re.findall(r"^([\w.-]+)==", lock, re.M))
    assert names >= own | EVERYWHERE
    assert not names & (others | BUILD_TOOLS)
    assert ";" not in lock
    requirements = re.findall(
        r"^\S+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", lock, re.M
    )
    assert len(requirements) == len(names)


def test_the_driver_of_postgresql_is_what_the_extra_brings_beyond_them() -> None:
    script, lock = SOURCE / "packaging/locked_for.py", SOURCE / "requirements/postgres.txt"
    words = (sys.executable, script, "3.11", "win32", lock)
    printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert set(re.findall(r"^([\w.-]+)==", printed, re.M)) == {"psycopg", "psycopg-binary"}


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


def test_what_lies_inside_a_wheel_is_named_with_its_licence(tmp_path: Path) -> None:
    info = tmp_path / "outer-1.0.dist-info"
    (info / "sboms").mkdir(parents=True)
    (info / "METADATA").write_text("Name: outer\nVersion: 1.0\nLicense: MIT\n", "utf-8")
    inner = [
        {"name": "openssl", "version": "4.0.3"},
        {"name": "age", "version": "0.12", "licenses": [{"expression": "MIT OR Apache-2.0"}]},
        {"name": "mute"},
        {"name": "zlib", "licenses": [{"license": {"id": "Zlib"}}]},
    ]
    (info / "sboms/inner.json").write_text(json.dumps({"components": inner}), "utf-8")
    (tmp_path / "outer/vendored").mkdir(parents=True)
    (tmp_path / "outer/vendored/LICENSE.txt").write_text("Somebody's.\n", "utf-8")
    (tmp_path / "outer/licences.py").write_text("", "utf-8")
    assert list(load("packaging/licences.py").parts(tmp_path)) == [
        "== outer 1.0: MIT\n\nCompiled in:\n  age 0.12: MIT OR Apache-2.0\n"
        "  mute: not told by its wheel\n  openssl 4.0.3: Apache-2.0\n  zlib: Zlib",
        "== outer/vendored/LICENSE.txt\n\nSomebody's.",
    ]


def test_the_list_of_what_is_in_windows_python_is_of_the_one_that_is_fetched() -> None:
    listed = json.loads((SOURCE / "packaging/windows/cpython.json").read_text("utf-8"))
    python = listed[0]
    assert f"-{python['version']}-" in load("packaging/windows/unpack_python.py").VERSION
    texts = (SOURCE / "packaging/windows/cpython-licences.txt").read_text("utf-8")
    assert all(
        name in texts for name in ("SOFTWARE FOUNDATION LICENSE", "libffi", "expat", "bzip2")
    )


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


@pytest.mark.posix  # no pip lies beside Windows' Python
def test_what_runs_is_locked_and_nothing_else() -> None:
    python, platform = f"{sys.version_info.major}.{sys.version_info.minor}", sys.platform
    lock = "".join(load("packaging/locked_for.py").locked_for(RUNTIME, python, platform))
    locked = set(re.findall(r"^([\w.-]+)==", lock, re.M))
    assert locked == wanted_to_run("esign-cli", "pdf") - {"pip"}  # sqlite-utils': each has its own


@pytest.fixture
def supply_chain(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SOURCE / "packaging"))
    return load("packaging/supply_chain.py")


@pytest.mark.parametrize(
    ("licence", "outside"),
    [
        ("MIT", []),
        ("Apache-2.0 OR BSD-3-Clause", []),
        ("(Apache-2.0 AND MIT)", []),
        ("GPL-3.0-only", ["GPL-3.0-only"]),
        ("MIT AND AGPL-3.0-or-later", ["AGPL-3.0-or-later"]),
        ("GNU General Public License (GPL)", ["GNU General Public License", "GPL"]),
        ("LicenseRef-Own", ["LicenseRef-Own"]),
    ],
)
def test_licences_outside_the_list(
    supply_chain: ModuleType, licence: str, outside: list[str]
) -> None:
    allowed = supply_chain.entries(SOURCE / "packaging/licences-allowed.txt")
    assert supply_chain.outside(licence, allowed) == outside


def test_parts_outside_the_list_of_licences_fail(supply_chain: ModuleType, tmp_path: Path) -> None:
    for name, licence in (("good", "MIT"), ("bad", "GPL-2.0-only"), ("mute", ""), ("pyrage", "")):
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        line = f"License-Expression: {licence}\n" if licence else ""
        (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n{line}", "utf-8")
    bad = supply_chain.licences(tmp_path, tmp_path / "list.txt")
    assert bad == ["bad 1.0: GPL-2.0-only", "mute 1.0: no licence is declared"]
    assert "pyrage 1.0: MIT\n" in (tmp_path / "list.txt").read_text("utf-8")


HOLE = (
    '{"name": "urllib3", "version": "1.26", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.6"]}]}'
)
SKIPPED = '{"name": "urllib3", "skip_reason": "not found"}'
CLEAN = '{"name": "urllib3", "version": "2.6", "vulns": []}'
OTHER = '{"name": "typer", "version": "1.0", "vulns": []}'


@pytest.mark.parametrize(
    ("report", "required", "status", "said"),
    [
        (HOLE, "", 1, "PYSEC-1: urllib3 1.26; mended in: 2.6 (NOT LISTED)"),
        (SKIPPED, "", 0, "No database of holes could be reached: nothing was checked."),
        (SKIPPED, "1", 1, "No database of holes could be reached: nothing was checked."),
        (CLEAN, "1", 0, "Parts that were looked up: 1, holes: 0"),
        (OTHER, "", 0, "not checked, as no database that was reached knows it: urllib3=="),
        (OTHER, "1", 1, "not checked, as no database that was reached knows it: urllib3=="),
    ],
)
def test_known_holes_fail_and_no_answer_is_said(
    supply_chain: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    report: str,
    required: str,
    status: int,
    said: str,
) -> None:
    monkeypatch.setenv(supply_chain.REQUIRED, required)
    path = tmp_path / "pypi.json"
    path.write_text(f'{{"dependencies": [{report}]}}', "utf-8")
    wanted = tmp_path / "parts.txt"
    wanted.write_text("urllib3==1.26\n" if report == HOLE else "urllib3==2.6\n", "utf-8")
    words = ["holes", str(wanted), str(path), str(tmp_path / "not-reached.json")]
    assert supply_chain.main(words) == status
    assert said in capsys.readouterr().err
    (tmp_path / "known-holes.txt").write_text("PYSEC-1  esign calls none of it\n", "utf-8")
    monkeypatch.setattr(supply_chain, "HERE", tmp_path)
    assert supply_chain.main(words) == (status if report in (SKIPPED, OTHER) else 0)


def test_parts_of_other_systems_are_looked_up_too(supply_chain: ModuleType) -> None:
    lock = (SOURCE / "requirements/runtime.txt").read_text("utf-8")
    listed = supply_chain.locked(SOURCE / "requirements/runtime.txt")
    assert len(listed) == len(re.findall(r"^[\w.-]+==", lock, re.M))
    assert any(part.startswith("pywin32-ctypes==") for part in listed)
