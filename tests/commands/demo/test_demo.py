"""`esign demo`: the real commands on made-up data, also a second time and beside other files."""

from __future__ import annotations

import json
import stat
import subprocess
from datetime import date
from pathlib import Path

import pytest

from esign_cli.commands.demo import soft_token
from esign_cli.commands.demo.made_up import staff
from esign_cli.foundation import shell
from esign_cli.foundation.standing import Verdict
from esign_cli.foundation.turkish import is_national_id
from tests.conftest import Esign, Ran
from tests.support import parts

STEPS = ["import", "check-card", "eligible", "sign-form", "verify", "eligible"]


def commands(ran: Ran) -> list[str]:
    """The commands that were shown, in order."""
    begin = f"{shell.PROMPT} "
    lines = [one for one in ran.stdout.splitlines() if one.startswith(begin) and "esign " in one]
    return [line.partition("esign ")[2].split()[0] for line in lines]


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "bir şey"


def test_with_a_pkcs12_key_the_main_job_passes_twice(esign: Esign, folder: Path) -> None:
    for _time in range(2):
        ran = esign("demo", folder, "--p12")
        assert ran.exit_code == 0, ran.stdout + ran.stderr
        assert commands(ran) == [step for step in STEPS if step != "check-card"]
        assert "VALID [TOTAL-PASSED]" in ran.stdout
        assert "Application under way: Signed" in ran.stdout
        assert "PKCS#12" in ran.stdout


def test_with_softhsm_a_card_is_read_and_signs(esign: Esign, folder: Path) -> None:
    parts.softhsm()
    parts.program("softhsm2-util")
    ran = esign("demo", folder)
    assert ran.exit_code == 0, ran.stdout + ran.stderr
    assert commands(ran) == STEPS
    assert "Renewed, not begun yet" in ran.stdout
    assert "VALID [TOTAL-PASSED]" in ran.stdout
    assert esign("demo", folder).exit_code == 0
    assert len(list((folder / soft_token.STORE_NAME).iterdir())) == 2


@pytest.mark.posix
def test_it_leaves_its_files_and_touches_no_others(esign: Esign, folder: Path, home: Path) -> None:
    assert esign("demo", folder, "--p12").exit_code == 0
    left = {path.name for path in folder.iterdir()}
    assert {*staff.NAMES, "basvuru.p7m", "sukru-isik.p12", "ornek-kok.pem", "esign.db"} <= left
    assert {"ornek-kok.crl", "ornek-altkok.crl", "ORNEK-VERI.txt"} <= left
    for name in ("basvuru.p7m", "sukru-isik.p12", "esign.db"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert {path.name for path in home.iterdir()} == {folder.name}  # no settings, no database


def test_a_folder_of_somebody_elses_is_left_alone(esign: Esign, folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", "utf-8")
    ran = esign("demo", folder)
    assert ran.exit_code == 12
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


@pytest.mark.posix
def test_the_shown_lines_can_be_typed_in_a_shell(esign: Esign, folder: Path) -> None:
    """What is printed is what was run: verify, typed again by a shell, passes again."""
    ran = esign("demo", folder, "--p12")
    shown = [line[2:] for line in ran.stdout.splitlines() if line.startswith("$ ")]
    (verify,) = (line for line in shown if line.startswith("esign verify"))
    script = "\n".join([*shown[:2], verify.replace("esign ", '"$PYTHON" -m esign_cli ', 1)])
    import sys

    again = subprocess.run(
        ["bash", "-ec", script], env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path), "HOME": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr


def test_every_verdict_is_there(esign: Esign, folder: Path) -> None:
    """With the token, whose second card begins later; without it one verdict is not met."""
    token = soft_token.find() is not None
    assert esign("demo", folder, *([] if token else ["--p12"])).exit_code == 0
    words = ["--db", folder / "esign.db", "--config", folder / "config.toml"]
    ran = esign(*words, "eligible", "--province", "72", "--format", "json")
    counts = ran.json["data"]["counts"]
    lacking = {verdict for verdict in Verdict if not counts[verdict]}
    assert lacking == (set() if token else {Verdict.RENEWED}), json.dumps(counts)


def test_the_staff_is_made_up_and_nobody_is_there_twice() -> None:
    people = staff.everybody()
    assert len({person.national_id for person in people}) == len(people)
    assert all(is_national_id(person.national_id) for person in people)
    books = staff.workbooks(date(2026, 11, 22))
    assert tuple(books) == staff.NAMES
    assert all(content.startswith(b"PK") for content in books.values())


@pytest.mark.posix
def test_a_step_that_fails_ends_the_demo(
    esign: Esign, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python that always fails: the demo says at which command it stopped."""
    import sys

    monkeypatch.setattr(sys, "executable", "/bin/false")
    ran = esign("demo", folder, "--p12")
    assert ran.exit_code == 11
    assert "import" in ran.stderr


@pytest.mark.posix
def test_a_softhsm_that_fails_is_told(
    esign: Esign, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.softhsm()
    tool = home / "bin" / "softhsm2-util"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho no room >&2\nexit 1\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:/usr/bin:/bin")
    ran = esign("demo", folder)
    assert ran.exit_code == 11
    assert "no room" in ran.stderr
    assert "--p12" in ran.stderr


def test_without_softhsm_the_key_is_in_a_file_and_that_is_said(
    esign: Esign, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(home))
    assert soft_token.find() is None
    ran = esign("demo", folder)
    assert ran.exit_code == 0, ran.stdout + ran.stderr
    assert "There is no card: the key is in sukru-isik.p12 (PKCS#12)" in ran.stdout
