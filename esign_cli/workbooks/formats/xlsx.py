"""The sheets of an .xlsx, row by row while their XML is inflated ([ISO/IEC 29500-1] 18.2, 18.3).

A sheet of a million rows is a gigabyte of XML, of which a megabyte at a time is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from xml.etree import ElementTree

from esign_cli.workbooks.formats import Damaged, column_letters
from esign_cli.workbooks.formats.chunks import ROWS, Blank, Chunk
from esign_cli.workbooks.formats.package import Package
from esign_cli.workbooks.formats.xlsx_cells import UNCLEAR, Cells, built_in_date, is_date, text
from esign_cli.workbooks.formats.xlsx_rows import Rows, local
from esign_cli.workbooks.formats.xml_pieces import LONGEST_ITEM, pieces, read

KEPT = 128 << 20
"""Bytes of XML of all sheets that are inflated once; what is more, each time it is read."""
_MERGED = re.compile(r"""mergeCell\b[^>]*\bref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)""")
_ROW = re.compile(rb"""[<:]row\s(?:[^>]*?\s)?r\s*=\s*["'](\d{1,7})["']""")
_PLAIN_STRING = r"<{0}si>(?:<{0}t(?: xml:space=\"preserve\")?>([^<]*+)</{0}t>)?+</{0}si>"
_STRING = _PLAIN_STRING + r"|(<{0}si\b(?:[^>]*+(?<=/)>|[^>]*+>.*?</{0}si>))"


class Workbook:
    """Its sheets in their order; raises Damaged or one of package.UNREADABLE."""

    def __init__(self, package: Package) -> None:
        self._package = package
        main = package.main() or "xl/workbook.xml"
        book = package.xml(main)
        related = package.related(main)
        parts = {one.id: one for one in related}
        by_kind = {one.kind: one.name for one in related if one.name in package}
        properties = _descendants(book, "workbookPr")
        self.from_1904 = any(one.get("date1904") in ("1", "true") for one in properties)
        calculation = _descendants(book, "calcPr")
        stale = any(one.get("fullCalcOnLoad") in ("1", "true") for one in calculation)
        strings = by_kind.get("sharedstrings")
        texts = _strings(read(package.open(strings))) if strings else ()
        self._strings = list(chain.from_iterable(texts))
        dates = _date_styles(package, by_kind.get("styles"))
        cells = Cells(self._strings, dates, from_1904=self.from_1904)
        self.sheets: list[Sheet] = []
        room = KEPT
        for one in _descendants(book, "sheet"):
            part = parts.get(_relation(one))
            if part and part.kind == "worksheet":
                sheet = Sheet(package, part.name, one, cells, stale=stale, room=room)
                room -= sheet.kept
                self.sheets.append(sheet)


def _descendants(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if local(one) == name]


def _relation(sheet: ElementTree.Element) -> str:
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")


def _date_styles(package: Package, name: str | None) -> frozenset[int]:
    """The numbers of those cell formats that show a day."""
    if name is None:
        return frozenset()
    root = package.xml(name)
    codes = {
        one.get("numFmtId", ""): one.get("formatCode", "") for one in _descendants(root, "numFmt")
    }
    formats = next((one for one in root if local(one) == "cellXfs"), ())
    return frozenset(
        style for style, one in enumerate(formats) if _shows_day(one.get("numFmtId", "0"), codes)
    )


def _shows_day(number: str, codes: Mapping[str, str]) -> bool:
    if number in codes:
        return is_date(codes[number])
    return number.isdigit() and built_in_date(int(number))


def _strings(part: Iterable[bytes]) -> Iterator[list[str]]:
    """The shared strings, some at a time, without formatting and how they are read aloud."""
    for head, piece in pieces(part, "sst", "si"):
        yield _plain_strings(head.prefix, piece) or list(_any_strings(head.prefix, piece))


def _plain_strings(prefix: str, piece: str) -> list[str] | None:
    """Those of a piece in which all are plain; None for any other."""
    if "&" in piece or "_x" in piece:
        return None
    begin, end = f"<{prefix}si><{prefix}t>", f"</{prefix}t></{prefix}si>"
    piece = piece.replace(f'<{prefix}t xml:space="preserve">', f"<{prefix}t>")
    strings = piece.removeprefix(begin).removesuffix(end).split(end + begin)
    tags = len(strings) * (begin + end).count("<")
    whole = piece.startswith(begin) and piece.endswith(end) and piece.count("<") == tags
    return strings if whole else None


def _any_strings(prefix: str, piece: str) -> Iterator[str]:
    for one, other in re.findall(_STRING.format(prefix), piece, re.DOTALL):
        yield _rich(other, prefix) if other else text(one)


def _rich(item: str, prefix: str) -> str:
    if re.search(rf"<{prefix}strike\b(?![^>]*\bval\s*=\s*[\"'](?:0|false)[\"'])", item):
        return UNCLEAR
    read = re.sub(rf"<{prefix}rPh\b.*?</{prefix}rPh>", "", item, flags=re.DOTALL)
    return text("".join(re.findall(rf"<{prefix}t(?:\s[^>]*)?>([^<]*)</{prefix}t>", read)))


class Sheet:
    """One sheet; its rows are read anew each time they are asked for."""

    def __init__(
        self,
        package: Package,
        part: str,
        dimension: ElementTree.Element,
        cells: Cells,
        *,
        stale: bool,
        room: int,
    ) -> None:
        self._package = package
        self._part = part
        self._xml: list[bytes] | None = None
        self._cells = cells
        self._stale = stale
        self.name = dimension.get("name", "")
        self.visible = dimension.get("state", "visible") == "visible"
        self._merged_across: list[tuple[int, int, int]] = []
        self.rows, self._merged = self._survey(room)

    @property
    def kept(self) -> int:
        """How many bytes of its XML are kept."""
        return sum(map(len, self._xml or ()))

    def merged(self) -> Sequence[tuple[int, int, int]]:
        """Return cells merged downwards: (column, first row, last row), counted from 0."""
        return self._merged

    def merged_across(self) -> Sequence[tuple[int, int, int]]:
        """Return cells merged in a row: (row, first column, last column), counted from 0."""
        return self._merged_across

    def _survey(self, room: int) -> tuple[int, list[tuple[int, int, int]]]:
        """About how many rows there are, and what is merged, which stands behind the rows."""
        last, tail = b"", b""
        inflated: list[bytes] = []
        for piece in read(self._package.open(self._part)):
            room -= len(piece)
            inflated.append(piece) if room >= 0 else inflated.clear()
            last = piece if b"row " in piece else last
            at = -1 if tail else piece.find(b"mergeCell", max(piece.rfind(b"<row "), 0))
            if tail:
                tail += piece
            elif at >= 0:
                tail = piece[at:]
            if len(tail) > LONGEST_ITEM:
                raise Damaged("more merged cells than a sheet can have")
        self._xml = inflated if room >= 0 else None
        areas = _MERGED.findall(tail.decode("latin-1")) if tail else ()
        self._merged_across = [
            (int(top) - 1, column_letters.to_number(left), column_letters.to_number(right))
            for left, top, right, bottom in areas
            if top == bottom
        ]
        down = [
            (column_letters.to_number(left), int(top) - 1, int(bottom) - 1)
            for left, top, _, bottom in areas
            if int(bottom) > int(top)
        ]
        return self._last_row(last), sorted(down, key=lambda area: area[1])

    def _last_row(self, piece: bytes) -> int:
        """The number of the last of some rows; how many the sheet has, where they are not told."""
        if numbers := _ROW.findall(piece):
            return int(numbers[-1])
        return sum(one.count(b"<row") + one.count(b":row ") for one in self._pieces())

    def _pieces(self) -> Iterable[bytes]:
        return read(self._package.open(self._part)) if self._xml is None else self._xml

    def chunks(self) -> Iterator[Chunk]:
        """Yield its rows, from the sheet's first to the last that has a cell."""
        reader = Rows(self._cells, stale=self._stale)
        waiting = 0
        for head, piece in pieces(self._pieces(), "sheetData", "row"):
            for chunk in reader.read(head, piece):
                if isinstance(chunk, Blank):
                    waiting += chunk.count
                    continue
                yield from (Blank(min(ROWS, waiting - n)) for n in range(0, waiting, ROWS))
                waiting = 0
                yield chunk
