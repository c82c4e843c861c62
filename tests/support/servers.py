"""Servers on loopback that answer byte for byte as a test wants, honestly or not."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, bytes], None]
"""Given the connection and the request's bytes, it answers; closing is done after it."""


@dataclass
class Server:
    """What a server was asked, and where it is."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def body(self, number: int = -1) -> bytes:
        return self.requests[number].partition(b"\r\n\r\n")[2]

    def header(self, name: str, number: int = -1) -> str:
        head = self.requests[number].partition(b"\r\n\r\n")[0].decode("latin-1")
        found = [line.partition(":")[2] for line in head.split("\r\n")[1:]
                 if line.lower().startswith(f"{name.lower()}:")]  # fmt: skip
        return found[0].strip() if found else ""


def http_answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of an honest answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def saying(*answers: bytes) -> Answer:
    """Answers one after the other, the last one again and again."""
    left = list(answers)

    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return answer


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """A server for the length of a `with` block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(listening.getsockname()[1])
        ended = threading.Event()

        def serve() -> None:
            while not ended.is_set():
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.settimeout(10)
                    request = _request(connection)
                    if request:
                        server.requests.append(request)
                        answer(connection, request)
                except OSError:
                    return  # the client has gone

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            if sys.platform != "win32":  # there closing alone ends the waiting
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            thread.join(5)


def _request(connection: socket.socket) -> bytes:
    """The whole request: its head, and as many bytes more as it says."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(65536)
        if not piece:
            return b""
        found += piece
    head, _blank, body = found.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n")
               if line.startswith(b"content-length:")]  # fmt: skip
    wanted = int(lengths[0]) if lengths else 0
    while len(body) < wanted:
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
