"""Errors of cards, readers and their drivers, the PIN."""

from __future__ import annotations

from esign_cli.foundation.errors import (
    CardError,
    EnvironmentFault,
    PinLock,
    PinRefusal,
    Refusal,
    SignatureError,
    UsageError,
)


class NoModule(CardError):
    code = "no-module"
    looked: list[str]
    """The folders that were searched."""


class ModuleMissing(CardError):
    code = "module-missing"
    path: str
    found_by: str
    """What named it: option, environment or config."""


class ModuleWrongArchitecture(CardError):
    code = "module-wrong-architecture"
    path: str
    module: list[str]
    """What it was built for."""
    ours: str


class ModuleNotALibrary(CardError):
    code = "module-not-a-library"
    path: str


class ModuleLacksLibrary(CardError):
    code = "module-lacks-library"
    path: str
    library: str
    """What it needs and did not find."""


class ModuleUnusable(CardError):
    code = "module-unusable"
    path: str
    detail: str
    """It does not load, or refuses to start."""


class ModuleCrashed(CardError):
    code = "module-crashed"
    path: str
    during: str
    signal: str | None
    stderr: str


class ModuleHung(CardError):
    code = "module-hung"
    path: str
    during: str
    seconds: float


class CardServiceDown(CardError):
    """No reader is seen, and the system's smart card service is not running."""

    code = "card-service-down"


class NoReader(CardError):
    code = "no-reader"
    path: str
    """The module that sees none."""


class NoCard(CardError):
    code = "no-card"
    readers: list[str]
    """All empty."""


class CardBlank(CardError):
    code = "card-blank"
    readers: list[str]
    """Whose card was never initialised."""


class CardUnknown(CardError):
    code = "card-unknown"
    reader: str
    """Whose card this module does not know."""


class NoSuchCard(CardError):
    code = "no-such-card"
    wanted: str | None
    present: list[str]
    """Labels."""


class CardAmbiguous(CardError):
    code = "card-ambiguous"
    present: list[str]
    """Labels of the cards one of which must be chosen."""


class NoCertificateOnCard(CardError):
    code = "no-certificate-on-card"
    present: list[str]
    """Labels of the cards that were read."""


class CardBusy(EnvironmentFault):
    """Another esign holds the card that long."""

    code = "card-busy"
    card: str
    """Its serial number."""
    seconds: int


class NoSuchReader(CardError):
    code = "no-such-reader"
    wanted: str | None
    present: list[str]
    """The readers in which there is a card."""


class CardUnreadable(CardError):
    code = "card-unreadable"
    card: str
    detail: str


class CardRemoved(CardError):
    """The card, or its reader, went away in the middle."""

    code = "card-removed"


class CardExchanged(Refusal):
    """The card is not the one that was shown, or its certificate is not."""

    code = "card-exchanged"


class CardRefusedToSign(SignatureError):
    code = "card-refused-to-sign"
    detail: str


class PinLocked(PinLock):
    code = "pin-locked"
    card: str
    by_this_try: bool


class PinOnLastTry(PinLock):
    code = "pin-on-last-try"
    card: str


class PinNotInitialised(CardError):
    code = "pin-not-initialised"
    card: str


class PinIncorrect(PinRefusal):
    code = "pin-incorrect"
    card: str
    pin: str
    """Its state after the try."""


class PinLengthWrong(PinRefusal):
    code = "pin-length-wrong"
    card: str
    shortest: int
    longest: int


class PinUnanswered(CardError):
    """The module ended or hung inside the login, so the try may have been counted."""

    code = "pin-unanswered"
    card: str


class NoSuchWatch(UsageError):
    """There is no such pile of cards, or no e-imza in it."""

    code = "no-such-watch"
    number: int
