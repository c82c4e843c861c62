"""The system's own schedulers: this user's crontab, systemd units, or tasks on Windows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from esign_cli.foundation import files
from esign_cli.foundation.errors.outputs import SchedulerFailed, SchedulerMissing

_SECONDS = 30.0
_EMPTY = "no crontab for"
_PLACES = "/usr/bin:/bin:/usr/sbin:/sbin"
"""Where the programs are when PATH says nothing."""


def read_crontab() -> bytes:
    """Return this user's crontab as it stands; raises SchedulerMissing or SchedulerFailed."""
    ran = _run("crontab", "-l")
    if ran.returncode and _EMPTY in ran.stderr.decode("utf-8", "replace"):
        return b""
    return _checked(ran, "crontab -l").stdout


def write_crontab(content: bytes) -> None:
    """Put `content` in place of this user's crontab, whole or not at all; raises as above."""
    _checked(_run("crontab", "-", stdin=content), "crontab -")


def unit_folder() -> Path:
    """Return where this user's own systemd units are."""
    config = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(config) if config else Path.home() / ".config") / "systemd" / "user"


def write_units(folder: Path, units: Mapping[str, str]) -> tuple[str, ...]:
    """Write the units that are not there so already; gives their names.

    Raises OutputUnwritable or DiskFull.
    """
    files.private_folder(folder)
    changed = []
    for name, text in units.items():
        path, content = folder / name, text.encode()
        if not path.exists() or files.read(path) != content:
            files.write_private(path, content)
            changed.append(name)
    return tuple(changed)


def check_session() -> None:
    """Raise SchedulerMissing or SchedulerFailed where this user's own systemd is not to be had."""
    _checked(_run("systemctl", "--user", "show-environment"), "systemctl --user")


def enable(timers: Sequence[str]) -> None:
    """Let systemd read the units and start the timers; raises as `read_crontab`."""
    for words in (("daemon-reload",), ("enable", "--now", *timers)):
        ran = _run("systemctl", "--user", *words)
        _checked(ran, f"systemctl --user {words[0]}")


def write_tasks(definitions: Mapping[str, str], log: Path) -> None:
    """Make this user's tasks on Windows, or replace them, by their names; raises as above.

    The file that they write to is made first: made by them, it would be as open as its folder.
    schtasks reads UTF-16 with the mark at its beginning, as it writes it.
    """
    files.private_folder(log.parent)
    files.create_private(log)
    with tempfile.TemporaryDirectory(dir=files.own_temporary_folder()) as folder:
        for number, (name, definition) in enumerate(definitions.items()):
            path = Path(folder, f"{number}.xml")
            path.write_bytes(definition.encode("utf-16"))
            ran = _run("schtasks", "/Create", "/TN", name, "/XML", str(path), "/F")
            _checked(ran, "schtasks")


def _run(program: str, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    path = shutil.which(program) or shutil.which(program, path=_PLACES)
    if path is None:
        raise SchedulerMissing(program=program)
    environment = {**os.environ, "LC_ALL": "C"}
    # Pipes would last as long as a service that the program starts, which inherits them.
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        try:
            ran = subprocess.run(
                [path, *words],
                input=stdin,
                stdout=stdout,
                stderr=stderr,
                timeout=_SECONDS,
                env=environment,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SchedulerFailed(program=program, detail=type(error).__name__) from error
        said = [(file.seek(0), file.read())[1] for file in (stdout, stderr)]
    return subprocess.CompletedProcess(ran.args, ran.returncode, *said)


def _checked(
    ran: subprocess.CompletedProcess[bytes], program: str
) -> subprocess.CompletedProcess[bytes]:
    if ran.returncode:
        encoding = "oem" if sys.platform == "win32" else "utf-8"
        said = " ".join(ran.stderr.decode(encoding, "replace").split())[:200]
        raise SchedulerFailed(program=program, detail=said or str(ran.returncode))
    return ran
