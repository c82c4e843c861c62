"""A connection whose server may stop answering, which TCP alone does not always notice.

A computer that is gone or a cable that is out leaves packets unconfirmed, and `tcp_user_timeout`
ends the connection. A firewall, a tunnel or a proxy in between may go on confirming.
"""

from __future__ import annotations

import select
from typing import Any, TypeVar

import psycopg
from psycopg import pq
from psycopg.abc import PQGen
from psycopg.waiting import Wait

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
        """The same, which is waited for here: psycopg before 3.3 tells nobody that time goes by."""
        try:
            wants = next(gen)
            while True:
                self._hear(wants)
                wants = gen.send((yield wants))
        except StopIteration as end:
            answer: T = end.value
            return answer

    def _hear(self, wants: Wait) -> None:
        """Wait until the connection can be read from, or written to, as is wanted."""
        socket = [self.pgconn.socket]
        to_read = socket if wants & Wait.R else []
        to_write = socket if wants & Wait.W else []
        while not any(select.select(to_read, to_write, (), SILENT_SECONDS)):
            self._check_server()

    def _check_server(self) -> None:
        """Ask whether the server is there; it takes no password and no place among the sessions."""
        way = f"{self.info.dsn} connect_timeout={_ANSWER_SECONDS}"
        if pq.PGconn.ping(way.encode()) == pq.Ping.NO_RESPONSE:
            raise psycopg.OperationalError("the server does not answer")
