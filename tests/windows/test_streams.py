"""Standard streams on Windows: closed pipes, line ends, Turkish letters."""

from __future__ import annotations

import pytest

from .conftest import Workdir


@pytest.mark.parametrize(
    "words",
    [
        ("eligible", "--verdict", "all"),
        ("eligible", "--json"),
        ("--help",),
        ("import", "personel.xlsx", "--dry-run"),
        ("--version",),
    ],
    ids=" ".join,
)
def test_closed_pipe_is_quiet(imported: Workdir, words: tuple[str, ...]) -> None:
    with imported.start(*words) as esign:
        assert esign.stdout
        assert esign.stderr
        esign.stdout.close()
        said = esign.stderr.read().decode("utf-8")
        assert esign.wait() == 0
    assert "Error" not in said
    assert "Traceback" not in said


def test_output_to_a_pipe_is_utf_8(imported: Workdir) -> None:
    assert "ŞÜKRÜ IŞIK" in imported.esign("eligible", ESIGN_LANG="tr").stdout


def test_file_listed_with_windows_line_ends_is_read(imported: Workdir) -> None:
    (imported.folder / "liste.txt").write_bytes(b"10000000146\r\n")
    ran = imported.esign("eligible", "--from", "liste.txt")
    assert ran.code == 0, ran.stderr
    assert "ŞÜKRÜ IŞIK" in ran.stdout
