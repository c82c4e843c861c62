"""Dates as people in Turkey have them."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
"""Dates that people read are dates here; Turkey keeps UTC+3 all year since 2016."""


def day(value: date) -> str:
    """Return a date as people in Turkey write it."""
    return f"{value:%d.%m.%Y}"
