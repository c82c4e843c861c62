"""Another program that takes a reader for itself alone (SCARD_SHARE_EXCLUSIVE)."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator

_HOLD = """
import ctypes, sys, time
pcsc, context = ctypes.CDLL("libpcsclite.so.1"), ctypes.c_long()
card, protocol, ulong = ctypes.c_long(), ctypes.c_ulong(), ctypes.c_ulong
assert not pcsc.SCardEstablishContext(ulong(2), None, None, ctypes.byref(context))
reader, shared = sys.argv[1].encode(), -2146435061  # SCARD_E_SHARING_VIOLATION
print("ready", flush=True)
while answer := pcsc.SCardConnect(context, reader, ulong(1), ulong(3),
                                  ctypes.byref(card), ctypes.byref(protocol)):
    if answer in (shared, shared & 0xffffffff):
        break
    time.sleep(0.001)
print("too late" if answer else "held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def holding(reader: str, put_in: Callable[[], object] = lambda: None) -> Iterator[bool]:
    """Hold this reader for the length of a `with` block; False where somebody else was faster.

    It waits for a card; `put_in` puts one in when it waits.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, reader], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        try:
            assert other.stdout.readline() == b"ready\n"
            put_in()
            yield other.stdout.readline() == b"held\n"
        finally:
            other.stdin.close()
