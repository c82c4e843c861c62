"""Plain rows of a page are read at once; that says the same as reading them tag by tag."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest

from esign_cli.workbooks.formats import html_rows, html_tables, plain_rows

PAGES = 300
TEXTS = (
    "ŞÜKRÜ", "", " ", "10000000146", "A &amp; B", "iki  blank", "\n satır\n", "a|b", "&nbsp;",
    "x\xa0y",
    "<b>IŞIK</b>", "bir<br>iki", "a > b", "5 < 6", "<span>c</span>", "&#350;",
)  # fmt: skip
CELLS = (
    "<td>{}</td>", "<td>{}</td>", "<td>{}", "<TD>{}</TD>", "<th>{}</th>", "<td>{}</td >",
    '<td class="a">{}</td>', "<td class='a>b'>{}</td>", '<td title="</td>">{}</td>',
    "<td nowrap>{}</td>", "<td>{}</td>\n",
    '<td x:num="1.5">{}</td>', "<td title=\"x:num='3'\">{}</td>", "<td colspan=2>{}</td>",
    "<td rowSpan='3'>{}</td>", "<TD ROWSPAN=2 COLSPAN=2>{}</TD>", "<td rowspan=0>{}</td>",
    "<td/>{}",
    "<tdx>{}</tdx>", "<td class={}", "<td>{}</td> und", "<td\tid=1\n>{}</td>", '<td a="b>{}</td>',
)  # fmt: skip
ROWS = (
    "<tr>{}</tr>\n", "<tr>{}</tr>", "<tr>{}", "<TR id=1>{}</TR >", "<tr>\n {}\n</tr>",
    "<tr title='<tr>'>{}</tr>", "{}</tr>", "<tr><td>innen<table><tr>{}</table></tr>", "<tr/>{}",
    "<tr>{}</tr>Text",
)  # fmt: skip
BETWEEN = ("", "</table><table>", "<thead>", "</tbody><tbody>", "<p>2</p>", "<tr></tr>", "<tr>")


def page(chance: random.Random, odd: float) -> str:
    """A page whose rows and cells are written as `odd` parts of them never are."""

    def one(ways: Sequence[str]) -> str:
        return chance.choice(ways) if chance.random() < odd else ways[0]

    width = chance.randrange(1, 5)
    rows = []
    for _ in range(chance.randrange(1, 40)):
        wider = chance.random() < odd
        cells = [one(CELLS).format(one(TEXTS)) for _ in range(width + wider)]
        rows.append(one(BETWEEN) + one(ROWS).format("".join(cells)))
    return f"<html><table>{''.join(rows)}{one(('</table></html>', '', '</table>'))}"


def read(text: str) -> list[tuple[list[object], int]]:
    """The rows in order, each with the cells that its columns have, and how wide it was written."""
    rows: list[tuple[list[object], int]] = []
    for chunk in html_tables.Page("HTML", text).chunks():
        columns = [chunk.column(number) for number in range(max(chunk.widths) + 1)]
        for place, width in enumerate(chunk.widths):
            cells = [column[place] for column in columns]
            assert cells[:width] == list(chunk.row(place))
            assert not any(cells[width:])
            rows.append((cells[:width], width))
    return rows


@pytest.mark.parametrize("odd", [0.0, 0.02, 0.1, 0.5, 1.0])
def test_at_once_as_tag_by_tag(monkeypatch: pytest.MonkeyPatch, odd: float) -> None:
    pages = [page(random.Random(f"{odd} {seed}"), odd) for seed in range(PAGES)]
    at_once = list(map(read, pages))
    monkeypatch.setattr(html_tables, "_PIECE", 60)
    in_pieces = list(map(read, pages))
    monkeypatch.setattr(html_tables, "_PIECE", 1 << 18)
    monkeypatch.setattr(html_rows, "_pattern", lambda _columns: re.compile("(?!)()()"))
    for text, *several in zip(pages, at_once, in_pieces, map(read, pages), strict=True):
        assert several[0] == several[2], text
        if "<tr title=" not in text:  # a tag within an attribute may be where a piece begins
            assert several[1] == several[2], text


def test_plain_rows_are_read_at_once() -> None:
    text = page(random.Random(1), 0.0)
    (chunk,) = html_tables.Page("HTML", text).chunks()
    assert isinstance(chunk, plain_rows.Matched)
    assert chunk.are_all
