"""A connection whose server may stop answering, which TCP alone does not always notice.

A computer that is gone or a cable that is out leaves packets unconfirmed, and `tcp_user_timeout`
ends the connection. A firewall, a tunnel or a proxy in between may go on confirming.
"""

from __future__ import annotations

import time
from typing import Any, TypeVar

import psycopg
from psycopg import pq
from psycopg.abc import PQGen

SILENT_SECONDS = 3.5
"""After which the server is asked by a way of its own whether it is still there."""
_ANSWER_SECONDS = 4
T = TypeVar("T")


class Line(psycopg.Connection[Any]):
    """A connection in which nobody waits for a server that is gone: OperationalError within 8 s."""

    def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:
        """Wait for an answer for as long as the server is there."""
        return super().wait(self._watched(gen), *args, **kwargs)

    def _watched(self, gen: PQGen[T]) -> PQGen[T]:
        heard = time.monotonic()
        try:
            wants = next(gen)
            while True:
                ready = yield wants
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > SILENT_SECONDS:
                    self._check_server()
                    heard = time.monotonic()
                wants = gen.send(ready)
        except StopIteration as end:
            answer: T = end.value
            return answer

    def _check_server(self) -> None:
        """Ask whether the server is there; it takes no password and no place among the sessions."""
        way = f"{self.info.dsn} connect_timeout={_ANSWER_SECONDS}"
        if pq.PGconn.ping(way.encode()) == pq.Ping.NO_RESPONSE:
            raise psycopg.OperationalError("the server does not answer")
