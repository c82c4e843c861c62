"""The only room that asks what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import ParamSpec, TypeVar

from esign_cli.foundation.dates import ISTANBUL

_T = TypeVar("_T")
_P = ParamSpec("_P")


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  (this is that room)


def today() -> date:
    """Return the date in Turkey."""
    return now().astimezone(ISTANBUL).date()


@dataclass
class Deadline:
    """Whether one's own work has taken `seconds` already; waiting for others is left out."""

    seconds: float
    _begun: float = field(default_factory=time.monotonic)

    def __call__(self) -> bool:
        return time.monotonic() - self._begun > self.seconds

    def waiting(self, work: Callable[_P, _T]) -> Callable[_P, _T]:
        """Return the same work, the time of which does not count."""

        def timed(*args: _P.args, **kwargs: _P.kwargs) -> _T:
            since = time.monotonic()
            try:
                return work(*args, **kwargs)
            finally:
                self._begun += time.monotonic() - since

        return timed
