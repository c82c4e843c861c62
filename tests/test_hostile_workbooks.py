"""Files made to bring the import down: each is refused within the limits, nothing is changed."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from esign_cli import errors
from esign_cli.exit_codes import BAD_INPUT
from esign_cli.sentences import exit_code
from esign_cli.workbook import Opener
from tests import fuzz_workbooks, workbooks
from tests.conftest import Esign
from tests.workbooks import HEADERS, person

ROWS = [HEADERS, *map(person, range(1, 60))]
XLSX = workbooks.xlsx(ROWS)
XLS = workbooks.xls(ROWS)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>'
FOREIGN = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def with_part(content: bytes, name: str, part: bytes | Iterator[bytes]) -> bytes:
    """The workbook with one part of its ZIP replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
        with new.open(name, "w", force_zip64=True) as file:
            for piece in [part] if isinstance(part, bytes) else part:
                file.write(piece)
    return out.getvalue()


def part_of(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        return archive.read(name)


def declared(name: str, before: str, entity: str) -> bytes:
    """A part of XLSX with a document type before its root, and an entity in its first text."""
    part = part_of(name).decode()
    head, root = part[: part.index("<", 5)], part[part.index("<", 5) :]
    if not part.startswith("<?xml"):
        head, root = "", part
    return (head + before + root.replace(">T.C. Kimlik No<", f">{entity}<")).encode()


SHEET = "xl/worksheets/sheet1.xml"
STRINGS = SHEET  # openpyxl writes its texts into the cells


def bomb(size: int) -> Iterator[bytes]:
    """A sheet whose XML is a thousand times larger than its ZIP: blank between two rows."""
    begin, end = part_of(SHEET).split(b"</row>", 1)
    yield begin + b"</row>"
    yield from (b" " * (1 << 20) for _ in range(size >> 20))
    yield end


def long_cell(size: int) -> Iterator[bytes]:
    begin, end = part_of(STRINGS).split(b"T.C. Kimlik No", 1)
    yield begin
    yield from (b"a" * (1 << 20) for _ in range(size >> 20))
    yield end


def wide_row(columns: int) -> bytes:
    begin, end = part_of(SHEET).split(b"</row>", 1)
    return begin + b'<c r="ZZZZZ1"><v>1</v></c>' * columns + b"</row>" + end


def cyclic() -> bytes:
    """A CFB whose every sector is followed by itself."""
    shift = 9
    first_fat = int.from_bytes(XLS[76:80], "little")
    start = (first_fat + 1) << shift
    entries = b"".join(n.to_bytes(4, "little") for n in range(128))
    return XLS[:start] + entries + XLS[start + 512 :]


def forged(place: int) -> bytes:
    """A CFB header with a count that no file of this size has."""
    return XLS[:place] + b"\xff\xff\xff\x7f" + XLS[place + 4 :]


def forged_strings() -> bytes:
    """A BIFF string table that says it has two thousand million strings."""
    place = XLS.index(b"\xfc\x00", 512)
    return XLS[: place + 4] + b"\xff\xff\xff\x7f" * 2 + XLS[place + 12 :]


FILES = {
    "billion laughs": lambda: with_part(XLSX, STRINGS, declared(STRINGS, LAUGHS, "&l9;")),
    "foreign entity": lambda: with_part(XLSX, STRINGS, declared(STRINGS, FOREIGN, "&x;")),
    "SpreadsheetML laughs": lambda: workbooks.spreadsheetml(ROWS, before=LAUGHS),
    "zip bomb": lambda: with_part(XLSX, SHEET, bomb(300 << 20)),
    "nested zip": lambda: with_part(XLSX, SHEET, with_part(XLSX, SHEET, bomb(1 << 20))),
    "a long cell": lambda: with_part(XLSX, STRINGS, long_cell(200 << 20)),
    "a column past the last": lambda: with_part(XLSX, SHEET, wide_row(1000)),
    "wide HTML": lambda: b"<table><tr>" + b"<td>1" * 1_000_000,
    "wide text": lambda: b";".join([b"1"] * 1_000_000),
    "wide SpreadsheetML": lambda: workbooks.spreadsheetml([[1] * 20_000]),
    "a place past the last": lambda: workbooks.spreadsheetml(ROWS).replace(
        b"<Row>", b'<Row ss:Index="99999999">', 1
    ),
    "cyclic CFB": cyclic,
    "forged FAT count": lambda: forged(44),
    "forged directory": lambda: forged(48),
    "forged mini FAT": lambda: forged(60),
    "forged DIFAT": lambda: forged(68),
    "forged strings": forged_strings,
    "random": lambda: random.Random(1).randbytes(50_000),
    "random in ZIP's clothes": lambda: b"PK\x03\x04" + random.Random(2).randbytes(50_000),
    "random in CFB's clothes": lambda: XLS[:8] + random.Random(3).randbytes(50_000),
}
SAFE = frozenset(
    ("forged strings", "foreign entity", "zip bomb", "a long cell", "a column past the last",
     "forged mini FAT", "forged FAT count")
)  # fmt: skip
"""A reader may read these rightly, or pass over what is wrong."""


@pytest.mark.parametrize("name", FILES)
def test_hostile_files_are_refused(esign: Esign, tmp_path: Path, name: str) -> None:
    path = tmp_path / "liste.xls"
    path.write_bytes(FILES[name]())
    begun = time.monotonic()
    ran = esign("import", path, "--province", "72", "--json")
    assert time.monotonic() - begun < 60
    assert ran.exit_code == BAD_INPUT or (name in SAFE and ran.exit_code in (0, 8))
    assert "root:" not in ran.stdout
    if ran.exit_code == BAD_INPUT:
        assert ran.json["data"] is None
        assert esign("imports", "--json").json["data"] == []


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_cut_off_anywhere(tmp_path: Path, kind: str) -> None:
    write = {"xlsx": workbooks.xlsx, "xls": workbooks.xls, "ods": workbooks.ods}[kind]
    content = write([HEADERS, *map(person, range(1, 40 if kind == "ods" else 200))])[:60_000]
    for length in range(0, len(content), 1000):
        path = tmp_path / "cut"
        path.write_bytes(content[:length])
        refused: list[errors.EsignError] = []
        with Opener([path]) as opener:
            try:
                with opener.open(path) as book:
                    book.cells(0, range(3))
            except errors.EsignError as error:
                refused.append(error)
        assert all(exit_code(error) == BAD_INPUT for error in refused), length


def test_mutated_files(tmp_path: Path) -> None:
    """The short run of `python -m tests.fuzz_workbooks`."""
    came_out = fuzz_workbooks.run(80, 7, tmp_path)
    assert sum(came_out.values()) == 80
    assert came_out["read"] > 5
