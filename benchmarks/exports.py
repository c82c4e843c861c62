"""What files of everybody cost over 13,000 and 130,000 people: xlsx beside csv, in one run.

    python benchmarks/exports.py               both sizes
    python benchmarks/exports.py 13000 50000   these

The database is that of benchmarks/eligible.py, in which everybody holds a certificate. An xlsx may
take twice the csv's time of the processor; the memory is the highest of the process, as the system
counts it, and is to be the same for both sizes but for what the interpreter leaves lying about.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eligible import TODAY  # the script beside this one

SIZES = (13_000, 130_000)
LIMIT = 2.0
"""How many times the csv's time an xlsx may take."""
MOST_MORE = 16
"""MiB that the largest size may hold more than the smallest."""
COUNT = 3
REPORT = ("csv", "xlsx", "html", "json")
"""How a report is written a row at a time; a PDF is held whole by what typesets it."""
_CHILD = (
    "import resource, sys; from esign_cli.__main__ import run\n"
    "try: run()\n"
    "except SystemExit: pass\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print(used.ru_utime + used.ru_stime, used.ru_maxrss >> 10, file=sys.stderr)"
)
_FILL = (
    "import sys; from eligible import fill; from esign_cli.store import open_store\n"
    "from pathlib import Path\n"
    "with open_store(Path(sys.argv[1])) as store: fill(store, int(sys.argv[2]), 1.0)"
)
"""In a process of its own: what a process held, its children are told to have held as well."""


def run(words: Sequence[str]) -> tuple[float, int]:
    """Run esign; gives its seconds of the processor and MiB."""
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, *words], capture_output=True, text=True, check=True
    )
    seconds, mebibytes = ran.stderr.split()[-2:]
    return float(seconds), int(mebibytes)


def measure(people: int) -> dict[str, tuple[float, int]]:
    """The best seconds and the MiB of each kind of file."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        database = Path(folder) / "esign.db"
        here = Path(__file__).parent
        words = [sys.executable, "-c", _FILL, str(database), str(people)]
        subprocess.run(words, check=True, cwd=here, env={**os.environ, "PYTHONPATH": str(here)})
        asked = ["--db", str(database), "eligible", "--province", "batman", "--on", str(TODAY)]
        asked += ["--verdict", "all", "--force", "--output"]
        best: dict[str, tuple[float, int]] = {}
        for ending in (*("csv", "xlsx") * COUNT, "json"):
            took = run([*asked, str(Path(folder) / f"r.{ending}")])
            best[ending] = min(took, best.get(ending, took))
        calendar = ["--db", str(database), "calendar", "--days", "1200", "--force", "--output"]
        best["ics"] = run([*calendar, str(Path(folder) / "r.ics")])
        report = ["--db", str(database), "report", "--province", "batman", "--on", str(TODAY)]
        for ending in REPORT:
            output = str(Path(folder) / f"report.{ending}")
            best[f"report {ending}"] = run([*report, "--force", "--output", output])
    for what, (seconds, mebibytes) in best.items():
        print(f"{people:>9,} people   {what:<11} {seconds:7.2f} s   {mebibytes:5} MiB")
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
            f"{ending:<11} {more:+} MiB from the smallest to the largest (limit {MOST_MORE})"
            f"   {'met' if met[-1] else 'NOT MET'}"
        )
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
