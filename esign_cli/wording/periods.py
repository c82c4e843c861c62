"""Periods (10d, 6w, 3m, 2y) as they are offered to whoever types them, and as they may be typed."""

from __future__ import annotations

import re

from esign_cli.foundation.i18n import language
from esign_cli.foundation.turkish import fold

_UNITS = {"d": "gün", "w": "hafta", "m": "ay", "y": "yıl"}
_CODES = {fold(word): unit for unit, word in _UNITS.items()}
_TYPED = re.compile(r"([0-9]+)\s*([^\W\d_]+)")


def offered(code: str) -> str:
    """Return a period as it is offered: in Turkish words first, where they are spoken."""
    if language() != "tr" or code[-1:] not in _UNITS:
        return code
    return f"{code[:-1]} {_UNITS[code[-1]]} ({code})"


def code(typed: str) -> str:
    """Return the period that is meant by “10 gün” or 10d; anything else as it is."""
    match = _TYPED.fullmatch(typed.strip())
    unit = _CODES.get(fold(match[2])) if match else None
    return f"{match[1]}{unit}" if match and unit else typed
