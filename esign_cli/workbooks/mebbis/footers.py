"""Rows that belong to nobody: totals, page numbers, the day of a report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.mebbis import dates
from esign_cli.workbooks.mebbis.cells import Cell

_REPORT_DAY = re.compile(
    r"(?:rapor|liste|döküm|çıktı|alınma|düzenleme)\w*\s*(?:alınma|alım)?\s*tarihi?\s*:?\s*(\d[\d./-]*\d)?",
    re.IGNORECASE,
)
"""A title such as "Rapor Tarihi: 01.11.2026", the day of which may stand in the next cell."""
TOTALS = ("toplam", "geneltoplam", "aratoplam")
_SMALL = str.maketrans("İIĞÜŞÖÇ", "iığüşöç")
_TOTAL = re.compile(
    r"(genel|ara)?toplam(kisi|personel|kayit|satir)?(sayisi|adedi|adet)?\d*"
    r"(kisi|personel|kayit|satir|adet)?"
)
_FOOTER = re.compile(r"(genel|ara)?toplam.*|sayfa(no|numarasi)?\d*|rapor(tarihi|untarihi)?\d*")


def report_day(top: Sequence[Sequence[Cell]], header_row: int) -> date | None:
    """Read the day that the titles above a table say it was made on."""
    for row in top[: header_row - 1]:
        filled = [cell for cell in row if cell != ""]
        for cell, after in zip(filled, [*filled[1:], ""], strict=False):
            match = _REPORT_DAY.search(cell.translate(_SMALL)) if isinstance(cell, str) else None
            read = dates.day(match[1] or str(after)) if match else None
            if read and read != date.min:
                return read
    return None


def is_total(cell: Cell) -> bool:
    """Tell whether the cell says "TOPLAM", with a count or without, and nothing else."""
    return isinstance(cell, str) and _TOTAL.fullmatch(fold(cell)) is not None


def is_footer(cell: Cell) -> bool:
    """Tell whether a total, a page number or the day of a report begins the cell."""
    return isinstance(cell, str) and _FOOTER.fullmatch(fold(cell)) is not None
