"""What is read a piece at a time says the same wherever the pieces end."""

from __future__ import annotations

import io

import pytest

from esign_cli.workbooks.formats import delimited, xlsx
from esign_cli.workbooks.formats.package import Package
from tests.support import workbooks
from tests.support.workbooks import HEADERS, person

LINES = 'a;b\r\nc;"d\re"\r\nf;g\rh;i\n\n\r\n\rj;"k\r\nl"\n"m;n\r\no;p'


@pytest.mark.parametrize("size", [*range(1, 12), len(LINES), 1 << 18])
def test_lines_of_text(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(delimited, "_PIECE", size)
    assert list(delimited._lines(LINES)) == list(io.StringIO(LINES, newline=""))


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
