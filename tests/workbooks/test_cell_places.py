"""Cells that say where they stand: twice in one place, out of order, elsewhere than their row."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from esign_cli.foundation.errors.workbooks import WorkbookDamaged
from tests.support import cfb, workbooks
from tests.support.writers import python
from tests.workbooks.test_no_wrong_fact import bring
from tests.workbooks.test_odd_containers import rezipped
from tests.workbooks.test_shifted_rows import ALI, AYSE, HEADER, READ, READ_ALI

ROWS = [HEADER, AYSE, ALI]
INLINE = python.by_openpyxl(ROWS)
SHARED = python.by_xlsxwriter(ROWS)
MARKUP = workbooks.spreadsheetml(ROWS).decode()
ROW = re.compile(r"<row\b.*?</row>")
XML_ROW = re.compile(r"<Row\b.*?</Row>")
NAME = '<c r="C2"'


def sheet(content: bytes, change: Callable[[str], str]) -> bytes:
    """The workbook with its sheet's markup changed."""

    def changed(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        after = change(part.decode())
        assert after != part.decode()
        return after.encode()

    return rezipped(content, part=changed)


def cells(change: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    """What changes the cells of AYŞE's row."""

    def changed(markup: str) -> str:
        row = ROW.findall(markup)[1]
        own = re.findall(r"<c\b.*?(?:</c>|/>)", row)
        return markup.replace("".join(own), "".join(change(own)))

    return changed


def doubled(own: list[str]) -> list[str]:
    return [*own[:3], own[1].replace("B2", "C2"), *own[3:]]


def rows(change: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    def changed(markup: str) -> str:
        own = ROW.findall(markup)
        return markup.replace("".join(own), "".join(change(own)))

    return changed


def two_thousand(markup: str) -> str:
    """Many rows, so that they are read at once, with a cell twice among them."""
    row = ROW.findall(markup)[2]
    more = "".join(re.sub(r'r="([A-Z]*)3"', rf'r="\g<1>{n}"', row) for n in range(4, 2000))
    return cells(doubled)(markup.replace("</sheetData>", more + "</sheetData>"))


def xml_cell(number: int, attribute: str) -> bytes:
    """One cell of AYŞE's row in SpreadsheetML with an attribute more."""
    row = XML_ROW.findall(MARKUP)[1]
    own = re.findall(r"<Cell>.*?</Cell>", row)
    own[number] = own[number].replace("<Cell", f"<Cell {attribute}")
    return MARKUP.replace(row, f"<Row>{''.join(own)}</Row>").encode()


def xls_cell(number: int, row: int, column: int) -> bytes:
    """The text cell of that number, in the order of the stream, says that it stands elsewhere."""
    stream = bytearray(cfb.stream(python.by_xlwt(ROWS), "Workbook"))
    place, left = 0, number
    while True:
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == 0xFD and not left:  # LABELSST
            struct.pack_into("<HH", stream, place + 4, row, column)
            return cfb.container({"Workbook": bytes(stream)})
        left -= kind == 0xFD
        place += 4 + length


REFUSED: dict[str, bytes] = {
    "a cell twice": sheet(INLINE, cells(doubled)),
    "a cell twice, of shared strings": sheet(
        SHARED, cells(doubled)
    ),
    "a cell twice among many rows": sheet(INLINE, two_thousand),
    "a cell where one without a place stands": sheet(
        INLINE,
        cells(lambda own: [own[0].replace(' r="A2"', ' r="B2"'), own[1].replace(' r="B2"', ""),
                           *own[2:]]),
    ),
    "a cell of another row": sheet(INLINE, lambda x: x.replace(NAME, '<c r="C3"')),
    "a place that is none": sheet(INLINE, lambda x: x.replace(NAME, '<c r="2C"')),
    "a cell with two values": sheet(
        SHARED, cells(lambda own: [own[0].replace("</v>", "</v><v>1</v>", 1), *own[1:]])
    ),
    "a string before the first": sheet(
        SHARED, cells(lambda own: [*own[:2], re.sub(r"<v>\d+<", "<v>-1<", own[2]), *own[3:]])
    ),
    "a string behind the last": sheet(
        SHARED, cells(lambda own: [*own[:2], re.sub(r"<v>\d+<", "<v>99<", own[2]), *own[3:]])
    ),
    "a row twice": sheet(INLINE, rows(lambda own: [own[0], own[1], own[1], own[2]])),
    "rows out of order": sheet(INLINE, rows(lambda own: [own[0], own[2], own[1]])),
    "SpreadsheetML, a place before the last cell": xml_cell(2, 'ss:Index="2"'),
    "SpreadsheetML, a place within a merged cell": xml_cell(1, 'ss:MergeAcross="2"').replace(
        b'<Cell><Data ss:Type="String">KAYA', b'<Cell ss:Index="3"><Data ss:Type="String">KAYA'
    ),
    "SpreadsheetML, place 0": xml_cell(2, 'ss:Index="0"'),
    "SpreadsheetML, a row before the last": MARKUP.replace(
        XML_ROW.findall(MARKUP)[2], XML_ROW.findall(MARKUP)[2].replace("<Row", '<Row ss:Index="2"')
    ).encode(),
    "SpreadsheetML, a cell with two values": MARKUP.replace(
        "KAYA</Data>", 'KAYA</Data><Data ss:Type="String">CAN</Data>'
    ).encode(),
}  # fmt: skip
READ_RIGHT: dict[str, bytes] = {
    "cells out of order": sheet(INLINE, cells(lambda own: own[::-1])),
    "small letters": sheet(INLINE, lambda x: x.replace(NAME, '<c r="c2"')),
    "no places at all": sheet(INLINE, lambda x: re.sub(r' r="[A-Z]*\d+"', "", x)),
    "SpreadsheetML, merged in both ways": MARKUP.replace(
        "</Table>",
        '<Row><Cell ss:MergeDown="1" ss:MergeAcross="1"><Data ss:Type="String">TOPLAM</Data></Cell>'
        '</Row><Row><Cell><Data ss:Type="Number">2</Data></Cell></Row></Table>',
    ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(WorkbookDamaged):
        bring(tmp_path / "liste", monkeypatch, REFUSED[name])


@pytest.mark.parametrize("name", READ_RIGHT)
def test_it_is_read_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    outcome, stored = bring(tmp_path / "liste", monkeypatch, READ_RIGHT[name])
    assert (outcome.problems, stored) == ([], [READ, READ_ALI])


def test_of_two_cells_of_an_xls_the_later_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So Excel shows it: report writers that overwrite a cell leave both records."""
    content = xls_cell(6, 1, 2)  # the given name; the family name follows
    _, stored = bring(tmp_path / "liste", monkeypatch, content)
    assert stored == [("", "KAYA", *READ[2:]), READ_ALI]
