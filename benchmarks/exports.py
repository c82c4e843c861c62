"""What a file of everybody costs over 13,000 and 130,000 people: xlsx beside csv, in one run.

    python benchmarks/exports.py               both sizes
    python benchmarks/exports.py 13000 50000   these

The database is that of benchmarks/eligible.py, in which everybody holds a certificate. An xlsx may
take twice the time of the csv; the memory is the highest of the process, as the system counts it,
and is to be the same for both sizes but for what the interpreter leaves lying about.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from eligible import TODAY, fill  # the script beside this one

from esign_cli.store import open_store

SIZES = (13_000, 130_000)
LIMIT = 2.0
"""How many times the csv's time an xlsx may take."""
MOST_MORE = 16
"""MiB that the largest size may hold more than the smallest."""
COUNT = 3
_CHILD = (
    "import resource, sys; from esign_cli.__main__ import run\n"
    "try: run()\n"
    "except SystemExit: pass\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10, file=sys.stderr)"
)


def run(words: Sequence[str]) -> tuple[float, int]:
    """Run esign; gives its seconds and MiB."""
    begin = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, *words], capture_output=True, text=True, check=True
    )
    return time.perf_counter() - begin, int(ran.stderr.split()[-1])


def measure(people: int) -> dict[str, tuple[float, int]]:
    """The best seconds and the MiB of each kind of file."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        database = Path(folder) / "esign.db"
        with open_store(database) as store:
            fill(store, people, 1.0)
        asked = ["--db", str(database), "eligible", "--province", "batman", "--on", str(TODAY)]
        asked += ["--verdict", "all", "--force", "--output"]
        best: dict[str, tuple[float, int]] = {}
        for ending in (*("csv", "xlsx") * COUNT, "json"):
            took = run([*asked, str(Path(folder) / f"r.{ending}")])
            best[ending] = min(took, best.get(ending, took))
        calendar = ["--db", str(database), "calendar", "--days", "1200", "--force", "--output"]
        best["ics"] = run([*calendar, str(Path(folder) / "r.ics")])
    for ending, (seconds, mebibytes) in best.items():
        print(f"{people:>9,} people   {ending:<5} {seconds:7.2f} s   {mebibytes:5} MiB")
    return best


def main(words: Sequence[str]) -> int:
    os.environ |= {"ESIGN_LANG": "en"}
    done = [measure(people) for people in map(int, words or map(str, SIZES))]
    met = []
    for best in done:
        ratio = best["xlsx"][0] / best["csv"][0]
        met.append(ratio <= LIMIT)
        print(f"xlsx / csv: {ratio:.2f} (limit {LIMIT})   {'met' if met[-1] else 'NOT MET'}")
    for ending, (_, least) in done[0].items():
        more = done[-1][ending][1] - least
        met.append(more <= MOST_MORE)
        print(
            f"{ending:<5} {more:+} MiB from the smallest to the largest (limit {MOST_MORE})"
            f"   {'met' if met[-1] else 'NOT MET'}"
        )
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
