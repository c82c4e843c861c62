"""The only room that asks what time it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from esign_cli.foundation.dates import ISTANBUL


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  (this is that room)


def today() -> date:
    """Return the date in Turkey."""
    return now().astimezone(ISTANBUL).date()


@dataclass
class Deadline:
    """Whether this process has worked for `seconds`.

    Processor time is what counts: a slow server and a busy computer bring no other verdict.
    """

    seconds: float
    _begun: float = field(default_factory=time.process_time)

    def __call__(self) -> bool:
        return time.process_time() - self._begun > self.seconds
