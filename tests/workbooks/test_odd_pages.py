"""Odd HTML pages that are saved as .xls: each is read as what a browser shows of it, or better."""

from __future__ import annotations

from pathlib import Path

import pytest

from esign_cli.workbooks.mebbis.cells import Cell
from tests.support.in_process import reading_here

HEAD = "<tr><td>TCKN<td>Adı<td>Soyadı</tr>"
ROW = "<tr><td>10000000146</td><td>ŞÜKRÜ</td><td>IŞIK</td></tr>"
TABLE = f"<table>{HEAD}{ROW}</table>"
READ: list[tuple[Cell, ...]] = [("TCKN", "Adı", "Soyadı"), ("10000000146", "ŞÜKRÜ", "IŞIK")]
PAGES: dict[str, tuple[str | bytes, list[tuple[Cell, ...]]]] = {
    "no end of a row": (
        "<table><tr><td>TCKN<td>Adı<td>Soyadı<tr><td>10000000146<td>ŞÜKRÜ<td>IŞIK"
        "</table>",
        READ,
    ),
    "no table at all": (f"<html><body>{HEAD}{ROW}</body></html>", READ),
    "no end of anything": (f"<html><body><table>{HEAD}{ROW}", READ),
    "a table in a cell's place before it": (
        f"<table><tr><td><table><tr><td>MEBBİS</td></tr></table></td></tr></table>{TABLE}",
        [("",), ("MEBBİS",), *READ],
    ),
    "a script in a cell": (
        TABLE.replace("ŞÜKRÜ", "<script>document.write('<td>x</td>')</script>ŞÜKRÜ"),
        READ,
    ),
    "a comment with a row in it": (
        TABLE.replace("</table>", "<!-- <tr><td>1<td>2<td>3</tr> --></table>"),
        READ,
    ),
    "a style with a sign of less": (
        f"<style>td:before{{content:'<tr>'}}</style>{TABLE}",
        READ,
    ),
    "it says UTF-8 and is windows-1254": (
        f'<meta charset="utf-8">{TABLE}'.encode("cp1254"),
        READ,
    ),
    "it says windows-1254 and is UTF-8": (
        f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1254">{TABLE}',
        READ,
    ),
    "it says ISO-8859-1": (
        f'<meta charset="iso-8859-1">{TABLE}'.encode("cp1254"),
        READ,
    ),
    "0x1A in a name": (TABLE.replace("ŞÜKRÜ", "ŞÜK\x1aRÜ"), READ),
    "entities and hard blanks": (
        TABLE.replace("ŞÜKRÜ", "&#350;&Uuml;KR&#xDC;&nbsp;").replace("IŞIK", "\xa0I&#350;IK"),
        READ,
    ),
    "capitals, blanks and odd quotes in tags": (
        "<TABLE BORDER = 0><TR ><TD CLASS='a>b'>TCKN</TD ><TH>Adı</TH><td\n>Soyadı</td>"
        "</TR><tr\tid=x><td title='</td><td>'>10000000146</td><td>ŞÜKRÜ</td><td>IŞIK</table>",
        READ,
    ),
    "tags within the text": (
        TABLE.replace("ŞÜKRÜ", "<font color=red><b>ŞÜKRÜ</b></font>").replace(
            "Soyadı", "<span>Soyadı</span>"
        ),
        READ,
    ),
    "lines within a cell": (
        TABLE.replace("ŞÜKRÜ", "\n   ŞÜKRÜ\r\n  ").replace("Soyadı", "<br>Soyadı"),
        READ,
    ),
    "parts of a table": (
        f"<table><thead>{HEAD}</thead><tbody>{ROW}</tbody><tfoot><tr><td>TOPLAM: 1</tfoot>",
        [*READ, ("TOPLAM: 1",)],
    ),
    "UTF-16 without a mark": (f"<html>{TABLE}".encode("utf-16-le"), READ),
    "no end of the head, and a title with a sign of less": (
        f"<html><head><title>a < b<body>{TABLE}",
        READ,
    ),
    "spans across and down": (
        "<table><tr><td>TCKN<td colspan=2>Adı Soyadı<td>İl</tr>"
        "<tr><td>10000000146<td>ŞÜKRÜ<td>IŞIK<td rowspan=2>BATMAN</tr>"
        "<tr><td>10000000214<td>AYŞE<td>CAN</tr></table>",
        [
            ("TCKN", "Adı Soyadı", "", "İl"),
            ("10000000146", "ŞÜKRÜ", "IŞIK", "BATMAN"),
            ("10000000214", "AYŞE", "CAN", "BATMAN"),
        ],
    ),
    "a number that is shown rounded": (
        TABLE.replace("<td>10000000146</td>", '<td x:num="10000000146">1E+10</td>'),
        [READ[0], (10000000146.0, *READ[1][1:])],
    ),
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_odd_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    content, wanted = PAGES[page]
    path = tmp_path / "liste.xls"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with reading_here(monkeypatch, path) as reader, reader.open(path) as book:
        cells = book.cells(0, range(4))
    rows = [tuple(_without_tail(list(row))) for _, row in sorted(cells.items())]
    shown = [tuple(c.replace("\x1a", "") if isinstance(c, str) else c for c in row) for row in rows]
    assert shown == wanted


def _without_tail(row: list[Cell]) -> list[Cell]:
    while len(row) > 1 and row[-1] == "":
        row.pop()
    return row
