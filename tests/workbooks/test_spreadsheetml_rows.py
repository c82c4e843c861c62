"""Plain rows of SpreadsheetML are taken apart at once; that says the same as the parser."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest

from esign_cli.workbooks.formats import Damaged, plain_rows, spreadsheetml, xml_pieces
from esign_cli.workbooks.formats.spreadsheetml_events import NAMESPACE

FILES = 300
EXCEL = "urn:schemas-microsoft-com:office:excel"
DATA = (
    '<Data ss:Type="String">ŞÜKRÜ</Data>', '<Data ss:Type="String">A &amp; B&#10;c &#x131;</Data>',
    '<Data ss:Type="Number">10000000146</Data>', '<Data ss:Type="Number">yok</Data>', "",
    '<Data ss:Type="DateTime">2021-02-03T00:00:00.000</Data>', '<Data ss:Type="Boolean">1</Data>',
    '<Data ss:Type="DateTime">2021-02-03T10:20:30.000</Data>', '<Data ss:Type="String"/>',
    '<Data ss:Type="Error">#N/A</Data>', '<Data ss:Type="String">  iki\r\n satır </Data>',
    '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>IŞ</B>IK</ss:Data>',
    '<Data ss:Type="String"><![CDATA[<b>]]></Data>', "<Data ss:Type='String'>tek</Data>",
    '<Data ss:Type="String">a</Data><NamedCell ss:Name="x"/>', "<Data>türsüz</Data>",
    '<Data ss:Type="String">a</Data><Comment><ss:Data>not</ss:Data></Comment>', "metin",
    '<Comment><Data ss:Type="String">not</Data></Comment><Data ss:Type="String">b</Data>',
)  # fmt: skip
CELLS = (
    "<Cell>{}</Cell>", '<Cell ss:StyleID="s1">{}</Cell>', '<Cell ss:Index="{at}">{}</Cell>',
    '<Cell ss:StyleID="s1" ss:Index="{at}">{}</Cell>', '<Cell ss:Index="{at}" ss:Hm="x">{}</Cell>',
    '<Cell ss:MergeAcross="1">{}</Cell>', '<Cell ss:MergeDown="2">{}</Cell>', "<Cell/>", "<Cell />",
    '<Cell ss:Formula="=A1">{}</Cell>', "<Cell>\n  {}\n </Cell>\n", "", "<!-- {} -->",
    "<ss:Cell>{}</ss:Cell>",
    "<Cell ss:Index='{at}'>{}</Cell>", '<Cell xmlns:q="urn:q" q:Index="9">{}</Cell>',
    f'<Cell xmlns:q="{NAMESPACE}" q:Index="{{at}}">{{}}</Cell>',
)  # fmt: skip
ROWS = (
    "<Row>{}</Row>", "<Row>{}</Row>\n", '<Row ss:Height="12">{}</Row>', "<Row/>", "<Row>{}",
    '<Row ss:Index="{at}">{}</Row>', "<!-- <Row>{}</Row> -->", "<Row\n>{}</Row >",
    "<ss:Row>{}</ss:Row>", "<Row>{}<Row>{}</Row></Row>", "<![CDATA[<Row>{}</Row>]]>",
    f'</Table><WorksheetOptions xmlns="{EXCEL}"><Visible>SheetHidden</Visible></WorksheetOptions>'
    '</Worksheet><Worksheet ss:Name="S"><Table><Row>{}</Row>',
    '</Table></Worksheet><Worksheet xmlns="urn:q"><Table><Row>{}</Row></Table></Worksheet>'
    '<Worksheet ss:Name="T"><Table>',
)  # fmt: skip


def document(chance: random.Random, odd: float) -> bytes:
    """A file whose rows and cells are written as `odd` parts of them never are."""

    def one(ways: Sequence[str]) -> str:
        return chance.choice(ways) if chance.random() < odd else ways[0]

    width = chance.randrange(1, 5)
    rows = ""
    for _ in range(chance.randrange(1, 40)):
        cells = "".join(
            one(CELLS)
            .replace("{at}", str(max(1, n + chance.randrange(-1, 4))))
            .replace("{}", one(DATA))
            for n in range(1, width + 1)
        )
        at = str(rows.count("<Row") + chance.randrange(1, 5))
        rows += one(ROWS).replace("{at}", at).replace("{}", cells)
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{NAMESPACE}" xmlns:ss="{NAMESPACE}">'
        f'<Worksheet ss:Name="Liste"><Table>{rows}</Table></Worksheet></Workbook>\n\x1a'
    ).encode()


Read = list[tuple[str, bool, list[list[object]]]] | None


def read(content: bytes) -> Read:
    """Name, visibility and rows of each sheet; None for a damaged file."""
    try:
        sheets = spreadsheetml.sheets(content)
        return [(one.name, one.visible, rows_of(one)) for one in sheets]
    except Damaged:
        return None


def rows_of(sheet: spreadsheetml.Sheet) -> list[list[object]]:
    rows: list[list[object]] = []
    for chunk in sheet.chunks():
        width = max(len(chunk.row(place)) for place in range(chunk.count))
        columns = [chunk.column(number) for number in range(width)]
        for place in range(chunk.count):
            cells = [column[place] for column in columns]
            given = list(chunk.row(place))
            assert cells == given + [""] * (width - len(given))
            rows.append(without_tail(cells))
    return rows


def without_tail(row: list[object]) -> list[object]:
    while row and row[-1] == "":
        row.pop()
    return row


@pytest.mark.parametrize("odd", [0.0, 0.02, 0.1, 0.3, 0.8])
def test_at_once_as_by_the_parser(monkeypatch: pytest.MonkeyPatch, odd: float) -> None:
    files = [document(random.Random(f"{odd} {seed}"), odd) for seed in range(FILES)]
    at_once = list(map(read, files))
    monkeypatch.setattr(xml_pieces, "PIECE", 300)
    in_pieces = list(map(read, files))
    monkeypatch.setattr(spreadsheetml, "_ROW_TAG", re.compile("(?!)"))
    parsed = list(map(read, files))
    assert sum(one is not None for one in parsed) > FILES // 10
    for content, *several in zip(files, at_once, in_pieces, parsed, strict=True):
        assert several[0] == several[2], content.decode()
        assert several[1] == several[2], content.decode()


def test_plain_rows_are_taken_at_once() -> None:
    (sheet,) = spreadsheetml.sheets(document(random.Random(1), 0.0))
    (chunk,) = sheet.chunks()
    assert isinstance(chunk, plain_rows.Matched)
    assert chunk.are_all


@pytest.mark.parametrize("entity", ["&x;", "&", "&#0;", "&#xD800;", "&#1;", "&amp", "&#x110000;"])
def test_an_entity_that_xml_does_not_know(entity: str) -> None:
    content = document(random.Random(1), 0.0).replace("ŞÜKRÜ".encode(), entity.encode(), 1)
    assert read(content) is None
