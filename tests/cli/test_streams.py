"""Standard streams that are closed, full, or read by somebody who leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-m", "esign_cli"]
BARE = {"PATH": "/usr/bin:/bin"}


def test_a_reader_that_leaves_does_not_turn_a_failure_into_success(tmp_path: Path) -> None:
    broken = tmp_path / "broken.p7m"
    broken.write_bytes(b"no signature")
    with subprocess.Popen(
        [*RUN, "verify", str(broken)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=BARE
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
    assert running.returncode == 3


@pytest.mark.posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [["config"], ["--help"], ["config", "--json"]])
def test_output_that_cannot_be_written_is_11(words: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [*RUN, "--lang", "en", *words],
            stdout=full, stderr=subprocess.PIPE, text=True, env=BARE, check=False,
        )  # fmt: skip
    assert ran.returncode == 11
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("Error: standard output cannot be written: No space left")


@pytest.mark.posix
@pytest.mark.skipif(os.name != "posix", reason="closes streams as a POSIX shell does")
@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_a_closed_stream_is_no_error(closed: str) -> None:
    ran = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" "$@" {closed}', *RUN, "config"],
        capture_output=True, env=BARE, check=False,
    )  # fmt: skip
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr


def test_a_locale_without_turkish_letters_is_no_error() -> None:
    poor = BARE | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run([*RUN, "--help"], capture_output=True, env=poor, check=False)
    assert ran.returncode == 0
    assert "başvuruyu kartla imzalar" in ran.stdout.decode("utf-8")


@pytest.mark.posix
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_standard_output_by_its_file_name(tmp_path: Path, name: str, kind: str) -> None:
    env = BARE | {"HOME": str(tmp_path)}
    words = ["eligible", "--province", "all", "--format", kind, "--output", name]
    ran = subprocess.run([*RUN, *words], capture_output=True, env=env, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith({"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "json": b"{"}[kind])
    target = tmp_path / "out"
    with target.open("wb") as out:  # a file that the shell opened keeps its place and its mode
        target.chmod(0o640)
        before = target.stat().st_ino
        subprocess.run([*RUN, *words, "--force"], stdout=out, env=env, check=True)
    assert (target.stat().st_ino, target.stat().st_mode & 0o777) == (before, 0o640)
    assert target.read_bytes()


@pytest.mark.posix
def test_a_backup_cannot_go_into_a_stream(tmp_path: Path) -> None:
    env = BARE | {"HOME": str(tmp_path)}
    ran = subprocess.run([*RUN, "backup", "/dev/stdout"], capture_output=True, env=env, check=False)
    assert ran.returncode == 11, ran.stderr
    assert b"Traceback" not in ran.stderr
