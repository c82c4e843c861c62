"""One card's session in the child: compared with what was shown, logged in once, and signed with.

What a card answers is handed on as it is; the parent says what it means.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from esign_cli.cards.contents import Card
from esign_cli.cards.cryptoki import (
    CKO_PRIVATE_KEY,
    CKU_CONTEXT_SPECIFIC,
    CKU_USER,
    Cryptoki,
    TokenInfo,
    text,
)
from esign_cli.cards.return_values import CKR_OK, GONE, ReturnValue
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors import cards as errors

NOTICED = 0.5
"""Seconds after which a reader has noticed that its card is gone."""


class Session:
    """The session in which a card's key is used; raises CardExchanged unless it was shown so.

    `reader_of` gives the name that a slot's reader was shown by, and whether another program holds
    it; it is asked where the slot itself does not say.
    """

    def __init__(
        self,
        cryptoki: Cryptoki,
        reader_of: Callable[[int], tuple[str, bool]],
        *,
        slot: int,
        reader: str,
        label: str,
        serial: str,
        sha256: str,
    ) -> None:
        self._cryptoki, self._slot, self._reader_of = cryptoki, slot, reader_of
        self._shown, self._sha256 = (reader, label, serial), sha256
        self._logged_in = False
        self._compare()
        with self._errors():
            self._session = cryptoki.open(slot)
        self._card = Card(cryptoki, self._session)

    def describe(self) -> dict[str, Any]:
        """Return everything on the card, and its flags, after looking for the certificate."""
        with self._errors():
            contents = self._card.contents()
        self._check_certificate(contents["certificates"])
        return {**self._facts(self._compare()), "contents": contents}

    def look(self) -> dict[str, Any]:
        """Compare everything again; gives the flags and the lengths that the PIN may have."""
        info = self._compare()
        self._card.unread.clear()
        with self._errors():
            certificates = self._card.certificates()
        self._check_certificate(certificates)
        return self._facts(info)

    def login(self, *, pin: str | None, context: bool) -> dict[str, Any]:
        """Log in, once; gives the answer, the flags after it, and whether the card is gone."""
        user = CKU_CONTEXT_SPECIFIC if context else CKU_USER
        secret = None if pin is None else pin.encode()
        try:
            self._cryptoki.login(self._session, secret, user)
        except ReturnValue as answer:
            gone = answer.name in GONE or (not _of_pin(answer) and self._is_gone())
            flags = None if gone else self._last_flags()
            return {"value": answer.value, "flags": flags, "gone": gone}
        self._logged_in = True
        return {"value": CKR_OK, "flags": None, "gone": False}

    def keys(self) -> dict[str, Any]:
        """Return the private keys that the card shows after the login, and what was not read."""
        self._card.unread.clear()
        with self._errors():
            return {"keys": self._card.keys(CKO_PRIVATE_KEY), "unread": self._card.unread}

    def sign_init(self, *, key: int, mechanism: int) -> None:
        with self._signing():
            self._cryptoki.sign_init(self._session, key, mechanism)

    def sign(self, data: bytes) -> str:
        """Return the raw signature, in hexadecimal digits."""
        with self._signing():
            return self._cryptoki.sign(self._session, data).hex()

    def flags(self) -> int:
        """Return the token's flags, read again."""
        return int(self._compare().flags)

    def close(self) -> None:
        """Log out and close; what a card says to that no longer matters."""
        with suppress(ReturnValue):
            if self._logged_in:
                self._cryptoki.logout(self._session)
        with suppress(ReturnValue):
            self._cryptoki.close(self._session)

    # --- the card that was shown -----------------------------------------------------------------

    def _compare(self) -> TokenInfo:
        """The token's facts; raises CardExchanged where anything is another, and what keeps us
        from asking.
        """
        try:
            reader = self._reader()
            info = self._cryptoki.token_info(self._slot)
        except ReturnValue as answer:
            raise self._kept_away(answer) from answer
        if (reader, text(info.label), text(info.serial)) != self._shown:
            raise errors.CardExchanged
        return info

    def _reader(self) -> str:
        """The reader's name, also of one that does not give it."""
        try:
            name = self._cryptoki.slot_info(self._slot)[0]
        except ReturnValue:
            name = self._reader_of(self._slot)[0]
            if name != self._shown[0]:
                raise
        return name or self._reader_of(self._slot)[0]

    def _kept_away(self, answer: ReturnValue) -> EsignError:
        """Why the card cannot be compared: taken out it is only where the driver says so."""
        reader = self._shown[0]
        if self._reader_of(self._slot)[1]:
            return errors.ReaderInUse(reader=reader)
        if answer.name in GONE:
            return errors.CardRemoved()
        return errors.ReaderFailed(reader=reader, detail=str(answer))

    def _check_certificate(self, certificates: list[dict[str, str]]) -> None:
        import hashlib  # cards that are only read do without it

        there = (hashlib.sha256(bytes.fromhex(c["der"])).hexdigest() for c in certificates)
        if self._sha256 in there:
            return
        if self._card.unread:  # it may be the one that could not be read
            raise errors.CardUnreadable(card=self._shown[1], detail=self._card.unread[0])
        raise errors.CardExchanged

    @staticmethod
    def _facts(info: TokenInfo) -> dict[str, int]:
        return {"flags": info.flags, "shortest": info.shortest_pin, "longest": info.longest_pin}

    def _last_flags(self) -> int | None:
        try:
            return int(self._cryptoki.token_info(self._slot).flags)
        except ReturnValue:
            return None

    def _is_gone(self) -> bool:
        """Whether the card is there no more: some modules call that a general error.

        The reader needs a moment to notice.
        """
        time.sleep(NOTICED)
        try:
            return not self._cryptoki.slot_info(self._slot)[1]
        except ReturnValue as answer:
            return answer.name in GONE

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What a card answers while it is read."""
        try:
            yield
        except ReturnValue as answer:
            if answer.name in GONE:
                raise errors.CardRemoved from answer
            raise errors.CardUnreadable(card=self._shown[1], detail=str(answer)) from answer

    @contextmanager
    def _signing(self) -> Iterator[None]:
        """What a card answers while it signs."""
        try:
            yield
        except ReturnValue as answer:
            if answer.name in GONE or self._is_gone():
                raise errors.CardRemoved from answer
            raise refused(answer) from answer


def _of_pin(answer: ReturnValue) -> bool:
    """Whether it is an answer to the PIN, which only a card that is there can give."""
    return answer.name.startswith(("PIN_", "USER_"))


_MECHANISM = frozenset({"MECHANISM_INVALID", "MECHANISM_PARAM_INVALID", "FUNCTION_NOT_SUPPORTED"})
_KEY = frozenset(
    {
        "KEY_HANDLE_INVALID",
        "KEY_TYPE_INCONSISTENT",
        "KEY_SIZE_RANGE",
        "KEY_FUNCTION_NOT_PERMITTED",
        "OBJECT_HANDLE_INVALID",
    }
)


def refused(answer: ReturnValue) -> EsignError:
    """Return why a card did not sign."""
    if answer.name in _MECHANISM:
        return errors.MechanismRefused(detail=str(answer))
    if answer.name in _KEY:
        return errors.KeyUnusable(detail=str(answer))
    return errors.CardRefusedToSign(detail=str(answer))
