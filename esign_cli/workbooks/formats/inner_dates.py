"""When a workbook was last saved, by what stands inside it.

`docProps/core.xml` of .xlsx and .xlsb ([ISO/IEC 29500-2] 11), `meta.xml` of .ods and the same
element of .fods ([ODF 1.3] 4.3.3), the summary information of .xls ([MS-OLEPS] 3.1),
`DocumentProperties` of SpreadsheetML. Text and HTML say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from esign_cli.workbooks.formats import Damaged, compound
from esign_cli.workbooks.formats.decoding import text
from esign_cli.workbooks.formats.package import UNREADABLE, Package

INSIDE, MODIFIED = "inside", "modified"
_FIRST_YEAR = 2000
"""What is older was written by a program that does not know: 1601, 1904, 1980."""
_OF_ISTANBUL = timedelta(hours=3)
_MOMENT = re.compile(
    r"<(?:\w+:)?(?:modified|date|LastSaved)\b[^>]*>\s*"
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\s*<"
)
"""Without an offset the time is one of the clock on the wall."""
_BEGINNING = 1 << 16
"""So much of a flat file holds its properties."""


def oldest(kind: str, content: bytes, path: Path) -> tuple[str, str]:
    """Return the oldest of the days of a file (ISO), and where it comes from: INSIDE or MODIFIED.

    A copy of a file was changed today, and its content was not.
    """
    changed = (datetime.fromtimestamp(path.stat().st_mtime, UTC) + _OF_ISTANBUL).date()
    inside = last_saved(kind, content)
    if inside is None or changed < inside:
        return changed.isoformat(), MODIFIED
    return inside.isoformat(), INSIDE


def last_saved(kind: str, content: bytes) -> date | None:
    """Return the day, in Turkey, that a file of this type (`filetypes`) says it was saved on."""
    way = _WAYS.get(kind)
    try:
        day = way(content) if way else None
    except (Damaged, *UNREADABLE, IndexError, TypeError, AttributeError, OverflowError):
        return None  # the properties may be broken where the sheets are not
    return day if day and day.year >= _FIRST_YEAR else None


def _in_core(content: bytes) -> date | None:
    package = Package(content)
    named = (one.name for one in package.related() if one.kind == "core-properties")
    name = next((one for one in named if one in package), "docProps/core.xml")
    return _in_markup(package.read(name)) if name in package else None


def _in_meta(content: bytes) -> date | None:
    package = Package(content)
    return _in_markup(package.read("meta.xml")) if "meta.xml" in package else None


def _in_markup(content: bytes) -> date | None:
    match = _MOMENT.search(text(content[:_BEGINNING]))
    if match is None:
        return None
    moment = datetime.fromisoformat(match[1] + (match[2] or ""))
    return (moment.astimezone(UTC) + _OF_ISTANBUL).date() if match[2] else moment.date()


def _in_summary(content: bytes) -> date | None:
    saved = compound.last_saved(content)
    return (saved + _OF_ISTANBUL).date() if saved else None


_WAYS: dict[str, Callable[[bytes], date | None]] = {
    "xlsx": _in_core,
    "xlsb": _in_core,
    "ods": _in_meta,
    "fods": _in_markup,
    "SpreadsheetML 2003": _in_markup,
    "xls": _in_summary,
}
