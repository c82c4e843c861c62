"""What a token's flags say of its PIN (PKCS #11 v2.40, section 3.2, CK_TOKEN_INFO)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esign_cli.foundation.certificate import PinState

USER_PIN_INITIALISED = 0x00000008
PROTECTED_AUTHENTICATION_PATH = 0x00000100
TOKEN_INITIALISED = 0x00000400
USER_PIN_COUNT_LOW = 0x00010000
USER_PIN_FINAL_TRY = 0x00020000
USER_PIN_LOCKED = 0x00040000

WRONG_BEFORE_LAST = 2
"""Cards lock at the third wrong PIN, and some modules hide the flags that say so."""


def pin_state(flags: int, wrong_pins: int = 0) -> PinState:
    """Return the gravest thing to say of the PIN; `wrong_pins` are those remembered since a right
    one.
    """
    from esign_cli.foundation.certificate import PinState

    signs = (
        (PinState.LOCKED, bool(flags & USER_PIN_LOCKED)),
        (PinState.NOT_INITIALISED, not flags & USER_PIN_INITIALISED),
        (PinState.LAST_TRY, bool(flags & USER_PIN_FINAL_TRY) or wrong_pins >= WRONG_BEFORE_LAST),
        (PinState.LOW, bool(flags & USER_PIN_COUNT_LOW) or wrong_pins > 0),
        (PinState.PIN_PAD, has_pin_pad(flags)),
    )
    return next((state for state, holds in signs if holds), PinState.NO_WARNING)


def has_pin_pad(flags: int) -> bool:
    """Return whether the PIN is typed on the reader, and none is to be asked for here."""
    return bool(flags & PROTECTED_AUTHENTICATION_PATH)
