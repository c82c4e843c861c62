"""`esign schedule` on Windows: definitions that its schtasks takes, and a command that runs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from esign_cli.foundation import files_windows

from .conftest import Workdir

NAMESPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
ON_BATTERY = ("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries")
TASKS = Path(os.environ["SYSTEMROOT"], "System32", "Tasks", "esign")
"""Where Windows, and Wine, keep what schtasks was given."""


def definitions(workdir: Workdir) -> dict[str, ElementTree.Element]:
    texts = json.loads(workdir.esign("schedule", "--json").stdout)["data"]["texts"]
    return {name: ElementTree.fromstring(text.partition("\n")[2]) for name, text in texts.items()}


def test_schtasks_takes_the_tasks_twice(imported: Workdir) -> None:
    for _time in range(2):
        ran = imported.esign("schedule", "--install", "--yes", "--time", "07:45")
        assert ran.code == 0, ran.stderr
    assert sorted(path.name for path in TASKS.iterdir()) == ["backup", "remind", "report"]
    assert b"esign remind" in (TASKS / "remind").read_bytes()  # Wine keeps no triggers
    assert not files_windows.open_to_others(imported.folder / "esign.log")


def test_command_of_a_task_runs_and_is_logged(imported: Workdir) -> None:
    report = definitions(imported)[r"esign\report"]
    arguments = report.findtext(".//t:Arguments", namespaces=NAMESPACE)
    folder = report.findtext(".//t:WorkingDirectory", namespaces=NAMESPACE)
    shell = os.environ["COMSPEC"]
    subprocess.run(f"{shell} {arguments}", cwd=folder, env=imported.environment, check=True)
    assert (imported.folder / "report.html").exists()
    assert "report.html" in (imported.folder / "esign.log").read_text("utf-8")


def test_runs_on_battery_and_after_the_computer_was_off(imported: Workdir) -> None:
    for task in definitions(imported).values():
        settings = {
            name: task.findtext(f".//t:Settings/t:{name}", namespaces=NAMESPACE)
            for name in (
                "DisallowStartIfOnBatteries",
                "StopIfGoingOnBatteries",
                "StartWhenAvailable",
            )
        }
        assert list(settings.values()) == ["false", "false", "true"]


@pytest.mark.parametrize("option", ["--cron", "--systemd"])
def test_schedulers_of_other_systems_are_refused(workdir: Workdir, option: str) -> None:
    ran = workdir.esign("schedule", option, "--json")
    assert ran.code == 11
    assert json.loads(ran.stdout)["problems"][0]["code"] == "scheduler-missing"


def test_path_with_a_percent_sign_is_refused(workdir: Workdir) -> None:
    ran = workdir.esign("--db", workdir.folder / "100%.db", "schedule")
    assert ran.code == 3
    assert "%" in ran.stderr


def test_suggested_command_is_quoted_for_cmd(workdir: Workdir) -> None:
    ran = workdir.esign("template", "cards", "--output", "kart & liste.xlsx")
    assert 'arrive --from "kart & liste.xlsx"' in ran.stderr
