"""A child program that does, on demand, what a card's library may do."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

from esign_cli.foundation import child
from esign_cli.foundation.errors.environment import FileMissing


def main() -> None:
    child.serve(lambda request: _DEEDS[request[:5]](request))


def _echo(request: bytes) -> bytes:
    return request[5:]


def _several(request: bytes) -> bytes:
    for word in request.split()[1:]:
        child.write_frame(word)
    return b"done"


def _print(request: bytes) -> bytes:
    os.write(1, b"from C\n")
    print("from Python", flush=True)
    return b"read " + sys.stdin.buffer.read()


def _crash(request: bytes) -> bytes:
    print("about to crash", file=sys.stderr, flush=True)
    os.abort()


def _sleep(request: bytes) -> bytes:
    helper = os.fork()  # a library may start helpers of its own
    if helper:
        child.write_frame(str(helper).encode())
    time.sleep(60)
    return b""


def _raise(request: bytes) -> bytes:
    raise FileMissing(path="ışık.xlsx")


def _memory(request: bytes) -> bytes:
    return str(len(bytearray(int(request[5:])))).encode()


def _limits(request: bytes) -> bytes:
    import resource

    return repr(
        {
            "core": resource.getrlimit(resource.RLIMIT_CORE),
            "own-session": os.getsid(0) == os.getpid(),
            "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),
            "pid": os.getpid(),
        }
    ).encode()


def _close(request: bytes) -> bytes:
    os.closerange(3, 64)  # the frames' pipes among them
    time.sleep(0.3)
    signal.raise_signal(signal.SIGSEGV)
    return b""


_DEEDS = {
    b"echo ": _echo,
    b"many ": _several,
    b"print": _print,
    b"crash": _crash,
    b"sleep": _sleep,
    b"raise": _raise,
    b"close": _close,
    b"alloc": _memory,
    b"limit": _limits,
}
