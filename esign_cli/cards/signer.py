"""A card's key as a Signer: all is compared again, the try written down, the PIN sent once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from esign_cli.cards.lock import card_lock
from esign_cli.cards.modules import Module
from esign_cli.cards.pin_channel import PinChannel, PinPrompter
from esign_cli.cards.process import READ_TIMEOUT, CardProcess
from esign_cli.cards.tokens import Token
from esign_cli.cards.tries import TryRecord
from esign_cli.foundation import child
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.cards import CardRefusedToSign

LAST_LOOK = 5.0
"""Seconds for looking at the PIN once more, when all is signed."""
DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}
"""What stands before the digest in a DigestInfo with NULL parameters (RFC 8017, 9.2, note 1)."""


@dataclass(frozen=True, slots=True)
class ShownCard:
    """The card and the certificate as they were shown: the only ones that get the PIN."""

    slot: int
    reader: str
    label: str
    serial: str
    sha256: str
    """Of the certificate that signs."""
    certificates: tuple[str, ...]
    """SHA-256 of every certificate on the card that is a person's, that one among them."""

    @classmethod
    def from_token(cls, token: Token, sha256: str) -> ShownCard:
        """Return the card as it was read, to sign with this certificate on it."""
        people = tuple({*token.people, sha256})
        return cls(token.slot, token.reader, token.label, token.serial, sha256, people)


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
    _channel: PinChannel = field(repr=False)

    def sign(self, message: bytes, digest_algorithm: str) -> bytes:
        """Return PKCS #1 v1.5 over `message` (RFC 8017), or a DER ECDSA-Sig-Value (RFC
        3279).

        Raises CardRemoved, CardRefusedToSign, MechanismRefused, KeyUnusable, the faults of the
        module, and those of the PIN when the key wants it again.
        """
        digest = hashlib.new(digest_algorithm, message).digest()
        data = DIGEST_INFO[digest_algorithm] + digest if self.kind == "rsa" else digest
        signature = self._channel.sign(data)
        return signature if self.kind == "rsa" else ecdsa_der(signature)


@contextmanager
def open_signer(
    module: Module,
    shown: ShownCard,
    prompter: PinPrompter,
    tries: TryRecord,
    *,
    last_try: bool = False,
    timeout: float | None = None,
    process: CardProcess | None = None,
) -> Iterator[CardSigner]:
    """Open the key of the certificate that was shown, logged in for the length of a `with` block.

    `prompter` is asked for the PIN when the card was found again and its PIN may be tried. Two
    tries in the record are as good as a last one, which is refused unless `last_try`. The module is
    ended when it has not answered for `timeout` seconds (READ_TIMEOUT unless given; with a PIN pad,
    on which somebody types, LOGIN_TIMEOUT at least).
    Raises before any PIN is sent: CardBusy, CardRemoved, CardExchanged, PinLocked, PinOnLastTry,
    PinNotInitialised, PinLengthWrong, KeyNotThere, KeyAmbiguous, KeyRefused, Declined,
    TriesUnwritable, TriesUnreadable; after it: as `answers.refusal`.
    """
    child.forbid_core_dumps()
    with card_lock(shown.certificates), process or CardProcess() as running:
        running.module = str(module.path)
        channel = PinChannel(
            running, shown, prompter, tries, timeout or READ_TIMEOUT, last_try=last_try
        )
        certificate, others = channel.prepare()
        channel.login()
        key = channel.find_key()
        yield CardSigner(
            certificate=certificate,
            chain=others,
            kind=key.kind,
            always_authenticate=key.always_authenticate,
            _channel=channel,
        )
        with suppress(EsignError):  # what is signed stays signed, if the card is gone by now
            prompter.pin_now(channel.pin_now(LAST_LOOK))


def ecdsa_der(raw: bytes) -> bytes:
    """Return a card's r‖s as a DER ECDSA-Sig-Value; raises CardRefusedToSign when it has no
    halves.
    """
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
