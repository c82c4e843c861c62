"""Workbooks that were good until something was done to them, imported one after the other.

    python -m tests.workbooks.fuzz [COUNT] [SEED]

Each must be refused as a file (exit code 3), or be read with every row accounted for; whichever it
is, within the limits, and the database stays as it was. The suite runs a short part of it. A file
that breaks this is kept in the folder of temporary files, and its name is printed.
"""

from __future__ import annotations

import datetime
import io
import random
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from esign_cli.commands.imports.job import Request, import_files
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.exit_codes import BAD_INPUT
from esign_cli.store import Store, open_store
from esign_cli.workbooks.mebbis.duties import Rules
from esign_cli.workbooks.reader import WorkbookReader
from tests.support import biff, workbooks
from tests.support.workbooks import HEADERS, national_id, person

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
MEMORY = 2 << 30
SECONDS = 60.0
ROWS = [["PERSONEL LİSTESİ"], [], HEADERS, *map(person, range(1, 40)), ["TOPLAM", 39]]
ROWS = [[*row, *[""] * (len(HEADERS) - len(row))] for row in ROWS]
FORM = workbooks.form([("ŞÜKRÜ IŞIK", national_id(n)) for n in range(1, 20)])
SEEDS: dict[str, bytes] = {
    "xlsx": workbooks.xlsx(ROWS, {"İki": ROWS}),
    "form": workbooks.xlsx(FORM),
    "xls": workbooks.xls(ROWS),
    "ods": workbooks.ods(ROWS),
    "html": workbooks.web(ROWS),
    "html-open": workbooks.web(ROWS, closed=False, encoding="utf-8"),
    "text": workbooks.text(ROWS),
    "xls5": biff.xls5(ROWS),
    "xlsb": biff.xlsb(ROWS),
    "xml": workbooks.spreadsheetml(ROWS),
}
TOKENS = (
    b"<", b">", b"&", b'"', b"\x00", b"\x1a", b"\xff\xff\xff\xff", b"-1", b"1048577", b"XFD1048576",
    b"99999999999999999999", b"1,23E+10", b"NaN", b"<!DOCTYPE a [", b"&b;", b"</td>", b"<tr>",
    b"rowspan=999999", b'r="A0"', b'ss:Index="1048577"', b";", b"\t", b'"', b"\xef\xbb\xbf",
    b"T.C. Kimlik No", b"10000000146", "ÅžÃ¼".encode(),
)  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The file with one to eight things done to it; inside the parts of a ZIP half of the time."""
    if content.startswith(b"PK") and chance.random() < 0.5:
        return _in_zip(content, chance)
    for _ in range(chance.randint(1, 8)):
        content = chance.choice(_MUTATIONS)(content, chance)
    return content


def _in_zip(content: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        victim = chance.choice(names)
        for name in names:
            part = old.read(name)
            if name == victim:
                for _ in range(chance.randint(1, 8)):
                    part = chance.choice(_MUTATIONS)(part, chance)
            new.writestr(name, part)
    return out.getvalue()


def _flip(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + content[place + chance.randint(1, 200) :]


def _end(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) // 2, len(content) + 1)]


def _again(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    piece = content[place : place + chance.randint(1, 400)]
    return content[:place] + piece * chance.randint(2, 20) + content[place:]


def _put(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(TOKENS) + content[place:]


def _count(content: bytes, chance: random.Random) -> bytes:
    """A forged count: four bytes that become huge, or none."""
    place = chance.randrange(max(1, len(content) - 4))
    forged = chance.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\1\0\0\0"))
    return content[:place] + forged + content[place + 4 :]


def _random(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.randbytes(chance.randint(1, 64)) + content[place:]


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _cut, _end, _again, _put, _count, _random
)  # fmt: skip


def cases(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file; the same for the same seed."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        kind = chance.choice(sorted(SEEDS))
        yield f"{seed}-{number}-{kind}", mutated(SEEDS[kind], chance)


def run(count: int, seed: int, folder: Path) -> Counter[str]:
    """Import them all; how often each came out how. Raises AssertionError for one that broke it."""
    came_out: Counter[str] = Counter()
    with open_store(folder / "fuzz.db") as store:
        before = list(store.db.iterdump())
        for name, content in cases(count, seed):
            path = folder / name
            path.write_bytes(content)
            came_out[_import(path, store, name)] += 1
            path.unlink()
        assert list(store.db.iterdump()) == before
    return came_out


def _import(path: Path, store: Store, name: str) -> str:
    request = Request([path], rules=Rules(province="72"), dry_run=True)
    refused: EsignError | None = None
    try:
        with WorkbookReader([path], memory=MEMORY, seconds=SECONDS) as opener:
            outcome = import_files(
                request,
                open_workbook=opener.open,
                store=store,
                now=NOW,
                today=NOW.date(),
                confirm=lambda _missing, _known: True,
            )
    except EsignError as error:
        refused = error
    if refused is not None:
        assert refused.exit_status == BAD_INPUT, (name, refused)
        return type(refused).__name__
    (file,) = outcome.files
    told = (file.new, file.changed, file.unchanged, file.rejected, file.ignored)
    assert file.rows_read == sum(told), name
    return "read"


def main() -> None:
    """The long run."""
    count, seed = (int(word) for word in [*sys.argv[1:], "10000", "1"][:2])
    folder = Path(tempfile.mkdtemp(prefix="esign-fuzz-"))
    print(f"{count} files, seed {seed}; a file that breaks something stays in {folder}")
    for outcome, times in run(count, seed, folder).most_common():
        print(f"{times:7} {outcome}")


if __name__ == "__main__":
    main()
