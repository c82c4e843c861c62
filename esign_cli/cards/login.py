"""One card, one certificate, one session, one login: from "is it still there" to the signature.

Runs in the child.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pkcs11

from esign_cli.cards import objects
from esign_cli.cards.cryptoki import (
    CKM_ECDSA,
    CKM_RSA_PKCS,
    CKU_CONTEXT_SPECIFIC,
    Cryptoki,
    ReturnValue,
    TokenInfo,
)
from esign_cli.cards.faults import GONE, card_errors, text
from esign_cli.cards.state import has_pin_pad, pin_state
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import (
    CardExchanged,
    CardRefusedToSign,
    CardRemoved,
    CardUnreadable,
    PinIncorrect,
    PinLengthWrong,
    PinLocked,
    PinNotInitialised,
    PinOnLastTry,
)
from esign_cli.foundation.errors.environment import Declined
from esign_cli.foundation.errors.signatures import KeyAmbiguous, KeyNotThere, KeyRefused

MECHANISMS = {"rsa": CKM_RSA_PKCS, "ec": CKM_ECDSA}
ALREADY = "UserAlreadyLoggedIn"
WRONG_PIN = frozenset({"PinIncorrect", "PinInvalid", "PinLenRange"})
NOTICED = 0.5
"""Seconds after which a reader has noticed that its card is gone."""
CANCELLED = frozenset({"FunctionCanceled", "FunctionRejected"})


class Login:
    """The session in which a card's key is used."""

    def __init__(self, module: str, slot: Any, token: Any, wanted: dict[str, Any]) -> None:
        self.slot, self.label, self.wanted = slot.slot_id, token.label, wanted
        self.cryptoki = Cryptoki(module)
        self.logged_in = False
        self.key = 0
        self.key_kind = ""
        self.always_authenticate = False
        with card_errors(token.label):
            self.session = token.open()
        self.certificate = self._shown_certificate()

    def describe(self) -> dict[str, Any]:
        """What the parent must know before it asks for the PIN."""
        info = self._info()
        self._check_pin_state(info)
        if self.certificate.public is None or self.certificate.public.kind not in MECHANISMS:
            raise KeyRefused(key=getattr(self.certificate.public, "kind", "?"))
        with card_errors(self.label):
            count = objects.key_count(self.session, self.certificate)
        if count == 0:
            raise KeyNotThere(holder=self.label)
        if (count or 1) > 1:
            raise KeyAmbiguous(holder=self.label)
        return {
            "label": self.label,
            "pin": pin_state(info.flags, self.wanted["wrong_pins"]),
            "pin_pad": has_pin_pad(info.flags),
            "certificate": self.certificate.der.hex(),
            "others": [c.der.hex() for c in self._certificates() if c != self.certificate],
        }

    def login(self, pin: str | None) -> dict[str, Any]:
        """Look at everything again, then C_Login, once."""
        info = self._info()
        if text(info.serial) != self.wanted["serial"]:
            raise CardExchanged
        self.certificate = self._shown_certificate()
        self._check_pin_state(info)
        secret = None if has_pin_pad(info.flags) else _checked_length(pin or "", info, self.label)
        try:
            self.cryptoki.login(self.session.handle, secret)
        except ReturnValue as refusal:
            if refusal.name != ALREADY:
                raise self._refused(refusal) from refusal
        self.logged_in = True
        self._find_key()
        return {"kind": self.key_kind, "always_authenticate": self.always_authenticate}

    def sign(self, data: bytes, pin: str | None) -> bytes:
        """A raw signature; `pin` is for keys that want it for each one."""
        session = self.session.handle
        try:
            self.cryptoki.sign_init(session, self.key, MECHANISMS[self.key_kind])
            if self.always_authenticate:
                self._authenticate_again(pin)
            return self.cryptoki.sign(session, data)
        except ReturnValue as refusal:
            if refusal.name in GONE or self._is_gone():
                raise CardRemoved from refusal
            raise CardRefusedToSign(detail=refusal.name) from refusal

    def pin(self, wrong_pins: int) -> str:
        """The state of the PIN, from flags read again and those wrong ones that are remembered."""
        return pin_state(self._info().flags, wrong_pins).value

    def close(self) -> None:
        """Log out and close; what a card says to that no longer matters."""
        with suppress(ReturnValue, pkcs11.PKCS11Error):
            if self.logged_in:
                self.cryptoki.logout(self.session.handle)
        with suppress(pkcs11.PKCS11Error):
            self.session.close()

    def _authenticate_again(self, pin: str | None) -> None:
        info = self._info()
        self._check_pin_state(info)
        secret = None if has_pin_pad(info.flags) else _checked_length(pin or "", info, self.label)
        try:
            self.cryptoki.login(self.session.handle, secret, CKU_CONTEXT_SPECIFIC)
        except ReturnValue as refusal:
            raise self._refused(refusal) from refusal

    def _certificates(self) -> list[objects.FoundCertificate]:
        with card_errors(self.label):
            return objects.certificates(self.session)

    def _shown_certificate(self) -> objects.FoundCertificate:
        """The certificate that was shown, read from the card again."""
        for certificate in self._certificates():
            if certificate.sha256 == self.wanted["sha256"]:
                return certificate
        raise CardExchanged

    def _info(self) -> TokenInfo:
        try:
            return self.cryptoki.token_info(self.slot)
        except ReturnValue as refusal:
            raise CardRemoved from refusal

    def _check_pin_state(self, info: TokenInfo) -> None:
        state = pin_state(info.flags, self.wanted["wrong_pins"])
        if state == "locked":
            raise PinLocked(card=self.label, by_this_try=False)
        if state == "not-initialised":
            raise PinNotInitialised(card=self.label)
        if state == "last-try" and not self.wanted["last_try"]:
            raise PinOnLastTry(card=self.label)

    def _refused(self, refusal: ReturnValue) -> EsignError:
        """Why a login failed, after a new look at the flags: the try may have locked the card."""
        if refusal.name in CANCELLED:
            return Declined()
        if refusal.name == "PinLocked":
            return PinLocked(card=self.label, by_this_try=False)
        if refusal.name not in WRONG_PIN:
            if refusal.name in GONE or self._is_gone():
                return CardRemoved()
            return CardUnreadable(card=self.label, detail=refusal.name)
        state = pin_state(self._info().flags, self.wanted["wrong_pins"] + 1)
        if state == "locked":
            return PinLocked(card=self.label, by_this_try=True)
        return PinIncorrect(card=self.label, pin=state)

    def _is_gone(self) -> bool:
        """Whether the card is there no more: some modules call that a general error.

        The reader needs a moment to notice.
        """
        time.sleep(NOTICED)
        try:
            return not self.cryptoki.token_present(self.slot)
        except ReturnValue:
            return True

    def _find_key(self) -> None:
        with card_errors(self.label):
            private = list(objects.keys(self.session, pkcs11.ObjectClass.PRIVATE_KEY))
            fitting = objects.belonging(self.certificate, private)
            if not fitting:
                raise KeyNotThere(holder=self.label)
            if len(fitting) > 1:
                raise KeyAmbiguous(holder=self.label)
            self.key = fitting[0].handle
            self.always_authenticate = fitting[0].always_authenticate
        public = self.certificate.public
        self.key_kind = public.kind if public else ""


def _checked_length(pin: str, info: TokenInfo, label: str) -> bytes:
    """The PIN's bytes; some cards spend a try on any string, so its length is judged here."""
    secret = pin.encode()
    longest = info.longest_pin or len(secret)  # 0: the module does not say
    if not info.shortest_pin <= len(secret) <= longest:
        raise PinLengthWrong(card=label, shortest=info.shortest_pin, longest=longest)
    return secret
