"""`esign` at any time of any day: a process that has loaded it forks one for each command.

python -m tests.year.clocked      reads commands as JSON, a line each; for tests.year alone
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

LOADED = (
    "esign_cli.cli.app",
    "esign_cli.commands.applications.command",
    "esign_cli.commands.imports.import_command",
    "esign_cli.commands.remind.command",
    "esign_cli.outputs.messages.mail",
    "esign_cli.outputs.messages.sms",
)


@dataclass(frozen=True)
class Ran:
    """How a command ended: a negative code is the signal that killed it."""

    code: int
    output: str


class Clocked:
    """Runs esign with a clock that is given."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        self.pid = 0
        """Of the command that runs."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.year.clocked"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(environment),
        )

    def run(
        self, words: Sequence[str], now: datetime, meanwhile: Callable[[], None] | None = None
    ) -> Ran:
        """Run a command at that instant (aware); `meanwhile` is called while it runs."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([list(words), now.isoformat(), str(self._log)]) + "\n")
        stdin.flush()
        self.pid = int(stdout.readline())
        if meanwhile is not None:
            meanwhile()
        code = int(stdout.readline())
        self.pid = 0
        return Ran(code, self._log.read_text("utf-8", "replace"))

    def kill(self) -> None:
        """Kill the command that runs, if it still does."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process."""
        if self._process.stdin:
            self._process.stdin.close()
        if self._process.stdout:
            self._process.stdout.close()
        self._process.wait(10)


def main() -> None:
    """Fork for each line: first the number of the process is told, then how it ended.

    One that has ended keeps its number until the next line: who kills it late kills nobody else.
    """
    _load()
    ended = 0
    for line in sys.stdin:
        if ended:
            os.waitpid(ended, 0)
        words, now, log = json.loads(line)
        pid = os.fork()
        if not pid:
            _child(words, datetime.fromisoformat(now), log)
        print(pid, flush=True)
        ending = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert ending is not None
        code = ending.si_status if ending.si_code == os.CLD_EXITED else -ending.si_status
        print(code, flush=True)
        ended = pid


def _load() -> None:
    """Import what commands import, once for all of them: a kill then falls into their work."""
    for name in LOADED:
        importlib.import_module(name)


def _child(words: Sequence[str], start: datetime, log: str) -> None:
    from esign_cli import __main__
    from esign_cli.foundation import clock

    handle = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, to in enumerate((nothing, handle, handle)):
        os.dup2(to, number)
    begun = time.monotonic()
    clock.now = lambda: start + timedelta(seconds=time.monotonic() - begun)
    sys.argv = ["esign", *words]
    code: object = 1
    try:
        __main__.run()
        code = 0
    except SystemExit as ending:
        code = ending.code or 0
    except BaseException:  # noqa: BLE001  (the child ends here, whatever it was)
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
