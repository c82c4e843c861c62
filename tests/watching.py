"""`esign check-card --watch` beside the test, and a long run of it on the virtual reader.

    python -m tests.watching [INSERTIONS] [SECONDS]

puts a card in so many times (500), each for so long (3 s), and ends with 1 if one was missed, a
child was left, or the watching process grew.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from esign_cli.madeup import Issued, MadeUpCa, national_id
from tests import parts
from tests.virtual_card import Inserted, PivCard, running_reader

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
        self.said = ""
        os.set_blocking(self._out, False)

    @property
    def _out(self) -> int:
        assert self.run.stdout is not None
        return self.run.stdout.fileno()

    def wait(self, count: int) -> list[str]:
        """The lines once there are `count`."""
        end = time.monotonic() + PATIENCE
        text = ""
        while len(self.lines) < count:
            assert time.monotonic() < end, (self.lines, self.stop())
            assert self.run.poll() is None, self.stop()
            try:
                text += os.read(self._out, 65536).decode()
            except BlockingIOError:
                time.sleep(0.02)
                continue
            *whole, text = text.split("\n")
            self.lines += whole
        return self.lines

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        self.run.send_signal(signal.SIGINT)
        assert self.run.stderr is not None
        self.said = self.run.stderr.read().decode()
        return self.run.wait(PATIENCE)

    def memory(self) -> int:
        """Kilobytes that the watching process and its child have in memory."""
        total = 0
        for process in (self.run.pid, *self.children()):
            status = Path(f"/proc/{process}/status").read_text()
            total += int(status.partition("VmRSS:")[2].split()[0])
        return total

    def children(self) -> list[int]:
        """The processes that it has started and that still run."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
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
    exit_code: int
    left: list[int]
    """Processes that were left."""


def insert(
    module: Path, people: list[Issued], count: int, *, stay: float = 0.0, absent: float = 0.4
) -> Insertions:
    """Put the cards of these people in, one after the other, `count` times in all.

    Each stays until it is told, and `stay` seconds at least.
    """
    cards = [PivCard(issued) for issued in people]
    start = 0
    with Watch(module, "--json") as watch:
        for number in range(count):
            began = time.monotonic()
            with Inserted(cards[number % len(cards)]):
                watch.wait(number + 1)
                time.sleep(max(0.0, stay - (time.monotonic() - began)))
            time.sleep(absent)
            if number + 1 == min(WARM_UP, count):
                start = watch.memory()
        growth = watch.memory() - start
        found = [json.loads(line)["data"] for line in watch.lines]
        code = watch.stop()
        left = watch.children()
    holders = [data["tokens"][0]["certificates"][0]["holder"] if data else "" for data in found]
    again = [bool(data and data["again"]) for data in found]
    return Insertions(holders, again, growth, code, left)


def made_up_people(now: datetime) -> list[Issued]:
    """Certificates for a few cards."""
    ca, begin = MadeUpCa.create(now), now - timedelta(days=500)
    numbers = range(1, PEOPLE + 1)
    return [ca.issue(f"KİŞİ {n}", national_id(n), key="P-256", not_before=begin) for n in numbers]


def main() -> int:
    count, stay = int(sys.argv[1] if sys.argv[1:] else 500), float((sys.argv[2:] or ["3"])[0])
    people = made_up_people(datetime.now(UTC))
    with running_reader():
        ran = insert(parts.opensc(), people, count, stay=stay)
    expected = [f"KİŞİ {number % PEOPLE + 1}" for number in range(count)]
    right = ran.told == expected and not ran.left and ran.exit_code == 0
    print(f"{count} insertions, {len(ran.told)} told, {ran.growth} kB more, left: {ran.left}")
    return int(not right or ran.growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
