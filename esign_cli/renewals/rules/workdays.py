"""Days on which offices work, and the last of them before a day."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta

_SATURDAY = 5


def works(day: date, holidays: Container[date]) -> bool:
    """Return whether it is neither a Saturday, nor a Sunday, nor one of the holidays."""
    return day.weekday() < _SATURDAY and day not in holidays


def last_until(day: date, holidays: Container[date]) -> date:
    """Return the day itself where offices work on it, else the working day before it."""
    while not works(day, holidays):
        day -= timedelta(1)
    return day


def before_deadline(deadline: date, holidays: Container[date], today: date) -> date | None:
    """Return the working day before a last day that is none; None where it is one, or has passed.

    On the holidays themselves it lies in the past already.
    """
    if today > deadline or works(deadline, holidays):
        return None
    return last_until(deadline, holidays)
