"""A made-up year of `esign`, day by day: every reminder once, on its day, to the right people.

    python -m tests.year [DAYS] [--people N] [--seed N] [--first YYYY-MM-DD]

Each day has its clock: imports on Mondays and on the first of a month, applications, and `remind`
through a mail server and an SMS gateway on loopback, which have bad days; commands are killed at
any moment and run again. An oracle that shares no rule with esign says who must get what. It ends
with 1 at the first difference; 365 days of 250 people take some minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from tests.year.simulation import Wrong, Year


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.year")
    options.add_argument("days", nargs="?", type=int, default=365)
    options.add_argument("--people", type=int, default=250)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=date.fromisoformat, default=date(2027, 1, 4))
    given = options.parse_args()
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Year(Path(folder), given.people, given.first, given.days, given.seed) as year,
    ):
        try:
            for number in range(given.days):
                year.day(given.first + timedelta(number))
                if number % 30 == 0 and sys.stderr.isatty():
                    print(f"\r{number}/{given.days}", end="", file=sys.stderr)
            year.check_record()
        except Wrong as wrong:
            print(f"WRONG (seed {given.seed})\n{wrong}")
            return 1
        finally:
            print(year.figures)
            print(f"{given.people} people, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
