"""What `esign eligible --format csv` costs above `esign --help`, both timed in one run.

    python benchmarks/eligible.py              13,000 people (limit 0.5 s), then 200,000
    python benchmarks/eligible.py 1200000      any other number of people

The databases are made up here: a quarter of the people hold a certificate whose end lies anywhere
in three years, a third of those have an assignment. Runs are paired and their medians compared.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from esign_cli.store import Store, open_store
from esign_cli.turkish import fold

TODAY = date(2026, 11, 23)
LIMIT = 0.5
PAIRS = 7
BATCH = 20_000
DISTRICTS = ("MERKEZ", "BEŞİRİ", "GERCÜŞ", "HASANKEYF", "KOZLUK", "SASON")
GIVEN = ("ŞÜKRÜ", "AYŞE", "İBRAHİM", "ÇİĞDEM", "IŞIL", "ÖMER", "ÜLKÜ", "GÖKÇE")
FAMILY = ("IŞIK", "İNCE", "ÇELİK", "ÖZTÜRK", "ŞAHİN", "GÜNEŞ", "AĞAOĞLU")
STATUS = ("Görevde",) * 17 + ("Ücretsiz İzinde", "Emekli", "Nakil")

PERSON = (
    "INSERT INTO person (national_id, given_name, family_name, name_key, birth_place, birth_date,"
    " email, mobile_phone, registry_no, file_id, sheet, row)"
    " VALUES (?, ?, ?, ?, 'BATMAN', '1980-05-01', '', '', '', 1, 'Sayfa1', ?)"
)
DUTY = (
    "INSERT INTO duty (national_id, duty_class, institution_code, start, institution, province,"
    ' district, district_key, title, branch, unit, kind, status, "end", end_column,'
    " province_assumed, file_id, sheet, row)"
    " VALUES (?, ?, ?, ?, ?, '72', ?, ?, ?, '', '', '', ?, ?, ?, 0, 1, 'Sayfa1', ?)"
)
CERTIFICATE = (
    "INSERT INTO certificate (national_id, origin, not_after, file_id, sheet, row, seen_at)"
    " VALUES (?, 'list', ?, 1, 'Sayfa1', ?, '')"
)


def national_id(number: int) -> str:
    """A made-up national id with right check digits."""
    digits = [int(c) for c in f"{100_000_000 + number:09d}"]
    tenth = (7 * sum(digits[0::2]) - sum(digits[1::2])) % 10
    return "".join(map(str, digits)) + str(tenth) + str((sum(digits) + tenth) % 10)


def fill(store: Store, people: int) -> None:
    """A roster of so many people in one province, with certificates and assignments."""
    chance = random.Random(people)
    with store.writing() as db:
        db.execute(
            "INSERT INTO import VALUES (1, ?, ?, 'roster', 1, '72', '', ?, ?, 0, 0, 0, 0, 0)",
            (f"{TODAY}T09:00:00+00:00", str(TODAY), people, people),
        )
        db.execute("INSERT INTO file (id, import_id, name, sha256) VALUES (1, 1, 'p.xlsx', 'x')")
        for first in range(0, people, BATCH):
            numbers = range(first, min(first + BATCH, people))
            made = [_rows(number, chance) for number in numbers]
            db.executemany(PERSON, [rows[0] for rows in made])
            db.executemany(DUTY, [row for rows in made for row in rows[1]])
            db.executemany(CERTIFICATE, [row for rows in made for row in rows[2]])


Row = tuple[Any, ...]


def _rows(number: int, chance: random.Random) -> tuple[Row, list[Row], list[Row]]:
    one, line = national_id(number), number + 2
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    district = chance.choice(DISTRICTS)
    key = fold(district)
    status = chance.choice(STATUS)
    start = date(2000, 9, 1) + timedelta(chance.randrange(9000))
    school = chance.randrange(100_000, 100_400)
    post = (
        one, "permanent", str(school), str(start), f"OKUL {school}", district, key, "Öğretmen",
        status, None, 0, line,
    )  # fmt: skip
    duties, certificates = [post], []
    if chance.random() < 0.25:
        end = TODAY + timedelta(chance.randrange(-60, 1095))
        certificates.append((one, str(end), line))
        if chance.random() < 0.33:
            until = TODAY + timedelta(chance.randrange(-100, 900))
            duties.append(
                (one, "assignment", "200000", "2025-02-03", "MÜDÜRLÜK", district, key, "Müdür",
                 "Görevde", str(until), 1, line)
            )  # fmt: skip
    return (one, given, family, f"{fold(given)} {fold(family)}", line), duties, certificates


def timed(words: Sequence[str]) -> float:
    """Seconds of one command line, in a process of its own."""
    command = [sys.executable, "-m", "esign_cli", *words]
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def pairs(database: Path, count: int) -> Iterator[tuple[float, float]]:
    """Seconds of `--help` and of `eligible`, one after the other."""
    asked = ["--db", str(database), "eligible", "--province", "batman", "--on", str(TODAY)]
    for _ in range(count):
        yield timed(["--help"]), timed([*asked, "--format", "csv"])


def memory(database: Path) -> int:
    """The most memory that `eligible` held at once, in MiB (Linux)."""
    asked = ["--db", str(database), "eligible", "--on", str(TODAY), "--format", "csv"]
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    command = [sys.executable, "-c", program, sys.executable, "-m", "esign_cli", *asked]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def measure(folder: Path, people: int, count: int) -> float:
    """Print the figures for so many people; gives the seconds above `--help`."""
    database = folder / f"{people}.db"
    with open_store(database) as store:
        fill(store, people)
    list(pairs(database, 1))  # once for the caches
    done = list(pairs(database, count))
    help_, eligible = (statistics.median(times) for times in zip(*done, strict=True))
    above = statistics.median(there - here for here, there in done)
    print(
        f"{people:>9,} people   --help {help_:.3f} s   eligible {eligible:.3f} s"
        f"   above --help {above:.3f} s   {memory(database)} MiB"
    )
    return above


def main(words: Sequence[str]) -> int:
    sizes = [int(word) for word in words] or [13_000, 200_000]
    os.environ |= {"ESIGN_LANG": "en"}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        above = {size: measure(Path(folder), size, PAIRS if size < 50_000 else 3) for size in sizes}
    met = above.get(13_000, 0.0) <= LIMIT
    print(f"limit for 13,000 people: {LIMIT} s above --help: {'met' if met else 'NOT MET'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
