"""What never ends, or is larger than can be held, is one sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from esign_cli.cards.binary import built_for
from esign_cli.foundation import files
from esign_cli.foundation.errors.environment import FileMissing, FileUnreadable
from tests.conftest import Esign

READERS = (
    ("verify", "a.txt", "--trust"),
    ("verify", "a.txt", "--crl"),
    ("verify", "a.txt", "--ocsp"),
    ("sign", "a.txt", "--yes", "--p12"),
    ("check-form", "--form"),
    ("print-form", "--output", "o.pdf", "--form"),
    ("sign-form", "--output", "o.p7m", "--form"),
    ("sign-form", "--output", "o.p7m", "--commitment"),
    ("trust", "add"),
    ("restore",),
    ("applications", "add", "--from"),
    ("audit", "verify", "--seal"),
)


@pytest.mark.posix
@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_device_that_never_ends(
    words: tuple[str, ...], esign: Esign, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setattr(files, "LARGEST", 1 << 20)
    monkeypatch.setattr(files.read, "__kwdefaults__", {"most": 1 << 20})  # a test has less time
    (home / "a.txt").write_text("x", "utf-8")
    ran = esign(*words, "/dev/zero", stdin="a b\n123456\n")
    assert ran.exit_code in (2, 3, 4, 11), ran.stderr
    assert ran.stderr.startswith("Error: ")


@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_up_to_the_most(size: int, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x" * size)
    assert len(files.read(path, most=100)) == size


@pytest.mark.parametrize("size", [101, pytest.param(1 << 40, marks=pytest.mark.posix)])
def test_more_than_the_most_is_not_read(size: int, tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.truncate(size)  # takes no room
    with pytest.raises(FileUnreadable):
        files.read(path, most=100)


def test_memory_that_is_short_is_no_fault_of_esign(
    esign: Esign, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_words: object, **_named: object) -> bytes:
        raise MemoryError

    (home / "root.crt").write_bytes(b"x")
    monkeypatch.setattr(files, "read", short)
    ran = esign("trust", "add", home / "root.crt", "--json")
    assert ran.exit_code == 11
    assert ran.json["problems"] == [{"code": "memory-short"}]


@pytest.mark.posix
def test_a_folder_that_was_removed_is_no_fault_of_esign(
    esign: Esign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    ran = esign("--db", "x.db", "eligible", "--json")
    monkeypatch.chdir(tmp_path)
    assert ran.exit_code == 11
    assert ran.json["problems"] == [{"code": "folder-gone"}]


@pytest.mark.posix
def test_a_pipe_is_no_driver_and_not_waited_for(tmp_path: Path, esign: Esign) -> None:
    os.mkfifo(tmp_path / "driver.so")
    assert built_for(tmp_path / "driver.so") == []
    ran = esign("check-card", "--module", tmp_path / "driver.so", "--json")
    assert ran.json["problems"][0]["code"] == "module-not-a-library"


def test_nothing_there_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        files.read(tmp_path / "x")
    files.need_regular(tmp_path / "x")
