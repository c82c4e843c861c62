"""How long what is kept of people may be kept (KVKK, art. 7): periods, and the days they end on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from esign_cli.renewals.rules.lifetime import months_before

KINDS = ("left", "history", "reminders", "watch")
"""What has a period of its own: people who left; the details of imports; reminders that were sent;
piles of cards that were read."""
_PERIOD = re.compile(r"([1-9][0-9]{0,3})([dwmy])")
_DAYS = {"d": 1, "w": 7}
_MONTHS = {"m": 1, "y": 12}


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind, and how long it is kept: a number of days, weeks, months or years (2y, 6m)."""

    kind: str
    period: str

    def before(self, today: date) -> date:
        """Return the day before which it is over."""
        number, unit = int(self.period[:-1]), self.period[-1]
        if unit in _DAYS:
            return today - timedelta(number * _DAYS[unit])
        return months_before(today, number * _MONTHS[unit])


def is_period(text: str) -> bool:
    """Return whether it is a period: 90d, 6w, 6m, 2y."""
    return bool(_PERIOD.fullmatch(text)) and int(text[:-1]) <= _LONGEST[text[-1]]


_LONGEST = {"d": 9999, "w": 1500, "m": 1200, "y": 100}
"""Further back no calendar reaches."""
