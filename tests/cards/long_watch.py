"""`esign check-card --watch` beside the test, and a long run of it on the virtual reader.

    python -m tests.cards.long_watch [INSERTIONS] [SECONDS]

puts a card in so many times (500), each for so long (3 s), and ends with 1 if one was missed, a
child or a session was left, anybody logged in, or the watching process grew. Every call is traced
by pkcs11-spy, so the sessions are counted and not guessed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from esign_cli.commands.demo.made_up import Issued, MadeUpCa, national_id
from tests.support import parts
from tests.support.tokens import Sessions, Trace, spied
from tests.support.virtual_card import Inserted, PivCard, running_reader

GROWTH = 8192
"""Kilobytes by which a long run may grow after its first cards."""
WARM_UP = 5
PEOPLE = 3
PATIENCE = 20.0


class Watch:
    """`esign check-card --watch` beside us; `lines` are what it has printed so far."""

    def __init__(self, module: Path, *words: str | Path) -> None:
        command = [sys.executable, "-m", "esign_cli", "--lang", "en", "check-card", "--watch"]
        self.run = subprocess.Popen(
            [*command, "--module", str(module), *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.lines: list[str] = []
        self._begun = ""
        self.said = ""
        os.set_blocking(self._out, False)

    @property
    def _out(self) -> int:
        assert self.run.stdout is not None
        return self.run.stdout.fileno()

    def wait(self, count: int) -> list[str]:
        """The lines once there are `count`."""
        end = time.monotonic() + PATIENCE
        while len(self.lines) < count:
            assert time.monotonic() < end, (self.lines, self.stop())
            assert self.run.poll() is None, self.stop()
            if not self._more():
                time.sleep(0.02)
        return self.lines

    def after(self, seconds: float) -> list[str]:
        """All lines that are there after so many seconds."""
        time.sleep(seconds)
        while self._more():
            continue
        return self.lines

    def _more(self) -> bool:
        """Take in what has been printed since."""
        try:
            text = os.read(self._out, 65536).decode()
        except BlockingIOError:
            return False
        *whole, self._begun = (self._begun + text).split("\n")
        self.lines += whole
        return bool(text)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.run.send_signal(signal.SIGINT)
        try:
            code = self.run.wait(PATIENCE)
        finally:
            self.run.kill()
        assert self.run.stderr is not None
        self.said = self.run.stderr.read().decode()
        return code

    def memory(self) -> int:
        """Kilobytes that the watching process and its child have in memory."""
        total = 0
        for process in (self.run.pid, *self.children()):
            status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
            total += int(status.partition("VmRSS:")[2].split()[0])
        return total

    def files(self) -> int:
        """How many files, pipes and sockets the watching process and its child hold open."""
        return sum(
            len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208  (iterdir opens no fewer)
            for process in (self.run.pid, *self.children())
        )

    def children(self) -> list[int]:
        """The processes that it has started and that still run."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text("utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == self.run.pid and fields[0] != "Z":
                found.append(int(path.parent.name))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.run.poll() is None:
            self.run.kill()
        self.run.wait()
        for pipe in (self.run.stdout, self.run.stderr):
            if pipe is not None:
                pipe.close()


class Insertions(NamedTuple):
    """What became of a run."""

    told: list[str]
    """The holders, in the order in which they were told."""
    again: list[bool]
    growth: int
    """Kilobytes since the first cards."""
    more_files: int
    """Open files more than after the first cards."""
    sessions: Sessions
    logins: int
    exit_code: int
    left: list[int]
    """Processes that were left."""


def insert(
    trace: Trace,
    people: list[Issued],
    count: int,
    *words: str,
    stay: float = 0.0,
    absent: float = 0.4,
    told: Callable[[int, int], None] = lambda _number, _memory: None,
) -> Insertions:
    """Put the cards of these people in, one after the other, `count` times in all.

    Each stays until it is told, and `stay` seconds at least; `told` hears of each and of the
    kilobytes in memory.
    """
    cards = [PivCard(issued) for issued in people]
    memory = files = 0
    with Watch(trace.module.path, "--json", *words) as watch:
        for number in range(count):
            began = time.monotonic()
            with Inserted(cards[number % len(cards)]):
                watch.wait(number + 1)
                time.sleep(max(0.0, stay - (time.monotonic() - began)))
            time.sleep(absent)
            if number + 1 == min(WARM_UP, count):
                memory, files = watch.memory(), watch.files()
            told(number + 1, watch.memory())
        growth, more_files = watch.memory() - memory, watch.files() - files
        found = [json.loads(line)["data"] for line in watch.lines]
        code = watch.stop()
        left = watch.children()
    holders = [data["tokens"][0]["certificates"][0]["holder"] if data else "" for data in found]
    again = [bool(data and data["again"]) for data in found]
    return Insertions(
        holders, again, growth, more_files, trace.sessions(), trace.count("C_Login"), code, left
    )


def made_up_people(now: datetime) -> list[Issued]:
    """Certificates for a few cards."""
    ca, begin = MadeUpCa.create(now), now - timedelta(days=500)
    numbers = range(1, PEOPLE + 1)
    return [ca.issue(f"KİŞİ {n}", national_id(n), key="P-256", not_before=begin) for n in numbers]


def main() -> int:
    count, stay = int(sys.argv[1] if sys.argv[1:] else 500), float((sys.argv[2:] or ["3"])[0])
    people = made_up_people(datetime.now(UTC))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored
    with tempfile.TemporaryDirectory() as folder, running_reader():
        os.environ["ESIGN_DB"] = f"{folder}/esign.db"
        trace = spied(Path(folder, "spy.log"), parts.opensc(), os.environ.__setitem__)
        ran = insert(trace, people, count, "--save", stay=stay, told=_progress)
    right = (
        ran.told == [f"KİŞİ {number % PEOPLE + 1}" for number in range(count)]
        and ran.exit_code == 0
        and not ran.left
        and not ran.logins
        and ran.more_files <= 0
        and ran.sessions == Sessions(count, count, 1)
    )
    print(f"insertions: {count}, told: {len(ran.told)}, exit code: {ran.exit_code}")
    print(f"memory: {ran.growth:+} kB, open files: {ran.more_files:+}, children left: {ran.left}")
    opened, closed, most = ran.sessions
    print(f"sessions opened: {opened}, closed: {closed}, at once: {most}; logins: {ran.logins}")
    return int(not right or ran.growth > GROWTH)


def _progress(number: int, memory: int) -> None:
    if number in (1, WARM_UP) or number % 50 == 0:
        print(f"{datetime.now(UTC):%H:%M:%S} insertion {number}: {memory} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
