"""What 5,000 approvals cost among 13,000 and among 130,000 people, in one command each.

    python benchmarks/approvals.py                 both sizes
    python benchmarks/approvals.py 130000 200      200 approvals among so many people

Wanted: at most 10 s, at most 2 ms for each whatever the roster's size, no write lock held longer
than 0.5 s, and a command that is killed midway has done whole chunks, of which the next one does
the rest alone. The seconds are those of the whole command above `esign --help`, so with the
pauses in which it lets other programs write; how long the lock is held is seen by a second program
that asks for it all the time.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from eligible import fill, national_id, timed  # the script beside this one

from esign_cli.foundation import clock
from esign_cli.store import open_store

SIZES = (13_000, 130_000)
APPROVALS = 5_000
MOST_SECONDS, MOST_EACH, LONGEST_LOCK = 10.0, 0.002, 0.5
ROUNDS = 3


def prepare(database: Path, people: int, approvals: int) -> None:
    """A roster of today in which as many as are to be approved are eligible and have applied."""
    today = clock.today()
    ends = str(today + timedelta(40))
    with open_store(database) as store:
        fill(store, people, 1.0)
        with store.writing() as db:
            db.execute("UPDATE import SET as_of = ?", (str(today),))
            ids = [national_id(number * (people // approvals)) for number in range(approvals)]
            given = [(ends, one) for one in ids]
            db.executemany("UPDATE certificate SET not_after = ? WHERE national_id = ?", given)
            db.executemany(
                "UPDATE duty SET status = 'Görevde', \"end\" = iif(\"end\" IS NULL, NULL, ?)"
                " WHERE national_id = ?", given,
            )  # fmt: skip
            db.executemany(
                "INSERT INTO application (national_id, reason, opened) VALUES (?, 'renewal', ?)",
                [(one, str(today)) for one in ids],
            )
            db.execute(
                "INSERT INTO application_event (application, state, date, at, os_user)"
                " SELECT number, 'submitted', opened, opened || 'T06:00:00+00:00', 'x'"
                " FROM application"
            )
    database.with_suffix(".txt").write_text("\n".join(ids))


def forget_approvals(database: Path) -> None:
    """Bring the applications back to where they were."""
    with open_store(database) as store, store.writing() as db:
        db.execute("DELETE FROM application_event WHERE state = 'approved'")


def approved(database: Path) -> int:
    db = sqlite3.connect(database)
    (count,) = db.execute(
        "SELECT count(*) FROM application_event WHERE state = 'approved'"
    ).fetchone()
    db.close()
    return int(count)


@contextmanager
def watching(database: Path) -> Iterator[list[float]]:
    """Ask for the write lock all the time, and take down how long it was refused at a stretch."""
    refused, end = [0.0], threading.Event()

    def ask() -> None:
        db = sqlite3.connect(database, timeout=0, isolation_level=None)
        since = None
        while not end.is_set():
            try:
                db.execute("BEGIN IMMEDIATE")
                db.execute("ROLLBACK")
            except sqlite3.OperationalError:
                since = since or time.perf_counter()
            else:
                if since is not None:
                    refused.append(time.perf_counter() - since)
                since = None
            time.sleep(0.001)
        db.close()

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield refused
    finally:
        end.set()
        thread.join()


def command(database: Path) -> list[str]:
    listed = str(database.with_suffix(".txt"))
    return ["--db", str(database), "applications", "approve", "--from", listed, "--yes"]


def killed(database: Path) -> int:
    """Kill it after a third; gives how many it had done, all of them by the next one."""
    forget_approvals(database)
    words = [sys.executable, "-m", "esign_cli", *command(database)]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    total = len(database.with_suffix(".txt").read_text().split())
    while approved(database) < total / 3 and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    return approved(database)


def measure(folder: Path, people: int, approvals: int) -> bool:
    """Print the figures for so many people; gives whether the limits are met."""
    database = folder / f"{people}.db"
    prepare(database, people, approvals)
    timed(command(database))  # the audit trail's first row digests all that is there
    best, longest = float("inf"), 0.0
    for _round in range(ROUNDS):
        forget_approvals(database)
        help_ = timed(["--help"])[0]
        with watching(database) as refused:
            best = min(best, timed(command(database))[0] - help_)
        longest = max(longest, *refused)
        assert approved(database) == approvals, approved(database)
    before = killed(database)
    timed(command(database))
    whole = approved(database) == approvals
    each = best / approvals
    met = (best <= MOST_SECONDS, each <= MOST_EACH, longest <= LONGEST_LOCK, whole)
    print(
        f"{people:>9,} people   {approvals:,} approvals {best:6.2f} s (limit {MOST_SECONDS} s),"
        f" {each * 1000:.2f} ms each (limit {MOST_EACH * 1000} ms)"
        f"   longest lock {longest:.2f} s (limit {LONGEST_LOCK} s)"
        f"   killed at {before:,}, the next did the rest: {whole}"
        f"   {'met' if all(met) else 'NOT MET'}"
    )
    return all(met)


def main(words: Sequence[str]) -> int:
    sizes = [int(words[0])] if words else list(SIZES)
    approvals = int(words[1]) if words[1:] else APPROVALS
    os.environ |= {"ESIGN_LANG": "en"}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        met = [measure(Path(folder), size, approvals) for size in sizes]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
