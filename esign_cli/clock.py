"""The only room that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
"""Dates that people read are dates here; Turkey keeps UTC+3 all year since 2016."""


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  (this is that room)


def today() -> date:
    """The date in Turkey."""
    return now().astimezone(ISTANBUL).date()
