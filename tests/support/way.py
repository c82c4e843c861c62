"""A way to a server's socket by TCP on loopback, that takes its time or stops bringing anything."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from tests.support.postgres import name_of

_AT_ONCE = 65536


@dataclass
class Way:
    """What two ends have between them."""

    port: int
    seconds: float = 0.0
    """How long whatever is sent is under way, in each direction."""
    cut: threading.Event = field(default_factory=threading.Event)
    """Set: nothing arrives any more, and nobody is told."""
    round_trips: int = 0
    """How often the server answered something that was sent."""

    def address(self, of: str) -> str:
        """The address of the same database by this way."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name_of(of)}?sslmode=disable"

    def carry(self, here: socket.socket, there: socket.socket) -> None:
        """Bring both ways what is sent, until an end closes."""
        asked = threading.Event()
        for source, target, of_client in ((here, there, True), (there, here, False)):
            under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
            take = partial(self._take, source, under_way, asked, of_client=of_client)
            for work in (take, partial(self._bring, target, under_way)):
                threading.Thread(target=work, daemon=True).start()

    def _take(
        self,
        source: socket.socket,
        under_way: queue.SimpleQueue[tuple[float, bytes]],
        asked: threading.Event,
        *,
        of_client: bool,
    ) -> None:
        some = b"."
        while some:
            some = b""
            with suppress(OSError):
                some = source.recv(_AT_ONCE)
            if of_client:
                asked.set()
            elif asked.is_set() and some:
                asked.clear()
                self.round_trips += 1
            under_way.put((time.monotonic() + self.seconds, some))

    def _bring(
        self, target: socket.socket, under_way: queue.SimpleQueue[tuple[float, bytes]]
    ) -> None:
        some = b"."
        while some:
            at, some = under_way.get()
            time.sleep(max(0.0, at - time.monotonic()))
            if self.cut.is_set():
                return
            with suppress(OSError):
                target.sendall(some) if some else target.shutdown(socket.SHUT_WR)


@contextmanager
def way(path: str, seconds: float = 0.0) -> Iterator[Way]:
    """A way to the socket of that path; `seconds` in each direction."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one = Way(listening.getsockname()[1], seconds)
        ends: list[socket.socket] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    here, _ = listening.accept()
                    there = socket.socket(socket.AF_UNIX)
                    there.connect(path)
                    here.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    ends.extend((here, there))
                    one.carry(here, there)

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield one
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for end in ends:
                end.close()
