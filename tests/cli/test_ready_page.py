"""The help page that a package carries: what the app writes, and only where it would write that."""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

import esign_cli
from tests.test_docs import SOURCE

pytestmark = pytest.mark.posix
MARK = "derlenirken yapıldı\n"


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with esign in it, and the pages that a package gets."""
    folder = tmp_path_factory.mktemp("packaged")
    shutil.copytree(Path(esign_cli.__file__).parent, folder / "esign_cli")
    script = f'source packaging/common.sh; python="{sys.executable}" scratch="{folder}"'
    subprocess.run(
        ["bash", "-euc", f'{script}; ready_pages "{folder}/esign_cli/locale"'],
        cwd=SOURCE, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    return folder


def _environment(folder: Path | None, variables: dict[str, str]) -> dict[str, str]:
    found = {"PYTHONPATH": str(folder)} if folder else {}
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **found, **variables}


def _piped(folder: Path | None, words: list[str], variables: dict[str, str]) -> tuple[int, bytes]:
    ran = subprocess.run(
        [sys.executable, "-m", "esign_cli", *words],
        capture_output=True, check=False, cwd="/", env=_environment(folder, variables),
    )  # fmt: skip
    assert ran.stderr == b""
    return ran.returncode, ran.stdout


def _on_terminal(
    folder: Path | None, columns: int, words: list[str], variables: dict[str, str]
) -> tuple[int, bytes]:
    import fcntl
    import pty
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "esign_cli", *words],
        stdin=slave, stdout=slave, stderr=slave, cwd="/", env=_environment(folder, variables),
    ) as running:  # fmt: skip
        os.close(slave)
        shown = b""
        with contextlib.suppress(OSError):  # how Linux says that nobody writes any more
            while more := os.read(master, 65536):
                shown += more
    os.close(master)
    return running.returncode, shown


def _settings(folder: Path, language: str) -> dict[str, str]:
    file = folder / f"{language}.toml"
    file.write_text(f'language = "{language}"\n', "utf-8")
    return {"ESIGN_CONFIG": str(file)}


CASES: tuple[tuple[list[str], dict[str, str], int | None, bool], ...] = (
    (["--help"], {}, None, True),
    (["-h"], {}, None, True),
    (["--help"], {"ESIGN_LANG": "en"}, None, True),
    (["--help"], {"ESIGN_LANG": "de"}, None, True),
    (["--help"], {"ESIGN_CONFIG": "/dev/null"}, None, True),
    (["--help"], {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, None, True),
    (["--help"], {}, 80, True),
    (["--help"], {}, 200, True),
    (["--help"], {}, 0, True),
    (["--help"], {}, 79, False),
    (["--help"], {}, 30, False),
    (["--help"], {"PYTHONIOENCODING": "ascii"}, 100, False),
    (["--help"], {"COLUMNS": "60"}, None, False),
    (["--help"], {"COLUMNS": "200"}, 60, False),
    (["--lang", "en", "--help"], {}, None, False),
    (["eligible", "--help"], {}, None, False),
    (["--version"], {}, None, False),
)
"""Words, variables, the columns of the terminal (None: no terminal), whether the page is ready."""


@pytest.mark.parametrize(("words", "variables", "columns", "ready"), CASES)
def test_it_is_what_the_app_writes(
    packaged: Path,
    words: list[str],
    variables: dict[str, str],
    columns: int | None,
    ready: bool,
    tmp_path: Path,
) -> None:
    marked = tmp_path / "marked"
    shutil.copytree(packaged, marked)
    for page in marked.glob("esign_cli/locale/*/help.txt"):
        page.write_text(MARK, "utf-8")
    answers = [
        _piped(folder, words, variables)
        if columns is None
        else _on_terminal(folder, columns, words, variables)
        for folder in (None, packaged, marked)
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 0
    assert (answers[2][1].replace(b"\r\n", b"\n") == MARK.encode("utf-8")) is ready


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_settings_name_its_language(packaged: Path, language: str, tmp_path: Path) -> None:
    variables = _settings(tmp_path, language)
    answer = _piped(packaged, ["--help"], variables)
    assert answer == _piped(None, ["--help"], variables)
    assert ("Usage:" in answer[1].decode("utf-8")) is (language == "en")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("stream", ["/dev/full", "-"])
def test_output_that_cannot_be_written_is_told_as_by_the_app(packaged: Path, stream: str) -> None:
    where = ">&-" if stream == "-" else f">{stream}"
    ran = [
        subprocess.run(
            ["/bin/sh", "-c", f'exec "$0" -m esign_cli --help {where}', sys.executable],
            capture_output=True, check=False, cwd="/", env=_environment(folder, {}),
        )
        for folder in (None, packaged)
    ]  # fmt: skip
    assert (ran[0].returncode, ran[0].stderr) == (ran[1].returncode, ran[1].stderr)
    assert ran[0].returncode == (0 if stream == "-" else 11)


def test_a_ready_page_loads_no_app(packaged: Path) -> None:
    program = (
        "import sys; sys.argv = ['esign', '--help']\n"
        "from esign_cli.__main__ import run\n"
        "try: run()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "assert 'typer' not in sys.modules and 'esign_cli.cli.app' not in sys.modules"
    )
    environment = _environment(packaged, {})
    subprocess.run([sys.executable, "-c", program], check=True, cwd="/", env=environment)
