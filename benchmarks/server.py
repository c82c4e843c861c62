"""What a roster on a PostgreSQL server costs beside one in a file, both timed in one run.

    python -m benchmarks.server                 13,000 people judged, 100,000 rows imported
    python -m benchmarks.server 1000 5000       other sizes

The server is a private one in a temporary folder, reached by its socket, with the settings that
PostgreSQL has by itself. Runs are paired and take turns, and the median of their ratios is told: of
the time on the clock, and of the processor's time of esign alone. The round trips of `eligible` are
counted by a proxy that also brings everything 50 ms late in each direction.

What nothing of esign's can change is told as well: what loading the driver and connecting take a
Python that has loaded `eligible`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.eligible import Times, environment, fill, question, timed
from benchmarks.import_roster import people, write_xlsx
from esign_cli.foundation import database_server
from esign_cli.store import open_store
from tests.support.postgres import Cluster, name_of, programs, running
from tests.support.way import way

PAIRS = {"eligible": 15, "import": 3}
LIMITS = {"eligible": 1.4, "import": 2.0}
"""Times what a file takes."""
LATENCY, SLOWEST, MOST_ROUND_TRIPS = 0.1, 4.0, 20
CONNECTS = "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).close()"
LOADED_ANYWAY = """
import gc
from esign_cli.__main__ import GARBAGE
gc.set_threshold(GARBAGE)
from esign_cli.commands.eligible import command, job, output
"""
Words = Callable[[], list[str]]


def served(cluster: Cluster) -> float:
    """Processor seconds of all sessions of the server that have ended (Linux)."""
    number = (cluster.data / "postmaster.pid").read_text("utf-8").split()[0]
    ticks = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()[13:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def paired(name: str, cluster: Cluster, file: Words, server: Words) -> bool:
    """Print how much longer it takes on the server; gives whether the limit is met."""
    runs: list[tuple[Times, Times]] = []
    for turn in range(PAIRS[name] + 1):
        if turn == 1:
            before = served(cluster)  # the first was for the caches
        order = (file, server) if turn % 2 else (server, file)
        times = {words: timed(words()) for words in order}
        runs.append((times[file], times[server]))
    del runs[0]
    there = (served(cluster) - before) / len(runs)
    clock = statistics.median(there[0] / here[0] for here, there in runs)
    sides = zip(*runs, strict=True)
    (took, used), (took_there, used_there) = (
        map(statistics.median, zip(*side, strict=True)) for side in sides
    )
    met = clock <= LIMITS[name]
    print(
        f"{name:<10} file {took:.3f} s ({used:.2f} s of the processor)   server {took_there:.3f} s"
        f" ({used_there:.2f} s, and the server {there:.2f} s)   {clock:.2f} times"
        f" (limit {LIMITS[name]}), of all processor time {(used_there + there) / used:.2f} times"
        f"   {'met' if met else 'NOT MET'}",
        flush=True,
    )
    return met


def driver(address: str) -> float:
    """Seconds that loading the driver and connecting take, above a Python without them."""

    def took(more: str) -> float:
        begun = time.perf_counter()
        script = f"{LOADED_ANYWAY}{more}"
        subprocess.run([sys.executable, "-c", script, address], env=environment(), check=True)
        return time.perf_counter() - begun

    took(CONNECTS)
    return statistics.median(took(CONNECTS) - took("") for _ in range(PAIRS["eligible"]))


def filled(cluster: Cluster, folder: Path, count: int) -> tuple[Path, str]:
    """A file and a server's database with the same people."""
    file, address = folder / "esign.db", cluster.new()
    for place in (file, database_server.parse(address)):
        with open_store(place) as store:
            fill(store, count)
    cluster.sql(name_of(address), "VACUUM ANALYZE")  # it does so itself, later
    return file, address


def eligible(cluster: Cluster, folder: Path, count: int) -> list[bool]:
    """Print the figures of `eligible`."""
    file, address = filled(cluster, folder, count)
    near = paired(
        "eligible", cluster, lambda: question(file, count), lambda: question(address, count)
    )
    print(f"{'':<10} of that loading the driver and connecting {driver(address):.3f} s", flush=True)
    with way(f"{cluster.folder}/.s.PGSQL.5432", LATENCY / 2) as far:
        timed(question(far.address(address), count))
        far.round_trips = 0
        seconds, _work = timed(question(far.address(address), count))
        trips = far.round_trips
    met = seconds <= SLOWEST and trips <= MOST_ROUND_TRIPS
    print(
        f"eligible   with {LATENCY * 1000:.0f} ms of latency {seconds:.2f} s (limit {SLOWEST}),"
        f" {trips} round trips (limit {MOST_ROUND_TRIPS})   {'met' if met else 'NOT MET'}",
        flush=True,
    )
    return [near, met]


def imported(cluster: Cluster, folder: Path, count: int) -> bool:
    """Print the figures of `import`."""
    workbook = folder / "roster.xlsx"
    write_xlsx(workbook, people(count))
    numbers = iter(range(1000))

    def words(place: str) -> list[str]:
        return ["--db", place, "import", "--province", "72", str(workbook)]

    return paired(
        "import",
        cluster,
        lambda: words(str(folder / f"{next(numbers)}.db")),
        lambda: words(cluster.new()),
    )


def main(words: Sequence[str]) -> int:
    judged, read = [int(word) for word in words] or [13_000, 100_000]
    where = programs()
    if where is None:
        raise SystemExit("PostgreSQL is missing (Debian: apt install postgresql)")
    os.environ |= {"ESIGN_LANG": "en"}
    with tempfile.TemporaryDirectory() as name, running(where, {}) as cluster:
        os.environ |= {"XDG_CONFIG_HOME": name, "XDG_DATA_HOME": name, "XDG_STATE_HOME": name}
        met = eligible(cluster, Path(name), judged)
        met.append(imported(cluster, Path(name), read))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
