"""Values of a column that somebody is shown who is asked what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import islice

from esign_cli.foundation.turkish import mask
from esign_cli.workbooks.mebbis.cells import Cell
from esign_cli.workbooks.mebbis.dates import DAY_ZERO

MOST_SAMPLES = 3
LONGEST_SAMPLE = 40
_DAYS = range(20_000, 80_000)
"""What Excel counts for days from 1954 to 2119."""
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T].*)?")
_ID = re.compile(r"\d{11}")


def samples(rows: Iterable[Sequence[Cell]], column: int) -> list[str]:
    """Return the first values of a column that differ, MOST_SAMPLES at most.

    Days are written as people do; ids are masked, and a long text is cut.
    """
    cells = (row[column] for row in rows if column < len(row) and row[column] != "")
    return list(islice(dict.fromkeys(map(_sample, cells)), MOST_SAMPLES))


def _sample(cell: Cell) -> str:
    text = str(cell)
    if isinstance(cell, int | float):
        day = int(cell)
        text = str(DAY_ZERO + timedelta(days=day)) if day in _DAYS else text.removesuffix(".0")
    if iso := _ISO.fullmatch(text):
        return ".".join(reversed(iso.groups()))
    return _ID.sub(lambda digits: mask(digits[0]), text)[:LONGEST_SAMPLE]
