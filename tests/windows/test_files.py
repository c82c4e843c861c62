"""Files on Windows: private by their access control list, also where a folder lets everybody in."""

from __future__ import annotations

import ctypes
import json
from pathlib import Path

import pytest

from esign_cli.foundation import files, files_windows

from .conftest import Workdir


def with_everybody(path: Path) -> None:
    """Let everybody at a file or folder, and at what comes into it (SDDL: WD)."""
    security = ctypes.WinDLL("advapi32")
    descriptor = ctypes.c_void_p()
    security.ConvertStringSecurityDescriptorToSecurityDescriptorW(
        "D:(A;OICI;FA;;;WD)", 1, ctypes.byref(descriptor), None
    )
    assert security.SetFileSecurityW(str(path), 4, descriptor)


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder that lets everybody in, as `C:\\data` often does."""
    folder = tmp_path / "open"
    folder.mkdir()
    with_everybody(folder)
    assert files_windows.open_to_others(folder)
    return folder


def test_written_file_is_its_owners_alone(open_folder: Path) -> None:
    path = open_folder / "liste ığüş.csv"
    files.write_private(path, b"content")
    assert not files_windows.open_to_others(path)
    assert path.read_bytes() == b"content"


def test_replaced_file_is_its_owners_alone(open_folder: Path) -> None:
    path = open_folder / "list.csv"
    path.write_bytes(b"before")
    with_everybody(path)
    assert files_windows.open_to_others(path)
    files.write_private(path, b"after")
    assert not files_windows.open_to_others(path)


def test_what_is_made_in_a_private_folder_is_private(open_folder: Path) -> None:
    folder = files.private_folder(open_folder / "new")
    assert not files_windows.open_to_others(folder)


def test_every_output_is_private(imported: Workdir) -> None:
    imported.esign("eligible", "--output", "liste.xlsx")
    imported.esign("report", "--output", "rapor.html")
    for name in ("esign.db", "liste.xlsx", "rapor.html"):
        assert not files_windows.open_to_others(imported.folder / name), name


def test_doctor_says_that_others_can_read_the_database(imported: Workdir) -> None:
    database = imported.folder / "esign.db"
    with_everybody(database)  # as where it was copied to
    assert files_windows.open_to_others(database)
    lines = json.loads(imported.esign("doctor", "--json").stdout)["data"]["lines"]
    assert "database-open-to-others" in {line["code"] for line in lines}


def test_file_that_another_program_holds_is_left_as_it_was(imported: Workdir) -> None:
    held = imported.folder / "kilitli.xlsx"
    held.write_bytes(b"old")
    with held.open("r+b"):  # Python shares reading and writing, as Excel does, and no replacing
        ran = imported.esign("eligible", "--output", "kilitli.xlsx", "--force")
    assert ran.code == 11
    assert held.read_bytes() == b"old"
    assert not [path for path in imported.folder.iterdir() if path.name.startswith(".kilitli")]


def test_backslash_in_the_settings_is_named(workdir: Workdir) -> None:
    settings = workdir.folder / "config.toml"
    settings.write_text('module = "C:\\Users\\akis.dll"\n', "utf-8")
    ran = workdir.esign("check-card")
    assert ran.code == 3
    assert "\\" in ran.stderr
    assert "'" in ran.stderr
