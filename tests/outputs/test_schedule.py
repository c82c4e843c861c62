"""`esign schedule`: lines that cron really runs, units that systemd takes, nothing else lost."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from esign_cli.commands.schedule import job as schedule
from esign_cli.commands.schedule import task_definition
from esign_cli.foundation import clock
from esign_cli.foundation.errors.outputs import CrontabMarksBroken, PathUnschedulable
from esign_cli.store import open_store
from tests.commands.remind.test_remind import write_settings
from tests.conftest import Esign
from tests.support import factories, mail_server
from tests.support.mail_server import PASSWORD
from tests.support.parts import need, program
from tests.support.terminal import Terminal

STRANGE = "a b%c \"d\" 'e' $HOME ğ"
"""A folder whose every letter means something to cron, a shell or systemd."""
OTHERS = (
    b"# m h dom mon dow command\nMAILTO=\"x\"\n\n5 4 * * * echo 50\\% > '/tmp/x y'\n@reboot true"
)
SETUP = schedule.Setup(
    ("/opt/esign/bin/esign",),
    "/srv/esign.db",
    Path("/srv"),
    None,
    "72",
    Path("/srv/esign.log"),
    Path("/srv/report"),
    Path("/srv/esign.backup"),
    14,
)


# --- text and bytes ------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [b"", b"\n", OTHERS, OTHERS + b"\n", b"\xff\xfe latin\n"])
def test_no_other_line_changes_and_again_changes_nothing(before: bytes) -> None:
    once = schedule.merged(before, schedule.cron_block(SETUP))
    assert once.startswith(before)
    assert schedule.merged(once, schedule.cron_block(SETUP)) == once
    more = once + b"0 0 * * * true\n"
    later = schedule.merged(more, schedule.cron_block(replace(SETUP, hour=6)))
    assert later.count(b"# BEGIN esign") == 1
    assert later.startswith(before)
    assert later.endswith(b"# END esign\n0 0 * * * true\n")
    assert b"30 6 * * *" in later


@pytest.mark.parametrize(
    "broken",
    [
        b"# BEGIN esign\n0 0 * * * true\n",
        b"# END esign\n",
        b"# END esign\n# BEGIN esign\n",
        b"# BEGIN esign\n# END esign\n# BEGIN esign\n# END esign\n",
    ],
)
def test_damaged_marks_are_not_guessed_at(broken: bytes) -> None:
    with pytest.raises(CrontabMarksBroken):
        schedule.merged(broken, schedule.cron_block(SETUP))


def test_a_path_on_two_lines_is_refused() -> None:
    with pytest.raises(PathUnschedulable):
        schedule.cron_block(replace(SETUP, database="/srv/a\nb.db"))


@pytest.mark.parametrize("bad", ["24:00", "8", "08:60", "noon", ""])
def test_a_time_is_a_time(esign: Esign, bad: str) -> None:
    assert schedule.time_of_day("7:05") == (7, 5)
    assert esign("schedule", "--time", bad).exit_code == 2


@pytest.mark.posix
def test_what_is_printed_is_whole_and_absolute(esign: Esign, home: Path) -> None:
    ran = esign("schedule", "--province", "Batman", "--time", "07:45")
    assert ran.exit_code == 0
    begin, remind, report, backup, end = ran.stdout.splitlines()
    assert (begin[:13], end) == ("# BEGIN esign", "# END esign")
    begins = "45 7 * * * umask 077; "
    assert remind.startswith(begins)
    assert Path(shlex.split(remind.removeprefix(begins))[0]).is_absolute()
    assert report.startswith("45 7 * * 1 ")
    assert (
        f"--db {home}/data/esign/esign.db remind --province 72 --no-names >>{home}/data" in remind
    )
    assert backup.startswith(begins)
    assert f" backup {home}/data/esign/esign.backup --keep=14 " in backup
    assert "Nothing was installed" in ran.stderr
    data = esign("schedule", "--systemd", "--json").json["data"]
    assert sorted(data["texts"]) == [
        "esign-backup.service",
        "esign-backup.timer",
        "esign-remind.service",
        "esign-remind.timer",
        "esign-report.service",
        "esign-report.timer",
    ]
    assert esign("schedule", "--cron", "--systemd").exit_code == 2


def test_windows_gets_task_definitions() -> None:
    windows = replace(SETUP, esign=(r"C:\Program Files\esign.exe",), database="/a & b/e.db")
    made = task_definition.definitions(windows, date(2026, 11, 30))
    assert list(made) == [r"esign\remind", r"esign\report", r"esign\backup"]
    namespace = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    remind, report, _backup = (
        ElementTree.fromstring(text.split("\n", 1)[1]) for text in made.values()
    )
    command = remind.findtext(".//t:Arguments", namespaces=namespace)
    assert command
    assert command.startswith(
        rf'/d /s /c ""C:\Program Files\esign.exe" "--db" "{windows.database}"'
    )
    assert command.endswith(f'>>"{windows.log}" 2>&1 <nul"')
    assert remind.findtext(".//t:StartBoundary", namespaces=namespace) == "2026-11-30T08:30:00"
    assert remind.find(".//t:ScheduleByDay", namespace) is not None
    assert report.find(".//t:DaysOfWeek/t:Monday", namespace) is not None


@pytest.mark.parametrize("path", ["/srv/%TEMP%/e.db", '/srv/"/e.db'])
def test_path_that_cmd_would_change_is_refused(path: str) -> None:
    with pytest.raises(PathUnschedulable):
        task_definition.definitions(replace(SETUP, database=path), date(2026, 11, 30))


# --- cron ----------------------------------------------------------------------------------------


def as_cron_runs(line: str, home: Path, shell: str = "/bin/sh") -> subprocess.CompletedProcess[str]:
    """Run the sixth field of a crontab's line as cron(8) does: nearly no environment, no terminal.

    Up to the first % that has no backslash is the command; cron takes the backslashes away.
    """
    command = re.sub(r"^(\S+ +){5}", "", line)
    assert re.search(r"(?<!\\)%", command) is None
    words = ["env", "-i", f"HOME={home}", "LOGNAME=x", "PATH=/usr/bin:/bin", f"SHELL={shell}"]
    return subprocess.run(
        [*words, shell, "-c", command.replace(r"\%", "%")],
        capture_output=True,
        cwd=home,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


@pytest.mark.posix
@pytest.mark.parametrize("folder", ["plain", STRANGE])
def test_cron_really_sends_the_reminders(home: Path, tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    place.mkdir()
    database, config = place / "esign.db", place / "config.toml"
    end = clock.today() + timedelta(20)
    with open_store(database) as store:
        people = [factories.facts(1, certificates=(factories.certificate(1, end),))]
        factories.save(store, people)
    secrets = place / "secrets"
    secrets.mkdir()
    (secrets / "smtp-password").write_text(PASSWORD, "utf-8")
    (secrets / "smtp-password").chmod(0o600)
    with mail_server.running(tmp_path) as server:
        write_settings(home, server.settings(**{"secrets.folder": str(secrets)}))
        (home / "config" / "esign" / "config.toml").rename(config)
        command = [sys.executable, "-m", "esign_cli", "--lang", "en", "--db", str(database)]
        command += ["--config", str(config)]
        shown = subprocess.run(
            [*command, "schedule", "--province", "batman"],
            capture_output=True,
            text=True,
            check=True,
        )
        _begin, line, weekly, daily, _end = shown.stdout.splitlines()
        for other in (weekly, daily):
            ran = as_cron_runs(other, home)
            assert (ran.returncode, ran.stdout) == (0, "")
        assert len(list(place.glob("esign-*.backup"))) == 1
        assert {path.suffix for path in place.glob("report.*")} == {".html", ".xlsx"}
        first = as_cron_runs(line, home)
        assert "esign remind: 2" in first.stdout  # the first run of all wants a yes
        assert "--yes" in first.stdout
        subprocess.run([*command, "remind", "--yes"], capture_output=True, check=True)
        with open_store(database) as store:
            more = [factories.facts(2, certificates=(factories.certificate(2, end),))]
            factories.save(store, more, file="2.xlsx")
        ran = as_cron_runs(line, home)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert server.recipients == ["kisi1@example.tr", "kisi2@example.tr"]
    log = place / "esign.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    said = log.read_text("utf-8")
    assert "Gönderilen: 1 " in said
    assert [word for word in ("@", "AYŞE", "IŞIK", "100***") if word in said] == []  # it is kept


@pytest.fixture
def crontab() -> Iterator[str]:
    """The real crontab, which is put back byte for byte."""
    path = program("crontab")
    before = subprocess.run([path, "-l"], capture_output=True, check=False)
    try:
        yield path
    finally:
        if before.returncode:
            subprocess.run([path, "-r"], capture_output=True, check=False)
        else:
            subprocess.run([path, "-"], input=before.stdout, capture_output=True, check=True)


@pytest.mark.posix
@pytest.mark.xdist_group("crontab")
def test_installing_asks_and_keeps_every_other_line(
    esign: Esign, home: Path, crontab: str, tmp_path: Path
) -> None:
    def now() -> bytes:
        return subprocess.run([crontab, "-l"], capture_output=True, check=True).stdout

    subprocess.run([crontab, "-"], input=OTHERS + b"\n", check=True)
    before = now()
    refused = esign("schedule", "--cron", "--install")
    assert refused.exit_code == 2  # nobody to be asked
    assert now() == before
    assert esign("schedule", "--cron", "--install", "--yes", "--time", "06:10").exit_code == 0
    assert now().startswith(before)
    assert b"\n10 6 * * * umask 077; " in now()
    again = ("schedule", "--install", "--yes", "--time", "06:10")
    assert "through which mail server" in esign(*again).stderr
    write_settings(home, {"smtp.host": "m.example.tr", "smtp.from": "a@example.tr"})
    assert "want your yes" in esign(*again).stderr
    write_settings(home, {"smtp.user": "a", "secrets.folder": tmp_path})
    assert str(tmp_path / "smtp-password") in esign(*again).stderr
    once = now()
    again = esign("schedule", "--cron", "--install", "--time", "06:10")
    assert again.exit_code == 0
    assert "already" in again.stderr
    assert now() == once
    with Terminal("--db", tmp_path / "x.db", "schedule", "--cron", "--install") as terminal:
        terminal.answer("Write these lines into your crontab?", "n")
        assert terminal.ended() == 12
    assert now() == once
    subprocess.run([crontab, "-r"], check=True)
    assert esign("schedule", "--cron", "--install", "--yes").exit_code == 0
    assert now().startswith(b"# BEGIN esign")


# --- systemd -------------------------------------------------------------------------------------


@pytest.mark.posix
@pytest.mark.parametrize("folder", ["plain", STRANGE])
def test_systemd_takes_the_units(tmp_path: Path, folder: str) -> None:
    verify = program("systemd-analyze")
    place = tmp_path / folder
    place.mkdir()
    setup = replace(
        SETUP,
        esign=(sys.executable, "-m", "esign_cli"),
        database=str(place / "esign.db"),
        environment_file=place / "secrets",
    )
    units = schedule.units(setup)
    for name, text in units.items():
        (tmp_path / name).write_text(text, "utf-8")
    ran = subprocess.run(
        [verify, "--user", "verify", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "SYSTEMD_LOG_LEVEL": "warning"},
        check=False,
    )
    complaints = [line for line in ran.stderr.splitlines() if str(tmp_path) in line]
    assert complaints == []
    assert ran.returncode == 0, ran.stderr
    for name in schedule.timers(setup):
        calendar = next(line for line in units[name].splitlines() if line.startswith("OnCalendar"))
        words = [verify, "calendar", calendar.partition("=")[2]]
        subprocess.run(words, capture_output=True, check=True)


@pytest.mark.posix
def test_units_are_written_once_and_systemd_is_told(
    esign: Esign, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("posix", os.name == "posix")
    told = tmp_path / "told"
    script = tmp_path / "systemctl"  # the real one wants a session of the user's own
    script.write_text("#!/bin/sh\necho no session >&2; exit 1\n", "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    failed = esign("schedule", "--systemd", "--install", "--yes")
    assert failed.exit_code == 11
    assert "no session" in failed.stderr
    assert not (home / "config" / "systemd").exists()
    script.write_text(f'#!/bin/sh\necho "$@" >> "{told}"\n', "utf-8")
    assert esign("schedule", "--systemd", "--install").exit_code == 2
    ran = esign("schedule", "--systemd", "--install", "--yes")
    assert ran.exit_code == 0, ran.stderr
    folder = home / "config" / "systemd" / "user"
    assert sorted(path.name for path in folder.iterdir()) == [
        "esign-backup.service",
        "esign-backup.timer",
        "esign-remind.service",
        "esign-remind.timer",
        "esign-report.service",
        "esign-report.timer",
    ]
    assert told.read_text("utf-8").splitlines() == [
        "--user show-environment",
        "--user show-environment",
        "--user daemon-reload",
        "--user enable --now esign-remind.timer esign-report.timer esign-backup.timer",
    ]
    assert "enable-linger" in ran.stderr
    assert "already" in esign("schedule", "--systemd", "--install", "--yes").stderr
