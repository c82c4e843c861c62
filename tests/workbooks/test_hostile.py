"""Files made to bring the import down: each is refused within the limits, nothing is changed."""

from __future__ import annotations

import io
import marshal
import random
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.exit_codes import BAD_INPUT
from esign_cli.workbooks.reader_process import Book
from tests.conftest import Esign
from tests.support import biff, workbooks
from tests.support.workbooks import HEADERS, person
from tests.workbooks import fuzz

ROWS = [HEADERS, *map(person, range(1, 60))]
XLSX = workbooks.xlsx(ROWS)
XLS = workbooks.xls(ROWS)
XLS5 = biff.xls5(ROWS)
XLSB = biff.xlsb(ROWS)
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


def bomb(size: int) -> Iterator[bytes]:
    """A sheet whose XML is a thousand times larger than its ZIP: blank between two rows."""
    begin, end = part_of(SHEET).split(b"</row>", 1)
    yield begin + b"</row>"
    yield from (b" " * (1 << 20) for _ in range(size >> 20))
    yield end


def long_cell(size: int) -> bytes:
    """A workbook with a cell of that many letters, made without inflating it: a piece of deflated
    data that is there again and again."""
    begin, end = part_of(SHEET).split(b"T.C. Kimlik No", 1)
    press = zlib.compressobj(wbits=-15)
    head = press.compress(begin) + press.flush(zlib.Z_FULL_FLUSH)
    letters = b"a" * (1 << 20)
    piece = press.compress(letters) + press.flush(zlib.Z_FULL_FLUSH)
    tail = press.compress(end) + press.flush()
    checksum = zlib.crc32(begin)
    for _ in range(size >> 20):
        checksum = zlib.crc32(letters, checksum)
    made = head + piece * (size >> 20) + tail
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(XLSX)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if name != SHEET else made)
        told = new.getinfo(SHEET)
        told.compress_type = zipfile.ZIP_DEFLATED
        told.CRC, told.file_size = zlib.crc32(end, checksum), len(begin) + size + len(end)
        local = told.header_offset
    whole = bytearray(out.getvalue())  # the local header was written before all this was known
    struct.pack_into("<H", whole, local + 8, zipfile.ZIP_DEFLATED)
    struct.pack_into("<III", whole, local + 14, told.CRC, told.compress_size, told.file_size)
    return bytes(whole)


def wide_row(cell: bytes, columns: int) -> bytes:
    begin, end = part_of(SHEET).split(b"</row>", 1)
    return begin + cell * columns + b"</row>" + end


def rolled(times: int) -> bytes:
    """A ZIP in a ZIP in a ZIP …, each a thousand times smaller than what is in it."""
    part = b"".join(bomb(4 << 20))
    for _ in range(times):
        part = with_part(XLSX, SHEET, part)
    return part


def repeated(rows: int, columns: int) -> bytes:
    """An .ods of a few hundred bytes whose one cell stands in that many rows and columns."""
    cell = b'<table:table-cell office:value-type="string">'
    many = cell.replace(b" ", f' table:number-columns-repeated="{columns}" '.encode(), 1)
    made = ods_content(workbooks.ods(ROWS)).replace(cell, many)
    row = f'<table:table-row table:number-rows-repeated="{rows}">'.encode()
    return with_part(workbooks.ods(ROWS), "content.xml", made.replace(b"<table:table-row>", row))


def ods_content(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("content.xml")


def forged_dimensions() -> bytes:
    """An .xlsb that says it has every row and column there can be."""
    with zipfile.ZipFile(io.BytesIO(XLSB)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.bin")
    old = sheet.index(struct.pack("<BBB", 0x94, 0x01, 16)) + 3
    most = struct.pack("<IIII", 0, (1 << 20) - 1, 0, (1 << 14) - 1)
    return with_part(XLSB, "xl/worksheets/sheet1.bin", sheet[:old] + most + sheet[old + 16 :])


def forged_xlsb_strings() -> bytes:
    """An .xlsb that says it has four thousand million strings, the first of as many letters."""
    with zipfile.ZipFile(io.BytesIO(XLSB)) as archive:
        strings = bytearray(archive.read("xl/sharedStrings.bin"))
    strings[3:11] = b"\xff" * 8
    strings[14:18] = b"\xff" * 4
    return with_part(XLSB, "xl/sharedStrings.bin", bytes(strings))


def forged_biff5(kind: int, place: int) -> bytes:
    """A BIFF5 record of this kind with two bytes of it as great as can be."""
    at = XLS5.index(struct.pack("<H", kind), 512)
    return XLS5[: at + place] + b"\xff\xff" + XLS5[at + place + 2 :]


def cyclic_sectors(content: bytes) -> bytes:
    """A CFB whose chains go round: each sector of its FAT names the one before it."""
    fat = (int.from_bytes(content[76:80], "little") + 1) << 9
    entries = b"".join(((n - 1) % 128).to_bytes(4, "little") for n in range(128))
    return content[:fat] + entries + content[fat + 512 :]


def cyclic_tables() -> bytes:
    """A CFB whose list of FAT sectors goes on in a sector that goes on in itself."""
    made = bytearray(XLS)
    made[68:76] = (0).to_bytes(4, "little") + (1 << 20).to_bytes(4, "little")
    made[512 + 508 : 512 + 512] = (0).to_bytes(4, "little")
    return bytes(made)


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
    "billion laughs": lambda: with_part(XLSX, SHEET, declared(SHEET, LAUGHS, "&l9;")),
    "foreign entity": lambda: with_part(XLSX, SHEET, declared(SHEET, FOREIGN, "&x;")),
    "SpreadsheetML laughs": lambda: workbooks.spreadsheetml(ROWS, before=LAUGHS),
    "zip bomb": lambda: with_part(XLSX, SHEET, bomb(300 << 20)),
    "nested zip": lambda: rolled(4),
    "a cell of 200 MB": lambda: long_cell(200 << 20),
    "a cell of 2 GB": lambda: long_cell(2 << 30),
    "a column past the last": lambda: with_part(
        XLSX, SHEET, wide_row(b'<c r="ZZZZZ1"><v>1</v></c>', 1000)
    ),
    "a million columns": lambda: with_part(XLSX, SHEET, wide_row(b"<c><v>1</v></c>", 1_000_000)),
    "a million columns in .ods": lambda: repeated(1, 1_000_000),
    "a sheet full of one cell": lambda: repeated(1 << 20, 1 << 14),
    "forged .xlsb dimensions": forged_dimensions,
    "forged .xlsb strings": forged_xlsb_strings,
    "forged BIFF5 dimensions": lambda: forged_biff5(0x0200, 6),
    "forged BIFF5 text": lambda: forged_biff5(0x0204, 10),
    "forged BIFF5 record": lambda: forged_biff5(0x0204, 2),
    "wide HTML": lambda: b"<table><tr>" + b"<td>1" * 1_000_000,
    "wide text": lambda: b";".join([b"1"] * 1_000_000),
    "wide SpreadsheetML": lambda: workbooks.spreadsheetml([[1] * 20_000]),
    "a place past the last": lambda: workbooks.spreadsheetml(ROWS).replace(
        b"<Row>", b'<Row ss:Index="99999999">', 1
    ),
    "cyclic CFB": cyclic,
    "cyclic CFB, backwards": lambda: cyclic_sectors(XLS),
    "cyclic CFB of BIFF5": lambda: cyclic_sectors(XLS5),
    "cyclic DIFAT": cyclic_tables,
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
    ("forged strings", "foreign entity", "zip bomb", "forged mini FAT", "forged FAT count",
     "forged .xlsb dimensions", "forged BIFF5 text")
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


CUT = {
    "xlsx": (workbooks.xlsx, 950), "xls": (workbooks.xls, 300), "ods": (workbooks.ods, 50),
    "xlsb": (biff.xlsb, 2200), "BIFF5": (biff.xls5, 250), "html": (workbooks.web, 300),
    "text": (workbooks.text, 600), "SpreadsheetML": (workbooks.spreadsheetml, 90),
}  # fmt: skip


@pytest.mark.parametrize("kind", CUT)
def test_cut_off_anywhere(tmp_path: Path, kind: str) -> None:
    """At every 1,000th byte of a file of about 60 KB."""
    write, people = CUT[kind]
    content = write([HEADERS, *map(person, range(1, people))])[:60_000]
    assert len(content) > 30_000
    path = tmp_path / "cut"
    for length in range(0, len(content), 1000):
        path.write_bytes(content[:length])
        book = Book()  # in this process: what these files are is known, and 400 children take long
        try:
            book.answer(marshal.dumps(("open", str(path)), 2))
            book.answer(marshal.dumps(("cells", 0, False, [0, 1, 2], frozenset()), 2))
        except EsignError as error:
            assert error.exit_status == BAD_INPUT, length  # noqa: PT017  (of many, each may)


def test_mutated_files(tmp_path: Path) -> None:
    """The short run of `python -m tests.workbooks.fuzz`."""
    came_out = fuzz.run(80, 7, tmp_path)
    assert sum(came_out.values()) == 80
    assert came_out["read"] > 5
