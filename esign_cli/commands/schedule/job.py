"""The runs that a directorate wants without looking, as crontab lines or systemd units.

Nothing here looks at the system or changes it: what is said is text, and what is merged are bytes.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from esign_cli.foundation.errors.outputs import BadTimeOfDay, CrontabMarksBroken, PathUnschedulable
from esign_cli.foundation.i18n import N_, _

BEGIN = "# BEGIN esign"
END = "# END esign"
_ABOUT = N_("made by esign schedule; changes to these lines are lost")
_EVERY_DAY = "*"
_MONDAY = "1"
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Setup:
    """Which esign runs on what: every path is absolute."""

    esign: tuple[str, ...]
    """The program and the words before its own options."""
    database: str
    """A file's path, or a server's address."""
    folder: Path
    """Where tasks are run."""
    config: Path | None
    province: str
    """Plate code, or "all"."""
    log: Path
    report: Path
    """Where the report goes, without its ending."""
    backup: Path | None
    """Where backups go, each with its day and time in the name."""
    keep_backups: int
    purge: bool = False
    """Whether the settings say how long something is kept."""
    hour: int = 8
    minute: int = 30
    environment_file: Path | None = None
    """Where systemd finds the passwords of servers."""


@dataclass(frozen=True, slots=True)
class Task:
    """A run and the days on which it starts."""

    name: str
    day: str
    """A field of crontab(5): every day, or a day of the week."""
    words: tuple[str, ...]

    @property
    def daily(self) -> bool:
        return self.day == _EVERY_DAY


def time_of_day(text: str) -> tuple[int, int]:
    """Read hours and minutes of HH:MM; raises BadTimeOfDay."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadTimeOfDay(given=text)
    return int(match[1]), int(match[2])


def tasks(setup: Setup) -> tuple[Task, ...]:
    """Plan reminders, a backup and, with rules, a purge each day, and a report each Monday.

    What they say is kept in a log, so it names nobody.

    Raises PathUnschedulable.
    """
    before = [*setup.esign, "--db", setup.database]
    if setup.config is not None:
        before += ["--config", str(setup.config)]
    outputs = [f"--output={setup.report}.{ending}" for ending in ("html", "xlsx")]
    where = ["--province", setup.province]
    keep = f"--keep={setup.keep_backups}"
    planned = [
        Task("remind", _EVERY_DAY, (*before, "remind", *where, "--no-names")),
        Task("report", _MONDAY, (*before, "report", *where, *outputs, "--force")),
    ]
    if setup.backup is not None:
        planned.append(Task("backup", _EVERY_DAY, (*before, "backup", str(setup.backup), keep)))
    if setup.purge:
        planned.append(Task("purge", _EVERY_DAY, (*before, "purge", "--yes")))
    for word in (*(w for task in planned for w in task.words), str(setup.log)):
        if not word.isprintable():
            raise PathUnschedulable(path=word)
    return tuple(planned)


# --- cron ----------------------------------------------------------------------------------------


def cron_block(setup: Setup) -> str:
    """Write lines for crontab(5) between two marks; what a run says goes into the log.

    Where a run ends with another code than 0, cron's own mail shows the log's end.
    """
    lines = [f"{BEGIN} ({_(_ABOUT)})"]
    lines += [_cron_line(task, setup) for task in tasks(setup)]
    return "".join(f"{line}\n" for line in (*lines, END))


def _cron_line(task: Task, setup: Setup) -> str:
    log = shlex.quote(str(setup.log))
    command = (
        f"umask 077; {shlex.join(task.words)} >>{log} 2>&1 </dev/null"
        f' || {{ echo "esign {task.name}: $?"; tail -n 20 {log}; }}'
    )
    escaped = command.replace("%", r"\%")  # to cron a bare % is the end of the line
    return f"{setup.minute} {setup.hour} * * {task.day} {escaped}"


def merged(crontab: bytes, block: str) -> bytes:
    """Put our block in the crontab, in place of an earlier one, else behind everything else.

    No other line changes. Raises CrontabMarksBroken.
    """
    lines = crontab.splitlines(keepends=True)
    begins = [n for n, line in enumerate(lines) if line.startswith(BEGIN.encode())]
    ends = [n for n, line in enumerate(lines) if line.strip() == END.encode()]
    if not begins and not ends:
        gap = b"" if not crontab or crontab.endswith(b"\n") else b"\n"
        return crontab + gap + block.encode()
    if len(begins) != 1 or len(ends) != 1 or ends < begins:
        raise CrontabMarksBroken()
    return b"".join((*lines[: begins[0]], block.encode(), *lines[ends[0] + 1 :]))


# --- systemd -------------------------------------------------------------------------------------


def units(setup: Setup) -> dict[str, str]:
    """Write user units by the names of their files: a service and a timer for each run."""
    texts = {}
    for task in tasks(setup):
        texts[f"esign-{task.name}.service"] = _service(task, setup)
        texts[f"esign-{task.name}.timer"] = _timer(task, setup)
    return texts


def timers(setup: Setup) -> tuple[str, ...]:
    """Name the timer units to enable."""
    return tuple(name for name in units(setup) if name.endswith(".timer"))


def _service(task: Task, setup: Setup) -> str:
    lines = [
        f"# {_(_ABOUT)}",
        "[Unit]",
        f"Description=esign {task.name}",
        "",
        "[Service]",
        "Type=oneshot",
        "UMask=0077",
    ]
    if setup.environment_file is not None:
        lines.append(f"EnvironmentFile=-{_unit_path(setup.environment_file)}")
    lines.append("ExecStart=" + " ".join(map(_unit_word, task.words)))
    return "\n".join((*lines, ""))


def _timer(task: Task, setup: Setup) -> str:
    day = "" if task.daily else "Mon "
    lines = (
        f"# {_(_ABOUT)}",
        "[Unit]",
        f"Description=esign {task.name}",
        "",
        "[Timer]",
        f"OnCalendar={day}*-*-* {setup.hour:02}:{setup.minute:02}:00",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
        "",
    )
    return "\n".join(lines)


def _unit_word(word: str) -> str:
    """One word of a command line, as systemd.service(5) and systemd.syntax(7) read it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _unit_path(path: Path) -> str:
    """A path that stands alone: only % means something there."""
    return str(path).replace("%", "%%")
