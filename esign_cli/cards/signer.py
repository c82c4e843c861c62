"""A card's key as a Signer: everything is looked at again, then the PIN is sent once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from esign_cli.cards.lock import token_lock
from esign_cli.cards.modules import Module
from esign_cli.cards.process import LOGIN_TIMEOUT, READ_TIMEOUT, CardProcess
from esign_cli.foundation import child, locations
from esign_cli.foundation.certificate import PinState
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import (
    CardRefusedToSign,
    ModuleCrashed,
    ModuleHung,
    PinIncorrect,
    PinLocked,
    PinUnanswered,
)
from esign_cli.foundation.errors.environment import Declined
from esign_cli.foundation.pin import Pin

AskPin = Callable[[PinState], Pin | None]
TellPin = Callable[[PinState], None]

LAST_LOOK = 5.0
"""Seconds for looking at the PIN once more, when all is signed."""
DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
"""What stands before the digest in a DigestInfo with NULL parameters (RFC 8017, 9.2, note 1)."""


class _Line:
    """The way to one card's key in the child, with the person who knows the PIN beside it."""

    def __init__(
        self,
        process: CardProcess,
        state: PinState,
        ask_pin: AskPin,
        on_login: Callable[[bool], None],
        label: str,
        timeouts: tuple[float, float],
        wrong_pins: int,
    ) -> None:
        self.process, self.state, self.label = process, state, label
        self.timeout, self.login_timeout = timeouts
        self._ask_pin, self._on_login = ask_pin, on_login
        self._wrong_pins = wrong_pins

    def typed_pin(self, *, pad: bool) -> str | None:
        """The PIN from the person, or None when it is typed on the reader. Raises Declined."""
        pin = self._ask_pin(PinState.PIN_PAD if pad else self.state)
        if pin is None and not pad:
            raise Declined
        return None if pin is None or pad else pin.reveal()

    def with_pin(self, op: str, pin: str | None, **arguments: Any) -> Any:
        """The answer to a question that carries a PIN; what became of the PIN is always told.

        Raises PinUnanswered when the module ended or hung in it: the try may have been counted, as
        when somebody lost patience.
        """
        try:
            answer = self.process.ask(op, timeout=self.login_timeout, pin=pin, **arguments)
        except (ModuleHung, ModuleCrashed) as error:
            self._tried(right=False)
            raise PinUnanswered(card=self.label) from error
        except (PinIncorrect, KeyboardInterrupt):
            self._tried(right=False)
            raise
        except PinLocked as error:
            if error.facts["by_this_try"]:
                self._tried(right=False)
            raise
        self._tried(right=True)
        return answer

    def pin_now(self) -> PinState:
        """How the PIN stands, from the card's flags read again and the tries of this line."""
        patience = min(self.timeout, LAST_LOOK)
        return PinState(self.process.ask("pin", timeout=patience, wrong_pins=self._wrong_pins))

    def _tried(self, *, right: bool) -> None:
        self._wrong_pins = 0 if right else self._wrong_pins + 1
        self._on_login(right)


@dataclass(frozen=True)
class CardSigner:
    """A key after its login: it signs as long as the `with` block of `open_signer` lasts."""

    certificate: bytes
    chain: tuple[bytes, ...]
    """The certificates of intermediate authorities on the card."""
    kind: str
    """"rsa" or "ec"."""
    always_authenticate: bool
    """The key wants the PIN again for each signature, so each asks for it."""
    pin_pad: bool
    _line: _Line = field(repr=False)

    def sign(self, message: bytes, digest_algorithm: str) -> bytes:
        """PKCS #1 v1.5 over `message` (RFC 8017), or a DER ECDSA-Sig-Value (RFC 3279).

        Raises CardRemoved, CardRefusedToSign, the faults of the module, and those of the PIN when
        the key wants it again.
        """
        digest = hashlib.new(digest_algorithm, message).digest()
        data = DIGEST_INFO[digest_algorithm] + digest if self.kind == "rsa" else digest
        answer = self._ask(data.hex())
        signature = bytes.fromhex(answer["signature"])
        return signature if self.kind == "rsa" else ecdsa_der(signature)

    def _ask(self, data: str) -> Any:
        if not self.always_authenticate:
            line = self._line
            return line.process.ask("sign", timeout=line.timeout, data=data, pin=None)
        pin = self._line.typed_pin(pad=self.pin_pad)
        return self._line.with_pin("sign", pin, data=data)


@contextmanager
def open_signer(
    module: Module,
    *,
    token_serial: str,
    certificate_sha256: str,
    ask_pin: AskPin,
    on_login: Callable[[bool], None],
    tell_pin: TellPin = lambda _state: None,
    wrong_pins: int = 0,
    last_try: bool = False,
    timeout: float | None = None,
    process: CardProcess | None = None,
) -> Iterator[CardSigner]:
    """The key of the certificate that was shown, logged in for the length of a `with` block.

    `ask_pin` is called when the card was found again and its PIN may be tried; None is "no", or
    "on the pad". `on_login` is told once for each try whether the card took it; a False is a wrong
    PIN to remember. `tell_pin` hears the PIN's state when all was signed. `wrong_pins` are those
    remembered so far: two are as good as a last try, which is refused unless `last_try`. The module
    is ended when it has not answered in `timeout` seconds (READ_TIMEOUT unless given; with a PIN
    pad, on which somebody types, LOGIN_TIMEOUT at least).
    Raises before any PIN is sent: CardBusy, CardRemoved, CardExchanged, PinLocked, PinOnLastTry,
    PinNotInitialised, PinLengthWrong, KeyNotThere, KeyAmbiguous, KeyRefused, Declined; after it:
    PinIncorrect, PinLocked, PinUnanswered.
    """
    child.forbid_core_dumps()
    patience = timeout or READ_TIMEOUT
    held = token_lock(locations.lock_folder(), token_serial)
    with held, process or CardProcess() as line:
        line.module = str(module.path)
        shown = line.ask(
            "prepare",
            timeout=patience,
            module=line.module,
            serial=token_serial,
            sha256=certificate_sha256,
            wrong_pins=wrong_pins,
            last_try=last_try,
        )
        state, pad = PinState(shown["pin"]), shown["pin_pad"]
        timeouts = (patience, max(patience, LOGIN_TIMEOUT) if pad else patience)
        to_card = _Line(line, state, ask_pin, on_login, shown["label"], timeouts, wrong_pins)
        key = to_card.with_pin("login", to_card.typed_pin(pad=pad))
        yield CardSigner(
            certificate=bytes.fromhex(shown["certificate"]),
            chain=tuple(der for der in map(bytes.fromhex, shown["others"]) if _is_sub_ca(der)),
            kind=key["kind"],
            always_authenticate=key["always_authenticate"],
            pin_pad=pad,
            _line=to_card,
        )
        with suppress(EsignError):  # what is signed stays signed, if the card is gone by now
            tell_pin(to_card.pin_now())


def ecdsa_der(raw: bytes) -> bytes:
    """A card's r‖s as a DER ECDSA-Sig-Value; raises CardRefusedToSign when it has no halves."""
    half, odd = divmod(len(raw), 2)
    if odd or not half:
        raise CardRefusedToSign(detail=f"{len(raw)} bytes")
    body = _der_integer(raw[:half]) + _der_integer(raw[half:])
    length = bytes([len(body)]) if len(body) < _LONG_FORM else bytes([0x81, len(body)])
    return b"\x30" + length + body


_LONG_FORM = 0x80
"""From here on DER writes a length in more than one byte; P-521 needs it."""


def _der_integer(unsigned: bytes) -> bytes:
    value = unsigned.lstrip(b"\0") or b"\0"
    if value[0] & 0x80:
        value = b"\0" + value
    return bytes([0x02, len(value)]) + value


def _is_sub_ca(der: bytes) -> bool:
    """Whether this is an authority's certificate below a root's."""
    from asn1crypto import x509

    try:
        certificate = x509.Certificate.load(der, strict=True)
        return bool(certificate.ca) and certificate.subject != certificate.issuer
    # asn1crypto raises whatever the malformed bytes lead it to
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError):
        return False
