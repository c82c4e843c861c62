"""What is read a piece at a time says the same wherever the pieces end."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest

from esign_cli.workbooks.formats import Damaged, decoding, delimited, xlsx
from esign_cli.workbooks.formats.package import Package
from esign_cli.workbooks.formats.text_file import TextFile
from tests.support import workbooks
from tests.support.workbooks import HEADERS, person

LINES = 'a;b\r\nc;"d\re"\r\nf;g\rh;i\n\n\r\n\rj;"k\r\nl"\n"m;n\r\no;p'


@pytest.mark.parametrize("size", [*range(1, 12), len(LINES), 1 << 18])
def test_lines_of_text(size: int) -> None:
    texts = [LINES[begin : begin + size] for begin in range(0, len(LINES), size)]
    assert list(delimited._lines(texts)) == list(io.StringIO(LINES, newline=""))


TEXT = "T.C. Kimlik No;Adı;Soyadı\r\n10000000146;ŞÜKRÜ;IŞIK\r\n" * 6
WRITTEN = {
    "UTF-8": TEXT.encode(),
    "UTF-8, marked": TEXT.encode("utf-8-sig"),
    "UTF-8 with 0x1A": TEXT.encode().replace(b"IK", b"I\x1aK") + b"\x1a",
    "UTF-8, marked, with 0x1A": TEXT.encode("utf-8-sig") + b"\x1a",
    "UTF-8 with a stray byte": TEXT.encode().replace("Ü".encode(), b"\xdc", 1),
    "UTF-8, cut in a letter": TEXT.encode() + "ş".encode()[:1],
    "UTF-8 with a letter that was lost": TEXT.replace("Ş", "\ufffd").encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16, cut in a letter": TEXT.encode("utf-16")[:-1],
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16, big end first": TEXT.encode("utf-16-be"),
    "windows-1254": TEXT.encode("cp1254") + b"\x1a",
    "MS-DOS": TEXT.encode("cp857"),
    "ASCII": b"a;b\n" * 50,
    "nothing": b"",
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_encodings_in_pieces(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    content = WRITTEN[kind]
    for size in range(40, 120):
        monkeypatch.setattr(decoding, "_LOOKED_AT", 40)

        def pieces(size: int = size) -> list[bytes]:
            return [content[begin : begin + size] for begin in range(0, len(content), size)]

        read = "".join(decoding.texts(pieces(), decoding.encoding(pieces)))
        assert read == decoding.text(content), size


def test_a_text_is_never_held_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("10000000146;ŞÜKRÜ;IŞIK;" + "x" * 1000 + "\n" + "a;b;c;d\n", encoding="utf-8")
    path.write_bytes(path.read_bytes() * 40_000)
    tracemalloc.start()
    text = TextFile(path)
    sheet = delimited.Sheet(text.texts, text.lines)
    assert sum(chunk.count for chunk in sheet.chunks()) == 80_000 == sheet.rows
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < path.stat().st_size // 3


def test_a_text_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("10000000146;ŞÜKRÜ\n" * 200_000, encoding="utf-8")
    text = TextFile(path)
    rows = delimited.Sheet(text.texts, text.lines).chunks()
    next(rows)
    with path.open("r+b") as file:
        file.seek(3_000_000)
        file.write(b"2")
    with pytest.raises(Damaged):
        list(rows)


@pytest.mark.parametrize("room", [0, 1, 4000, 1 << 20])
def test_a_sheet_that_is_kept_and_one_that_is_not(
    monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    rows = [HEADERS, *map(person, range(50))]
    content = workbooks.xlsx(rows, {"İki": rows[:20]})
    whole = _rows(content)
    monkeypatch.setattr(xlsx, "KEPT", room)
    assert _rows(content) == whole
    assert [len(one) for one in whole] == [51, 20]


def _rows(content: bytes) -> list[list[list[object]]]:
    """Read twice, as a workbook's sheets are."""
    sheets = xlsx.Workbook(Package(content)).sheets
    first, second = (
        [[list(c.row(n)) for c in sheet.chunks() for n in range(c.count)] for sheet in sheets]
        for _ in range(2)
    )
    assert first == second
    return first
