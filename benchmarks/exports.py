"""What a file of everybody costs over 130,000 people: xlsx beside csv, in one run.

    python benchmarks/exports.py           130,000 people
    python benchmarks/exports.py 13000     so many

The database is that of benchmarks/eligible.py. An xlsx may take twice the time of the csv; the
memory is the highest of the process, as the system counts it.
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

PEOPLE = 130_000
LIMIT = 2.0
"""How many times the csv's time an xlsx may take."""
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


def main(words: Sequence[str]) -> int:
    people = int(words[0]) if words else PEOPLE
    os.environ |= {"ESIGN_LANG": "en"}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        database = Path(folder) / "esign.db"
        with open_store(database) as store:
            fill(store, people, 1.0)
        asked = ["--db", str(database), "eligible", "--province", "batman", "--on", str(TODAY)]
        asked += ["--verdict", "all", "--force", "--output"]
        best: dict[str, tuple[float, int]] = {}
        for ending in ("csv", "xlsx") * COUNT:
            took = run([*asked, str(Path(folder) / f"r.{ending}")])
            best[ending] = min(took, best.get(ending, took))
        calendar = ["--db", str(database), "calendar", "--days", "1200", "--force", "--output"]
        best["ics"] = run([*calendar, str(Path(folder) / "r.ics")])
    ratio = best["xlsx"][0] / best["csv"][0]
    for ending, (seconds, mebibytes) in best.items():
        print(f"{people:>9,} people   {ending:<5} {seconds:7.2f} s   {mebibytes:5} MiB")
    print(f"xlsx / csv: {ratio:.2f} (limit {LIMIT})   {'met' if ratio <= LIMIT else 'NOT MET'}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
