"""What a card's answer to a PIN means: only CKR_OK says that it was right (PKCS #11, C_Login)."""

from __future__ import annotations

from dataclasses import dataclass

from esign_cli.cards.return_values import NAMES, described
from esign_cli.cards.state import pin_state
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import cards as errors
from esign_cli.foundation.errors.environment import Declined

ALREADY = frozenset({"USER_ALREADY_LOGGED_IN"})
"""The session is open, and the PIN was not looked at: drivers with a single sign-on."""
WRONG = frozenset({"PIN_INCORRECT", "PIN_INVALID", "PIN_LEN_RANGE"})
CANCELLED = frozenset({"FUNCTION_CANCELED", "FUNCTION_REJECTED"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What C_Login returned; `flags` are the token's after it, None where they cannot be read."""

    value: int
    flags: int | None = None
    gone: bool = False

    @property
    def right(self) -> bool:
        """Whether the card took the PIN."""
        return self.value == 0

    @property
    def already(self) -> bool:
        """Whether the card was open before, so that no PIN was checked."""
        return NAMES.get(self.value) in ALREADY


def refusal(answer: Answer, card: str, tries: int) -> EsignError:
    """Return why a login failed; `tries` are those without a success, this one among them."""
    name = NAMES.get(answer.value, "")
    state = state_after(answer.flags, tries)
    if name in CANCELLED:
        return Declined()
    if name == "PIN_LOCKED" or state is PinState.LOCKED:
        return errors.PinLocked(card=card, by_this_try=name != "PIN_LOCKED")
    if name == "USER_PIN_NOT_INITIALIZED":
        return errors.PinNotInitialised(card=card)
    if name == "PIN_EXPIRED":
        return errors.PinExpired(card=card)
    if name in WRONG:
        return errors.PinIncorrect(card=card, pin=state.value)
    because = "removed" if answer.gone else "unclear"
    return unanswered(card, because, described(answer.value), state)


def unanswered(card: str, because: str, detail: str, state: PinState = PinState.LOW) -> EsignError:
    """Return that nobody knows what became of a PIN; `because`: removed, unclear, hung or
    crashed.
    """
    return errors.PinUnanswered(card=card, because=because, detail=detail, pin=state.value)


def state_after(flags: int | None, tries: int) -> PinState:
    """Return the PIN after a try; where the card shows nothing, by the tries alone."""
    return pin_state(_INITIALISED if flags is None else flags, tries)


_INITIALISED = 0x8
