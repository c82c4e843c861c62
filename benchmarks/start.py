"""What `esign` alone costs beside `esign config`: over 40 people, then over 200,000.

    python benchmarks/start.py [RUNS]

Runs are paired; the ratio is the median of pairs. Wanted: at most 1.5 times, whatever the roster's
size, once the numbers of the day are counted; what counting them costs is printed beside it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from esign_cli.store import open_store

sys.path.insert(0, str(Path(__file__).parent))
from eligible import fill
from startup import compare, seconds

SIZES = (40, 200_000)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    esign = str(Path(sys.executable).with_name("esign"))
    for people in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            env = {"PATH": os.environ["PATH"], "HOME": folder, "ESIGN_LANG": "en"}
            database = Path(folder, "esign.db")
            with open_store(database) as store:
                fill(store, people)
            ours = [esign, "--db", str(database)]
            first = time.perf_counter()
            seconds(ours, env)  # the trail's first row, over all tables
            seconds([*ours, "eligible", "--format", "csv"], env)
            counted = seconds(ours, env)
            print(f"{people:,} people: begun in {time.perf_counter() - first:.1f} s;", end=" ")
            print(f"counted once a day in {counted:.2f} s")
            compare(f"{people:>7,} people", ours, [esign, "config"], env, runs)


if __name__ == "__main__":
    main()
