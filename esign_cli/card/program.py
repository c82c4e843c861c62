"""The program in the child process, which alone loads the card's module. One thread does it all.

It is asked in JSON frames, each with an `op` and its arguments, and answers in JSON:
`tokens` (read every card, without a login), `prepare`, `login` and `sign` (one card's key).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pkcs11

from esign_cli import child, errors
from esign_cli.card import objects
from esign_cli.card.cryptoki import (
    CKM_ECDSA,
    CKM_RSA_PKCS,
    CKU_CONTEXT_SPECIFIC,
    Cryptoki,
    ReturnValue,
    TokenInfo,
)
from esign_cli.card.state import TOKEN_INITIALISED, has_pin_pad, pin_state

MECHANISMS = {"rsa": CKM_RSA_PKCS, "ec": CKM_ECDSA}
GONE = frozenset(
    {"DeviceRemoved", "TokenNotPresent", "SessionHandleInvalid", "SessionClosed", "SlotIDInvalid"}
)
ALREADY = "UserAlreadyLoggedIn"
WRONG_PIN = frozenset({"PinIncorrect", "PinInvalid", "PinLenRange"})
CANCELLED = frozenset({"FunctionCanceled", "FunctionRejected"})
_BAD_DATA = (ValueError, TypeError, KeyError, OverflowError)
"""What python-pkcs11 raises on a strange card's own data."""


class Program:
    """The state of one child: a module, and later one card's session in it."""

    def __init__(self) -> None:
        self.module = ""
        self.library: Any = None
        self.signing: Signing | None = None

    def __call__(self, request: bytes) -> bytes:
        asked = json.loads(request)
        answer = _OPERATIONS[asked.pop("op")](self, **asked)
        return json.dumps(answer).encode()

    def load(self, module: str) -> None:
        if self.library is None:
            self.module, self.library = module, _load(module)

    def tokens(self, module: str) -> list[dict[str, Any]]:
        """Every card in every reader, with what is on it; a bad one does not hide the others."""
        self.load(module)
        slots = self._slots()
        if not slots:
            raise errors.NoReader(path=module)
        tokens, blank = [], []
        for slot in slots:
            token = _token(slot)
            if token is not None and (token["flags"] & TOKEN_INITIALISED or token["certificates"]):
                tokens.append(token)
            elif token is not None:
                blank.append(slot.slot_description)
        if not tokens:
            readers = blank or [slot.slot_description for slot in slots]
            raise errors.CardBlank(readers=readers) if blank else errors.NoCard(readers=readers)
        return tokens

    def prepare(self, module: str, **wanted: Any) -> dict[str, Any]:
        """Find the card and the certificate that were shown; nothing is asked of the PIN yet."""
        self.load(module)
        for slot in self._slots():
            token = None
            with suppress(pkcs11.PKCS11Error):
                token = slot.get_token()
            if token is not None and _serial(token) == wanted["serial"]:
                self.signing = Signing(module, slot, token, wanted)
                return self.signing.describe()
        raise errors.CardExchanged

    def login(self, pin: str | None) -> dict[str, Any]:
        return self._signing().login(pin)

    def sign(self, data: str, pin: str | None) -> dict[str, Any]:
        return {"signature": self._signing().sign(bytes.fromhex(data), pin).hex()}

    def _slots(self) -> list[Any]:
        try:
            return list(self.library.get_slots())
        except pkcs11.PKCS11Error as error:
            raise errors.ModuleUnusable(path=self.module, detail=_name(error)) from error

    def _signing(self) -> Signing:
        if self.signing is None:
            raise errors.CardRemoved
        return self.signing


class Signing:
    """One card, one certificate, one session, one login."""

    def __init__(self, module: str, slot: Any, token: Any, wanted: dict[str, Any]) -> None:
        self.slot, self.label, self.wanted = slot.slot_id, token.label, wanted
        self.cryptoki = Cryptoki(module)
        self.logged_in = False
        self.key = 0
        self.key_kind = ""
        self.always_authenticate = False
        with _card_errors(token.label):
            self.session = token.open()
        self.certificate = self._shown_certificate()

    def describe(self) -> dict[str, Any]:
        """What the parent must know before it asks for the PIN."""
        info = self._info()
        self._check_pin_state(info)
        if self.certificate.public is None or self.certificate.public.kind not in MECHANISMS:
            raise errors.KeyRefused(key=getattr(self.certificate.public, "kind", "?"))
        with _card_errors(self.label):
            count = objects.key_count(self.session, self.certificate)
        if count == 0:
            raise errors.KeyNotThere(holder=self.label)
        if (count or 1) > 1:
            raise errors.KeyAmbiguous(holder=self.label)
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
        if _text(info.serial) != self.wanted["serial"]:
            raise errors.CardExchanged
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
            if refusal.name in GONE:
                raise errors.CardRemoved from refusal
            raise errors.CardRefusedToSign(detail=refusal.name) from refusal

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
        with _card_errors(self.label):
            return objects.certificates(self.session)

    def _shown_certificate(self) -> objects.FoundCertificate:
        """The certificate that was shown, read from the card again."""
        for certificate in self._certificates():
            if certificate.sha256 == self.wanted["sha256"]:
                return certificate
        raise errors.CardExchanged

    def _info(self) -> TokenInfo:
        try:
            return self.cryptoki.token_info(self.slot)
        except ReturnValue as refusal:
            raise errors.CardRemoved from refusal

    def _check_pin_state(self, info: TokenInfo) -> None:
        state = pin_state(info.flags, self.wanted["wrong_pins"])
        if state == "locked":
            raise errors.PinLocked(card=self.label, by_this_try=False)
        if state == "not-initialised":
            raise errors.PinNotInitialised(card=self.label)
        if state == "last-try" and not self.wanted["last_try"]:
            raise errors.PinOnLastTry(card=self.label)

    def _refused(self, refusal: ReturnValue) -> errors.EsignError:
        """Why a login failed, after a new look at the flags: the try may have locked the card."""
        if refusal.name in GONE:
            return errors.CardRemoved()
        if refusal.name in CANCELLED:
            return errors.Declined()
        if refusal.name == "PinLocked":
            return errors.PinLocked(card=self.label, by_this_try=False)
        if refusal.name not in WRONG_PIN:
            return errors.CardUnreadable(card=self.label, detail=refusal.name)
        state = pin_state(self._info().flags, self.wanted["wrong_pins"] + 1)
        if state == "locked":
            return errors.PinLocked(card=self.label, by_this_try=True)
        return errors.PinIncorrect(card=self.label, pin=state)

    def _find_key(self) -> None:
        with _card_errors(self.label):
            private = list(objects.keys(self.session, pkcs11.ObjectClass.PRIVATE_KEY))
            fitting = objects.belonging(self.certificate, private)
            if not fitting:
                raise errors.KeyNotThere(holder=self.label)
            if len(fitting) > 1:
                raise errors.KeyAmbiguous(holder=self.label)
            self.key = fitting[0].handle
            self.always_authenticate = fitting[0].always_authenticate
        public = self.certificate.public
        self.key_kind = public.kind if public else ""


def _load(module: str) -> Any:
    """The module, loaded and initialised."""
    try:
        return pkcs11.lib(module)
    except pkcs11.PKCS11Error as error:
        if type(error) is not pkcs11.PKCS11Error:  # a return value of C_Initialize
            raise errors.ModuleUnusable(path=module, detail=_name(error)) from error
        reason = str(error).partition(f"{module}: ")[2] or str(error)
        library, _colon, rest = reason.partition(": cannot open shared object file")
        if rest and library != module:
            raise errors.ModuleLacksLibrary(path=module, library=library) from error
        raise errors.ModuleUnusable(path=module, detail=reason) from error
    except _BAD_DATA as error:
        raise errors.ModuleUnusable.because(error, path=module) from error


def _token(slot: Any) -> dict[str, Any] | None:
    """The card in a slot as facts, None when there is none; a fault is a fact of its own."""
    reader = slot.slot_description
    try:
        token = slot.get_token()
    except pkcs11.TokenNotPresent:
        return None
    except pkcs11.TokenNotRecognised:
        return _facts(reader, problem=errors.CardUnknown(reader=reader))
    except (pkcs11.PKCS11Error, *_BAD_DATA) as error:
        problem = errors.CardUnreadable(card=reader, detail=_name(error))
        return _facts(reader, problem=problem)
    facts = _facts(
        reader,
        label=token.label,
        serial=_serial(token),
        manufacturer=token.manufacturer_id,
        flags=int(token.flags),
    )
    try:
        with _card_errors(token.label):
            facts["certificates"] = _read(token)
    except errors.EsignError as problem:
        facts["problem"] = problem.to_facts() if facts["flags"] & TOKEN_INITIALISED else None
    return facts


def _facts(
    reader: str,
    *,
    label: str = "",
    serial: str = "",
    manufacturer: str = "",
    flags: int = TOKEN_INITIALISED,
    problem: errors.EsignError | None = None,
) -> dict[str, Any]:
    return {
        "reader": reader,
        "label": label,
        "serial": serial,
        "manufacturer": manufacturer,
        "flags": flags,
        "certificates": [],
        "problem": problem and problem.to_facts(),
    }


def _read(token: Any) -> list[dict[str, Any]]:
    session = token.open()
    try:
        return [
            {"der": found.der.hex(), "keys": objects.key_count(session, found)}
            for found in objects.certificates(session)
        ]
    finally:
        with suppress(pkcs11.PKCS11Error):
            session.close()


@contextmanager
def _card_errors(label: str) -> Iterator[None]:
    """What python-pkcs11 says of a card, as ours."""
    try:
        yield
    except pkcs11.PKCS11Error as error:
        if _name(error) in GONE:
            raise errors.CardRemoved from error
        raise errors.CardUnreadable(card=label, detail=_name(error)) from error
    except _BAD_DATA as error:
        raise errors.CardUnreadable(card=label, detail=_name(error)) from error


def _checked_length(pin: str, info: TokenInfo, label: str) -> bytes:
    """The PIN's bytes; some cards spend a try on any string, so its length is judged here."""
    secret = pin.encode()
    longest = info.longest_pin or len(secret)  # 0: the module does not say
    if not info.shortest_pin <= len(secret) <= longest:
        raise errors.PinLengthWrong(card=label, shortest=info.shortest_pin, longest=longest)
    return secret


def _serial(token: Any) -> str:
    return _text(token.serial)


def _text(padded: bytes) -> str:
    """A serial number as text; a card's own bytes may be anything."""
    return padded.rstrip(b" \0").decode("utf-8", "backslashreplace")


def _name(error: BaseException) -> str:
    """python-pkcs11's exceptions often say nothing but their name."""
    return type(error).__name__


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "tokens": Program.tokens,
    "prepare": Program.prepare,
    "login": Program.login,
    "sign": Program.sign,
}


def main() -> None:
    """Serve until the parent has nothing more to ask."""
    program = Program()
    child.serve(program)
    if program.signing is not None:
        program.signing.close()
    if program.library is not None:
        with suppress(pkcs11.PKCS11Error):
            program.library.finalize()
