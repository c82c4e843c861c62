"""Errors of files, the terminal, child processes, the demo."""

from __future__ import annotations

from esign_cli.foundation.errors import EnvironmentFault, InputError, Refusal, UsageError


class FileMissing(InputError):
    code = "file-missing"
    path: str


class FileUnreadable(InputError):
    code = "file-unreadable"
    path: str
    detail: str


class MemoryShort(EnvironmentFault):
    """What was given is larger than this computer can hold."""

    code = "memory-short"


class FolderGone(EnvironmentFault):
    """The folder in which esign was started is not there any more."""

    code = "folder-gone"


class OutputExists(Refusal):
    code = "output-exists"
    path: str


class OutputFolderMissing(EnvironmentFault):
    code = "output-folder-missing"
    path: str


class OutputUnwritable(EnvironmentFault):
    code = "output-unwritable"
    path: str
    detail: str


class NameTooLong(OutputUnwritable):
    code = "name-too-long"
    path: str
    detail: str
    bytes: int
    """Of the longest part of the path."""
    longest: int
    """Bytes that a name may have there."""


class OthersMayWrite(Refusal):
    """Others could change a file or folder that decides what is trusted or run."""

    code = "others-may-write"
    path: str
    command: str
    """What mends it."""


class HomeMissing(OutputUnwritable):
    code = "home-missing"
    path: str
    """The home folder of this account, which is not there."""


class HomeUnknown(EnvironmentFault):
    """Neither HOME nor the list of accounts names a home folder."""

    code = "home-unknown"


class DiskFull(EnvironmentFault):
    code = "disk-full"
    path: str


class BinaryToTerminal(UsageError):
    code = "binary-to-terminal"
    format: str


class NoTerminal(UsageError):
    code = "no-terminal"
    wanted: str
    """What would have been asked."""
    option: str
    """What answers it without a terminal."""


class AlreadyRunning(EnvironmentFault):
    code = "already-running"
    what: str
    """The command of which another run has not ended."""
    path: str
    """Of the lock."""


class Declined(Refusal):
    """The user said no; nothing was done."""

    code = "declined"


class ChildDied(EnvironmentFault):
    code = "child-died"
    program: str
    signal: str | None
    exit_code: int | None
    stderr: str
    """Its last lines."""


class ChildFailed(ChildDied):
    """Our own program in the child is wrong; `stderr` is the traceback."""

    code = "child-failed"


class ChildTimedOut(EnvironmentFault):
    code = "child-timed-out"
    program: str
    seconds: float


class SoftTokenFailed(EnvironmentFault):
    code = "soft-token-failed"
    detail: str
    """What SoftHSM2 said while a made-up token was made."""


class DemoFolderInUse(Refusal):
    code = "demo-folder-in-use"
    path: str
    """A folder with files in it that the demo did not make."""


class DemoStepFailed(EnvironmentFault):
    code = "demo-step-failed"
    command: str
    status: int
    """Its exit code."""
