"""Tables within the cells of a table of an HTML page.

The table of the people may lie within one that lays out the page; it is read for itself. One that
lies beside other cells of a row, and names nobody, is the text of its cell, or UNCLEAR if it has
several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from esign_cli.workbooks.formats.xlsx_cells import UNCLEAR

_TABLE = re.compile(r"<(/?)table\b[^>]*>", re.IGNORECASE)
_MARK = re.compile(r"<(/?)(t[dhr]|table)\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b[^>]*>", re.IGNORECASE)
_CELL_ENDS = frozenset(("</td", "</th"))
_ID = re.compile(r"(?<!\d)\d{11}(?!\d)", re.ASCII)
_WINDOW = 4096
"""A cell is begun so many letters before a table within it, at most."""


def flattened(page: str, shown: Callable[[str], str]) -> str:
    """Return the page with the texts of such tables in their place; `shown` reads a cell."""
    pieces: list[str] = []
    begin = 0
    for start, end in _within_others(page):
        if start < begin or not _has_neighbours(page, start, end):
            continue
        text = _text(page[start:end], shown)
        if text is not None:
            pieces += [page[begin:start], f" {text} "]
            begin = end
    return "".join([*pieces, page[begin:]]) if pieces else page


def _within_others(page: str) -> Iterator[tuple[int, int]]:
    """The places of tables that are begun and ended within another, the outer ones first."""
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for match in _TABLE.finditer(page):
        if not match[1]:
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if opened:
                found.append((start, match.end()))
    yield from sorted(found)


def _has_neighbours(page: str, start: int, end: int) -> bool:
    """Whether it stands in a cell, and that is not the only one of its row."""
    before = [match.groups() for match in _MARK.finditer(page, max(0, start - _WINDOW), start)]
    if not before or before[-1][0] or before[-1][1].lower() not in ("td", "th"):
        return False
    after = (match for match in _MARK.finditer(page, end) if match[0].lower() not in _CELL_ENDS)
    following = next(after, None)
    is_last = following is None or following[0].lower() not in ("<td", "<th")
    return not is_last or (len(before) > 1 and before[-2][1].lower() in ("td", "th"))


def _text(table: str, shown: Callable[[str], str]) -> str | None:
    """The one text of a table; None if it names somebody."""
    texts = [" ".join(shown(one).split()) for one in _CELL.split(table)]
    filled = [text for text in texts if text]
    if len(filled) > 1 and any(map(_ID.search, filled)):
        return None
    return (UNCLEAR if len(filled) > 1 else filled[0]) if filled else ""
