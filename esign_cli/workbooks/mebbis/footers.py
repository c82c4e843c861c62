"""Rows that belong to nobody: totals, page numbers, the day of a report."""

from __future__ import annotations

import re

from esign_cli.foundation.turkish import fold
from esign_cli.workbooks.mebbis.cells import Cell

TOTALS = ("toplam", "geneltoplam", "aratoplam")
_TOTAL = re.compile(
    r"(genel|ara)?toplam(kisi|personel|kayit|satir)?(sayisi|adedi|adet)?\d*"
    r"(kisi|personel|kayit|satir|adet)?"
)
_FOOTER = re.compile(r"(genel|ara)?toplam.*|sayfa(no|numarasi)?\d*|rapor(tarihi|untarihi)?\d*")


def is_total(cell: Cell) -> bool:
    """Whether the cell says "TOPLAM", with a count or without, and nothing else."""
    return isinstance(cell, str) and _TOTAL.fullmatch(fold(cell)) is not None


def is_footer(cell: Cell) -> bool:
    """Whether a total, a page number or the day of a report begins the cell."""
    return isinstance(cell, str) and _FOOTER.fullmatch(fold(cell)) is not None
