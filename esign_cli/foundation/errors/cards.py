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


class ModuleFault(CardError):
    """A card driver that does not serve."""

    path: str


class ModuleMissing(ModuleFault):
    code = "module-missing"
    found_by: str
    """What named it: option, environment or config."""


class ModuleWrongArchitecture(ModuleFault):
    code = "module-wrong-architecture"
    module: list[str]
    """What it was built for."""
    ours: str


class ModuleNotALibrary(ModuleFault):
    code = "module-not-a-library"


class ModuleLacksLibrary(ModuleFault):
    code = "module-lacks-library"
    library: str
    """What it needs and did not find."""


class ModuleUnusable(ModuleFault):
    code = "module-unusable"
    detail: str
    """It does not load, or refuses to start."""


class ModuleRefuses(ModuleUnusable):
    """It loads, and answers with an error that is no card's and no reader's."""

    code = "module-refuses"


class ModuleCrashed(ModuleFault):
    code = "module-crashed"
    during: str
    """What it was asked for; "" where that is not known."""
    signal: str | None
    detail: str
    """How it ended: a signal, an exit code, or a number that cannot be."""
    stderr: str


class ModuleHung(ModuleFault):
    code = "module-hung"
    during: str
    seconds: float


class CardServiceFault(CardError):
    """No reader is seen, and the system's smart card service is why."""


class CardServiceDown(CardServiceFault):
    """It is not running."""

    code = "card-service-down"


class CardServiceRefuses(CardServiceFault):
    """It hangs up on us: polkit does not let this user in."""

    code = "card-service-refuses"
    user: str


class CardServiceForbidden(CardServiceFault):
    code = "card-service-forbidden"
    path: str
    """Its socket, to which this user has no right."""


class CardServiceHidden(CardServiceFault):
    code = "card-service-hidden"
    sandbox: str
    """In which this program runs without seeing the service: snap or flatpak."""


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


class ReaderInUse(CardError):
    code = "reader-in-use"
    reader: str
    """Which another program holds for itself alone."""


class ReaderFailed(CardError):
    code = "reader-failed"
    reader: str
    detail: str
    """What it answered: name and number of PKCS #11."""


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


class ObjectsUnread(CardError):
    """Some objects of a card could not be read; the others were."""

    code = "objects-unread"
    card: str
    count: int
    detail: str
    """What they answered: names and numbers of PKCS #11."""


class CardRemoved(CardError):
    """The card, or its reader, went away in the middle."""

    code = "card-removed"


class CardExchanged(Refusal):
    """The card is not the one that was shown, or its certificate is not."""

    code = "card-exchanged"


class CardRefusedToSign(SignatureError):
    code = "card-refused-to-sign"
    detail: str


class MechanismRefused(SignatureError):
    """The card does not sign in the way that the certificate's key wants."""

    code = "mechanism-refused"
    detail: str


class KeyUnusable(SignatureError):
    """The card does not sign with this key."""

    code = "key-unusable"
    detail: str


class PinLocked(PinLock):
    code = "pin-locked"
    card: str
    by_this_try: bool


class PinOnLastTry(PinLock):
    code = "pin-on-last-try"
    card: str
    tries: int
    """Those without a success that are remembered; 0: the card itself says so."""


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


class PinExpired(PinRefusal):
    code = "pin-expired"
    card: str


class PinUnanswered(CardError):
    """Nobody knows what became of a PIN: it counts as a wrong one until the card takes one."""

    code = "pin-unanswered"
    card: str
    because: str
    """removed, unclear, hung or crashed."""
    detail: str
    """What the card answered, if it did: name and number of PKCS #11."""
    pin: str
    """Its state after the try."""


class TriesUnreadable(EnvironmentFault):
    """The record of PIN tries cannot be read, so no PIN is sent."""

    code = "tries-unreadable"
    path: str
    detail: str


class TriesUnwritable(EnvironmentFault):
    """The record of PIN tries cannot be written, so no PIN is sent."""

    code = "tries-unwritable"
    path: str
    detail: str


class NoSuchWatch(UsageError):
    """There is no such pile of cards, or no e-imza in it."""

    code = "no-such-watch"
    number: int
