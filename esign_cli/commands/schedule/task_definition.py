"""A run as a task of Windows' Task Scheduler: the XML that `schtasks /Create /XML` takes.

Schema: https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
"""

from __future__ import annotations

from datetime import date
from xml.sax.saxutils import escape

from esign_cli.commands.schedule.job import Setup, Task, tasks
from esign_cli.foundation.errors.outputs import PathUnschedulable

FOLDER = "esign"
_SHELL = r"%SystemRoot%\System32\cmd.exe"
_LONGEST_RUN = "PT2H"

_DEFINITION = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{about}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{begins}T{hour:02}:{minute:02}:00</StartBoundary>
      {often}
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <ExecutionTimeLimit>{longest}</ExecutionTimeLimit>
  </Settings>
  <Actions>
    <Exec>
      <Command>{shell}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""
_DAILY = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
_MONDAYS = (
    "<ScheduleByWeek><WeeksInterval>1</WeeksInterval>"
    "<DaysOfWeek><Monday /></DaysOfWeek></ScheduleByWeek>"
)


def definitions(setup: Setup, begins: date) -> dict[str, str]:
    """Return the tasks by their names, first run on `begins`; raises PathUnschedulable."""
    return {rf"{FOLDER}\{task.name}": _definition(task, setup, begins) for task in tasks(setup)}


def _definition(task: Task, setup: Setup, begins: date) -> str:
    return _DEFINITION.format(
        about=f"esign {task.name}: made by esign schedule, which replaces it when it runs again",
        begins=begins.isoformat(),
        hour=setup.hour,
        minute=setup.minute,
        often=_DAILY if task.daily else _MONDAYS,
        longest=_LONGEST_RUN,
        shell=_SHELL,
        arguments=escape(shell_arguments(task, setup)),
        folder=escape(str(setup.folder)),
    )


def shell_arguments(task: Task, setup: Setup) -> str:
    """Return what cmd.exe is given: the command line, whose output goes into the log.

    With /s cmd.exe takes away the outermost quotation marks and leaves all others alone.
    """
    words = [*task.words, str(setup.log)]
    for word in words:
        if "%" in word or '"' in word:  # cmd.exe puts variables in, also between quotation marks
            raise PathUnschedulable(path=word)
    quoted = [f'"{word}"' for word in words]
    return f'/d /s /c "{" ".join(quoted[:-1])} >>{quoted[-1]} 2>&1 <nul"'
