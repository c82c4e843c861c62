"""What `esign report` with all formats costs over 13,000 people, timed beside `esign --help`.

    python benchmarks/report.py            a quarter hold a certificate, then all of them
    python benchmarks/report.py 50000      so many people

The database is that of benchmarks/eligible.py; HTML, PDF, xlsx, CSV and JSON are written in one
run, with a workbook for each district. Runs are paired and their medians compared.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from eligible import HOLDERS, TODAY, fill, pairs  # the script beside this one

from esign_cli.store import open_store

PEOPLE = 13_000
LIMIT = 6.0
"""Seconds, of the whole command."""
COUNT = 5
FORMATS = ("html", "pdf", "xlsx", "csv", "json")


def measure(folder: Path, people: int, holders: float) -> bool:
    """Print the figures; gives whether the limit is met."""
    database = folder / f"{people}-{holders}.db"
    with open_store(database) as store:
        fill(store, people, holders)
    outputs = [word for name in FORMATS for word in ("--output", str(folder / f"r.{name}"))]
    asked = ["--db", str(database), "report", "--province", "batman", "--on", str(TODAY)]
    asked += [*outputs, "--split", "district", "--force"]
    list(pairs(asked, 1))  # once for the caches
    done = list(pairs(asked, COUNT))
    took = statistics.median(there[0] for _, there in done)
    used = statistics.median(there[1] for _, there in done)
    help_ = statistics.median(here[0] for here, _ in done)
    met = took <= LIMIT or people > PEOPLE
    print(
        f"{people:>9,} people, {holders:.0%} with a certificate   --help {help_:.3f} s"
        f"   report {took:.3f} s (limit {LIMIT} s), {used:.3f} s of the processor"
        f"   {'met' if met else 'NOT MET'}"
    )
    return met


def main(words: Sequence[str]) -> int:
    sizes = [int(word) for word in words] or [PEOPLE]
    os.environ |= {"ESIGN_LANG": "en"}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        met = [measure(Path(folder), size, share) for size in sizes for share in (HOLDERS, 1.0)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
