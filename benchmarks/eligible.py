"""What `esign eligible --format csv` costs above `esign --help`, both timed in one run.

    python benchmarks/eligible.py              13,000 people, then 200,000 (limits 0.5 and 2 s)
    python benchmarks/eligible.py 1200000      the whole ministry (limits 8 s and 300 MiB)

The databases are made up here: a quarter of the people hold a certificate whose end lies anywhere
in three years (of the ministry, 40,000 in the next three months), a third of those have an
assignment. A province is asked for, of the ministry everybody. Runs are paired and their medians
compared.
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

from esign_cli.foundation.turkish import fold
from esign_cli.store import Store, open_store

TODAY = date(2026, 11, 23)
LIMITS = {13_000: 0.5, 200_000: 2.0, 1_200_000: 8.0}
"""Seconds above `--help`."""
MOST_MEMORY = 300
"""MiB."""
MINISTRY = 1_000_000
"""So many people are no province's."""
HOLDERS = 0.25
"""Of all people, those who hold a certificate."""
IN_WINDOW = 0.058
"""Of the ministry's certificates, those put into the next three months beside what chance puts."""
PAIRS = 7
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
"""A variable with which every run would compile all that it loads; no user's does."""
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


def fill(store: Store, people: int, holders: float = HOLDERS) -> None:
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
            extra = IN_WINDOW if people >= MINISTRY else 0.0
            made = [_rows(number, chance, extra, holders) for number in numbers]
            db.executemany(PERSON, [rows[0] for rows in made])
            db.executemany(DUTY, [row for rows in made for row in rows[1]])
            db.executemany(CERTIFICATE, [row for rows in made for row in rows[2]])


Row = tuple[Any, ...]


def _rows(
    number: int, chance: random.Random, extra: float, holders: float
) -> tuple[Row, list[Row], list[Row]]:
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
    if chance.random() < holders:
        soon = chance.random() < extra
        end = TODAY + timedelta(chance.randrange(92) if soon else chance.randrange(-60, 1095))
        certificates.append((one, str(end), line))
        if chance.random() < 0.33:
            until = TODAY + timedelta(chance.randrange(-100, 900))
            duties.append(
                (one, "assignment", "200000", "2025-02-03", "MÜDÜRLÜK", district, key, "Müdür",
                 "Görevde", str(until), 1, line)
            )  # fmt: skip
    return (one, given, family, f"{fold(given)} {fold(family)}", line), duties, certificates


def timed(words: Sequence[str]) -> tuple[float, float]:
    """Seconds of one command line, in a process of its own: on the clock, and of the processor."""
    command = [sys.executable, "-m", "esign_cli", *words]
    began, used = time.perf_counter(), _used()
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdout=quiet, stderr=quiet, check=True, env=environment())
    return time.perf_counter() - began, _used() - used


def environment() -> dict[str, str]:
    """What is timed runs in this one, as a user's does."""
    return {name: value for name, value in os.environ.items() if name != UNCOMPILED}


def _used() -> float:
    """Processor seconds of all children so far."""
    times = os.times()
    return times.children_user + times.children_system


def question(database: Path | str, people: int) -> list[str]:
    """The command line that is timed."""
    where = [] if people >= MINISTRY else ["--province", "batman"]
    return ["--db", str(database), "eligible", *where, "--on", str(TODAY), "--format", "csv"]


Times = tuple[float, float]


def pairs(asked: Sequence[str], count: int) -> Iterator[tuple[Times, Times]]:
    """Seconds of `--help` and of what is asked, one after the other."""
    for _ in range(count):
        yield timed(["--help"]), timed(asked)


def memory(asked: Sequence[str]) -> int:
    """The most memory that `eligible` held at once, in MiB (Linux)."""
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    command = [sys.executable, "-c", program, sys.executable, "-m", "esign_cli", *asked]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def measure(folder: Path, people: int, count: int) -> bool:
    """Print the figures for so many people; gives whether the limits are met."""
    database = folder / f"{people}.db"
    with open_store(database) as store:
        fill(store, people)
    asked = question(database, people)
    list(pairs(asked, 1))  # once for the caches
    done = list(pairs(asked, count))
    help_, eligible = (statistics.median(t[0] for t in times) for times in zip(*done, strict=True))
    above = statistics.median(there[0] - here[0] for here, there in done)
    used = statistics.median(there[1] - here[1] for here, there in done)
    held = memory(asked)
    limit = LIMITS.get(people, float("inf"))
    met = above <= limit and held <= MOST_MEMORY
    print(
        f"{people:>9,} people   --help {help_:.3f} s   eligible {eligible:.3f} s"
        f"   above --help {above:.3f} s (limit {limit} s), {used:.3f} s of the processor"
        f"   {held} MiB (limit {MOST_MEMORY})"
        f"   {'met' if met else 'NOT MET'}"
    )
    return met


def main(words: Sequence[str]) -> int:
    sizes = [int(word) for word in words] or [13_000, 200_000]
    os.environ |= {"ESIGN_LANG": "en"}
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        met = [measure(Path(folder), size, PAIRS if size < 50_000 else 3) for size in sizes]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
