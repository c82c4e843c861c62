"""What python-pkcs11 and a card's own data say, as ours. Runs in the child."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pkcs11

from esign_cli.foundation.errors.cards import CardRemoved, CardUnreadable

GONE = frozenset(
    {"DeviceRemoved", "TokenNotPresent", "SessionHandleInvalid", "SessionClosed", "SlotIDInvalid"}
)
"""What is said when there is no card, reader or session any more."""
BAD_DATA = (ValueError, TypeError, KeyError, OverflowError)
"""What python-pkcs11 raises on a strange card's own data."""


@contextmanager
def card_errors(label: str) -> Iterator[None]:
    """What python-pkcs11 says of a card, as ours."""
    try:
        yield
    except pkcs11.PKCS11Error as error:
        if name(error) in GONE:
            raise CardRemoved from error
        raise CardUnreadable(card=label, detail=name(error)) from error
    except BAD_DATA as error:
        raise CardUnreadable(card=label, detail=name(error)) from error


def serial(token: Any) -> str:
    return text(token.serial)


def text(padded: bytes) -> str:
    """A serial number as text; a card's own bytes may be anything."""
    return padded.rstrip(b" \0").decode("utf-8", "backslashreplace")


def name(error: BaseException) -> str:
    """python-pkcs11's exceptions often say nothing but their name."""
    return type(error).__name__
