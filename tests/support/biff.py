"""Workbooks that no library writes, made by hand: .xlsb (BIFF12 records in a ZIP) and BIFF5 .xls.

Record numbers and layouts are those of [MS-XLSB] 2.3 and 2.4, and of [MS-XLS] and its forerunner.
Text, numbers and dates (as numbers with a date's format) are written, as Excel writes them.
"""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from xlwt.CompoundDoc import XlsDoc

Row = Sequence[Any]
_DAY_ZERO = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}
_DATE_FORMAT = 14
_GENERAL, _DATE = 0, 1
"""The two cell formats of a workbook, by their place."""


def _number(value: Any, *, from_1904: bool) -> float | None:
    if isinstance(value, datetime.date):
        return float((value - _DAY_ZERO[from_1904]).days)
    return float(value) if isinstance(value, int | float) else None


def _style(value: Any) -> int:
    return _DATE if isinstance(value, datetime.date) else _GENERAL


# --- .xlsb ---------------------------------------------------------------------------------------


def _long(number: int) -> bytes:
    """A number in pieces of seven bits, the lowest first ([MS-XLSB] 2.1.4)."""
    pieces = []
    while number > 0x7F:
        pieces.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*pieces, number])


def record(kind: int, content: bytes = b"") -> bytes:
    """A BIFF12 record."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + _long(len(content)) + content


def _wide(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw) // 2) + raw


_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}'
    "</Relationships>"
)
_RELATION = '<Relationship Id="rId{}" Type="' + _RELATED + '/{}" Target="{}"/>'
_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"'
    "/></Types>"
)


def xlsb(rows: Sequence[Row], *, from_1904: bool = False) -> bytes:
    """An .xlsb with these rows; shared strings, as Excel writes them."""
    strings: dict[str, int] = {}
    sheet = b"".join(_sheet12(rows, strings, from_1904=from_1904))
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS.format(_RELATION.format(1, "officeDocument", "xl/workbook.bin")),
        "xl/_rels/workbook.bin.rels": _RELATIONS.format(
            _RELATION.format(1, "worksheet", "worksheets/sheet1.bin")
            + _RELATION.format(2, "styles", "styles.bin")
            + _RELATION.format(3, "sharedStrings", "sharedStrings.bin")
        ),
        "xl/workbook.bin": _book12(from_1904=from_1904),
        "xl/worksheets/sheet1.bin": sheet,
        "xl/styles.bin": _styles12(),
        "xl/sharedStrings.bin": _strings12(strings),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def _book12(*, from_1904: bool) -> bytes:
    properties = struct.pack("<II", int(from_1904), 124226) + _wide("")
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Liste")
    return b"".join(
        (
            record(131),  # BrtBeginBook
            record(153, properties),  # BrtWbProp
            record(143),  # BrtBeginBundleShs
            record(156, bundle),  # BrtBundleSh
            record(144),  # BrtEndBundleShs
            record(157, bytes(26)),  # BrtCalcProp
            record(132),  # BrtEndBook
        )
    )


def _styles12() -> bytes:
    formats = (
        record(47, struct.pack("<HHHHHBBHBB", 0, number, 0, 0, 0, 0, 0, 0x1000, 0, 0))  # BrtXF
        for number in (0, _DATE_FORMAT)
    )
    return b"".join(
        (
            record(278),  # BrtBeginStyleSheet
            record(617, struct.pack("<I", 2)),  # BrtBeginCellXFs
            *formats,
            record(618),  # BrtEndCellXFs
            record(279),  # BrtEndStyleSheet
        )
    )


def _strings12(strings: dict[str, int]) -> bytes:
    count = struct.pack("<II", len(strings), len(strings))
    items = (record(19, b"\0" + _wide(text)) for text in strings)  # BrtSSTItem
    return b"".join((record(159, count), *items, record(160)))  # BrtBeginSst, BrtEndSst


def _sheet12(rows: Sequence[Row], strings: dict[str, int], *, from_1904: bool) -> Iterator[bytes]:
    width = max(map(len, rows))
    yield record(129)  # BrtBeginSheet
    yield record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))  # BrtWsDim
    yield record(145)  # BrtBeginSheetData
    for number, row in enumerate(rows):
        yield record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))  # BrtRowHdr
        for column, value in enumerate(row):
            place = struct.pack("<II", column, _style(value))
            digits = _number(value, from_1904=from_1904)
            if digits is None and value:
                yield record(7, place + struct.pack("<I", strings.setdefault(value, len(strings))))
            elif digits is None:
                yield record(1, place)  # BrtCellBlank
            elif digits.is_integer() and abs(digits) < 1 << 29:
                yield record(2, place + struct.pack("<i", int(digits) << 2 | 2))  # BrtCellRk
            else:
                yield record(5, place + struct.pack("<d", digits))  # BrtCellReal
    yield record(146)  # BrtEndSheetData
    yield record(130)  # BrtEndSheet


# --- BIFF5 ---------------------------------------------------------------------------------------

_BIFF5 = 0x0500
_SMALLEST_STREAM = 4096
_TURKISH = 1254


def xls5(rows: Sequence[Row], *, from_1904: bool = False) -> bytes:
    """A BIFF5 .xls (Excel 5.0 and 95) with these rows: bytes of windows-1254, a stream "Book"."""
    stream = xls5_stream(rows, from_1904=from_1904)
    out = io.BytesIO()
    XlsDoc().save(out, stream.ljust(_SMALLEST_STREAM, b"\0"))
    long, short = (name.encode("utf-16-le") + b"\0\0" for name in ("Workbook", "Book"))
    made = out.getvalue()
    place = made.index(long)
    entry = short.ljust(64, b"\0") + struct.pack("<H", len(short))
    return made[:place] + entry + made[place + len(entry) :]


def xls5_stream(rows: Sequence[Row], *, from_1904: bool = False) -> bytes:
    """Its records."""
    globals_ = [
        _record5(0x0809, struct.pack("<HHHH", _BIFF5, 0x0005, 0x096C, 1995)),  # BOF
        _record5(0x0042, struct.pack("<H", _TURKISH)),  # CODEPAGE
        _record5(0x0022, struct.pack("<H", from_1904)),  # DATEMODE
        *(
            _record5(0x00E0, struct.pack("<HHHH", 0, number, 1, 0x20) + bytes(8))  # XF
            for number in (0, _DATE_FORMAT)
        ),
    ]
    name = b"Liste"
    end = _record5(0x000A)
    start = sum(map(len, globals_)) + 4 + 7 + len(name) + len(end)
    bundle = _record5(0x0085, struct.pack("<IBBB", start, 0, 0, len(name)) + name)  # BOUNDSHEET
    sheet = b"".join(_sheet5(rows, from_1904=from_1904))
    return b"".join((*globals_, bundle, end, sheet))


def _record5(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _sheet5(rows: Sequence[Row], *, from_1904: bool) -> Iterator[bytes]:
    width = max(map(len, rows))
    yield _record5(0x0809, struct.pack("<HHHH", _BIFF5, 0x0010, 0x096C, 1995))  # BOF
    yield _record5(0x0200, struct.pack("<HHHHH", 0, len(rows), 0, width, 0))  # DIMENSIONS
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", number, column, _style(value))
            digits = _number(value, from_1904=from_1904)
            if digits is not None:
                yield _record5(0x0203, place + struct.pack("<d", digits))  # NUMBER
            elif value:
                text = value.encode("cp1254")
                yield _record5(0x0204, place + struct.pack("<H", len(text)) + text)  # LABEL
            else:
                yield _record5(0x0201, place)  # BLANK
    yield _record5(0x000A)  # EOF
