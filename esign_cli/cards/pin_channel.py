"""Where the PIN leaves this process: the channel to one card's key in the child."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from esign_cli.cards import answers, objects
from esign_cli.cards.answers import Answer
from esign_cli.cards.cryptoki import CKM_ECDSA, CKM_RSA_PKCS
from esign_cli.cards.process import LOGIN_TIMEOUT, CardProcess
from esign_cli.cards.state import has_pin_pad, pin_state
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.errors import cards as errors
from esign_cli.foundation.errors.environment import Declined
from esign_cli.foundation.errors.signatures import KeyAmbiguous, KeyNotThere, KeyRefused

if TYPE_CHECKING:
    from esign_cli.cards.objects import FoundCertificate
    from esign_cli.cards.signer import ShownCard
    from esign_cli.cards.tries import TryRecord
    from esign_cli.foundation.pin import Pin

MECHANISMS = {"rsa": CKM_RSA_PKCS, "ec": CKM_ECDSA}


class PinUse(StrEnum):
    """What a PIN is for."""

    LOGIN = "login"
    SIGNATURE = "signature"
    """One signature by a key that wants the PIN for each (CKA_ALWAYS_AUTHENTICATE)."""


class PinPrompter(Protocol):
    """The person who knows the PIN."""

    def pin(self, state: PinState, use: PinUse) -> Pin | None:
        """Return the PIN; None is "no", or "on the pad" where `state` is PIN_PAD."""
        ...

    def pin_unchecked(self) -> None:
        """Hear that the card was open already, so that it looked at no PIN."""
        ...

    def pin_now(self, state: PinState) -> None:
        """Hear how the PIN stands when all was signed."""
        ...


class CardKey(NamedTuple):
    """The private key that belongs to the certificate."""

    handle: int
    kind: str
    always_authenticate: bool


class PinChannel:
    """One card's key: found, logged in to, signed with. Used within `open_signer`."""

    def __init__(
        self,
        process: CardProcess,
        shown: ShownCard,
        prompter: PinPrompter,
        tries: TryRecord,
        timeout: float,
        *,
        last_try: bool,
    ) -> None:
        self._process, self._shown, self._prompter = process, shown, prompter
        self._tries, self._timeout, self._last_try = tries, timeout, last_try
        self._card = shown.label or shown.serial
        self._certificates = shown.certificates
        """Of people, whenever they were seen on the card: a try counts for all of them."""
        self._in_part = False
        """Whether something on it could not be read: maybe a certificate with tries."""
        self._pad = False
        self._before: int | None = None
        """The tries before one that the card called needless; None where there is none such."""
        self._certificate: FoundCertificate
        self._key: CardKey

    def prepare(self) -> tuple[bytes, tuple[bytes, ...]]:
        """Find the card that was shown; gives the certificate and the sub-CAs beside it."""
        shown = self._shown
        answer = self._ask(
            "prepare",
            module=self._process.module,
            slot=shown.slot,
            reader=shown.reader,
            label=shown.label,
            serial=shown.serial,
            sha256=shown.sha256,
        )
        contents = objects.from_facts(answer["contents"])
        people = (c.sha256 for c in contents.certificates if not objects.of_authority(c.der))
        self._certificates = tuple({*shown.certificates, *people})
        self._in_part = bool(contents.unread)
        self._check_state(answer["flags"])
        self._pad = has_pin_pad(answer["flags"])
        own = next(c for c in contents.certificates if c.sha256 == shown.sha256)
        if own.public is None or own.public.kind not in MECHANISMS:
            raise KeyRefused(key=own.public.kind if own.public else "?")
        self._check_count(contents.key_count(own))
        self._certificate = own
        others = (c.der for c in contents.certificates if c != own)
        return own.der, tuple(der for der in others if objects.is_sub_ca(der))

    def login(self) -> None:
        """Ask for the PIN and log in, once."""
        pin = self._typed(PinUse.LOGIN)
        self._look_again(pin)
        self._send(pin, context=False)

    def find_key(self) -> CardKey:
        """Return the certificate's private key, which cards may hide until the login."""
        shown = self._ask("keys")
        fitting = objects.belonging(self._certificate, objects.keys_from_facts(shown["keys"]))
        if shown["unread"] and not fitting:  # it may be the one that could not be read
            raise errors.CardUnreadable(card=self._card, detail=shown["unread"][0])
        self._check_count(len(fitting))
        public = self._certificate.public
        kind = public.kind if public else ""
        self._key = CardKey(fitting[0].handle, kind, fitting[0].always_authenticate)
        return self._key

    def sign(self, data: bytes) -> bytes:
        """Return a raw signature; a key that wants the PIN for each one asks for it."""
        key = self._key
        again = key.always_authenticate
        pin = self._typed(PinUse.SIGNATURE) if again else None
        if again:
            self._look_again(pin)  # before C_SignInit: cards find nothing in the middle of it
        self._ask("sign_init", key=key.handle, mechanism=MECHANISMS[key.kind])
        if again:
            self._send(pin, context=True)
        signature = bytes.fromhex(self._ask("sign", data=data.hex()))
        if self._before is not None:  # it was open indeed: no PIN was looked at
            self._strike_out(self._before)
        return signature

    def pin_now(self, patience: float) -> PinState:
        """Return how the PIN stands, from the card's flags read again and the record."""
        flags = self._process.ask("flags", timeout=min(self._timeout, patience))
        return pin_state(flags, self._tries.count(self._certificates))

    # --- the PIN ---------------------------------------------------------------------------------

    def _typed(self, use: PinUse) -> str | None:
        """The PIN from the person, None when it is typed on the reader. Raises Declined."""
        state = PinState.PIN_PAD if self._pad else self._state
        pin = self._prompter.pin(state, use)
        if pin is None and not self._pad:
            raise Declined
        return None if pin is None or self._pad else pin.reveal()

    def _look_again(self, pin: str | None) -> None:
        """Raise what speaks against sending this PIN to what lies in the slot now."""
        seen = self._ask("look")
        self._check_state(seen["flags"])
        _check_length(pin, seen, self._card)

    def _send(self, pin: str | None, *, context: bool) -> None:
        """C_Login, once, written down before and struck out by the card's yes alone."""
        before = self._tries.note(self._certificates)
        answer = self._logged_in(pin, before + 1, context=context)
        if answer.already:
            if self._before is None:
                self._before = before  # only a signature proves that it was open
            self._prompter.pin_unchecked()
        elif answer.right:
            self._strike_out(0)
        else:
            raise answers.refusal(answer, self._card, before + 1)

    def _strike_out(self, left: int) -> None:
        """Leave so many tries; a record that cannot be kept by now is one that only warns."""
        self._before = None
        with suppress(errors.TriesUnwritable, errors.TriesUnreadable):
            self._tries.put(self._certificates, left)

    def _logged_in(self, pin: str | None, tries: int, *, context: bool) -> Answer:
        """The card's answer; raises PinUnanswered where the module gave none."""
        patience = max(self._timeout, LOGIN_TIMEOUT) if self._pad else self._timeout
        try:
            answer = self._process.ask("login", timeout=patience, pin=pin, context=context)
        except (errors.ModuleHung, errors.ModuleCrashed) as error:
            because = "hung" if isinstance(error, errors.ModuleHung) else "crashed"
            state = answers.state_after(None, tries)
            raise answers.unanswered(self._card, because, "", state) from error
        return Answer(**answer)

    def _check_state(self, flags: int) -> None:
        """Raise what keeps a PIN from being asked for, or sent."""
        tries = self._tries.most() if self._in_part else self._tries.count(self._certificates)
        state = pin_state(flags, tries)
        if state is PinState.LOCKED:
            raise errors.PinLocked(card=self._card, by_this_try=False)
        if state is PinState.NOT_INITIALISED:
            raise errors.PinNotInitialised(card=self._card)
        if state is PinState.LAST_TRY and not self._last_try:
            raise errors.PinOnLastTry(card=self._card, tries=tries)
        self._state = state

    def _check_count(self, count: int | None) -> None:
        """Raise unless one key belongs to the certificate; None: the card shows none yet."""
        if count == 0:
            raise KeyNotThere(holder=self._card)
        if (count or 1) > 1:
            raise KeyAmbiguous(holder=self._card)

    def _ask(self, op: str, **facts: Any) -> Any:
        return self._process.ask(op, timeout=self._timeout, **facts)


def _check_length(pin: str | None, seen: dict[str, int], card: str) -> None:
    """Raise PinLengthWrong: some cards spend a try on any string, so its length is judged here."""
    if pin is None:
        return
    length = len(pin.encode())
    longest = seen["longest"] or length  # 0: the module does not say
    if not seen["shortest"] <= length <= longest:
        raise errors.PinLengthWrong(card=card, shortest=seen["shortest"], longest=longest)
