"""A program in a child that takes as much memory as it is asked to."""

from __future__ import annotations

from esign_cli.foundation import child

taken: list[bytearray] = []
STEP = 10 << 20


def take(request: bytes) -> bytes:
    """Take so many bytes and touch each page of them."""
    for _number in range(int(request) // STEP):
        taken.append(bytearray(b"\1") * STEP)
    return b"taken"


def main() -> None:
    child.serve(take)
